//! JSON text from a value and back.

use std::fmt;
use std::str::Utf8Error;

use bytes::Bytes;
use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, Visitor};

use super::wire::{AsWire, KeySeed, WireSeed};
use super::{Trail, Wire};

/// A JSON text that is not what its type asks for.
#[non_exhaustive]
pub struct DecodeError {
    /// Where in the text, such as `names[0].metadata.primary`; empty for the outermost value.
    pub path: String,
    /// What is wrong there, with line and column. Of a value that is long, its beginning.
    pub message: String,
    json: Option<serde_json::Error>,
}

impl DecodeError {
    fn new(trail: &Trail, error: serde_json::Error) -> Self {
        Self { path: trail.path(), message: shortened(error.to_string()), json: Some(error) }
    }

    fn empty() -> Self {
        // The parser's words for this, "EOF while parsing a value", tell nobody what happened.
        let json = serde_json::from_slice::<IgnoredAny>(b"").err();
        Self { path: String::new(), message: "empty body".to_owned(), json }
    }

    /// Bytes that are no UTF-8.
    fn no_text(json: &[u8], error: &Utf8Error) -> Self {
        let before = json.get(..error.valid_up_to()).unwrap_or_default();
        let mut lines = before.split(|byte| *byte == b'\n');
        let column = lines.next_back().map_or(0, <[u8]>::len) + 1;
        let line = lines.count() + 1;
        // The parser finds line and column in the text and keeps them.
        let json = serde_json::Error::custom(format_args!(
            "invalid unicode code point at line {line} column {column}"
        ));
        Self { path: String::new(), message: json.to_string(), json: Some(json) }
    }

    /// What the JSON parser said, the whole value at fault included.
    pub fn json_error(&self) -> Option<&serde_json::Error> {
        self.json.as_ref()
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.message)
    }
}

impl fmt::Debug for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DecodeError")
            .field("path", &self.path)
            .field("message", &self.message)
            .finish_non_exhaustive()
    }
}

/// A message without the middle of the value that stands in it: a log is no place for what may be
/// the most of a body.
fn shortened(message: String) -> String {
    const START: usize = 80;
    // It says what was expected, and where.
    const END: usize = 160;
    let size = message.len();
    if size <= START + END {
        return message;
    }
    let is_boundary = |at: &usize| message.is_char_boundary(*at);
    let start = (0..=START).rev().find(is_boundary).unwrap_or(0);
    let end = (size - END..=size).find(is_boundary).unwrap_or(size);
    format!("{}...{}", &message[..start], &message[end..])
}

// No source: the message is the parser's already.
impl std::error::Error for DecodeError {}

/// A value that has no JSON form, such as one whose `extra` has a value under a known key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncodeError {
    message: String,
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for EncodeError {}

/// Reads a value from JSON text, for example from an answer that came by other means.
///
/// # Errors
///
/// The text is empty, no JSON, has another form than the type, goes on after the value, or nests
/// deeper than 128 levels.
pub fn decode<T: Wire>(json: &[u8]) -> Result<T, DecodeError> {
    T::from_json(json, false)
}

/// What every [`Wire::from_json`] does.
#[doc(hidden)]
pub fn from_json<T: Wire>(json: &[u8], is_wrapped: bool) -> Result<T, DecodeError> {
    let trail = Trail::new();
    if is_wrapped {
        match decode_seed(json, &trail, DataSeed(WireSeed::<T>::new(&trail), &trail)) {
            Ok(Some(value)) => return Ok(value),
            // The error inside `data` is the one that counts.
            Err(error) if !error.path.is_empty() => return Err(error),
            Ok(None) | Err(_) => {}
        }
    }
    decode_seed(json, &trail, WireSeed::new(&trail))
}

/// Reads a value from JSON that has been parsed already.
pub(super) fn decode_value<T: Wire>(json: &serde_json::Value) -> Result<T, DecodeError> {
    let trail = Trail::new();
    T::decode(json, &trail).map_err(|error| DecodeError::new(&trail, error))
}

/// Writes a value as JSON text.
///
/// # Errors
///
/// An `extra` holds a value under a key that is a field of its own.
pub fn encode(value: &impl Wire) -> Result<Bytes, EncodeError> {
    value.to_json()
}

/// What every [`Wire::to_json`] does.
#[doc(hidden)]
pub fn to_json(value: &impl Wire) -> Result<Bytes, EncodeError> {
    match serde_json::to_vec(&AsWire(value)) {
        Ok(json) => Ok(json.into()),
        Err(error) => Err(EncodeError { message: error.to_string() }),
    }
}

/// Puts the JSON text of an object into `{"data": ...}`, unless it has a field `data` already.
pub(super) fn wrap_data(json: Bytes) -> Bytes {
    let trail = Trail::new();
    let seed = DataSeed(WireSeed::<serde_json::Value>::new(&trail), &trail);
    match decode_seed(&json, &trail, seed) {
        Ok(None) => [b"{\"data\":".as_slice(), &json, b"}"].concat().into(),
        _ => json,
    }
}

fn decode_seed<'de, S>(json: &'de [u8], trail: &Trail, seed: S) -> Result<S::Value, DecodeError>
where
    S: DeserializeSeed<'de>,
{
    if json.trim_ascii().is_empty() {
        return Err(DecodeError::empty());
    }
    // Checked once and not string by string, which costs a tenth of decoding.
    let json = std::str::from_utf8(json).map_err(|error| DecodeError::no_text(json, &error))?;
    let mut source = serde_json::Deserializer::from_str(json);
    seed.deserialize(&mut source)
        .and_then(|value| source.end().map(|()| value))
        .map_err(|error| DecodeError::new(trail, error))
}

/// Reads what stands under `data` and skips all else.
struct DataSeed<'t, T>(WireSeed<'t, T>, &'t Trail);

impl<'de, T: Wire> DeserializeSeed<'de> for DataSeed<'_, T> {
    type Value = Option<T>;

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<Option<T>, D::Error> {
        source.deserialize_map(self)
    }
}

impl<'de, T: Wire> Visitor<'de> for DataSeed<'_, T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Option<T>, A::Error> {
        let mut seed = Some(self.0);
        let mut found = None;
        while let Some(key) = access.next_key_seed(KeySeed)? {
            match seed.take_if(|_| key == "data") {
                Some(seed) => match access.next_value_seed(seed) {
                    Ok(value) => found = Some(value),
                    Err(error) => {
                        self.1.passed_key("data");
                        return Err(error);
                    }
                },
                None => {
                    access.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(found)
    }
}
