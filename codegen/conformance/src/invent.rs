//! Random values that a document's schemas allow. A seed gives the same ones again.

use std::collections::HashSet;

use base64::Engine as _;
use base64::prelude::{
    BASE64_STANDARD, BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE, BASE64_URL_SAFE_NO_PAD,
};
use chrono::DateTime;
use fastrand::Rng;
use serde_json::{Map, Value, json};

use crate::check::is_required;
use crate::coverage::{self, Coverage};
use crate::document::{Document, Form, form};
use crate::{pattern, scalar};

/// Deeper objects and lists are empty, unless something without a value lies below.
const DEEPEST: usize = 8;
/// Required properties that hold themselves end here.
const BOTTOM: usize = 40;
/// About how many properties a body has.
const SIZE: usize = 120;

/// What a value is for.
#[derive(Clone, Copy)]
pub(crate) enum Purpose<'d> {
    /// The body of a request of this method, with what it requires and nothing else.
    Least(&'d str),
    /// The body of a request of this method.
    Request(&'d str),
    /// The body of an answer: spelled as servers may spell it, with what a client does not know.
    Answer,
}

/// Makes values.
pub(crate) struct Inventor<'d> {
    pub(crate) document: &'d Document,
    pub(crate) rng: Rng,
    pub(crate) coverage: Coverage,
    /// Whether bodies have every property of their own, if not of what these hold.
    pub(crate) is_whole: bool,
    /// Values of enums that have stood somewhere.
    used: HashSet<(usize, usize)>,
    /// How many more properties the body may have.
    left: usize,
}

impl<'d> Inventor<'d> {
    pub(crate) fn new(document: &'d Document, seed: u64) -> Self {
        Self {
            document,
            rng: Rng::with_seed(seed),
            coverage: Coverage::new(document),
            is_whole: false,
            used: HashSet::new(),
            left: 0,
        }
    }

    /// A body. As long as a property that the schema leads to has had no value, it has one here.
    pub(crate) fn body(&mut self, schema: &'d Value, purpose: Purpose<'d>) -> Value {
        self.left = SIZE;
        self.coverage.measure();
        self.value(schema, purpose, 0, true)
    }

    /// A value for a parameter. In a path it is never empty and has no segment that is a dot or two.
    pub(crate) fn parameter(&mut self, schema: &'d Value, segments: Option<bool>) -> Value {
        let is_text = schema["type"] == "string"
            && schema["format"].is_null()
            && schema["enum"].is_null()
            && schema["pattern"].is_null();
        // Numbers and values of enums have the pattern that stands beside them.
        let is_free = schema["format"].is_null() && schema["enum"].is_null();
        let pattern = schema["pattern"].as_str().filter(|_| is_free);
        if let (Some(own), true) = (pattern, segments.is_some()) {
            let text = pattern::invent(own, true, &mut self.rng);
            return text.unwrap_or_else(|| "a".to_owned()).into();
        }
        match segments {
            Some(several) if is_text => {
                let count = if several { self.rng.usize(1..4) } else { 1 };
                let segments: Vec<String> = (0..count)
                    .map(|_| {
                        let text = self.text();
                        let text = if several { text.replace('/', "") } else { text };
                        format!("x{text}")
                    })
                    .collect();
                segments.join("/").into()
            }
            _ => {
                let value = self.scalar(schema, false);
                // Required and in a path, it cannot be left empty.
                if segments.is_some() && value == "" { json!("AA==") } else { value }
            }
        }
    }

