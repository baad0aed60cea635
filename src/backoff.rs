//! How long to wait before a request is sent again.

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
            random: fastrand::Rng::new(),
        }
    }

    /// The waits of one request.
    pub(crate) fn attempts(&mut self) -> Attempts<'_> {
        Attempts { backoff: self, done: 0 }
    }
}

/// The waits of one request, one after the other.
#[derive(Debug)]
pub(crate) struct Attempts<'a> {
    backoff: &'a mut Backoff,
    done: u32,
}

impl Attempts<'_> {
    /// The next wait, at least as long as the API asked for; `None` when the retries are used up.
    pub(crate) fn next(&mut self, asked: Option<Duration>) -> Option<Duration> {
        if self.done == self.backoff.retries {
            return None;
        }
        let doubled = self.backoff.first.saturating_mul(2_u32.saturating_pow(self.done));
        self.done += 1;
        let bound = doubled.min(self.backoff.longest);
        let wait = bound.mul_f64(self.backoff.random.f64());
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
        let mut attempts = backoff.attempts();
        for bound in [1, 2, 4, 8, 8, 8, 8, 8] {
            assert!(attempts.next(None).unwrap() <= Duration::from_secs(bound));
        }
        let asked = Duration::from_secs(60);
        assert_eq!(attempts.next(Some(asked)), Some(asked));
        assert_eq!(attempts.next(None), None);
    }
}
