//! The tokens of a hub: one source, asked once where many calls need the same new token.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::Mutex;

use super::{BoxError, TokenSource};

/// A token source and what became of the last token that the API refused.
pub(super) struct Tokens {
    source: Box<dyn TokenSource>,
    /// How many renewals have ended.
    renewals: AtomicU64,
    last: Mutex<Option<Renewal>>,
}

/// A token, and how many renewals had ended when the source was asked for it.
#[derive(Clone)]
pub(super) struct Token {
    pub(super) text: String,
    renewals: u64,
}

struct Renewal {
    scopes: Vec<String>,
    rejected: String,
    outcome: Outcome,
}

/// What all calls get that were refused with the same token.
type Outcome = Result<Option<String>, SharedError>;

impl Tokens {
    pub(super) fn new(source: Box<dyn TokenSource>) -> Self {
        Self { source, renewals: AtomicU64::new(0), last: Mutex::new(None) }
    }

    /// A token of the source.
    pub(super) async fn token(&self, scopes: &[&str]) -> Result<Option<Token>, BoxError> {
        let renewals = self.renewals.load(Ordering::Acquire);
        let text = self.source.token(scopes).await?;
        Ok(text.map(|text| Token { text, renewals }))
    }

    /// A token of other origin, such as a delegate's.
    pub(super) fn foreign(&self, text: String) -> Token {
        Token { text, renewals: self.renewals.load(Ordering::Acquire) }
    }

    /// Another token instead of one that was refused; none where the source has no other.
    ///
    /// Many calls find out at once that a token is dead. The first of them asks the source; those
    /// that took the token before it was renewed wait and share the answer.
    pub(super) async fn renewed(
        &self,
        scopes: &[&str],
        old: &Token,
    ) -> Result<Option<Token>, BoxError> {
        let mut last = self.last.lock().await;
        let ended = self.renewals.load(Ordering::Acquire);
        let shared = last.as_ref().filter(|last| old.renewals < ended && last.is_of(scopes, old));
        let outcome = match shared {
            Some(last) => last.outcome.clone(),
            None => {
                let outcome = self.source.refreshed(scopes, &old.text).await;
                let outcome: Outcome = outcome.map_err(|error| SharedError(error.into()));
                *last = Some(Renewal {
                    scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
                    rejected: old.text.clone(),
                    outcome: outcome.clone(),
                });
                self.renewals.store(ended.wrapping_add(1), Ordering::Release);
                outcome
            }
        };
        let text = outcome.map_err(BoxError::from)?;
        Ok(text.filter(|text| *text != old.text).map(|text| self.foreign(text)))
    }
}

impl Renewal {
    fn is_of(&self, scopes: &[&str], old: &Token) -> bool {
        self.rejected == old.text && self.scopes == scopes
    }
}

/// An error of a source that several calls get.
#[derive(Clone)]
struct SharedError(Arc<dyn std::error::Error + Send + Sync>);

impl fmt::Display for SharedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for SharedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

// It stands for the error itself, so that error's cause is its own.
impl std::error::Error for SharedError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source()
    }
}
