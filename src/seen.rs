//! Which contacts a run has already been given a change for.

use std::collections::HashSet;

/// Resource names, exact. A name of the usual form, `people/c` and a decimal number, takes eight
/// bytes and what the table needs around them.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    numbered: HashSet<u64>,
    others: HashSet<Box<str>>,
}

impl Seen {
    /// Adds a name; `false` when it was there before.
    pub(crate) fn insert(&mut self, name: &str) -> bool {
        match number(name) {
            Some(number) => self.numbered.insert(number),
            None => self.others.insert(name.into()),
        }
    }
}

/// The number of a name, only where the number gives back the same name.
fn number(name: &str) -> Option<u64> {
    let digits = name.strip_prefix("people/c")?;
    let is_plain = digits.bytes().all(|digit| digit.is_ascii_digit());
    let has_zeros = digits.len() > 1 && digits.starts_with('0');
    if is_plain && !has_zeros { digits.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_apart_exactly() {
        let mut seen = Seen::default();
        let names = [
            "people/c1",
            "people/c01",
            "people/c+1",
            "people/c18446744073709551615",
            "people/c18446744073709551616",
            "people/cab",
        ];
        for name in names {
            assert!(seen.insert(name), "{name}");
        }
        for name in names {
            assert!(!seen.insert(name), "{name}");
        }
        assert_eq!(seen.numbered.len(), 2);
    }
}
