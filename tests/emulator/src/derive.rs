//! What the server works out itself: properties that are output only are dropped from what comes
//! in, and made anew from the rest.

use crate::mask::SINGLETONS;
use crate::schema::{Kind, Message, PERSON};
use serde_json::{Map, Value};

/// The message of the entries of a field of a person.
fn entry_message(field: &str) -> Option<&'static Message> {
    match PERSON.field(field)?.kind {
        Kind::Message(message) => Some(message),
        _ => None,
    }
}

/// Turns the entries of one field, as sent, into what is stored for the contact: entries of other
/// sources are left out, the one marked as the source's primary comes first.
pub(crate) fn stored(field: &str, sent: &[Value]) -> Vec<Value> {
    let mut out: Vec<Value> = Vec::new();
    let mut primary_seen = false;
    for entry in sent {
        if !is_contact_sourced(entry) {
            continue;
        }
        let Some(clean) = clean_entry(field, entry) else { continue };
        if entry["metadata"]["sourcePrimary"] == true && !primary_seen {
            primary_seen = true;
            out.insert(0, clean);
        } else {
            out.push(clean);
        }
    }
    out
}

/// How many values the contact itself would have in this field.
pub(crate) fn contact_sourced(sent: &[Value]) -> usize {
    sent.iter().filter(|entry| is_contact_sourced(entry)).count()
}

/// Whether a field takes one value at most.
pub(crate) fn is_singleton(field: &str) -> bool {
    SINGLETONS.contains(&field)
}

/// An entry without a source is meant for the contact.
fn is_contact_sourced(entry: &Value) -> bool {
    let kind = entry["metadata"]["source"]["type"].as_str();
    matches!(kind, None | Some("CONTACT" | "SOURCE_TYPE_UNSPECIFIED"))
}

/// One entry without metadata, with its derived properties; `None` if nothing is left.
pub(crate) fn clean_entry(field: &str, entry: &Value) -> Option<Value> {
    let message = entry_message(field)?;
    let mut clean = input_only(message, entry.as_object()?);
    clean.remove("metadata");
    if clean.is_empty() {
        return None;
    }
    derive(field, &mut clean);
    Some(clean.into())
}

/// Leaves out what is output only, and what protobuf cannot tell from absent: empty text, zero,
/// false and the first value of an enum.
fn input_only(message: &Message, object: &Map<String, Value>) -> Map<String, Value> {
    let mut out = Map::new();
    for field in message.fields.iter().filter(|field| !field.output) {
        let Some(value) = object.get(field.name) else { continue };
        let kept = match (field.kind, value) {
            (Kind::Message(inner), Value::Object(value)) => {
                let inner = input_only(inner, value);
                (!inner.is_empty()).then(|| inner.into())
            }
            (Kind::Enum(choice), Value::String(name)) => {
                (choice.values.first() != Some(&name.as_str())).then(|| value.clone())
            }
            (_, Value::String(text)) => (!text.is_empty()).then(|| value.clone()),
            (_, Value::Bool(false)) => None,
            (_, Value::Number(number)) if number.as_i64() == Some(0) => None,
            _ => Some(value.clone()),
        };
        if let Some(kept) = kept {
            out.insert(field.name.to_owned(), kept);
        }
    }
    out
}

fn derive(field: &str, entry: &mut Map<String, Value>) {
    match field {
        "names" => derive_name(entry),
        "phoneNumbers" => {
            if let Some(form) = canonical_form(text(entry, "value")) {
                entry.insert("canonicalForm".into(), form.into());
            }
        }
        "addresses" if !entry.contains_key("formattedValue") => {
            let lines = address_lines(entry);
            if !lines.is_empty() {
                entry.insert("formattedValue".into(), lines.into());
            }
        }
        "genders" => label_into(entry, "value", "formattedValue"),
        "imClients" => label_into(entry, "protocol", "formattedProtocol"),
        "memberships" => {
            if let Some(Value::Object(group)) = entry.get_mut("contactGroupMembership") {
                let name = text(group, "contactGroupResourceName");
                let id = name.strip_prefix("contactGroups/").unwrap_or(name).to_owned();
                group.insert("contactGroupId".into(), id.into());
            }
        }
        _ => {}
    }
    let has_formatted_type =
        entry_message(field).is_some_and(|message| message.field("formattedType").is_some());
    if has_formatted_type {
        label_into(entry, "type", "formattedType");
    }
}

fn text<'a>(entry: &'a Map<String, Value>, key: &str) -> &'a str {
    entry.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn label_into(entry: &mut Map<String, Value>, from: &str, to: &str) {
    let label = label(text(entry, from));
    if !label.is_empty() {
        entry.insert(to.to_owned(), label.into());
    }
}

