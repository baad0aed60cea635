//! Whether, and when, a failed attempt is followed by another.

use std::time::Duration;

use super::backoff::Backoff;
use super::problem::Problem;

/// When a call is tried again.
///
/// Tried again are connection failures, timeouts of an attempt, answers that break off, 408, 429,
/// 500, 502, 503, 504 and a 403 that names a rate limit; not what would only happen again, such as
/// a certificate that is not trusted, a proxy that refuses, or an unknown content encoding. The
/// wait before the n-th retry is a random time between zero and `initial * multiplier^(n-1)`, at
/// most `max_backoff` (exponential backoff with full jitter), and at least what the server asks for
/// (`Retry-After`, `RetryInfo`). When the wait would end after the deadline of the call, the error
/// is returned at once.
///
/// Retries are on for GET, HEAD, PUT, DELETE, OPTIONS and off for all else, whose requests may have
/// been carried out although they failed. A failure to connect is retried for every method: nothing
/// was sent. [`never`](Self::never) switches off all retries, [`always`](Self::always) allows them
/// for all methods. A 401 answered with a new token is no retry in this sense.
#[derive(Clone, Debug, PartialEq)]
pub struct RetryPolicy {
    scope: Scope,
    max_retries: u32,
    backoff: Backoff,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Scope {
    Never,
    Idempotent,
    Always,
}

impl Default for RetryPolicy {
    /// At most 4 retries of idempotent methods; waits up to 0.5 s, 1 s, 2 s, 4 s.
    fn default() -> Self {
        Self {
            scope: Scope::Idempotent,
            max_retries: 4,
            backoff: Backoff {
                initial: Duration::from_millis(500),
                longest: Duration::from_secs(30),
                multiplier: 2.0,
            },
        }
    }
}

impl RetryPolicy {
    /// The default: retries of idempotent methods.
    pub fn new() -> Self {
        Self::default()
    }

    /// No retries, not even when nothing was sent.
    pub fn never() -> Self {
        Self { scope: Scope::Never, ..Self::default() }
    }

    /// Retries of all methods. Right for a POST or PATCH that may be carried out twice.
    pub fn always() -> Self {
        Self { scope: Scope::Always, ..Self::default() }
    }

    /// How many retries follow the first attempt at most; 4 unless set.
    #[must_use]
    pub fn max_retries(mut self, max_retries: u32) -> Self {
        self.max_retries = max_retries;
        self
    }

    /// The upper bound of the first wait; 0.5 s unless set.
    #[must_use]
    pub fn initial_backoff(mut self, bound: Duration) -> Self {
        self.backoff.initial = bound;
        self
    }

    /// The upper bound of all waits; 30 s unless set. What a server asks for may be longer.
    #[must_use]
    pub fn max_backoff(mut self, bound: Duration) -> Self {
        self.backoff.longest = bound;
        self
    }

    /// By how much the bound grows with every wait; 2 unless set. Below 1 counts as 1.
    #[must_use]
    pub fn multiplier(mut self, multiplier: f64) -> Self {
        self.backoff.multiplier = multiplier;
        self
    }

    /// The wait before the next attempt, if there shall be one.
    pub(super) fn wait(
        &self,
        is_idempotent: bool,
        problem: &Problem,
        retries: u32,
    ) -> Option<Duration> {
        if retries >= self.max_retries || !self.allows(is_idempotent, problem) {
            return None;
        }
        let asked = match problem {
            Problem::Api(api, _) => api.retry_after().unwrap_or_default(),
            _ => Duration::ZERO,
        };
        Some(self.backoff.wait(retries).max(asked))
    }

    fn allows(&self, is_idempotent: bool, problem: &Problem) -> bool {
        problem.is_transient()
            && match self.scope {
                Scope::Never => false,
                Scope::Idempotent => is_idempotent || matches!(problem, Problem::Connect(_)),
                Scope::Always => true,
            }
    }
}
