//! Whether a JSON value is what a schema asks for.

use serde_json::Value;

use crate::document::{Document, Form, form};
use crate::scalar;

/// Checks the bodies of one method's requests.
pub(crate) struct Check<'d> {
    pub(crate) document: &'d Document,
    /// The id of the method: `annotations.required` names those that need a property.
    pub(crate) method: &'d str,
}

impl<'d> Check<'d> {
    /// All that is wrong with a body, each with its place.
    pub(crate) fn body(&self, schema: &'d Value, body: &Value) -> Vec<String> {
        let mut wrong = Vec::new();
        self.value(schema, body, "body", &mut wrong);
        wrong
    }

    fn value(&self, schema: &'d Value, value: &Value, place: &str, wrong: &mut Vec<String>) {
        let schema = self.document.resolve(schema);
        let mut is_no = |what: &str| wrong.push(format!("{place}: {value} is no {what}"));
        match form(schema) {
            Form::Any => {}
            Form::OpenObject if value.is_object() => {}
            Form::OpenObject => is_no("object"),
            Form::Scalar => {
                if let Err(what) = scalar::check(schema, value) {
                    wrong.push(format!("{place}: {what}"));
                }
            }
            Form::List(items) => match value.as_array() {
                None => is_no("list"),
                Some(values) => {
                    for (index, value) in values.iter().enumerate() {
                        let place = format!("{place}[{index}]");
                        if value.is_null() {
                            wrong.push(format!("{place}: null in a list"));
                        } else if let Some(items) = items {
                            self.value(items, value, &place, wrong);
                        }
                    }
                }
            },
            Form::Object(properties, additional) => match value.as_object() {
                None => is_no("object"),
                Some(entries) => {
                    for (key, value) in entries {
                        let place = format!("{place}.{key}");
                        match properties.get(key).or(additional) {
                            Some(schema) => self.value(schema, value, &place, wrong),
                            None => wrong.push(format!("{place}: the schema has no such property")),
                        }
                    }
                    for (key, property) in properties {
                        if is_required(property, self.method) && !entries.contains_key(key) {
                            wrong.push(format!("{place}.{key}: is required and missing"));
                        }
                    }
                }
            },
        }
    }
}

/// Whether `annotations.required` of a property names a method.
pub(crate) fn is_required(property: &Value, method: &str) -> bool {
    let methods = property["annotations"]["required"].as_array().into_iter().flatten();
    methods.into_iter().any(|id| id == method)
}

/// The first place where two JSON values of a schema do not mean the same.
pub(crate) fn difference(
    document: &Document,
    schema: &Value,
    sent: &Value,
    got: &Value,
) -> Option<String> {
    differs(document, schema, sent, got, "")
}

