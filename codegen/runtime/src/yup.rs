//! The authenticators of yup-oauth2.

use std::fmt;

use google_apis_common::Connector;
use yup_oauth2::authenticator::Authenticator;

use super::{BoxError, BoxFuture, TokenSource};

/// A yup-oauth2 authenticator that is made to fetch a new token when the API refuses the old one.
///
/// The bare authenticator is a [`TokenSource`] too, but answers from its cache until its token
/// expires, so that a revoked token stays in use.
pub struct YupAuthenticator<C: Connector> {
    authenticator: Authenticator<C>,
}

impl<C: Connector> YupAuthenticator<C> {
    /// A source over this authenticator.
    pub fn new(authenticator: Authenticator<C>) -> Self {
        Self { authenticator }
    }
}

impl<C: Connector> From<Authenticator<C>> for YupAuthenticator<C> {
    fn from(authenticator: Authenticator<C>) -> Self {
        Self::new(authenticator)
    }
}

impl<C: Connector> fmt::Debug for YupAuthenticator<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("YupAuthenticator").finish_non_exhaustive()
    }
}

impl<C: Connector> TokenSource for YupAuthenticator<C> {
    fn token<'a>(
        &'a self,
        scopes: &'a [&'a str],
    ) -> BoxFuture<'a, Result<Option<String>, BoxError>> {
        Box::pin(async move {
            let token = self.authenticator.token(scopes).await?;
            Ok(token.token().map(str::to_owned))
        })
    }

    fn refreshed<'a>(
        &'a self,
        scopes: &'a [&'a str],
        rejected: &'a str,
    ) -> BoxFuture<'a, Result<Option<String>, BoxError>> {
        Box::pin(async move {
            // Another hub with this authenticator may have fetched one already.
            let cached = self.token(scopes).await?;
            if cached.as_deref().is_some_and(|token| token != rejected) {
                return Ok(cached);
            }
            let token = self.authenticator.force_refreshed_token(scopes).await?;
            Ok(token.token().map(str::to_owned))
        })
    }
}
