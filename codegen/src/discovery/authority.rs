//! The part of a URL between `//` and the path: where requests, and tokens with them, go.

/// A host and perhaps a port, as a document may name them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Authority<'a> {
    /// The host alone.
    pub(crate) host: &'a str,
    /// The port, where one is written.
    pub(crate) port: Option<u16>,
}

impl<'a> Authority<'a> {
    /// Reads `host` or `host:port`; anything else is none.
    ///
    /// HTTP clients take any text for a port: with `evil.example:x.googleapis.com` they go to
    /// `evil.example`. So what follows the host must be a number, and a user name, an escape or a
    /// backslash, which clients read in different ways, is refused.
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        let (host, port) = match text.split_once(':') {
            Some((host, port)) => (host, Some(number(port)?)),
            None => (text, None),
        };
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
        let is_host =
            host.starts_with(|c: char| c.is_ascii_alphanumeric()) && host.chars().all(is_plain);
        is_host.then_some(Self { host, port })
    }
}

fn number(port: &str) -> Option<u16> {
    let is_number = port.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { port.parse().ok().filter(|port| *port != 0) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_and_ports_are_told_apart() {
        for (text, host, port) in [
            ("people.googleapis.com", "people.googleapis.com", None),
            ("127.0.0.1:80", "127.0.0.1", Some(80)),
            ("a-b:65535", "a-b", Some(65_535)),
        ] {
            assert_eq!(Authority::parse(text), Some(Authority { host, port }), "{text}");
        }
    }

    #[test]
    fn nothing_else_is_a_host() {
        for text in [
            "",
            ":80",
            ".a",
            "-a",
            "a:",
            "a:0",
            "a:65536",
            "a:+80",
            "a:80:80",
            "evil.example:x.googleapis.com",
            "a@b",
            "a:1@b",
            "a\\b",
            "a%2eb",
            "a b",
            "[::1]",
            "\u{e4}.example",
        ] {
            assert_eq!(Authority::parse(text), None, "{text}");
        }
    }
}
