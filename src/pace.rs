//! Keeping within the quotas: how fast a user's contacts are written, and how many users at a time.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::Instant;

/// What one `people.batchUpdateContacts` costs of the critical writes per minute.
/// <https://developers.google.com/people/api/rest/v1/people/batchUpdateContacts>
pub(crate) const BATCH_COST: u32 = 6;

/// Units used within so long of each other are kept as one entry, which bounds the log.
const SLOT: Duration = Duration::from_secs(1);

/// How long to count what was used: a quota is one of the last minute, whenever one looks, and a slot
/// counts from its end on.
pub(crate) const WINDOW: Duration = Duration::from_secs(61);

/// Keeps writes within a quota, in every minute and not only on average: a log of the units that were
/// used lately.
///
/// The requests of a user go one after the other, so there is one asking at a time.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pace {
    used: Arc<Mutex<VecDeque<Slot>>>,
}

#[derive(Debug)]
struct Slot {
    since: Instant,
    units: u64,
}

impl Pace {
    /// How long to wait until so many units can be used. A request that costs more than there is in a
    /// minute goes alone.
    pub(crate) fn wait(&self, units: u32, per_minute: u32) -> Duration {
        let now = Instant::now();
        let mut used = self.used();
        forget(&mut used, now);
        let mut sum = used.iter().map(|slot| slot.units).sum::<u64>() + u64::from(units);
        let mut wait = Duration::ZERO;
        for slot in used.iter() {
            if sum <= u64::from(per_minute) {
                break;
            }
            sum -= slot.units;
            wait = WINDOW.saturating_sub(now.saturating_duration_since(slot.since));
        }
        wait
    }

    /// Counts units from now on. Called once the answer is there: nobody knows when exactly between
    /// sending and answering the API has counted them, only that it was not later.
    pub(crate) fn count(&self, units: u32) {
        let now = Instant::now();
        let mut used = self.used();
        forget(&mut used, now);
        match used.back_mut() {
            Some(slot) if now.saturating_duration_since(slot.since) < SLOT => {
                slot.units += u64::from(units);
            }
            _ => used.push_back(Slot { since: now, units: u64::from(units) }),
        }
    }

    fn used(&self) -> MutexGuard<'_, VecDeque<Slot>> {
        self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Forgets what no quota counts any more.
fn forget(used: &mut VecDeque<Slot>, now: Instant) {
    while used.front().is_some_and(|slot| now.saturating_duration_since(slot.since) >= WINDOW) {
        used.pop_front();
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

    /// Uses units as a request does that is answered at once.
    async fn request(pace: &Pace, per_minute: u32) -> Instant {
        tokio::time::sleep(pace.wait(BATCH_COST, per_minute)).await;
        pace.count(BATCH_COST);
        Instant::now()
    }

    #[tokio::test(start_paused = true)]
    async fn no_minute_has_more_than_its_units() {
        let pace = Pace::default();
        let mut sent = Vec::new();
        for pause in 0..200 {
            tokio::time::sleep(Duration::from_millis(pause * 37 % 900)).await;
            sent.push(request(&pace, 60).await);
        }
        for (at, since) in sent.iter().enumerate() {
            let minute = sent[at..].iter().take_while(|then| **then - *since <= SLOT * 60);
            assert!(minute.count() <= 10);
        }
        let whole = sent[199] - sent[0];
        assert!(whole < WINDOW * 20, "it does not wait longer than it has to: {whole:?}");
        assert!(pace.used().len() <= 61);
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_ones_go_at_once_and_one_always_goes() {
        let pace = Pace::default();
        let begin = Instant::now();
        for _ in 0..10 {
            assert_eq!(request(&pace, 60).await, begin);
        }
        assert_eq!(request(&pace, 60).await, begin + WINDOW);
        let pace = Pace::default();
        let begin = Instant::now();
        assert_eq!(request(&pace, 1).await, begin);
        assert_eq!(request(&pace, 1).await, begin + WINDOW);
    }

    #[tokio::test(start_paused = true)]
    async fn the_log_stays_small_however_fast_requests_are() {
        let pace = Pace::default();
        for _ in 0..100_000 {
            request(&pace, u32::MAX).await;
            tokio::time::advance(Duration::from_millis(1)).await;
        }
        assert!(pace.used().len() <= 62, "{}", pace.used().len());
    }
}