    fn value(
        &mut self,
        schema: &'d Value,
        purpose: Purpose<'d>,
        depth: usize,
        follow: bool,
    ) -> Value {
        let schema = self.document.resolve(schema);
        let is_deep = depth > DEEPEST || self.left == 0;
        let count = if is_deep { 0 } else { self.rng.usize(0..3) }.max(usize::from(follow));
        match form(schema) {
            Form::Any => self.any(0),
            Form::OpenObject if matches!(purpose, Purpose::Least(_)) => json!({}),
            Form::OpenObject => self.object_of_any(0),
            Form::Scalar => self.scalar(schema, matches!(purpose, Purpose::Answer)),
            Form::List(items) => (0..count)
                .map(|index| match items {
                    Some(items) => self.value(items, purpose, depth + 1, follow && index == 0),
                    None => self.any(0),
                })
                .collect(),
            Form::Object(properties, additional) => {
                let mut object = Map::new();
                if depth < BOTTOM {
                    self.properties(schema, purpose, depth, follow, &mut object);
                }
                let has_more = properties.is_empty() || self.rng.u8(..8) == 0;
                if let (Some(additional), true) = (additional, has_more) {
                    for _ in 0..count {
                        let key = self.text();
                        if !properties.contains_key(&key) {
                            let value = self.value(additional, purpose, depth + 1, follow);
                            object.insert(key, value);
                        }
                    }
                }
                if matches!(purpose, Purpose::Answer) && self.rng.u8(..16) == 0 {
                    let value = self.any(0);
                    if additional.is_none() {
                        object.insert(format!("unheard-of {}", self.text()), value);
                    }
                }
                object.into()
            }
        }
    }

    fn properties(
        &mut self,
        schema: &'d Value,
        purpose: Purpose<'d>,
        depth: usize,
        follow: bool,
        object: &mut Map<String, Value>,
    ) {
        let Form::Object(properties, _) = form(schema) else { return };
        let way = if follow { coverage::nearest(&self.coverage, schema) } else { None };
        let mut is_there = way.is_some();
        for (wire, property) in properties {
            let is_way = way == Some(wire);
            let required = match purpose {
                Purpose::Least(method) | Purpose::Request(method) => is_required(property, method),
                Purpose::Answer => false,
            };
            let is_least = matches!(purpose, Purpose::Least(_));
            let is_open = self.coverage.is_open(property) && !is_least;
            let is_wanted = is_open && (self.left > 0 || (follow && !is_there));
            let by_chance = !is_least && self.left > 0 && self.rng.usize(..depth + 2) == 0;
            let by_chance = by_chance || (self.is_whole && depth == 0);
            if !(required || is_wanted || by_chance || (is_way && !is_least)) {
                continue;
            }
            self.left = self.left.saturating_sub(1);
            if by_chance && !is_open && matches!(purpose, Purpose::Answer) && self.rng.u8(..16) == 0
            {
                object.insert(wire.clone(), Value::Null);
                continue;
            }
            if !is_least {
                is_there |= is_open;
                self.coverage.close(property);
            }
            let value = self.value(property, purpose, depth + 1, is_way && !is_least);
            object.insert(wire.clone(), value);
        }
    }

    fn scalar(&mut self, schema: &'d Value, is_answer: bool) -> Value {
        let format = schema["format"].as_str().unwrap_or_default();
        match schema["type"].as_str().unwrap_or_default() {
            "boolean" => self.rng.bool().into(),
            "integer" => self.integer(schema, format).into(),
            "number" => self.number(format),
            "string" if schema["enum"].is_array() => self.variant(schema, is_answer),
            "string" => match format {
                "int64" | "uint64" => {
                    let number = self.whole(schema, format);
                    // Some servers write numbers where the document says text.
                    match i64::try_from(number) {
                        Ok(number) if is_answer && self.rng.u8(..8) == 0 => number.into(),
                        _ => number.to_string().into(),
                    }
                }
                _ => self.formatted(schema, format).into(),
            },
            _ => self.text().into(),
        }
    }

    fn formatted(&mut self, schema: &'d Value, format: &str) -> String {
        if let Some(own) = schema["pattern"].as_str() {
            return pattern::invent(own, false, &mut self.rng).unwrap_or_else(|| "a".to_owned());
        }
        match format {
            "byte" => {
                let count = self.rng.usize(..6);
                let bytes: Vec<u8> = (0..count).map(|_| self.rng.u8(..)).collect();
                match self.rng.u8(..4) {
                    0 => BASE64_STANDARD.encode(bytes),
                    1 => BASE64_STANDARD_NO_PAD.encode(bytes),
                    2 => BASE64_URL_SAFE_NO_PAD.encode(bytes),
                    _ => BASE64_URL_SAFE.encode(bytes),
                }
            }
            "google-datetime" | "date-time" => {
                let seconds = self.rng.i64(-62_135_596_800..253_402_300_800);
                let time = DateTime::from_timestamp(seconds, 0).unwrap_or_default();
                let fraction = ["", ".5", ".123", ".000001", ".123456789"][self.rng.usize(..5)];
                let zone = if format == "date-time" && self.rng.bool() { "+02:30" } else { "Z" };
                format!("{}{fraction}{zone}", time.format("%Y-%m-%dT%H:%M:%S"))
            }
            "date" => format!(
                "20{:02}-0{}-1{}",
                self.rng.u8(..100),
                self.rng.u8(1..10),
                self.rng.u8(..10)
            ),
            "google-duration" => {
                let fraction = ["", ".5", ".000000001"][self.rng.usize(..3)];
                let sign = if self.rng.u8(..4) == 0 { "-" } else { "" };
                format!("{sign}{}{fraction}s", self.rng.u32(..))
            }
            "google-fieldmask" => {
                let paths = ["*", "name", "a.b", "metadata.sources", "labels"];
                let count = self.rng.usize(1..4);
                let paths: Vec<&str> = (0..count).map(|_| paths[self.rng.usize(..5)]).collect();
                paths.join(",")
            }
            _ => self.text(),
        }
    }

