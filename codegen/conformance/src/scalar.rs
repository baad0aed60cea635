//! Texts, numbers and booleans: whether they have the form that a schema asks for, and which of
//! them are the same.

use base64::Engine as _;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use chrono::{DateTime, NaiveDate};
use serde_json::Value;

use crate::pattern;

/// The texts that stand for floats which JSON has no number for.
pub(crate) const SPECIAL: [&str; 3] = ["NaN", "Infinity", "-Infinity"];

/// Whether a JSON value is what a scalar schema asks for. The error says what it is not.
pub(crate) fn check(schema: &Value, value: &Value) -> Result<(), String> {
    let format = schema["format"].as_str().unwrap_or_default();
    let wrong = |what: &str| Err(format!("{value} is no {what}"));
    match schema["type"].as_str().unwrap_or_default() {
        "string" => match value.as_str() {
            Some(text) => text_of(schema, format, text),
            None => wrong("text"),
        },
        "boolean" if !value.is_boolean() => wrong("boolean"),
        "integer" => match whole(value) {
            Some(number) => within(schema, format, number),
            None => wrong("whole number"),
        },
        "number" => {
            let is_special = value.as_str().is_some_and(|text| SPECIAL.contains(&text));
            if is_special || value.is_number() { Ok(()) } else { wrong("number") }
        }
        _ => Ok(()),
    }
}

/// Whether a text in a URL is what a scalar schema asks for.
pub(crate) fn check_text(schema: &Value, text: &str) -> Result<(), String> {
    match from_text(schema, text) {
        Some(value) => check(schema, &value),
        None => Err(format!("{text:?} is no {}", schema["type"].as_str().unwrap_or_default())),
    }
}

/// The JSON value that a text in a URL stands for.
fn from_text(schema: &Value, text: &str) -> Option<Value> {
    match schema["type"].as_str().unwrap_or_default() {
        "boolean" => text.parse::<bool>().ok().map(Value::from),
        "integer" => decimal(text).and_then(|number| i64::try_from(number).ok()).map(Value::from),
        "number" if !SPECIAL.contains(&text) => text.parse::<f64>().ok().map(Value::from),
        _ => Some(Value::from(text)),
    }
}

/// Whether a text in a URL says the same as a JSON value of a schema.
pub(crate) fn same_text(schema: &Value, value: &Value, text: &str) -> bool {
    from_text(schema, text).is_some_and(|other| same(schema, value, &other))
}

/// Whether two JSON values of a scalar schema mean the same: 64-bit integers may be texts or numbers,
/// bytes have two alphabets, numbers many spellings.
pub(crate) fn same(schema: &Value, one: &Value, other: &Value) -> bool {
    let (Some(ty), format) = (schema["type"].as_str(), schema["format"].as_str()) else {
        return one == other;
    };
    match (ty, format.unwrap_or_default()) {
        ("string" | "integer", "int64" | "uint64") | ("integer", _) => {
            let [one, other] =
                [one, other].map(|value| whole(value).or_else(|| value.as_str().and_then(decimal)));
            one.is_some() && one == other
        }
        ("string", "byte") => {
            let [one, other] = [one, other].map(|value| value.as_str().and_then(bytes));
            one.is_some() && one == other
        }
        #[allow(clippy::cast_possible_truncation, clippy::float_cmp)]
        ("number", format) => match (one.as_f64(), other.as_f64()) {
            (Some(one), Some(other)) if format == "float" => one as f32 == other as f32,
            (Some(one), Some(other)) => one == other,
            _ => one == other,
        },
        _ => one == other,
    }
}

/// The bytes of a base64 text in either alphabet.
pub(crate) fn bytes(text: &str) -> Option<Vec<u8>> {
    let config =
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    [&URL_SAFE, &STANDARD]
        .into_iter()
        .find_map(|alphabet| GeneralPurpose::new(alphabet, config).decode(text).ok())
}

fn text_of(schema: &Value, format: &str, text: &str) -> Result<(), String> {
    let wrong = |what: &str| Err(format!("{text:?} is no {what}"));
    match format {
        "int64" | "uint64" => match decimal(text) {
            Some(number) => within(schema, format, number)?,
            None => return wrong("decimal text"),
        },
        "byte" if bytes(text).is_none() => return wrong("base64 text"),
        "google-datetime" | "date-time" if DateTime::parse_from_rfc3339(text).is_err() => {
            return wrong("RFC 3339 time");
        }
        "date" if NaiveDate::parse_from_str(text, "%Y-%m-%d").is_err() => return wrong("date"),
        "google-duration" if !pattern::holds(r"-?[0-9]+(\.[0-9]{1,9})?s", text) => {
            return wrong("duration");
        }
        "google-fieldmask" if !pattern::holds(r"([^\s,]+(,[^\s,]+)*)?", text) => {
            return wrong("field mask");
        }
        _ => {}
    }
    if let Some(values) = schema["enum"].as_array()
        && !values.iter().any(|value| value == text)
    {
        return wrong("value of the enum");
    }
    match schema["pattern"].as_str() {
        Some(own) if !pattern::holds(own, text) => {
            Err(format!("{text:?} does not have the pattern {own}"))
        }
        _ => Ok(()),
    }
}

