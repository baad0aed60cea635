//! URI templates: the path of a method, cut into text and variables.

use crate::api::Piece;

/// Takes a template apart. The error says what is wrong with it.
///
/// Only what Google's documents use is known: `{name}`, one segment, and `{+name}`, any number of
/// segments. A slash at the beginning is left out, since the path stands below the base URL.
pub(super) fn pieces(template: &str) -> Result<Vec<Piece>, String> {
    let mut pieces = Vec::new();
    let mut rest = template.strip_prefix('/').unwrap_or(template);
    while !rest.is_empty() {
        let Some(open) = rest.find('{') else {
            pieces.push(Piece::Text(text(rest)?));
            break;
        };
        if open > 0 {
            pieces.push(Piece::Text(text(&rest[..open])?));
        }
        let Some(length) = rest[open..].find('}') else {
            return Err(format!("`{}` is not closed", &rest[open..]));
        };
        pieces.push(variable(&rest[open + 1..open + length])?);
        rest = &rest[open + length + 1..];
    }
    // Segments are looked at as a whole: `a/.` and `./b` may meet in the middle of two pieces.
    let shape: String =
        pieces.iter().map(|piece| if let Piece::Text(text) = piece { text } else { "x" }).collect();
    // What reads URLs takes a dot and its escape for the same.
    let shape = shape.replace("%2e", ".").replace("%2E", ".");
    if shape.starts_with('/') || shape.split('/').any(|segment| segment == "." || segment == "..") {
        return Err("it leaves its place below the base URL".to_owned());
    }
    if shape.is_empty() {
        return Err("it is empty".to_owned());
    }
    Ok(pieces)
}

fn text(text: &str) -> Result<String, String> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._~/:@!$&'()*+,;=%".contains(c);
    match text.chars().find(|&c| !is_plain(c)) {
        Some(odd) => Err(format!("{odd:?} cannot stand in a path")),
        None => Ok(text.to_owned()),
    }
}

fn variable(inner: &str) -> Result<Piece, String> {
    let (is_reserved, name) = match inner.strip_prefix('+') {
        Some(name) => (true, name),
        None => (false, inner),
    };
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '$' | '@');
    if name.is_empty() || !name.chars().all(is_name) {
        return Err(format!("`{{{inner}}}` is neither `{{name}}` nor `{{+name}}`"));
    }
    Ok(if is_reserved { Piece::Reserved(name.to_owned()) } else { Piece::Simple(name.to_owned()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_taken_apart() {
        let expected = [
            Piece::Text("v1/".to_owned()),
            Piece::Reserved("resourceName".to_owned()),
            Piece::Text(":updateContact".to_owned()),
        ];
        assert_eq!(pieces("v1/{+resourceName}:updateContact").unwrap(), expected);
        assert_eq!(
            pieces("/{a}{b}").unwrap(),
            [Piece::Simple("a".to_owned()), Piece::Simple("b".to_owned())]
        );
    }

    #[test]
    fn other_templates_are_refused() {
        for template in [
            "",
            "/",
            "a/{b",
            "a/{b*}",
            "a/{/b}",
            "a/{}",
            "a/{?q}",
            "a b",
            "a?b",
            "a#b",
            "../a",
            "a/./b",
            "//host/a",
            "a\\b",
            "a/%2e%2E/b",
        ] {
            assert!(pieces(template).is_err(), "{template}");
        }
    }
}
