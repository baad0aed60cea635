//! One attempt: a request and its answer.

use std::time::Duration;

use bytes::Bytes;
use google_apis_common as common;
use http::header::LOCATION;
use http::response::Parts;
use http::{HeaderMap, Request, Response, StatusCode, Uri};
use hyper::body::Incoming;
use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::CaptureConnection;
use tokio::time::timeout;

use super::body::{self, BodyError, UnsupportedEncoding};
use super::client::Client;
use super::problem::Problem;
use super::{ApiError, BoxError, trace};

/// Errors are read up to this size even where less is allowed: they say what to do.
const ROOM_FOR_ERRORS: usize = 64 * 1024;

/// How the requests of a call are sent and their answers read.
pub(super) trait Exchange: Sync {
    /// What a success is.
    type Answer: Send;

    /// The body of the next attempt.
    fn body(&self) -> common::Body;

    /// Whether there is a body for another attempt.
    fn can_repeat(&self) -> bool;

    /// Sends a request and reads the answer.
    fn attempt(
        &self,
        client: &dyn Client,
        request: Request<common::Body>,
        connection: &CaptureConnection,
    ) -> impl Future<Output = Result<Outcome<Self::Answer>, Problem>> + Send;
}

/// What an attempt ended with when an answer came.
pub(super) enum Outcome<A> {
    Success(A),
    Failure(Reply),
}

/// A complete answer with any status; the body of a redirect is left unread.
pub(super) struct Reply {
    pub(super) head: Parts,
    pub(super) body: Bytes,
}

/// A request and an answer that are in memory as a whole.
pub(super) struct Whole {
    /// Shared by all attempts.
    pub(super) body: Bytes,
    /// The longest time of an attempt.
    pub(super) time: Option<Duration>,
    /// The largest answer.
    pub(super) size: usize,
}

impl Exchange for Whole {
    type Answer = Reply;

    fn body(&self) -> common::Body {
        common::to_body(Some(self.body.clone()))
    }

    fn can_repeat(&self) -> bool {
        true
    }

    async fn attempt(
        &self,
        client: &dyn Client,
        request: Request<common::Body>,
        connection: &CaptureConnection,
    ) -> Result<Outcome<Reply>, Problem> {
        let exchange = async {
            let answer = send(client, request, connection).await?;
            let reply = read(answer, self.size).await?;
            let is_success = reply.head.status.is_success();
            Ok(if is_success { Outcome::Success(reply) } else { Outcome::Failure(reply) })
        };
        match self.time {
            None => exchange.await,
            Some(time) => timeout(time, exchange).await.unwrap_or(Err(Problem::Timeout(time))),
        }
    }
}

/// Sends a request and waits for the head of the answer.
pub(super) async fn send(
    client: &dyn Client,
    request: Request<common::Body>,
    connection: &CaptureConnection,
) -> Result<Response<Incoming>, Problem> {
    match client.request(request).await {
        Ok(answer) => Ok(answer),
        // Nothing has been sent before a connection was chosen.
        Err(error) if error.is_connect() || !has_connection(connection) => {
            Err(Problem::Connect(error.into()))
        }
        Err(error) => Err(Problem::Transport(None, error.into())),
    }
}

/// Reads an answer to its end.
pub(super) async fn read(answer: Response<Incoming>, size: usize) -> Result<Reply, Problem> {
    let (head, body) = answer.into_parts();
    let status = head.status;
    if is_redirect(status) {
        trace::answered(status, 0);
        return Ok(Reply { head, body: Bytes::new() });
    }
    let limit = if status.is_success() { size } else { size.max(ROOM_FOR_ERRORS) };
    let body = match body::read(&head, body, limit).await {
        Ok(body) => body,
        Err(BodyError::TooLarge) => return Err(Problem::TooLarge(status, limit)),
        // The status of an error says the most, and is not lost with its body.
        Err(BodyError::Broken(error))
            if !status.is_success() && error.is::<UnsupportedEncoding>() =>
        {
            Bytes::new()
        }
        Err(BodyError::Broken(error)) => return Err(Problem::Transport(Some(status), error)),
    };
    trace::answered(status, body.len());
    Ok(Reply { head, body })
}

/// Whether the client has found a connection for a request, so that it may be on its way.
pub(super) fn has_connection(connection: &CaptureConnection) -> bool {
    connection.connection_metadata().is_some()
}

/// 304 is the answer to a condition, not a way to elsewhere.
fn is_redirect(status: StatusCode) -> bool {
    status.is_redirection() && status != StatusCode::NOT_MODIFIED
}

impl Reply {
    /// The problem with an answer that is no success.
    pub(super) fn into_problem(self, no_new_token: Option<BoxError>) -> Problem {
        let Self { head, body } = self;
        if is_redirect(head.status) {
            return Problem::Redirect(head.status, target(&head.headers));
        }
        Problem::Api(Box::new(ApiError::new(head.status, head.headers, body)), no_new_token)
    }
}

/// Where a redirect leads, without the query: it may hold what nobody should see.
fn target(headers: &HeaderMap) -> Option<String> {
    let uri: Uri = headers.get(LOCATION)?.to_str().ok()?.parse().ok()?;
    let host = uri.host().unwrap_or_default();
    Some(match uri.scheme_str() {
        Some(scheme) => format!("{scheme}://{host}{}", uri.path()),
        None => uri.path().to_owned(),
    })
}

impl Problem {
    /// The error of the client, in the form that delegates take.
    pub(super) fn client_error(&self) -> Option<&legacy::Error> {
        match self {
            Self::Connect(error) | Self::Transport(_, error) => error.downcast_ref(),
            _ => None,
        }
    }
}
