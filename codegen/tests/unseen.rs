//! Marks of direction and their like, which nobody sees: rustc refuses a file with them, and a reader
//! of it would be led astray. They are nowhere in what is generated, and what goes on the wire has
//! them all the same.

mod common;

use common::{check, made_with};
use discovery_codegen::docs::is_unseen;
use discovery_codegen::settings::Settings;
use serde_json::{Value, json};

const ALL: &str = "a\u{61c}b\u{200e}c\u{200f}d\u{2028}e\u{2029}f\u{202a}g\u{202b}h\u{202c}i\u{202d}j\
                   \u{202e}k\u{2066}l\u{2067}m\u{2068}n\u{2069}o\u{feff}p\0q\u{1b}r\u{85}s";

/// A document that has them wherever it has text.
fn document() -> Value {
    let described =
        format!("Deprecated: use {ALL} instead. {ALL}\n\n * {ALL}\n * {ALL}\n\n```\n{ALL}\n```\n");
    let kind = json!({
        "type": "string", "description": described, "deprecated": true,
        "enum": [ALL, "B"], "enumDescriptions": [described, described], "enumDeprecated": [true, false],
    });
    let mut item = json!({
        "type": "string", "description": described, "default": ALL, "pattern": ALL, "minimum": ALL,
        "maximum": ALL, "format": ALL, "deprecated": true,
    });
    let schema = json!({
        "type": "object", "description": described, "properties": { ALL: item, "kind": kind },
    });
    item["location"] = json!("query");
    let mut required = kind.clone();
    required["location"] = json!("query");
    required["required"] = json!(true);
    let mask = json!({
        "type": "string", "format": "google-fieldmask", "location": "query",
        "description": format!("Valid values are: * one * two. {ALL}"),
    });
    let method = json!({
        "id": ALL, "httpMethod": "GET", "path": "v1/x", "description": described, "deprecated": true,
        "parameters": { ALL: item, "kind": required, "mask": mask },
        "response": { "$ref": ALL }, "scopes": [ALL],
    });
    json!({
        "name": ALL, "version": ALL, "revision": ALL, "title": ALL, "description": described,
        "canonicalName": ALL, "documentationLink": format!("https://a.b/{ALL}"),
        "rootUrl": "https://unseen.googleapis.com/",
        "endpoints": [{
            "endpointUrl": "https://unseen.googleapis.com/", "location": ALL, "description": described,
        }],
        "auth": { "oauth2": { "scopes": { ALL: { "description": described } } } },
        "parameters": { "alt": item },
        "schemas": { ALL: schema },
        "methods": { ALL: method },
        "resources": { ALL: { "methods": { "m": method }, "resources": { ALL: {} } } },
    })
}

#[test]
fn what_nobody_sees_is_in_no_file() {
    let mut document = document();
    // Each method has an id of its own.
    document["resources"][ALL]["methods"]["m"]["id"] = json!(format!("{ALL}.m"));
    let made = made_with("unseen", document.to_string().as_bytes(), &Settings::default());
    for (path, text) in made.files.iter() {
        let found = text.lines().find(|line| line.contains(is_unseen));
        assert_eq!(found.map(str::escape_debug).map(|line| line.to_string()), None, "{path}");
    }
    let text: String = made.files.iter().map(|(_, text)| text).collect();
    let literal = format!("\"{}\"", ALL.escape_debug()).replace("\\u{0}", "\\0");
    assert!(text.matches(&literal).count() > 5, "{literal} is not on the wire");
    check("unseen", &made);
}
