//! Path templates: whether a path is one of them, and what its variables are.
//!
//! The path is looked at as it came, escapes and all; variables are decoded after.

use std::collections::BTreeMap;

/// How many ways to read a path are looked at.
const MOST_READINGS: usize = 64;

#[derive(Debug, PartialEq)]
enum Part<'t> {
    Text(&'t str),
    /// The name, and whether it takes several segments (`{+name}`).
    Variable(&'t str, bool),
}

/// The variables of a path: name and raw value.
pub(crate) type Reading<'t, 'p> = BTreeMap<&'t str, &'p str>;

fn parts(template: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = template;
    while let Some((text, tail)) = rest.split_once('{') {
        if !text.is_empty() {
            parts.push(Part::Text(text));
        }
        let (name, tail) = tail.split_once('}').unwrap_or((tail, ""));
        parts.push(match name.strip_prefix('+') {
            Some(name) => Part::Variable(name, true),
            None => Part::Variable(name, false),
        });
        rest = tail;
    }
    if !rest.is_empty() {
        parts.push(Part::Text(rest));
    }
    parts
}

/// The variables of a template that take several segments.
pub(crate) fn takes_segments(template: &str, name: &str) -> bool {
    parts(template).contains(&Part::Variable(name, true))
}

/// All ways in which a raw path is one of a template.
pub(crate) fn readings<'t, 'p>(template: &'t str, path: &'p str) -> Vec<Reading<'t, 'p>> {
    let mut readings = Vec::new();
    read(&parts(template), path, &Reading::new(), &mut readings);
    readings
}

fn read<'t, 'p>(
    parts: &[Part<'t>],
    path: &'p str,
    before: &Reading<'t, 'p>,
    readings: &mut Vec<Reading<'t, 'p>>,
) {
    if readings.len() >= MOST_READINGS {
        return;
    }
    match parts.split_first() {
        None if path.is_empty() => readings.push(before.clone()),
        None => {}
        Some((Part::Text(text), rest)) => {
            if let Some(path) = path.strip_prefix(text) {
                read(rest, path, before, readings);
            }
        }
        Some((Part::Variable(name, several), rest)) => {
            let longest = if *several { path.len() } else { path.find('/').unwrap_or(path.len()) };
            // Where it is the last part it takes all or nothing.
            let shortest = if rest.is_empty() { longest } else { 0 };
            for length in shortest..=longest {
                if path.is_char_boundary(length) {
                    let mut reading = before.clone();
                    reading.insert(name, &path[..length]);
                    read(rest, &path[length..], &reading, readings);
                }
            }
        }
    }
}

/// Decodes `%XX`. The error says why the text is not rightly escaped; the characters in `raw` may
/// stand as they are beside the unreserved ones of RFC 3986.
pub(crate) fn unescape(text: &str, raw: &str) -> Result<String, String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        if c == '%' {
            let digits: Option<[u32; 2]> =
                (|| Some([rest.next()?.to_digit(16)?, rest.next()?.to_digit(16)?]))();
            let Some([high, low]) = digits else {
                return Err(format!("`%` without two hexadecimal digits in {text:?}"));
            };
            bytes.push(u8::try_from(high * 16 + low).unwrap_or_default());
        } else if c.is_ascii_alphanumeric() || "-._~".contains(c) || raw.contains(c) {
            bytes.push(u8::try_from(c).unwrap_or_default());
        } else {
            return Err(format!("{c:?} is not escaped in {text:?}"));
        }
    }
    String::from_utf8(bytes).map_err(|_| format!("{text:?} is no UTF-8"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn only(template: &'static str, path: &'static str) -> Vec<(&'static str, &'static str)> {
        let mut readings = readings(template, path);
        assert_eq!(readings.len(), 1, "{template} {path}: {readings:?}");
        readings.remove(0).into_iter().collect()
    }

    #[test]
    fn paths_are_read() {
        assert_eq!(only("v1/{+name}:cancel", "v1/a/b:cancel"), [("name", "a/b")]);
        assert_eq!(only("{a}/x/{b}", "1/x/2%2F3"), [("a", "1"), ("b", "2%2F3")]);
        assert_eq!(only("plain", "plain"), []);
        assert_eq!(readings("{+a}/x/{+b}", "1/x/2/x/3").len(), 2);
        for (template, path) in [
            ("v1/{a}", "v1/b/c"),
            ("v1/{+a}:get", "v1/b"),
            ("v1/{a}", "v2/b"),
            ("plain", "plainer"),
        ] {
            assert!(readings(template, path).is_empty(), "{template} {path}");
        }
        assert!(takes_segments("v1/{+a}/{b}", "a") && !takes_segments("v1/{+a}/{b}", "b"));
    }

    #[test]
    fn escapes_are_checked() {
        assert_eq!(unescape("a%2Fb%C3%A9~", "").unwrap(), "a/bé~");
        assert_eq!(unescape("a/b", "/").unwrap(), "a/b");
        for (text, what) in [
            ("a/b", "'/' is not escaped"),
            ("a:b", "':' is not escaped"),
            ("a+b", "'+' is not escaped"),
            ("a%2", "without two"),
            ("a%zz", "without two"),
            ("%FF", "no UTF-8"),
        ] {
            let said = unescape(text, "").unwrap_err();
            assert!(said.contains(what), "{text}: {said}");
        }
    }
}
