//! The two etags of a person, and that of a group.
//!
//! A source's etag is `#` and eight bytes in base64. A person's etag is `%` and a record in
//! base64 that carries the source's etag together with the fields and sources of the read that
//! made it, so it differs between reads although nothing has changed.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Field numbers of the record, all of them with a length.
const FIELDS: u8 = 0x12;
const SOURCES: u8 = 0x1a;
const SOURCE_ETAG: u8 = 0x22;
/// Marks a read by list, for the switch that refuses such etags.
const LISTED: u8 = 0x2a;

/// What a person's etag says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct PersonEtag {
    /// The etag of the CONTACT source, with its `#`; `None` for a person without one.
    pub(crate) source: Option<String>,
    /// Whether it came from `connections.list`.
    pub(crate) listed: bool,
}

/// A new source etag.
pub(crate) fn source(random: u64) -> String {
    format!("#{}", STANDARD.encode(random.to_be_bytes()))
}

/// A new etag of a contact group: it has neither mark.
pub(crate) fn group(random: u64) -> String {
    STANDARD.encode(random.to_be_bytes())
}

/// The etag of a person in an answer.
pub(crate) fn person(source: Option<&str>, fields: &[u8], sources: &[u8], listed: bool) -> String {
    let mut record = Vec::new();
    let mut put = |tag: u8, bytes: &[u8]| {
        record.push(tag);
        record.push(u8::try_from(bytes.len()).unwrap_or(u8::MAX));
        record.extend_from_slice(bytes);
    };
    put(FIELDS, fields);
    put(SOURCES, sources);
    if let Some(source) = source {
        put(SOURCE_ETAG, source.trim_start_matches('#').as_bytes());
    }
    if listed {
        put(LISTED, &[1]);
    }
    format!("%{}", STANDARD.encode(record))
}

/// Reads a person's etag; `None` if it is not one.
pub(crate) fn parse(etag: &str) -> Option<PersonEtag> {
    let record = STANDARD.decode(etag.strip_prefix('%')?).ok()?;
    let mut rest = record.as_slice();
    let mut out = PersonEtag { source: None, listed: false };
    while let [tag, length, tail @ ..] = rest {
        let (bytes, tail) = tail.split_at_checked(usize::from(*length))?;
        match *tag {
            SOURCE_ETAG => out.source = Some(format!("#{}", std::str::from_utf8(bytes).ok()?)),
            LISTED => out.listed = true,
            _ => {}
        }
        rest = tail;
    }
    rest.is_empty().then_some(out)
}

#[cfg(test)]
mod tests {
    use super::{parse, person, source};

    #[test]
    fn a_person_etag_carries_the_source_etag_and_the_mask() {
        let inner = source(7);
        assert!(inner.starts_with('#'));
        let a = person(Some(&inner), &[1, 2], &[1, 2, 5, 7], false);
        let b = person(Some(&inner), &[1, 2, 3], &[1, 2, 5, 7], false);
        assert_ne!(a, b);
        assert_eq!(parse(&a).unwrap().source.as_deref(), Some(inner.as_str()));
        assert_eq!(parse(&b).unwrap().source.as_deref(), Some(inner.as_str()));
        assert!(parse(&person(None, &[], &[], true)).unwrap().listed);
    }

    #[test]
    fn a_real_one_is_understood() {
        let etag = parse("%Eg4BAj0FBwk+Cz8MEEA3LhoEAQIFByIMcG9JRnpDRzBxS0U9").unwrap();
        assert_eq!(etag.source.as_deref(), Some("#poIFzCG0qKE="));
    }

    #[test]
    fn other_text_is_none() {
        for text in ["", "%", "#poIFzCG0qKE=", "%!", "%Eg4B", "%IgP/"] {
            let parsed = parse(text);
            assert!(parsed.is_none() || parsed.unwrap().source.is_none(), "{text}");
        }
    }
}
