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

/// How large the pieces of bytes in memory are: each is a sign of progress when it is taken.
const PIECE: usize = 64 * 1024;

/// The bytes of a source. Where the length is known, the last of them come only after the source
/// has ended, so that one with more is found out before everything was sent.
pub(super) struct Content {
    chunks: Pin<Box<Chunks>>,
    /// How many bytes are still to come, where that is known.
    rest: Option<u64>,
    last: Option<Bytes>,
    has_ended: bool,
}

impl Content {
    pub(super) fn new(chunks: Pin<Box<Chunks>>, length: Option<u64>) -> Self {
        Self { chunks, rest: length, last: None, has_ended: false }
    }

    /// The next bytes, never none of them; `None` at the end.
    pub(super) async fn next(&mut self) -> Option<Result<Bytes, Problem>> {
        poll_fn(|context| self.poll_next(context)).await
    }

    pub(super) fn poll_next(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Problem>>> {
        while !self.has_ended {
            match ready!(self.chunks.as_mut().poll_next(context)) {
                Some(Ok(bytes)) if bytes.is_empty() => {}
                Some(Ok(bytes)) => {
                    let Some(rest) = self.rest else { return Poll::Ready(Some(Ok(bytes))) };
                    let Some(rest) = rest.checked_sub(bytes.len() as u64) else {
                        return self.failed("the source has more bytes than its length says", None);
                    };
                    self.rest = Some(rest);
                    if rest > 0 {
                        return Poll::Ready(Some(Ok(bytes)));
                    }
                    self.last = Some(bytes);
                }
                Some(Err(error)) => return self.failed("the source failed", Some(error)),
                None if self.rest.is_some_and(|rest| rest > 0) => {
                    return self.failed("the source has fewer bytes than its length says", None);
                }
                None => {
                    self.has_ended = true;
                    return Poll::Ready(self.last.take().map(Ok));
                }
            }
        }
        Poll::Ready(None)
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

/// Bytes in memory, piece by piece.
pub(super) struct Slices(pub(super) Bytes);

impl Stream for Slices {
    type Item = Result<Bytes, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let size = self.0.len().min(PIECE);
        Poll::Ready((size > 0).then(|| Ok(self.0.split_to(size))))
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