    fn variant(&mut self, schema: &'d Value, is_answer: bool) -> Value {
        let values = schema["enum"].as_array().map_or(&[][..], Vec::as_slice);
        if values.is_empty() || (is_answer && self.rng.u8(..16) == 0) {
            return format!("NEWER_THAN_{}", self.rng.u16(..)).into();
        }
        let place = std::ptr::from_ref(schema).addr();
        let fresh = (0..values.len()).find(|index| !self.used.contains(&(place, *index)));
        let index = fresh.unwrap_or_else(|| self.rng.usize(..values.len()));
        self.used.insert((place, index));
        values[index].clone()
    }

    fn whole(&mut self, schema: &Value, format: &str) -> i128 {
        let (least, most) = scalar::limits(schema, format);
        match self.rng.u8(..6) {
            0 => least,
            1 => most,
            2 | 3 => i128::from(self.rng.i8(..)).clamp(least, most),
            _ => self.rng.i128(least..=most),
        }
    }

    fn integer(&mut self, schema: &Value, format: &str) -> i64 {
        i64::try_from(self.whole(schema, format)).unwrap_or_default()
    }

    fn number(&mut self, format: &str) -> Value {
        match self.rng.u8(..10) {
            0 => scalar::SPECIAL[self.rng.usize(..3)].into(),
            1 => json!(0),
            2 => json!(-1.5),
            3 => json!(self.rng.i16(..)),
            // As servers write it: the shortest text that gives the number again.
            4 if format == "float" => json!(0.1),
            _ if format == "float" => {
                let number = (self.rng.f32() - 0.5) * 10_f32.powi(self.rng.i32(-20..20));
                number.to_string().parse().ok().map_or(Value::from(0), |number: f64| json!(number))
            }
            _ => json!((self.rng.f64() - 0.5) * 10_f64.powi(self.rng.i32(-200..200))),
        }
    }

    /// A text, sometimes an odd one, sometimes none.
    pub(crate) fn text(&mut self) -> String {
        const PIECES: &[&str] = &[
            "a", "Name", "7", "-", "_", " ", ".", "/", ":", "?", "#", "&", "=", "+", "%", "%2F",
            "\"", "\\", "'", "<b>", "{", "}", "[", "]", ",", ";", "@", "$", "!", "*", "(", ")",
            "~", "|", "\n", "\t", "\u{1}", "é", "ß", "→", "漢", "😀", "\u{202e}", "null", "true",
            "..",
        ];
        let count = self.rng.usize(..6);
        (0..count).map(|_| PIECES[self.rng.usize(..PIECES.len())]).collect()
    }

    /// Any JSON value but null.
    fn any(&mut self, depth: usize) -> Value {
        match self.rng.u8(..if depth < 3 { 8 } else { 5 }) {
            0 => self.rng.bool().into(),
            1 => self.rng.i64(..).into(),
            2 => self.rng.u64(..).into(),
            3 => self.number("double"),
            4 => self.text().into(),
            5 => (0..self.rng.usize(..3)).map(|_| self.any(depth + 1)).collect(),
            _ => self.object_of_any(depth),
        }
    }

