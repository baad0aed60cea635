//! The wire form of bytes: base64.

use std::fmt;

use base64::Engine as _;
use base64::alphabet::{Alphabet, STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use bytes::Bytes;
use serde::de::{Deserializer, Error, Visitor};
use serde::ser::Serializer;

use super::{Trail, Wire};

const fn engine(alphabet: &Alphabet) -> GeneralPurpose {
    let config = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    GeneralPurpose::new(alphabet, config)
}

const PLAIN: GeneralPurpose = engine(&STANDARD);
const URL: GeneralPurpose = engine(&URL_SAFE);

struct BytesVisitor;

impl Visitor<'_> for BytesVisitor {
    type Value = Bytes;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("base64 text")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Bytes, E> {
        // The alphabets differ in two characters only, and a text uses one of them.
        let engine = if text.contains(['-', '_']) { URL } else { PLAIN };
        match engine.decode(text) {
            Ok(bytes) => Ok(bytes.into()),
            Err(error) => Err(E::custom(format_args!("no base64 text: {error}"))),
        }
    }
}

/// Read from either base64 alphabet, padded or not; written in the URL-safe one with padding.
impl Wire for Bytes {
    fn decode<'de, D: Deserializer<'de>>(source: D, _: &Trail) -> Result<Self, D::Error> {
        source.deserialize_str(BytesVisitor)
    }

    fn encode<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.serialize_str(&to_base64(self))
    }
}

/// URL-safe base64 with padding.
pub(super) fn to_base64(bytes: &[u8]) -> String {
    URL.encode(bytes)
}
