//! Resumable uploads: <https://developers.google.com/drive/api/guides/manage-uploads#resumable>.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

use crate::media::{Media, UNIT};
use crate::request::Request;

/// A session that was begun.
#[derive(Clone, Debug, Default)]
pub(crate) struct Session {
    /// So many bytes have come.
    pub(crate) received: u64,
    pub(crate) is_complete: bool,
}

/// What a request to a session says of its bytes.
#[derive(Debug, PartialEq, Eq)]
struct Range {
    /// The first and the last byte; none where the request has no bytes.
    bytes: Option<(u64, u64)>,
    total: Option<u64>,
}

impl Session {
    /// Where a session is, below the host.
    pub(crate) fn path(case: &str) -> String {
        format!("/sessions?upload_id={}", BASE64_URL_SAFE_NO_PAD.encode(case))
    }

    /// Takes the bytes of a request, as far as nothing is wrong with it.
    pub(crate) fn take(&mut self, media: &Media, request: &Request) -> Vec<String> {
        let mut wrong = Vec::new();
        let header = |name: &str| request.headers.get(name).and_then(|value| value.to_str().ok());
        let content_type = header("content-type");
        if content_type.is_some_and(|value| value != media.content_type) {
            wrong.push(format!("media of the type {content_type:?}"));
        }
        let given = header("content-range").unwrap_or_default();
        let Some(range) = Range::parse(given) else {
            wrong.push(format!("the content range {given:?} is none"));
            return wrong;
        };
        if range.total.is_some_and(|total| total != media.size) {
            wrong.push(format!("{given} of {} bytes", media.size));
        }
        let size = request.body.len() as u64;
        let Some((first, last)) = range.bytes else {
            if size > 0 {
                wrong.push(format!("{size} bytes that {given} does not tell of"));
            }
            self.is_complete = wrong.is_empty() && range.total == Some(self.received);
            return wrong;
        };
        if last - first + 1 != size {
            wrong.push(format!("{size} bytes instead of {given}"));
        }
        if first == self.received {
            wrong.extend(media.wrong_bytes(first, &request.body));
        } else {
            wrong.push(format!("{given} where byte {} comes next", self.received));
        }
        if last + 1 < media.size && !size.is_multiple_of(UNIT) {
            wrong.push(format!("a chunk of {size} bytes, no multiple of {UNIT}"));
        }
        if wrong.is_empty() {
            self.received += size;
            self.is_complete = range.total == Some(self.received);
        }
        wrong
    }
}

impl Range {
    /// `bytes 0-9/100`, `bytes 0-9/*`, `bytes */100`, `bytes */*`.
    fn parse(text: &str) -> Option<Self> {
        let number = |text: &str| {
            let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
            if is_number { text.parse::<u64>().ok() } else { None }
        };
        let (bytes, total) = text.strip_prefix("bytes ")?.split_once('/')?;
        let bytes = match bytes {
            "*" => None,
            _ => {
                let (first, last) = bytes.split_once('-')?;
                let (first, last) = (number(first)?, number(last)?);
                (first <= last && last < u64::MAX).then_some(())?;
                Some((first, last))
            }
        };
        let total = if total == "*" { None } else { Some(number(total)?) };
        Some(Self { bytes, total })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read() {
        let range = |bytes, total| Some(Range { bytes, total });
        for (text, expected) in [
            ("bytes 0-9/100", range(Some((0, 9)), Some(100))),
            ("bytes 5-5/*", range(Some((5, 5)), None)),
            ("bytes */0", range(None, Some(0))),
            ("bytes */*", range(None, None)),
            ("bytes 9-0/100", None),
            ("bytes 0-+9/100", None),
            ("bytes 0-18446744073709551615/*", None),
            ("0-9/100", None),
            ("bytes 0-9", None),
            ("bytes -/1", None),
        ] {
            assert_eq!(Range::parse(text), expected, "{text}");
        }
    }
}
