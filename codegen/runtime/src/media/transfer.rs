//! The chunks of a resumable upload on their way.

use bytes::Bytes;
use http::header::{CONTENT_RANGE, CONTENT_TYPE};
use http::{HeaderValue, Method, Request, StatusCode, Uri};
use tokio::time::{Instant, sleep, timeout_at};

use super::super::attempt::Reply;
use super::super::call::Answer;
use super::super::delegate::Watch;
use super::super::problem::{Problem, Refusal};
use super::super::send::{Failure, Plan, Success, fits};
use super::super::settings::{Limit, Settings};
use super::super::{Call, Error, ErrorKind, Result, RetryPolicy, trace};
use super::buffer::Buffer;
use super::outgoing::{TOO_EARLY, Upload};
use super::part::received;
use super::resumable::{OnProgress, Progress};
use super::source::Media;
use super::upload::set_length;

/// An upload in a session.
pub(super) struct Transfer<'a, T> {
    pub(super) call: &'a Call<T>,
    pub(super) url: Uri,
    pub(super) media_type: HeaderValue,
    pub(super) settings: Settings,
    pub(super) buffer: Buffer,
    pub(super) on_progress: Option<OnProgress>,
    pub(super) attempts: u32,
    /// Whether everything was sent.
    pub(super) was_last_sent: bool,
    /// Whether the server may have everything without having said so.
    pub(super) is_in_doubt: bool,
}

/// What the server says about the upload.
enum State {
    Complete(Reply),
    /// It has so many bytes.
    Has(u64),
}

