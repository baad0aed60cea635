//! How long nothing may happen.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::super::problem::Problem;

/// When bytes last moved.
#[derive(Clone)]
pub(super) struct Activity(Arc<Mutex<Instant>>);

impl Activity {
    pub(super) fn new() -> Self {
        Self(Arc::new(Mutex::new(Instant::now())))
    }

    /// Bytes move now.
    pub(super) fn note(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    fn last(&self) -> Instant {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends when nothing has moved for so long.
    async fn is_over(&self, limit: Duration) {
        // A limit too long for a clock is none.
        while let Some(end) = self.last().checked_add(limit) {
            if end <= Instant::now() {
                return;
            }
            sleep_until(end).await;
        }
        std::future::pending::<()>().await;
    }

    /// Runs something for as long as bytes move.
    pub(super) async fn watch<T>(
        &self,
        limit: Option<Duration>,
        work: impl Future<Output = Result<T, Problem>>,
    ) -> Result<T, Problem> {
        self.note();
        let Some(limit) = limit else { return work.await };
        let mut work = pin!(work);
        let mut over = pin!(self.is_over(limit));
        poll_fn(|context| match work.as_mut().poll(context) {
            Poll::Pending => over.as_mut().poll(context).map(|()| Err(Problem::Timeout(limit))),
            done @ Poll::Ready(_) => done,
        })
        .await
    }
}
