//! How long to wait before something is sent again.

use std::time::Duration;

use crate::Options;

/// Exponential backoff with full jitter.
#[derive(Clone, Debug)]
pub(crate) struct Backoff {
    retries: u32,
    first: Duration,
    longest: Duration,
    random: fastrand::Rng,
}

impl Backoff {
    pub(crate) fn new(options: &Options) -> Self {
        Self {
            retries: options.retries,
            first: options.first_wait,
            longest: options.longest_wait,
            random: options.seed.map_or_else(fastrand::Rng::new, fastrand::Rng::with_seed),
        }
    }

    /// The same with randomness of its own.
    pub(crate) fn fork(&mut self) -> Self {
        Self { random: self.random.fork(), ..self.clone() }
    }

    /// The wait after so many retries, at least as long as the API asked for; `None` when there have
    /// been enough.
    pub(crate) fn wait(&mut self, retries: u32, asked: Option<Duration>) -> Option<Duration> {
        if retries >= self.retries {
            return None;
        }
        let doubled = self.first.saturating_mul(2_u32.saturating_pow(retries));
        let wait = doubled.min(self.longest).mul_f64(self.random.f64());
        Some(wait.max(asked.unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_up_to_their_bound_and_end() {
        let options =
            Options::default().retries(9).backoff(Duration::from_secs(1), Duration::from_secs(8));
        let mut backoff = Backoff::new(&options);
        for (retries, bound) in [1, 2, 4, 8, 8, 8, 8, 8].into_iter().enumerate() {
            let wait = backoff.wait(u32::try_from(retries).unwrap(), None);
            assert!(wait.unwrap() <= Duration::from_secs(bound));
        }
        let asked = Duration::from_secs(60);
        assert_eq!(backoff.wait(8, Some(asked)), Some(asked));
        assert_eq!(backoff.wait(9, None), None);
    }
}
