//! The patterns of a document: whether a text has one, and texts that do.

use fastrand::Rng;
use regex_syntax::hir::{Class, Hir, HirKind};

/// How often something is repeated that may be repeated without end.
const ENDLESS: u32 = 3;

/// Whether a text has a pattern as a whole. A pattern that cannot be read holds for every text.
pub(crate) fn holds(pattern: &str, text: &str) -> bool {
    match regex_lite::Regex::new(&format!("^(?:{pattern})$")) {
        Ok(regex) => regex.is_match(text),
        Err(_) => true,
    }
}

/// A text that has the pattern, where one is found; in a path, one without empty segments and dots.
pub(crate) fn invent(pattern: &str, is_in_path: bool, rng: &mut Rng) -> Option<String> {
    let hir = regex_syntax::parse(pattern).ok()?;
    (0..20).find_map(|_| {
        let mut text = String::new();
        add(&hir, rng, &mut text);
        let is_path =
            !is_in_path || !text.split('/').any(|segment| matches!(segment, "" | "." | ".."));
        (is_path && holds(pattern, &text)).then_some(text)
    })
}

fn add(hir: &Hir, rng: &mut Rng, text: &mut String) {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => text.push_str(&String::from_utf8_lossy(&literal.0)),
        HirKind::Class(class) => text.extend(character(class, rng)),
        HirKind::Repetition(repetition) => {
            let most = repetition.max.unwrap_or(repetition.min + ENDLESS);
            // Short texts say as much, and `.*` as nothing would leave an empty segment.
            let least = repetition.min.max(u32::from(repetition.max.is_none()));
            for _ in 0..rng.u32(least..=most.min(least + ENDLESS)) {
                add(&repetition.sub, rng, text);
            }
        }
        HirKind::Capture(capture) => add(&capture.sub, rng, text),
        HirKind::Concat(parts) => parts.iter().for_each(|part| add(part, rng, text)),
        HirKind::Alternation(choices) => add(&choices[rng.usize(..choices.len())], rng, text),
    }
}

/// A character of a class; where the class has more than names need, an odd one sometimes.
fn character(class: &Class, rng: &mut Rng) -> Option<char> {
    const PLAIN: &[char] = &['a', 'b', 'k', 'z', 'Q', '0', '1', '7', '9', '-', '_'];
    const ODD: &[char] = &[' ', '%', ':', '?', '#', '&', '+', '=', '@', '!', '\'', 'é', '→', '😀'];
    let Class::Unicode(class) = class else { return None };
    let has = |c: &char| class.iter().any(|range| range.start() <= *c && *c <= range.end());
    let lists = if rng.u8(..5) == 0 { [ODD, PLAIN] } else { [PLAIN, ODD] };
    for list in lists {
        let fitting: Vec<char> = list.iter().copied().filter(has).collect();
        if let Some(&c) = rng.choice(&fitting) {
            return Some(c);
        }
    }
    let ranges: Vec<_> = class.iter().collect();
    let range = rng.choice(&ranges)?;
    Some(rng.char(range.start()..=range.end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invented_texts_have_their_pattern() {
        let mut rng = Rng::with_seed(1);
        for pattern in [
            "^projects/[^/]+/locations/[^/]+$",
            "^v1/.*$",
            "[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?|[1-9][0-9]{0,19}",
            r"(\d){4}-(\d){2}-(\d){2}",
            "C.+|my_customer",
            r"\S{1,66}",
            r"(?i)(url:|origin:)?http(s)?://.*",
        ] {
            for _ in 0..50 {
                let is_in_path = pattern.starts_with('^');
                let text = invent(pattern, is_in_path, &mut rng).unwrap();
                assert!(holds(pattern, &text), "{pattern}: {text}");
            }
        }
        assert!(!holds("^projects/[^/]+$", "projects/a/b"));
        assert!(!holds("[a-z]", "ab"), "the whole text counts");
    }
}
