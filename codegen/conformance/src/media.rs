//! Media: which ways a method has to take and give it, and what is sent.

use fastrand::Rng;
use serde_json::{Value, json};

use crate::document::{Document, Method};
use crate::plan::Way;

/// What the chunks of a resumable upload are multiples of, the last one excepted.
pub(crate) const UNIT: u64 = 256 * 1024;

/// Media of a case. Both sides make its bytes from `seed` and `size`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Media {
    pub(crate) content_type: String,
    pub(crate) seed: u32,
    pub(crate) size: u64,
    /// Whether the caller knows the size before it has read everything.
    pub(crate) is_size_known: bool,
    /// First byte and the one after the last, where only a part is downloaded.
    pub(crate) part: Option<(u64, u64)>,
}

/// How much media a case has.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Amount {
    /// A few bytes.
    Little,
    /// So much that a resumable upload has several chunks, and that nobody counts before.
    Much,
    /// None, or whole chunks.
    Edge,
}

/// The ways that a method has for media.
pub(crate) fn ways(method: &Method) -> Vec<Way> {
    let uploads = [(Way::Upload, "simple"), (Way::Resumable, "resumable")];
    let has = |protocol: &str| upload_path(method, protocol).is_some();
    let mut ways: Vec<Way> =
        uploads.into_iter().filter(|(_, protocol)| has(protocol)).map(|(way, _)| way).collect();
    if method.json["supportsMediaDownload"] == true {
        ways.push(Way::Download);
    }
    ways
}

/// The template of the path that a way of a method has, below the host.
pub(crate) fn template(document: &Document, method: &Method, way: Way) -> Option<String> {
    let own = method.json["path"].as_str().unwrap_or_default().trim_start_matches('/');
    let root = document.root_path();
    match way {
        Way::Upload => Some(format!("{root}{}", upload_path(method, "simple")?)),
        Way::Resumable => Some(format!("{root}{}", upload_path(method, "resumable")?)),
        Way::Download if method.json["supportsMediaDownload"] != true => None,
        Way::Download if method.json["useMediaDownloadService"] == true => {
            let below = document.base_path();
            let below = below.strip_prefix(&root).unwrap_or_default();
            Some(format!("{root}download/{below}{own}"))
        }
        Way::Download | Way::Send | Way::Pages | Way::Items => {
            Some(format!("{}{own}", document.base_path()))
        }
    }
}

fn upload_path<'d>(method: &Method<'d>, protocol: &str) -> Option<&'d str> {
    let path = method.json["mediaUpload"]["protocols"][protocol]["path"].as_str()?;
    Some(path.trim_start_matches('/'))
}

/// Why a method does not take media of this type.
pub(crate) fn wrong_type(method: &Method, content_type: &str) -> Option<String> {
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let mut accepted = accepted(method).peekable();
    let fits = |range: &str| match range.strip_suffix('*') {
        _ if range == "*/*" => essence.contains('/'),
        Some(family) => essence.starts_with(family) && essence.len() > family.len(),
        None => essence == range,
    };
    let is_any = accepted.peek().is_none();
    let is_good = if is_any { essence.contains('/') } else { accepted.any(fits) };
    (!is_good).then(|| format!("the method does not take media of the type {content_type:?}"))
}

/// Why a method does not take so much media.
pub(crate) fn wrong_size(method: &Method, size: u64) -> Option<String> {
    let most = max_size(method).filter(|most| size > *most)?;
    Some(format!("media of {size} bytes, more than {most}"))
}

fn accepted<'d>(method: &Method<'d>) -> impl Iterator<Item = &'d str> {
    let types = method.json["mediaUpload"]["accept"].as_array();
    types.into_iter().flatten().filter_map(Value::as_str)
}

/// `maxSize` in bytes: `6291456`, `10MB`, `5120GB`.
fn max_size(method: &Method) -> Option<u64> {
    let text = method.json["mediaUpload"]["maxSize"].as_str()?.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let shift = match unit.trim() {
        "" | "B" => 0,
        "KB" => 10,
        "MB" => 20,
        "GB" => 30,
        "TB" => 40,
        _ => return None,
    };
    number.parse::<u64>().ok()?.checked_mul(1 << shift)
}

impl Media {
    pub(crate) fn invent(method: &Method, way: Way, amount: Amount, rng: &mut Rng) -> Self {
        let types: Vec<&str> = accepted(method).collect();
        let range = if types.is_empty() { "*/*" } else { types[rng.usize(..types.len())] };
        let any = ["text/plain; charset=UTF-8", "application/octet-stream", "image/svg+xml"];
        let content_type = match range.strip_suffix('*') {
            _ if way == Way::Download || range == "*/*" => any[rng.usize(..3)].to_owned(),
            Some(family) => format!("{family}x-unheard-of"),
            None => range.to_owned(),
        };
        let much = if way == Way::Resumable { 2 * UNIT } else { UNIT / 4 };
        let size = match amount {
            Amount::Little => rng.u64(1..1000),
            Amount::Much => much + rng.u64(1..1000),
            Amount::Edge => [0, much][rng.usize(..2)],
        };
        let size = size.min(max_size(method).unwrap_or(size));
        let is_size_known = match amount {
            Amount::Little => true,
            Amount::Much => false,
            Amount::Edge => rng.bool(),
        };
        let has_part = way == Way::Download && matches!(amount, Amount::Much);
        let part = has_part.then(|| (rng.u64(..size / 2), rng.u64(size / 2 + 1..size)));
        Self { content_type, seed: rng.u32(..), size, is_size_known, part }
    }

