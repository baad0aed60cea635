//! What came of the documents, for people and for programs.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::call::{self, Called};
use super::compile::Checked;
use super::make::{Made, Verdict};

/// How many of the slowest documents are listed without `--all`.
const SLOWEST: usize = 10;

/// The table, the reasons, the totals.
pub(super) fn text(made: &[Made], checked: &[Checked], called: &[Called], all: bool) -> String {
    let mut by_time: Vec<&Made> = made.iter().collect();
    by_time.sort_by_key(|one| std::cmp::Reverse(one.time));
    let slowest: BTreeSet<&str> =
        by_time.iter().take(SLOWEST).map(|one| one.name.as_str()).collect();
    let listed: Vec<&Made> = made
        .iter()
        .filter(|one| all || !one.verdict.is_good() || slowest.contains(one.name.as_str()))
        .collect();
    let mut text = table(&listed);
    if listed.len() < made.len() {
        text.push_str(&format!(
            "... and {} more that are fine (--all lists them)\n",
            made.len() - listed.len()
        ));
    }
    if !checked.is_empty() {
        text.push_str("\nchecked by cargo:\n");
    }
    for one in checked {
        let verdict = match (&one.errors, one.was_good) {
            (Some(_), _) => "DOES NOT COMPILE",
            (None, true) => "compiled before",
            (None, false) => "compiles",
        };
        text.push_str(&format!("  {} {verdict} ({} ms)\n", one.name, one.time.as_millis()));
    }
    text.push_str(&call::table(called));
    text.push_str(&reasons(made, checked));
    text.push_str(&call::reasons(called));
    text.push_str(&total(made, checked));
    text.push_str(&call::total(called));
    text
}

fn table(listed: &[&Made]) -> String {
    let head = ["document", "schemas", "methods", "files", "bytes", "ms", "peak MiB", "verdict"];
    let rows = listed.iter().map(|one| {
        [
            one.name.clone(),
            one.answer.schemas.to_string(),
            one.answer.methods.to_string(),
            one.answer.files.to_string(),
            one.answer.bytes.to_string(),
            one.time.as_millis().to_string(),
            one.answer.peak.map_or_else(|| "?".to_owned(), |peak| (peak / 1024).to_string()),
            verdict(&one.verdict).to_owned(),
        ]
    });
    let rows: Vec<[String; 8]> = std::iter::once(head.map(str::to_owned)).chain(rows).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or(0);
    let widths: [usize; 8] = std::array::from_fn(width);
    let mut text = String::new();
    for row in &rows {
        text.push_str(&format!("{:<1$}", row[0], widths[0]));
        for (cell, width) in row[1..7].iter().zip(&widths[1..7]) {
            text.push_str(&format!("  {cell:>width$}"));
        }
        text.push_str(&format!("  {}\n", row[7]));
    }
    text
}

fn verdict(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Good => "good",
        Verdict::List => "a list of documents, passed over",
        Verdict::Bad(_) => "FALLS SHORT",
    }
}

fn reasons(made: &[Made], checked: &[Checked]) -> String {
    let mut text = String::new();
    for one in made {
        let Verdict::Bad(errors) = &one.verdict else { continue };
        text.push_str(&format!("\n{} gives no crate:\n", one.name));
        for error in errors {
            text.push_str(&format!("{error}\n"));
        }
    }
    for one in checked {
        let Some(errors) = &one.errors else { continue };
        text.push_str(&format!("\n{} does not compile:\n{errors}", one.name));
    }
    text
}

fn total(made: &[Made], checked: &[Checked]) -> String {
    let sum = |count: fn(&Made) -> usize| made.iter().map(count).sum::<usize>();
    let bad = made.iter().filter(|one| !one.verdict.is_good()).count();
    let failed = checked.iter().filter(|one| one.errors.is_some()).count();
    let mut text = format!(
        "\n{} documents: {} schemas, {} methods, {} files, {} bytes, {} warnings; {bad} fall short\n",
        made.iter().filter(|one| !matches!(one.verdict, Verdict::List)).count(),
        sum(|one| one.answer.schemas),
        sum(|one| one.answer.methods),
        sum(|one| one.answer.files),
        sum(|one| one.answer.bytes),
        sum(|one| one.answer.warnings),
    );
    if !checked.is_empty() {
        text.push_str(&format!(
            "{} crates checked: {failed} do not compile without a warning\n",
            checked.len()
        ));
    }
    text
}

/// One JSON object: `documents`, `checked` and `called`, each sorted by name, and whether all is `good`.
pub(super) fn json(made: &[Made], checked: &[Checked], called: &[Called]) -> String {
    let documents: Vec<Value> = made
        .iter()
        .map(|one| {
            let (verdict, errors): (_, &[String]) = match &one.verdict {
                Verdict::Good => ("good", &[]),
                Verdict::List => ("list", &[]),
                Verdict::Bad(errors) => ("bad", errors),
            };
            json!({
                "document": one.name,
                "schemas": one.answer.schemas,
                "methods": one.answer.methods,
                "files": one.answer.files,
                "bytes": one.answer.bytes,
                "warnings": one.answer.warnings,
                "milliseconds": milliseconds(one.time),
                "peak_kib": one.answer.peak,
                "verdict": verdict,
                "errors": errors,
            })
        })
        .collect();
    let crates: Vec<Value> = checked
        .iter()
        .map(|one| {
            json!({
                "document": one.name,
                "milliseconds": milliseconds(one.time),
                "compiles": one.errors.is_none(),
                "known_from_before": one.was_good,
                "errors": one.errors,
            })
        })
        .collect();
    let good = made.iter().all(|one| one.verdict.is_good())
        && checked.iter().all(|one| one.errors.is_none())
        && called.iter().all(Called::is_good);
    let called: Vec<Value> = called.iter().map(Called::json).collect();
    let all = json!({ "good": good, "documents": documents, "checked": crates, "called": called });
    format!("{all:#}\n")
}

pub(super) fn milliseconds(time: std::time::Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
