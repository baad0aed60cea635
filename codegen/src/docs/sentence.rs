//! Sentences: the first one, and the one that says what to use instead of something deprecated.

use super::lists::outside;

/// Words with a dot that ends no sentence.
const SHORT: [&str; 14] = [
    "e.g.", "i.e.", "etc.", "vs.", "cf.", "ex.", "no.", "inc.", "approx.", "u.s.", "st.", "dr.",
    "incl.", "resp.",
];

/// Marks that stand before the sentence they belong to.
const MARKS: [&str; 9] = [
    "required.",
    "optional.",
    "output only.",
    "input only.",
    "immutable.",
    "identifier.",
    "deprecated.",
    "unordered list.",
    "non-empty.",
];

/// The first sentence, with the marks before it, and what follows.
pub(super) fn split(text: &str) -> (&str, &str) {
    let outside = outside(text);
    let mut from = 0;
    while let Some(at) = text[from..].find(". ").map(|at| at + from) {
        let (sentence, rest) = (&text[..=at], text[at + 2..].trim_start());
        from = at + 2;
        let last = sentence.rsplit(' ').next().unwrap_or_default().trim_start_matches(['(', '"']);
        let is_short = SHORT.contains(&last.to_ascii_lowercase().as_str()) || last.len() < 3;
        let begins = rest.starts_with(|c: char| c.is_uppercase() || matches!(c, '`' | '"' | '['));
        if outside[at] && begins && !is_short && !is_mark(sentence) {
            return (sentence, rest);
        }
    }
    (text, "")
}

/// Whether a text is nothing but marks.
fn is_mark(text: &str) -> bool {
    let mut rest = text.to_ascii_lowercase();
    while let Some(mark) = MARKS.iter().find(|mark| rest.trim_start().starts_with(**mark)) {
        rest = rest.trim_start()[mark.len()..].to_owned();
    }
    rest.trim().is_empty()
}

/// What a description says to do about its being deprecated, such as ``use `other` instead``.
pub fn advice(description: &str) -> Option<String> {
    let text = super::seen(super::cut(description));
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ").replace("**", "");
    // ASCII lower case keeps all offsets.
    let lower = text.to_ascii_lowercase();
    lower.match_indices("deprecated").find_map(|(at, _)| advice_at(&text, at))
}

fn advice_at(text: &str, at: usize) -> Option<String> {
    let signs = [':', '.', '!', ',', ';'];
    let rest = text[at + "deprecated".len()..].trim_start();
    let after = rest.trim_start_matches(signs).trim_start();
    let inside = after.strip_prefix('(').and_then(|rest| rest.split_once(')')).map(|(in_, _)| in_);
    // "has been deprecated and .." goes on with the same sentence.
    let next = rest.starts_with(signs).then(|| sentence(after));
    let start = text[..at].rfind(". ").map_or(0, |end| end + 2);
    let whole = sentence(&text[start..]);
    let advice = inside.into_iter().chain(next).chain([whole]).find(|text| is_advice(text))?;
    let advice = advice.trim_end_matches(['.', ' ']);
    let mut letters = advice.chars();
    let first = letters.next()?;
    Some(first.to_uppercase().chain(letters).collect())
}

/// The text up to the end of its first sentence, also where the dot was forgotten.
fn sentence(text: &str) -> &str {
    let end = text.find(". ").map_or(text.len(), |at| at + 1);
    let text = &text[..end];
    let forgotten = [" The ", " A ", " An "].iter().filter_map(|word| text.find(word)).min();
    forgotten.filter(|at| *at > 0).map_or(text, |at| &text[..at])
}

fn is_advice(text: &str) -> bool {
    const SIGNS: [&str; 7] =
        ["use ", "instead", "replaced", "no longer", "not supported", "no data", "in favor of"];
    let lower = text.to_ascii_lowercase();
    let is_plain =
        !text.contains(['[', '<', '\\', '{']) && text.matches('`').count().is_multiple_of(2);
    is_plain && text.len() <= 200 && SIGNS.iter().any(|sign| lower.contains(sign))
}
