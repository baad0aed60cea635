//! Watching and steering a run from elsewhere.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::Progress;

/// What a run and its handles share.
#[derive(Clone, Debug, Default)]
pub(crate) struct Control {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    steered: Notify,
}

#[derive(Debug, Default)]
struct State {
    progress: Progress,
    is_cancelled: bool,
    /// Changes that were taken before this count go without waiting for others.
    flush: Option<u64>,
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
    pub fn cancel(&self) {
        self.control.state().is_cancelled = true;
        self.control.shared.steered.notify_one();
    }

    /// Sends what waits now without waiting for full batches.
    pub fn flush(&self) {
        let mut state = self.control.state();
        state.flush = Some(state.progress.taken);
        drop(state);
        self.control.shared.steered.notify_one();
    }
}
