//! Where a resumable upload goes on.

use http::Uri;
use http::uri::Scheme;

use super::super::host::is_plain;
use super::super::problem::{Problem, Refusal};
use super::super::secret::Secret;
use super::super::{ErrorKind, Hub, Result, url};

/// The session of a resumable upload: it outlives connections and programs, for about a week with
/// Google.
///
/// Whoever has it can go on with the upload: it is a secret, and `Debug` does not show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session(Secret);

impl Session {
    pub(super) fn new(url: impl Into<String>) -> Self {
        Self(Secret(url.into()))
    }

    /// The session as text that another program can [`restore`](Self::restore).
    pub fn save(&self) -> &str {
        &self.0.0
    }

    /// A session that was [saved](Self::save). Whether it is one of the API that is called is found
    /// out before anything is sent.
    pub fn restore(text: impl Into<String>) -> Self {
        Self::new(text)
    }

    /// The URL of the session, if it is one that may have the hub's tokens: at the place that the
    /// hub calls or, where that is Google's, at another of Google's.
    pub(super) fn url(&self, hub: &Hub) -> Result<Uri, Problem> {
        // As strict as every other call: a saved session begins no call of its own before.
        let base = url::base(&hub.base_url(), hub.options.allow_http).map_err(Problem::Build)?;
        let base: Option<Uri> = base.parse().ok();
        let url: Option<Uri> = self.0.0.parse().ok();
        match (base, url) {
            // http::Uri drops a fragment in silence.
            (Some(base), Some(url)) if !self.0.0.contains('#') && is_at(&url, &base) => Ok(url),
            _ => Err(Problem::Refused(Refusal::new(
                ErrorKind::Protocol,
                "the session of the upload is neither at the API's own address nor, with https, \
                 at one on googleapis.com where that is: nothing was sent there",
            ))),
        }
    }
}

fn is_at(url: &Uri, base: &Uri) -> bool {
    if !url.authority().is_some_and(is_plain) {
        return false;
    }
    let place = |uri: &Uri| -> Option<(Scheme, String, u16)> {
        let scheme = uri.scheme()?.clone();
        let usual = if scheme == Scheme::HTTPS { 443 } else { 80 };
        let port = uri.port().map_or(Some(usual), |port| port.as_str().parse().ok())?;
        Some((scheme, uri.host()?.to_ascii_lowercase(), port))
    };
    let (Some(own), Some(there)) = (place(base), place(url)) else { return false };
    own == there || (is_google(&own) && is_google(&there))
}

fn is_google((scheme, host, port): &(Scheme, String, u16)) -> bool {
    *scheme == Scheme::HTTPS
        && *port == 443
        && (host == "googleapis.com" || host.ends_with(".googleapis.com"))
}
