//! A call on its way: tokens, attempts, waits, the deadline.

use std::time::Duration;

use google_apis_common as common;
use http::header::AUTHORIZATION;
use http::{Request, StatusCode};
use hyper_util::client::legacy::connect::{CaptureConnection, capture_connection};
use tokio::time::{Instant, sleep, timeout_at};

use super::attempt::{Exchange, Outcome, has_connection};
use super::delegate::{Decision, Watch};
use super::problem::Problem;
use super::settings::Settings;
use super::tokens::Token;
use super::{Error, Hub, Method, auth, headers, trace};

/// All that is fixed before the first attempt.
pub(super) struct Plan<'a, E> {
    pub(super) hub: &'a Hub,
    pub(super) method: &'static Method,
    /// The request without authorization and body.
    pub(super) request: Request<()>,
    /// How each attempt is made.
    pub(super) exchange: E,
    /// Whether the retry policy may take the request for one that can be carried out twice.
    pub(super) is_idempotent: bool,
    pub(super) settings: Settings,
}

/// A successful answer.
pub(super) struct Success<A> {
    pub(super) answer: A,
    pub(super) attempts: u32,
}

/// A failure that stays.
pub(super) struct Failure {
    pub(super) problem: Problem,
    pub(super) may_have_been_applied: bool,
    pub(super) attempts: u32,
}

impl Failure {
    pub(super) fn into_error(self, method: &Method) -> Error {
        Error::new(Some(method.id), self.problem, self.may_have_been_applied, self.attempts)
    }
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

impl<E: Exchange> Plan<'_, E> {
    /// Sends the request until there is an answer, an error that stays, or no time left.
    pub(super) async fn send(&self, watch: &mut Watch<'_>) -> Result<Success<E::Answer>, Failure> {
        let mut progress = Progress::default();
        let end = self.settings.end();
        let attempts = self.attempts(watch, &mut progress, end);
        let outcome = match end {
            None => Ok(attempts.await),
            Some(end) => timeout_at(end, attempts).await,
        };
        let outcome = outcome.unwrap_or_else(|_| {
            let limit = self.settings.deadline().unwrap_or_default();
            let problem = Problem::Deadline(limit, progress.last.take());
            progress.note(&problem);
            Err(problem)
        });
        let Progress { attempts, may_have_been_applied, .. } = progress;
        match outcome {
            Ok(answer) => Ok(Success { answer, attempts }),
            Err(problem) => Err(Failure { problem, may_have_been_applied, attempts }),
        }
    }

    async fn attempts(
        &self,
        watch: &mut Watch<'_>,
        progress: &mut Progress,
        end: Option<Instant>,
    ) -> Result<E::Answer, Problem> {
        let scopes = self.scopes();
        let policy = self.settings.retry();
        let mut new_token = None;
        let mut may_renew = true;
        let mut retries = 0;
        loop {
            let token = match &new_token {
                Some(token) => Some(Token::clone(token)),
                None => self.token(&scopes, watch).await?,
            };
            let text = token.as_ref().map(|token| token.text.as_str());
            let request = self.authorized(text, watch)?;
            watch.pre_request();
            let outcome = self.attempt(request, progress).await;
            let (problem, decision) = match outcome {
                Ok(Outcome::Success(answer)) => return Ok(answer),
                Ok(Outcome::Failure(reply)) => {
                    progress.connection = None;
                    let mut no_new_token = None;
                    let is_refused = reply.head.status == StatusCode::UNAUTHORIZED;
                    let may_ask = is_refused && may_renew && self.exchange.can_repeat();
                    if let (true, Some(old)) = (may_ask, &token) {
                        may_renew = false;
                        match self.hub.tokens.renewed(&scopes, old).await {
                            Ok(Some(new)) => {
                                new_token = Some(new);
                                continue;
                            }
                            Ok(None) => {}
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
                None => policy.wait(self.is_idempotent, &problem, retries),
            };
            match wait {
                Some(wait) if fits(wait, end) && self.exchange.can_repeat() => {
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
    ) -> Result<Outcome<E::Answer>, Problem> {
        progress.attempts = progress.attempts.saturating_add(1);
        let connection = capture_connection(&mut request);
        progress.connection = Some(connection.clone());
        let attempt = self.exchange.attempt(&*self.hub.client, request, &connection);
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
    ) -> Result<Option<Token>, Problem> {
        if scopes.is_empty() {
            return Ok(None);
        }
        let tokens = &self.hub.tokens;
        match tokens.token(scopes).await {
            Ok(token) => Ok(token),
            Err(error) => {
                let other = watch.token(error).map_err(Problem::Auth)?;
                Ok(other.map(|text| tokens.foreign(text)))
            }
        }
    }

    /// The request with a token, or with the delegate's API key where there is neither.
    fn authorized(
        &self,
        token: Option<&str>,
        watch: &mut Watch<'_>,
    ) -> Result<Request<common::Body>, Problem> {
        let mut request = Request::new(self.exchange.body());
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
pub(super) fn fits(wait: Duration, end: Option<Instant>) -> bool {
    end.is_none_or(|end| Instant::now().checked_add(wait).is_some_and(|then| then < end))
}
