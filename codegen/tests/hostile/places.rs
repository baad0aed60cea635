//! Every hostile text at every kind of place of a document, one at a time.

use std::collections::BTreeMap;

use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};
use serde_json::{Map, Value};

use super::mutate::TEXTS;
use super::sound;

/// A document that has every kind of place: `@...@` stands where a text is put.
const DOCUMENT: &str = r#"{
  "name": "@name@", "version": "@version@", "revision": "@revision@", "title": "@title@",
  "canonicalName": "@canonical@", "description": "@description@", "documentationLink": "@link@",
  "rootUrl": "@root@", "servicePath": "@service@", "mtlsRootUrl": "@mtls@",
  "endpoints": [{"endpointUrl": "@endpoint@", "location": "@location@", "description": "@prose@"}],
  "auth": {"oauth2": {"scopes": {"@scope@": {"description": "@prose@"}}}},
  "parameters": {"@common@": {"type": "string", "location": "query", "description": "@prose@"}},
  "schemas": {"@schema@": {
    "id": "@schema@", "type": "object", "description": "@prose@",
    "properties": {
      "@property@": {
        "type": "string", "description": "@prose@", "default": "@default@", "pattern": "@pattern@",
        "enum": ["@value@", "OTHER"], "enumDescriptions": ["@prose@", "@prose@"]
      },
      "number": {
        "type": "integer", "format": "@format@", "minimum": "@minimum@", "maximum": "@minimum@",
        "default": "@default@", "description": "@prose@"
      },
      "inline": {"type": "object", "properties": {"@property@": {"$ref": "@schema@"}}}
    }
  }},
  "resources": {"@resource@": {"methods": {"@method@": {
    "id": "@id@", "httpMethod": "POST", "path": "@path@", "flatPath": "@path@",
    "description": "@prose@", "apiVersion": "@apiversion@", "scopes": ["@scope@"],
    "parameterOrder": ["@parameter@"],
    "parameters": {
      "@parameter@": {
        "type": "string", "required": true, "location": "query", "default": "@default@",
        "pattern": "@pattern@", "enum": ["@value@"], "enumDescriptions": ["@prose@"]
      }
    },
    "request": {"$ref": "@schema@"}, "response": {"$ref": "@schema@"},
    "supportsMediaUpload": true, "supportsMediaDownload": true,
    "mediaUpload": {
      "accept": ["@accept@"], "maxSize": "@size@",
      "protocols": {"simple": {"path": "@simple@"}, "resumable": {"path": "@resumable@"}}
    }
  }}}}
}"#;

/// What stands at a place while a text is put at another.
const USUAL: &[(&str, &str)] = &[
    ("@name@", "hostile"),
    ("@version@", "v1"),
    ("@revision@", "20260101"),
    ("@title@", "Hostile API"),
    ("@canonical@", "Hostile"),
    ("@description@", "Says hello."),
    ("@link@", "https://developers.google.com/hostile"),
    ("@root@", "https://hostile.googleapis.com/"),
    ("@service@", "hostile/v1/"),
    ("@mtls@", "https://hostile.mtls.googleapis.com/"),
    ("@endpoint@", "https://hostile.europe-west1.rep.googleapis.com/"),
    ("@location@", "europe-west1"),
    ("@prose@", "One of them."),
    ("@scope@", "https://www.googleapis.com/auth/hostile"),
    ("@common@", "common"),
    ("@schema@", "Thing"),
    ("@property@", "kind"),
    ("@default@", "0"),
    ("@pattern@", "^[a-z]+$"),
    ("@value@", "FIRST"),
    ("@format@", "int32"),
    ("@minimum@", "0"),
    ("@resource@", "things"),
    ("@method@", "create"),
    ("@id@", "hostile.things.create"),
    ("@path@", "things"),
    ("@apiversion@", "2026-01-01"),
    ("@parameter@", "sort"),
    ("@accept@", "*/*"),
    ("@size@", "10MB"),
    ("@simple@", "/upload/hostile/v1/things"),
    ("@resumable@", "/resumable/upload/hostile/v1/things"),
];

/// The document with a text at a place.
fn with(place: &str, text: &str) -> Value {
    let mut texts: BTreeMap<&str, &str> = USUAL.iter().copied().collect();
    assert!(texts.insert(place, text).is_some(), "{place} is no place");
    filled(&serde_json::from_str(DOCUMENT).unwrap(), &texts)
}

fn filled(value: &Value, texts: &BTreeMap<&str, &str>) -> Value {
    let text = |own: &str| texts.get(own).map_or_else(|| own.to_owned(), |text| (*text).to_owned());
    match value {
        Value::String(own) => Value::String(text(own)),
        Value::Array(items) => items.iter().map(|item| filled(item, texts)).collect(),
        Value::Object(entries) => {
            let entries = entries.iter().map(|(key, own)| (text(key), filled(own, texts)));
            Value::Object(entries.collect::<Map<_, _>>())
        }
        other => other.clone(),
    }
}

fn check(place: &str, text: &str) -> bool {
    let answer = sound::check(with(place, text).to_string().as_bytes());
    answer.unwrap_or_else(|error| panic!("{text:?} at {place}: {error}"))
}

#[test]
fn every_place_is_one_of_the_document() {
    for (place, usual) in USUAL {
        assert!(DOCUMENT.contains(&format!("\"{place}\"")), "{place}");
        assert!(check(place, usual), "the usual document gives a crate");
    }
    assert_eq!(DOCUMENT.matches('@').count() % 2, 0);
    let left = with("@name@", "hostile").to_string();
    assert!(!left.contains('@'), "{left}");
}

/// Places of text that is shown and means nothing: whatever it is, there is a crate.
const PROSE: &[&str] = &["@title@", "@description@", "@link@", "@prose@", "@pattern@"];

#[test]
fn every_text_at_every_place_is_refused_or_sound() {
    USUAL.par_iter().for_each(|(place, _)| {
        for text in TEXTS {
            assert!(check(place, text) || !PROSE.contains(place), "{text:?} at {place}");
        }
    });
}

#[test]
fn no_host_of_others_stands_at_any_place() {
    for place in ["@root@", "@mtls@", "@endpoint@"] {
        for url in [
            "https://elsewhere.example/",
            "http://hostile.googleapis.com/",
            "https://hostile.googleapis.com.elsewhere.example/",
            "https://elsewheregoogleapis.com/",
            "https://hostile.googleapis.com@elsewhere.example/",
            "https://hostile.googleapis.com:8443/",
            "https://elsewhere.example#.googleapis.com/",
            "https://elsewhere.example?.googleapis.com/",
            "https://elsewhere.example\\.googleapis.com/",
            "https://elsewhere.example%2f.googleapis.com/",
            "https://elsewhere.example\u{ff0f}.googleapis.com/",
            "https://hostile.googleapis\u{3002}com/",
            "https://[::1]/",
            "//elsewhere.example/",
            "file:///etc/passwd",
            "javascript:alert(1)",
        ] {
            assert!(!check(place, url), "{url} at {place}");
        }
    }
}

#[test]
fn no_path_leaves_its_base() {
    for place in ["@service@", "@path@", "@simple@", "@resumable@"] {
        for path in [
            "../x",
            "a/../../x",
            "a/..",
            "./x",
            "%2e%2e/x",
            "a/.%2E/x",
            "//elsewhere.example/x",
            "a?b=c",
            "a#b",
            "a\\..\\x",
            "a b",
            "a\r\nHost: elsewhere.example",
            "a\u{0}",
        ] {
            assert!(!check(place, path), "{path:?} at {place}");
        }
    }
}
