//! Watching and steering a run from elsewhere.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::Progress;
use crate::outcome::Settled;

/// What a run and its handles share.
#[derive(Clone, Debug, Default)]
pub(crate) struct Control {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    steered: Notify,
    cancelled: Notify,
    left: Notify,
}

#[derive(Debug, Default)]
struct State {
    progress: Progress,
    is_cancelled: bool,
    /// Changes that were taken before this count go without waiting for others.
    flush: Option<u64>,
    /// Outcomes that nobody took from the stream.
    left: Vec<Settled>,
    /// Whether the stream is gone and everything left is here.
    is_left: bool,
}

impl Control {
    pub(crate) fn handle(&self) -> Handle {
        Handle { control: self.clone() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing panics while it holds the lock; the state is whole in any case.
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn progress(&self) -> Progress {
        self.state().progress
    }

    pub(crate) fn update(&self, update: impl FnOnce(&mut Progress)) {
        update(&mut self.state().progress);
    }

    pub(crate) fn is_cancelled(&self) -> bool {
        self.state().is_cancelled
    }

    /// Whether the change that has waited longest is to go now: it was taken before a `flush`.
    pub(crate) fn is_flushing(&self, oldest: Option<u64>) -> bool {
        let mut state = self.state();
        let is_flushing = state.flush.zip(oldest).is_some_and(|(until, oldest)| oldest < until);
        if !is_flushing {
            state.flush = None;
        }
        is_flushing
    }

    pub(crate) async fn steered(&self) {
        self.shared.steered.notified().await;
    }

    /// Comes back once the run is cancelled.
    pub(crate) async fn cancelled(&self) {
        loop {
            let notified = self.shared.cancelled.notified();
            if self.is_cancelled() {
                return;
            }
            notified.await;
        }
    }

    /// Ends the run.
    pub(crate) fn cancel(&self) {
        self.state().is_cancelled = true;
        self.shared.cancelled.notify_waiters();
        self.shared.steered.notify_one();
    }

    /// Keeps outcomes that nobody can take from the stream any more.
    pub(crate) fn leave(&self, settled: Vec<Settled>, is_all: bool) {
        let mut state = self.state();
        for settled in &settled {
            state.progress.count(settled);
        }
        state.left.extend(settled);
        state.is_left |= is_all;
        drop(state);
        self.shared.left.notify_waiters();
    }
}

impl Control {
    /// What was left, once the stream is gone and nothing is on its way.
    fn take_left(&self) -> Option<Vec<Settled>> {
        let mut state = self.state();
        state.is_left.then(|| std::mem::take(&mut state.left))
    }
}

/// A handle of a run: watches it and steers it, also from other tasks.
#[derive(Clone, Debug)]
pub struct Handle {
    control: Control,
}

impl Handle {
    /// How far the run has come.
    pub fn progress(&self) -> Progress {
        self.control.progress()
    }

    /// Ends the run: no new request starts, the one on its way is settled, the rest is not sent.
    ///
    /// Of the input only what is there already is taken, each change with its outcome; where the input
    /// is not ready, it is dropped: the run ends also when its input does not, unless it always has one
    /// more ready. The same goes for the end of a run by its [deadline](crate::Options::deadline) or by
    /// an error.
    pub fn cancel(&self) {
        self.control.cancel();
    }

    /// The outcomes of the changes that the run had taken and nobody took from the stream before it
    /// was dropped; waits for the request that was on its way. They are handed out once.
    ///
    /// It waits as long as the stream lives.
    pub async fn leftover(&self) -> Vec<Settled> {
        loop {
            let notified = self.control.shared.left.notified();
            if let Some(left) = self.control.take_left() {
                return left;
            }
            notified.await;
        }
    }

    /// Sends what waits now without waiting for full batches.
    pub fn flush(&self) {
        let mut state = self.control.state();
        state.flush = Some(state.progress.taken);
        drop(state);
        self.control.shared.steered.notify_one();
    }
}
