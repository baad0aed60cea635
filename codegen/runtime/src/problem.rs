//! What can go wrong with a call.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;

use super::permanent::is_permanent;
use super::{ApiError, BoxError, DecodeError, ErrorKind};

/// The inside of an error.
pub(super) enum Problem {
    /// The request cannot be made.
    Build(String),
    /// No token.
    Auth(BoxError),
    /// No connection.
    Connect(BoxError),
    /// The exchange broke; the status, if the answer had come that far.
    Transport(Option<StatusCode>, BoxError),
    /// One attempt took longer than this.
    Timeout(Duration),
    /// The whole call took longer than this; what the last attempt failed with.
    Deadline(Duration, Option<Box<Problem>>),
    /// An answer that points elsewhere.
    Redirect(StatusCode, Option<String>),
    /// The API's own error; why a 401 could not be mended with a new token.
    Api(Box<ApiError>, Option<BoxError>),
    /// An answer of more bytes than this.
    TooLarge(StatusCode, usize),
    /// An answer of another form.
    Decode(StatusCode, Bytes, DecodeError),
    /// What the call itself does not go along with.
    Refused(Refusal),
}

/// A reason to stop that neither the client nor the API gave.
pub(super) struct Refusal {
    pub(super) kind: ErrorKind,
    pub(super) text: &'static str,
    pub(super) source: Option<BoxError>,
    /// Whether the request may have had its effect.
    pub(super) may_have_been_applied: bool,
    /// Whether it may well go otherwise later.
    pub(super) is_transient: bool,
}

impl Refusal {
    /// Nothing was done, and another try would end the same way.
    pub(super) fn new(kind: ErrorKind, text: &'static str) -> Self {
        Self { kind, text, source: None, may_have_been_applied: false, is_transient: false }
    }
}

impl Problem {
    pub(super) fn kind(&self) -> ErrorKind {
        match self {
            Self::Build(_) => ErrorKind::Build,
            Self::Auth(_) => ErrorKind::Auth,
            Self::Connect(_) => ErrorKind::Connect,
            Self::Transport(..) => ErrorKind::Transport,
            Self::Timeout(_) => ErrorKind::Timeout,
            Self::Deadline(..) => ErrorKind::Deadline,
            Self::Redirect(..) => ErrorKind::Redirect,
            Self::Api(..) => ErrorKind::Api,
            Self::TooLarge(..) => ErrorKind::TooLarge,
            Self::Decode(..) => ErrorKind::Decode,
            Self::Refused(refusal) => refusal.kind,
        }
    }

    pub(super) fn http_status(&self) -> Option<StatusCode> {
        match self {
            Self::Transport(status, _) => *status,
            Self::Redirect(status, _) | Self::TooLarge(status, _) | Self::Decode(status, ..) => {
                Some(*status)
            }
            Self::Api(api, _) => Some(api.http_status()),
            _ => None,
        }
    }

    /// Whether the attempt that ended so may have had its effect; `sent` says whether the request
    /// may have left this machine.
    pub(super) fn may_have_been_applied(&self, sent: bool) -> bool {
        match self {
            Self::Build(_) | Self::Auth(_) | Self::Connect(_) => false,
            Self::Refused(refusal) => refusal.may_have_been_applied,
            Self::Timeout(_) | Self::Deadline(..) => sent,
            Self::Decode(..) => true,
            Self::Transport(status, _) => status.is_none_or(leaves_doubt),
            Self::TooLarge(status, _) | Self::Redirect(status, _) => leaves_doubt(*status),
            Self::Api(api, _) => leaves_doubt(api.http_status()),
        }
    }

    /// Whether the same call may well succeed later.
    pub(super) fn is_transient(&self) -> bool {
        match self {
            Self::Connect(error) | Self::Transport(_, error) => !is_permanent(error.as_ref()),
            Self::Timeout(_) | Self::Deadline(..) => true,
            Self::Api(api, _) => api.is_transient(),
            Self::Refused(refusal) => refusal.is_transient,
            _ => false,
        }
    }

    pub(super) fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Auth(error) | Self::Connect(error) | Self::Transport(_, error) => {
                Some(error.as_ref())
            }
            Self::Api(_, error) => error.as_ref().map(|error| error.as_ref() as _),
            Self::Decode(_, _, error) => Some(error),
            Self::Deadline(_, last) => last.as_ref()?.source(),
            Self::Refused(refusal) => refusal.source.as_ref().map(|error| error.as_ref() as _),
            _ => None,
        }
    }
}

/// Whether a request answered with this status may have been carried out.
fn leaves_doubt(status: StatusCode) -> bool {
    match status.as_u16() {
        // 307 and 308 ask for the same request elsewhere, 304 is about reading.
        304 | 307 | 308 => false,
        // 499 is what google.rpc's CANCELLED becomes.
        408 | 499 => true,
        _ => !status.is_client_error(),
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Build(text) => f.write_str(text),
            Self::Auth(error) => write!(f, "no access token: {}", Chain(error.as_ref())),
            Self::Connect(error) => write!(f, "cannot connect: {}", Chain(error.as_ref())),
            Self::Transport(_, error) => {
                write!(f, "the exchange broke off: {}", Chain(error.as_ref()))
            }
            Self::Timeout(limit) => {
                write!(f, "no complete answer within {limit:?} (the timeout of one attempt)")
            }
            Self::Deadline(limit, last) => {
                write!(f, "not done within {limit:?} (the deadline of the whole call)")?;
                last.as_ref().map_or(Ok(()), |last| write!(f, "; the last attempt: {last}"))
            }
            Self::Redirect(status, location) => {
                write!(f, "{}: redirects are not followed", status.as_u16())?;
                location.as_ref().map_or(Ok(()), |to| write!(f, " (this one to {to})"))
            }
            Self::Api(api, None) => write!(f, "{api}"),
            Self::Api(api, Some(error)) => {
                write!(f, "{api}; a new token could not be had: {}", Chain(error.as_ref()))
            }
            Self::TooLarge(status, limit) => {
                write!(f, "the answer ({}) has more than {limit} bytes", status.as_u16())
            }
            Self::Decode(status, body, error) => {
                let (status, size) = (status.as_u16(), body.len());
                write!(f, "cannot decode the answer ({status}, {size} bytes): {error}")
            }
            Self::Refused(Refusal { text, source: None, .. }) => f.write_str(text),
            Self::Refused(Refusal { text, source: Some(error), .. }) => {
                write!(f, "{text}: {}", Chain(error.as_ref()))
            }
        }
    }
}

/// An error with its causes: those of HTTP clients say nothing by themselves.
struct Chain<'a>(&'a (dyn std::error::Error + 'static));

impl fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut said = self.0.to_string();
        f.write_str(&said)?;
        let mut next = self.0.source();
        // A bound, because a chain is made by others.
        for _ in 0..8 {
            let Some(error) = next else { break };
            let text = error.to_string();
            // Many wrappers repeat what they wrap.
            if !said.contains(&text) {
                write!(f, ": {text}")?;
                said = text;
            }
            next = error.source();
        }
        Ok(())
    }
}
