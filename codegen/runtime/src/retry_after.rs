//! How long a server asks its callers to wait.

use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};
use http::HeaderMap;
use http::header::{DATE, RETRY_AFTER};

/// The time that `Retry-After` asks for, in seconds or as a date.
///
/// A date counts from the answer's own `Date`, so that a wrong clock here does no harm.
pub(super) fn from_headers(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // More seconds than fit are "never".
        return Some(Duration::from_secs(text.parse().unwrap_or(u64::MAX)));
    }
    // Not as the standard library's times: those of some systems begin in 1601.
    let date = |text: &str| DateTime::parse_from_rfc2822(text).ok().map(|date| date.to_utc());
    let then = date(text)?;
    let sent = headers.get(DATE).and_then(|value| date(value.to_str().ok()?));
    let sent = sent.unwrap_or_else(|| DateTime::<Utc>::from(now));
    Some(then.signed_duration_since(sent).to_std().unwrap_or_default())
}
