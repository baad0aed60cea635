//! The URL of a call.

use http::Uri;
use http::uri::Scheme;

use super::Piece;
use super::host::{is_loopback, is_plain};

/// The longest URL that the `http` crate takes.
const LONGEST: usize = 65_534;

/// Where an API is: checked, and with a slash at the end.
pub(super) fn base(url: &str, allow_http: bool) -> Result<String, String> {
    let wrong = |what: &str| Err(format!("the base URL {what}"));
    // http::Uri drops a fragment in silence.
    if url.contains(['?', '#']) {
        return wrong("has a query or a fragment");
    }
    let Ok(uri) = url.parse::<Uri>() else {
        return wrong("is not valid");
    };
    let (Some(scheme), Some(authority)) = (uri.scheme(), uri.authority()) else {
        return wrong("is not absolute (https://host/)");
    };
    if authority.as_str().contains('@') {
        return wrong("has a user name in it");
    }
    if !is_plain(authority) {
        return wrong("has no usable host or port");
    }
    if *scheme == Scheme::HTTP {
        if !allow_http && !is_loopback(authority.host()) {
            return wrong("has http: only this machine is called without TLS, unless allowed");
        }
    } else if *scheme != Scheme::HTTPS {
        return wrong("has neither https nor http");
    }
    let slash = if url.ends_with('/') { "" } else { "/" };
    Ok(format!("{url}{slash}"))
}

/// Appends the path of a method to a URL, with its variables put in.
pub(super) fn push_path(
    url: &mut String,
    pieces: &[Piece],
    variables: &[(&str, String)],
) -> Result<(), String> {
    for piece in pieces {
        let (name, is_reserved) = match *piece {
            Piece::Text(text) => {
                url.push_str(text);
                continue;
            }
            Piece::Simple(name) => (name, false),
            Piece::Reserved(name) => (name, true),
        };
        let Some((_, value)) = variables.iter().find(|(own, _)| *own == name) else {
            return Err(format!("the path variable `{name}` is missing"));
        };
        if is_reserved {
            for (index, segment) in value.split('/').enumerate() {
                if index > 0 {
                    url.push('/');
                }
                push_segment(url, name, segment)?;
            }
        } else {
            push_segment(url, name, value)?;
        }
    }
    Ok(())
}

fn push_segment(url: &mut String, name: &str, segment: &str) -> Result<(), String> {
    match segment {
        "" => Err(format!("the path variable `{name}` is empty or has an empty segment")),
        // Clients and servers on the way may fold these into another resource.
        "." | ".." => Err(format!("the path variable `{name}` has the segment `{segment}`")),
        _ => {
            push_escaped(url, segment);
            Ok(())
        }
    }
}

/// Appends query parameters to a URL.
pub(super) fn push_query<'a>(
    url: &mut String,
    parameters: impl IntoIterator<Item = (&'a str, &'a str)>,
) {
    let mut separator = '?';
    for (name, value) in parameters {
        url.push(separator);
        push_escaped(url, name);
        url.push('=');
        push_escaped(url, value);
        separator = '&';
    }
}

/// The finished URL.
pub(super) fn finish(url: String) -> Result<Uri, String> {
    if url.len() > LONGEST {
        return Err(format!("the URL has {} bytes, more than {LONGEST}", url.len()));
    }
    url.try_into().map_err(|error| format!("the URL is not valid: {error}"))
}

/// Everything but the unreserved characters of RFC 3986 becomes `%XX`.
fn push_escaped(url: &mut String, text: &str) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            url.push(char::from(byte));
        } else {
            url.push('%');
            url.push(char::from(DIGITS[usize::from(byte >> 4)]));
            url.push(char::from(DIGITS[usize::from(byte & 15)]));
        }
    }
}
