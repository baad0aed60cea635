//! What is uploaded.

use std::fmt;
use std::pin::Pin;

use bytes::Bytes;
use futures_core::Stream;
use tokio::io::AsyncRead;

use super::super::BoxError;
use super::content::{Chunks, Content, Mapped, Memory};
use super::reader::Reader;

/// Media to upload: its type, its bytes and, where it is known, its length.
///
/// ```ignore
/// let text = Media::bytes("text/plain", "Hello");
/// let file = tokio::fs::File::open("film.mp4").await?;
/// let length = file.metadata().await?.len();
/// let film = Media::reader("video/mp4", file).length(length);
/// ```
#[must_use = "media does nothing until it is uploaded"]
pub struct Media {
    pub(super) content_type: String,
    pub(super) length: Option<u64>,
    pub(super) source: Source,
}

pub(super) enum Source {
    Memory(Bytes),
    Flow(Pin<Box<Chunks>>),
}

impl Media {
    /// Bytes in memory. `content_type` is the media type, such as `image/png`.
    pub fn bytes(content_type: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        Self {
            content_type: content_type.into(),
            length: Some(bytes.len() as u64),
            source: Source::Memory(bytes),
        }
    }

    /// What a reader gives up to its end. Read in pieces of at most 64 KiB, never ahead of what is
    /// sent by more than one chunk.
    pub fn reader(
        content_type: impl Into<String>,
        reader: impl AsyncRead + Send + 'static,
    ) -> Self {
        Self {
            content_type: content_type.into(),
            length: None,
            source: Source::Flow(Box::pin(Reader::new(reader))),
        }
    }

    /// What a stream gives up to its end. An error of the stream breaks the upload off.
    pub fn stream<S, E>(content_type: impl Into<String>, stream: S) -> Self
    where
        S: Stream<Item = Result<Bytes, E>> + Send + 'static,
        E: Into<BoxError> + 'static,
    {
        Self {
            content_type: content_type.into(),
            length: None,
            source: Source::Flow(Box::pin(Mapped(Box::pin(stream)))),
        }
    }

    /// How many bytes there are. It is told to the server; a source with more or fewer is an error
    /// of the kind [`Source`](super::super::ErrorKind::Source). Without it the server learns the
    /// length at the end.
    pub fn length(mut self, bytes: u64) -> Self {
        self.length = Some(bytes);
        self
    }

    pub(super) fn content(self) -> Content {
        let chunks: Pin<Box<Chunks>> = match self.source {
            Source::Memory(bytes) => Box::pin(Memory(bytes)),
            Source::Flow(chunks) => chunks,
        };
        Content::new(chunks, self.length)
    }
}

impl fmt::Debug for Media {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Media")
            .field("content_type", &self.content_type)
            .field("length", &self.length)
            .finish_non_exhaustive()
    }
}
