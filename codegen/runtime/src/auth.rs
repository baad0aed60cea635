//! Where tokens come from.

use std::pin::Pin;

use google_apis_common as common;
use http::HeaderValue;

/// Any error, as authenticators give it.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// A future behind a pointer.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Gives access tokens for calls.
///
/// Every [`GetToken`](common::GetToken) is one: a `String` (a token as it is), `NoToken` (calls go
/// without authorization), the authenticators of yup-oauth2. A source is asked again for every
/// attempt of every call and should keep its token until it expires. A method without scopes asks
/// only when options name scopes.
pub trait TokenSource: Send + Sync + 'static {
    /// A token that one of these scopes needs, without `Bearer`; `None` to go without.
    fn token<'a>(
        &'a self,
        scopes: &'a [&'a str],
    ) -> BoxFuture<'a, Result<Option<String>, BoxError>>;

    /// A token instead of one that the API has just refused with 401.
    ///
    /// The refused one, or none, ends the call with the 401. This asks [`token`](Self::token)
    /// again; a source with a cache should give a really new one. Calls of a hub that are refused
    /// with the same token ask once and share what they get, an error too.
    fn refreshed<'a>(
        &'a self,
        scopes: &'a [&'a str],
        rejected: &'a str,
    ) -> BoxFuture<'a, Result<Option<String>, BoxError>> {
        let _ = rejected;
        self.token(scopes)
    }
}

impl<T: common::GetToken + 'static> TokenSource for T {
    fn token<'a>(
        &'a self,
        scopes: &'a [&'a str],
    ) -> BoxFuture<'a, Result<Option<String>, BoxError>> {
        self.get_token(scopes)
    }
}

/// So that the kind of source can be chosen at run time.
impl TokenSource for Box<dyn TokenSource> {
    fn token<'a>(
        &'a self,
        scopes: &'a [&'a str],
    ) -> BoxFuture<'a, Result<Option<String>, BoxError>> {
        (**self).token(scopes)
    }

    fn refreshed<'a>(
        &'a self,
        scopes: &'a [&'a str],
        rejected: &'a str,
    ) -> BoxFuture<'a, Result<Option<String>, BoxError>> {
        (**self).refreshed(scopes, rejected)
    }
}

/// The header that carries a token. The error does not show the token.
pub(super) fn bearer(token: &str) -> Result<HeaderValue, BoxError> {
    // A blank or a line break is what a token read from a file usually ends with.
    if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err("the token source gave a token that is empty or has characters other than \
                    visible ASCII"
            .into());
    }
    let mut value = HeaderValue::try_from(format!("Bearer {token}"))?;
    value.set_sensitive(true);
    Ok(value)
}
