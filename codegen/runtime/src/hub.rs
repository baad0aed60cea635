//! What all calls of a program share.

use std::fmt;
use std::sync::Arc;

use google_apis_common as common;

use super::client::Client;
use super::tokens::Tokens;
use super::{HubOptions, Service, TokenSource};

/// An API, a client, a source of tokens and options.
///
/// Clones are cheap and share all of it.
#[derive(Clone)]
pub struct Hub {
    pub(super) service: &'static Service,
    pub(super) client: Arc<dyn Client>,
    pub(super) tokens: Arc<Tokens>,
    pub(super) options: Arc<HubOptions>,
    /// Whether the client has a certificate to show.
    has_identity: bool,
}

impl Hub {
    /// A hub over a client of the caller's choice.
    ///
    /// The client decides how connections are made: proxies, certificates, timeouts of sockets.
    pub fn new<C: common::Connector>(
        service: &'static Service,
        client: common::Client<C>,
        auth: impl TokenSource,
    ) -> Self {
        Self {
            service,
            client: Arc::new(client),
            tokens: Arc::new(Tokens::new(Box::new(auth))),
            options: Arc::new(HubOptions::new()),
            has_identity: false,
        }
    }

    /// A hub over HTTPS, HTTP/2 or HTTP/1.1, with the roots that the features choose and the proxy
    /// that the environment names.
    ///
    /// # Errors
    ///
    /// There is no root certificate.
    #[cfg(all(
        any(feature = "ring", feature = "aws-lc-rs"),
        any(feature = "native-roots", feature = "webpki-roots")
    ))]
    pub fn https(service: &'static Service, auth: impl TokenSource) -> super::Result<Self> {
        Self::of_parts(service, super::HttpsClient::builder(), Box::new(auth))
    }

    /// A hub over HTTPS with other roots, a client certificate or another proxy. With a certificate
    /// it calls the address that the API has for such clients, unless the options name a base URL.
    ///
    /// # Errors
    ///
    /// See [`HttpsClientBuilder::build`](super::HttpsClientBuilder::build).
    #[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
    pub fn https_with(
        service: &'static Service,
        client: super::HttpsClientBuilder,
        auth: impl TokenSource,
    ) -> super::Result<Self> {
        Self::of_parts(service, client, Box::new(auth))
    }

    /// Generic over nothing, so that the HTTP client is compiled with this crate and not with every
    /// program that uses it.
    #[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
    fn of_parts(
        service: &'static Service,
        client: super::HttpsClientBuilder,
        auth: Box<dyn TokenSource>,
    ) -> super::Result<Self> {
        let has_identity = client.has_identity();
        let client = Arc::new(client.build()?);
        let tokens = Arc::new(Tokens::new(auth));
        Ok(Self { service, client, tokens, options: Arc::new(HubOptions::new()), has_identity })
    }

    /// Where requests go: as the options say, or to Google.
    pub(super) fn base_url(&self) -> String {
        if let Some(url) = &self.options.base_url {
            return url.clone();
        }
        let service = self.service;
        let mtls = service.mtls_root_url.filter(|_| self.has_identity);
        format!("{}{}", mtls.unwrap_or(service.root_url), service.service_path)
    }

    /// The same hub with these options instead of those it had.
    #[must_use]
    pub fn with(self, options: HubOptions) -> Self {
        Self { options: Arc::new(options), ..self }
    }
}

impl fmt::Debug for Hub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hub")
            .field("service", &format_args!("{}:{}", self.service.name, self.service.version))
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}
