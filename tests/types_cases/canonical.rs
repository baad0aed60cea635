//! The one spelling that the types write of all that they read.

use serde_json::Value;

use super::document::Kind;

/// The value as the types write it: 64-bit integers as text, 32-bit ones without a fraction,
/// bytes in the URL-safe base64 alphabet with padding. All else stays.
pub(crate) fn canonical(kind: &Kind, value: &Value) -> Value {
    match (kind.resolved(), value) {
        (_, Value::Null) => Value::Null,
        (Kind::Object(fields), Value::Object(object)) => {
            let entries = object.iter().map(|(name, value)| {
                let kind = fields.get(name).unwrap_or(&Kind::Any);
                (name.clone(), canonical(kind, value))
            });
            Value::Object(entries.collect())
        }
        (Kind::Map(kind), Value::Object(map)) => {
            let entries = map.iter().map(|(key, value)| (key.clone(), canonical(kind, value)));
            Value::Object(entries.collect())
        }
        (Kind::List(kind), Value::Array(list)) => {
            list.iter().map(|value| canonical(kind, value)).collect()
        }
        (Kind::Int64, Value::Number(number)) => Value::from(number.to_string()),
        (Kind::Int32, Value::Number(number)) => {
            // Every 32-bit integer is exact as a float.
            #[allow(clippy::cast_possible_truncation)]
            let whole = number.as_f64().expect("a number") as i64;
            Value::from(whole)
        }
        (Kind::Bytes, Value::String(text)) => {
            let text = text.trim_end_matches('=').replace('+', "-").replace('/', "_");
            let padding = "=".repeat(text.len().next_multiple_of(4) - text.len());
            Value::from(text + &padding)
        }
        (_, value) => value.clone(),
    }
}
