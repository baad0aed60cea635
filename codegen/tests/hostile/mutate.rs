//! Mutations of discovery documents that know what a document is made of.
//!
//! Bytes decide what is done, so that a fuzzer and a property test can both drive them: the same bytes
//! make the same document.

use serde_json::{Map, Value, json};

/// An identifier that no document has and no naming makes: where it stands as code, text became code.
pub(crate) const MARK: &str = "iNjEcTeD";

/// Decisions taken from bytes. When they run out, every choice is the first one.
pub(crate) struct Choices<'a>(pub(crate) &'a [u8]);

impl Choices<'_> {
    /// One of so many.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        let mut take = || match self.0.split_first() {
            Some((first, rest)) => {
                self.0 = rest;
                usize::from(*first)
            }
            None => 0,
        };
        let number = if bound > 256 { take() * 256 + take() } else { take() };
        if bound == 0 { 0 } else { number % bound }
    }

    fn of<'t, T: ?Sized>(&mut self, all: &[&'t T]) -> &'t T {
        all[self.below(all.len())]
    }
}

/// Texts that mean something somewhere, and such as try to be code, a path, markdown or a host.
pub(crate) const TEXTS: &[&str] = &[
    "",
    " ",
    "string",
    "object",
    "array",
    "any",
    "integer",
    "boolean",
    "int64",
    "google-fieldmask",
    "google-datetime",
    "byte",
    "unknown-format",
    "GET",
    "iNjEcTeD",
    "path",
    "query",
    "self",
    "Self",
    "crate",
    "super",
    "r#type",
    "_",
    "extra",
    "Unrecognized",
    "Option",
    "mod",
    "con",
    "..",
    "../../../iNjEcTeD",
    "/etc/iNjEcTeD",
    "C:\\iNjEcTeD",
    "a\u{0}iNjEcTeD",
    "*/ pub(crate) fn iNjEcTeD() {} /*",
    "\"]\npub(crate) fn iNjEcTeD() {}\n#[doc = \"",
    "\n\npub(crate) fn iNjEcTeD() {}",
    "x: u8, pub iNjEcTeD",
    "```\niNjEcTeD();\n```",
    "~~~\niNjEcTeD();\n~~~",
    "    iNjEcTeD();",
    "text\n\n    iNjEcTeD();\n\n\tiNjEcTeD();",
    "* a\n\n      iNjEcTeD();",
    "> ```\n> iNjEcTeD();",
    "1. ```\n   iNjEcTeD();",
    "<script>iNjEcTeD</script>",
    "<pre>\n<code>iNjEcTeD",
    "[iNjEcTeD]: javascript:iNjEcTeD",
    "[a](javascript:iNjEcTeD)",
    "[`iNjEcTeD`](crate::iNjEcTeD)",
    "[[[[[[[[[[((((((((((````````",
    "Valid values are: * iNjEcTeD * a.b * names",
    "v1/{iNjEcTeD}",
    "v1/{+name}:iNjEcTeD",
    "v1/{name",
    "{}{}{}",
    "https://iNjEcTeD.example/",
    "https://googleapis.com@iNjEcTeD.example/",
    "https://iNjEcTeD.example\\.googleapis.com/",
    "https://a.googleapis.com/../?x=iNjEcTeD#",
    "http://a.googleapis.com/",
    "\u{202e}\u{feff}\u{200b}",
    "\u{e9}\u{df}\u{130}\u{1c5}\u{10ffff}",
    "{{{{}}}}%s$crate\\u{0}\\",
    "18446744073709551616",
    "-0",
    "NaN",
];

