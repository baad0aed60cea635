//! The report for a terminal.

use super::group::{Group, groups};
use super::{SECTIONS, broken, clipped, counts, name, needed, printable, revisions};
use crate::diff::rules::NEVER;
use crate::diff::{Change, Diff, RULES, Severity, Verdict, allow};

/// How the report looks.
#[derive(Clone, Copy, Debug, Default)]
pub struct Style {
    /// Whether to use colours (ANSI escapes).
    pub color: bool,
    /// Whether to list everything: all names, what has no effect, which descriptions changed.
    pub all: bool,
}

/// Lines are broken here where they can be.
const WIDTH: usize = 100;
/// The column of whom it breaks.
const WHO: usize = 9;
/// The column of names: rule ids are padded to it.
const COLUMN: usize = 26;
/// How many names of a group, and how many groups of a rule are listed unless all are.
const NAMES: usize = 12;
const GROUPS: usize = 6;

/// The report of all diffs, each line ended by LF.
pub fn text(diffs: &[Diff], style: Style) -> String {
    let mut text = String::new();
    for (index, diff) in diffs.iter().enumerate() {
        if index > 0 {
            text.push('\n');
        }
        one(&printable(diff), style, &mut text);
    }
    text
}

fn one(diff: &Diff, style: Style, text: &mut String) {
    let head = format!("{} {}", diff.name, diff.version);
    text.push_str(&format!("{}  {}\n", style.bold(&head), revisions(diff, "->")));
    text.push_str(&format!("{}\n", summary(diff, style)));
    text.push_str(&format!("{}\n", needed(diff.bump(), |word| style.bold(word))));
    if let Some(version) = &diff.crate_version {
        let line = format!("crate {} {}", version.package, super::version(version, "->"));
        let color = if version.is_enough() { Color::Green } else { Color::Red };
        text.push_str(&format!("{}\n", style.paint(&line.replace('`', ""), color)));
    }
    for note in &diff.notes {
        text.push_str(&format!("{}\n", style.dim(&format!("note: {note}"))));
    }
    for (severity, title) in SECTIONS {
        section(diff, severity, title, style, text);
    }
    listing(diff, style, text);
    if style.all && !diff.docs.is_empty() {
        let title = format!("DESCRIPTIONS  {}", diff.docs.len());
        text.push_str(&format!("\n{}\n", style.bold(&title)));
        for pointer in &diff.docs {
            text.push_str(&format!("  {pointer}\n"));
        }
    }
}

/// What the generator changed: lines of `api.txt`.
fn listing(diff: &Diff, style: Style, text: &mut String) {
    if diff.listing.is_empty() {
        return;
    }
    let title = format!("GENERATOR OR SETTINGS  {}", super::lines(diff));
    text.push_str(&format!("\n{}\n", style.bold(&title)));
    let lines = diff.listing.shown();
    let most = if style.all { usize::MAX } else { NAMES };
    for line in lines.iter().take(most) {
        let color = if line.starts_with('-') { Color::Red } else { Color::Green };
        text.push_str(&format!("  {}\n", style.paint(line, color)));
    }
    if lines.len() > most {
        let rest = format!("and {} more: --all lists them", lines.len() - most);
        text.push_str(&format!("  {}\n", style.dim(&rest)));
    }
}

