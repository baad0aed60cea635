//! A call on its way: tokens, attempts, waits, the deadline.

use std::time::Duration;

use bytes::Bytes;
use google_apis_common as common;
use http::header::AUTHORIZATION;
use http::{Request, StatusCode};
use hyper_util::client::legacy::connect::{CaptureConnection, capture_connection};
use tokio::time::{Instant, sleep, timeout_at};

use super::attempt::{Limits, Reply, attempt, has_connection};
use super::delegate::{Decision, Watch};
use super::problem::Problem;
use super::settings::Settings;
use super::{BoxFuture, Error, Hub, Method, Result, auth, headers, trace};

/// All that is fixed before the first attempt.
pub(super) struct Plan {
    pub(super) hub: Hub,
    pub(super) method: &'static Method,
    /// The request without authorization. Its body is shared by all attempts.
    pub(super) request: Request<Bytes>,
    pub(super) settings: Settings,
}

/// A successful answer.
pub(super) struct Exchange {
    pub(super) status: StatusCode,
    pub(super) body: Bytes,
    pub(super) attempts: u32,
}

/// What is known of a call that is still on its way, or was when its time was up.
#[derive(Default)]
struct Progress {
    attempts: u32,
    may_have_been_applied: bool,
    /// The connection of the attempt in flight.
    connection: Option<CaptureConnection>,
    last: Option<Box<Problem>>,
}

impl Progress {
    /// Notes how an attempt ended.
    fn note(&mut self, problem: &Problem) {
        let sent = self.connection.take().is_some_and(|connection| has_connection(&connection));
        self.may_have_been_applied |= problem.may_have_been_applied(sent);
    }
}

impl Plan {
    /// Sends the request until there is an answer, an error that stays, or no time left.
    ///
    /// The future is boxed here, where nothing is generic: so it is compiled with this crate and not
    /// with every program that awaits it.
    pub(super) fn send<'s>(self, watch: &'s mut Watch<'_>) -> BoxFuture<'s, Result<Exchange>> {
        Box::pin(async move { self.run(watch).await })
    }

    async fn run(&self, watch: &mut Watch<'_>) -> Result<Exchange> {
        let mut progress = Progress::default();
        let limit = self.settings.deadline();
        // A limit too long for a clock is none.
        let end = limit.and_then(|limit| Instant::now().checked_add(limit));
        let attempts = self.attempts(watch, &mut progress, end);
        let outcome = match end {
            None => Ok(attempts.await),
            Some(end) => timeout_at(end, attempts).await,
        };
        let outcome = outcome.unwrap_or_else(|_| {
            let problem = Problem::Deadline(limit.unwrap_or_default(), progress.last.take());
            progress.note(&problem);
            Err(problem)
        });
        let Progress { attempts, may_have_been_applied, .. } = progress;
        match outcome {
            Ok(Reply { head, body }) => Ok(Exchange { status: head.status, body, attempts }),
            Err(problem) => {
                Err(Error::new(Some(self.method.id), problem, may_have_been_applied, attempts))
            }
        }
    }

    async fn attempts(
        &self,
        watch: &mut Watch<'_>,
        progress: &mut Progress,
        end: Option<Instant>,
    ) -> Result<Reply, Problem> {
        let scopes = self.scopes();
        let policy = self.settings.retry();
        let mut new_token = None;
        let mut may_renew = true;
        let mut retries = 0;
        loop {
            let token = match &new_token {
                Some(token) => Some(String::clone(token)),
                None => self.token(&scopes, watch).await?,
            };
            let request = self.authorized(token.as_deref(), watch)?;
            watch.pre_request();
            let outcome = self.attempt(request, progress).await;
            let (problem, decision) = match outcome {
                Ok(reply) if reply.head.status.is_success() => return Ok(reply),
                Ok(reply) => {
                    progress.connection = None;
                    let mut no_new_token = None;
                    let is_refused = reply.head.status == StatusCode::UNAUTHORIZED;
                    if let (true, true, Some(old)) = (is_refused, may_renew, &token) {
                        may_renew = false;
                        match self.hub.auth.refreshed(&scopes, old).await {
                            Ok(Some(new)) if new != *old => {
                                new_token = Some(new);
                                continue;
                            }
                            Ok(_) => {}
                            Err(error) => no_new_token = Some(error),
                        }
                    }
                    let decision = watch.http_failure(&reply.head, &reply.body);
                    (reply.into_problem(no_new_token), decision)
                }
                Err(problem) => {
                    let decision = problem.client_error().and_then(|error| watch.http_error(error));
                    (problem, decision)
                }
            };
            progress.note(&problem);
            let wait = match decision {
                Some(Decision::Abort) => None,
                Some(Decision::After(wait)) => Some(wait),
                None => policy.wait(&self.method.http_method, &problem, retries),
            };
            match wait {
                Some(wait) if fits(wait, end) => {
                    trace::waits(self.method, wait);
                    retries = retries.saturating_add(1);
                    progress.last = Some(Box::new(problem));
                    sleep(wait).await;
                }
                _ => return Err(problem),
            }
        }
    }

    async fn attempt(
        &self,
        mut request: Request<common::Body>,
        progress: &mut Progress,
    ) -> Result<Reply, Problem> {
        progress.attempts = progress.attempts.saturating_add(1);
        let connection = capture_connection(&mut request);
        progress.connection = Some(connection.clone());
        let limits = Limits {
            time: self.settings.attempt_timeout(),
            size: self.settings.max_response_size(),
        };
        let attempt = attempt(&*self.hub.client, request, &limits, &connection);
        trace::attempt(self.method, progress.attempts, attempt).await
    }

    fn scopes(&self) -> Vec<&str> {
        match &self.settings.scopes {
            Some(scopes) => scopes.iter().map(String::as_str).collect(),
            None => self.method.default_scopes.to_vec(),
        }
    }

    async fn token(
        &self,
        scopes: &[&str],
        watch: &mut Watch<'_>,
    ) -> Result<Option<String>, Problem> {
        if scopes.is_empty() {
            return Ok(None);
        }
        match self.hub.auth.token(scopes).await {
            Ok(token) => Ok(token),
            Err(error) => watch.token(error).map_err(Problem::Auth),
        }
    }

    /// The request with a token, or with the delegate's API key where there is neither.
    fn authorized(
        &self,
        token: Option<&str>,
        watch: &mut Watch<'_>,
    ) -> Result<Request<common::Body>, Problem> {
        let mut request = Request::new(common::to_body(Some(self.request.body().clone())));
        *request.method_mut() = self.request.method().clone();
        *request.uri_mut() = self.request.uri().clone();
        let all = request.headers_mut();
        self.request.headers().clone_into(all);
        if let Some(token) = token {
            all.insert(AUTHORIZATION, auth::bearer(token).map_err(Problem::Auth)?);
        } else if !all.contains_key(headers::API_KEY)
            && let Some(key) = watch.api_key()
        {
            all.insert(headers::API_KEY, headers::api_key(&key).map_err(Problem::Build)?);
        }
        Ok(request)
    }
}

/// Whether a wait is over before the end.
fn fits(wait: Duration, end: Option<Instant>) -> bool {
    end.is_none_or(|end| Instant::now().checked_add(wait).is_some_and(|then| then < end))
}
