//! Parts of media: the headers `Range` and `Content-Range` (RFC 9110, 14).

use http::header::CONTENT_RANGE;
use http::{HeaderMap, HeaderName};

use super::super::ErrorKind;
use super::super::problem::{Problem, Refusal};

/// The part that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    All,
    /// From the first byte on, up to but not including the second.
    Range(u64, Option<u64>),
    /// So many bytes at the end.
    Last(u64),
}

impl Wanted {
    /// The value of the header `Range`.
    pub(super) fn header(self) -> Option<String> {
        Some(match self {
            Self::All => return None,
            Self::Range(start, None) => format!("bytes={start}-"),
            Self::Range(start, Some(end)) => format!("bytes={start}-{}", end.saturating_sub(1)),
            Self::Last(count) => format!("bytes=-{count}"),
        })
    }

    /// The bytes that this is of media of a size.
    fn of(self, total: u64) -> (u64, u64) {
        match self {
            Self::All => (0, total),
            Self::Range(start, end) => (start, end.unwrap_or(total).min(total)),
            Self::Last(count) => (total.saturating_sub(count), total),
        }
    }
}

/// The part that comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) start: u64,
    /// Not included. Where it is not known the answer's own end is.
    pub(super) end: Option<u64>,
    /// The size of the whole media.
    pub(super) total: Option<u64>,
    /// Where the answer itself ends, which may be before the part that was asked for.
    pub(super) announced: Option<u64>,
}

impl Part {
    /// The part of an answer that gives all there is.
    pub(super) fn whole(length: Option<u64>) -> Self {
        Self { start: 0, end: length, total: length, announced: length }
    }

    /// The part of an answer that gives what was asked for; `length` is that of its body, where it
    /// is known. An answer that ends too early is taken: what is missing has to be asked for.
    pub(super) fn of(
        headers: &HeaderMap,
        length: Option<u64>,
        wanted: Wanted,
    ) -> Result<Self, Problem> {
        let refused = |text| Problem::Refused(Refusal::new(ErrorKind::Protocol, text));
        let Some((first, last, total)) = content_range(headers) else {
            return Err(refused("the answer is a part and does not say which one"));
        };
        if length.is_some_and(|length| length != last - first + 1) {
            return Err(refused("the answer has another size than the part that it says it is"));
        }
        let announced = Some(last + 1);
        let part = match (total, wanted) {
            (Some(total), _) => {
                let (start, end) = wanted.of(total);
                Self { start, end: Some(end), total: Some(total), announced }
            }
            (None, Wanted::Range(start, end)) => {
                // An open range is over where the server says.
                Self { start, end: Some(end.unwrap_or(last + 1)), total: None, announced }
            }
            (None, _) => return Err(refused("the answer does not say of what size it is a part")),
        };
        if first != part.start || part.end.is_none_or(|end| last >= end) {
            return Err(refused("the answer is another part than the one asked for"));
        }
        Ok(part)
    }
}

/// First and last byte, and the size of the whole: `bytes 0-9/100`, `bytes 0-9/*`.
fn content_range(headers: &HeaderMap) -> Option<(u64, u64, Option<u64>)> {
    let text = headers.get(CONTENT_RANGE)?.to_str().ok()?;
    let (range, total) = text.strip_prefix("bytes ")?.trim().split_once('/')?;
    let (first, last) = range.split_once('-')?;
    let (first, last) = (number(first)?, number(last)?);
    let total = if total == "*" { None } else { Some(number(total)?) };
    // The end must be a number, too.
    (first <= last && last < total.unwrap_or(u64::MAX)).then_some((first, last, total))
}

/// How many bytes a server has of an upload, from the header `Range` of its 308.
pub(super) fn received(headers: &HeaderMap) -> Result<u64, Problem> {
    let Some(value) = headers.get(HeaderName::from_static("range")) else { return Ok(0) };
    let last = value.to_str().ok().and_then(|text| {
        let last = text.trim().strip_prefix("bytes=").unwrap_or(text.trim()).strip_prefix("0-")?;
        number(last)?.checked_add(1)
    });
    last.ok_or_else(|| {
        Problem::Refused(Refusal::new(
            ErrorKind::Protocol,
            "the server does not say in a known form how much of the upload it has",
        ))
    })
}

/// Digits only: `parse` takes a sign, too.
fn number(text: &str) -> Option<u64> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { text.parse().ok() } else { None }
}
