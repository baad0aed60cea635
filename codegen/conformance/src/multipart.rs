//! Bodies of several parts: `multipart/related` (RFC 2387), cut as RFC 2046 says.

/// A part: its content type and its bytes.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Part<'b> {
    pub(crate) content_type: String,
    pub(crate) bytes: &'b [u8],
}

/// The parts of a body. The error says what is wrong with it.
pub(crate) fn parts<'b>(content_type: &str, body: &'b [u8]) -> Result<Vec<Part<'b>>, String> {
    let boundary = boundary(content_type)?;
    let delimiter = format!("--{boundary}");
    // The line break before a delimiter is part of it.
    let later = format!("\r\n{delimiter}");
    let mut rest = body
        .strip_prefix(delimiter.as_bytes())
        .ok_or("the multipart body does not begin with its boundary")?;
    let mut parts = Vec::new();
    while !rest.starts_with(b"--") {
        rest = rest.strip_prefix(b"\r\n").ok_or("a boundary has no line of its own")?;
        let end = find(rest, later.as_bytes()).ok_or("a part of the body has no end")?;
        parts.push(part(&rest[..end])?);
        rest = &rest[end + later.len()..];
    }
    match rest {
        b"--" | b"--\r\n" => Ok(parts),
        _ => Err("something follows the last boundary".to_owned()),
    }
}

fn boundary(content_type: &str) -> Result<String, String> {
    let mut pieces = content_type.split(';').map(str::trim);
    if pieces.next() != Some("multipart/related") {
        return Err(format!("{content_type:?} instead of multipart/related"));
    }
    let value = pieces.find_map(|piece| piece.strip_prefix("boundary="));
    let value = value.ok_or("multipart/related without a boundary")?;
    let unquoted = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
    let boundary = unquoted.unwrap_or(value);
    let free = if unquoted.is_some() { "'()+_,-./:=? " } else { "'+_-." };
    let is_good = (1..=70).contains(&boundary.len())
        && boundary.chars().all(|c| c.is_ascii_alphanumeric() || free.contains(c));
    if is_good { Ok(boundary.to_owned()) } else { Err(format!("the boundary {value} is none")) }
}

fn part(bytes: &[u8]) -> Result<Part<'_>, String> {
    let end = find(bytes, b"\r\n\r\n").ok_or("a part has no end of its headers")?;
    let head = std::str::from_utf8(&bytes[..end]).map_err(|_| "a part has odd headers")?;
    let mut types = head.split("\r\n").filter_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-type").then(|| value.trim().to_owned())
    });
    match (types.next(), types.next()) {
        (Some(content_type), None) => Ok(Part { content_type, bytes: &bytes[end + 4..] }),
        _ => Err("a part does not have one content type".to_owned()),
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TYPE: &str = "multipart/related; boundary=x";
    const GOOD: &str = "--x\r\nContent-Type: application/json\r\n\r\n{}\r\n\
                        --x\r\ncontent-type: image/png\r\nA: b\r\n\r\n\r\n-\r\n--x--\r\n";

    #[test]
    fn parts_are_cut() {
        for ty in [TYPE, "multipart/related; type=a; boundary=\"x\""] {
            let parts = parts(ty, GOOD.as_bytes()).unwrap();
            let parts: Vec<(&str, &[u8])> =
                parts.iter().map(|part| (part.content_type.as_str(), part.bytes)).collect();
            assert_eq!(parts, [("application/json", &b"{}"[..]), ("image/png", &b"\r\n-"[..])]);
        }
    }

    #[test]
    fn each_rule_is_seen_to_fail() {
        let long = format!("multipart/related; boundary={}", "x".repeat(71));
        for (ty, from, to, expected) in [
            ("multipart/mixed; boundary=x", "", "", "instead of multipart/related"),
            ("multipart/related", "", "", "without a boundary"),
            ("multipart/related; boundary=a:b", "", "", "the boundary a:b is none"),
            (&long, "", "", "is none"),
            (TYPE, "--x\r\nContent", "\r\n--x\r\nContent", "does not begin with its boundary"),
            (TYPE, "--x\r\ncontent", "--xy\r\ncontent", "no line of its own"),
            (TYPE, "--x--\r\n", "--", "a part of the body has no end"),
            (TYPE, "--x--\r\n", "--x--\r\nmore", "something follows"),
            (TYPE, "json\r\n\r\n", "json\r\n", "no end of its headers"),
            (TYPE, "Content-Type", "Content-Tide", "does not have one content type"),
        ] {
            let said = parts(ty, GOOD.replacen(from, to, 1).as_bytes()).unwrap_err();
            assert!(said.contains(expected), "{said:?} lacks {expected:?}");
        }
    }
}
