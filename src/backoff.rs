//! How long to wait before something is sent again.

use std::time::Duration;

use tokio::time::Instant;

use crate::Options;
use crate::pace::WINDOW;
use crate::patience::later;

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
    /// been enough, or where it is longer than any clock goes.
    pub(crate) fn wait(&mut self, retries: u32, asked: Option<Duration>) -> Option<Duration> {
        if retries >= self.retries {
            return None;
        }
        let doubled = self.first.saturating_mul(2_u32.saturating_pow(retries));
        let wait = doubled.min(self.longest).mul_f64(self.random.f64());
        possible(wait.max(asked.unwrap_or_default()))
    }

    /// The wait of one request after another failure; `None` when there have been enough.
    ///
    /// The quota of a minute says no to whatever comes before the minute is over, as a rule without
    /// saying when that is. So a whole one is waited before such a request is given up, and then its
    /// retries begin anew.
    pub(crate) fn after(&mut self, tries: &mut Tries, failure: Trouble) -> Option<Duration> {
        let Trouble { asked, is_quota } = failure;
        let wait = if tries.failures < self.retries {
            let wait = self.wait(tries.failures, asked)?;
            tries.failures += 1;
            wait
        } else if is_quota && tries.waited < WINDOW {
            tries.failures = 0;
            possible(asked.unwrap_or_default().max(WINDOW))?
        } else {
            return None;
        };
        tries.waited = tries.waited.saturating_add(wait);
        Some(wait)
    }
}

fn possible(wait: Duration) -> Option<Duration> {
    later(Instant::now(), wait).map(|_| wait)
}

/// How often one request has been tried.
#[derive(Debug, Default)]
pub(crate) struct Tries {
    failures: u32,
    waited: Duration,
}

/// A failure after which waiting may help.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Trouble {
    /// How long the API asked to wait.
    pub(crate) asked: Option<Duration>,
    /// Whether it is the quota of a minute.
    pub(crate) is_quota: bool,
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

    fn waits(options: &Options, failure: Trouble) -> Vec<Duration> {
        let mut backoff = Backoff::new(options);
        let mut tries = Tries::default();
        std::iter::from_fn(|| backoff.after(&mut tries, failure)).take(100).collect()
    }

    #[test]
    fn a_quota_is_given_a_whole_minute_once() {
        let quota = Trouble { asked: None, is_quota: true };
        let other = Trouble { asked: None, is_quota: false };
        let quick = Duration::from_millis(1);
        let options = Options::default().backoff(quick, quick);
        assert_eq!(waits(&options, other).len(), 5);
        let waits_of_quota = waits(&options, quota);
        assert_eq!(waits_of_quota.len(), 5 + 1 + 5);
        assert_eq!(waits_of_quota[5], WINDOW);
        assert_eq!(waits(&options.retries(0), quota), [WINDOW]);
        let asked = Trouble { asked: Some(WINDOW), is_quota: true };
        let asked_for = waits(&Options::default(), asked);
        assert_eq!(asked_for, [WINDOW; 5], "a minute has been waited already");
    }

    #[test]
    fn a_wait_that_no_clock_can_measure_is_none() {
        for asked in [Duration::MAX, Duration::from_secs(u64::MAX)] {
            let asked = Some(asked);
            assert_eq!(Backoff::new(&Options::default()).wait(0, asked), None, "{asked:?}");
            for options in [Options::default(), Options::default().retries(0)] {
                assert!(waits(&options, Trouble { asked, is_quota: true }).is_empty());
            }
        }
    }
}
