//! The bytes of an upload, held to their length.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;

use super::super::problem::{Problem, Refusal};
use super::super::{BoxError, ErrorKind};

/// Where the bytes come from.
pub(super) type Chunks = dyn Stream<Item = Result<Bytes, BoxError>> + Send;

/// How many bytes are given at once at most: each piece that is taken is a sign of progress.
const PIECE: usize = 64 * 1024;

/// The bytes of a source. Where the length is known, the last of them come only after the source
/// has ended, so that one with more is found out before everything was sent.
pub(super) struct Content {
    chunks: Pin<Box<Chunks>>,
    /// How many bytes are still to come, where that is known.
    rest: Option<u64>,
    /// Came, and goes piece by piece.
    ready: Bytes,
    /// Held back until the source has ended.
    last: Bytes,
    has_ended: bool,
}

impl Content {
    pub(super) fn new(chunks: Pin<Box<Chunks>>, length: Option<u64>) -> Self {
        Self { chunks, rest: length, ready: Bytes::new(), last: Bytes::new(), has_ended: false }
    }

    /// The next bytes, never none of them; `None` at the end.
    pub(super) async fn next(&mut self) -> Option<Result<Bytes, Problem>> {
        poll_fn(|context| self.poll_next(context)).await
    }

    pub(super) fn poll_next(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Problem>>> {
        loop {
            if !self.ready.is_empty() {
                let size = self.ready.len().min(PIECE);
                return Poll::Ready(Some(Ok(self.ready.split_to(size))));
            }
            if self.has_ended {
                return Poll::Ready(None);
            }
            match ready!(self.chunks.as_mut().poll_next(context)) {
                Some(Ok(bytes)) if bytes.is_empty() => {}
                Some(Ok(bytes)) => {
                    let Some(rest) = self.rest else {
                        self.ready = bytes;
                        continue;
                    };
                    let Some(rest) = rest.checked_sub(bytes.len() as u64) else {
                        return self.failed("the source has more bytes than its length says", None);
                    };
                    self.rest = Some(rest);
                    if rest > 0 {
                        self.ready = bytes;
                    } else {
                        self.last = bytes;
                    }
                }
                Some(Err(error)) => return self.failed("the source failed", Some(error)),
                None if self.rest.is_some_and(|rest| rest > 0) => {
                    return self.failed("the source has fewer bytes than its length says", None);
                }
                None => {
                    self.has_ended = true;
                    self.ready = std::mem::take(&mut self.last);
                }
            }
        }
    }

    fn failed(
        &mut self,
        text: &'static str,
        source: Option<BoxError>,
    ) -> Poll<Option<Result<Bytes, Problem>>> {
        self.has_ended = true;
        let refusal = Refusal { source, ..Refusal::new(ErrorKind::Source, text) };
        Poll::Ready(Some(Err(Problem::Refused(refusal))))
    }
}

/// Bytes in memory.
pub(super) struct Memory(pub(super) Bytes);

impl Stream for Memory {
    type Item = Result<Bytes, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let bytes = std::mem::take(&mut self.0);
        Poll::Ready((!bytes.is_empty()).then_some(Ok(bytes)))
    }
}

/// A stream with any error.
pub(super) struct Mapped<S>(pub(super) Pin<Box<S>>);

impl<S: Stream<Item = Result<Bytes, E>>, E: Into<BoxError>> Stream for Mapped<S> {
    type Item = Result<Bytes, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let item = ready!(self.0.as_mut().poll_next(context));
        Poll::Ready(item.map(|bytes| bytes.map_err(Into::into)))
    }
}
