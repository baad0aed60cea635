//! A download before it begins.

use std::fmt;
use std::ops::{Bound, RangeBounds};
use std::time::Duration;

use bytes::Bytes;
use google_apis_common as common;
use http::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_LENGTH, IF_RANGE, RANGE};
use http::{HeaderValue, Request, Response, StatusCode};
use hyper::body::{Body as _, Incoming};
use hyper_util::client::legacy::connect::CaptureConnection;

use super::super::attempt::{self, Exchange, Outcome};
use super::super::call::Target;
use super::super::client::Client;
use super::super::delegate::Watch;
use super::super::problem::{Problem, Refusal};
use super::super::send::{Failure, Plan, Success};
use super::super::settings::{Limit, Settings};
use super::super::{Call, Error, ErrorKind, Result, RetryPolicy};
use super::download::Download;
use super::idle::Activity;
use super::part::{Part, Wanted};
use super::place;
use super::upload::settings;
use super::validator::Validator;

/// A download of the media of a call.
#[derive(Clone)]
#[must_use = "a download does nothing until it is sent"]
pub struct DownloadCall {
    pub(super) call: Call<()>,
    is_from_service: bool,
    wanted: Wanted,
    pub(super) must_verify: bool,
}

/// A download that has begun.
pub(super) struct Opened {
    pub(super) answer: Response<Incoming>,
    pub(super) part: Part,
}

impl DownloadCall {
    /// A download of all of the media. `is_from_service` says that the API has a service of its own
    /// for downloads.
    pub fn new<T>(call: &Call<T>, is_from_service: bool) -> Self {
        Self { call: call.giving(), is_from_service, wanted: Wanted::All, must_verify: true }
    }

    /// Asks for a part: `..1024`, `1024..`, `1024..=2047`, in bytes. What is beyond the end of the
    /// media is left out; a part that begins beyond it is refused by the API (416).
    pub fn range(mut self, range: impl RangeBounds<u64>) -> Self {
        let start = match range.start_bound() {
            Bound::Included(start) => *start,
            Bound::Excluded(before) => before.saturating_add(1),
            Bound::Unbounded => 0,
        };
        let end = match range.end_bound() {
            Bound::Included(last) => last.checked_add(1),
            Bound::Excluded(end) => Some(*end),
            Bound::Unbounded => None,
        };
        let is_all = (start, end) == (0, None);
        self.wanted = if is_all { Wanted::All } else { Wanted::Range(start, end) };
        self
    }

    /// Asks for the last bytes, all where there are not so many.
    pub fn last(mut self, bytes: u64) -> Self {
        self.wanted = Wanted::Last(bytes);
        self
    }

    /// Whether the bytes are compared with the checksum that the server sends; they are, unless
    /// set. See [`Download`].
    pub fn verify(mut self, on: bool) -> Self {
        self.must_verify = on;
        self
    }

    /// Sends the call and waits for the head of the answer.
    ///
    /// # Errors
    ///
    /// As of any call; [`ErrorKind::Api`] with the status 416 where the part is outside of the
    /// media, [`ErrorKind::Protocol`] where the server gives another part.
    pub async fn send(self) -> Result<Download> {
        let method = self.call.method;
        if matches!(self.wanted, Wanted::Last(0))
            || matches!(self.wanted, Wanted::Range(start, Some(end)) if start >= end)
        {
            return Err(Error::build(Some(method.id), "the part to download has no bytes"));
        }
        let settings = settings(&self.call);
        let end = settings.end();
        let opened = self.open(self.wanted, None, settings).await;
        opened
            .map(|Success { answer, .. }| Download::new(self, answer, end))
            .map_err(|failure| failure.into_error(method))
    }

    /// Asks for the rest, of the same version; `None` where there is none.
    pub(super) async fn reopen(
        &self,
        wanted: Wanted,
        validator: &Validator,
    ) -> Result<Option<Opened>, Problem> {
        // What follows a failure is decided by the download.
        let settings = Settings {
            retry: Some(RetryPolicy::never()),
            deadline: Some(Limit(None)),
            ..settings(&self.call)
        };
        match self.open(wanted, Some(validator), settings).await {
            Ok(Success { answer, .. })
                if Validator::of(answer.answer.headers())
                    .is_some_and(|now| now.is_same(validator)) =>
            {
                Ok(Some(answer))
            }
            // Of another version all would have come, since the request says which one it is about.
            Err(Failure { problem: Problem::Api(api, _), .. })
                if api.http_status() == StatusCode::RANGE_NOT_SATISFIABLE
                    && validator.if_range().is_some() =>
            {
                Ok(None)
            }
            Ok(_) => Err(refused("the media has changed since the download began")),
            Err(Failure { problem, .. }) => Err(problem),
        }
    }

