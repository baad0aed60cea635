//! What the feature `tracing` tells: method, attempt and outcome, never tokens, URLs or bodies.

use std::time::Duration;

use http::StatusCode;

use super::Method;
#[cfg(feature = "tracing")]
use super::problem::Problem;

/// Runs an attempt in a span of its own.
#[cfg(feature = "tracing")]
pub(super) async fn attempt<T>(
    method: &Method,
    number: u32,
    attempt: impl Future<Output = Result<T, Problem>>,
) -> Result<T, Problem> {
    use tracing::Instrument as _;

    let span = tracing::debug_span!("attempt", method = method.id, number);
    async {
        let outcome = attempt.await;
        if let Err(problem) = &outcome {
            let status = problem.http_status().map(|status| status.as_u16());
            tracing::debug!(status, kind = ?problem.kind(), "failed");
        }
        outcome
    }
    .instrument(span)
    .await
}

#[cfg(not(feature = "tracing"))]
pub(super) fn attempt<A>(_: &Method, _: u32, attempt: A) -> A {
    attempt
}

/// An answer has come as a whole.
#[cfg(feature = "tracing")]
pub(super) fn answered(status: StatusCode, bytes: usize) {
    tracing::debug!(status = status.as_u16(), bytes, "answered");
}

#[cfg(not(feature = "tracing"))]
pub(super) fn answered(_: StatusCode, _: usize) {}

/// A retry will follow after this time.
#[cfg(feature = "tracing")]
pub(super) fn waits(method: &Method, wait: Duration) {
    let milliseconds = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
    tracing::debug!(method = method.id, milliseconds, "waits before a retry");
}

#[cfg(not(feature = "tracing"))]
pub(super) fn waits(_: &Method, _: Duration) {}
