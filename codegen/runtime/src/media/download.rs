//! A download on its way.

use std::fmt;
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode, Version};
use hyper::body::{Body, Incoming};
use tokio::io::{AsyncRead, ReadBuf};
use tokio::time::{Instant, Sleep, sleep, sleep_until, timeout_at};

use super::super::body::has_ended;
use super::super::problem::{Problem, Refusal};
use super::super::send::fits;
use super::super::settings::Settings;
use super::super::{BoxFuture, Error, ErrorKind, Result};
use super::crc32c::Crc32c;
use super::download_call::{DownloadCall, Opened};
use super::part::{Part, Wanted};
use super::upload::settings;
use super::validator::{self, Validator};

/// Media that comes down: a stream of bytes, and an [`AsyncRead`].
///
/// **Broken connections.** Where the server tells versions of the media apart (a strong `ETag` or
/// `x-goog-generation`), the rest is asked for when the connection breaks, or nothing comes for as
/// long as the attempt timeout, as often as the retry policy allows without any new byte. Media
/// that has changed in the meantime is an error of the kind [`Protocol`](ErrorKind::Protocol).
/// Without a version the break is the error; [`position`](Self::position) says where to go on with
/// [`range`](DownloadCall::range).
///
/// **Checksum.** Where all of the media is downloaded and the server gives its CRC-32C
/// (`x-goog-hash`, as Cloud Storage does), other bytes are an error of the kind
/// [`Checksum`](ErrorKind::Checksum) at the end; MD5 sums are not compared. Media that is
/// decompressed on its way is not compared, for the sum is that of the compressed bytes.
///
/// Compressed answers are not asked for; media that is stored compressed and sent so
/// (`Content-Encoding`) is given as it comes.
#[must_use = "nothing is downloaded unless it is read"]
pub struct Download {
    call: DownloadCall,
    settings: Settings,
    status: StatusCode,
    version: Version,
    headers: HeaderMap,
    part: Part,
    validator: Option<Validator>,
    check: Option<(Crc32c, u32)>,
    state: State,
    position: u64,
    /// Without a new byte.
    failures: u32,
    /// The deadline.
    end: Option<Instant>,
    /// Until when something has to come.
    patience: Option<Pin<Box<Sleep>>>,
    /// Came, and was not read.
    unread: Bytes,
}

enum State {
    Reading(Incoming),
    Reopening(BoxFuture<'static, Result<Option<Opened>, Problem>>),
    Ended,
}

impl Download {
    pub(super) fn new(call: DownloadCall, opened: Opened, end: Option<Instant>) -> Self {
        let Opened { answer, part } = opened;
        let (head, body) = answer.into_parts();
        let settings = settings(&call.call);
        let is_whole = part.start == 0 && part.end == part.total;
        let sum =
            if is_whole && call.must_verify { validator::crc32c(&head.headers) } else { None };
        Self {
            call,
            settings,
            status: head.status,
            version: head.version,
            validator: Validator::of(&head.headers),
            headers: head.headers,
            part,
            check: sum.map(|sum| (Crc32c::new(), sum)),
            state: State::Reading(body),
            position: part.start,
            failures: 0,
            end,
            patience: None,
            unread: Bytes::new(),
        }
    }

    /// The status of the answer: 200, or 206 for a part.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers of the answer; of the first one, where the download went on after a break.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The media type.
    pub fn content_type(&self) -> Option<&str> {
        self.headers.get(CONTENT_TYPE)?.to_str().ok()
    }

    /// How many bytes this download has, where the server says it.
    pub fn content_length(&self) -> Option<u64> {
        self.part.end?.checked_sub(self.part.start)
    }

    /// How many bytes the whole media has, where the server says it.
    pub fn total_length(&self) -> Option<u64> {
        self.part.total
    }

    /// The place in the media of the next byte that comes.
    pub fn position(&self) -> u64 {
        self.position
    }

