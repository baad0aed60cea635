//! One batch on its way: requests, retries, and what is sent again without those at fault, until
//! every change has its outcome.

use std::sync::Arc;

use people_v1::schemas::{BatchUpdateContactsResponse, Person, Status};
use people_v1::{ApiError, Error, PeopleService};
use tokio::time::Duration;

use crate::classify::{self, Verdict};
use crate::once::once;
use crate::outcome::{Failure, NotSent, Outcome, Settled, Updated};
use crate::pace::BATCH_COST;
use crate::persist::{Effort, Setback};
use crate::planted::{self, Bug};
use crate::queue::Queued;
use crate::{Options, batch, settle};

/// What became of a batch.
#[derive(Debug, Default)]
pub(crate) struct Delivered {
    /// An outcome for every change of it.
    pub(crate) settled: Vec<Settled>,
    /// Why nothing more of the run should be sent.
    pub(crate) ended: Option<NotSent>,
}

/// Carries one batch. It goes with the user's lock held: nothing else changes contacts of the user
/// meanwhile, at least not from here.
#[derive(Debug)]
pub(crate) struct Courier {
    pub(crate) hub: PeopleService,
    pub(crate) options: Options,
    pub(crate) effort: Effort,
    pub(crate) settled: Vec<Settled>,
    /// What is still to be sent, the next one last.
    pub(crate) parts: Vec<Part>,
    pub(crate) ended: Option<NotSent>,
}

/// Changes that go in one request.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) changes: Vec<Queued>,
    /// Whether these contacts were compared with what the API has, after a refusal that named
    /// nobody.
    pub(crate) is_inspected: bool,
}

impl Part {
    pub(crate) fn new(changes: Vec<Queued>) -> Self {
        Self { changes, is_inspected: false }
    }
}

/// Whether to wait before something is sent again.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Pause {
    /// The service is well, the request was not.
    None,
    /// The service is in trouble; it may have said for how long.
    Backoff(Option<Duration>),
}

impl Courier {
    /// Sends a batch until every change of it has an outcome.
    pub(crate) async fn deliver(mut self, batch: Vec<Queued>) -> Delivered {
        self.settled.reserve(batch.len());
        self.parts.push(Part::new(batch));
        while let Some(part) = self.parts.pop() {
            match self.request(&part).await {
                Ok(response) => self.answered(part.changes, response).await,
                Err(Setback::Stopped(reason)) => {
                    self.give_up(part.changes, &reason);
                    self.end(reason);
                }
                Err(Setback::Error(error)) => self.failed(part, error).await,
            }
        }
        if planted::is(Bug::DroppedOutcome) {
            self.settled.pop();
        }
        Delivered { settled: self.settled, ended: self.ended }
    }

    /// Settles what an answer says.
    async fn answered(&mut self, changes: Vec<Queued>, response: BatchUpdateContactsResponse) {
        let answered = batch::answered(changes, response);
        self.settled.extend(answered.updated);
        self.named(answered.refused).await;
        settle::after_silence(self, answered.silent).await;
    }

    /// The API says of each of these what is wrong with it.
    async fn named(&mut self, changes: Vec<(Queued, Status)>) {
        let mut stale = Vec::new();
        for (queued, status) in changes {
            let is_stale = classify::is_mismatch(&status);
            let failure = Failure::Contact(Box::new(status));
            if is_stale {
                stale.push((queued, failure));
            } else {
                self.refused(queued, failure);
            }
        }
        settle::after_mismatch(self, stale).await;
    }

    async fn failed(&mut self, part: Part, error: Arc<Error>) {
        match classify::verdict(&error) {
            Verdict::Named(named) => {
                let (aside, rest) = batch::set_aside(part.changes, named);
                if aside.is_empty() {
                    // It names others than were sent: as good as naming nobody.
                    self.isolate(Part { changes: rest, ..part }, &error).await;
                    return;
                }
                if !rest.is_empty() && !planted::is(Bug::LostRemainder) {
                    self.parts.push(Part::new(rest));
                }
                self.named(aside).await;
            }
            Verdict::OneOfThem => self.isolate(part, &error).await,
            Verdict::Again => {
                // The retries are used up.
                for queued in part.changes {
                    self.refused(queued, Failure::Request(Arc::clone(&error)));
                }
            }
            Verdict::Lost if planted::is(Bug::BlindResend) && self.effort.budget.take() => {
                self.parts.push(part);
            }
            Verdict::Lost if planted::is(Bug::BlindSuccess) => {
                for queued in part.changes {
                    let person = Box::new(queued.change.person.clone());
                    self.found(queued, person);
                }
            }
            Verdict::Lost => settle::after_loss(self, part.changes, &error).await,
            verdict @ (Verdict::BadMask | Verdict::Ends) => {
                // All parts of a batch have the same mask.
                for queued in part.changes {
                    self.refused(queued, Failure::Request(Arc::clone(&error)));
                }
                let reason = NotSent::Ended(error);
                if matches!(verdict, Verdict::Ends) {
                    self.end(reason);
                } else {
                    self.give_up_parts(&reason);
                }
            }
        }
    }

