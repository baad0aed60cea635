//! A request in the form that is compared.

use people_v1::runtime::{Bytes, http};
use serde_json::Value;

/// A request, taken apart.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// As sent, up to the query.
    pub(crate) path: String,
    /// Decoded, in the order of the names; values of one name stay in the order as sent. Without
    /// `alt=json` and `prettyPrint=false`.
    pub(crate) query: Vec<(String, String)>,
    pub(crate) content_type: Option<String>,
    pub(crate) body: Option<Value>,
}

impl Request {
    /// What an entry of `expected.json` says. A GET that went out as a POST is a POST here; its
    /// parameters are its query.
    pub(crate) fn expected(entry: &Value) -> Self {
        let text = |key: &str| entry[key].as_str().expect(key).to_owned();
        let pairs = entry["query"].as_array().expect("query").iter();
        let pair = |pair: &Value| {
            let text = |index: usize| pair[index].as_str().expect("a text").to_owned();
            (text(0), text(1))
        };
        Self {
            method: text("method"),
            path: text("path"),
            query: sorted(pairs.map(pair).collect()),
            content_type: entry["headers"]["content-type"].as_str().map(str::to_owned),
            body: entry.get("body").cloned(),
        }
    }

    /// What was built. It goes to the address of the API and asks for JSON on few lines, once.
    pub(crate) fn built(request: &http::Request<Bytes>) -> Self {
        let uri = request.uri();
        assert_eq!(uri.scheme_str(), Some("https"));
        assert_eq!(
            uri.authority().map(http::uri::Authority::as_str),
            Some("people.googleapis.com")
        );
        let raw = uri.query().unwrap_or_default();
        let pairs: Vec<_> = raw
            .split('&')
            .map(|pair| pair.split_once('=').expect("a name and a value"))
            .map(|(name, value)| (decoded(name), decoded(value)))
            .collect();
        let times = |name: &str| pairs.iter().filter(|(other, _)| other == name).count();
        assert_eq!((times("alt"), times("prettyPrint")), (1, 1), "{raw}");
        let content_type = request.headers().get("content-type");
        let body = request.body();
        Self {
            method: request.method().to_string(),
            path: uri.path().to_owned(),
            query: sorted(pairs),
            content_type: content_type.map(|value| value.to_str().expect("a text").to_owned()),
            body: (!body.is_empty()).then(|| serde_json::from_slice(body).expect("JSON")),
        }
    }

    /// The path, decoded.
    pub(crate) fn decoded_path(&self) -> String {
        // A plus is a plus in a path.
        decoded(&self.path.replace('+', "%2B"))
    }
}

fn sorted(mut pairs: Vec<(String, String)>) -> Vec<(String, String)> {
    let defaults = [("alt", "json"), ("prettyPrint", "false")];
    pairs.retain(|(name, value)| !defaults.contains(&(name, value)));
    pairs.sort_by(|(one, _), (other, _)| one.cmp(other));
    pairs
}

/// The text of a part of a query: a plus is a blank, `%XX` a byte of UTF-8.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        let escaped = after.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        match (first, escaped.and_then(|two| u8::from_str_radix(two, 16).ok())) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            (b'+', _) => bytes.push(b' '),
            (other, _) => bytes.push(*other),
        }
    }
    String::from_utf8(bytes).expect("UTF-8")
}