/// `homeFax` -> `Home Fax`, `GOOGLE_TALK` -> `Google Talk`; what a user made up stays as it is.
fn label(value: &str) -> String {
    let is_camel = value.chars().all(|c| c.is_ascii_alphabetic())
        && value.starts_with(|c: char| c.is_ascii_lowercase());
    let is_constant = value.contains(|c: char| c.is_ascii_uppercase())
        && value.chars().all(|c| c.is_ascii_uppercase() || c == '_');
    if !is_camel && !is_constant {
        return value.to_owned();
    }
    let mut out = String::new();
    let mut start = true;
    for c in value.chars() {
        if c == '_' {
            out.push(' ');
            start = true;
            continue;
        }
        if start {
            out.push(c.to_ascii_uppercase());
        } else if is_constant {
            out.push(c.to_ascii_lowercase());
        } else {
            if c.is_ascii_uppercase() {
                out.push(' ');
            }
            out.push(c);
        }
        start = false;
    }
    out
}

fn join(parts: &[&str]) -> String {
    parts.iter().copied().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

fn derive_name(entry: &mut Map<String, Value>) {
    const PARTS: [&str; 5] =
        ["honorificPrefix", "givenName", "middleName", "familyName", "honorificSuffix"];
    if PARTS.iter().all(|part| text(entry, part).is_empty()) {
        // A free-form name is taken apart: the last word is the family name.
        let words: Vec<String> =
            text(entry, "unstructuredName").split_whitespace().map(str::to_owned).collect();
        match words.as_slice() {
            [] => {}
            [only] => {
                entry.insert("givenName".into(), only.as_str().into());
            }
            [first, middle @ .., last] => {
                entry.insert("givenName".into(), first.as_str().into());
                entry.insert("familyName".into(), last.as_str().into());
                if !middle.is_empty() {
                    entry.insert("middleName".into(), middle.join(" ").into());
                }
            }
        }
    }
    let part = |name| text(entry, name);
    let (prefix, given, middle) = (part(PARTS[0]), part(PARTS[1]), part(PARTS[2]));
    let (family, suffix) = (part(PARTS[3]), part(PARTS[4]));
    let full = join(&[prefix, given, middle, family, suffix]);
    if full.is_empty() {
        // Only phonetic parts: there is nothing to show.
        return;
    }
    let rest = join(&[prefix, given, middle, suffix]);
    let last_first = match (family.is_empty(), rest.is_empty()) {
        (false, false) => format!("{family}, {rest}"),
        (false, true) => family.to_owned(),
        _ => rest,
    };
    entry.insert("displayName".into(), full.as_str().into());
    entry.insert("displayNameLastFirst".into(), last_first.into());
    entry.insert("unstructuredName".into(), full.into());
}

/// E.164, where the number says its country.
fn canonical_form(number: &str) -> Option<String> {
    let digits: String =
        number.trim().strip_prefix('+')?.chars().filter(char::is_ascii_digit).collect();
    (7..=15).contains(&digits.len()).then(|| format!("+{digits}"))
}

fn address_lines(entry: &Map<String, Value>) -> String {
    let part = |key| text(entry, key);
    let town = join(&[part("city"), part("region"), part("postalCode")]);
    let country = match part("country") {
        "" => part("countryCode"),
        country => country,
    };
    let lines = [part("streetAddress"), part("extendedAddress"), part("poBox"), &town, country];
    lines.into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::{clean_entry, label, stored};
    use serde_json::json;

    #[test]
    fn a_name_is_recomputed() {
        let sent = json!({"givenName": "Ann", "familyName": "Lee", "displayName": "Wrong",
            "middleName": "", "metadata": {"primary": true}});
        assert_eq!(
            clean_entry("names", &sent).unwrap(),
            json!({"givenName": "Ann", "familyName": "Lee", "displayName": "Ann Lee",
                "displayNameLastFirst": "Lee, Ann", "unstructuredName": "Ann Lee"})
        );
        let free = clean_entry("names", &json!({"unstructuredName": "Ann Mary Lee"})).unwrap();
        assert_eq!(free["middleName"], "Mary");
        assert_eq!(clean_entry("names", &json!({"displayName": "Only output"})), None);
    }

    #[test]
    fn phones_addresses_and_labels() {
        let phone = clean_entry(
            "phoneNumbers",
            &json!({"value": "+49 (30) 12 34 56",
            "type": "homeFax"}),
        );
        assert_eq!(
            phone.unwrap(),
            json!({"value": "+49 (30) 12 34 56", "canonicalForm": "+4930123456",
                "type": "homeFax", "formattedType": "Home Fax"})
        );
        let local = clean_entry("phoneNumbers", &json!({"value": "030 123"})).unwrap();
        assert_eq!(local, json!({"value": "030 123"}));
        let address = json!({"streetAddress": "1 Rd", "city": "Bonn", "postalCode": "53111"});
        assert_eq!(
            clean_entry("addresses", &address).unwrap()["formattedValue"],
            "1 Rd\nBonn 53111"
        );
        assert_eq!(label("GOOGLE_TALK"), "Google Talk");
        assert_eq!(label("Mein Büro"), "Mein Büro");
    }

    #[test]
    fn other_sources_are_left_out_and_the_primary_comes_first() {
        let sent = [
            json!({"value": "a", "metadata": {"source": {"type": "PROFILE"}}}),
            json!({"value": "b", "metadata": {"source": {"type": "CONTACT"}}}),
            json!({"value": "c", "metadata": {"sourcePrimary": true}}),
            json!({}),
        ];
        let values = stored("urls", &sent);
        assert_eq!(values, [json!({"value": "c"}), json!({"value": "b"})]);
    }
}