impl<T: Answer> Transfer<'_, T> {
    /// Sends everything that the server does not have, and gives what it answers at the end.
    /// `end` is when it has to be over.
    pub(super) async fn run(mut self, is_resumed: bool, end: Option<Instant>) -> Result<T> {
        let outcome = match end {
            None => Ok(self.chunks(is_resumed, None).await),
            Some(at) => timeout_at(at, self.chunks(is_resumed, end)).await,
        };
        let limit = self.settings.deadline().unwrap_or_default();
        let outcome = outcome.unwrap_or_else(|_| Err(Problem::Deadline(limit, None)));
        match outcome {
            Ok(reply) => self.call.decode(&reply, self.attempts),
            Err(problem) => {
                let method = Some(self.call.method.id);
                Err(Error::new(method, problem, self.is_in_doubt, self.attempts))
            }
        }
    }

    async fn chunks(&mut self, is_resumed: bool, end: Option<Instant>) -> Result<Reply, Problem> {
        let policy = self.settings.retry();
        // Whether the server has to say what it has before anything is sent.
        let mut must_ask = is_resumed;
        let mut is_first = is_resumed;
        let mut failures = 0;
        loop {
            let answer = if must_ask {
                self.ask().await
            } else {
                self.buffer.fill().await?;
                self.send().await
            };
            let problem = match answer {
                Ok(State::Complete(reply)) if self.was_last_sent || is_first => {
                    if let Some(total) = self.buffer.total() {
                        self.tell(total);
                    }
                    return Ok(reply);
                }
                Ok(State::Complete(_)) => {
                    self.is_in_doubt = true;
                    return Err(Problem::Refused(Refusal::new(ErrorKind::Protocol, TOO_EARLY)));
                }
                Ok(State::Has(received)) => {
                    self.is_in_doubt = false;
                    let new = if is_first {
                        self.buffer.skip_to(received).await?;
                        received
                    } else {
                        self.buffer.confirm(received)?
                    };
                    is_first = false;
                    let asked = std::mem::take(&mut must_ask);
                    let has_all = self.buffer.is_last() && self.buffer.chunk().is_empty();
                    if new > 0 {
                        failures = 0;
                        self.tell(self.buffer.confirmed());
                        continue;
                    }
                    if asked && !has_all {
                        continue;
                    }
                    Problem::Refused(Refusal {
                        is_transient: true,
                        ..Refusal::new(
                            ErrorKind::Protocol,
                            "the upload does not go on: the server takes no more bytes and does \
                             not say that it has everything",
                        )
                    })
                }
                Err(problem) => {
                    must_ask = true;
                    problem
                }
            };
            match policy.wait(true, &problem, failures) {
                Some(wait) if fits(wait, end) => {
                    trace::waits(self.call.method, wait);
                    failures += 1;
                    sleep(wait).await;
                }
                _ => return Err(problem),
            }
        }
    }

    /// Sends the chunk.
    async fn send(&mut self) -> Result<State, Problem> {
        let chunk = self.buffer.chunk();
        let total = self.buffer.total();
        let start = self.buffer.confirmed();
        self.was_last_sent |= self.buffer.is_last();
        match chunk.len() as u64 {
            // Nothing at all, or nothing more: the server makes of it what it has.
            0 => self.put(Bytes::new(), &format!("bytes */{start}")).await,
            size => {
                let total = total.map_or_else(|| "*".to_owned(), |total| total.to_string());
                let range = format!("bytes {start}-{}/{total}", start + size - 1);
                self.put(chunk, &range).await
            }
        }
    }

    /// Asks how much the server has.
    async fn ask(&mut self) -> Result<State, Problem> {
        let total = self.buffer.total().map_or_else(|| "*".to_owned(), |total| total.to_string());
        self.put(Bytes::new(), &format!("bytes */{total}")).await
    }

    async fn put(&mut self, bytes: Bytes, range: &str) -> Result<State, Problem> {
        let mut request = Request::new(());
        *request.method_mut() = Method::PUT;
        *request.uri_mut() = self.url.clone();
        let mut headers = self.call.headers(&self.settings, true).map_err(Problem::Build)?;
        headers.insert(CONTENT_TYPE, self.media_type.clone());
        let range = HeaderValue::try_from(range)
            .map_err(|_| Problem::Build("the range cannot stand in a header".to_owned()))?;
        headers.insert(CONTENT_RANGE, range);
        set_length(&mut headers, Some(bytes.len() as u64));
        *request.headers_mut() = headers;
        let media = Media::bytes("", bytes);
        let settings = &self.settings;
        let exchange = Upload::new(media, settings.attempt_timeout(), settings.max_response_size())
            .succeeds_with(|status| {
                status.is_success() || status == StatusCode::PERMANENT_REDIRECT
            });
        let plan = Plan {
            hub: &self.call.hub,
            method: self.call.method,
            request,
            exchange,
            is_idempotent: true,
            // What follows a failure is decided here, and when all is over outside.
            settings: Settings {
                retry: Some(RetryPolicy::never()),
                deadline: Some(Limit(None)),
                ..settings.clone()
            },
        };
        // Nothing is known until there is an answer, also for those who do not wait for it.
        let was_in_doubt = self.is_in_doubt;
        self.is_in_doubt |= self.was_last_sent;
        let sent = plan.send(&mut Watch::nobody()).await;
        match sent {
            Ok(Success { answer, attempts }) => {
                self.attempts = self.attempts.saturating_add(attempts);
                if answer.head.status == StatusCode::PERMANENT_REDIRECT {
                    Ok(State::Has(received(&answer.head.headers)?))
                } else {
                    Ok(State::Complete(answer))
                }
            }
            Err(Failure { problem, may_have_been_applied, attempts }) => {
                self.attempts = self.attempts.saturating_add(attempts);
                self.is_in_doubt = was_in_doubt || (self.was_last_sent && may_have_been_applied);
                Err(match problem.http_status() {
                    Some(StatusCode::NOT_FOUND | StatusCode::GONE) => {
                        Problem::Refused(Refusal::new(ErrorKind::SessionExpired, EXPIRED))
                    }
                    _ => problem,
                })
            }
        }
    }

    fn tell(&mut self, uploaded: u64) {
        let so_far = Progress { uploaded, total: self.buffer.total() };
        if let Some(tell) = &mut self.on_progress {
            tell(so_far);
        }
    }
}

const EXPIRED: &str =
    "the session of the upload is over or unknown to the server (404 or 410): begin a new one";
