//! A draft for the changelog: what users of the crate must know, in the order in which they need it.

use super::group::{Group, groups};
use super::{SECTIONS, clipped, code, inert, name, plain, printable};
use crate::diff::{Change, Diff, Severity, migration};

/// Names of one line.
const NAMES: usize = 20;

/// The draft, as the body of a version's section; breaks carry a line that says what to do.
pub fn changelog(diffs: &[Diff]) -> String {
    let mut text = String::from("## Unreleased\n");
    for diff in diffs {
        one(&printable(diff), &mut text);
    }
    text
}

fn one(diff: &Diff, text: &mut String) {
    let (old, new) = (plain(&diff.old_revision, ""), plain(&diff.new_revision, ""));
    let revision = match (old.is_empty(), new.is_empty()) {
        (false, false) => format!("revision {old} to {new}"),
        (true, false) => format!("revision {new}"),
        (false, true) => format!("last revision {old}"),
        (true, true) => "new revision".to_owned(),
    };
    let (name, version) = (plain(&diff.name, ""), plain(&diff.version, ""));
    text.push_str(&format!("\n### {name} {version}, {revision}\n"));
    let mut is_told = false;
    for (severity, title) in SECTIONS {
        let changes: Vec<&Change> = diff.of(severity).collect();
        if severity != Severity::Notice && !changes.is_empty() {
            section(severity, title, &changes, text);
            is_told = true;
        }
    }
    if !diff.docs.is_empty() {
        let docs = match diff.docs.len() {
            1 => "1 description changed.".to_owned(),
            count => format!("{count} descriptions changed."),
        };
        text.push_str(&format!("\n{docs}\n"));
    } else if !is_told {
        text.push_str("\nNo change of the API.\n");
    }
}

fn section(severity: Severity, title: &str, changes: &[&Change], text: &mut String) {
    text.push_str(&format!("\n{title}:\n\n"));
    if severity == Severity::Break {
        let groups = groups(changes.iter().copied());
        for (group, change) in groups.iter().flat_map(told) {
            let names = if group.folds() { group.spans(NAMES) } else { code(name(change)) };
            text.push_str(&format!("- {names}{}: {}\n", values(change), what(change)));
            if let Some(line) = migration::line(change) {
                text.push_str(&format!("  Migration: {}\n", inert(&line)));
            }
        }
        return;
    }
    for group in groups(changes.iter().copied()) {
        let values = match group.changes.first() {
            Some(change) if group.has_values => values(change),
            _ => String::new(),
        };
        let names = group.spans(NAMES);
        text.push_str(&format!("- {}: {names}{values}\n", words(group.rule.id())));
    }
}

/// The changes of a group that get a line each: one for all where they read as one.
fn told<'g, 'a>(group: &'g Group<'a>) -> impl Iterator<Item = (&'g Group<'a>, &'a Change)> {
    let count = if group.folds() { 1 } else { group.changes.len() };
    group.changes[..count].iter().map(move |change| (group, *change))
}

/// The rule's sentence, to go on after a colon.
fn what(change: &Change) -> String {
    let doc = change.rule.info().doc;
    let mut letters = doc.chars();
    let first = letters.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(letters).collect()
}

/// A rule's id as words.
fn words(id: &str) -> String {
    id.replace('-', " ")
}

fn values(change: &Change) -> String {
    let shown = |text: &str| code(&clipped(text, 160));
    match (&change.old, &change.new) {
        (Some(old), Some(new)) => format!(" ({} to {})", shown(old), shown(new)),
        (Some(old), None) => format!(" ({})", shown(old)),
        (None, Some(new)) => format!(" (new: {})", shown(new)),
        (None, None) => String::new(),
    }
}
