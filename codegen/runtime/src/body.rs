//! Reading the body of an answer: whole and within its limit, or not at all.

use std::fmt;

use bytes::Bytes;
use http::header::CONTENT_ENCODING;
use http::response::Parts;
use http::{HeaderMap, Version};
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};

use super::BoxError;

/// Why a body could not be read.
pub(super) enum BodyError {
    /// It has more bytes than allowed.
    TooLarge,
    /// It broke off, or its compression is wrong.
    Broken(BoxError),
}

/// A body in content encodings that nobody asked for.
#[derive(Debug)]
pub(super) struct UnsupportedEncoding(String);

impl fmt::Display for UnsupportedEncoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the answer has the content encoding {:?}, which is not supported", self.0)
    }
}

impl std::error::Error for UnsupportedEncoding {}

/// Reads a body to its end and decompresses it on the way. `limit` counts decompressed bytes.
pub(super) async fn read(
    head: &Parts,
    mut body: Incoming,
    limit: usize,
) -> Result<Bytes, BodyError> {
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    let mut decoder = Decoder::new(&head.headers, body.size_hint().lower(), limit)?;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| BodyError::Broken(error.into()))?;
        if let Some(data) = frame.data_ref() {
            decoder.push(data)?;
        }
    }
    if !has_ended(head.version, &body) {
        return Err(BodyError::Broken("the answer ends before all of it has come".into()));
    }
    decoder.finish()
}

/// Whether a body that gives nothing more has come to its end.
///
/// Over HTTP/1.1 it has: hyper gives an error when fewer bytes come than were announced, and when
/// the last chunk is missing. Over HTTP/2 it takes a reset "without error" for the end, wherever
/// that comes, since it may follow a whole answer (RFC 9113, 8.1).
pub(super) fn has_ended(version: Version, body: &Incoming) -> bool {
    version != Version::HTTP_2 || body.size_hint().exact() == Some(0) || body.is_end_stream()
}

/// Collects bytes, compressed or not.
enum Decoder {
    Plain(Limited),
    #[cfg(feature = "gzip")]
    Gzip(Box<flate2::write::MultiGzDecoder<Limited>>),
}

impl Decoder {
    fn new(headers: &HeaderMap, announced: u64, limit: usize) -> Result<Self, BodyError> {
        let mut encodings = Vec::new();
        for value in headers.get_all(CONTENT_ENCODING) {
            let text = String::from_utf8_lossy(value.as_bytes()).to_ascii_lowercase();
            encodings.extend(text.split(',').map(|name| name.trim().to_owned()));
        }
        encodings.retain(|name| !name.is_empty() && name != "identity");
        let bytes = Limited { bytes: Vec::new(), limit, announced: 0 };
        match encodings.as_slice() {
            [] => Self::plain(bytes, announced),
            #[cfg(feature = "gzip")]
            [name] if name == "gzip" || name == "x-gzip" => {
                Ok(Self::Gzip(Box::new(flate2::write::MultiGzDecoder::new(bytes))))
            }
            names => Err(BodyError::Broken(UnsupportedEncoding(names.join(", ")).into())),
        }
    }

    fn plain(mut bytes: Limited, announced: u64) -> Result<Self, BodyError> {
        let Some(announced) = usize::try_from(announced).ok().filter(|size| *size <= bytes.limit)
        else {
            return Err(BodyError::TooLarge);
        };
        bytes.announced = announced;
        bytes.bytes.reserve_exact(announced.min(AT_ONCE));
        Ok(Self::Plain(bytes))
    }

    fn push(&mut self, data: &[u8]) -> Result<(), BodyError> {
        match self {
            Self::Plain(bytes) => bytes.push(data),
            #[cfg(feature = "gzip")]
            Self::Gzip(decoder) => {
                std::io::Write::write_all(decoder, data).map_err(|error| BodyError::of_gzip(&error))
            }
        }
    }

    #[cfg_attr(not(feature = "gzip"), allow(clippy::unnecessary_wraps))]
    fn finish(self) -> Result<Bytes, BodyError> {
        match self {
            Self::Plain(bytes) => Ok(bytes.bytes.into()),
            // This is an error when the end of the compressed data, with its checksum, is missing.
            #[cfg(feature = "gzip")]
            Self::Gzip(decoder) => match decoder.finish() {
                Ok(bytes) => Ok(bytes.bytes.into()),
                Err(error) => Err(BodyError::of_gzip(&error)),
            },
        }
    }
}

/// How much memory is taken for an announcement alone: it costs its sender nothing.
const AT_ONCE: usize = 256 * 1024;

/// Bytes up to a limit.
struct Limited {
    bytes: Vec<u8>,
    limit: usize,
    /// How many bytes are to come in all, as far as that is known.
    announced: usize,
}

impl Limited {
    fn push(&mut self, data: &[u8]) -> Result<(), BodyError> {
        if data.len() > self.limit - self.bytes.len() {
            return Err(BodyError::TooLarge);
        }
        let length = self.bytes.len() + data.len();
        // Who has sent a quarter of what was announced is believed: no room is taken in vain.
        if length > self.bytes.capacity()
            && (length..=length.saturating_mul(4)).contains(&self.announced)
        {
            self.bytes.reserve_exact(self.announced - self.bytes.len());
        }
        self.bytes.extend_from_slice(data);
        Ok(())
    }
}

#[cfg(feature = "gzip")]
mod gzip {
    use std::io::{Error, ErrorKind, Write};

    use super::{BodyError, Limited};

    // What the decoder itself never gives.
    const TOO_LARGE: ErrorKind = ErrorKind::FileTooLarge;

    impl Write for Limited {
        fn write(&mut self, data: &[u8]) -> Result<usize, Error> {
            self.push(data).map_err(|_| Error::from(TOO_LARGE))?;
            Ok(data.len())
        }

        fn flush(&mut self) -> Result<(), Error> {
            Ok(())
        }
    }

    impl BodyError {
        pub(super) fn of_gzip(error: &Error) -> Self {
            if error.kind() == TOO_LARGE {
                return Self::TooLarge;
            }
            Self::Broken(format!("the compressed answer is damaged or cut: {error}").into())
        }
    }
}
