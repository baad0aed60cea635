//! Bad documents: what is said of each, all of it in one run.
//!
//! `UPDATE=1 cargo test -p discovery-codegen --test bad` writes the expected texts anew: read what it
//! wrote.

use std::fs;
use std::path::{Path, PathBuf};

use discovery_codegen::diagnostic::Diagnostics;
use discovery_codegen::generate;
use discovery_codegen::settings::Settings;
use proptest::prelude::*;
use serde_json::{Value, json};

fn cases() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad");
    let entries = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path());
    let mut cases: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|e| e == "json")).collect();
    cases.sort();
    cases
}

fn said(json: &[u8], settings: &Settings) -> (bool, Vec<String>) {
    let mut diagnostics = Diagnostics::default();
    let made = generate(json, settings, None, &mut diagnostics);
    assert_eq!(made.is_none(), diagnostics.has_errors(), "no output exactly when there are errors");
    (made.is_some(), diagnostics.iter().map(ToString::to_string).collect())
}

#[test]
fn bad_documents_are_explained() {
    let mut differing = Vec::new();
    for path in cases() {
        let (is_made, said) = said(&fs::read(&path).unwrap(), &Settings::default());
        assert!(!is_made, "{}", path.display());
        let text = said.join("\n") + "\n";
        let expected = path.with_extension("txt");
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&expected, &text).unwrap();
        }
        if fs::read_to_string(&expected).unwrap_or_default() != text {
            differing.push(format!("{}:\n{text}", expected.display()));
        }
    }
    assert!(differing.is_empty(), "UPDATE=1 writes these anew:\n{}", differing.join("\n"));
}

fn people() -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../discovery/people.v1.json")).unwrap()
}

#[test]
fn bad_settings_are_explained() {
    let list = |name: &str, places: &[&str]| {
        (name.to_owned(), places.iter().map(|place| (*place).to_owned()).collect())
    };
    let settings = Settings {
        methods: vec!["people.people.batchUpdateContact".to_owned(), "nothing like it".to_owned()],
        enums: [list("lower", &["Nothing.here"]), list("Person", &["Person.names"])].into(),
        masks: [
            list("A", &["people.people.get:personFields"]),
            list("B", &["people.people.get:personFields"]),
        ]
        .into(),
        fixups: vec!["nothing".to_owned()],
        ..Settings::default()
    };
    let (is_made, said) = said(&people(), &settings);
    assert!(!is_made);
    let text = said.join("\n");
    for expected in [
        "methods: there is no method `people.people.batchUpdateContact`",
        "did you mean `people.people.batchUpdateContacts`",
        "there is no method `nothing like it`",
        "enums.lower: this is no name of a type",
        "there is no place `Nothing.here`",
        "enums.Person: the document has a schema of this name",
        "`Person.names` is no enum",
        "`people.people.get:personFields` stands in two lists",
        "fixups.nothing: no such fixup",
    ] {
        assert!(text.contains(expected), "{expected}\nis not in\n{text}");
    }
}

/// Any JSON, in the shape of a document where chance has it so.
fn any_json() -> impl Strategy<Value = Value> {
    let key = prop_oneof![
        Just("type"),
        Just("$ref"),
        Just("properties"),
        Just("items"),
        Just("additionalProperties"),
        Just("enum"),
        Just("format"),
        Just("description"),
        Just("id"),
        Just("path"),
        Just("httpMethod"),
        Just("parameters"),
        Just("location"),
        Just("methods"),
        Just("resources"),
        Just("request"),
        Just("response"),
        Just("a"),
        Just("A"),
        Just("self"),
        Just("0")
    ];
    let text = prop_oneof![
        Just("string"),
        Just("object"),
        Just("array"),
        Just("any"),
        Just("GET"),
        Just("POST"),
        Just("path"),
        Just("query"),
        Just("v1/{a}"),
        Just("v1/{+A}:x"),
        Just("A"),
        Just("a"),
        Just("google-fieldmask"),
        Just("int64"),
        Just("Valid values are: * a * A * 0"),
        Just("*/ pub fn x() {} /*"),
        Just("\u{0}\n```\npanic!()")
    ];
    let leaf = prop_oneof![
        text.prop_map(|text| json!(text)),
        any::<bool>().prop_map(|b| json!(b)),
        Just(Value::Null),
        any::<i64>().prop_map(|n| json!(n))
    ];
    leaf.prop_recursive(6, 60, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(key.clone().prop_map(str::to_owned), inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_document_makes_it_panic(schemas in any_json(), methods in any_json(), resources in any_json()) {
        let document = json!({
            "name": "any", "version": "v1", "rootUrl": "https://any.googleapis.com/",
            "schemas": {"A": schemas}, "methods": methods, "resources": {"a": resources},
        });
        said(document.to_string().as_bytes(), &Settings::default());
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        said(&bytes, &Settings::default());
    }

    /// A document with one value replaced: near to a real one, where the interesting code is.
    #[test]
    fn no_mutation_makes_it_panic(place in any::<prop::sample::Index>(), with in any_json()) {
        let mut document: Value =
            serde_json::from_slice(include_bytes!("golden/names/input.json")).unwrap();
        let places = count(&document);
        replace(&mut document, &mut place.index(places), &with);
        said(document.to_string().as_bytes(), &Settings::default());
    }
}

fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Object(map) => map.values().map(count).sum(),
        _ => 0,
    }
}

fn replace(value: &mut Value, place: &mut usize, with: &Value) -> bool {
    if *place == 0 {
        *value = with.clone();
        return true;
    }
    *place -= 1;
    match value {
        Value::Array(items) => items.iter_mut().any(|item| replace(item, place, with)),
        Value::Object(map) => map.values_mut().any(|item| replace(item, place, with)),
        _ => false,
    }
}
