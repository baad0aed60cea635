//! Real documents, chosen for their oddities: each gives a crate, the same one every time, of files
//! that are Rust; two of them compile. Where they come from: `corpus/SOURCE.md`.

mod common;

use std::path::Path;

use common::{check, corpus, document, made_with};
use discovery_codegen::Generated;
use discovery_codegen::api::Type;
use discovery_codegen::settings::Settings;

fn made(name: &str, json: &[u8]) -> Generated {
    made_with(name, json, &Settings::default())
}

#[test]
fn every_document_gives_the_same_rust_files_twice() {
    let documents = corpus();
    assert_eq!(documents.len(), 14);
    for (name, json) in &documents {
        let first = made(name, json);
        assert!(!first.api.methods.is_empty() || !first.api.resources.is_empty(), "{name}");
        for (path, text) in first.files.iter() {
            let is_rust = Path::new(path).extension().is_some_and(|extension| extension == "rs");
            if is_rust && let Err(error) = syn::parse_file(text) {
                panic!("{name}: {path}: {error}");
            }
        }
        assert!(made(name, json).files == first.files, "{name} is not the same twice");
    }
}

#[test]
fn a_body_without_a_schema_is_any_object() {
    let made = made("datalineage.v1", &document("datalineage.v1"));
    let projects = made.api.resources.iter().find(|one| one.wire == "projects").unwrap();
    let resource = projects.resources.iter().find(|one| one.wire == "locations").unwrap();
    let is_open = |id: &str| {
        let method = resource.methods.iter().find(|method| method.id.ends_with(id)).unwrap();
        method.request == Some(Type::JsonMap)
    };
    assert!(is_open(".processOpenLineageRunEvent"));
    assert!(!is_open(".searchLinks"));
    let mut files = made.files.iter().map(|(_, text)| text);
    let text = files.find(|text| text.contains("request: &rt::JsonMap")).unwrap();
    assert!(text.contains("let request = datalineage_v1::runtime::JsonMap::new();"), "{text}");
}

#[test]
fn two_of_them_compile_without_a_warning() {
    for name in ["groupsmigration.v1", "kgsearch.v1"] {
        check(name, &made(name, &document(name)));
    }
}
