//! The chunk of a resumable upload.

use bytes::{Bytes, BytesMut};

use super::super::ErrorKind;
use super::super::problem::{Problem, Refusal};
use super::content::Content;

/// How much memory is taken for bytes of which it is not known whether they come.
const AT_ONCE: usize = 1024 * 1024;

/// The bytes between what the server has and what was not read yet: at most one chunk, and what the
/// source gave with its last piece.
pub(super) struct Buffer {
    content: Content,
    /// The announced length.
    length: Option<u64>,
    size: usize,
    /// How many bytes the server has.
    confirmed: u64,
    chunk: Bytes,
    /// Read, and not part of the chunk.
    spare: Bytes,
    has_ended: bool,
}

impl Buffer {
    pub(super) fn new(content: Content, length: Option<u64>, size: usize) -> Self {
        Self {
            content,
            length,
            size,
            confirmed: 0,
            chunk: Bytes::new(),
            spare: Bytes::new(),
            has_ended: false,
        }
    }

    /// How many bytes the server has.
    pub(super) fn confirmed(&self) -> u64 {
        self.confirmed
    }

    /// The bytes to send.
    pub(super) fn chunk(&self) -> Bytes {
        self.chunk.clone()
    }

    /// Whether the chunk is the last one; an empty one after the last, too.
    pub(super) fn is_last(&self) -> bool {
        self.has_ended && self.spare.is_empty()
    }

    /// The length of the media, as far as it is known.
    pub(super) fn total(&self) -> Option<u64> {
        if self.is_last() { Some(self.confirmed + self.chunk.len() as u64) } else { self.length }
    }

    /// Fills the chunk and finds out whether it is the last one.
    pub(super) async fn fill(&mut self) -> Result<(), Problem> {
        if self.chunk.len() < self.size && !self.is_last() {
            let rest = self
                .length
                .map_or(self.size as u64, |length| length.saturating_sub(self.confirmed));
            // Who announces no length may have less than a chunk.
            let most = if self.length.is_some() { self.size } else { self.size.min(AT_ONCE) };
            let room = usize::try_from(rest).unwrap_or(most).min(most);
            let mut chunk = BytesMut::with_capacity(room.max(self.chunk.len()));
            chunk.extend_from_slice(&self.chunk);
            // Given back here, so that only one chunk is in memory.
            self.chunk = Bytes::new();
            while chunk.len() < self.size && self.next().await? {
                let size = self.spare.len().min(self.size - chunk.len());
                chunk.extend_from_slice(&self.spare.split_to(size));
            }
            self.chunk = chunk.freeze();
        }
        self.next().await?;
        Ok(())
    }

    /// Whether there is something to take from the source.
    async fn next(&mut self) -> Result<bool, Problem> {
        if self.spare.is_empty() && !self.has_ended {
            match self.content.next().await {
                Some(bytes) => self.spare = bytes?,
                None => self.has_ended = true,
            }
        }
        Ok(!self.spare.is_empty())
    }

    /// Goes to where the server stands, with a source that begins at the beginning.
    pub(super) async fn skip_to(&mut self, received: u64) -> Result<(), Problem> {
        while self.confirmed < received {
            if !self.next().await? {
                return Err(refusal(
                    ErrorKind::Source,
                    "the source has fewer bytes than the server has already",
                ));
            }
            let rest = received - self.confirmed;
            let size = usize::try_from(rest).unwrap_or(usize::MAX).min(self.spare.len());
            let _ = self.spare.split_to(size);
            self.confirmed += size as u64;
        }
        Ok(())
    }

    /// Lets go of what the server has; says how many bytes of the chunk that was.
    pub(super) fn confirm(&mut self, received: u64) -> Result<u64, Problem> {
        let Some(new) = received.checked_sub(self.confirmed) else {
            return Err(refusal(
                ErrorKind::Protocol,
                "the server has lost bytes of the upload that it had confirmed",
            ));
        };
        match usize::try_from(new) {
            Ok(size) if size <= self.chunk.len() => {
                let _ = self.chunk.split_to(size);
                self.confirmed = received;
                Ok(new)
            }
            _ => Err(refusal(
                ErrorKind::Protocol,
                "the server says that it has bytes of the upload that were not sent",
            )),
        }
    }
}

fn refusal(kind: ErrorKind, text: &'static str) -> Problem {
    Problem::Refused(Refusal::new(kind, text))
}
