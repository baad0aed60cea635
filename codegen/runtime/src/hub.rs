//! What all calls of a program share.

use std::fmt;
use std::sync::Arc;

use google_apis_common as common;

use super::client::Client;
use super::{HubOptions, Service, TokenSource};

/// An API, a client, a source of tokens and options.
///
/// Clones are cheap and share all of it.
#[derive(Clone)]
pub struct Hub {
    pub(super) service: &'static Service,
    pub(super) client: Arc<dyn Client>,
    pub(super) auth: Arc<dyn TokenSource>,
    pub(super) options: Arc<HubOptions>,
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
            auth: Arc::new(auth),
            options: Arc::new(HubOptions::new()),
        }
    }

    /// A hub over HTTPS, HTTP/2 or HTTP/1.1, with the roots that the features choose.
    ///
    /// # Errors
    ///
    /// There is no root certificate.
    #[cfg(all(
        any(feature = "ring", feature = "aws-lc-rs"),
        any(feature = "native-roots", feature = "webpki-roots")
    ))]
    pub fn https(service: &'static Service, auth: impl TokenSource) -> super::Result<Self> {
        Ok(Self::new(service, super::HttpsClient::builder().build()?, auth))
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
