//! Which version of the media an answer gives, and what its bytes add up to.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{CONTENT_ENCODING, ETAG};
use http::{HeaderMap, HeaderName, HeaderValue};

const GENERATION: HeaderName = HeaderName::from_static("x-goog-generation");
const HASH: HeaderName = HeaderName::from_static("x-goog-hash");
const STORED_ENCODING: HeaderName = HeaderName::from_static("x-goog-stored-content-encoding");

/// What tells versions of the media apart.
#[derive(Clone, Debug)]
pub(super) struct Validator {
    etag: Option<HeaderValue>,
    generation: Option<HeaderValue>,
}

impl Validator {
    /// The validator of an answer; `None` where parts of two answers cannot be put together: no
    /// strong one, or bytes that are made on the way.
    pub(super) fn of(headers: &HeaderMap) -> Option<Self> {
        let is_strong = |etag: &&HeaderValue| etag.as_bytes().starts_with(b"\"");
        let etag = headers.get(ETAG).filter(is_strong).cloned();
        let generation = headers.get(GENERATION).cloned();
        let has_one = etag.is_some() || generation.is_some();
        (has_one && is_as_stored(headers)).then_some(Self { etag, generation })
    }

    /// Whether another answer gives the same version.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        let compare = |own: &Option<HeaderValue>, other: &Option<HeaderValue>| {
            own.as_ref().zip(other.as_ref()).map(|(own, other)| own == other)
        };
        let known =
            [compare(&self.etag, &other.etag), compare(&self.generation, &other.generation)];
        known.contains(&Some(true)) && !known.contains(&Some(false))
    }

    /// The value of the header `If-Range`.
    pub(super) fn if_range(&self) -> Option<&HeaderValue> {
        self.etag.as_ref()
    }
}

/// Whether the bytes come as they are stored, and not decompressed on the way.
fn is_as_stored(headers: &HeaderMap) -> bool {
    let encoding = |name: &HeaderName| {
        let value = headers.get(name).map_or(&b"identity"[..], HeaderValue::as_bytes);
        value.to_ascii_lowercase()
    };
    !headers.contains_key(STORED_ENCODING)
        || encoding(&STORED_ENCODING) == encoding(&CONTENT_ENCODING)
}

/// The CRC-32C that the server gives for the whole media, as it comes.
pub(super) fn crc32c(headers: &HeaderMap) -> Option<u32> {
    if !is_as_stored(headers) {
        return None;
    }
    let texts = headers.get_all(HASH).iter().filter_map(|value| value.to_str().ok());
    let text = texts
        .flat_map(|text| text.split(','))
        .find_map(|hash| hash.trim().strip_prefix("crc32c="))?;
    let bytes = STANDARD.decode(text).ok()?;
    Some(u32::from_be_bytes(bytes.try_into().ok()?))
}
