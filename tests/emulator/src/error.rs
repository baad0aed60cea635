//! Errors as the API spells them: an HTTP status and a `google.rpc.Status` in JSON.

use serde_json::{Map, Value, json};

/// The canonical codes of `google.rpc.Code` that this API answers with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Code {
    /// 2, HTTP 500.
    Unknown,
    /// 3, HTTP 400.
    InvalidArgument,
    /// 4, HTTP 504.
    DeadlineExceeded,
    /// 5, HTTP 404.
    NotFound,
    /// 6, HTTP 409.
    AlreadyExists,
    /// 7, HTTP 403.
    PermissionDenied,
    /// 8, HTTP 429.
    ResourceExhausted,
    /// 9, HTTP 400: People answers a stale etag this way, never with 409 or 412.
    FailedPrecondition,
    /// 10, HTTP 409.
    Aborted,
    /// 13, HTTP 500.
    Internal,
    /// 14, HTTP 503.
    Unavailable,
    /// 16, HTTP 401.
    Unauthenticated,
}

impl Code {
    /// The number of the code.
    pub fn number(self) -> i32 {
        match self {
            Self::Unknown => 2,
            Self::InvalidArgument => 3,
            Self::DeadlineExceeded => 4,
            Self::NotFound => 5,
            Self::AlreadyExists => 6,
            Self::PermissionDenied => 7,
            Self::ResourceExhausted => 8,
            Self::FailedPrecondition => 9,
            Self::Aborted => 10,
            Self::Internal => 13,
            Self::Unavailable => 14,
            Self::Unauthenticated => 16,
        }
    }

    /// The HTTP status the code travels with.
    pub fn http(self) -> u16 {
        match self {
            Self::InvalidArgument | Self::FailedPrecondition => 400,
            Self::Unauthenticated => 401,
            Self::PermissionDenied => 403,
            Self::NotFound => 404,
            Self::AlreadyExists | Self::Aborted => 409,
            Self::ResourceExhausted => 429,
            Self::Unknown | Self::Internal => 500,
            Self::Unavailable => 503,
            Self::DeadlineExceeded => 504,
        }
    }

    /// The name of the code, as in `status`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unknown => "UNKNOWN",
            Self::InvalidArgument => "INVALID_ARGUMENT",
            Self::DeadlineExceeded => "DEADLINE_EXCEEDED",
            Self::NotFound => "NOT_FOUND",
            Self::AlreadyExists => "ALREADY_EXISTS",
            Self::PermissionDenied => "PERMISSION_DENIED",
            Self::ResourceExhausted => "RESOURCE_EXHAUSTED",
            Self::FailedPrecondition => "FAILED_PRECONDITION",
            Self::Aborted => "ABORTED",
            Self::Internal => "INTERNAL",
            Self::Unavailable => "UNAVAILABLE",
            Self::Unauthenticated => "UNAUTHENTICATED",
        }
    }

    /// The code that goes with an HTTP status; `Unknown` where there is none.
    pub fn of_http(status: u16) -> Self {
        match status {
            400 => Self::InvalidArgument,
            401 => Self::Unauthenticated,
            403 => Self::PermissionDenied,
            404 => Self::NotFound,
            409 => Self::Aborted,
            429 => Self::ResourceExhausted,
            500 => Self::Internal,
            503 => Self::Unavailable,
            504 => Self::DeadlineExceeded,
            _ => Self::Unknown,
        }
    }

    /// What the API says when it says nothing in particular.
    pub(crate) fn usual_message(self) -> &'static str {
        match self {
            Self::InvalidArgument => "Request contains an invalid argument.",
            Self::FailedPrecondition => "Precondition check failed.",
            Self::NotFound => NOT_FOUND,
            Self::PermissionDenied => "The caller does not have permission",
            Self::ResourceExhausted => "Resource has been exhausted (e.g. check quota).",
            Self::Unavailable => "The service is currently unavailable.",
            Self::Aborted => "The operation was aborted.",
            Self::DeadlineExceeded => "Deadline expired before operation could complete.",
            Self::Unauthenticated => "Request had invalid authentication credentials.",
            Self::AlreadyExists => "Requested entity already exists",
            Self::Unknown => "Unknown Error.",
            Self::Internal => "Internal error encountered.",
        }
    }
}

/// What a contact that is not there is answered with.
pub(crate) const NOT_FOUND: &str = "Requested entity was not found.";

