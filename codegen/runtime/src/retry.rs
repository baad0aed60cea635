//! Whether, and when, a failed attempt is followed by another.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use http::Method;

use super::problem::Problem;

/// When a call is tried again.
///
/// Tried again are connection failures, timeouts of an attempt, answers that break off, 408, 429,
/// 500, 502, 503, 504 and a 403 that names a rate limit. The wait before the n-th retry is a random
/// time between zero and `initial * multiplier^(n-1)`, at most `max_backoff` (exponential backoff
/// with full jitter), and at least what the server asks for (`Retry-After`, `RetryInfo`). When the
/// wait would end after the deadline of the call, the error is returned at once.
///
/// Retries are on for GET, HEAD, PUT, DELETE, OPTIONS and off for all else, whose requests may have
/// been carried out although they failed. A failure to connect is retried for every method: nothing
/// was sent. [`never`](Self::never) switches off all retries, [`always`](Self::always) allows them
/// for all methods. A 401 answered with a new token is no retry in this sense.
#[derive(Clone, Debug, PartialEq)]
pub struct RetryPolicy {
    scope: Scope,
    max_retries: u32,
    initial_backoff: Duration,
    max_backoff: Duration,
    multiplier: f64,
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
            initial_backoff: Duration::from_millis(500),
            max_backoff: Duration::from_secs(30),
            multiplier: 2.0,
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
    pub fn max_retries(self, max_retries: u32) -> Self {
        Self { max_retries, ..self }
    }

    /// The upper bound of the first wait; 0.5 s unless set.
    #[must_use]
    pub fn initial_backoff(self, initial_backoff: Duration) -> Self {
        Self { initial_backoff, ..self }
    }

    /// The upper bound of all waits; 30 s unless set. What a server asks for may be longer.
    #[must_use]
    pub fn max_backoff(self, max_backoff: Duration) -> Self {
        Self { max_backoff, ..self }
    }

    /// By how much the bound grows with every wait; 2 unless set. Below 1 counts as 1.
    #[must_use]
    pub fn multiplier(self, multiplier: f64) -> Self {
        Self { multiplier, ..self }
    }

    /// The wait before the next attempt, if there shall be one.
    pub(super) fn wait(
        &self,
        method: &Method,
        problem: &Problem,
        retries: u32,
    ) -> Option<Duration> {
        if retries >= self.max_retries || !self.allows(method, problem) {
            return None;
        }
        let asked = match problem {
            Problem::Api(api, _) => api.retry_after().unwrap_or_default(),
            _ => Duration::ZERO,
        };
        Some(self.bound(retries).mul_f64(random()).max(asked))
    }

    fn allows(&self, method: &Method, problem: &Problem) -> bool {
        let passes = match problem {
            Problem::Connect(_) | Problem::Transport(..) | Problem::Timeout(_) => true,
            Problem::Api(api, _) => api.is_transient(),
            _ => false,
        };
        passes
            && match self.scope {
                Scope::Never => false,
                Scope::Idempotent => {
                    method.is_idempotent() || matches!(problem, Problem::Connect(_))
                }
                Scope::Always => true,
            }
    }

    fn bound(&self, retries: u32) -> Duration {
        // `max` also replaces NaN.
        let growth = self.multiplier.max(1.0).powi(i32::try_from(retries).unwrap_or(i32::MAX));
        let seconds = self.initial_backoff.as_secs_f64() * growth;
        // Too large or, with zero times infinity, no number at all.
        let bound = Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX);
        bound.min(self.max_backoff)
    }
}

/// A number from 0 up to 1, random enough to keep clients apart.
fn random() -> f64 {
    // Every RandomState has other keys; the standard library draws them from the system.
    let bits = RandomState::new().hash_one(0_u8);
    // 32 bits make an exact float, and one below 1.
    f64::from((bits >> 32) as u32) / (f64::from(u32::MAX) + 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_grow_up_to_the_longest() {
        let policy = RetryPolicy::new();
        let seconds: Vec<f64> = (0..9).map(|n| policy.bound(n).as_secs_f64()).collect();
        assert_eq!(seconds, [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0, 30.0]);
        assert_eq!(policy.bound(u32::MAX), Duration::from_secs(30));
    }

    #[test]
    fn odd_numbers_do_no_harm() {
        for multiplier in [f64::NAN, f64::INFINITY, -5.0, 0.0] {
            for initial in [Duration::ZERO, Duration::MAX] {
                let policy = RetryPolicy::new()
                    .multiplier(multiplier)
                    .initial_backoff(initial)
                    .max_backoff(Duration::MAX)
                    .max_retries(u32::MAX);
                let problem = Problem::Connect("down".into());
                for retries in [0, 1, 5_000_000] {
                    assert!(policy.wait(&Method::GET, &problem, retries).is_some());
                }
            }
        }
    }

    #[test]
    fn random_numbers_differ_and_stay_in_range() {
        let numbers: Vec<f64> = (0..1_000).map(|_| random()).collect();
        assert!(numbers.iter().all(|number| (0.0..1.0).contains(number)));
        let sum: f64 = numbers.iter().sum();
        assert!((300.0..700.0).contains(&sum));
    }

    #[test]
    fn methods_that_change_things_are_not_retried_unless_asked() {
        let cut = || Problem::Transport(None, "cut".into());
        let down = || Problem::Connect("down".into());
        let usual = RetryPolicy::new();
        for method in [Method::GET, Method::HEAD, Method::PUT, Method::DELETE] {
            assert!(usual.wait(&method, &cut(), 0).is_some());
            assert!(usual.wait(&method, &cut(), 4).is_none());
            assert!(RetryPolicy::never().wait(&method, &cut(), 0).is_none());
        }
        for method in [Method::POST, Method::PATCH] {
            assert!(usual.wait(&method, &cut(), 0).is_none());
            assert!(usual.wait(&method, &down(), 0).is_some());
            assert!(RetryPolicy::always().wait(&method, &cut(), 0).is_some());
        }
        assert!(RetryPolicy::never().wait(&Method::GET, &down(), 0).is_none());
        assert!(usual.wait(&Method::GET, &Problem::Auth("none".into()), 0).is_none());
    }
}