    async fn open(
        &self,
        wanted: Wanted,
        validator: Option<&Validator>,
        settings: Settings,
    ) -> Result<Success<Opened>, Failure> {
        let early = |problem| Failure { problem, may_have_been_applied: false, attempts: 0 };
        let request = self.request(wanted, validator, &settings);
        let (head, body) = request.map_err(|text| early(Problem::Build(text)))?.into_parts();
        let request = Request::from_parts(head, ());
        let method = self.call.method;
        let exchange = Opening {
            body,
            time: settings.attempt_timeout(),
            size: settings.max_response_size(),
            wanted,
            is_resumed: validator.is_some(),
        };
        let is_idempotent = method.http_method.is_idempotent();
        let plan = Plan { hub: &self.call.hub, method, request, exchange, is_idempotent, settings };
        plan.send(&mut Watch::nobody()).await
    }

    fn request(
        &self,
        wanted: Wanted,
        validator: Option<&Validator>,
        settings: &Settings,
    ) -> Result<Request<Bytes>, String> {
        let hub = &self.call.hub;
        let target = Target {
            base: if self.is_from_service { place::download_service(hub) } else { hub.base_url() },
            path: self.call.method.path,
            query: &[("alt", "media")],
        };
        let mut request = self.call.request_to(&target, settings)?;
        let headers = request.headers_mut();
        headers.insert(ACCEPT, HeaderValue::from_static("*/*"));
        // The bytes as they are, and their length.
        headers.remove(ACCEPT_ENCODING);
        headers.remove(CONTENT_LENGTH);
        if let Some(range) = wanted.header() {
            let range = HeaderValue::try_from(range).map_err(|error| error.to_string())?;
            headers.insert(RANGE, range);
        }
        if let Some(etag) = validator.and_then(Validator::if_range) {
            headers.insert(IF_RANGE, etag.clone());
        }
        Ok(request)
    }
}

fn refused(text: &'static str) -> Problem {
    Problem::Refused(Refusal::new(ErrorKind::Protocol, text))
}

impl fmt::Debug for DownloadCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DownloadCall")
            .field("call", &self.call)
            .field("wanted", &self.wanted)
            .finish_non_exhaustive()
    }
}

/// A request whose answer is read by others.
struct Opening {
    /// Shared by all attempts; mostly empty.
    body: Bytes,
    /// The longest time until the head of the answer.
    time: Option<Duration>,
    /// The largest error.
    size: usize,
    wanted: Wanted,
    is_resumed: bool,
}

impl Exchange for Opening {
    type Answer = Opened;

    fn body(&self) -> common::Body {
        common::to_body((!self.body.is_empty()).then(|| self.body.clone()))
    }

    fn can_repeat(&self) -> bool {
        true
    }

    async fn attempt(
        &self,
        client: &dyn Client,
        request: Request<common::Body>,
        connection: &CaptureConnection,
    ) -> Result<Outcome<Opened>, Problem> {
        let exchange = async {
            let answer = attempt::send(client, request, connection).await?;
            if !answer.status().is_success() {
                return Ok(Outcome::Failure(attempt::read(answer, self.size).await?));
            }
            let part = self.part(&answer)?;
            Ok(Outcome::Success(Opened { answer, part }))
        };
        Activity::new().watch(self.time, exchange).await
    }
}

impl Opening {
    fn part(&self, answer: &Response<Incoming>) -> Result<Part, Problem> {
        let (status, headers) = (answer.status(), answer.headers());
        let length = answer.body().size_hint().exact();
        match (status == StatusCode::PARTIAL_CONTENT, self.wanted) {
            (true, Wanted::All) => Err(refused("the server gives a part where all was asked for")),
            (true, wanted) => Part::of(headers, length, wanted),
            (false, Wanted::All) => Ok(Part::whole(length)),
            (false, _) if self.is_resumed => {
                Err(refused("the media has changed since the download began, or has no parts"))
            }
            // All there is happens to be what was asked for.
            (false, Wanted::Range(0, end))
                if length.is_some_and(|size| end.is_none_or(|end| size <= end)) =>
            {
                Ok(Part::whole(length))
            }
            (false, Wanted::Last(count)) if length.is_some_and(|size| size <= count) => {
                Ok(Part::whole(length))
            }
            (false, _) => Err(refused("the server does not give parts of this media")),
        }
    }
}
