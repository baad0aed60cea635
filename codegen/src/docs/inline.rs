//! The text of one paragraph as markdown that means what it says and nothing else.

/// Escapes a paragraph: code spans stay, links to the web stay links, bare addresses become links,
/// every other bracket, tag and lone backtick is shown as it is.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let taken = match first {
            '`' => code_span(rest, &mut out),
            '[' => match link(rest, &mut out) {
                0 => reference(rest, &mut out),
                taken => taken,
            },
            'h' => address(rest, &mut out),
            '<' => tag(rest, &mut out),
            _ => 0,
        };
        if taken > 0 {
            rest = &rest[taken..];
            continue;
        }
        match first {
            '`' | '[' | ']' | '<' | '\\' => out.extend(['\\', first]),
            // Tildes would open a block of code, which would be a doc test.
            '#' | '>' | '=' | '|' | '~' if out.trim_end().is_empty() => out.extend(['\\', first]),
            _ => out.push(first),
        }
        rest = &rest[first.len_utf8()..];
    }
    out
}

/// A code span that is closed. Blanks inside it stay together as they are.
fn code_span(rest: &str, out: &mut String) -> usize {
    let ticks = rest.len() - rest.trim_start_matches('`').len();
    let fence = &rest[..ticks];
    let inner = &rest[ticks..];
    let Some(length) = inner.find(fence) else { return 0 };
    let closing = &inner[length + ticks..];
    if length == 0 || closing.starts_with('`') || inner[..length].trim().is_empty() {
        return 0;
    }
    // Three at the beginning of a line would open a block of code where the line is broken.
    match (ticks, inner[..length].contains('`')) {
        (1 | 2, _) => out.push_str(&rest[..ticks + length + ticks]),
        (_, false) => out.extend(["`", &inner[..length], "`"]),
        (_, true) => {
            out.push_str(&"\\`".repeat(ticks));
            return ticks;
        }
    }
    ticks + length + ticks
}

/// `[text](https://...)`.
fn link(rest: &str, out: &mut String) -> usize {
    let Some(middle) = rest.find("](") else { return 0 };
    let text = &rest[1..middle];
    let Some(length) = rest[middle + 2..].find(')') else { return 0 };
    let target = rest[middle + 2..middle + 2 + length].trim();
    // Paths are those of the pages that descriptions are written for.
    let whole = format!("https://developers.google.com{target}");
    let target = if target.starts_with('/') && !target.starts_with("//") { &whole } else { target };
    let inner = text.strip_prefix('`').and_then(|text| text.strip_suffix('`')).unwrap_or(text);
    if inner.contains(['[', ']', '`', '<']) || inner.trim().is_empty() || !is_address(target) {
        return 0;
    }
    let is_code = inner.len() < text.len();
    let shown = if is_code { text.to_owned() } else { text.trim().replace('\\', "\\\\") };
    out.push_str(&format!("[{shown}]({target})"));
    middle + 2 + length + 1
}

/// `[Person][google.people.v1.Person]`: a reference in the sources of the API, which leads nowhere
/// from here. Its text stays.
fn reference(rest: &str, out: &mut String) -> usize {
    let Some((text, after)) = rest[1..].split_once("][") else { return 0 };
    let Some((target, _)) = after.split_once(']') else { return 0 };
    let is_name = |text: &str| {
        !text.is_empty()
            && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_'))
    };
    let name = text.strip_prefix('`').and_then(|text| text.strip_suffix('`')).unwrap_or(text);
    let is_word = |text: &str| text.split(' ').all(is_name);
    if !(is_word(name) && is_name(target) && target.contains('.')) {
        return 0;
    }
    out.push_str(text);
    1 + text.len() + 2 + target.len() + 1
}

fn is_address(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let is_part = |c: char| {
        c.is_ascii_graphic() && !matches!(c, '<' | '>' | '"' | '`' | '\\' | '(' | ')' | '[' | ']')
    };
    rest.is_some_and(|rest| {
        rest.starts_with(|c: char| c.is_ascii_alphanumeric()) && rest.chars().all(is_part)
    })
}

/// A bare address.
fn address(rest: &str, out: &mut String) -> usize {
    let end = rest.find(|c: char| {
        c.is_whitespace()
            || matches!(c, '<' | '>' | '"' | '`' | '(' | ')' | '[' | ']' | ',' | '\'' | '|')
    });
    let text = rest[..end.unwrap_or(rest.len())]
        .trim_end_matches(['.', ':', ';', '!', '?', '*', '_', '}']);
    if !is_address(text) {
        // `https://-my.example.com` leads nowhere, and as text rustdoc would take it for a link.
        let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        let is_like_one = |c: char| c.is_ascii_alphanumeric() || "-@:%._+~#=".contains(c);
        if host.is_some_and(|host| host.starts_with(is_like_one)) {
            out.extend(["`", text, "`"]);
            return text.len();
        }
        return 0;
    }
    // The blank is lost in `seehttps://...`, which would be no link, and a lint of rustdoc.
    if out.ends_with(|c: char| c.is_ascii_alphanumeric()) {
        out.push(' ');
    }
    out.push_str(&format!("<{text}>"));
    text.len()
}

/// HTML of the simple kind: known tags go, `<https://...>` stays, anything else is text.
fn tag(rest: &str, out: &mut String) -> usize {
    const KNOWN: &[&str] = &[
        "a", "b", "br", "code", "dd", "div", "dl", "dt", "em", "i", "li", "ol", "p", "pre", "span",
        "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "u", "ul", "var",
    ];
    let Some(end) = rest.find('>') else { return 0 };
    let inner = &rest[1..end];
    if is_address(inner) {
        out.push_str(&rest[..=end]);
        return end + 1;
    }
    let name = inner
        .trim_start_matches('/')
        .split([' ', '/'])
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    if !KNOWN.contains(&name.as_str()) {
        return 0;
    }
    // A tag between words parts them.
    if matches!(name.as_str(), "br" | "dd" | "div" | "dt" | "li" | "p" | "td" | "th" | "tr") {
        out.push(' ');
    }
    end + 1
}