/// The smallest and the largest number of a format.
pub(crate) fn bounds(format: &str) -> (i128, i128) {
    match format {
        "uint32" => (0, u32::MAX.into()),
        "int64" => (i64::MIN.into(), i64::MAX.into()),
        "uint64" => (0, u64::MAX.into()),
        _ => (i32::MIN.into(), i32::MAX.into()),
    }
}

fn within(schema: &Value, format: &str, number: i128) -> Result<(), String> {
    let (least, most) = limits(schema, format);
    if (least..=most).contains(&number) {
        Ok(())
    } else {
        Err(format!("{number} is not in {least}..={most}"))
    }
}

/// The bounds of the format, narrowed by `minimum` and `maximum`.
pub(crate) fn limits(schema: &Value, format: &str) -> (i128, i128) {
    let (least, most) = bounds(format);
    let limit = |key: &str| schema[key].as_str().and_then(decimal);
    let narrowed = (
        limit("minimum").map_or(least, |own| own.max(least)),
        limit("maximum").map_or(most, |own| own.min(most)),
    );
    // Some documents have bounds that exclude each other.
    if narrowed.0 <= narrowed.1 { narrowed } else { (least, most) }
}

fn whole(value: &Value) -> Option<i128> {
    value.as_i64().map(i128::from).or_else(|| value.as_u64().map(i128::from))
}

/// The number that a decimal text stands for: no plus, no blanks.
fn decimal(text: &str) -> Option<i128> {
    if text.starts_with('+') { None } else { text.parse().ok() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_form_is_told_from_others() {
        let of = |ty: &str, format: &str| json!({"type": ty, "format": format});
        for (schema, good, bad) in [
            (of("string", ""), json!("a"), json!(1)),
            (of("boolean", ""), json!(true), json!("true")),
            (of("integer", "int32"), json!(-5), json!("-5")),
            (of("integer", "int32"), json!(2_147_483_647), json!(2_147_483_648_i64)),
            (of("integer", "int32"), json!(5), json!(5.5)),
            (of("integer", "uint32"), json!(4_294_967_295_u32), json!(-1)),
            (of("string", "int64"), json!("-9223372036854775808"), json!("9223372036854775808")),
            (of("string", "int64"), json!("5"), json!(5)),
            (of("string", "int64"), json!("5"), json!("+5")),
            (of("string", "uint64"), json!("18446744073709551615"), json!("-1")),
            (of("number", "double"), json!(1.5), json!("1.5")),
            (of("number", "double"), json!("-Infinity"), json!("infinity")),
            (of("string", "byte"), json!("-_8="), json!("a b")),
            (of("string", "byte"), json!("+/8"), json!("+_8")),
            (of("string", "google-datetime"), json!("2026-01-31T08:00:00.5Z"), json!("2026-01-31")),
            (of("string", "date-time"), json!("2026-01-31T08:00:00+01:00"), json!("2026-01-31T08")),
            (of("string", "date"), json!("2026-01-31"), json!("2026-02-30")),
            (of("string", "google-duration"), json!("-3.5s"), json!("3.5")),
            (of("string", "google-fieldmask"), json!("a.b,c"), json!("a, b")),
            (json!({"type": "string", "enum": ["A"]}), json!("A"), json!("B")),
            (json!({"type": "string", "pattern": "^a/[^/]+$"}), json!("a/b"), json!("a/b/c")),
            (json!({"type": "integer", "maximum": "9"}), json!(9), json!(10)),
        ] {
            assert_eq!(check(&schema, &good), Ok(()), "{schema}");
            assert!(check(&schema, &bad).is_err(), "{schema} {bad}");
        }
    }

    #[test]
    fn texts_of_urls_are_told_from_others() {
        let of = |ty: &str, format: &str| json!({"type": ty, "format": format});
        for (schema, good, bad) in [
            (of("boolean", ""), "true", "1"),
            (of("integer", "int32"), "-5", "5.0"),
            (of("number", "float"), "0.5", "half"),
            (of("string", "int64"), "5", "five"),
        ] {
            assert_eq!(check_text(&schema, good), Ok(()), "{schema}");
            assert!(check_text(&schema, bad).is_err(), "{schema} {bad}");
        }
    }

    #[test]
    fn spellings_of_one_value_are_the_same() {
        let of = |ty: &str, format: &str| json!({"type": ty, "format": format});
        for (schema, one, other, different) in [
            (of("string", "int64"), json!(5), json!("5"), json!("6")),
            (of("string", "byte"), json!("+/8="), json!("-_8"), json!("-_9=")),
            (of("number", "double"), json!(1), json!(1.0), json!(1.5)),
            (of("number", "float"), json!(0.1), json!(0.100_000_001), json!(0.2)),
            (of("string", ""), json!("a"), json!("a"), json!("A")),
            (of("string", "int64"), json!("5"), json!("5"), json!(null)),
        ] {
            assert!(same(&schema, &one, &other), "{schema}");
            assert!(!same(&schema, &one, &different), "{schema}");
        }
        assert!(same_text(&of("number", "double"), &json!(0.5), "5e-1"));
        assert!(!same_text(&of("boolean", ""), &json!(true), "false"));
    }
}
