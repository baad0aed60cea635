//! How long to wait between attempts.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

/// Exponential backoff with full jitter.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Backoff {
    pub(super) initial: Duration,
    pub(super) longest: Duration,
    pub(super) multiplier: f64,
}

impl Backoff {
    /// The wait after so many retries: any time from zero up to the bound.
    pub(super) fn wait(&self, retries: u32) -> Duration {
        self.bound(retries).mul_f64(random())
    }

    /// The longest wait after so many retries.
    pub(super) fn bound(&self, retries: u32) -> Duration {
        // `max` also replaces NaN.
        let growth = self.multiplier.max(1.0).powi(i32::try_from(retries).unwrap_or(i32::MAX));
        let seconds = self.initial.as_secs_f64() * growth;
        // Too large or, with zero times infinity, no number at all.
        let bound = Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX);
        bound.min(self.longest)
    }
}

/// A number from 0 up to 1, random enough to keep clients apart.
pub(super) fn random() -> f64 {
    // Every RandomState has other keys; the standard library draws them from the system.
    let bits = RandomState::new().hash_one(0_u8);
    // 32 bits make an exact float, and one below 1.
    f64::from((bits >> 32) as u32) / (f64::from(u32::MAX) + 1.0)
}
