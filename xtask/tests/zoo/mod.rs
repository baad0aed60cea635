//! A small API, and repositories of git, for tests of tasks.
// Each test file uses some of it.
#![allow(dead_code)]

use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};

/// Where the document lies in a project.
pub(crate) const FILE: &str = "discovery/zoo.v1.json";

/// The settings that make the crate `zoo-v1` of it.
pub(crate) const SETTINGS: &str = "[[api]]\ndocument = \"zoo.v1.json\"\nout = \"../generated\"\n";

/// The document of the API.
pub(crate) fn document() -> Value {
    json!({
        "kind": "discovery#restDescription",
        "name": "zoo", "version": "v1", "revision": "20260101",
        "rootUrl": "https://zoo.googleapis.com/",
        "schemas": { "Animal": { "type": "object", "properties": {
            "name": { "type": "string" },
            "legs": { "type": "integer", "format": "int32" }
        } } },
        "methods": { "find": {
            "id": "zoo.find", "httpMethod": "GET", "path": "v1/animals",
            "parameters": { "kind": { "type": "string", "location": "query", "enum": ["CAT"] } },
            "response": { "$ref": "Animal" }
        } }
    })
}

/// One property less: breaking.
pub(crate) fn broken() -> Value {
    let mut document = document();
    document["revision"] = json!("20260202");
    document["schemas"]["Animal"]["properties"].as_object_mut().unwrap().remove("legs");
    document
}

/// One property more: additive.
pub(crate) fn grown() -> Value {
    let mut document = document();
    document["revision"] = json!("20260202");
    document["schemas"]["Animal"]["properties"]["tail"] = json!({ "type": "boolean" });
    document
}

/// Runs git; the answer is what it wrote.
pub(crate) fn git(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .args(["-c", "user.name=A", "-c", "user.email=a@example.com"])
        .args(["-c", "commit.gpgsign=false", "-c", "tag.gpgsign=false"])
        .args(arguments)
        // Where the tests run inside a hook of git, this would be the project's own repository.
        .env_remove("GIT_DIR")
        .env_remove("GIT_WORK_TREE")
        .env_remove("GIT_INDEX_FILE")
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(output.status.success(), "git {arguments:?}: {}", text(&output));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// All that a process wrote.
pub(crate) fn text(output: &Output) -> String {
    let all = [&output.stdout[..], &output.stderr[..]].concat();
    String::from_utf8_lossy(&all).into_owned()
}
