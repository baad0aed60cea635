//! Diffs for readers: a terminal, a comment on a pull request, a program, a changelog.

mod changelog;
mod group;
mod json;
mod markdown;
mod text;

pub use changelog::changelog;
pub use json::json;
pub use markdown::markdown;
pub use text::{Style, rules, text};

use super::{Bump, Bumps, Change, CrateVersion, Diff, Severity, Verdict};
use crate::docs;

/// How many lines of the listing differ.
fn lines(diff: &Diff) -> String {
    match diff.listing.len() {
        1 => "1 line of api.txt".to_owned(),
        count => format!("{count} lines of api.txt"),
    }
}

/// How many breaks there are by one of the verdicts.
fn breaks_for(diff: &Diff, verdict: fn(&Change) -> Verdict) -> usize {
    diff.of(Severity::Break).filter(|change| verdict(change) == Verdict::Breaking).count()
}

/// The counts of a diff: `2 breaking`, `9 may behave in another way`, each with how loud it is, and
/// nothing for descriptions.
fn counts(diff: &Diff) -> Vec<(Option<Severity>, String)> {
    let breaks = diff.of(Severity::Break).count();
    let (wire, rust) = (breaks_for(diff, |one| one.wire), breaks_for(diff, |one| one.rust));
    let allowed = diff.of(Severity::Break).filter(|change| change.allowed.is_some()).count();
    let mut parts = Vec::new();
    parts.push((
        Some(Severity::Break),
        match (breaks, allowed) {
            (0, _) => "no breaking change".to_owned(),
            (all, 0) => format!("{all} breaking (wire {wire}; Rust {rust})"),
            (all, allowed) => {
                format!("{all} breaking (wire {wire}; Rust {rust}; {allowed} allowed)")
            }
        },
    ));
    for (severity, text) in [
        (Severity::Behaviour, "may behave in another way"),
        (Severity::Deprecation, "deprecated"),
        (Severity::Addition, "added"),
        (Severity::Notice, "without effect"),
    ] {
        let count = diff.of(severity).count();
        if count > 0 {
            parts.push((Some(severity), format!("{count} {text}")));
        }
    }
    match diff.docs.len() {
        0 => {}
        1 => parts.push((None, "1 description".to_owned())),
        count => parts.push((None, format!("{count} descriptions"))),
    }
    parts
}

/// Which version the diff needs, in words; `mark` marks the word that counts.
fn needed(bumps: Bumps, mark: impl Fn(&str) -> String) -> String {
    let Bumps { zero, one } = bumps;
    match (zero, one) {
        (Bump::None, Bump::None) => "Needs no new version.".to_owned(),
        (zero, one) if zero == one => format!("Needs a {} version.", mark(one.word())),
        (zero, one) => {
            format!("Needs a {} version (0.x: {}).", mark(one.word()), mark(zero.word()))
        }
    }
}

/// Whether the crate's version is enough, in words after its name: `0.3.1 -> 0.4.0 ok, since ...`.
fn version(version: &CrateVersion, arrow: &str) -> String {
    let CrateVersion { since, old, new, needed, .. } = version;
    if version.is_enough() {
        return format!("{old} {arrow} {new} ok, since `{since}`");
    }
    format!("{old} {arrow} {new} is not enough, since `{since}`: {needed} by `cargo xtask bump`")
}

/// A name without anything that could be markup.
fn plain(text: &str, also: &str) -> String {
    let is_plain =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') || also.contains(c);
    text.chars().filter(|c| is_plain(*c)).collect()
}

/// `20210613 -> 20220602`, with what a side without a revision is.
fn revisions(diff: &Diff, arrow: &str) -> String {
    let shown = |text: &str, other: &str| {
        if !text.is_empty() {
            text.to_owned()
        } else if other.is_empty() {
            "unknown".to_owned()
        } else {
            "nothing".to_owned()
        }
    };
    let (old, new) = (&diff.old_revision, &diff.new_revision);
    format!("{} {arrow} {}", shown(old, new), shown(new, old))
}

/// Whom a change breaks: `wire+rust`, `wire`, `rust`.
fn broken(change: &Change) -> &'static str {
    match (change.wire == Verdict::Breaking, change.rust == Verdict::Breaking) {
        (true, true) => "wire+rust",
        (true, false) => "wire",
        (false, _) => "rust",
    }
}

/// The Rust path, or the place in the document of what has none.
fn name(change: &Change) -> &str {
    if change.path.is_empty() { &change.pointer } else { &change.path }
}

/// A diff without what nobody sees: no document writes to a terminal, breaks a line or turns it around.
fn printable(diff: &Diff) -> Diff {
    let mut diff = diff.clone();
    let clean = |text: &mut String| {
        if text.contains(docs::is_unseen) {
            *text = docs::seen(text);
        }
    };
    let Diff { name, version, old_revision, new_revision, changes, docs, notes, listing, .. } =
        &mut diff;
    let lines = docs.iter_mut().chain(notes).chain(&mut listing.gone).chain(&mut listing.new);
    for text in [name, version, old_revision, new_revision].into_iter().chain(lines) {
        clean(text);
    }
    for change in changes {
        let Change { path, pointer, item, old, new, detail, also, allowed, .. } = change;
        let optional = [item, old, new, allowed].into_iter().flatten();
        for text in [path, pointer, detail].into_iter().chain(optional).chain(also) {
            clean(text);
        }
    }
    diff
}

/// A text in one line, at most so many characters.
fn clipped(text: &str, most: usize) -> String {
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= most {
        return line;
    }
    let head: String = line.chars().take(most.saturating_sub(2)).collect();
    format!("{head}..")
}

/// A code span that holds any text, in one line.
fn code(text: &str) -> String {
    let line = docs::seen(text);
    if line.trim().is_empty() {
        return String::new();
    }
    let longest = line.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    if longest == 0 { format!("{fence}{line}{fence}") } else { format!("{fence} {line} {fence}") }
}

/// A line of ours around quotes of the document: nothing outside of code spans can be markup.
fn inert(text: &str) -> String {
    let mut out = String::new();
    for (index, part) in text.split('`').enumerate() {
        if index % 2 == 1 {
            out.push_str(&code(part));
        } else {
            out.push_str(&part.replace('<', "&lt;"));
        }
    }
    out
}

/// The titles of the sections, the loudest first.
const SECTIONS: [(Severity, &str); 5] = [
    (Severity::Break, "Breaking"),
    (Severity::Behaviour, "Behaviour may change"),
    (Severity::Deprecation, "Deprecated"),
    (Severity::Addition, "Added"),
    (Severity::Notice, "No effect"),
];

#[cfg(test)]
mod tests;
