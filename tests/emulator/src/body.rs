//! Reading JSON into messages the way protobuf's JSON mapping does, strictly.
//!
//! The result has camel-case names and canonical values; nulls are gone. Everything that is wrong
//! is collected, for the API lists all violations of a request at once.

use crate::error::ApiError;
use crate::schema::{Field, Kind, Message, snake};
use base64::alphabet;
use base64::engine::general_purpose::STANDARD;
use base64::engine::{DecodePaddingMode, Engine as _, GeneralPurpose, GeneralPurposeConfig};
use serde_json::{Map, Value, json};

/// Where a value stands; spelled out only when something is wrong with it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Path<'a> {
    Root,
    Field(&'a Path<'a>, &'static str),
    Item(&'a Path<'a>, usize),
    /// The value of an entry of a map: a map travels as a list of entries.
    Entry(&'a Path<'a>, usize),
}

impl Path<'_> {
    /// In protobuf's spelling; empty at the root.
    fn text(&self) -> String {
        match self {
            Self::Root => String::new(),
            Self::Field(Path::Root, name) => snake(name),
            Self::Field(parent, name) => format!("{}.{}", parent.text(), snake(name)),
            Self::Item(parent, index) => format!("{}[{index}]", parent.text()),
            Self::Entry(parent, index) => format!("{}[{index}].value", parent.text()),
        }
    }
}

/// One thing that is wrong with a request.
#[derive(Debug)]
struct Violation {
    /// Where, in protobuf's spelling; empty at the root.
    field: String,
    text: String,
}

/// Reads values against tables and gathers what is wrong.
#[derive(Debug, Default)]
pub(crate) struct Reader {
    violations: Vec<Violation>,
}

/// Parses a body; no body at all is an empty message.
pub(crate) fn parse(bytes: &[u8]) -> Result<Value, ApiError> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Ok(Map::new().into());
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Err(syntax("Received string is not valid UTF-8."));
    };
    serde_json::from_str(text).map_err(|error| {
        syntax(&format!("Parse error in line {}, column {}.", error.line(), error.column()))
    })
}

/// Reads a message.
pub(crate) fn read_value(
    value: &Value,
    message: &'static Message,
) -> Result<Map<String, Value>, ApiError> {
    let Value::Object(object) = value else {
        let text = "Invalid JSON payload received. Unknown name \"\": Root element must be a \
                    message.";
        return Err(refusal(&[Violation { field: String::new(), text: text.into() }]));
    };
    let mut reader = Reader::default();
    let read = reader.message(message, object, &Path::Root);
    reader.finish()?;
    Ok(read)
}

fn syntax(text: &str) -> ApiError {
    ApiError::invalid(format!("Invalid JSON payload received. {text}"))
}

fn refusal(violations: &[Violation]) -> ApiError {
    let message = violations.iter().map(|v| v.text.as_str()).collect::<Vec<_>>().join("\n");
    let list: Vec<Value> = violations
        .iter()
        .map(|v| {
            if v.field.is_empty() {
                json!({"description": v.text})
            } else {
                json!({"field": v.field, "description": v.text})
            }
        })
        .collect();
    ApiError::invalid(message).detail(json!({
        "@type": "type.googleapis.com/google.rpc.BadRequest",
        "fieldViolations": list,
    }))
}

impl Reader {
    pub(crate) fn finish(self) -> Result<(), ApiError> {
        if self.violations.is_empty() { Ok(()) } else { Err(refusal(&self.violations)) }
    }

    /// Notes a key that cannot be placed, with the reason.
    pub(crate) fn unknown(&mut self, key: &str, at: &Path<'_>, why: &str) {
        let at = at.text();
        let place = if at.is_empty() { String::new() } else { format!(" at '{at}'") };
        self.violations.push(Violation {
            field: at,
            text: format!("Invalid JSON payload received. Unknown name \"{key}\"{place}: {why}"),
        });
    }

    fn invalid(&mut self, at: &Path<'_>, kind: &str, value: &Value) -> Option<Value> {
        let at = at.text();
        let shown = match value {
            Value::Array(_) | Value::Object(_) => "a structured value".to_owned(),
            plain => plain.to_string(),
        };
        let text = format!("Invalid value at '{at}' ({kind}), {shown}");
        self.violations.push(Violation { field: at, text });
        None
    }

