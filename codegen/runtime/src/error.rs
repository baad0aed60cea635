//! The error of a call.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;

use super::problem::Problem;
use super::{ApiError, BoxError, DecodeError};

/// The result of a call.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a call gave no result.
///
/// It has the size of a pointer and shows neither tokens nor keys nor bodies; of a value that
/// cannot be decoded, at most its beginning. The text names the method and says what happened, such
/// as `people.people.get: 404 NOT_FOUND: Requested entity was not found.`
pub struct Error(Box<Inner>);

struct Inner {
    method: Option<&'static str>,
    problem: Problem,
    may_have_been_applied: bool,
    attempts: u32,
}

/// What kind of error it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// What the caller gave cannot be sent: a path variable, a parameter, a header, a body, a URL,
    /// or roots, certificate or proxy of the HTTPS client. Nothing was sent.
    Build,
    /// The token source failed. Nothing was sent, unless an earlier attempt was.
    Auth,
    /// No connection to the server: name, network, proxy, TLS handshake.
    Connect,
    /// The exchange broke after the connection stood: reset, cut body, wrong compression.
    Transport,
    /// One attempt took too long.
    Timeout,
    /// The whole call took too long, its retries, waits and tokens included.
    Deadline,
    /// The server points elsewhere; redirects are not followed.
    Redirect,
    /// The API answered with an error: see [`Error::api`].
    Api,
    /// The source of an upload failed, or has more or fewer bytes than its length says. The upload
    /// was broken off: the server has no complete media.
    Source,
    /// The session of a resumable upload is over or unknown to the server (404, 410): the upload
    /// has to begin anew, with a new session.
    SessionExpired,
    /// What the server says about an upload or a download cannot be: a session elsewhere, bytes
    /// that were not sent, another part than the one asked for.
    Protocol,
    /// The bytes that came are not those that the server has: their checksum differs.
    Checksum,
    /// The answer is larger than the options allow.
    TooLarge,
    /// The answer is not what its type asks for: see [`Error::decode`].
    Decode,
    /// A page of a list names as the next one a page that was read already. Nothing was sent for
    /// it.
    RepeatedPage,
}

impl Error {
    pub(super) fn build(method: Option<&'static str>, text: impl Into<String>) -> Self {
        Self::new(method, Problem::Build(text.into()), false, 0)
    }

    pub(super) fn new(
        method: Option<&'static str>,
        problem: Problem,
        may_have_been_applied: bool,
        attempts: u32,
    ) -> Self {
        Self(Box::new(Inner { method, problem, may_have_been_applied, attempts }))
    }

    /// What kind of error it is.
    pub fn kind(&self) -> ErrorKind {
        self.0.problem.kind()
    }

    /// The id of the method that was called, such as `people.people.get`.
    pub fn method(&self) -> Option<&'static str> {
        self.0.method
    }

    /// How often the request was tried.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Whether the server may have carried out the request, in this or an earlier attempt.
    ///
    /// It is true whenever that cannot be excluded: the request was on its way and no answer says
    /// that it was refused (a broken connection, a cut body, a timeout, 408, 5xx), or the answer
    /// was a success that could not be used. It is false when nothing was sent, and for answers
    /// 4xx. It says nothing about whether the method changes anything at all.
    pub fn may_have_been_applied(&self) -> bool {
        self.0.may_have_been_applied
    }

    /// The API's own error.
    pub fn api(&self) -> Option<&ApiError> {
        match &self.0.problem {
            Problem::Api(api, _) => Some(api),
            _ => None,
        }
    }

    /// Where and why the answer could not be decoded.
    pub fn decode(&self) -> Option<&DecodeError> {
        match &self.0.problem {
            Problem::Decode(_, _, error) => Some(error),
            _ => None,
        }
    }

    /// The body of the answer, decompressed: of the API's error or of what could not be decoded.
    pub fn body(&self) -> Option<&Bytes> {
        match &self.0.problem {
            Problem::Api(api, _) => Some(api.body()),
            Problem::Decode(_, body, _) => Some(body),
            _ => None,
        }
    }

    /// The status of the HTTP answer, if one came.
    pub fn http_status(&self) -> Option<StatusCode> {
        self.0.problem.http_status()
    }

    /// How long the API asks to wait before the next try.
    pub fn retry_after(&self) -> Option<Duration> {
        self.api()?.retry_after()
    }

    /// [`ApiError::is_not_found`]; false for other errors.
    pub fn is_not_found(&self) -> bool {
        self.api().is_some_and(ApiError::is_not_found)
    }

    /// [`ApiError::is_rate_limited`]; false for other errors.
    pub fn is_rate_limited(&self) -> bool {
        self.api().is_some_and(ApiError::is_rate_limited)
    }

    /// [`ApiError::is_etag_mismatch`]; false for other errors.
    pub fn is_etag_mismatch(&self) -> bool {
        self.api().is_some_and(ApiError::is_etag_mismatch)
    }

    /// [`ApiError::is_unauthenticated`]; false for other errors.
    pub fn is_unauthenticated(&self) -> bool {
        self.api().is_some_and(ApiError::is_unauthenticated)
    }

    /// [`ApiError::is_permission_denied`]; false for other errors.
    pub fn is_permission_denied(&self) -> bool {
        self.api().is_some_and(ApiError::is_permission_denied)
    }

    /// [`ApiError::is_expired_sync_token`]; false for other errors.
    pub fn is_expired_sync_token(&self) -> bool {
        self.api().is_some_and(ApiError::is_expired_sync_token)
    }

    /// The same call may well succeed later: no connection, a broken exchange, a timeout, or an API
    /// error that is [transient](ApiError::is_transient); but not where both sides cannot come to
    /// terms: a certificate that is not trusted, a proxy that refuses, an unknown content encoding.
    /// Whether it is safe to send it again is another question: see
    /// [`may_have_been_applied`](Self::may_have_been_applied).
    pub fn is_transient(&self) -> bool {
        self.0.problem.is_transient()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(method) = self.method() {
            write!(f, "{method}: ")?;
        }
        write!(f, "{}", self.0.problem)?;
        if self.attempts() > 1 {
            write!(f, " ({} attempts)", self.attempts())?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.kind())
            .field("method", &self.method())
            .field("message", &self.0.problem.to_string())
            .field("attempts", &self.attempts())
            .field("may_have_been_applied", &self.may_have_been_applied())
            .finish()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.problem.source()
    }
}

// The compiler checks here that errors can cross threads and be boxed.
const _: fn(Error) -> BoxError = |error| error.into();
