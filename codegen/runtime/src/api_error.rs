//! The error that an API answers with.

use std::fmt;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde_json::Value;

use super::detail::decode_detail;
use super::failure_text::readable;
use super::{BadRequest, DecodeError, Detail, ErrorDetail, ErrorInfo, RetryInfo, retry_after};

/// Reasons of a 403 (`errors[].reason`) for a quota that is filled again within minutes.
const SHORT_QUOTAS: [&str; 2] = ["rateLimitExceeded", "userRateLimitExceeded"];
/// Reasons of a 403 for a quota of a day, or one that only a project of the caller's own has.
const LONG_QUOTAS: [&str; 5] = [
    "dailyLimitExceeded",
    "dailyLimitExceededUnreg",
    "quotaExceeded",
    "rateLimitExceededUnreg",
    "userRateLimitExceededUnreg",
];

/// What an API answered instead of a result.
///
/// It is made from any body: Google's JSON, the older JSON with `errors[]`, HTML, nothing.
#[derive(Clone)]
pub struct ApiError {
    http_status: StatusCode,
    status: Option<String>,
    message: String,
    details: Vec<Value>,
    errors: Vec<LegacyError>,
    retry_after: Option<Duration>,
    headers: HeaderMap,
    body: Bytes,
}

/// An entry of `errors[]`, the older form of error details.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct LegacyError {
    /// Whose error it is, such as `global` or `usageLimits`.
    pub domain: Option<String>,
    /// The reason, such as `rateLimitExceeded`.
    pub reason: Option<String>,
    /// A message for people.
    pub message: Option<String>,
}

impl ApiError {
    /// The error in an answer that is no success, for those who send requests by other means.
    ///
    /// `body` is the whole body, decompressed. Nothing in it is an error: what is not understood
    /// is the [`message`](Self::message).
    pub fn new(http_status: StatusCode, headers: HeaderMap, body: Bytes) -> Self {
        let json: Value = serde_json::from_slice(&body).unwrap_or_default();
        // Streaming methods put their error into a list.
        let outer = json.get(0).unwrap_or(&json);
        let error = &outer["error"];
        let text =
            |value: &Value| value.as_str().filter(|text| !text.is_empty()).map(str::to_owned);
        let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
        let errors: Vec<LegacyError> = list(&error["errors"])
            .iter()
            .map(|entry| LegacyError {
                domain: text(&entry["domain"]),
                reason: text(&entry["reason"]),
                message: text(&entry["message"]),
            })
            .collect();
        let message = text(&error["message"])
            .or_else(|| errors.iter().find_map(|entry| entry.message.clone()))
            // OAuth servers: {"error": "invalid_grant", "error_description": "..."}.
            .or_else(|| text(&outer["error_description"]))
            .or_else(|| text(error))
            .unwrap_or_else(|| readable(&body));
        let details = list(&error["details"]);
        let asked = details.iter().find_map(|detail| {
            decode_detail::<RetryInfo>(detail)?.ok()?.retry_delay?.to_std().ok()
        });
        Self {
            http_status,
            status: text(&error["status"]),
            message,
            details,
            errors,
            retry_after: asked.max(retry_after::from_headers(&headers, SystemTime::now())),
            headers,
            body,
        }
    }

    /// The status of the HTTP answer.
    pub fn http_status(&self) -> StatusCode {
        self.http_status
    }

    /// The google.rpc status, such as `NOT_FOUND`, where the body names one.
    pub fn status(&self) -> Option<&str> {
        self.status.as_deref()
    }

    /// The number of [`status`](Self::status) in google.rpc (gRPC), such as 5 for `NOT_FOUND`.
    pub fn rpc_code(&self) -> Option<i32> {
        Some(match self.status()? {
            "OK" => 0,
            "CANCELLED" => 1,
            "UNKNOWN" => 2,
            "INVALID_ARGUMENT" => 3,
            "DEADLINE_EXCEEDED" => 4,
            "NOT_FOUND" => 5,
            "ALREADY_EXISTS" => 6,
            "PERMISSION_DENIED" => 7,
            "RESOURCE_EXHAUSTED" => 8,
            "FAILED_PRECONDITION" => 9,
            "ABORTED" => 10,
            "OUT_OF_RANGE" => 11,
            "UNIMPLEMENTED" => 12,
            "INTERNAL" => 13,
            "UNAVAILABLE" => 14,
            "DATA_LOSS" => 15,
            "UNAUTHENTICATED" => 16,
            _ => return None,
        })
    }

    /// The message of the API; of a body without one its readable text, at most 300 characters;
    /// empty for an empty body.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The details in the order of the body.
    pub fn details(&self) -> impl Iterator<Item = Detail> {
        self.details.iter().map(Detail::from_json)
    }

    /// The details as JSON.
    pub fn raw_details(&self) -> &[Value] {
        &self.details
    }

    /// The first detail of a type; nothing when there is none or when it cannot be decoded.
    pub fn detail<T: ErrorDetail>(&self) -> Option<T> {
        self.details.iter().find_map(|detail| decode_detail(detail)?.ok())
    }

    /// The first detail of a type and whether it could be decoded; nothing when there is none.
    pub fn try_detail<T: ErrorDetail>(&self) -> Option<Result<T, DecodeError>> {
        self.details.iter().find_map(decode_detail)
    }

