//! What is said of Rust code is what becomes of the crate: over pairs of documents, every public item
//! that is gone or changed is covered by a break that is told, every break that is told shows in the
//! items, and the same for additions and deprecations. The items are read out of the generated
//! sources.
//!
//! `HISTORY=DIR` runs over more documents, `<api>/<revision>.json`.

#[path = "common/items.rs"]
mod items;
#[path = "common/judge.rs"]
mod judge;
#[path = "common/mutate.rs"]
#[allow(dead_code)]
mod mutate;
#[path = "common/pairs.rs"]
#[allow(dead_code)]
mod pairs;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use discovery_codegen::diagnostic::Diagnostics;
use discovery_codegen::diff::{self, Side};
use discovery_codegen::settings::Settings;
use judge::disagreements;
use mutate::{WAYS, mutated, places};
use proptest::prelude::*;
use serde_json::Value;

/// Another API, and a new version of one, is another crate, which is not compared with the old one.
fn is_other_crate(old: &Side, new: &Side) -> bool {
    (&old.document.name, &old.document.version) != (&new.document.name, &new.document.version)
}

/// What is wrong with a pair, forwards and backwards.
fn wrong(old: &Path, new: &Path) -> Vec<String> {
    let mut wrong = Vec::new();
    for (old, new) in [(old, new), (new, old)] {
        let before = pairs::side(old, None).unwrap();
        let after = pairs::side(new, Some(&before)).unwrap();
        if is_other_crate(&before, &after) {
            continue;
        }
        let texts = disagreements(&before, &after, &diff::compare(&before, &after));
        let place = format!("{} -> {}", old.display(), new.display());
        wrong.extend(texts.into_iter().map(|text| format!("{place}: {text}")));
    }
    wrong
}

#[test]
fn what_is_told_of_pairs_is_what_becomes_of_their_crates() {
    let pairs = pairs::folders().into_iter();
    let pairs = pairs.map(|folder| (folder.join("old.json"), folder.join("new.json")));
    let wrong: Vec<String> = pairs
        .filter(|(old, new)| old.exists() && new.exists())
        .flat_map(|(old, new)| wrong(&old, &new))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn sorted(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<PathBuf> = entries.collect();
    paths.sort();
    paths
}

#[test]
fn what_is_told_of_real_revisions_is_what_becomes_of_their_crates() {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/history");
    let root = std::env::var_os("HISTORY").map_or(own, PathBuf::from);
    let mut all = Vec::new();
    let mut count = 0;
    for folder in sorted(&root).into_iter().filter(|path| path.is_dir()) {
        let is_json =
            |path: &PathBuf| path.extension().is_some_and(|extension| extension == "json");
        let revisions: Vec<PathBuf> = sorted(&folder).into_iter().filter(is_json).collect();
        for two in revisions.windows(2) {
            count += 1;
            all.extend(wrong(&two[0], &two[1]));
        }
    }
    assert!(all.is_empty(), "{} disagreements:\n{}", all.len(), all.join("\n"));
    assert!(count > 5, "only {count} pairs");
}

/// A small document, and all places of it.
struct Small {
    path: PathBuf,
    document: Value,
    old: Side,
    pointers: Vec<String>,
}

static SMALL: LazyLock<Vec<Small>> = LazyLock::new(|| {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let golden = sorted(&tests.join("golden")).into_iter().map(|folder| folder.join("input.json"));
    let pairs = pairs::folders().into_iter().map(|folder| folder.join("old.json"));
    let made = |path: PathBuf| {
        let document: Value = serde_json::from_slice(&fs::read(&path).ok()?).unwrap();
        let mut pointers = Vec::new();
        places(&document, "", &mut pointers);
        Some(Small { old: pairs::side(&path, None)?, path, document, pointers })
    };
    golden.chain(pairs).filter_map(made).collect()
});

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_told_of_any_change_is_what_becomes_of_the_crate(
        file in any::<prop::sample::Index>(),
        place in any::<prop::sample::Index>(),
        way in 0..WAYS,
    ) {
        let Small { path, document, old, pointers } = file.get(&SMALL);
        let pointer = place.get(pointers);
        let Some(new) = mutated(document, pointer, way) else { return Ok(()) };
        let json = serde_json::to_vec(&new).unwrap();
        let mut diagnostics = Diagnostics::default();
        let new = diff::side(&json, &Settings::default(), Some(old), &mut diagnostics);
        let Some(new) = new.filter(|new| !is_other_crate(old, new)) else {
            return Ok(());
        };
        let wrong = disagreements(old, &new, &diff::compare(old, &new));
        prop_assert!(wrong.is_empty(), "{} {pointer} way {way}:\n{}", path.display(), wrong.join("\n"));
    }
}
