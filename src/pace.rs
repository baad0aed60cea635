//! Keeping within the quotas: how fast a user's contacts are written, and how many users at a time.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::Instant;

/// What one `people.batchUpdateContacts` costs of the critical writes per minute.
/// <https://developers.google.com/people/api/rest/v1/people/batchUpdateContacts>
pub(crate) const BATCH_COST: u32 = 6;

/// Spreads writes over time: a bucket of a minute's units that fills up evenly.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pace {
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    /// Units used and not yet given back.
    used: f64,
    since: Option<Instant>,
}

impl Pace {
    /// Takes units at once, and says how long to wait before using them.
    pub(crate) fn take(&self, units: u32, per_minute: u32) -> Duration {
        let now = Instant::now();
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let per_second = f64::from(per_minute.max(1)) / 60.0;
        let passed =
            state.since.map_or(Duration::ZERO, |since| now.saturating_duration_since(since));
        state.used = (state.used - passed.as_secs_f64() * per_second).max(0.0) + f64::from(units);
        state.since = Some(now);
        let over = state.used - f64::from(per_minute.max(units));
        if over <= 0.0 { Duration::ZERO } else { Duration::from_secs_f64(over / per_second) }
    }
}

/// A bound on how many users' requests are on their way at a time.
///
/// Users do not wait for each other but for this: give the same bound to the
/// [`Contacts`](crate::Contacts) of all of them.
///
/// ```
/// use people_contacts::{Bound, Contacts};
/// # fn of(hubs: Vec<people_v1::PeopleService>) -> Vec<Contacts> {
/// let bound = Bound::new(8);
/// hubs.into_iter().map(|hub| Contacts::new(hub).within(&bound)).collect()
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Bound {
    pub(crate) permits: Arc<Semaphore>,
}

impl Bound {
    /// At most this many requests that change contacts at a time, one at least.
    pub fn new(requests: usize) -> Self {
        Self { permits: Arc::new(Semaphore::new(requests.clamp(1, Semaphore::MAX_PERMITS))) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_minute_has_its_units() {
        let pace = Pace::default();
        let mut waits = Vec::new();
        for _ in 0..20 {
            waits.push(pace.take(BATCH_COST, 60));
        }
        assert!(waits[..10].iter().all(Duration::is_zero), "the first minute's units at once");
        assert_eq!(waits[10], Duration::from_secs(6));
        assert_eq!(waits[19], Duration::from_secs(60));
        tokio::time::sleep(Duration::from_secs(180)).await;
        assert!(pace.take(BATCH_COST, 60).is_zero());
        assert!(Pace::default().take(BATCH_COST, 1).is_zero(), "one request always goes");
    }
}