fn section(diff: &Diff, severity: Severity, title: &str, style: Style, text: &mut String) {
    let changes: Vec<&Change> = diff.of(severity).collect();
    if changes.is_empty() || (severity == Severity::Notice && !style.all) {
        return;
    }
    let color = match severity {
        Severity::Break => Color::Red,
        Severity::Behaviour | Severity::Deprecation => Color::Yellow,
        Severity::Addition | Severity::Notice => Color::Green,
    };
    let title = format!("{}  {}", title.to_uppercase(), changes.len());
    text.push_str(&format!("\n{}\n", style.paint(&title, color)));
    if severity == Severity::Break {
        for group in groups(changes.into_iter()) {
            if group.folds() && !style.all {
                folded(&group, style, text);
            } else {
                group.changes.iter().for_each(|change| breaking(change, style, text));
            }
        }
        return;
    }
    let groups = groups(changes.into_iter());
    let most = if style.all { usize::MAX } else { GROUPS };
    for of_rule in groups.chunk_by(|a, b| a.rule == b.rule) {
        for (index, group) in of_rule.iter().take(most).enumerate() {
            grouped(group, index == 0, style, text);
        }
        let rest: usize = of_rule.iter().skip(most).map(|group| group.changes.len()).sum();
        if rest > 0 {
            let rest = format!("and {rest} more: --all lists them");
            text.push_str(&format!("{}{}\n", " ".repeat(2 + COLUMN + 1), style.dim(&rest)));
        }
    }
}

/// The counts, each in its colour.
fn summary(diff: &Diff, style: Style) -> String {
    if diff.is_empty() {
        return style.paint("no change", Color::Green);
    }
    let parts = counts(diff).into_iter().map(|(severity, part)| match severity {
        Some(Severity::Break) => {
            let color = if diff.is_refused() { Color::Red } else { Color::Green };
            style.paint(&part, color)
        }
        Some(Severity::Behaviour | Severity::Deprecation) => style.paint(&part, Color::Yellow),
        Some(Severity::Addition) => style.paint(&part, Color::Green),
        Some(Severity::Notice) | None => part,
    });
    parts.collect::<Vec<_>>().join(", ")
}

/// A break is told alone: who breaks, path, old and new; rule and key as an allow list has them.
fn breaking(change: &Change, style: Style, text: &mut String) {
    let who = style.paint(&format!("{:WHO$}", broken(change)), Color::Red);
    let indent = " ".repeat(2 + WHO + 2);
    let name = name(change);
    text.push_str(&format!("  {who}  {}", style.bold(name)));
    if let Some(values) = values(change) {
        let is_short = indent.len() + name.chars().count() + 2 + values.chars().count() <= WIDTH;
        if is_short {
            text.push_str(&format!(": {values}"));
        } else {
            text.push('\n');
            wrapped(&indent, &indent, &values, style, text);
            text.pop();
        }
    }
    text.push('\n');
    if !change.detail.is_empty() {
        text.push_str(&format!("{indent}{}\n", change.detail));
    }
    let mut below = format!("[{} {}]", change.rule.id(), allow::quoted(&change.key()));
    match change.also.len() {
        0 => {}
        1 => below.push_str(" and 1 more place"),
        more => below.push_str(&format!(" and {more} more places")),
    }
    text.push_str(&format!("{indent}{}\n", style.dim(&below)));
    if let Some(reason) = &change.allowed {
        text.push_str(&format!(
            "{indent}{}\n",
            style.paint(&format!("allowed: {reason}"), Color::Green)
        ));
    }
}

/// The same break at many places.
fn folded(group: &Group, style: Style, text: &mut String) {
    let who = group.changes.first().map_or("", |change| broken(change));
    let who = style.paint(&format!("{who:WHO$}"), Color::Red);
    let indent = " ".repeat(2 + WHO + 2);
    let mut names = String::new();
    wrapped("", &indent, &group.names(NAMES), style, &mut names);
    text.push_str(&format!("  {who}  {names}"));
    let allowed = group.changes.iter().filter(|change| change.allowed.is_some()).count();
    let allowed =
        if allowed > 0 { format!("{allowed} of them are allowed; ") } else { String::new() };
    text.push_str(&format!(
        "{indent}{}\n",
        style.dim(&format!("[{}] {allowed}--all lists each with its key", group.rule.id()))
    ));
}

