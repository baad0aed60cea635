//! Spans for `tracing`, where the feature is on: one for each run and each batch; the transport adds
//! one for each call and events for its attempts.

#[cfg(feature = "tracing")]
mod with {
    use tracing::Instrument as _;

    /// A span; nothing where the feature is off.
    #[derive(Clone, Debug)]
    pub(crate) struct Span(tracing::Span);

    /// The span of a run.
    pub(crate) fn run() -> Span {
        Span(tracing::debug_span!("contacts.update"))
    }

    /// The span of a batch of so many contacts.
    pub(crate) fn batch(run: &Span, contacts: usize, mask: &str) -> Span {
        Span(tracing::debug_span!(parent: &run.0, "batch", contacts, mask))
    }

    /// Runs a future within a span.
    pub(crate) fn within<F: Future>(span: Span, future: F) -> impl Future<Output = F::Output> {
        future.instrument(span.0)
    }
}

#[cfg(not(feature = "tracing"))]
mod with {
    /// A span; nothing where the feature is off.
    #[derive(Clone, Debug)]
    pub(crate) struct Span;

    pub(crate) fn run() -> Span {
        Span
    }

    pub(crate) fn batch(_: &Span, _: usize, _: &str) -> Span {
        Span
    }

    pub(crate) fn within<F: Future>(_: Span, future: F) -> impl Future<Output = F::Output> {
        future
    }
}

pub(crate) use with::{Span, batch, run, within};
