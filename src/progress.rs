//! How far a run has come.

use crate::outcome::{Outcome, Settled};

/// How far a run has come, in changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// Taken from the input.
    pub taken: u64,
    /// Waiting to be sent.
    pub waiting: u64,
    /// In the request that is on its way.
    pub in_flight: u64,
    /// Requests that are done, however often each was sent.
    pub batches: u64,
    /// Updated.
    pub updated: u64,
    /// Failed.
    pub failed: u64,
    /// Changed by someone else.
    pub conflicts: u64,
    /// Refused before they were sent, second changes of a contact included.
    pub refused: u64,
    /// Nobody knows.
    pub unknown: u64,
    /// Not sent because the run ended before.
    pub not_sent: u64,
}

impl Progress {
    /// The changes that have their outcome.
    pub fn settled(&self) -> u64 {
        self.updated + self.failed + self.conflicts + self.refused + self.unknown + self.not_sent
    }

    pub(crate) fn count(&mut self, settled: &Settled) {
        let counter = match settled.outcome {
            Outcome::Updated(_) => &mut self.updated,
            Outcome::Failed(_) => &mut self.failed,
            Outcome::Conflict(_) => &mut self.conflicts,
            Outcome::Refused(_) | Outcome::Duplicate => &mut self.refused,
            Outcome::Unknown(_) => &mut self.unknown,
            Outcome::NotSent(_) => &mut self.not_sent,
        };
        *counter += 1;
    }
}
