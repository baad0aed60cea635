//! Breaking a paragraph into lines.

/// Adds the lines of a paragraph: `first` stands before its first line, `then` before the others.
pub(super) fn into(text: &str, first: &str, then: &str, width: usize, lines: &mut Vec<String>) {
    let mut line = first.to_owned();
    let mut is_empty = true;
    for word in pieces(text) {
        let is_full = line.chars().count() + 1 + word.chars().count() > width;
        if !is_empty && is_full && !means_a_block(word) {
            lines.push(std::mem::replace(&mut line, then.to_owned()));
            is_empty = true;
        }
        if !is_empty {
            line.push(' ');
        }
        line.push_str(word);
        is_empty = false;
    }
    if !is_empty {
        lines.push(line);
    }
}

/// The words, with code spans kept whole: a line break inside one would be a blank, but its end
/// might then begin a line as something else.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut ticks = false;
    let mut escape = false;
    text.split(move |c: char| {
        match c {
            '\\' if !ticks => {
                escape = !escape;
                return false;
            }
            '`' if !escape => ticks = !ticks,
            _ => {}
        }
        escape = false;
        c == ' ' && !ticks
    })
    .filter(|word| !word.is_empty())
}

/// Whether a word at the beginning of a line would be read as the beginning of a list, a heading,
/// a quotation, a rule or a table.
fn means_a_block(word: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    let numbered = word.strip_suffix(['.', ')']).is_some_and(is_number);
    let of = |letters: &str| word.chars().all(|c| letters.contains(c));
    numbered
        || of("-")
        || of("+")
        || of("*")
        || of("=")
        || of("#")
        || of("_")
        || of("~")
        || word.starts_with(['>', '|'])
}
