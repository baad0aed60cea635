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
    pub(crate) fn new(control: Control) -> Self {
        Self { deadline: None, control }
    }

    /// The run begins, unless it has: from here on its deadline counts.
    pub(crate) fn begin(&mut self, limit: Option<Duration>) {
        if self.deadline.is_none() {
            self.deadline = limit.and_then(|limit| later(Instant::now(), limit));
        }
    }

    /// Why nothing more should be sent; nothing while there is time.
    pub(crate) fn is_over(&self) -> Option<NotSent> {
        if self.control.is_cancelled() {
            return Some(NotSent::Cancelled);
        }
        self.deadline.filter(|deadline| *deadline <= Instant::now()).map(|_| NotSent::Deadline)
    }

    /// Waits for something, unless the run ends before.
    pub(crate) async fn unless_over<T>(
        &self,
        awaited: impl Future<Output = T>,
    ) -> Result<T, NotSent> {
        tokio::select! {
            biased;
            () = self.control.cancelled() => Err(NotSent::Cancelled),
            () = until(self.deadline) => Err(NotSent::Deadline),
            value = awaited => Ok(value),
        }
    }

    /// Waits so long, unless the run ends before.
    pub(crate) async fn wait(&self, wait: Duration) -> Result<(), NotSent> {
        if wait.is_zero() {
            return Ok(());
        }
        let end = later(Instant::now(), wait);
        if self.deadline.is_some_and(|deadline| end.is_none_or(|end| deadline < end)) {
            return Err(NotSent::Deadline);
        }
        tokio::select! {
            () = self.control.cancelled() => Err(NotSent::Cancelled),
            () = until(end) => Ok(()),
        }
    }
}

/// The time so long after another; `None` where no clock comes to. Timers round up a little: there
/// must be room for it.
pub(crate) fn later(from: Instant, wait: Duration) -> Option<Instant> {
    let end = from.checked_add(wait)?;
    end.checked_add(Duration::from_secs(1)).map(|_| end)
}

/// Waits until then; for ever without a time.
pub(crate) async fn until(end: Option<Instant>) {
    match end {
        Some(end) => tokio::time::sleep_until(end).await,
        None => std::future::pending().await,
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
        self.take_all(1)
    }

    /// Takes so many, or none when there are not enough.
    pub(crate) fn take_all(&self, requests: u32) -> bool {
        self.left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(requests))
            .is_ok()
    }
}
