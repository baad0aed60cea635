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
    let mut line = String::new();
    let mut length = 0;
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|w| !w.is_empty())
    {
        if length > 0 {
            line.push(' ');
            length += 1;
        }
        for c in word.chars() {
            if length == LONGEST {
                line.push('…');
                return line;
            }
            line.push(c);
            length += 1;
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::readable;

    #[test]
    fn markup_becomes_text() {
        let page = b"<!DOCTYPE html><html lang=en><!-- a > b --><style>p{color:red}</style>\n\
            <title>Error 404 (Not Found)!!1</title><SCRIPT>if (a < b) x()</SCRIPT>\
            <p><b>404.</b> The requested URL <code>/v1/x</code> was not found &amp; so on.";
        assert_eq!(
            readable(page),
            "Error 404 (Not Found)!!1 404. The requested URL /v1/x was not found & so on."
        );
    }

    #[test]
    fn odd_bodies_are_harmless() {
        assert_eq!(readable(b""), "");
        assert_eq!(readable(b"<"), "");
        assert_eq!(readable(b"<style"), "");
        assert_eq!(readable(b"<!--"), "");
        assert_eq!(readable(b"<!-->"), "");
        assert_eq!(readable("<é".as_bytes()), "");
        assert_eq!(readable(b"a\xffb"), "a\u{fffd}b");
        assert_eq!(readable(b"bad\r\n\x00 gateway"), "bad gateway");
        assert_eq!(readable(&[b'x'; 100_000]).chars().count(), 301);
    }
}
