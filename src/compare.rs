//! Whether a contact holds what was sent: values compared without what the server makes of them.
//!
//! The server recomputes some properties, adds metadata, keeps no order where none matters, and does
//! not tell an empty text from an absent one. Two values are the same when they are the same but for
//! that.

use people_v1::Extra;
use people_v1::schemas::{Address, Birthday, Event, Membership, Name, Organization};
use serde_json::Value;

use crate::field::Entry;

/// What is special about values of one type, beyond the derived properties in the table.
pub(crate) trait Tidy {
    /// Removes what may differ although the value is the same. `sent` is what it is compared with.
    fn tidy(&mut self, _sent: &Self) {}
}

impl Tidy for Address {
    fn tidy(&mut self, sent: &Self) {
        // Made of the other properties unless it is set.
        if sent.formatted_value.is_none() {
            self.formatted_value = None;
        }
    }
}

impl Tidy for Birthday {
    #[allow(deprecated)] // `text` still comes with contacts that have it.
    fn tidy(&mut self, sent: &Self) {
        if sent.text.is_none() {
            self.text = None;
        }
        clear(self.date.as_mut().map(|date| &mut date.extra));
    }
}

impl Tidy for Event {
    fn tidy(&mut self, _: &Self) {
        clear(self.date.as_mut().map(|date| &mut date.extra));
    }
}

impl Tidy for Organization {
    fn tidy(&mut self, _: &Self) {
        clear(self.start_date.as_mut().map(|date| &mut date.extra));
        clear(self.end_date.as_mut().map(|date| &mut date.extra));
    }
}

impl Tidy for Membership {
    #[allow(deprecated)] // Output only: what is compared is the resource name.
    fn tidy(&mut self, _: &Self) {
        if let Some(group) = &mut self.contact_group_membership {
            group.contact_group_id = None;
            group.extra = Extra::new();
        }
    }
}

impl Tidy for Name {
    /// A free-form name is taken apart; with parts given, it is made of them.
    fn tidy(&mut self, sent: &Self) {
        let parts = [
            &sent.honorific_prefix,
            &sent.given_name,
            &sent.middle_name,
            &sent.family_name,
            &sent.honorific_suffix,
        ];
        if parts.iter().any(|part| part.as_ref().is_some_and(|part| !part.is_empty())) {
            self.unstructured_name = None;
        } else {
            self.honorific_prefix = None;
            self.given_name = None;
            self.middle_name = None;
            self.family_name = None;
            self.honorific_suffix = None;
            let words = self.unstructured_name.as_deref().unwrap_or_default().split_whitespace();
            self.unstructured_name = Some(words.collect::<Vec<_>>().join(" "));
        }
    }
}

fn clear(extra: Option<&mut Extra>) {
    if let Some(extra) = extra {
        *extra = Extra::new();
    }
}

/// Whether the values that a contact has are those that were sent, in any order.
pub(crate) fn holds<E: Entry>(has: &[E], sent: &[E]) -> bool {
    if has.len() != sent.len() {
        return false;
    }
    let mut left: Vec<&E> = has.iter().collect();
    sent.iter().all(|sent| {
        let found = left.iter().position(|has| essence(*has, sent) == essence(sent, sent));
        found.map(|found| left.swap_remove(found)).is_some()
    })
}

/// The values of `now` without those that `ours` removed of `base`, and with those it added.
pub(crate) fn merged<E: Entry>(base: &[E], now: &[E], ours: &[E]) -> Vec<E> {
    let has = |values: &[E], value: &E| {
        values.iter().any(|one| essence(one, value) == essence(value, value))
    };
    let kept = now.iter().filter(|value| !has(base, value) || has(ours, value));
    let added = ours.iter().filter(|value| !has(base, value) && !has(now, value));
    kept.chain(added).cloned().collect()
}

/// A value without what may differ.
fn essence<E: Entry>(value: &E, sent: &E) -> Option<Value> {
    let mut value = value.clone();
    value.reduce();
    value.tidy(sent);
    // A value that cannot be encoded was never sent.
    serde_json::to_value(value).ok().map(without_defaults)
}

/// Removes what the server cannot tell from absent: empty text, zero, false, empty objects.
fn without_defaults(value: Value) -> Value {
    let Value::Object(map) = value else { return value };
    let kept = map.into_iter().map(|(key, value)| (key, without_defaults(value)));
    Value::Object(kept.filter(|(_, value)| !is_default(value)).collect())
}

fn is_default(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(value) => !value,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
    }
}

#[cfg(test)]
mod tests {
    use std::slice::from_ref;

    use people_v1::schemas::{FieldMetadata, PhoneNumber};

    use super::*;

    fn name(given: &str) -> Name {
        Name::default().set_given_name(given)
    }

    #[test]
    fn what_the_server_adds_makes_no_difference() {
        let mut read =
            name("Ann").set_display_name("Ann").set_unstructured_name("Ann").set_middle_name("");
        read.metadata = Some(FieldMetadata::default().set_primary(true));
        read.extra.insert("newer", 1);
        assert!(holds(from_ref(&read), &[name("Ann")]));
        assert!(!holds(from_ref(&read), &[name("Anne")]));
        assert!(!holds(&[read.set_family_name("Lee")], &[name("Ann")]), "a part that was not sent");
        let free = Name::default().set_unstructured_name("Ann  Lee");
        let read = name("Ann").set_family_name("Lee").set_unstructured_name("Ann Lee");
        assert!(holds(&[read], &[free]));
    }

    #[test]
    fn order_and_number() {
        let phone = |value: &str| PhoneNumber::default().set_value(value);
        let read = [phone("2").set_canonical_form("+2"), phone("1"), phone("1")];
        assert!(holds(&read, &[phone("1"), phone("1"), phone("2")]));
        assert!(!holds(&read, &[phone("1"), phone("2"), phone("2")]));
        assert!(!holds(&read, &[phone("1"), phone("2")]));
    }

    #[test]
    fn an_address_line_is_made_unless_it_is_set() {
        let sent = Address::default().set_city("Bonn");
        let read = Address::default().set_city("Bonn").set_formatted_value("Bonn");
        assert!(holds(from_ref(&read), from_ref(&sent)));
        assert!(!holds(&[read], &[sent.set_formatted_value("Bonn, Rhein")]));
    }
}
