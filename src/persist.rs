//! One request, sent again while nothing was done and waiting may help.

use std::sync::Arc;

use people_v1::Error;
use tokio::sync::OwnedSemaphorePermit;

use crate::Contacts;
use crate::backoff::{Backoff, Tries, Trouble};
use crate::classify::Verdict;
use crate::control::Control;
use crate::outcome::NotSent;
use crate::pace::{Bound, Pace};
use crate::patience::{Budget, Patience};

/// How often, how long and how fast the requests of a run are sent.
#[derive(Debug)]
pub(crate) struct Effort {
    pub(crate) backoff: Backoff,
    pub(crate) budget: Budget,
    pub(crate) patience: Patience,
    pub(crate) pace: Pace,
    pub(crate) bound: Option<Bound>,
    pub(crate) writes_per_minute: Option<u32>,
}

/// Why a request brought no answer to work with.
pub(crate) enum Setback {
    Error(Arc<Error>),
    /// There is no time for it any more; it has not been sent, or was refused for now.
    Stopped(NotSent),
}

impl Effort {
    /// What a run of these contacts may do, which is steered so.
    pub(crate) fn new(contacts: &Contacts, control: Control) -> Self {
        let options = &contacts.options;
        Self {
            backoff: Backoff::new(options),
            budget: Budget::new(options.budget),
            patience: Patience::new(control),
            pace: contacts.pace.clone(),
            bound: contacts.bound.clone(),
            writes_per_minute: options.writes_per_minute,
        }
    }

    /// The same for another batch of the run.
    pub(crate) fn fork(&mut self) -> Self {
        Self {
            backoff: self.backoff.fork(),
            budget: self.budget.clone(),
            patience: self.patience.clone(),
            pace: self.pace.clone(),
            bound: self.bound.clone(),
            writes_per_minute: self.writes_per_minute,
        }
    }

    /// Waits for a place among the users of the bound.
    async fn permit(&self) -> Option<OwnedSemaphorePermit> {
        let bound = self.bound.as_ref()?;
        // An error says that it is closed, which nobody does.
        Arc::clone(&bound.permits).acquire_owned().await.ok()
    }

    /// Sends a request that costs so many critical writes.
    pub(crate) async fn persist<T, F: Future<Output = Result<T, Error>>>(
        &mut self,
        cost: u32,
        verdict: fn(&Error) -> Verdict,
        send: impl Fn() -> F,
    ) -> Result<T, Setback> {
        let mut tries = Tries::default();
        loop {
            if let Some(reason) = self.patience.is_over() {
                return Err(Setback::Stopped(reason));
            }
            let wait = self.writes_per_minute.map(|limit| self.pace.wait(cost, limit));
            self.patience.wait(wait.unwrap_or_default()).await.map_err(Setback::Stopped)?;
            // Asked for last: who waits for quota holds up no other user.
            let permit =
                self.patience.unless_over(self.permit()).await.map_err(Setback::Stopped)?;
            let result = send().await;
            drop(permit);
            self.pace.count(cost);
            let error = match result {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            if !matches!(verdict(&error), Verdict::Again) {
                return Err(Setback::Error(Arc::new(error)));
            }
            let trouble = Trouble { asked: error.retry_after(), is_quota: error.is_rate_limited() };
            let wait = self.backoff.after(&mut tries, trouble);
            let Some(wait) = wait.filter(|_| self.budget.take()) else {
                return Err(Setback::Error(Arc::new(error)));
            };
            self.patience.wait(wait).await.map_err(Setback::Stopped)?;
        }
    }
}