    fn object_of_any(&mut self, depth: usize) -> Value {
        let count = self.rng.usize(..4);
        let entries = (0..count).map(|_| {
            let value = if self.rng.u8(..8) == 0 { Value::Null } else { self.any(depth + 1) };
            (self.text(), value)
        });
        Value::Object(entries.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Check;

    /// A document whose schemas hold themselves and each other.
    fn document() -> Document {
        Document::parse(
            json!({"rootUrl": "https://a.googleapis.com/", "schemas": {
                "Tree": {"type": "object", "properties": {
                    "left": {"$ref": "Tree"}, "right": {"$ref": "Tree"},
                    "leaf": {"type": "array", "items": {"$ref": "Leaf"}},
                    "all": {"type": "object", "additionalProperties": {"$ref": "Leaf"}},
                    "inline": {"type": "object", "properties": {"deep": {"type": "object",
                        "properties": {"est": {"$ref": "Leaf"}}}}},
                }},
                "Leaf": {"type": "object", "properties": {
                    "id": {"type": "string", "format": "uint64", "annotations": {"required": ["a"]}},
                    "time": {"type": "string", "format": "google-datetime"},
                    "day": {"type": "string", "format": "date"},
                    "span": {"type": "string", "format": "google-duration"},
                    "mask": {"type": "string", "format": "google-fieldmask"},
                    "bytes": {"type": "string", "format": "byte"},
                    "float": {"type": "number", "format": "float"},
                    "count": {"type": "integer", "format": "int32", "minimum": "1", "maximum": "3"},
                    "hash": {"type": "string", "pattern": "[a-f0-9]{40}"},
                    "kind": {"type": "string", "enum": ["A", "B", "C"]},
                    "open": {"type": "object"}, "any": {"type": "any"},
                    "tree": {"$ref": "Tree"},
                }},
            }, "methods": {"a": {"id": "a", "request": {"$ref": "Tree"}, "response": {"$ref": "Leaf"}}}})
            .to_string()
            .as_bytes(),
        )
        .unwrap()
    }

    #[test]
    fn invented_requests_are_valid_and_cover_every_property() {
        let document = document();
        let method = document.methods()[0];
        let check = Check { document: &document, method: "a" };
        for seed in 0..40 {
            let mut inventor = Inventor::new(&document, seed);
            assert_eq!(inventor.coverage.len(), 20);
            for _ in 0..10 {
                for purpose in [Purpose::Request("a"), Purpose::Least("a")] {
                    let schema = method.request().unwrap();
                    let body = inventor.body(schema, purpose);
                    assert_eq!(check.body(schema, &body), [""; 0], "{body}");
                }
            }
            assert_eq!(inventor.coverage.missing(), [""; 0], "seed {seed}");
        }
    }

    #[test]
    fn parameters_are_valid_whatever_they_say_of_themselves() {
        let document = document();
        let schemas = [
            json!({"type": "string", "format": "int64", "pattern": "^[^/]+$"}),
            json!({"type": "string", "enum": ["A", "B"], "pattern": "^[^/]+$"}),
            json!({"type": "string", "pattern": "^a/[^/]+$"}),
            json!({"type": "string", "pattern": "http(s)?://.*"}),
            json!({"type": "string", "format": "byte"}),
        ];
        for schema in &schemas {
            let mut inventor = Inventor::new(&document, 1);
            // The one of a whole URL has an empty segment and stands in no path.
            let places: &[_] =
                if schema["pattern"] == "http(s)?://.*" { &[None] } else { &[None, Some(true)] };
            for (place, _) in places.iter().cycle().zip(0..50) {
                let value = inventor.parameter(schema, *place);
                assert_eq!(scalar::check(schema, &value), Ok(()), "{schema}");
                assert!(place.is_none() || value != "", "{schema}");
            }
        }
    }

    #[test]
    fn a_seed_gives_the_same_again_and_answers_say_unheard_of_things() {
        let document = document();
        let method = document.methods()[0];
        let bodies = |seed| {
            let mut inventor = Inventor::new(&document, seed);
            let bodies =
                (0..300).map(|_| inventor.body(method.response().unwrap(), Purpose::Answer));
            bodies.collect::<Value>().to_string()
        };
        assert_eq!(bodies(1), bodies(1));
        assert_ne!(bodies(1), bodies(2));
        let said = bodies(1);
        for word in ["unheard-of", "NEWER_THAN_", ":null"] {
            assert!(said.contains(word), "{word}");
        }
    }
}
