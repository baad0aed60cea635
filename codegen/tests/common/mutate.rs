//! Documents with one place changed.

use serde_json::{Value, json};

/// Keys of objects whose own keys are names.
const MAPS: [&str; 6] = ["schemas", "properties", "parameters", "methods", "resources", "scopes"];

/// The pointers of everything in a document.
pub(crate) fn places(value: &Value, pointer: &str, found: &mut Vec<String>) {
    if !pointer.is_empty() {
        found.push(pointer.to_owned());
    }
    match value {
        Value::Object(entries) => {
            for (key, inner) in entries {
                let key = key.replace('~', "~0").replace('/', "~1");
                places(inner, &format!("{pointer}/{key}"), found);
            }
        }
        Value::Array(items) => {
            for (index, inner) in items.iter().enumerate() {
                places(inner, &format!("{pointer}/{index}"), found);
            }
        }
        _ => {}
    }
}

/// Whether the keys of the object at a place are names: a property may itself be called
/// `properties`.
pub(crate) fn is_map(pointer: &str) -> bool {
    pointer.split('/').skip(1).fold(false, |in_map, key| !in_map && MAPS.contains(&key))
}

/// Whether a document without this says the same.
fn says_nothing(document: &Value, pointer: &str) -> bool {
    let value = document.pointer(pointer).unwrap_or(&Value::Null);
    let is_empty = match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.iter().all(|item| item == "" || item == false),
        Value::Object(entries) => entries.is_empty(),
        _ => false,
    };
    // What has properties is an object, what has no type at all is any value.
    let owner = pointer.strip_suffix("/type").and_then(|owner| document.pointer(owner));
    let is_plain = owner.is_some_and(|owner| {
        let has_inner = ["properties", "additionalProperties"]
            .iter()
            .any(|key| owner.get(key).is_some_and(|inner| *inner != json!({})));
        value == "any" || (value == "object" && has_inner)
    });
    is_empty || is_plain
}

/// The ways to change a value.
pub(crate) const WAYS: usize = 3;

/// The document with one place changed; `None` where this way changes nothing there.
pub(crate) fn mutated(document: &Value, pointer: &str, way: usize) -> Option<Value> {
    let mut new = document.clone();
    if way == 0 {
        if says_nothing(document, pointer) {
            return None;
        }
        let (parent, key) = pointer.rsplit_once('/')?;
        match new.pointer_mut(parent)? {
            Value::Object(entries) => {
                entries.remove(&key.replace("~1", "/").replace("~0", "~"))?;
            }
            Value::Array(items) => {
                items.remove(key.parse().ok()?);
            }
            _ => return None,
        }
        return Some(new);
    }
    match (new.pointer_mut(pointer)?, way) {
        (Value::String(text), 1) => text.push('x'),
        (Value::String(text), _) => "other".clone_into(text),
        (Value::Bool(flag), 1) => *flag = !*flag,
        (Value::Number(_), 1) => *new.pointer_mut(pointer)? = json!(7_654_321),
        (Value::Object(entries), 1) if is_map(pointer) => {
            let other = entries.values().next()?.clone();
            entries.insert("another".to_owned(), other);
        }
        (Value::Array(items), 1) => {
            let last = items.last()?.clone();
            items.push(if last.is_string() { json!("another") } else { last });
        }
        (Value::Array(items), _) if items.len() > 1 => items.swap(0, 1),
        // A key that the generator does not know.
        (Value::Object(entries), 2) if !is_map(pointer) => {
            entries.insert("unheardOf".to_owned(), json!(true));
        }
        _ => return None,
    }
    (new != *document).then_some(new)
}