    fn message(
        &mut self,
        message: &'static Message,
        object: &Map<String, Value>,
        at: &Path<'_>,
    ) -> Map<String, Value> {
        let mut out = Map::new();
        for (key, value) in object {
            let Some(field) = message.field(key) else {
                self.unknown(key, at, "Cannot find field.");
                continue;
            };
            // Null is the same as absent.
            if value.is_null() {
                continue;
            }
            if let Some(read) = self.field(field, key, value, at) {
                out.insert(field.name.to_owned(), read);
            }
        }
        out
    }

    /// Reads the value of a field; `parent` is the path of the message around it.
    pub(crate) fn field(
        &mut self,
        field: &Field,
        key: &str,
        value: &Value,
        parent: &Path<'_>,
    ) -> Option<Value> {
        let at = Path::Field(parent, field.name);
        if !field.list {
            if value.is_array() {
                let why = if matches!(field.kind, Kind::Map(_)) {
                    format!("Cannot bind a list to map for field '{key}'.")
                } else {
                    "Proto field is not repeating, cannot start list.".to_owned()
                };
                self.unknown(key, parent, &why);
                return None;
            }
            return self.value(field.kind, value, &at);
        }
        let Value::Array(items) = value else {
            // Stricter than the service may be: a single value is not taken for a list.
            return self.invalid(&at, &format!("a list of {}", type_name(field.kind)), value);
        };
        let read = items
            .iter()
            .enumerate()
            .filter_map(|(index, item)| self.value(field.kind, item, &Path::Item(&at, index)))
            .collect();
        Some(Value::Array(read))
    }

    fn value(&mut self, kind: Kind, value: &Value, at: &Path<'_>) -> Option<Value> {
        let wrong = |reader: &mut Self| reader.invalid(at, &type_name(kind), value);
        match kind {
            Kind::Text | Kind::Timestamp => match value {
                Value::String(_) => Some(value.clone()),
                _ => wrong(self),
            },
            Kind::Bool => match value {
                Value::Bool(_) => Some(value.clone()),
                Value::String(text) if text == "true" || text == "false" => {
                    Some((text == "true").into())
                }
                _ => wrong(self),
            },
            Kind::Int32 => match whole_number(value) {
                Some(number) => Some(number.into()),
                None => wrong(self),
            },
            Kind::FieldMask => match value {
                Value::String(text) => self.mask(text, at),
                _ => wrong(self),
            },
            Kind::Bytes => match value.as_str().and_then(bytes) {
                Some(bytes) => Some(STANDARD.encode(bytes).into()),
                None => wrong(self),
            },
            Kind::Enum(choice) => {
                let found = match value {
                    Value::String(text) => choice.values.iter().find(|v| *v == text),
                    Value::Number(number) => number
                        .as_u64()
                        .and_then(|n| usize::try_from(n).ok())
                        .and_then(|n| choice.values.get(n)),
                    _ => None,
                };
                match found {
                    Some(name) => Some((*name).into()),
                    None => wrong(self),
                }
            }
            Kind::Message(message) => match value {
                Value::Object(object) => Some(self.message(message, object, at).into()),
                _ => wrong(self),
            },
            Kind::Map(message) => {
                let Value::Object(object) = value else { return wrong(self) };
                let mut out = Map::new();
                for (index, (key, item)) in object.iter().enumerate() {
                    let at = Path::Entry(at, index);
                    let Value::Object(item) = item else {
                        self.invalid(&at, &type_name(Kind::Message(message)), item);
                        continue;
                    };
                    let read = self.message(message, item, &at);
                    out.insert(key.clone(), read.into());
                }
                Some(out.into())
            }
        }
    }

    /// A mask is text with paths in it; other characters cannot be a path.
    fn mask(&mut self, text: &str, at: &Path<'_>) -> Option<Value> {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | ',' | '*' | ' ');
        if text.chars().all(plain) {
            return Some(text.into());
        }
        let at = at.text();
        self.violations.push(Violation {
            text: format!(
                "Invalid value at '{at}' (type.googleapis.com/google.protobuf.FieldMask), Field \
                 '{at}', Invalid FieldMask '{text}'. Map keys should be represented as \
                 [\"some_key\"]."
            ),
            field: at,
        });
        None
    }
}

fn type_name(kind: Kind) -> String {
    match kind {
        Kind::Text => "TYPE_STRING".into(),
        Kind::Bool => "TYPE_BOOL".into(),
        Kind::Int32 => "TYPE_INT32".into(),
        Kind::Timestamp => "type.googleapis.com/google.protobuf.Timestamp".into(),
        Kind::FieldMask => "type.googleapis.com/google.protobuf.FieldMask".into(),
        Kind::Bytes => "TYPE_BYTES".into(),
        Kind::Enum(choice) => format!("type.googleapis.com/{}", choice.name),
        Kind::Message(message) | Kind::Map(message) => {
            format!("type.googleapis.com/{}", message.name)
        }
    }
}

