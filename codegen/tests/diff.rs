//! For every rule a pair of tiny documents that differ by it, and what is said about them.
//!
//! `UPDATE=1 cargo test -p discovery-codegen --test diff` writes the expected files anew: read what
//! it wrote. An API that came or went has one document only.

#[path = "common/pairs.rs"]
#[allow(dead_code)]
mod pairs;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;

use discovery_codegen::diff::report::{Style, text};
use discovery_codegen::diff::{self, Diff, RULES, migration};
use pairs::{compared, folders, name, side};

/// The report, and everything of each change that it does not show.
fn shown(diff: &Diff) -> String {
    let mut shown = text(std::slice::from_ref(diff), Style { color: false, all: true });
    for change in &diff.changes {
        writeln!(
            shown,
            "\n{} {}\n  {}; wire {}, rust {}, behaviour {}; {}",
            change.rule,
            change.key(),
            change.severity().word(),
            change.wire.word(),
            change.rust.word(),
            change.behaviour.word(),
            change.direction.word(),
        )
        .unwrap();
        writeln!(shown, "  {:?}: {:?} -> {:?}", change.path, change.old, change.new).unwrap();
        if let Some(line) = migration::line(change) {
            writeln!(shown, "  {line}").unwrap();
        }
    }
    shown
}

#[test]
fn every_rule_has_a_pair_that_it_finds() {
    let found: BTreeSet<String> = folders().iter().map(|folder| name(folder)).collect();
    let rules: BTreeSet<String> = RULES.iter().map(|info| info.id.to_owned()).collect();
    assert_eq!(found, rules);
    for folder in folders() {
        let diff = compared(&folder);
        let rules: Vec<&str> = diff.changes.iter().map(|change| change.rule.id()).collect();
        assert!(rules.contains(&name(&folder).as_str()), "{} has {rules:?}", folder.display());
    }
}

#[test]
fn pairs_are_told_as_expected() {
    let update = std::env::var_os("UPDATE").is_some();
    let mut differing = Vec::new();
    for folder in folders() {
        let text = shown(&compared(&folder));
        let path = folder.join("expected.txt");
        if update {
            fs::write(&path, &text).unwrap();
        }
        let expected = fs::read_to_string(&path).unwrap_or_default();
        if text != expected {
            let line = text.lines().zip(expected.lines()).position(|(a, b)| a != b).unwrap_or(0);
            differing.push(format!("{} from line {}", path.display(), line + 1));
        }
    }
    assert!(differing.is_empty(), "UPDATE=1 writes these anew:\n{}", differing.join("\n"));
}

#[test]
fn a_verdict_never_exceeds_its_rule() {
    for folder in folders() {
        for change in compared(&folder).changes {
            let info = change.rule.info();
            assert!(change.rust <= info.rust, "{}: {change:?}", folder.display());
        }
    }
}

#[test]
fn a_document_equals_itself() {
    for folder in folders() {
        for file in ["old.json", "new.json"] {
            let path = folder.join(file);
            let Some(old) = side(&path, None) else { continue };
            let new = side(&path, Some(&old)).unwrap();
            let diff = diff::compare(&old, &new);
            assert!(diff.changes.is_empty() && diff.docs.is_empty(), "{diff:?}");
        }
    }
}
