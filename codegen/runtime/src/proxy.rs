//! Which proxy a server is reached through.

use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::uri::Scheme;
use http::{HeaderValue, Uri};

use super::host;
use super::no_proxy::NoProxy;

/// An HTTP proxy.
#[derive(PartialEq)]
pub(super) struct Proxy {
    /// Its address, without credentials.
    pub(super) uri: Uri,
    /// What it is told about who asks.
    pub(super) authorization: Option<HeaderValue>,
}

impl Proxy {
    /// Reads `http://user:password@host:port`; the scheme may be `https` or missing, the
    /// credentials and the port may be missing. The error does not repeat the text: it may have a
    /// password.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let invalid = || "it has the form http://user:password@host:port".to_owned();
        let (scheme, rest) = text.trim().split_once("://").unwrap_or(("http", text.trim()));
        let scheme = scheme.to_ascii_lowercase();
        if !matches!(scheme.as_str(), "http" | "https") {
            return Err("only http and https proxies are supported".to_owned());
        }
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        // A password may have an @ in it, an address has none.
        let (credentials, address) = match rest.rsplit_once('@') {
            Some((credentials, address)) => (Some(credentials), address),
            None => (None, rest),
        };
        if address.contains(['/', '?', '#']) {
            return Err(invalid());
        }
        let uri: Uri = format!("{scheme}://{address}/").parse().map_err(|_| invalid())?;
        // http::Uri takes any text for a port, and means none by it.
        let host = uri.host().filter(|host| !host.is_empty()).ok_or_else(invalid)?;
        if host.len() < address.len() && uri.port_u16().is_none() {
            return Err(invalid());
        }
        Ok(Self { uri, authorization: credentials.map(basic).transpose()? })
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Proxy").field("uri", &self.uri).finish_non_exhaustive()
    }
}

/// The header for `user:password` as URLs write it, each part percent-encoded.
fn basic(credentials: &str) -> Result<HeaderValue, String> {
    let (user, password) = credentials.split_once(':').unwrap_or((credentials, ""));
    let mut plain = decoded(user);
    plain.push(b':');
    plain.extend(decoded(password));
    let text = format!("Basic {}", STANDARD.encode(plain));
    let mut header = HeaderValue::try_from(text).map_err(|error| error.to_string())?;
    header.set_sensitive(true);
    Ok(header)
}

/// The bytes that `%XX` stand for; a `%` without two digits is itself.
fn decoded(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let digit = |at: usize| char::from(*after.get(at)?).to_digit(16);
        let pair = digit(0).zip(digit(1)).filter(|_| first == b'%');
        let byte = pair.and_then(|(high, low)| u8::try_from(high * 16 + low).ok());
        bytes.push(byte.unwrap_or(first));
        rest = if byte.is_some() { after.get(2..).unwrap_or_default() } else { after };
    }
    bytes
}

/// The proxy of a client, if it has one, and the servers that are called without it.
#[derive(Debug, Default)]
pub(super) struct Proxies {
    /// Or why it cannot be used.
    proxy: Option<Result<Arc<Proxy>, String>>,
    except: NoProxy,
    /// Whether this machine is called without the proxy.
    except_loopback: bool,
}

impl Proxies {
    /// This proxy for every server.
    pub(super) fn all(proxy: Proxy) -> Self {
        Self { proxy: Some(Ok(Arc::new(proxy))), ..Self::default() }
    }

    /// What `HTTPS_PROXY` and `NO_PROXY`, or else the same in lower case, say. Empty ones say
    /// nothing. An address that is not valid is an error of those calls that need the proxy.
    pub(super) fn from_variables(get: impl Fn(&str) -> Option<String>) -> Self {
        let first = |names: [&'static str; 2]| {
            names.into_iter().find_map(|name| {
                let text = get(name).filter(|text| !text.trim().is_empty())?;
                Some((name, text))
            })
        };
        let proxy = first(["HTTPS_PROXY", "https_proxy"]).map(|(name, text)| {
            let proxy = Proxy::parse(&text);
            proxy.map(Arc::new).map_err(|why| {
                format!("the environment variable {name} is no address of a proxy: {why}")
            })
        });
        let except = first(["NO_PROXY", "no_proxy"]);
        Self {
            proxy,
            except: except.map(|(_, list)| NoProxy::parse(&list)).unwrap_or_default(),
            except_loopback: true,
        }
    }

    /// The proxy for a server, or why it cannot be used. Only `https` goes through proxies: other
    /// addresses are those of this machine, or the caller's own risk.
    pub(super) fn of(&self, server: &Uri) -> Option<Result<&Arc<Proxy>, &str>> {
        let proxy = self.proxy.as_ref()?;
        let host = server.host().filter(|_| server.scheme() == Some(&Scheme::HTTPS))?;
        let is_excepted = self.except_loopback && host::is_loopback(host)
            || self.except.contains(host, server.port_u16().unwrap_or(443));
        (!is_excepted).then_some(proxy.as_ref().map_err(String::as_str))
    }
}
