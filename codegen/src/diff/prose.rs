//! What descriptions say to a machine: "Required.", "Output only.", that something is deprecated,
//! and limits.

use std::collections::BTreeMap;

/// A sentence about a limit, and its numbers.
#[derive(Debug, PartialEq, Eq)]
struct Limit<'a> {
    sentence: &'a str,
    numbers: Vec<String>,
}

/// Words that make a number a limit.
const LIMIT_WORDS: &[&str] = &[
    "at least",
    "at most",
    "cannot exceed",
    "exceed",
    "fewer than",
    "greater than",
    "less than",
    "limit",
    "longer than",
    "max",
    "min",
    "more than",
    "shorter than",
    "up to",
];

/// Whether the prose says that requests need it.
pub(super) fn says_required(description: &str) -> bool {
    description.starts_with("Required.")
}

/// Whether the prose says that only answers have it.
pub(super) fn says_output_only(description: &str) -> bool {
    let lower = description.to_ascii_lowercase();
    lower.contains("output only.") || lower.contains("[output only]")
}

/// Whether the prose says that it is deprecated.
pub(super) fn says_deprecated(description: &str) -> bool {
    let lower = description.to_ascii_lowercase();
    lower.starts_with("deprecated")
        || lower.contains(" is deprecated")
        || description.contains("DEPRECATED")
}

/// The sentences about limits of two descriptions, where their numbers differ.
///
/// A sentence that is only worded in another way says nothing; one that appears or vanishes does,
/// unless its numbers stand in another sentence about a limit.
pub(super) fn limits(old: &str, new: &str) -> Option<(String, String)> {
    let (old, new) = (sentences(old), sentences(new));
    let mut open: BTreeMap<&str, Vec<&Limit>> = BTreeMap::new();
    for one in &old {
        open.entry(one.sentence).or_default().push(one);
    }
    let mut came = Vec::new();
    for one in &new {
        if open.get_mut(one.sentence).and_then(Vec::pop).is_none() {
            came.push(one);
        }
    }
    let gone: Vec<&Limit> =
        old.iter().filter(|one| open.get_mut(one.sentence).and_then(Vec::pop).is_some()).collect();
    if numbers(&gone) == numbers(&came) {
        return None;
    }
    Some((text(&gone), text(&came)))
}

fn numbers<'a>(limits: &[&'a Limit]) -> Vec<&'a str> {
    let mut numbers: Vec<&str> =
        limits.iter().flat_map(|one| one.numbers.iter().map(String::as_str)).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

fn text(limits: &[&Limit]) -> String {
    limits.iter().map(|one| one.sentence).collect::<Vec<_>>().join(" ")
}

fn sentences(description: &str) -> Vec<Limit<'_>> {
    let mut found = Vec::new();
    for sentence in description.split_inclusive([';', '\n', '*']).flat_map(stops) {
        // Most sentences have no number: they are passed over without a closer look.
        if !sentence.bytes().any(|byte| byte.is_ascii_digit()) {
            continue;
        }
        let sentence = sentence.trim_matches([' ', '\n', '*', ';', '\t', '\r']);
        let (shape, numbers) = masked(sentence);
        let lower = shape.to_ascii_lowercase();
        let is_limit = LIMIT_WORDS.iter().any(|word| has_word(&lower, word))
            || lower.contains("between #")
            || lower.contains("in the range");
        if !numbers.is_empty() && is_limit {
            found.push(Limit { sentence, numbers });
        }
    }
    found
}

/// Cuts at full stops that end a sentence.
fn stops(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = rest.find(". ").map_or(rest.len(), |at| at + 2);
        let (sentence, behind) = rest.split_at(end);
        rest = behind;
        Some(sentence)
    })
}

/// Whether a word begins there: `max` also stands for `maximum` and `maxima`.
fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        !text[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.')
    })
}

/// A sentence with `#` for its numbers, and the numbers without separators. Numbers inside words and
/// links are none.
fn masked(sentence: &str) -> (String, Vec<String>) {
    let mut shape = String::new();
    let mut numbers = Vec::new();
    let lower = sentence.to_ascii_lowercase();
    let is_about_errors = ["error", "http", "status"].iter().any(|word| lower.contains(word));
    for word in sentence.split(' ') {
        let bare = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
        let digits: String = bare.chars().filter(char::is_ascii_digit).collect();
        let is_number = bare.starts_with(|c: char| c.is_ascii_digit())
            && bare.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | '.'))
            && !word.contains('`');
        if is_number {
            // `a 429 error` and `HTTP 400` are no limits.
            let is_status = digits.len() == 3 && matches!(digits.as_bytes()[0], b'4' | b'5');
            if !(is_status && is_about_errors) {
                numbers.push(digits);
            }
            shape.push('#');
        } else {
            shape.push_str(word);
        }
        shape.push(' ');
    }
    (shape, numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_numbers_in_sentences_about_limits() {
        let limit = |old: &str, new: &str| limits(old, new);
        assert_eq!(
            limit("A list. Allows up to 200 contacts.", "A list. Allows up to 100 contacts.")
                .unwrap(),
            ("Allows up to 200 contacts.".to_owned(), "Allows up to 100 contacts.".to_owned())
        );
        assert_eq!(
            limit("The size.", "The size. The maximum is 1,000.").unwrap(),
            (String::new(), "The maximum is 1,000.".to_owned())
        );
        for (old, new) in [
            ("At most 200.", "You may send at most 200."),
            ("The maximum is 1,000.", "The maximum is 1000."),
            ("See RFC 1234.", "See RFC 5678."),
            ("Since 2019.", "Since 2020."),
            ("Up to 5. Up to 6.", "Up to 6. Up to 5."),
            ("A list.", "A list. If the quota is exceeded, a 429 error is returned."),
            ("A list.", "A list. The token for drift between two clients lives 7 days."),
        ] {
            assert_eq!(limit(old, new), None, "{old} | {new}");
        }
    }

    #[test]
    fn words_are_found_where_they_begin() {
        assert!(has_word("the maximum", "max"));
        assert!(!has_word("the climax", "max"));
        assert!(!has_word("admin", "min"));
    }

    #[test]
    fn marks_are_recognised() {
        assert!(
            says_output_only("Output only. The id.") && says_output_only("[Output Only] The id.")
        );
        assert!(!says_output_only("The output only matters."));
        assert!(
            says_deprecated("DEPRECATED: use x") && says_deprecated("This field is deprecated.")
        );
        assert!(!says_deprecated("Lists deprecated machines."));
    }
}
