//! One request and its answer.

use std::time::Duration;

use bytes::Bytes;
use google_apis_common as common;
use http::header::LOCATION;
use http::response::Parts;
use http::{HeaderMap, Request, StatusCode, Uri};
use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::CaptureConnection;
use tokio::time::timeout;

use super::body::{self, BodyError, UnsupportedEncoding};
use super::client::Client;
use super::problem::Problem;
use super::{ApiError, BoxError};

/// Errors are read up to this size even where less is allowed: they say what to do.
const ROOM_FOR_ERRORS: usize = 64 * 1024;

/// The limits of an attempt.
pub(super) struct Limits {
    pub(super) time: Option<Duration>,
    pub(super) size: usize,
}

/// A complete answer with any status; the body of a redirect is left unread.
pub(super) struct Reply {
    pub(super) head: Parts,
    pub(super) body: Bytes,
}

/// Sends a request and reads the answer to its end.
pub(super) async fn attempt(
    client: &dyn Client,
    request: Request<common::Body>,
    limits: &Limits,
    connection: &CaptureConnection,
) -> Result<Reply, Problem> {
    let exchange = exchange(client, request, limits.size, connection);
    match limits.time {
        None => exchange.await,
        Some(time) => timeout(time, exchange).await.unwrap_or(Err(Problem::Timeout(time))),
    }
}

async fn exchange(
    client: &dyn Client,
    request: Request<common::Body>,
    size: usize,
    connection: &CaptureConnection,
) -> Result<Reply, Problem> {
    let answer = match client.request(request).await {
        Ok(answer) => answer,
        // Nothing has been sent before a connection was chosen.
        Err(error) if error.is_connect() || !has_connection(connection) => {
            return Err(Problem::Connect(error.into()));
        }
        Err(error) => return Err(Problem::Transport(None, error.into())),
    };
    let (head, body) = answer.into_parts();
    let status = head.status;
    if is_redirect(status) {
        return Ok(Reply { head, body: Bytes::new() });
    }
    let limit = if status.is_success() { size } else { size.max(ROOM_FOR_ERRORS) };
    match body::read(&head.headers, body, limit).await {
        Ok(body) => Ok(Reply { head, body }),
        Err(BodyError::TooLarge) => Err(Problem::TooLarge(status, limit)),
        // The status of an error says the most, and is not lost with its body.
        Err(BodyError::Broken(error))
            if !status.is_success() && error.is::<UnsupportedEncoding>() =>
        {
            Ok(Reply { head, body: Bytes::new() })
        }
        Err(BodyError::Broken(error)) => Err(Problem::Transport(Some(status), error)),
    }
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
