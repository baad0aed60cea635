//! Which people a search finds.

use crate::book::Fields;
use serde_json::Value;

/// A field that is searched, and its properties.
pub(crate) type Searched = (&'static str, &'static [&'static str]);

const NAMES: Searched = ("names", &["displayName", "displayNameLastFirst"]);
const EMAILS: Searched = ("emailAddresses", &["value"]);
const PHONES: Searched = ("phoneNumbers", &["value", "canonicalForm"]);

/// What a search for contacts looks at.
pub(crate) const OF_CONTACTS: [Searched; 5] = [
    NAMES,
    EMAILS,
    PHONES,
    ("nicknames", &["value"]),
    ("organizations", &["name", "title", "department"]),
];
/// What a search for other contacts looks at.
pub(crate) const OF_OTHERS: [Searched; 3] = [NAMES, EMAILS, PHONES];

/// A query, ready for comparing.
#[derive(Debug)]
pub(crate) struct Query(String);

impl Query {
    /// `None` for a query without anything to look for.
    pub(crate) fn of(text: &str) -> Option<Self> {
        let text = normal(text);
        (!text.is_empty()).then_some(Self(text))
    }

    /// Whether the query is a prefix of one of these properties, or of one from a later word on.
    pub(crate) fn finds(&self, fields: &Fields, searched: &[Searched]) -> bool {
        searched.iter().any(|(field, properties)| {
            let entries = fields.get(*field).and_then(Value::as_array).into_iter().flatten();
            entries.into_iter().any(|entry| {
                properties.iter().any(|name| entry[*name].as_str().is_some_and(|t| self.fits(t)))
            })
        })
    }

    fn fits(&self, text: &str) -> bool {
        let text = normal(text);
        let mut in_word = false;
        text.char_indices().any(|(at, c)| {
            let starts = c.is_alphanumeric() && !in_word;
            in_word = c.is_alphanumeric();
            (starts || at == 0) && text[at..].starts_with(&self.0)
        })
    }
}

/// Lower case, with one blank between words.
fn normal(text: &str) -> String {
    text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::{OF_CONTACTS, OF_OTHERS, Query};
    use serde_json::json;

    #[test]
    fn prefixes_of_phrases() {
        let finds = |query: &str, text: &str| Query::of(query).unwrap().fits(text);
        // The examples of the reference.
        for query in ["f", "fo", "foo", "foo n", "nam", "FOO  NAME"] {
            assert!(finds(query, "foo name"), "{query}");
        }
        for query in ["oo n", "ame", "foo name x", "name foo"] {
            assert!(!finds(query, "foo name"), "{query}");
        }
        assert!(finds("example", "ann@example.com"));
        assert!(finds("+49", "+49 30 1"));
        assert!(finds("éva", "Éva Lee"));
        assert!(Query::of(" \t").is_none());
    }

    #[test]
    fn fields_that_are_searched() {
        let fields = json!({"organizations": [{"name": "Acme"}], "urls": [{"value": "x"}]});
        let fields = fields.as_object().unwrap();
        let query = Query::of("acme").unwrap();
        assert!(query.finds(fields, &OF_CONTACTS));
        assert!(!query.finds(fields, &OF_OTHERS));
        assert!(!Query::of("x").unwrap().finds(fields, &OF_CONTACTS));
    }
}
