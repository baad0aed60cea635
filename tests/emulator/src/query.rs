//! Query parameters: decoding, and checking against what the method knows.

use crate::body::{Path, Reader};
use crate::error::ApiError;
use crate::schema::Message;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

/// Parameters that every method takes; the emulator acts on `alt`, `prettyPrint`, the tokens and
/// `$.xgafv`.
const STANDARD: [&str; 20] = [
    "$.xgafv",
    "$alt",
    "$callback",
    "$fields",
    "$key",
    "$prettyPrint",
    "$quotaUser",
    "$userProject",
    "access_token",
    "alt",
    "callback",
    "fields",
    "key",
    "oauth_token",
    "prettyPrint",
    "pretty_print",
    "quotaUser",
    "quota_user",
    "uploadType",
    "upload_protocol",
];

/// A decoded query.
#[derive(Debug, Clone, Default)]
pub(crate) struct Query(Vec<(String, String)>);

impl Query {
    pub(crate) fn decode(text: &str) -> Self {
        let decode = |part: &str| {
            percent_decode_str(&part.replace('+', " ")).decode_utf8_lossy().into_owned()
        };
        let pairs = text.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(key), decode(value))
        });
        Self(pairs.collect())
    }

    /// The first value of a standard parameter.
    pub(crate) fn standard(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Reads the parameters of a method; anything else is refused.
    pub(crate) fn read(&self, message: &'static Message) -> Result<Map<String, Value>, ApiError> {
        self.check_standard()?;
        let mut reader = Reader::default();
        let mut out: Map<String, Value> = Map::new();
        let mut seen: Vec<&str> = Vec::new();
        for (key, value) in &self.0 {
            if STANDARD.contains(&key.as_str()) {
                continue;
            }
            let Some(field) = message.field(key) else {
                let why = format!(
                    "Cannot bind query parameter. Field '{key}' could not be found in request \
                     message."
                );
                reader.unknown(key, &Path::Root, &why);
                continue;
            };
            let value = Value::String(value.clone());
            if field.list {
                let read = reader.field(field, key, &Value::Array(vec![value]), &Path::Root);
                let Some(Value::Array(mut read)) = read else { continue };
                match out.get_mut(field.name) {
                    Some(Value::Array(list)) => list.append(&mut read),
                    _ => _ = out.insert(field.name.to_owned(), read.into()),
                }
            } else if seen.contains(&field.name) {
                reader.unknown(
                    key,
                    &Path::Root,
                    "Proto field is not repeating, cannot start list.",
                );
            } else {
                seen.push(field.name);
                if let Some(read) = reader.field(field, key, &value, &Path::Root) {
                    out.insert(field.name.to_owned(), read);
                }
            }
        }
        reader.finish()?;
        Ok(out)
    }

    fn check_standard(&self) -> Result<(), ApiError> {
        for name in ["alt", "$alt"] {
            if let Some(alt) = self.standard(name).filter(|alt| *alt != "json") {
                return Err(ApiError::invalid(format!(
                    "Invalid value \"{alt}\" for query parameter \"{name}\": only json is served."
                )));
            }
        }
        match self.pretty_print() {
            Some(_) => Ok(()),
            None => Err(ApiError::invalid("Invalid value for query parameter \"prettyPrint\".")),
        }
    }

    /// Whether the answer is to be indented; `None` if that cannot be told.
    pub(crate) fn pretty_print(&self) -> Option<bool> {
        let asked = ["prettyPrint", "$prettyPrint", "pretty_print"];
        match asked.iter().find_map(|name| self.standard(name)) {
            None | Some("true" | "1") => Some(true),
            Some("false" | "0") => Some(false),
            Some(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Query;
    use crate::schema::{BATCH_GET_QUERY, LIST_QUERY};
    use serde_json::{Value, json};

    #[test]
    fn parameters_are_read_by_the_method() {
        let query = Query::decode(
            "resourceNames=people/c1&resource_names=people%2Fc2&personFields=names%2Curls\
             &sources=READ_SOURCE_TYPE_CONTACT&quotaUser=a+b&$.xgafv=2&key=x",
        );
        assert_eq!(
            Value::Object(query.read(&BATCH_GET_QUERY).unwrap()),
            json!({"resourceNames": ["people/c1", "people/c2"], "personFields": "names,urls",
                "sources": ["READ_SOURCE_TYPE_CONTACT"]})
        );
        assert_eq!(query.standard("quotaUser"), Some("a b"));
    }

    #[test]
    fn refusals() {
        let refused = |text: &str| Query::decode(text).read(&LIST_QUERY).unwrap_err().message;
        assert_eq!(
            refused("x=1"),
            "Invalid JSON payload received. Unknown name \"x\": Cannot bind query parameter. \
             Field 'x' could not be found in request message."
        );
        assert!(refused("pageSize=1&pageSize=2").contains("not repeating"));
        assert!(refused("pageSize=many").contains("(TYPE_INT32), \"many\""));
        assert!(refused("requestSyncToken=yes").contains("TYPE_BOOL"));
        assert!(refused("sortOrder=NAME").contains("SortOrder"));
        assert!(refused("alt=proto").contains("only json"));
        assert!(refused("prettyPrint=maybe").contains("prettyPrint"));
    }
}
