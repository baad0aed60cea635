//! Bodies of uploads: they end as a whole or not at all.

use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use google_apis_common as common;
use http::{Request, StatusCode};
use hyper::body::{Body, Frame, SizeHint};
use hyper_util::client::legacy::connect::CaptureConnection;

use super::super::ErrorKind;
use super::super::attempt::{self, Exchange, Outcome, Reply};
use super::super::client::Client;
use super::super::problem::{Problem, Refusal};
use super::content::{Content, Memory};
use super::idle::Activity;
use super::source::{Media, Source};

pub(super) const TOO_EARLY: &str =
    "the server says that it has everything before everything was sent";

/// A request whose body flows.
pub(super) struct Upload {
    media: Kept,
    before: Bytes,
    after: Bytes,
    /// Of the media.
    length: Option<u64>,
    state: Arc<Mutex<State>>,
    activity: Activity,
    /// The longest time without progress.
    time: Option<Duration>,
    /// The largest answer.
    size: usize,
    is_success: fn(StatusCode) -> bool,
}

enum Kept {
    /// Every attempt begins anew.
    Memory(Bytes),
    /// The first attempt that reads has it all.
    Once(Arc<Mutex<Content>>),
}

/// What a body says to those who sent it.
#[derive(Default)]
struct State {
    /// Counts attempts that have ended: a body of an earlier one goes no further.
    ended: u64,
    is_touched: bool,
    is_complete: bool,
    failure: Option<Problem>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// An attempt; when it ends or is dropped, its body goes no further, whoever still holds it.
struct Attempt<'a>(&'a Mutex<State>);

impl Drop for Attempt<'_> {
    fn drop(&mut self) {
        lock(self.0).ended += 1;
    }
}

impl Upload {
    pub(super) fn new(media: Media, time: Option<Duration>, size: usize) -> Self {
        let length = media.length;
        let kept = match media.source {
            Source::Memory(bytes) if length == Some(bytes.len() as u64) => Kept::Memory(bytes),
            _ => Kept::Once(Arc::new(Mutex::new(media.content()))),
        };
        Self {
            media: kept,
            before: Bytes::new(),
            after: Bytes::new(),
            length,
            state: Arc::default(),
            activity: Activity::new(),
            time,
            size,
            is_success: |status| status.is_success(),
        }
    }

    /// Puts something before and after the media.
    pub(super) fn between(self, before: Bytes, after: Bytes) -> Self {
        Self { before, after, ..self }
    }

    /// Takes also these statuses for answers to go on with.
    pub(super) fn succeeds_with(self, is_success: fn(StatusCode) -> bool) -> Self {
        Self { is_success, ..self }
    }

    /// The size of the body, where it is known.
    pub(super) fn size(&self) -> Option<u64> {
        self.length?.checked_add((self.before.len() + self.after.len()) as u64)
    }

    async fn exchange(
        &self,
        client: &dyn Client,
        request: Request<common::Body>,
        connection: &CaptureConnection,
    ) -> Result<Outcome<Reply>, Problem> {
        let answer = attempt::send(client, request, connection).await?;
        self.activity.note();
        let reply = attempt::read(answer, self.size).await?;
        let status = reply.head.status;
        if !(self.is_success)(status) {
            return Ok(Outcome::Failure(reply));
        }
        if status.is_success() && !lock(&self.state).is_complete {
            return Err(Problem::Refused(Refusal {
                may_have_been_applied: true,
                ..Refusal::new(ErrorKind::Protocol, TOO_EARLY)
            }));
        }
        Ok(Outcome::Success(reply))
    }
}

impl Exchange for Upload {
    type Answer = Reply;

    fn body(&self) -> common::Body {
        let ended = {
            let mut state = lock(&self.state);
            let is_complete = self.size() == Some(0);
            *state = State { ended: state.ended, is_complete, ..State::default() };
            state.ended
        };
        let content = match &self.media {
            Kept::Memory(bytes) => {
                let content = Content::new(Box::pin(Memory(bytes.clone())), self.length);
                Arc::new(Mutex::new(content))
            }
            Kept::Once(content) => Arc::clone(content),
        };
        common::Body::new(Outgoing {
            before: self.before.clone(),
            content: Some(content),
            after: self.after.clone(),
            size: self.size(),
            attempt: ended,
            state: Arc::clone(&self.state),
            activity: self.activity.clone(),
        })
    }

    fn can_repeat(&self) -> bool {
        matches!(self.media, Kept::Memory(_)) || !lock(&self.state).is_touched
    }

    async fn attempt(
        &self,
        client: &dyn Client,
        request: Request<common::Body>,
        connection: &CaptureConnection,
    ) -> Result<Outcome<Reply>, Problem> {
        let _attempt = Attempt(&self.state);
        let exchange = self.exchange(client, request, connection);
        let outcome = self.activity.watch(self.time, exchange).await;
        // A source that failed is the cause of whatever else went wrong.
        match lock(&self.state).failure.take() {
            Some(problem) => Err(problem),
            None => outcome,
        }
    }
}

/// The body of one attempt.
struct Outgoing {
    before: Bytes,
    /// Until its end.
    content: Option<Arc<Mutex<Content>>>,
    after: Bytes,
    size: Option<u64>,
    attempt: u64,
    state: Arc<Mutex<State>>,
    activity: Activity,
}

impl Outgoing {
    fn poll_data(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Problem>>> {
        if !self.before.is_empty() {
            return Poll::Ready(Some(Ok(std::mem::take(&mut self.before))));
        }
        if let Some(content) = &self.content {
            let next = ready!(lock(content).poll_next(context));
            if next.is_some() {
                return Poll::Ready(next);
            }
            self.content = None;
        }
        let after = std::mem::take(&mut self.after);
        Poll::Ready((!after.is_empty()).then_some(Ok(after)))
    }
}

impl Body for Outgoing {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let this = self.get_mut();
        {
            let mut state = lock(&this.state);
            if state.ended != this.attempt {
                return broken(context).map(|error| Some(Err(error)));
            }
            state.is_touched = true;
        }
        let data = ready!(this.poll_data(context));
        this.activity.note();
        match data {
            Some(Ok(data)) => {
                if let Some(size) = &mut this.size {
                    *size = size.saturating_sub(data.len() as u64);
                    // A client that knows the size does not ask again.
                    lock(&this.state).is_complete |= *size == 0;
                }
                Poll::Ready(Some(Ok(Frame::data(data))))
            }
            Some(Err(problem)) => {
                lock(&this.state).failure = Some(problem);
                broken(context).map(|error| Some(Err(error)))
            }
            None => {
                lock(&this.state).is_complete = true;
                Poll::Ready(None)
            }
        }
    }

    fn size_hint(&self) -> SizeHint {
        self.size.map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}

/// An error that makes the client break the request off: it closes the connection or, with HTTP/2,
/// resets the stream. hyper has no way to make one, but gives one for an upgrade that nobody asked
/// for.
fn broken(context: &mut Context<'_>) -> Poll<hyper::Error> {
    match pin!(hyper::upgrade::on(Request::new(()))).poll(context) {
        Poll::Ready(Err(error)) => Poll::Ready(error),
        // The body stays without an end, and the attempt ends with its timeout.
        Poll::Ready(Ok(_)) | Poll::Pending => Poll::Pending,
    }
}
