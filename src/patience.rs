//! How long, and how often, a run goes on trying.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use tokio::time::{Duration, Instant};

use crate::control::Control;
use crate::outcome::NotSent;

/// The end of a run as its batches see it: its deadline, and whether it was cancelled.
#[derive(Clone, Debug)]
pub(crate) struct Patience {
    pub(crate) deadline: Option<Instant>,
    pub(crate) control: Control,
}

impl Patience {
    /// Why nothing more should be sent; nothing while there is time.
    pub(crate) fn is_over(&self) -> Option<NotSent> {
        if self.control.is_cancelled() {
            return Some(NotSent::Cancelled);
        }
        self.deadline.filter(|deadline| *deadline <= Instant::now()).map(|_| NotSent::Deadline)
    }

    /// Waits, unless the run ends before.
    pub(crate) async fn wait(&self, wait: Duration) -> Result<(), NotSent> {
        if wait.is_zero() {
            return Ok(());
        }
        let until = Instant::now() + wait;
        if self.deadline.is_some_and(|deadline| deadline < until) {
            return Err(NotSent::Deadline);
        }
        tokio::select! {
            () = self.control.cancelled() => Err(NotSent::Cancelled),
            () = tokio::time::sleep_until(until) => Ok(()),
        }
    }
}

/// How many further requests a run may spend on trouble.
#[derive(Clone, Debug)]
pub(crate) struct Budget {
    left: Arc<AtomicU32>,
}

impl Budget {
    pub(crate) fn new(requests: u32) -> Self {
        Self { left: Arc::new(AtomicU32::new(requests)) }
    }

    pub(crate) fn is_left(&self) -> bool {
        self.left.load(Ordering::Relaxed) > 0
    }

    /// Takes one; `false` when none is left.
    pub(crate) fn take(&self) -> bool {
        self.left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1))
            .is_ok()
    }
}