/// Base64 in either alphabet, with or without padding: protobuf takes all of them.
pub(crate) fn bytes(text: &str) -> Option<Vec<u8>> {
    let config = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    [alphabet::STANDARD, alphabet::URL_SAFE]
        .iter()
        .find_map(|letters| GeneralPurpose::new(letters, config).decode(text).ok())
}

/// An int32 may come as a number, as a number with an empty fraction, or as text.
fn whole_number(value: &Value) -> Option<i32> {
    match value {
        Value::String(text) => text.parse().ok(),
        Value::Number(number) => {
            if let Some(whole) = number.as_i64() {
                return i32::try_from(whole).ok();
            }
            let float = number.as_f64()?;
            let fits = float.fract() == 0.0
                && (f64::from(i32::MIN)..=f64::from(i32::MAX)).contains(&float);
            #[allow(clippy::cast_possible_truncation, reason = "range checked above")]
            fits.then_some(float as i32)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{bytes, parse, read_value};
    use crate::error::ApiError;
    use crate::schema::{BATCH_CREATE, BATCH_UPDATE, Message, PERSON};
    use serde_json::{Map, Value, json};

    fn read(bytes: &[u8], message: &'static Message) -> Result<Map<String, Value>, ApiError> {
        read_value(&parse(bytes)?, message)
    }

    fn message(text: &str) -> String {
        read(text.as_bytes(), &BATCH_UPDATE).unwrap_err().message
    }

    #[test]
    fn both_spellings_and_loose_scalars_are_taken() {
        let body = br#"{"resource_name": "people/c1", "birthdays": [{"date": {"year": "1990",
            "month": 5.0, "day": 1}}], "organizations": [{"current": "true"}], "etag": null,
            "nicknames": [{"type": 2}]}"#;
        let read = read(body, &PERSON).unwrap();
        assert_eq!(
            Value::Object(read),
            json!({"resourceName": "people/c1",
                "birthdays": [{"date": {"year": 1990, "month": 5, "day": 1}}],
                "organizations": [{"current": true}], "nicknames": [{"type": "INITIALS"}]})
        );
    }

    #[test]
    fn base64_in_every_spelling() {
        for text in ["+/8=", "-_8=", "+/8", "-_8"] {
            assert_eq!(bytes(text).unwrap(), [0xfb, 0xff], "{text}");
        }
        for text in ["+_8=", "a", "a b=", "\u{e9}"] {
            assert_eq!(bytes(text), None, "{text}");
        }
    }

    #[test]
    fn every_violation_is_listed() {
        let body = br#"{"contacts": [{"contact_person": {}, "person": 1}, {"x": {"y": 1}}]}"#;
        let error = read(body, &BATCH_CREATE).unwrap_err();
        assert_eq!(error.details[0]["fieldViolations"].as_array().unwrap().len(), 2);
        assert!(error.message.contains("Unknown name \"person\" at 'contacts[0]'"));
        assert!(error.message.contains("\nInvalid JSON payload received. Unknown name \"x\""));
    }

    #[test]
    fn wrong_types() {
        assert_eq!(
            message(r#"{"contacts": []}"#),
            "Invalid JSON payload received. Unknown name \"contacts\": Cannot bind a list to map \
             for field 'contacts'."
        );
        assert_eq!(
            message(r#"{"contacts": {"people/c1": {"names": [{"givenName": 7}]}}}"#),
            "Invalid value at 'contacts[0].value.names[0].given_name' (TYPE_STRING), 7"
        );
        assert_eq!(
            message(r#"{"sources": ["CONTACT"]}"#),
            "Invalid value at 'sources[0]' \
             (type.googleapis.com/google.people.v1.ReadSourceType), \"CONTACT\""
        );
        assert!(message(r#"{"updateMask": ["names"]}"#).contains("not repeating"));
        assert!(message(r#"{"updateMask": "names[0]"}"#).contains("Map keys should be"));
        assert!(message(r#"{"contacts": {"people/c1": {"names": [null]}}}"#).contains("null"));
        assert!(message("{\"contacts\": ").starts_with("Invalid JSON payload received."));
        assert!(message("[]").contains("Root element must be a message."));
        assert!(read(b"{\"x\xff\":1}", &PERSON).is_err());
        assert!(read(b" ", &PERSON).unwrap().is_empty());
    }
}
