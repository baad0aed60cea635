//! Lists that were run into one line: `Values are: * a * b`, `If so: - one. - two.`, `1. a 2. b`.

/// A list found in a paragraph.
pub(super) struct List<'a> {
    /// What stands before it.
    pub(super) before: &'a str,
    /// Marker (`- ` or `1. `) and text of each item.
    pub(super) items: Vec<(String, &'a str)>,
}

/// The first list in a paragraph, up to its end. `is_item` says that the paragraph is an item of a
/// list itself, where a star means an item more often than a product.
pub(super) fn found(text: &str, is_item: bool) -> Option<List<'_>> {
    let outside = outside(text);
    let stars = starts(text, " * ", &outside);
    let dashes = starts(text, " - ", &outside);
    let dots = starts(text, " \u{2022} ", &outside);
    let lists = [
        of_stars(text, stars, is_item),
        of_dashes(text, &dashes),
        of_bullets(text, &dots, " \u{2022} "),
        of_numbers(text, &outside),
    ];
    lists.into_iter().flatten().min_by_key(|list| list.before.len())
}

fn of_stars(text: &str, mut stars: Vec<usize>, is_item: bool) -> Option<List<'_>> {
    let is_formula = text.contains(['=', '(', '+']);
    // After a full stop it may still be a product; an item begins like a sentence then.
    let begins = |at: usize| {
        let item = text[at + 3..].trim_start();
        item.starts_with(|c: char| c.is_uppercase() || matches!(c, '`' | '"' | '[' | '<' | '*'))
    };
    let is_first = |at: usize| text[..at].trim_end().ends_with([':', '*']) || begins(at);
    let first = stars.iter().position(|at| introduces(&text[..*at]) && is_first(*at));
    let first = first.or_else(|| (is_item || stars.len() > 2 && !is_formula).then_some(0))?;
    of_bullets(text, &stars.split_off(first.min(stars.len())), " * ")
}

/// A dash between words is a dash; one after the end of a sentence begins an item.
fn of_dashes<'a>(text: &'a str, dashes: &[usize]) -> Option<List<'a>> {
    let before = |at: usize| text[..at].trim_end_matches(['*', '`', '"', ')']).chars().last();
    let first = dashes.iter().position(|at| introduces(&text[..*at]))?;
    let (first, rest) = dashes[first..].split_first()?;
    let is_strong = |at: &usize| before(*at).is_some_and(|c| ".,;:!?".contains(c));
    let strong: Vec<usize> = rest.iter().copied().filter(is_strong).collect();
    // Where no item ends like a sentence, they are words.
    let rest = if strong.is_empty() { rest.to_vec() } else { strong };
    // One dash after a sentence is no list yet.
    if rest.is_empty() && before(*first) != Some(':') {
        return None;
    }
    of_bullets(text, &[&[*first], rest.as_slice()].concat(), " - ")
}

fn of_bullets<'a>(text: &'a str, starts: &[usize], bullet: &str) -> Option<List<'a>> {
    let before = text[..*starts.first()?].trim();
    let ends = starts[1..].iter().copied().chain([text.len()]);
    let items = starts.iter().zip(ends).map(|(start, end)| text[start + bullet.len()..end].trim());
    let items = items.filter(|item| !item.is_empty()).map(|item| ("- ".to_owned(), item));
    Some(List { before, items: items.collect() })
}

/// `1. `, `1) ` or `(1) ` after the end of a sentence, with a `2` after it.
fn of_numbers<'a>(text: &'a str, outside: &[bool]) -> Option<List<'a>> {
    let styles = [(" ", ". "), (" ", ") "), (" (", ") ")];
    let lists = styles.into_iter().filter_map(|(open, close)| {
        let mut starts: Vec<(usize, usize)> = Vec::new();
        let mut from = 0;
        loop {
            let sign = format!("{open}{}{close}", starts.len() + 1);
            let found = text[from..].match_indices(&sign).map(|(at, _)| at + from).find(|at| {
                let before = text[..*at].trim_end_matches(['`', '"', ')', '*']);
                let before = before.trim_end_matches(" and").trim_end_matches(" or");
                // The brackets of `(1)` are no brackets around it.
                let is_outside = outside[*at];
                is_outside && before.ends_with(['.', ':', ';', ',', '!', '?'])
            });
            let Some(at) = found else { break };
            starts.push((at, at + sign.len()));
            from = at + sign.len() - 1;
        }
        let ends = starts.iter().skip(1).map(|(at, _)| *at).chain([text.len()]);
        let items = starts.iter().zip(ends).map(|((_, start), end)| text[*start..end].trim());
        let items = (1..).zip(items).map(|(number, item)| (format!("{number}. "), item));
        let items: Vec<_> = items.collect();
        let before = text[..starts.first()?.0].trim();
        (items.len() > 1).then_some(List { before, items })
    });
    lists.min_by_key(|list| list.before.len())
}

/// Whether a list may follow this text: it ends with a colon or a sentence.
fn introduces(text: &str) -> bool {
    let text = text.trim_end().trim_end_matches(['*', '`', '"', ')']);
    text.ends_with([':', '.', ';', '!', '?'])
}

/// Where a sign stands outside of code spans and brackets.
fn starts(text: &str, sign: &str, outside: &[bool]) -> Vec<usize> {
    text.match_indices(sign).map(|(at, _)| at).filter(|at| outside[*at]).collect()
}

/// For every byte whether it stands outside of code spans and of brackets that are closed.
pub(super) fn outside(text: &str) -> Vec<bool> {
    let mut outside = vec![true; text.len()];
    let mut tick = None;
    let mut brackets = Vec::new();
    for (at, c) in text.char_indices() {
        match c {
            '`' => {
                if let Some(start) = tick.take() {
                    outside[start..=at].fill(false);
                } else {
                    tick = Some(at);
                }
            }
            '(' if tick.is_none() => brackets.push(at),
            ')' if tick.is_none() => {
                if let Some(start) = brackets.pop() {
                    outside[start..=at].fill(false);
                }
            }
            _ => {}
        }
    }
    outside
}