    /// One contact is at fault and nobody says which: compares all with what the API has, and if
    /// none stands out halves the part, until the one stands alone.
    async fn isolate(&mut self, mut part: Part, error: &Arc<Error>) {
        let is_mismatch = error.api().is_some_and(ApiError::is_etag_mismatch);
        if part.changes.len() == 1 {
            let failure = || Failure::Request(Arc::clone(error));
            if is_mismatch {
                let stale = part.changes.into_iter().map(|queued| (queued, failure())).collect();
                settle::after_mismatch(self, stale).await;
            } else {
                part.changes.into_iter().for_each(|queued| self.refused(queued, failure()));
            }
            return;
        }
        if !part.is_inspected && error.api().is_some() && self.effort.budget.take() {
            let (stale, rest) = settle::inspect(self, part.changes, error).await;
            let stands_out = !stale.is_empty();
            part = Part { changes: rest, is_inspected: true };
            settle::after_mismatch(self, stale).await;
            if stands_out || part.changes.len() <= 1 {
                self.parts.extend((!part.changes.is_empty()).then_some(part));
                return;
            }
        }
        if part.changes.is_empty() {
            return;
        }
        if !self.effort.budget.take_all(2) {
            for queued in part.changes {
                self.refused(queued, Failure::Request(Arc::clone(error)));
            }
            return;
        }
        let second = part.changes.split_off(part.changes.len() / 2);
        self.parts.push(Part { changes: second, is_inspected: true });
        self.parts.push(Part { changes: part.changes, is_inspected: true });
    }

    /// Sends one request, and again while nothing was written and waiting may help.
    async fn request(&mut self, part: &Part) -> Result<BatchUpdateContactsResponse, Setback> {
        let request = batch::request(&part.changes);
        let call = self.hub.people().batch_update_contacts(&request).with(once());
        self.effort.persist(BATCH_COST, classify::verdict, || call.clone().send()).await
    }

    /// Puts changes back to be sent again; settles those that were sent too often. After trouble of
    /// the service it waits first, at least as long as was asked.
    pub(crate) async fn again(
        &mut self,
        changes: Vec<Queued>,
        pause: Pause,
        failure: impl Fn(&Queued) -> Outcome,
    ) {
        let asked = if let Pause::Backoff(asked) = pause { asked } else { None };
        let mut going = Vec::new();
        let mut longest = Duration::ZERO;
        for mut queued in changes {
            match self
                .effort
                .backoff
                .wait(queued.resent, asked)
                .filter(|_| self.effort.budget.is_left())
            {
                Some(wait) => {
                    queued.resent += 1;
                    longest = longest.max(wait);
                    going.push(queued);
                }
                None => {
                    let outcome = failure(&queued);
                    self.settle(queued, outcome);
                }
            }
        }
        if going.is_empty() {
            return;
        }
        self.effort.budget.take();
        going.sort_by_key(|queued| queued.index);
        let wait = if matches!(pause, Pause::None) { Duration::ZERO } else { longest };
        match self.effort.patience.wait(wait).await {
            Ok(()) => self.parts.push(Part::new(going)),
            Err(reason) => {
                self.give_up(going, &reason);
                self.end(reason);
            }
        }
    }

    /// Nothing more is sent, of this batch or of the run.
    fn end(&mut self, reason: NotSent) {
        self.give_up_parts(&reason);
        self.ended = Some(reason);
    }

    /// Nothing more is sent of this batch.
    fn give_up_parts(&mut self, reason: &NotSent) {
        while let Some(part) = self.parts.pop() {
            self.give_up(part.changes, reason);
        }
    }

    /// The API refused a change.
    pub(crate) fn refused(&mut self, queued: Queued, failure: Failure) {
        self.unwritten(queued, Outcome::Failed(failure));
    }

    /// Someone else changed the contact.
    pub(crate) fn conflict(&mut self, queued: Queued, failure: Failure) {
        self.unwritten(queued, Outcome::Conflict(failure));
    }

    /// There is no more time for these.
    fn give_up(&mut self, changes: Vec<Queued>, reason: &NotSent) {
        for queued in changes {
            self.unwritten(queued, Outcome::NotSent(reason.clone()));
        }
    }

    /// Gives a change an outcome that says it was not written. If an answer was lost before, it may
    /// have been all the same.
    fn unwritten(&mut self, queued: Queued, outcome: Outcome) {
        let outcome = queued.lost.clone().map_or(outcome, Outcome::Unknown);
        self.settle(queued, outcome);
    }

    /// The contact was read, and the change is known to have been written, or to hold.
    pub(crate) fn found(&mut self, queued: Queued, person: Box<Person>) {
        let updated = Updated::new(&queued.change.name, person, true);
        self.settle(queued, Outcome::Updated(updated));
    }

    /// Gives a change its outcome, and takes it away: it cannot get another one.
    pub(crate) fn settle(&mut self, queued: Queued, outcome: Outcome) {
        let Queued { index, change, .. } = queued;
        self.settled.push(Settled { index, name: change.name, outcome });
    }
}