/// A refusal: of a whole call, or of one contact in a batch.
#[derive(Debug, Clone)]
pub(crate) struct ApiError {
    pub(crate) code: Code,
    pub(crate) message: String,
    pub(crate) details: Vec<Value>,
    pub(crate) headers: Vec<(&'static str, String)>,
}

impl ApiError {
    pub(crate) fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), details: Vec::new(), headers: Vec::new() }
    }

    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::new(Code::InvalidArgument, message)
    }

    pub(crate) fn not_found() -> Self {
        Self::new(Code::NotFound, NOT_FOUND)
    }

    pub(crate) fn detail(mut self, detail: Value) -> Self {
        self.details.push(detail);
        self
    }

    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Adds a `google.rpc.ErrorInfo`.
    pub(crate) fn info(self, reason: &str, domain: &str, metadata: &Value) -> Self {
        let mut info = Map::new();
        info.insert("@type".into(), "type.googleapis.com/google.rpc.ErrorInfo".into());
        info.insert("reason".into(), reason.into());
        info.insert("domain".into(), domain.into());
        if metadata.as_object().is_some_and(|m| !m.is_empty()) {
            info.insert("metadata".into(), metadata.clone());
        }
        self.detail(info.into())
    }

    /// The `google.rpc.Status` of one contact.
    pub(crate) fn status(&self) -> Value {
        let mut status = Map::new();
        status.insert("code".into(), self.code.number().into());
        status.insert("message".into(), self.message.as_str().into());
        if !self.details.is_empty() {
            status.insert("details".into(), self.details.clone().into());
        }
        status.into()
    }

    /// The body of a whole refused call.
    pub(crate) fn body(&self) -> Value {
        envelope(self.code.http(), &self.message, Some(self.code.name()), &self.details)
    }
}

/// `{"error": ...}`.
pub(crate) fn envelope(http: u16, message: &str, status: Option<&str>, details: &[Value]) -> Value {
    let mut error = Map::new();
    error.insert("code".into(), http.into());
    error.insert("message".into(), message.into());
    if let Some(status) = status {
        error.insert("status".into(), status.into());
    }
    if !details.is_empty() {
        error.insert("details".into(), details.into());
    }
    json!({ "error": error })
}

/// The older shape of errors, with a `reason` in camel case and no `status`.
pub(crate) fn legacy(http: u16, message: &str, code: Code) -> Value {
    let reason = camel(code.name());
    json!({"error": {
        "code": http,
        "message": message,
        "errors": [{"message": message, "domain": "global", "reason": reason}],
    }})
}

fn camel(name: &str) -> String {
    let mut out = String::new();
    for (at, word) in name.split('_').enumerate() {
        let lower = word.to_ascii_lowercase();
        if at == 0 {
            out.push_str(&lower);
        } else {
            out.push_str(&word[..1]);
            out.push_str(&lower[1..]);
        }
    }
    out
}

/// The page that a path nobody serves is answered with: HTML, not JSON.
pub(crate) fn html_page(status: u16, path: &str) -> String {
    let (title, text) = match status {
        404 => (
            "Not Found",
            format!(
                "The requested URL <code>{}</code> was not found on this server.",
                escape_html(path)
            ),
        ),
        400 => ("Bad Request", "The request is malformed or not allowed.".to_owned()),
        413 => ("Request Entity Too Large", "The request is larger than the server takes.".into()),
        502 => ("Bad Gateway", "The server got no usable answer. Try again later.".into()),
        503 => ("Service Unavailable", "The service is busy. Try again later.".into()),
        _ => ("Error", "The server cannot answer this request.".into()),
    };
    format!(
        "<!DOCTYPE html>\n<html lang=en>\n  <meta charset=utf-8>\n  \
         <title>Error {status} ({title})</title>\n  <p><b>{status}.</b> {text}\n"
    )
}

fn escape_html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::{Code, camel, html_page};

    #[test]
    fn names_of_the_older_shape() {
        assert_eq!(camel("FAILED_PRECONDITION"), "failedPrecondition");
        assert_eq!(camel("UNAVAILABLE"), "unavailable");
    }

    #[test]
    fn a_path_cannot_become_markup() {
        assert!(html_page(404, "/v1/<script>").contains("/v1/&lt;script&gt;"));
    }

    #[test]
    fn a_stale_etag_is_400() {
        assert_eq!(Code::FailedPrecondition.http(), 400);
        assert_eq!(Code::FailedPrecondition.number(), 9);
    }
}
