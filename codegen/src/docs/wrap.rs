//! Breaking a paragraph into lines.

/// Adds the lines of a paragraph: `first` stands before its first line, `then` before the others.
pub(super) fn into(text: &str, first: &str, then: &str, width: usize, lines: &mut Vec<String>) {
    let mut start = first;
    let mut line: Vec<&str> = Vec::new();
    for word in pieces(text) {
        let columns: usize = line.iter().map(|word| word.chars().count() + 1).sum();
        if !line.is_empty() && start.len() + columns + word.chars().count() > width {
            // A word that must not begin a line takes those before it along.
            let stays = line.iter().rposition(|word| !means_a_block(word)).unwrap_or(0);
            let end = if means_a_block(word) { stays } else { line.len() };
            if end > 0 {
                let next = line.split_off(end);
                lines.push(start.to_owned() + &line.join(" "));
                (start, line) = (then, next);
            }
        }
        line.push(word);
    }
    if !line.is_empty() {
        lines.push(start.to_owned() + &line.join(" "));
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
/// a quotation, a rule, a table or a block of code.
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
        || word.starts_with(['>', '|', '~'])
}