    /// The older details, `errors[]`.
    pub fn errors(&self) -> &[LegacyError] {
        &self.errors
    }

    /// The cause as a constant: that of the `ErrorInfo`, else that of the first entry of
    /// [`errors`](Self::errors).
    pub fn reason(&self) -> Option<String> {
        self.detail::<ErrorInfo>()
            .and_then(|info| info.reason)
            .or_else(|| self.errors.iter().find_map(|entry| entry.reason.clone()))
    }

    /// How long the API asks to wait, by `Retry-After` or `RetryInfo`; the longer of the two.
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// The headers of the answer.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The body as it came, decompressed.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The thing asked for is not there (404).
    pub fn is_not_found(&self) -> bool {
        self.is(404, "NOT_FOUND")
    }

    /// A quota is used up: 429, `RESOURCE_EXHAUSTED`, or a 403 that says so. A quota of a day is
    /// one, too; then waiting does not help soon, and [`is_transient`](Self::is_transient) is false
    /// where the API tells them apart.
    pub fn is_rate_limited(&self) -> bool {
        self.is_short_of_quota() || self.is_forbidden_for(&LONG_QUOTAS)
    }

    /// A quota is used up that is filled again soon, or may be.
    fn is_short_of_quota(&self) -> bool {
        self.is(429, "RESOURCE_EXHAUSTED")
            || self.is_forbidden_for(&SHORT_QUOTAS)
            || self.http_status == StatusCode::FORBIDDEN && self.has_reason("RATE_LIMIT_EXCEEDED")
    }

    fn is_forbidden_for(&self, reasons: &[&str]) -> bool {
        let mut given = self.errors.iter().filter_map(|entry| entry.reason.as_deref());
        self.http_status == StatusCode::FORBIDDEN && given.any(|reason| reasons.contains(&reason))
    }

    /// The resource has changed since its etag was read: 412, or 400, 409 with
    /// `FAILED_PRECONDITION` or `ABORTED` and a message or reason about the etag.
    ///
    /// A request *without* an etag is refused with a similar message and does not count.
    pub fn is_etag_mismatch(&self) -> bool {
        let conflict = matches!(self.status(), Some("FAILED_PRECONDITION" | "ABORTED"))
            || self.errors.iter().any(|entry| {
                matches!(entry.reason.as_deref(), Some("failedPrecondition" | "conditionNotMet"))
            });
        match self.http_status.as_u16() {
            412 => true,
            400 | 409 => {
                let reason = self.reason().unwrap_or_default();
                let message = format!("{} {reason}", self.message).to_ascii_lowercase();
                let missing = message.contains("must set") || message.contains("missing");
                conflict && message.contains("etag") && !missing
            }
            _ => false,
        }
    }

    /// The token is missing, expired or wrong (401).
    pub fn is_unauthenticated(&self) -> bool {
        self.is(401, "UNAUTHENTICATED")
    }

    /// The caller may not do this (403), and not because of a quota.
    pub fn is_permission_denied(&self) -> bool {
        self.is(403, "PERMISSION_DENIED") && !self.is_rate_limited()
    }

    /// A sync token is too old: a full sync is needed (reason `EXPIRED_SYNC_TOKEN`, or 410).
    pub fn is_expired_sync_token(&self) -> bool {
        self.http_status == StatusCode::GONE
            || self.has_reason("EXPIRED_SYNC_TOKEN")
            || self.message.to_ascii_lowercase().contains("sync token is expired")
    }

    /// The same request may well succeed later: a quota, 408, 429, 500, 502, 503 or 504.
    pub fn is_transient(&self) -> bool {
        matches!(self.http_status.as_u16(), 408 | 429 | 500 | 502 | 503 | 504)
            || self.is_short_of_quota()
    }

    fn is(&self, http_status: u16, status: &str) -> bool {
        self.http_status.as_u16() == http_status || self.status() == Some(status)
    }

    fn has_reason(&self, reason: &str) -> bool {
        let infos = self.details.iter().filter_map(decode_detail::<ErrorInfo>);
        infos.flatten().any(|info| info.reason.as_deref() == Some(reason))
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.http_status.as_u16())?;
        match (self.status(), self.http_status.canonical_reason()) {
            (Some(text), _) | (None, Some(text)) => write!(f, " {text}")?,
            (None, None) => {}
        }
        if !self.message.is_empty() {
            write!(f, ": {}", self.message)?;
        }
        // The fields at fault, where the message does not name them.
        let fields = self.detail::<BadRequest>().and_then(|bad| bad.field_violations);
        for violation in fields.iter().flatten().take(3) {
            let description = violation.description.as_deref().unwrap_or_default();
            if !description.is_empty() && !self.message.contains(description) {
                let field = violation.field.as_deref().unwrap_or_default();
                write!(f, "; {field}: {description}")?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiError")
            .field("http_status", &self.http_status.as_u16())
            .field("status", &self.status)
            .field("message", &self.message)
            .field("details", &self.details)
            .field("errors", &self.errors)
            .field("retry_after", &self.retry_after)
            .finish_non_exhaustive()
    }
}

impl std::error::Error for ApiError {}