    /// The next bytes; `None` after the end. [`Stream::poll_next`] as a future.
    ///
    /// Nothing is lost when the future is dropped.
    pub async fn next(&mut self) -> Option<Result<Bytes>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// All bytes, at most as many as the call's `max_response_size` allows (64 MiB unless set).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::TooLarge`] where there are more, at once where the server says so before; else
    /// what the stream has.
    pub async fn bytes(mut self) -> Result<Bytes> {
        let limit = self.settings.max_response_size();
        let mut bytes = BytesMut::new();
        let is_announced = |size: u64| size > limit as u64;
        if self.content_length().is_some_and(is_announced) {
            return Err(self.error(Problem::TooLarge(self.status, limit)));
        }
        while let Some(more) = self.next().await {
            let more = more?;
            if more.len() > limit - bytes.len() {
                return Err(self.error(Problem::TooLarge(self.status, limit)));
            }
            bytes.extend_from_slice(&more);
        }
        Ok(bytes.freeze())
    }

    fn error(&self, problem: Problem) -> Error {
        // Nothing but reading is done.
        Error::new(Some(self.call.call.method.id), problem, false, self.failures + 1)
    }

    fn poll_bytes(&mut self, context: &mut Context<'_>) -> Poll<Result<Option<Bytes>, Problem>> {
        loop {
            let problem = match &mut self.state {
                State::Ended => return Poll::Ready(Ok(None)),
                State::Reopening(opening) => match ready!(opening.as_mut().poll(context)) {
                    Ok(Some(opened)) => {
                        self.reopened(opened)?;
                        continue;
                    }
                    Ok(None) if self.may_end_here() => return self.ended(),
                    Ok(None) => refused("the media has fewer bytes than when the download began"),
                    Err(problem) => problem,
                },
                State::Reading(body) => match Pin::new(&mut *body).poll_frame(context) {
                    Poll::Pending => ready!(self.poll_patience(context)),
                    Poll::Ready(Some(Ok(frame))) => {
                        self.patience = None;
                        match frame.into_data() {
                            Ok(data) if !data.is_empty() => {
                                return Poll::Ready(self.came(data).map(Some));
                            }
                            _ => continue,
                        }
                    }
                    Poll::Ready(None)
                        if self.part.end.is_none() && has_ended(self.version, body) =>
                    {
                        return self.ended();
                    }
                    Poll::Ready(None) => {
                        let error = "the answer ends before its part does".into();
                        Problem::Transport(Some(self.status), error)
                    }
                    Poll::Ready(Some(Err(error))) => {
                        Problem::Transport(Some(self.status), error.into())
                    }
                },
            };
            // Whatever became of the connection, nothing is missing.
            if self.part.end == Some(self.position) {
                return self.ended();
            }
            self.patience = None;
            self.state = self.after(problem)?;
        }
    }

    /// Waits for as long as nothing may come.
    fn poll_patience(&mut self, context: &mut Context<'_>) -> Poll<Problem> {
        let limit = self.settings.attempt_timeout();
        if self.patience.is_none() {
            let idle = limit.and_then(|limit| Instant::now().checked_add(limit));
            let due = idle.into_iter().chain(self.end).min();
            self.patience = due.map(|due| Box::pin(sleep_until(due)));
        }
        let Some(patience) = &mut self.patience else { return Poll::Pending };
        ready!(patience.as_mut().poll(context));
        let is_over = self.end.is_some_and(|end| end <= Instant::now());
        Poll::Ready(if is_over {
            self.deadline()
        } else {
            Problem::Timeout(limit.unwrap_or_default())
        })
    }

    fn deadline(&self) -> Problem {
        Problem::Deadline(self.settings.deadline().unwrap_or_default(), None)
    }