/// Keys that the generator reads, and such as it cannot know.
const KEYS: &[&str] = &[
    "$ref",
    "type",
    "format",
    "enum",
    "enumDescriptions",
    "enumDeprecated",
    "properties",
    "items",
    "additionalProperties",
    "description",
    "default",
    "minimum",
    "maximum",
    "pattern",
    "readOnly",
    "required",
    "repeated",
    "deprecated",
    "annotations",
    "id",
    "path",
    "flatPath",
    "httpMethod",
    "parameters",
    "parameterOrder",
    "location",
    "request",
    "response",
    "scopes",
    "apiVersion",
    "supportsMediaUpload",
    "supportsMediaDownload",
    "mediaUpload",
    "methods",
    "resources",
    "schemas",
    "name",
    "version",
    "revision",
    "title",
    "canonicalName",
    "documentationLink",
    "rootUrl",
    "servicePath",
    "mtlsRootUrl",
    "endpoints",
    "endpointUrl",
    "features",
    "auth",
    "oauth2",
    "pageToken",
    "nextPageToken",
];

/// Changes a document a few times, as long as there are bytes and at most `most` times.
pub(crate) fn mutate(document: &mut Value, choices: &mut Choices<'_>, most: usize) {
    for _ in 0..most {
        if choices.0.is_empty() {
            break;
        }
        once(document, choices);
    }
}

fn once(document: &mut Value, choices: &mut Choices<'_>) {
    let count = count(document);
    let donor = at(document, choices.below(count)).clone();
    let place = at_mut(document, choices.below(count));
    match choices.below(12) {
        0 => *place = leaf(choices),
        1 => *place = donor,
        2 => remove(place, choices),
        3 => rename(place, choices),
        4 => insert(place, donor, choices),
        5 => again(place, choices),
        6 => wrap(place, choices),
        7 => lengthen(place, choices),
        8 => point(document, count, choices),
        9 => spread(place, choices),
        10 => nest(place, choices),
        _ => say(place, choices),
    }
}

fn leaf(choices: &mut Choices<'_>) -> Value {
    match choices.below(8) {
        0 => Value::Null,
        1 => json!(true),
        2 => json!([]),
        3 => json!({}),
        4 => json!(-1.5e300),
        _ => json!(choices.of(TEXTS)),
    }
}

fn text(choices: &mut Choices<'_>) -> String {
    let list = if choices.below(2) == 0 { TEXTS } else { KEYS };
    choices.of(list).to_owned()
}

fn remove(place: &mut Value, choices: &mut Choices<'_>) {
    match place {
        Value::Object(entries) => {
            let key = key(entries, choices);
            entries.remove(&key);
        }
        Value::Array(items) if !items.is_empty() => {
            items.remove(choices.below(items.len()));
        }
        other => *other = Value::Null,
    }
}

fn key(entries: &Map<String, Value>, choices: &mut Choices<'_>) -> String {
    entries.keys().nth(choices.below(entries.len())).cloned().unwrap_or_default()
}

fn rename(place: &mut Value, choices: &mut Choices<'_>) {
    if let Value::Object(entries) = place {
        let key = key(entries, choices);
        if let Some(value) = entries.remove(&key) {
            entries.insert(text(choices), value);
        }
    }
}

fn insert(place: &mut Value, donor: Value, choices: &mut Choices<'_>) {
    match place {
        Value::Object(entries) => {
            entries.insert(text(choices), donor);
        }
        Value::Array(items) => items.push(donor),
        _ => {}
    }
}

/// The same once more, under a name that may become the same name.
fn again(place: &mut Value, choices: &mut Choices<'_>) {
    match place {
        Value::Object(entries) => {
            let key = key(entries, choices);
            let other = match choices.below(6) {
                0 => key.to_uppercase(),
                1 => key.to_lowercase(),
                2 => format!("{key}_"),
                3 => format!("-{key}"),
                4 => format!("{key}2"),
                _ => format!("{key}."),
            };
            if let Some(value) = entries.get(&key).cloned() {
                entries.insert(other, value);
            }
        }
        Value::Array(items) => items.extend(items.first().cloned()),
        Value::String(text) => *text = text.to_uppercase(),
        _ => {}
    }
}

