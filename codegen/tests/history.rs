//! Diffs of real revisions: `tests/history/<api>/<revision>.json`, see SOURCE.md there.
//!
//! `UPDATE=1 cargo test -p discovery-codegen --test history` writes the expected reports anew: read
//! them as a reviewer would. `HISTORY=DIR` runs over more documents, laid out in the same way.

use std::fs;
use std::path::{Path, PathBuf};

use discovery_codegen::diagnostic::Diagnostics;
use discovery_codegen::diff::{self, Diff, Side, report};
use discovery_codegen::settings::Settings;

fn own() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/history")
}

fn sorted(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<PathBuf> = entries.collect();
    paths.sort();
    paths
}

/// The revisions of every API below a folder, oldest first.
fn apis(root: &Path) -> Vec<Vec<PathBuf>> {
    let folders = sorted(root).into_iter().filter(|path| path.is_dir());
    let is_json = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "json");
    folders.map(|folder| sorted(&folder).into_iter().filter(is_json).collect()).collect()
}

fn side(path: &Path, older: Option<&Side>) -> Side {
    let mut diagnostics = Diagnostics::default();
    let json = fs::read(path).unwrap();
    let side = diff::side(&json, &Settings::default(), older, &mut diagnostics);
    let said: Vec<String> = diagnostics.iter().map(ToString::to_string).collect();
    side.unwrap_or_else(|| panic!("{}: {said:#?}", path.display()))
}

fn compared(old: &Path, new: &Path) -> Diff {
    let old = side(old, None);
    diff::compare(&old, &side(new, Some(&old)))
}

#[test]
fn neighbours_are_reported_as_expected() {
    let update = std::env::var_os("UPDATE").is_some();
    let mut differing = Vec::new();
    for revisions in apis(&own()) {
        let diffs: Vec<Diff> = revisions.windows(2).map(|two| compared(&two[0], &two[1])).collect();
        let folder = revisions[0].parent().unwrap();
        for (file, text) in [
            ("expected.txt", report::text(&diffs, report::Style::default())),
            ("expected.md", report::markdown(&diffs)),
        ] {
            let path = folder.join(file);
            if update {
                fs::write(&path, &text).unwrap();
            }
            if fs::read_to_string(&path).unwrap_or_default() != text {
                differing.push(path.display().to_string());
            }
        }
    }
    assert!(differing.is_empty(), "UPDATE=1 writes these anew:\n{}", differing.join("\n"));
}

#[test]
fn all_pairs_run_forwards_and_backwards_and_say_the_same_twice() {
    let more = std::env::var_os("HISTORY").map(PathBuf::from);
    for revisions in apis(&more.unwrap_or_else(own)) {
        for old in &revisions {
            for new in &revisions {
                let diff = compared(old, new);
                let place = format!("{} {}", old.display(), new.display());
                if old == new {
                    assert!(diff.changes.is_empty() && diff.docs.is_empty(), "{place}");
                    continue;
                }
                assert_eq!(diff, compared(old, new), "{place}");
                let markdown = report::markdown(std::slice::from_ref(&diff));
                assert!(markdown.len() < 65_536, "{place}: too long for a comment");
                let json: serde_json::Value =
                    serde_json::from_str(&report::json(std::slice::from_ref(&diff))).unwrap();
                let changes = json["apis"][0]["changes"].as_array().unwrap();
                assert_eq!(changes.len(), diff.changes.len(), "{place}");
            }
        }
    }
}

#[test]
fn every_break_says_what_to_do_and_has_a_key_of_its_own() {
    for revisions in apis(&own()) {
        for two in revisions.windows(2) {
            // Backwards, what was added is removed: many breaks.
            for diff in [compared(&two[0], &two[1]), compared(&two[1], &two[0])] {
                let mut keys = std::collections::BTreeSet::new();
                for change in diff.changes.iter().filter(|change| change.is_breaking()) {
                    let line = diff::migration::line(change);
                    assert!(line.is_some_and(|line| line.ends_with('.')), "{change:?}");
                    assert!(keys.insert((change.rule, change.key())), "{change:?}");
                }
            }
        }
    }
}