fn differs(
    document: &Document,
    schema: &Value,
    sent: &Value,
    got: &Value,
    place: &str,
) -> Option<String> {
    let schema = document.resolve(schema);
    let said = || Some(format!("{place}: {sent} became {got}"));
    match (form(schema), sent, got) {
        // An explicit null is kept as it is, whatever stands there otherwise.
        (_, Value::Null, _) => {
            if got.is_null() {
                None
            } else {
                said()
            }
        }
        (Form::Scalar, ..) => {
            if scalar::same(schema, sent, got) {
                None
            } else {
                said()
            }
        }
        (Form::List(Some(items)), Value::Array(sent), Value::Array(got)) => {
            if sent.len() != got.len() {
                return Some(format!("{place}: {} items became {}", sent.len(), got.len()));
            }
            sent.iter().zip(got).enumerate().find_map(|(index, (sent, got))| {
                differs(document, items, sent, got, &format!("{place}[{index}]"))
            })
        }
        (Form::Object(properties, additional), Value::Object(sent), Value::Object(got)) => {
            if let Some(key) = got.keys().find(|key| !sent.contains_key(*key)) {
                return Some(format!("{place}.{key}: came from nowhere"));
            }
            sent.iter().find_map(|(key, sent)| {
                let place = format!("{place}.{key}");
                let Some(got) = got.get(key) else {
                    return Some(format!("{place}: is lost"));
                };
                match properties.get(key).or(additional) {
                    Some(schema) => differs(document, schema, sent, got, &place),
                    None if sent == got => None,
                    None => Some(format!("{place}: {sent} became {got}")),
                }
            })
        }
        _ => {
            if sent == got {
                None
            } else {
                said()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn document() -> Document {
        Document::parse(
            json!({"rootUrl": "https://a.googleapis.com/", "schemas": {
                "A": {"type": "object", "properties": {
                    "name": {"type": "string", "annotations": {"required": ["a.insert"]}},
                    "size": {"type": "string", "format": "int64"},
                    "next": {"$ref": "A"},
                    "list": {"type": "array", "items": {"$ref": "A"}},
                    "map": {"type": "object", "additionalProperties": {"type": "boolean"}},
                    "open": {"type": "object"},
                    "any": {"type": "any"},
                    "$ref": {"type": "string"},
                }},
                "Mixed": {"type": "object", "properties": {"a": {"type": "string"}},
                    "additionalProperties": {"type": "integer"}},
                "Empty": {"type": "object", "properties": {}, "additionalProperties": {"type": "string"}},
            }})
            .to_string()
            .as_bytes(),
        )
        .unwrap()
    }

    fn wrong(method: &str, id: &str, body: &Value) -> Vec<String> {
        let document = document();
        Check { document: &document, method }.body(&json!({"$ref": id}), body)
    }

    #[test]
    fn good_bodies_have_nothing_wrong() {
        let body = json!({
            "name": "n", "size": "5", "next": {"next": {}}, "list": [{}, {"size": "1"}],
            "map": {"k": true}, "open": {"x": [1, null]}, "any": [null, {"a": 1}], "$ref": "text",
        });
        assert_eq!(wrong("a.get", "A", &body), [""; 0]);
        assert_eq!(wrong("a.insert", "Mixed", &json!({"a": "x", "b": 5})), [""; 0]);
        assert_eq!(wrong("a.insert", "Empty", &json!({"b": "x"})), [""; 0]);
    }

    #[test]
    fn each_rule_is_seen_to_fail() {
        for (id, body, what) in [
            ("A", json!([]), "body: [] is no object"),
            ("A", json!({"nam": "n"}), "body.nam: the schema has no such property"),
            ("A", json!({"next": {"size": 5}}), "body.next.size: 5 is no text"),
            ("A", json!({"list": {}}), "body.list: {} is no list"),
            (
                "A",
                json!({"list": [{}, {"x": 1}]}),
                "body.list[1].x: the schema has no such property",
            ),
            ("A", json!({"list": [null]}), "body.list[0]: null in a list"),
            ("A", json!({"map": {"k": 1}}), "body.map.k: 1 is no boolean"),
            ("A", json!({"open": "x"}), "body.open: \"x\" is no object"),
            ("A", json!({"name": null}), "body.name: null is no text"),
            ("Mixed", json!({"b": "x"}), "body.b: \"x\" is no whole number"),
        ] {
            assert_eq!(wrong("a.get", id, &body), [what], "{body}");
        }
        assert_eq!(wrong("a.insert", "A", &json!({})), ["body.name: is required and missing"]);
    }

    #[test]
    fn differences_are_found_and_spellings_are_none() {
        let document = document();
        let schema = json!({"$ref": "A"});
        let sent =
            json!({"size": 5, "list": [{"name": "a"}], "unknown": 1, "name": null, "any": 1.5});
        let found = |got: Value| difference(&document, &schema, &sent, &got).unwrap_or_default();
        let good =
            json!({"size": "5", "list": [{"name": "a"}], "unknown": 1, "name": null, "any": 1.5});
        assert_eq!(found(good.clone()), "");
        for (key, value, what) in [
            ("size", json!("6"), ".size: 5 became \"6\""),
            ("list", json!([]), ".list: 1 items became 0"),
            ("list", json!([{"name": "b"}]), ".list[0].name: \"a\" became \"b\""),
            ("unknown", json!(2), ".unknown: 1 became 2"),
            ("name", json!(""), ".name: null became \"\""),
            ("any", json!(1), ".any: 1.5 became 1"),
            ("more", json!(1), ".more: came from nowhere"),
        ] {
            let mut got = good.clone();
            got[key] = value;
            assert_eq!(found(got), what);
        }
        let mut got = good;
        got.as_object_mut().unwrap().remove("unknown");
        assert_eq!(found(got), ".unknown: is lost");
    }
}