    fn came(&mut self, data: Bytes) -> Result<Bytes, Problem> {
        self.position += data.len() as u64;
        self.failures = 0;
        if self.part.end.is_some_and(|end| self.position > end) {
            return Err(refused("the answer has more bytes than its part"));
        }
        if self.end.is_some_and(|end| end <= Instant::now()) {
            return Err(self.deadline());
        }
        if let Some((sum, _)) = &mut self.check {
            sum.update(&data);
        }
        Ok(data)
    }

    /// Whether the media may be over where the server has no more of it.
    fn may_end_here(&self) -> bool {
        let has_come = |end: u64| self.position >= end;
        self.part.total.is_none() && self.part.announced.is_none_or(has_come)
    }

    fn ended(&mut self) -> Poll<Result<Option<Bytes>, Problem>> {
        self.state = State::Ended;
        Poll::Ready(self.verify().map(|()| None))
    }

    fn verify(&self) -> Result<(), Problem> {
        match self.check {
            Some((sum, expected)) if sum.value() != expected => {
                Err(Problem::Refused(Refusal::new(
                    ErrorKind::Checksum,
                    "the bytes that came have another CRC-32C than those the server has",
                )))
            }
            _ => Ok(()),
        }
    }

    /// What to do after a failure: ask for the rest, or give up.
    fn after(&mut self, problem: Problem) -> Result<State, Problem> {
        let wait = self.settings.retry().wait(true, &problem, self.failures);
        let (Some(validator), Some(wait)) = (&self.validator, wait) else { return Err(problem) };
        if !fits(wait, self.end) {
            return Err(problem);
        }
        self.failures += 1;
        let (call, validator, end) = (self.call.clone(), validator.clone(), self.end);
        let wanted = Wanted::Range(self.position, self.part.end);
        let is_late = self.deadline();
        let reopened = async move {
            sleep(wait).await;
            call.reopen(wanted, &validator).await
        };
        Ok(State::Reopening(Box::pin(async move {
            match end {
                None => reopened.await,
                Some(end) => timeout_at(end, reopened).await.unwrap_or(Err(is_late)),
            }
        })))
    }

    fn reopened(&mut self, opened: Opened) -> Result<(), Problem> {
        let Part { end, total, announced, .. } = opened.part;
        let differ = |own: Option<u64>, other: Option<u64>| own.is_some() && own != other;
        if differ(self.part.total, total) || differ(self.part.end, end) {
            return Err(refused("the media has another size than when the download began"));
        }
        self.part.end = end;
        self.part.announced = announced;
        self.version = opened.answer.version();
        self.state = State::Reading(opened.answer.into_body());
        Ok(())
    }
}

fn refused(text: &'static str) -> Problem {
    Problem::Refused(Refusal::new(ErrorKind::Protocol, text))
}

impl Stream for Download {
    type Item = Result<Bytes>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Bytes>>> {
        let this = self.get_mut();
        if !this.unread.is_empty() {
            return Poll::Ready(Some(Ok(std::mem::take(&mut this.unread))));
        }
        let next = ready!(this.poll_bytes(context));
        Poll::Ready(next.transpose().map(|next| {
            next.map_err(|problem| {
                this.state = State::Ended;
                this.error(problem)
            })
        }))
    }
}

/// Errors are those of the stream, inside an [`io::Error`].
impl AsyncRead for Download {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if buffer.remaining() == 0 {
            return Poll::Ready(Ok(()));
        }
        if let Some(bytes) = ready!(Pin::new(&mut *this).poll_next(context)) {
            let mut bytes = bytes.map_err(io::Error::other)?;
            let size = bytes.len().min(buffer.remaining());
            buffer.put_slice(&bytes.split_to(size));
            this.unread = bytes;
        }
        Poll::Ready(Ok(()))
    }
}

impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download")
            .field("method", &self.call.call.method.id)
            .field("status", &self.status)
            .field("position", &self.position)
            .field("end", &self.part.end)
            .field("total", &self.part.total)
            .finish_non_exhaustive()
    }
}
