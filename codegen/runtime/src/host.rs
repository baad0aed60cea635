//! Hosts as URLs write them.

use std::net::IpAddr;

use http::uri::Authority;

/// Whether an authority is a host, perhaps with a port, and nothing else: no user name, no escapes.
///
/// `http::Uri` takes any text for a port, and clients then go to what stands before the colon:
/// `evil.example:x.googleapis.com` would lead to `evil.example`.
pub(super) fn is_plain(authority: &Authority) -> bool {
    let text = authority.as_str();
    let host = authority.host();
    let is_host = !host.is_empty() && !text.contains(['@', '%', '\\']);
    let is_port = match text.strip_prefix(host) {
        Some("") => true,
        Some(port) => is_port(port),
        None => false,
    };
    is_host && is_port
}

/// Whether this is a colon and a number that a port can be.
fn is_port(text: &str) -> bool {
    let Some(port) = text.strip_prefix(':') else { return false };
    port.bytes().all(|byte| byte.is_ascii_digit())
        && port.parse::<u16>().is_ok_and(|port| port != 0)
}

/// The address of a host that is one, with or without the brackets of IPv6.
pub(super) fn address(host: &str) -> Option<IpAddr> {
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    bare.parse().ok()
}

/// Whether a host is this machine.
pub(super) fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || address(host).is_some_and(|address| address.is_loopback())
}
