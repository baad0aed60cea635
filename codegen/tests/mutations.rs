//! No silence: whatever is changed in a document shows up in the diff, unless it is on the short
//! list of what never matters (`diff::rules::NEVER` in words, `NEVER` here as places).

#[path = "common/mutate.rs"]
mod mutate;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use discovery_codegen::diagnostic::Diagnostics;
use discovery_codegen::diff::{self, Side};
use discovery_codegen::settings::Settings;
use mutate::{WAYS, is_map, mutated, places};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Places that never matter: `*` is one key, `**` any number of them. Nothing is to be added.
const NEVER: &[&str] = &[
    "/revision",
    "/etag",
    "/id",
    "/documentationLink",
    "/icons/**",
    "/labels/**",
    "/batchPath",
    "/**/methods/*/id",
    "/**/methods/*/flatPath",
    "/schemas/*/id",
];

fn is_like(pointer: &[&str], pattern: &[&str]) -> bool {
    match pattern.split_first() {
        None => pointer.is_empty(),
        Some((&"**", rest)) => (0..=pointer.len()).any(|cut| is_like(&pointer[cut..], rest)),
        Some((&wanted, rest)) => pointer.split_first().is_some_and(|(key, behind)| {
            (wanted == "*" || wanted == *key) && is_like(behind, rest)
        }),
    }
}

fn never_matters(pointer: &str) -> bool {
    let keys: Vec<&str> = pointer.split('/').skip(1).collect();
    // A property may be called like a key that never matters.
    if is_map(pointer.rsplit_once('/').map_or("", |(parent, _)| parent)) {
        return false;
    }
    NEVER.iter().any(|pattern| is_like(&keys, &pattern.split('/').skip(1).collect::<Vec<_>>()))
}

fn side(document: &Value, older: Option<&Side>) -> Option<Side> {
    let json = serde_json::to_vec(document).unwrap();
    diff::side(&json, &Settings::default(), older, &mut Diagnostics::default())
}

/// Whether the change shows, in both directions; a document that is refused shows as such.
fn shows(old: &Side, new: &Value) -> bool {
    let Some(after) = side(new, Some(old)) else { return true };
    let there = diff::compare(old, &after);
    let back = diff::compare(&after, old);
    let is_told = |diff: &diff::Diff| !diff.changes.is_empty() || !diff.docs.is_empty();
    is_told(&there) && is_told(&back)
}

fn read(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

#[test]
fn every_change_of_a_small_document_shows() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut silent = Vec::new();
    let mut count = 0;
    for (folder, file) in [("golden", "input.json"), ("diff", "old.json")] {
        for entry in fs::read_dir(tests.join(folder)).unwrap() {
            let path = entry.unwrap().path().join(file);
            if !path.exists() {
                continue;
            }
            let document = read(&path);
            let old = side(&document, None).unwrap();
            let mut pointers = Vec::new();
            places(&document, "", &mut pointers);
            for pointer in pointers {
                for way in 0..WAYS {
                    let Some(new) = mutated(&document, &pointer, way) else { continue };
                    count += 1;
                    if !never_matters(&pointer) && !shows(&old, &new) {
                        silent.push(format!("{} {pointer} way {way}", path.display()));
                    }
                }
            }
        }
    }
    assert!(silent.is_empty(), "{} changes do not show:\n{}", silent.len(), silent.join("\n"));
    assert!(count > 3000, "only {count} changes were tried");
}

/// A real document, made ready once.
struct Real {
    file: &'static str,
    document: Value,
    old: Side,
    pointers: Vec<String>,
}

static REAL: LazyLock<Vec<Real>> = LazyLock::new(|| {
    let made = |file: &'static str| {
        let document = read(&history().join(file));
        let old = side(&document, None).unwrap();
        let mut pointers = Vec::new();
        places(&document, "", &mut pointers);
        Real { file, document, old, pointers }
    };
    ["people.v1/20240707.json", "tasks.v1/20240707.json", "forms.v1/20240214.json"].map(made).into()
});

fn history() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/history")
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_change_of_a_real_document_shows(
        file in 0..3_usize,
        place: prop::sample::Index,
        way in 0..WAYS,
    ) {
        let Real { file, document, old, pointers } = &REAL[file];
        let pointer = &pointers[place.index(pointers.len())];
        if let Some(new) = mutated(document, pointer, way) {
            prop_assert!(
                never_matters(pointer) || shows(old, &new),
                "{file} {pointer} way {way}"
            );
        }
    }
}

#[test]
fn what_never_matters_shows_nothing() {
    let Real { document, old, .. } = &REAL[0];
    let mut new = document.clone();
    for key in ["revision", "etag", "id", "documentationLink", "batchPath"] {
        new[key] = json!("other");
    }
    new["icons"] = json!({ "x16": "other" });
    new["labels"] = json!(["other"]);
    for method in new["resources"]["people"]["methods"].as_object_mut().unwrap().values_mut() {
        method["flatPath"] = json!("other");
    }
    let new = side(&new, Some(old)).unwrap();
    let diff = diff::compare(old, &new);
    assert!(diff.changes.is_empty() && diff.docs.is_empty(), "{:?}", diff.changes);
}
