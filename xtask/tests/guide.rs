//! `OWN_API.md`, followed to the letter.
#![cfg(unix)]

mod actions;
mod origin;
mod zoo;

use std::fs;
use std::path::Path;

use actions::Runner;
use serde_json::{Value, json};

fn document() -> Value {
    json!({
        "name": "tasks", "version": "v1", "revision": "20260101",
        "rootUrl": "https://tasks.googleapis.com/",
        "schemas": { "Task": { "type": "object", "properties": { "title": { "type": "string" } } } },
        "methods": { "get": {
            "id": "tasks.get", "httpMethod": "GET", "path": "v1/task", "response": { "$ref": "Task" }
        } }
    })
}

/// The code blocks of a language.
fn blocks(language: &str) -> Vec<String> {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("../OWN_API.md");
    let guide = fs::read_to_string(guide).unwrap();
    let start = format!("```{language}\n");
    let blocks = guide.split(start.as_str()).skip(1);
    blocks.map(|block| block.split("```").next().unwrap().to_owned()).collect()
}

#[test]
fn the_guide_can_be_followed() {
    let mut runner = Runner::new();
    for (name, value) in [
        ("GIT_AUTHOR_NAME", "A"),
        ("GIT_AUTHOR_EMAIL", "a@example.com"),
        ("GIT_COMMITTER_NAME", "A"),
        ("GIT_COMMITTER_EMAIL", "a@example.com"),
    ] {
        runner.variables.insert(name.to_owned(), value.to_owned());
    }
    let first = runner.google(&document().to_string());
    let commands = blocks("sh");
    let [five, begin, update] = commands.as_slice() else { panic!("{commands:#?}") };

    let people = runner.path("people");
    fs::create_dir(&people).unwrap();
    assert!(runner.run(five, &people), "{}", runner.said);
    assert!(runner.path("tasks-v1/src/schemas/task.rs").exists());
    let log = runner.noted("log");
    assert!(log.contains("cargo test") && log.contains("cargo publish --dry-run"), "{log}");
    assert_eq!(five.lines().count(), 5);

    // A repository beside it.
    let mine = runner.path("mine");
    for block in blocks("toml") {
        let name = block.lines().next().unwrap().trim_start_matches("# ");
        let path = mine.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, &block).unwrap();
    }
    assert!(runner.run("git init --quiet --initial-branch main", &mine), "{}", runner.said);
    assert!(runner.run(begin, &mine), "{}", runner.said);
    assert!(mine.join("tasks-v1/src/schemas/task.rs").exists());

    drop(first);
    let mut grown = document();
    grown["schemas"]["Task"]["properties"]["mood"] = json!({ "type": "string" });
    let _second = runner.google(&grown.to_string());
    // Here is no terminal to be asked on.
    let update = update.replace("cargo xtask fetch ", "cargo xtask fetch --yes ");
    assert!(runner.run(&update, &mine), "{}", runner.said);
    let manifest = fs::read_to_string(mine.join("tasks-v1/Cargo.toml")).unwrap();
    assert!(manifest.contains("version = \"0.1.1\""), "{manifest}");
    assert!(runner.said.contains("needed since tasks-v1-v0.1.0"), "{}", runner.said);
    assert!(runner.said.contains("### tasks v1, revision 20260101"), "{}", runner.said);
}
