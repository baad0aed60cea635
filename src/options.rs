//! How a run goes.

use std::time::Duration;

/// The most contacts that one `people.batchUpdateContacts` takes.
/// <https://developers.google.com/people/api/rest/v1/people/batchUpdateContacts>
pub const MAX_BATCH: usize = 200;

/// How a run goes: sizes, waits, limits. The default is right for most programs.
///
/// They hold for updating, creating and deleting alike, except [`waiting`](Self::waiting),
/// [`linger`](Self::linger), [`mismatches`](Self::mismatches) and [`merge`](Self::merge), which are about
/// updates alone, and [`mark_creations`](Self::mark_creations).
#[derive(Clone, Debug)]
#[non_exhaustive]
#[must_use]
pub struct Options {
    batch_size: Option<usize>,
    pub(crate) batch_bytes: usize,
    pub(crate) waiting: usize,
    pub(crate) linger: Option<Duration>,
    pub(crate) deadline: Option<Duration>,
    pub(crate) retries: u32,
    pub(crate) first_wait: Duration,
    pub(crate) longest_wait: Duration,
    pub(crate) budget: u32,
    pub(crate) mismatches: u32,
    pub(crate) merge: bool,
    pub(crate) writes_per_minute: Option<u32>,
    pub(crate) seed: Option<u64>,
    pub(crate) mark_creations: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            batch_size: None,
            batch_bytes: 8 << 20,
            waiting: 2_000,
            linger: Some(Duration::from_secs(1)),
            deadline: None,
            retries: 5,
            first_wait: Duration::from_secs(1),
            longest_wait: Duration::from_secs(64),
            budget: 1_000,
            mismatches: 2,
            merge: false,
            writes_per_minute: Some(90),
            seed: None,
            mark_creations: false,
        }
    }
}

impl Options {
    /// At most this many contacts in one request, 1 at least. As many as the API takes by default, and
    /// never more: [`MAX_BATCH`], and 500 to be deleted.
    pub fn batch_size(mut self, contacts: usize) -> Self {
        self.batch_size = Some(contacts.max(1));
        self
    }

    /// How many contacts go in one request of which the API takes so many at most.
    pub(crate) fn size(&self, most: usize) -> usize {
        self.batch_size.map_or(most, |size| size.min(most))
    }

    /// At most about this many bytes in one request; 8 MiB by default. A single change or contact that
    /// is larger is refused.
    pub fn batch_bytes(mut self, bytes: usize) -> Self {
        self.batch_bytes = bytes.max(1);
        self
    }

    /// At most this many changes wait to be sent, over all masks; 2,000 by default. When so many
    /// wait, the fullest batch goes, and the input is not asked for more.
    pub fn waiting(mut self, changes: usize) -> Self {
        self.waiting = changes.max(1);
        self
    }

    /// How long a change waits for others of the same mask before its batch goes although it is not
    /// full; a second by default, `None` for no limit. At the end of the input nothing waits. Full
    /// batches of other masks go before it, until it has waited five times as long.
    pub fn linger(mut self, wait: impl Into<Option<Duration>>) -> Self {
        self.linger = wait.into();
        self
    }

    /// How long the whole run may take, from its first poll on; no limit by default. When it is over
    /// the request on its way is settled, and nothing more is sent: neither a batch that waits for its
    /// turn nor one that waits to be sent again. Of the input only what is there already is taken, each
    /// change with its outcome; where the input is not ready, it is dropped, and the run ends.
    pub fn deadline(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.deadline = limit.into();
        self
    }

    /// How often one request is sent again after a failure that passes, 5 times by default.
    ///
    /// The quota of a minute passes after a minute, and the API does not say when. So before a request
    /// is given up for it a whole minute is waited, once, and the retries begin anew.
    /// [`retry_budget`](Self::retry_budget) and [`deadline`](Self::deadline) end that too.
    pub fn retries(mut self, retries: u32) -> Self {
        self.retries = retries;
        self
    }

    /// How many requests the whole run may send beyond one for each batch, because of failures of any
    /// kind; 1,000 by default. When they are used up, what would need more fails.
    pub fn retry_budget(mut self, requests: u32) -> Self {
        self.budget = requests;
        self
    }

    /// How often a change is sent again because the API called its etag stale, although the fields of
    /// the change are what they were; 2 times by default. The API says so now and then without a
    /// reason, and an etag moves also with changes of other fields.
    pub fn mismatches(mut self, times: u32) -> Self {
        self.mismatches = times;
        self
    }

    /// Whether a change is merged with what someone else did to the same fields, value by value; off
    /// by default, then it is a conflict. Only changes that were made from a read person can be
    /// merged, and not where both changed a field of one value.
    pub fn merge(mut self, on: bool) -> Self {
        self.merge = on;
        self
    }

    /// How many critical writes a minute the API grants the user, of which a request takes 6, one that
    /// deletes 10; 90 by default, `None` to send as fast as answers come. No minute has more, the first
    /// one neither. The real number stands in the quotas of the Google Cloud project.
    /// <https://developers.google.com/people/quotas>
    pub fn writes_per_minute(mut self, writes: impl Into<Option<u32>>) -> Self {
        self.writes_per_minute = writes.into();
        self
    }

    /// Whether contacts are marked while they are created; off by default. The mark is an entry of the
    /// contact's client data, and is taken off as soon as the contact is known to exist. It lets a
    /// creation whose answer was lost be found again, and costs an update for each batch. That is sent
    /// also when the deadline is over or the stream was dropped, with a retry budget of its own: a mark
    /// that stays would be there for good.
    pub fn mark_creations(mut self, on: bool) -> Self {
        self.mark_creations = on;
        self
    }

    /// Makes the randomness of the waits repeatable, for tests.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// The bounds of the waits before a request is sent again: up to `first` before the first time
    /// (a second by default), doubled each time, up to `longest` (64 seconds by default). A wait that
    /// the API asks for is kept even where it is longer.
    pub fn backoff(mut self, first: Duration, longest: Duration) -> Self {
        self.first_wait = first;
        self.longest_wait = longest.max(first);
        self
    }
}
