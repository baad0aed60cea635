//! What is generated calls rightly: every method of the People API and of some odd documents is
//! called, against a server that is made of the same document by other code and checks every request
//! and what became of its answers.

mod common;

use std::fs;

use common::{build, document, root, write};
use discovery_codegen::config::Config;
use discovery_codegen::diagnostic::Diagnostics;
use discovery_codegen::emit::Crate;
use discovery_codegen::emit::exercise::{SUFFIX, exercise};
use discovery_codegen::files::FileSet;
use discovery_codegen::generate;
use discovery_codegen::settings::Settings;
use discovery_server::{Document, Server, Verdict};
use serde_json::{Value, json};

/// Calls every method of a document. `change` may change the crate before.
fn call(json: &[u8], settings: &Settings, change: impl Fn(&mut FileSet)) -> Verdict {
    let mut made = generate(json, settings, None, &mut Diagnostics::default()).unwrap();
    change(&mut made.files);
    let name = format!("called-{}", made.package.name);
    write(&name, &made.files);
    let context = Crate { api: &made.api, package: &made.package, runtime: None, media: false };
    let files = exercise(&context, &format!("../{name}")).unwrap();
    let folder = write(&format!("{name}{SUFFIX}"), &files);
    let program = build(&folder, &format!("{}{SUFFIX}", made.package.name));
    let server = Server::start(Document::parse(json).unwrap(), 1).unwrap();
    server.carry_out(&program, &folder).unwrap()
}

/// A document of the golden files.
fn golden(name: &str) -> Vec<u8> {
    fs::read(root().join("codegen/tests/golden").join(name).join("input.json")).unwrap()
}

#[track_caller]
fn assert_good(name: &str, verdict: &Verdict) {
    assert!(verdict.problems.is_empty(), "{name}:\n{}", verdict.problems.join("\n"));
    assert_eq!(verdict.missing, [""; 0], "{name}");
    assert!(verdict.methods > 0 && verdict.requests >= 2 * verdict.methods, "{name}: {verdict:?}");
}

#[test]
fn every_method_of_people_calls_rightly() {
    let discovery = root().join("discovery");
    let json = fs::read(discovery.join("people.v1.json")).unwrap();
    let config = Config::parse(&fs::read_to_string(discovery.join("gen.toml")).unwrap()).unwrap();
    let verdict = call(&json, &config.api[0].settings(None), |_| {});
    assert_good("people.v1", &verdict);
    assert_eq!(verdict.methods, 24);
}

/// Methods at the top, wrapped answers, names that are no identifiers, maps and lists as answers.
#[test]
fn every_method_of_odd_documents_calls_rightly() {
    for name in ["customsearch.v1", "kgsearch.v1", "oauth2.v2", "translate.v2"] {
        let verdict = call(&document(name), &Settings::default(), |_| {});
        assert_good(name, &verdict);
    }
}

/// Uploads of all protocols, with metadata and without; downloads of a service of its own and not.
#[test]
fn media_goes_up_and_comes_down_rightly() {
    for (name, json) in
        [("groupsmigration.v1", document("groupsmigration.v1")), ("media", golden("media"))]
    {
        let verdict = call(&json, &Settings::default(), |_| {});
        assert_good(name, &verdict);
    }
}

/// Bugs are planted in a crate, to show that the calls would find them.
#[test]
fn a_crate_that_calls_wrongly_is_found_out() {
    let document = json!({
        "kind": "discovery#restDescription", "name": "planted", "version": "v1",
        "rootUrl": "https://planted.googleapis.com/", "servicePath": "v1/",
        "fullyEncodeReservedExpansion": true,
        "parameters": {"alt": {"type": "string", "location": "query"}},
        "schemas": {"Parcel": {"id": "Parcel", "type": "object", "properties": {
            "size": {"type": "string", "format": "int64"}, "label": {"type": "string"},
        }}},
        "methods": {"move": {
            "id": "planted.move", "httpMethod": "POST", "path": "{+name}:move",
            "parameters": {
                "name": {"type": "string", "location": "path", "required": true},
                "when": {"type": "string", "format": "google-datetime", "location": "query"},
            },
            "request": {"$ref": "Parcel"}, "response": {"$ref": "Parcel"},
        }},
    });
    let planted = [
        // Characters that would lead to another resource stay as they are.
        ("src/runtime/url.rs", "\"-._~\".contains", "\"-._~:\".contains", "':' is not escaped"),
        ("src/runtime/call.rs", "(\"alt\", \"json\")", "(\"alt\", \"jsn\")", "alt=json is missing"),
        (
            "src/runtime/headers.rs",
            "headers.insert(CONTENT_TYPE, HeaderValue::from_static(\"application/json\"))",
            "headers.insert(CONTENT_TYPE, HeaderValue::from_static(\"text/plain\"))",
            "a body of the content type Some(\"text/plain\")",
        ),
        (
            "src/runtime/number.rs",
            "value, out => out.collect_str(&value)",
            "value, out => out.serialize_f64(value as f64)",
            "body.size: ",
        ),
        (
            "src/schemas/parcel.rs",
            "out.field(\"label\"",
            "out.field(\"lable\"",
            "body.lable: the schema has no such property",
        ),
        (
            "src/resources/mod.rs",
            "query(\"when\"",
            "query(\"whem\"",
            "the parameter when is missing",
        ),
    ];
    assert_found_out(document.to_string().as_bytes(), &planted);
}

#[test]
fn a_crate_that_sends_media_wrongly_is_found_out() {
    let planted = [
        (
            "src/runtime/media/place.rs",
            "{root}download/{service_path}",
            "{root}{service_path}",
            "is not /download/media/v1/files/{file}",
        ),
        (
            "src/runtime/media/upload.rs",
            "(\"uploadType\", upload_type)",
            "(\"uploadType\", &upload_type[..5])",
            "uploadType is [\"multi\"] instead of multipart",
        ),
        (
            "src/runtime/media/multipart.rs",
            "\\r\\n--{boundary}--\\r\\n",
            "\\n--{boundary}--\\r\\n",
            "a part of the body has no end",
        ),
        (
            "src/runtime/media/transfer.rs",
            "start + size - 1",
            "start + size",
            " bytes instead of bytes 0-",
        ),
        ("src/runtime/media/part.rs", "end.saturating_sub(1)", "end", "the range Some("),
    ];
    // Crates of tests that run side by side need names of their own.
    let mut document: Value = serde_json::from_slice(&golden("media")).unwrap();
    document["name"] = json!("plantedmedia");
    assert_found_out(document.to_string().as_bytes(), &planted);
}

/// Path, what stands there, what is put there instead, and what has to be said of it.
type Planted<'a> = (&'a str, &'a str, &'a str, &'a str);

#[track_caller]
fn assert_found_out(json: &[u8], planted: &[Planted]) {
    let verdict = call(json, &Settings::default(), |files| {
        for (path, right, wrong, _) in planted {
            let paths: Vec<&str> = files.iter().map(|(path, _)| path).collect();
            let found = files.iter().find(|(other, _)| other == path);
            let text = found.unwrap_or_else(|| panic!("{path} is none of {paths:?}")).1.to_owned();
            assert!(text.contains(right), "{path} has no {right}:\n{text}");
            files.insert(*path, text.replace(right, wrong));
        }
    });
    let problems = verdict.problems.join("\n");
    for (_, _, _, found) in planted {
        assert!(problems.contains(found), "{found} is not in\n{problems}");
    }
}
