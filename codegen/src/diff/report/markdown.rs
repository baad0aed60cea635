//! The report for a comment on a pull request.
//!
//! What a person must see stands at the top: whether something breaks, for whom, what, and what to do
//! about it. The rest is folded, with its counts. All text of a document stands in code spans, so that
//! none of it becomes markup.

use super::group::{Group, groups};
use super::{SECTIONS, breaks_for, broken, clipped, code, inert, name, needed, plain, printable};
use crate::diff::{Change, Diff, Severity, Verdict, allow, migration};

/// GitHub refuses comments of more than 65,536 characters.
const LONGEST: usize = 60_000;
/// Names of one line.
const NAMES: usize = 40;
/// Breaks that stand open.
const OPEN: usize = 12;

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
    let revisions = super::revisions(diff, "\u{2192}");
    let words: Vec<String> = revisions.split(' ').map(|word| plain(word, "\u{2192}")).collect();
    text.push_str(&format!(
        "### {} {} <sub>{}</sub>\n\n",
        plain(&diff.name, ""),
        plain(&diff.version, ""),
        words.join(" ")
    ));
    text.push_str(&format!("{}\n", verdict(diff)));
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
        if severity == Severity::Break {
            breaks(&changes, text);
        } else {
            add(text, &folded(&summary(title, &changes), &lines(&changes)), title);
        }
    }
    if !diff.listing.is_empty() {
        let title = format!("<b>Generator or settings: {}</b>", super::lines(diff));
        // Each line begins with its mark, so none of them can end the block.
        let lines = format!("```diff\n{}\n```\n", diff.listing.shown().join("\n"));
        add(text, &folded(&title, &lines), "Generator or settings");
    }
    if !diff.docs.is_empty() {
        let mut lines = String::new();
        for pointer in &diff.docs {
            lines.push_str(&format!("- {}\n", code(pointer)));
        }
        let title = format!("<b>Descriptions: {}</b>", diff.docs.len());
        add(text, &folded(&title, &lines), "Descriptions");
    }
}

/// The line that says it all.
fn verdict(diff: &Diff) -> String {
    if diff.is_empty() && !diff.lacks_bump() {
        return "\u{2705} **No change.**".to_owned();
    }
    let breaks = diff.of(Severity::Break).count();
    let allowed = diff.of(Severity::Break).filter(|change| change.allowed.is_some()).count();
    let (wire, rust) = (breaks_for(diff, |one| one.wire), breaks_for(diff, |one| one.rust));
    let (mark, loud) = match (breaks, allowed) {
        (0, _) if diff.lacks_bump() => ("\u{274c}", "**Nothing breaks.**".to_owned()),
        (0, _) => ("\u{2705}", "**Nothing breaks.**".to_owned()),
        (1, 0) => ("\u{274c}", format!("**1 breaking change** ({}).", whom(wire > 0, rust > 0))),
        (all, allowed) => {
            let is_bad = diff.is_refused() || diff.lacks_bump();
            let mark = if is_bad { "\u{274c}" } else { "\u{26a0}\u{fe0f}" };
            let allowed = if allowed == 0 { String::new() } else { format!("; {allowed} allowed") };
            let changes = if all == 1 { "change" } else { "changes" };
            let counts = format!("{wire} on the wire, {rust} in Rust code{allowed}");
            (mark, format!("**{all} breaking {changes}**: {counts}."))
        }
    };
    format!("{mark} {loud} {}", needed(diff.bump(), |word| format!("**{word}**")))
}

fn whom(wire: bool, rust: bool) -> &'static str {
    match (wire, rust) {
        (true, true) => "on the wire and in Rust code",
        (true, false) => "on the wire",
        (false, _) => "in Rust code",
    }
}