fn wrap(place: &mut Value, choices: &mut Choices<'_>) {
    let inner = place.take();
    *place = match choices.below(4) {
        0 => json!({"type": "array", "items": inner}),
        1 => json!({"type": "object", "additionalProperties": inner}),
        2 => json!({"type": "object", "properties": {"a": inner}}),
        _ => json!([inner]),
    };
}

fn lengthen(place: &mut Value, choices: &mut Choices<'_>) {
    if let Value::String(own) = place {
        let more = choices.of(TEXTS);
        match choices.below(4) {
            0 => own.push_str(more),
            1 => own.insert_str(0, more),
            2 => *own = own.repeat(choices.below(40)),
            _ => own.push_str(&more.repeat(choices.below(300))),
        }
    }
}

/// Lets one reference name another schema, perhaps one that holds it.
fn point(document: &mut Value, count: usize, choices: &mut Choices<'_>) {
    let ids: Vec<String> = match &document["schemas"] {
        Value::Object(schemas) => schemas.keys().cloned().collect(),
        _ => Vec::new(),
    };
    let Some(id) = ids.get(choices.below(ids.len())).cloned() else { return };
    let start = choices.below(count);
    for place in (start..count).chain(0..start) {
        if let Value::Object(entries) = at_mut(document, place)
            && entries.contains_key("$ref")
        {
            entries.insert("$ref".to_owned(), Value::String(id));
            return;
        }
    }
}

/// Many of one.
fn spread(place: &mut Value, choices: &mut Choices<'_>) {
    let many = choices.below(60);
    match place {
        Value::Object(entries) => {
            let key = key(entries, choices);
            let Some(value) = entries.get(&key).cloned() else { return };
            entries.extend(
                (0..many).map(|index| (format!("{key}{}", "-".repeat(index)), value.clone())),
            );
        }
        Value::Array(items) => {
            let Some(value) = items.first().cloned() else { return };
            items.extend(std::iter::repeat_n(value, many));
        }
        _ => {}
    }
}

/// Deep in lists or objects.
fn nest(place: &mut Value, choices: &mut Choices<'_>) {
    for _ in 0..choices.below(50) {
        let inner = place.take();
        *place = if choices.0.len().is_multiple_of(2) {
            json!({"type": "array", "items": inner})
        } else {
            json!({"type": "object", "properties": {"a": inner}})
        };
    }
}

fn say(place: &mut Value, choices: &mut Choices<'_>) {
    if let Value::Object(entries) = place {
        entries.insert("description".to_owned(), json!(choices.of(TEXTS)));
    }
}

fn children(value: &Value) -> Box<dyn Iterator<Item = &Value> + '_> {
    match value {
        Value::Array(items) => Box::new(items.iter()),
        Value::Object(entries) => Box::new(entries.values()),
        _ => Box::new(std::iter::empty()),
    }
}

/// How many values there are, with those inside of others.
fn count(value: &Value) -> usize {
    1 + children(value).map(count).sum::<usize>()
}

/// The value with this number, counted from the outside.
fn at(value: &Value, number: usize) -> &Value {
    let mut left = number;
    let mut value = value;
    'down: while left > 0 {
        left -= 1;
        for child in children(value) {
            let size = count(child);
            if left < size {
                value = child;
                continue 'down;
            }
            left -= size;
        }
        break;
    }
    value
}

fn at_mut(value: &mut Value, number: usize) -> &mut Value {
    if number == 0 {
        return value;
    }
    let sizes: Vec<usize> = children(value).map(count).collect();
    let mut left = number - 1;
    let Some(index) = sizes.iter().position(|&size| {
        let is_inside = left < size;
        if !is_inside {
            left -= size;
        }
        is_inside
    }) else {
        return value;
    };
    let child = match value {
        Value::Array(items) => items.get_mut(index),
        Value::Object(entries) => entries.values_mut().nth(index),
        _ => None,
    };
    match child {
        Some(child) => at_mut(child, left),
        None => unreachable!("the sizes are those of the children"),
    }
}
