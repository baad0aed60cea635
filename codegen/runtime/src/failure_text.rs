//! A short message from a body that is no JSON.

/// The longest message made from a body, in characters.
const LONGEST: usize = 300;

/// The readable part of a body on one line: what is no UTF-8 is replaced, tags, styles and scripts
/// are dropped, long texts are cut.
pub(super) fn readable(body: &[u8]) -> String {
    // Nobody reads more, and a body may have megabytes.
    let head = body.get(..16 * 1024).unwrap_or(body);
    let text = String::from_utf8_lossy(head);
    let is_markup = text.trim_start().starts_with('<');
    let plain = if is_markup { without_tags(&text) } else { text.into_owned() };
    one_line(&plain)
}

fn without_tags(markup: &str) -> String {
    let mut plain = String::new();
    let mut rest = markup;
    while let Some((before, tagged)) = rest.split_once('<') {
        plain.push_str(before);
        plain.push(' ');
        rest = match hidden_until(tagged) {
            Some(end) => skip_past(tagged, end),
            None => tagged,
        };
        rest = rest.split_once('>').map_or("", |(_, after)| after);
    }
    plain.push_str(rest);
    for (entity, text) in [
        ("&nbsp;", " "),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ] {
        plain = plain.replace(entity, text);
    }
    plain
}

/// The end of an element whose content is not for readers, given what follows its `<`.
fn hidden_until(tagged: &str) -> Option<&'static str> {
    let starts =
        |name: &str| tagged.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
    if starts("style") {
        Some("</style")
    } else if starts("script") {
        Some("</script")
    } else if starts("!--") {
        Some("--")
    } else {
        None
    }
}

/// What follows the end of a hidden element, up to the `>` that closes it.
fn skip_past<'a>(tagged: &'a str, end: &str) -> &'a str {
    // ASCII lower case keeps all offsets.
    let found = tagged.to_ascii_lowercase().get(3..).and_then(|text| text.find(end));
    found.and_then(|at| tagged.get(3 + at + end.len()..)).unwrap_or("")
}

fn one_line(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    let mut line = words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    if let Some((end, _)) = line.char_indices().nth(LONGEST) {
        line.truncate(end);
        line.push('…');
    }
    line
}