fn grouped(group: &Group, is_first: bool, style: Style, text: &mut String) {
    let most = if style.all { usize::MAX } else { NAMES };
    let indent = " ".repeat(2 + COLUMN + 1);
    let mut names = group.names(most);
    match group.changes.as_slice() {
        [Change { old: None, new: Some(new), item: None, .. }] if !group.has_values => {
            names = format!("{names}: {}", clipped(new, 80));
        }
        _ => {}
    }
    if group.rule == crate::diff::Rule::EnumValueAdded
        && group.changes.iter().any(|change| change.wire == Verdict::Warning)
    {
        names.push_str(", in answers");
    }
    // A rule's name stands beside its first line only.
    let id = if is_first { group.rule.id() } else { "" };
    let first = format!("  {id:COLUMN$} ");
    wrapped(&first, &indent, &names, style, text);
    let values = group.changes.first().filter(|_| group.has_values).and_then(|one| values(one));
    if let Some(values) = values {
        let indent = format!("{indent}  ");
        let mut lines = String::new();
        wrapped(&indent, &indent, &values, Style { color: false, ..style }, &mut lines);
        for line in lines.lines() {
            text.push_str(&format!("{}\n", style.dim(line)));
        }
    }
}

/// Breaks a line at its blanks.
fn wrapped(first: &str, indent: &str, line: &str, style: Style, text: &mut String) {
    text.push_str(&style.dim(first));
    let mut width = first.chars().count();
    let mut is_first = true;
    for word in line.split(' ') {
        let length = word.chars().count();
        if !is_first {
            if width + 1 + length > WIDTH {
                text.push('\n');
                text.push_str(indent);
                width = indent.len();
            } else {
                text.push(' ');
                width += 1;
            }
        }
        text.push_str(word);
        width += length;
        is_first = false;
    }
    text.push('\n');
}

/// `old -> new`, where one of them says something.
fn values(change: &Change) -> Option<String> {
    let shown = |text: &str| clipped(text, 160);
    match (&change.old, &change.new) {
        (Some(old), Some(new)) => Some(format!("{} -> {}", shown(old), shown(new))),
        (Some(old), None) => Some(format!("{} -> gone", shown(old))),
        (None, Some(new)) => Some(format!("new: {}", shown(new))),
        (None, None) => None,
    }
}

/// The table of rules, for `--rules`.
pub fn rules() -> String {
    let mut text = String::from(
        "Every rule, with its verdict for callers of the wire (in requests / in answers), for Rust\n\
         code and for behaviour: B breaking, w warning, a additive, - none. What no generated\n\
         method reaches is never more than a notice.\n\n",
    );
    let letter = |verdict: Verdict| match verdict {
        Verdict::Breaking => 'B',
        Verdict::Warning => 'w',
        Verdict::Additive => 'a',
        Verdict::Neutral => '-',
    };
    text.push_str(&format!("{:30} wire  rust  behaviour\n", "rule"));
    for info in RULES {
        text.push_str(&format!(
            "{:30} {}/{}   {}     {}/{}   {}\n",
            info.id,
            letter(info.wire.request),
            letter(info.wire.response),
            letter(info.rust),
            letter(info.behaviour.request),
            letter(info.behaviour.response),
            info.doc
        ));
    }
    text.push_str("\nWhat never matters:\n");
    for (keys, why) in NEVER {
        text.push_str(&format!("  {keys}\n      {why}\n"));
    }
    text
}

#[derive(Clone, Copy)]
enum Color {
    Red,
    Yellow,
    Green,
}

impl Style {
    fn paint(self, text: &str, color: Color) -> String {
        let code = match color {
            Color::Red => "1;31",
            Color::Yellow => "1;33",
            Color::Green => "32",
        };
        self.escaped(code, text)
    }

    fn bold(self, text: &str) -> String {
        self.escaped("1", text)
    }

    fn dim(self, text: &str) -> String {
        self.escaped("2", text)
    }

    fn escaped(self, code: &str, text: &str) -> String {
        if self.color { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}
