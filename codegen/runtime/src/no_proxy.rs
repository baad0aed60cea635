//! Which servers are called without the proxy: `NO_PROXY`.

use std::net::IpAddr;

use super::host;

/// The rules of a `NO_PROXY`: a list with commas or blanks between
///
/// - `example.org`, `.example.org` or `*.example.org`: that host and all below it;
/// - `10.1.2.3`, `::1`: an address; `10.0.0.0/8`: a range of them;
/// - a host or an address with `:port`: that port alone;
/// - `*`: every server.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct NoProxy(Vec<Rule>);

#[derive(Clone, Debug, PartialEq)]
enum Rule {
    All,
    /// In lower case, without a dot before it.
    Host(String, Option<u16>),
    Address(IpAddr, Option<u16>),
    /// An address of the range, and how many leading bits all others share with it.
    Range(IpAddr, u8),
}

impl NoProxy {
    pub(super) fn parse(list: &str) -> Self {
        let entries = list.split(|c: char| c == ',' || c.is_whitespace());
        Self(entries.filter(|entry| !entry.is_empty()).filter_map(Rule::parse).collect())
    }

    /// Whether a server is called without the proxy.
    pub(super) fn contains(&self, host: &str, port: u16) -> bool {
        let address = host::address(host);
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        self.0.iter().any(|rule| match rule {
            Rule::All => true,
            Rule::Host(name, only) => {
                let before = host.strip_suffix(name.as_str());
                address.is_none()
                    && before.is_some_and(|before| before.is_empty() || before.ends_with('.'))
                    && only.is_none_or(|only| only == port)
            }
            Rule::Address(own, only) => {
                address == Some(*own) && only.is_none_or(|only| only == port)
            }
            Rule::Range(own, bits) => address.is_some_and(|address| share(*own, address, *bits)),
        })
    }
}

impl Rule {
    /// An entry; none for one that no server can match.
    fn parse(entry: &str) -> Option<Self> {
        if entry == "*" {
            return Some(Self::All);
        }
        if let Some((address, bits)) = entry.split_once('/') {
            let (address, bits) = (host::address(address)?, bits.parse().ok()?);
            let most = if address.is_ipv4() { 32 } else { 128 };
            return (bits <= most).then_some(Self::Range(address, bits));
        }
        // An IPv6 address without brackets has colons of its own.
        if let Some(address) = host::address(entry) {
            return Some(Self::Address(address, None));
        }
        let (name, port) = match entry.rsplit_once(':') {
            Some((name, port)) => (name, Some(port.parse().ok()?)),
            None => (entry, None),
        };
        if let Some(address) = host::address(name) {
            return Some(Self::Address(address, port));
        }
        let name = name.strip_prefix('*').unwrap_or(name);
        let name = name.trim_matches('.').to_ascii_lowercase();
        (!name.is_empty()).then_some(Self::Host(name, port))
    }
}

/// Whether two addresses have the same leading bits.
fn share(one: IpAddr, other: IpAddr, bits: u8) -> bool {
    // Shifting out all bits leaves nothing to differ.
    let differ = match (one, other) {
        (IpAddr::V4(one), IpAddr::V4(other)) => {
            let unlike = one.to_bits() ^ other.to_bits();
            unlike.checked_shr(32_u32.saturating_sub(bits.into())).unwrap_or(0) != 0
        }
        (IpAddr::V6(one), IpAddr::V6(other)) => {
            let unlike = one.to_bits() ^ other.to_bits();
            unlike.checked_shr(128_u32.saturating_sub(bits.into())).unwrap_or(0) != 0
        }
        _ => true,
    };
    !differ
}
