//! The messages of the API, as tables of this emulator's own.
//!
//! Written down by hand from the reference (<https://developers.google.com/people/api/rest>), on
//! purpose not taken from any client's code: a client and the emulator check each other.

/// A protobuf message.
#[derive(Debug)]
pub(crate) struct Message {
    /// Its full name, as error messages spell it.
    pub(crate) name: &'static str,
    pub(crate) fields: &'static [Field],
}

/// A field of a message, or a query parameter.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Field {
    /// The name in JSON, in camel case.
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) list: bool,
    /// Output only: accepted in a request, then ignored.
    pub(crate) output: bool,
}

/// What a field holds.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    Text,
    Bool,
    Int32,
    Timestamp,
    FieldMask,
    /// Bytes, in base64.
    Bytes,
    Enum(&'static Enum),
    Message(&'static Message),
    /// A map from text to a message.
    Map(&'static Message),
}

/// An enum; a value's number is its place.
#[derive(Debug)]
pub(crate) struct Enum {
    pub(crate) name: &'static str,
    pub(crate) values: &'static [&'static str],
}

impl Field {
    const fn output(mut self) -> Self {
        self.output = true;
        self
    }

    /// Whether a JSON key names this field: protobuf takes both spellings.
    pub(crate) fn is_named(&self, key: &str) -> bool {
        key == self.name || is_snake_of(key, self.name)
    }
}

impl Message {
    pub(crate) fn field(&self, key: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.is_named(key))
    }
}

/// `givenName` -> `given_name`: error messages use protobuf's own spelling.
pub(crate) fn snake(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    for c in name.chars() {
        if c.is_ascii_uppercase() {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

/// Whether `key` is `snake(name)`, without making it.
fn is_snake_of(key: &str, name: &str) -> bool {
    let mut rest = key.bytes();
    name.bytes().all(|b| {
        (!b.is_ascii_uppercase() || rest.next() == Some(b'_'))
            && rest.next() == Some(b.to_ascii_lowercase())
    }) && rest.next().is_none()
}

const fn one(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, list: false, output: false }
}

const fn list(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, list: true, output: false }
}

const fn text(name: &'static str) -> Field {
    one(name, Kind::Text)
}

/// Text that the server works out.
const fn derived(name: &'static str) -> Field {
    text(name).output()
}

const fn flag(name: &'static str) -> Field {
    one(name, Kind::Bool)
}

const fn int(name: &'static str) -> Field {
    one(name, Kind::Int32)
}

macro_rules! message {
    ($id:ident, $name:literal, [$($field:expr),* $(,)?]) => {
        pub(crate) static $id: Message = Message {
            name: concat!("google.people.v1.", $name),
            fields: &[$($field),*],
        };
    };
}

mod groups;
mod others;
mod person;
mod requests;

pub(crate) use groups::*;
pub(crate) use others::*;
pub(crate) use person::PERSON;
pub(crate) use requests::*;

#[cfg(test)]
mod tests {
    use super::{PERSON, snake};

    #[test]
    fn spellings() {
        assert_eq!(snake("contactGroupResourceName"), "contact_group_resource_name");
        assert_eq!(snake("requestMask.includeField"), "request_mask.include_field");
        assert!(PERSON.field("email_addresses").is_some());
        assert!(PERSON.field("emailAddresses").is_some());
        for wrong in ["EmailAddresses", "email_Addresses", "email_addresse", "email_addresses_"] {
            assert!(PERSON.field(wrong).is_none(), "{wrong}");
        }
    }
}
