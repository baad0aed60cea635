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

/// Calls every method of a document. `change` may change the crate before.
fn call(json: &[u8], settings: &Settings, change: impl Fn(&mut FileSet)) -> Verdict {
    let mut made = generate(json, settings, None, &mut Diagnostics::default()).unwrap();
    change(&mut made.files);
    let name = format!("called-{}", made.package.name);
    write(&name, &made.files);
    let context = Crate { api: &made.api, package: &made.package };
    let files = exercise(&context, &format!("../{name}")).unwrap();
    let folder = write(&format!("{name}{SUFFIX}"), &files);
    let program = build(&folder, &format!("{}{SUFFIX}", made.package.name));
    let server = Server::start(Document::parse(json).unwrap(), 1).unwrap();
    server.carry_out(&program, &folder).unwrap()
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

/// Bugs are planted in a runtime, to show that the calls would find them.
#[test]
fn a_crate_that_calls_wrongly_is_found_out() {
    let planted = [
        // Characters that would lead to another resource stay as they are.
        ("src/runtime/url.rs", r#"b"-._~".contains"#, r#"b"-._~:?".contains"#),
        ("src/runtime/call.rs", r#"[("alt", "json"), "#, "["),
        ("src/runtime/headers.rs", "headers.insert(CONTENT_TYPE,", "headers.insert(ACCEPT,"),
        ("src/runtime/number.rs", "out.collect_str(&value)", "out.serialize_i64(value as i64)"),
        ("src/runtime/object.rs", "keep(&mut object, key, value)", "drop(value)"),
    ];
    let verdict = call(&document("customsearch.v1"), &Settings::default(), |files| {
        for (path, right, wrong) in planted {
            let text = files.iter().find(|(other, _)| *other == path).unwrap().1.to_owned();
            assert!(text.contains(right), "{path} has no {right}");
            files.insert(path, text.replace(right, wrong));
        }
    });
    let problems = verdict.problems.join("\n");
    for found in ["alt=json is missing", "is lost"] {
        assert!(problems.contains(found), "{found} is not in\n{problems}");
    }
}
