//! The built-in HTTPS client.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use google_apis_common as common;
use hyper_rustls::HttpsConnectorBuilder;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use super::connector::ProxyConnector;
use super::proxy::{Proxies, Proxy};
use super::secret::Secret;
use super::tls_config::{self, Identity};
use super::{Error, Result};

/// The connector of the built-in client.
pub type HttpsConnector = hyper_rustls::HttpsConnector<ProxyConnector>;

/// Makes HTTPS clients: rustls, HTTP/2 and HTTP/1.1.
///
/// ```
/// use codegen_runtime::HttpsClient;
///
/// # let corporate_root = "";
/// let client = HttpsClient::builder().add_root_pem(corporate_root).proxy("http://proxy:3128");
/// // The hub's `https_with(client, token)` makes a hub of it.
/// ```
#[derive(Debug)]
pub enum HttpsClient {}

impl HttpsClient {
    /// A client with the roots that the crate's features choose and the proxy of the environment.
    pub fn builder() -> HttpsClientBuilder {
        HttpsClientBuilder {
            roots: Vec::new(),
            added_only: false,
            bad: None,
            identity: None,
            proxy: ProxyChoice::Environment,
        }
    }
}

/// Whom an HTTPS client trusts, as whom it comes, and through which proxy.
#[derive(Clone)]
#[must_use = "a builder does nothing until it builds"]
pub struct HttpsClientBuilder {
    roots: Vec<CertificateDer<'static>>,
    added_only: bool,
    bad: Option<String>,
    identity: Option<Identity>,
    proxy: ProxyChoice,
}

#[derive(Clone, Debug)]
enum ProxyChoice {
    Environment,
    Nothing,
    /// The address may have a password in it.
    Always(Secret),
}

impl HttpsClientBuilder {
    /// Trusts one root certificate more, in DER.
    pub fn add_root_der(mut self, certificate: impl Into<Vec<u8>>) -> Self {
        self.roots.push(CertificateDer::from(certificate.into()));
        self
    }

    /// Trusts the certificates of a PEM file more; other sections are skipped. Damaged text, or one
    /// without a certificate, is an error when the client is built.
    pub fn add_root_pem(mut self, pem: impl AsRef<[u8]>) -> Self {
        let before = self.roots.len();
        for certificate in CertificateDer::pem_slice_iter(pem.as_ref()) {
            match certificate {
                Ok(certificate) => self.roots.push(certificate),
                Err(error) => self.bad = Some(format!("a root certificate is not valid: {error}")),
            }
        }
        if self.roots.len() == before {
            self.bad.get_or_insert_with(|| "a PEM text has no certificate".to_owned());
        }
        self
    }

    /// Trusts the added certificates alone.
    pub fn added_roots_only(mut self) -> Self {
        self.added_only = true;
        self
    }

    /// Shows servers that ask for one a client certificate (mTLS): PEM texts of the certificate,
    /// followed by those that lead to its root, and of its private key. A text without them, or a
    /// key of another certificate, is an error when the client is built.
    ///
    /// A hub made with such a builder (`https_with`) calls the address that the API has for clients
    /// with a certificate, unless its options name a base URL. A hub made with the built client
    /// (`new`) cannot know of the certificate and needs that base URL.
    pub fn identity_pem(
        mut self,
        certificates: impl Into<Vec<u8>>,
        key: impl Into<Vec<u8>>,
    ) -> Self {
        self.identity = Some(Identity { certificates: certificates.into(), key: key.into() });
        self
    }

