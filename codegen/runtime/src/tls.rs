//! The built-in HTTPS client.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use google_apis_common as common;
use hyper_rustls::HttpsConnectorBuilder;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

use super::{Error, Result};

/// The connector of the built-in client.
pub type HttpsConnector = hyper_rustls::HttpsConnector<HttpConnector>;

/// Makes HTTPS clients: rustls, HTTP/2 and HTTP/1.1.
///
/// ```ignore
/// let client = HttpsClient::builder().add_root_pem(corporate_root).build()?;
/// let hub = PeopleService::new(client, token);
/// ```
#[derive(Debug)]
pub enum HttpsClient {}

impl HttpsClient {
    /// A client with the roots that the crate's features choose.
    pub fn builder() -> HttpsClientBuilder {
        HttpsClientBuilder { roots: Vec::new(), added_only: false, bad: None }
    }
}

/// Which roots an HTTPS client trusts.
#[derive(Clone)]
#[must_use = "a builder does nothing until it builds"]
pub struct HttpsClientBuilder {
    roots: Vec<CertificateDer<'static>>,
    added_only: bool,
    bad: Option<String>,
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

    /// The client. Clones of it share their connections.
    ///
    /// It also connects to `http` addresses; a hub lets only those of this machine pass, unless it
    /// is told otherwise.
    ///
    /// # Errors
    ///
    /// There is no root certificate, or an added one is not valid.
    pub fn build(self) -> Result<common::Client<HttpsConnector>> {
        let config = self.config().map_err(|text| Error::build(None, text))?;
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(config)
            .https_or_http()
            .enable_http1()
            .enable_http2()
            .wrap_connector(tcp);
        Ok(Client::builder(TokioExecutor::new())
            .timer(TokioTimer::new())
            .pool_timer(TokioTimer::new())
            // Finds out that a connection is dead while calls wait on it.
            .http2_keep_alive_interval(Duration::from_secs(30))
            .http2_keep_alive_timeout(Duration::from_secs(15))
            .build(connector))
    }

    fn config(self) -> Result<ClientConfig, String> {
        if let Some(bad) = self.bad {
            return Err(bad);
        }
        let mut roots = RootCertStore::empty();
        let built_in = if self.added_only { Ok(()) } else { add_built_in(&mut roots) };
        for root in self.roots {
            roots.add(root).map_err(|error| format!("a root certificate is not valid: {error}"))?;
        }
        if roots.is_empty() {
            built_in?;
            return Err("there is no root certificate to trust".to_owned());
        }
        // Always said: with two providers in one program, rustls' own default panics.
        let config = ClientConfig::builder_with_provider(Arc::new(provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| error.to_string())?;
        Ok(config.with_root_certificates(roots).with_no_client_auth())
    }
}

impl fmt::Debug for HttpsClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpsClientBuilder")
            .field("added_roots", &self.roots.len())
            .field("added_only", &self.added_only)
            .finish_non_exhaustive()
    }
}

#[cfg(feature = "ring")]
fn provider() -> CryptoProvider {
    rustls::crypto::ring::default_provider()
}

#[cfg(not(feature = "ring"))]
fn provider() -> CryptoProvider {
    rustls::crypto::aws_lc_rs::default_provider()
}

/// The roots that the features choose.
#[cfg(feature = "native-roots")]
#[cfg_attr(feature = "webpki-roots", allow(clippy::unnecessary_wraps))]
fn add_built_in(roots: &mut RootCertStore) -> Result<(), String> {
    let found = rustls_native_certs::load_native_certs();
    // Machines have certificates that nobody can read among good ones.
    let (added, _) = roots.add_parsable_certificates(found.certs);
    if added > 0 {
        return Ok(());
    }
    #[cfg(feature = "webpki-roots")]
    {
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        Ok(())
    }
    #[cfg(not(feature = "webpki-roots"))]
    {
        let why = found.errors.first().map(|error| format!(": {error}")).unwrap_or_default();
        Err(format!("this machine has no root certificates{why}"))
    }
}

#[cfg(all(feature = "webpki-roots", not(feature = "native-roots")))]
#[allow(clippy::unnecessary_wraps)]
fn add_built_in(roots: &mut RootCertStore) -> Result<(), String> {
    roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    Ok(())
}

#[cfg(not(any(feature = "native-roots", feature = "webpki-roots")))]
#[allow(clippy::unnecessary_wraps)]
fn add_built_in(_: &mut RootCertStore) -> Result<(), String> {
    Ok(())
}