    pub(crate) fn for_caller(&self) -> Value {
        json!({
            "type": self.content_type,
            "seed": self.seed,
            "size": self.size,
            "isSizeKnown": self.is_size_known,
            "part": self.part.map(|(start, end)| [start, end]),
        })
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut state = u64::from(self.seed);
        let next = |_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            state.to_be_bytes()[0]
        };
        (0..self.size).map(next).collect()
    }

    /// The bytes that are downloaded.
    pub(crate) fn part(&self) -> Vec<u8> {
        let bytes = self.bytes();
        let index = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
        match self.part {
            Some((start, end)) => bytes[index(start)..index(end)].to_vec(),
            None => bytes,
        }
    }

    /// Why these are not the bytes of this media, from a place in it on.
    pub(crate) fn wrong_bytes(&self, start: u64, bytes: &[u8]) -> Option<String> {
        let own = self.bytes();
        let rest = usize::try_from(start).ok().and_then(|start| own.get(start..));
        let rest = rest.unwrap_or_default();
        if bytes.len() > rest.len() {
            return Some(format!("{} bytes of media where {} are left", bytes.len(), rest.len()));
        }
        let at = bytes.iter().zip(rest).position(|(got, own)| got != own)? as u64;
        Some(format!("byte {} of the media is another one", start + at))
    }

    /// What is wrong with what came down.
    pub(crate) fn difference(&self, got: &Value) -> Option<String> {
        let part = self.part();
        let expected = json!({
            "type": self.content_type, "size": part.len(), "hash": format!("{:016x}", fnv(&part)),
        });
        (*got != expected).then(|| format!("of the media {expected} came {got}"))
    }
}

/// FNV-1a with 64 bits.
fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn method(json: &Value) -> Method<'_> {
        Method { id: "a", json }
    }

    #[test]
    fn types_and_sizes_are_held_to_the_document() {
        let json = json!({"mediaUpload": {"accept": ["image/*", "text/xml"], "maxSize": "2KB"}});
        let method = method(&json);
        for good in ["image/png", "Image/PNG", "text/xml; charset=UTF-8"] {
            assert_eq!(wrong_type(&method, good), None, "{good}");
        }
        for bad in ["image/", "text/plain", "text/xmlx", "*", ""] {
            assert!(wrong_type(&method, bad).is_some(), "{bad}");
        }
        assert_eq!(wrong_size(&method, 2048), None);
        assert_eq!(wrong_size(&method, 2049).unwrap(), "media of 2049 bytes, more than 2048");
        for (text, size) in [("5120GB", Some(5120 << 30)), ("7", Some(7)), ("1 parsec", None)] {
            let json = json!({"mediaUpload": {"maxSize": text}});
            assert_eq!(max_size(&Method { id: "a", json: &json }), size, "{text}");
        }
    }

    #[test]
    fn invented_media_is_of_the_method() {
        let json = json!({"mediaUpload": {"accept": ["image/*", "text/xml"], "maxSize": "300KB"}});
        let mut rng = Rng::with_seed(1);
        for amount in [Amount::Little, Amount::Much, Amount::Edge].repeat(9) {
            for way in [Way::Upload, Way::Resumable] {
                let media = Media::invent(&method(&json), way, amount, &mut rng);
                assert_eq!(wrong_type(&method(&json), &media.content_type), None);
                assert_eq!(wrong_size(&method(&json), media.size), None);
            }
            let media = Media::invent(&method(&json), Way::Download, amount, &mut rng);
            assert!(media.part.is_none_or(|(start, end)| start < end && end <= media.size));
        }
    }

    #[test]
    fn other_bytes_are_noticed() {
        let media = Media {
            content_type: "text/plain".to_owned(),
            seed: 7,
            size: 10,
            is_size_known: true,
            part: Some((2, 5)),
        };
        let mut bytes = media.bytes();
        assert_eq!(media.wrong_bytes(0, &bytes), None);
        assert_eq!(media.wrong_bytes(4, &bytes[4..]), None);
        assert!(media.wrong_bytes(5, &bytes[4..]).unwrap().contains("6 bytes of media where 5"));
        bytes[3] ^= 1;
        assert_eq!(media.wrong_bytes(0, &bytes).unwrap(), "byte 3 of the media is another one");
        let good = json!({"type": "text/plain", "size": 3,
            "hash": format!("{:016x}", fnv(&media.part()))});
        assert_eq!(media.difference(&good), None);
        assert!(media.difference(&json!({"type": "text/plain", "size": 3, "hash": ""})).is_some());
        // The hash is the published one.
        assert_eq!(fnv(b"foobar"), 0x8594_4171_f739_67e8);
    }
}
