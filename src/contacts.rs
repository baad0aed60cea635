//! One user's contacts.

use std::sync::Arc;

use futures_core::Stream;
use people_v1::PeopleService;
use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::pace::{Bound, Pace};
use crate::{Change, Options, Updates};

/// One user's contacts.
///
/// Clones share one lock: requests that change contacts of the user go one after the other, as the
/// API asks for, however many runs there are. Two `Contacts` made of the same user's hub by `new`
/// do not know of each other.
#[derive(Clone, Debug)]
pub struct Contacts {
    pub(crate) hub: PeopleService,
    pub(crate) options: Options,
    pub(crate) lock: Arc<Mutex<()>>,
    pub(crate) pace: Pace,
    pub(crate) bound: Option<Bound>,
}

impl Contacts {
    /// The contacts of the user whose token the hub has.
    pub fn new(hub: PeopleService) -> Self {
        Self {
            hub,
            options: Options::default(),
            lock: Arc::default(),
            pace: Pace::default(),
            bound: None,
        }
    }

    /// The same contacts with other options.
    #[must_use]
    pub fn with(self, options: Options) -> Self {
        Self { options, ..self }
    }

    /// The same contacts, sharing a bound with those of other users.
    #[must_use]
    pub fn within(self, bound: &Bound) -> Self {
        Self { bound: Some(bound.clone()), ..self }
    }

    /// Waits for the user's turn. It lasts as long as what is given back.
    pub(crate) async fn turn(&self) -> OwnedMutexGuard<()> {
        Arc::clone(&self.lock).lock_owned().await
    }

    /// The hub, for what this facade does not do.
    pub fn hub(&self) -> &PeopleService {
        &self.hub
    }

    /// Updates contacts: gives an outcome for every change, as a stream.
    ///
    /// Nothing happens until the stream is polled, on a tokio runtime. Dropping it stops the run;
    /// a request that is on its way then is still settled in the background.
    pub fn update<I>(&self, changes: I) -> Updates
    where
        I: IntoIterator<Item = Change>,
        I::IntoIter: Send + 'static,
    {
        self.update_from(futures_util::stream::iter(changes))
    }

    /// The same for changes that come over time.
    pub fn update_from(&self, changes: impl Stream<Item = Change> + Send + 'static) -> Updates {
        Updates::new(self.clone(), Box::pin(changes))
    }
}
