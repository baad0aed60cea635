//! Characters that nobody sees, and that break a line, write to a terminal or turn the text around
//! them: rustc refuses the last ones in comments and literals.

/// Whether a character is a control character, a mark of direction, or a separator of lines.
pub fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{61c}'
                | '\u{200e}'
                | '\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2066}'..='\u{2069}'
                | '\u{feff}'
        )
}

/// The text in one line, with a blank in the place of each of them.
pub fn seen(text: &str) -> String {
    text.chars().map(|c| if is_unseen(c) { ' ' } else { c }).collect()
}