/// Title and counts of a folded section.
fn summary(title: &str, changes: &[&Change]) -> String {
    let by_rule = changes.chunk_by(|a, b| a.rule == b.rule);
    let counts: Vec<String> =
        by_rule.map(|of_rule| format!("{} {}", of_rule.len(), of_rule[0].rule.id())).collect();
    let title = format!("<b>{title}: {}</b>", changes.len());
    // One rule is named below.
    if counts.len() == 1 { title } else { format!("{title} ({})", counts.join(", ")) }
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

/// The breaks, each with what to do about it; the first of them stand open.
fn breaks(changes: &[&Change], text: &mut String) {
    let mut items = Vec::new();
    for group in groups(changes.iter().copied()) {
        if group.folds() {
            items.push(many(&group));
        } else {
            items.extend(group.changes.iter().map(|change| alone(change)));
        }
    }
    let open = if items.len() > OPEN + OPEN / 2 { OPEN } else { items.len() };
    add(text, &format!("\n{}", items[..open].concat()), "Breaking");
    if open < items.len() {
        let title = format!("<b>{} more breaking</b>", items.len() - open);
        add(text, &folded(&title, &items[open..].concat()), "More breaking");
    }
}

/// One break: whom, what, the change; what to do; rule and key, as an allow list has them.
fn alone(change: &Change) -> String {
    let values = values(change, 160);
    let values = if values.is_empty() { values } else { format!(": {values}") };
    let detail =
        if change.detail.is_empty() { String::new() } else { format!(" ({})", change.detail) };
    let places = match change.also.len() {
        0 => String::new(),
        1 => " and 1 more place".to_owned(),
        more => format!(" and {more} more places"),
    };
    let allowed = change.allowed.as_ref();
    let allowed = allowed.map(|why| format!("<br>Allowed: {}", code(why))).unwrap_or_default();
    format!(
        "- **{}** {}{values}{detail}{}{allowed}<br><sub>{} {}{places}</sub>\n",
        who(change),
        code(name(change)),
        cure(change),
        change.rule.id(),
        code(&allow::quoted(&change.key()))
    )
}

/// The same break at many places.
fn many(group: &Group) -> String {
    let Some(first) = group.changes.first() else { return String::new() };
    let allowed = group.changes.iter().filter(|change| change.allowed.is_some()).count();
    let allowed =
        if allowed == 0 { String::new() } else { format!("; {allowed} of them are allowed") };
    format!(
        "- **{}** {}{}<br><sub>{}, {} times{allowed}</sub>\n",
        who(first),
        group.spans(NAMES / 2),
        cure(first),
        group.rule.id(),
        group.changes.len()
    )
}

fn cure(change: &Change) -> String {
    migration::line(change).map(|line| format!("<br>{}", inert(&line))).unwrap_or_default()
}

fn who(change: &Change) -> &'static str {
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
            let info = group.rule.info();
            text.push_str(&format!("**{}**: {}\n\n", info.id, inert(info.doc)));
            last = Some(group.rule);
        }
        let values = match group.changes.first() {
            Some(change) if group.has_values || group.changes.len() == 1 => {
                let values = values(change, 400);
                if values.is_empty() { values } else { format!(": {values}") }
            }
            _ => String::new(),
        };
        text.push_str(&format!("- {}{values}\n", group.spans(NAMES)));
    }
    text
}

fn folded(title: &str, body: &str) -> String {
    format!("\n<details><summary>{title}</summary>\n\n{body}\n</details>\n")
}

/// Old and new, where they say more than the name.
fn values(change: &Change, most: usize) -> String {
    let shown = |text: &str| code(&clipped(text, most));
    match (&change.old, &change.new) {
        (Some(old), Some(new)) => format!("{} \u{2192} {}", shown(old), shown(new)),
        (Some(old), None) => format!("{} \u{2192} gone", shown(old)),
        (None, Some(new)) if change.rust == Verdict::Additive => shown(new),
        (None, Some(new)) => format!("new: {}", shown(new)),
        (None, None) => String::new(),
    }
}
