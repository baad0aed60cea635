//! What the feature `tracing` tells: method, attempt and outcome, never tokens, URLs or bodies.

use std::time::Duration;

use super::Method;
use super::attempt::Reply;
use super::problem::Problem;

/// Runs an attempt in a span of its own.
#[cfg(feature = "tracing")]
pub(super) async fn attempt(
    method: &Method,
    number: u32,
    attempt: impl Future<Output = Result<Reply, Problem>>,
) -> Result<Reply, Problem> {
    use tracing::Instrument as _;

    let span = tracing::debug_span!("attempt", method = method.id, number);
    async {
        let outcome = attempt.await;
        match &outcome {
            Ok(reply) => {
                let (status, bytes) = (reply.head.status.as_u16(), reply.body.len());
                tracing::debug!(status, bytes, "answered");
            }
            Err(problem) => {
                let status = problem.http_status().map(|status| status.as_u16());
                tracing::debug!(status, kind = ?problem.kind(), "failed");
            }
        }
        outcome
    }
    .instrument(span)
    .await
}

#[cfg(not(feature = "tracing"))]
pub(super) fn attempt<A: Future<Output = Result<Reply, Problem>>>(
    _: &Method,
    _: u32,
    attempt: A,
) -> A {
    attempt
}

/// A retry will follow after this time.
#[cfg(feature = "tracing")]
pub(super) fn waits(method: &Method, wait: Duration) {
    let milliseconds = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
    tracing::debug!(method = method.id, milliseconds, "waits before a retry");
}

#[cfg(not(feature = "tracing"))]
pub(super) fn waits(_: &Method, _: Duration) {}
