//! The report for a comment on a pull request.
//!
//! What a person must see stands at the top: whether something breaks, for whom, and what. The rest
//! is folded. All text of a document stands in code spans, so that none of it becomes markup.

use super::group::groups;
use super::{SECTIONS, broken, clipped, code, counts, inert, name, needs, printable, revisions};
use crate::diff::{Change, Diff, Severity, migration};

/// GitHub refuses comments of more than 65,536 characters.
const LONGEST: usize = 60_000;
/// Names of one line.
const NAMES: usize = 40;

/// The report of all diffs.
pub fn markdown(diffs: &[Diff]) -> String {
    let mut text = String::new();
    for diff in diffs {
        one(&printable(diff), &mut text);
    }
    text
}

fn one(diff: &Diff, text: &mut String) {
    if !text.is_empty() {
        text.push('\n');
    }
    let title = format!("{} {}", diff.name, diff.version);
    let revisions = revisions(diff, "\u{2192}");
    text.push_str(&format!("### {}\n\n", code(&format!("{title}: {revisions}"))));
    let mark = if diff.is_refused() || diff.lacks_bump() {
        "\u{274c}"
    } else if diff.of(Severity::Break).next().is_some() {
        "\u{26a0}\u{fe0f}"
    } else {
        "\u{2705}"
    };
    let is_same = diff.changes.is_empty() && diff.docs.is_empty();
    let summary = if is_same { "no change".to_owned() } else { counts(diff) };
    let (loud, rest) =
        summary.split_once(',').map_or((summary.as_str(), ""), |(loud, rest)| (loud, rest));
    let comma = if rest.is_empty() { "" } else { "," };
    text.push_str(&format!("{mark} **{loud}**{comma}{rest}; {}.\n", needs(diff.bump())));
    if let Some(version) = &diff.crate_version {
        let line = inert(&super::version(version, "\u{2192}"));
        text.push_str(&format!("Crate {} {line}.\n", code(&version.package)));
    }
    for note in &diff.notes {
        text.push_str(&format!("\n> {}\n", code(note)));
    }
    for (severity, title) in SECTIONS {
        let changes: Vec<&Change> = diff.of(severity).collect();
        if changes.is_empty() {
            continue;
        }
        let part = if severity == Severity::Break {
            breaks(&changes)
        } else {
            folded(&format!("{title}: {}", changes.len()), &lines(&changes))
        };
        add(text, &part, title);
    }
    if !diff.docs.is_empty() {
        let mut lines = String::new();
        for pointer in &diff.docs {
            lines.push_str(&format!("- {}\n", code(pointer)));
        }
        add(text, &folded(&format!("Descriptions: {}", diff.docs.len()), &lines), "Descriptions");
    }
}

/// Adds a part, unless the comment would be too long.
fn add(text: &mut String, part: &str, title: &str) {
    if text.len() + part.len() > LONGEST {
        text.push_str(&format!(
            "\n*{title}: too long for a comment; `cargo xtask diff --all` lists it.*\n"
        ));
    } else {
        text.push_str(part);
    }
}

fn breaks(changes: &[&Change]) -> String {
    let mut text = String::from("\n| breaks | what | change | rule |\n|---|---|---|---|\n");
    let groups = groups(changes.iter().copied());
    for group in groups.iter().filter(|group| group.folds()) {
        let who = group.changes.first().map_or("", |change| whom(change));
        text.push_str(&format!(
            "| {who} | {} | {} times | {} |\n",
            cell(&code(&group.names(NAMES))),
            group.changes.len(),
            code(group.rule.id())
        ));
    }
    let alone = groups.iter().filter(|group| !group.folds());
    for change in alone.flat_map(|group| &group.changes) {
        let who = whom(change);
        let allowed = change
            .allowed
            .as_ref()
            .map(|reason| format!("<br>allowed: {}", cell(&code(reason))))
            .unwrap_or_default();
        let places = match change.also.len() {
            0 => String::new(),
            more => format!(" and {more} more places"),
        };
        text.push_str(&format!(
            "| {who} | {}<br><sub>{}{places}</sub> | {}{allowed} | {} |\n",
            cell(&code(name(change))),
            cell(&code(&change.key())),
            cell(&values(change, 120)),
            code(change.rule.id())
        ));
    }
    let mut lines = String::new();
    for group in &groups {
        let told = if group.folds() { &group.changes[..1] } else { &group.changes[..] };
        for change in told {
            let names = if group.folds() { group.names(3) } else { name(change).to_owned() };
            if let Some(line) = migration::line(change) {
                lines.push_str(&format!("- {}: {}\n", code(&names), inert(&line)));
            }
        }
    }
    text.push_str(&folded("What to do about it", &lines));
    text
}

fn whom(change: &Change) -> &'static str {
    match broken(change) {
        "wire+rust" => "wire, Rust",
        "wire" => "wire",
        _ => "Rust",
    }
}

fn lines(changes: &[&Change]) -> String {
    let mut text = String::new();
    let mut last = None;
    for group in groups(changes.iter().copied()) {
        if last != Some(group.rule) {
            if last.is_some() {
                text.push('\n');
            }
            text.push_str(&format!("{}\n\n", code(group.rule.id())));
            last = Some(group.rule);
        }
        let values = match group.changes.first() {
            Some(change) if group.has_values => {
                let values = values(change, 400);
                if values.is_empty() { values } else { format!(": {values}") }
            }
            _ => String::new(),
        };
        text.push_str(&format!("- {}{values}\n", code(&group.names(NAMES))));
    }
    text
}

fn folded(title: &str, body: &str) -> String {
    format!("\n<details><summary>{title}</summary>\n\n{body}\n</details>\n")
}

fn values(change: &Change, most: usize) -> String {
    let shown = |text: &str| code(&clipped(text, most));
    match (&change.old, &change.new) {
        (Some(old), Some(new)) => format!("{} \u{2192} {}", shown(old), shown(new)),
        (Some(old), None) => format!("{} \u{2192} gone", shown(old)),
        (None, Some(new)) => format!("new: {}", shown(new)),
        (None, None) => change.detail.clone(),
    }
}

/// The cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