    /// Reaches all `https` servers through this proxy, whatever the environment says:
    /// `http://user:password@host:port`. The scheme may also be `https`; it, the credentials and
    /// the port may be missing. An address that is not valid is an error when the client is built.
    ///
    /// The proxy is asked for a tunnel (`CONNECT`): it sees the names of servers and nothing else.
    /// `http` servers are reached without it.
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        self.proxy = ProxyChoice::Always(Secret(url.into()));
        self
    }

    /// Reaches all servers without a proxy, whatever the environment says.
    pub fn no_proxy(mut self) -> Self {
        self.proxy = ProxyChoice::Nothing;
        self
    }

    /// Reaches `https` servers through the proxy that the environment variable `HTTPS_PROXY` names
    /// when the client is built, but for this machine and the servers in `NO_PROXY`; the names may
    /// be in lower case, too. This is so unless set.
    ///
    /// `NO_PROXY` is a list of hosts (each with all hosts below it), addresses, ranges of addresses
    /// (`10.0.0.0/8`), hosts with a port, or `*` for all servers.
    pub fn proxy_from_env(mut self) -> Self {
        self.proxy = ProxyChoice::Environment;
        self
    }

    /// Whether the client has a certificate to show.
    pub(super) fn has_identity(&self) -> bool {
        self.identity.is_some()
    }

    /// The client. Clones of it share their connections.
    ///
    /// It also connects to `http` addresses; a hub lets only those of this machine pass, unless it
    /// is told otherwise.
    ///
    /// # Errors
    ///
    /// There is no root certificate, an added one or the client certificate cannot be used, or the
    /// address of the proxy is not valid.
    pub fn build(self) -> Result<common::Client<HttpsConnector>> {
        let connector = self.connector().map_err(|text| Error::build(None, text))?;
        Ok(Client::builder(TokioExecutor::new())
            .timer(TokioTimer::new())
            .pool_timer(TokioTimer::new())
            // Finds out that a connection is dead while calls wait on it.
            .http2_keep_alive_interval(Duration::from_secs(30))
            .http2_keep_alive_timeout(Duration::from_secs(15))
            .build(connector))
    }

    fn connector(self) -> Result<HttpsConnector, String> {
        let proxies = self.proxies()?;
        let identity = self.identity.clone();
        let roots = self.trusted()?;
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        // The certificate is for the server, and a proxy is asked in HTTP/1.1.
        let to_proxy = HttpsConnectorBuilder::new()
            .with_tls_config(tls_config::client(roots.clone(), None)?)
            .https_or_http()
            .enable_http1()
            .wrap_connector(tcp.clone());
        Ok(HttpsConnectorBuilder::new()
            .with_tls_config(tls_config::client(roots, identity.as_ref())?)
            .https_or_http()
            .enable_http1()
            .enable_http2()
            .wrap_connector(ProxyConnector::new(tcp, to_proxy, proxies)))
    }

    fn proxies(&self) -> Result<Proxies, String> {
        match &self.proxy {
            ProxyChoice::Nothing => Ok(Proxies::default()),
            ProxyChoice::Always(Secret(url)) => match Proxy::parse(url) {
                Ok(proxy) => Ok(Proxies::all(proxy)),
                Err(why) => Err(format!("the address of the proxy is not valid: {why}")),
            },
            ProxyChoice::Environment => Ok(Proxies::from_variables(|name| {
                Some(std::env::var_os(name)?.to_string_lossy().into_owned())
            })),
        }
    }

    fn trusted(self) -> Result<Arc<RootCertStore>, String> {
        if let Some(bad) = self.bad {
            return Err(bad);
        }
        let mut roots = RootCertStore::empty();
        let built_in = if self.added_only { Ok(()) } else { tls_config::add_built_in(&mut roots) };
        for root in self.roots {
            roots.add(root).map_err(|error| format!("a root certificate is not valid: {error}"))?;
        }
        if roots.is_empty() {
            built_in?;
            return Err("there is no root certificate to trust".to_owned());
        }
        Ok(Arc::new(roots))
    }
}

impl fmt::Debug for HttpsClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpsClientBuilder")
            .field("added_roots", &self.roots.len())
            .field("added_only", &self.added_only)
            .field("has_identity", &self.has_identity())
            .field("proxy", &self.proxy)
            .finish_non_exhaustive()
    }
}
