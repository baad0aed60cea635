//! Every wire name of the documents at hand and its Rust name, for review.
//!
//! `UPDATE=1 cargo test -p discovery-codegen --test names` rewrites `names.txt`: only what you meant to
//! change may change.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use discovery_codegen::diagnostic::Diagnostics;
use discovery_codegen::discovery::{Document, Method, Resource, Schema, read};
use discovery_codegen::names::{Kind, name};

fn documents() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut documents = vec![root.join("../discovery/people.v1.json")];
    for entry in fs::read_dir(root.join("tests/golden")).unwrap() {
        documents.push(entry.unwrap().path().join("input.json"));
    }
    documents
}

#[derive(Default)]
struct Names(BTreeSet<String>);

impl Names {
    fn add(&mut self, what: &str, kind: Kind, wire: &str) {
        self.0.insert(format!("{what} {wire:?} {}", name(kind, wire)));
    }

    fn document(&mut self, document: &Document) {
        for (id, schema) in &document.schemas {
            self.add("schema", Kind::Type, id);
            self.schema(schema);
        }
        for (wire, method) in &document.methods {
            self.method(wire, method);
        }
        for (wire, resource) in &document.resources {
            self.resource(wire, resource);
        }
    }

    fn schema(&mut self, schema: &Schema) {
        for value in &schema.values {
            self.add("value", Kind::Variant, &value.value);
        }
        for (key, property) in &schema.properties {
            self.add("property", Kind::Value, key);
            self.schema(property);
        }
        for inner in schema.items.iter().chain(&schema.additional) {
            self.schema(inner);
        }
    }

    fn resource(&mut self, wire: &str, resource: &Resource) {
        self.add("resource", Kind::Module, wire);
        for (wire, method) in &resource.methods {
            self.method(wire, method);
        }
        for (wire, resource) in &resource.resources {
            self.resource(wire, resource);
        }
    }

    fn method(&mut self, wire: &str, method: &Method) {
        self.add("method", Kind::Function, wire);
        for (wire, parameter) in &method.parameters {
            self.add("parameter", Kind::Value, wire);
            self.schema(&parameter.schema);
        }
    }
}

#[test]
fn names_are_as_reviewed() {
    let mut names = Names::default();
    for path in documents() {
        let document = read(&fs::read(path).unwrap(), &mut Diagnostics::default()).unwrap();
        names.document(&document);
    }
    let lines: Vec<String> = names.0.into_iter().collect();
    let text = lines.join("\n") + "\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/names.txt");
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &text).unwrap();
    }
    let reviewed = fs::read_to_string(&path).unwrap_or_default();
    let changed: Vec<&str> =
        text.lines().filter(|line| !reviewed.lines().any(|known| known == *line)).collect();
    assert!(
        text == reviewed,
        "UPDATE=1 rewrites names.txt; new or changed:\n{}",
        changed.join("\n")
    );
}
