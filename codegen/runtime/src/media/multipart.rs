//! Metadata and media in one body: `multipart/related` (RFC 2387).

use std::hash::{BuildHasher, RandomState};

use bytes::Bytes;
use http::HeaderValue;

/// What stands around the media, and the content type of it all.
pub(super) struct Multipart {
    pub(super) content_type: String,
    pub(super) before: Bytes,
    pub(super) after: Bytes,
}

impl Multipart {
    pub(super) fn new(metadata: &[u8], content_type: &str) -> Self {
        let boundary = boundary();
        let mut before =
            format!("--{boundary}\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n")
                .into_bytes();
        before.extend_from_slice(metadata);
        let head = format!("\r\n--{boundary}\r\nContent-Type: {content_type}\r\n\r\n");
        before.extend_from_slice(head.as_bytes());
        Self {
            content_type: format!("multipart/related; boundary={boundary}"),
            before: before.into(),
            after: format!("\r\n--{boundary}--\r\n").into(),
        }
    }
}

/// 128 random bits: no media has them, by accident or on purpose.
fn boundary() -> String {
    // Every RandomState has other keys; the standard library draws them from the system.
    let bits = || RandomState::new().hash_one(0_u8);
    format!("media-{:016x}{:016x}", bits(), bits())
}

/// The content type as a header value, if it is one: `type/subtype`, perhaps with parameters, in
/// visible ASCII characters and blanks.
pub(super) fn content_type(text: &str) -> Result<HeaderValue, String> {
    let essence = text.split(';').next().unwrap_or_default().trim_end();
    let is_token = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
    };
    let is_type = essence.split_once('/').is_some_and(|(ty, sub)| is_token(ty) && is_token(sub));
    let is_plain = text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic());
    if !is_type || !is_plain {
        return Err(format!("{text:?} is no media type such as `image/png`"));
    }
    HeaderValue::try_from(text).map_err(|_| format!("{text:?} cannot stand in a header"))
}
