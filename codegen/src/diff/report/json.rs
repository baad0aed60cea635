//! The report for programs.

use serde_json::{Value, json as value};

use crate::diff::{Change, Diff, Severity, migration};

/// All diffs as one JSON object, pretty-printed, LF at the end.
///
/// ```text
/// { "refused": bool, "apis": [ { "name", "version", "old_revision", "new_revision",
///     "refused": bool, "bump": { "0.x", "1.x" },
///     "crate": { "package", "since", "old", "new", "needed", "enough": bool },
///     "counts": { severity: number, "descriptions" },
///     "changes": [ { "rule", "severity", "wire", "rust", "behaviour", "direction", "path",
///                    "pointer", "item", "key", "old", "new", "detail", "also", "allowed",
///                    "migration" } ],
///     "descriptions": [pointer], "listing": { "gone": [line], "new": [line] }, "notes": [text] } ] }
/// ```
///
/// Keys are never left out: what does not apply is null. Keys may be added, none changes its
/// meaning.
pub fn json(diffs: &[Diff]) -> String {
    let apis: Vec<Value> = diffs.iter().map(api).collect();
    let whole = value!({ "refused": diffs.iter().any(Diff::is_refused), "apis": apis });
    format!("{whole:#}\n")
}

fn api(diff: &Diff) -> Value {
    let bump = diff.bump();
    let count = |severity| diff.of(severity).count();
    value!({
        "name": diff.name,
        "version": diff.version,
        "old_revision": diff.old_revision,
        "new_revision": diff.new_revision,
        "refused": diff.is_refused(),
        "bump": { "0.x": bump.zero.word(), "1.x": bump.one.word() },
        "crate": diff.crate_version.as_ref().map(|version| value!({
            "package": version.package,
            "since": version.since,
            "old": version.old.to_string(),
            "new": version.new.to_string(),
            "needed": version.needed.to_string(),
            "enough": version.is_enough(),
        })),
        "counts": {
            "break": count(Severity::Break),
            "behaviour": count(Severity::Behaviour),
            "deprecation": count(Severity::Deprecation),
            "addition": count(Severity::Addition),
            "notice": count(Severity::Notice),
            "descriptions": diff.docs.len(),
        },
        "changes": diff.changes.iter().map(change).collect::<Vec<_>>(),
        "descriptions": diff.docs,
        "listing": { "gone": diff.listing.gone, "new": diff.listing.new },
        "notes": diff.notes,
    })
}

fn change(change: &Change) -> Value {
    value!({
        "rule": change.rule.id(),
        "severity": change.severity().word(),
        "wire": change.wire.word(),
        "rust": change.rust.word(),
        "behaviour": change.behaviour.word(),
        "direction": change.direction.word(),
        "path": change.path,
        "pointer": change.pointer,
        "item": change.item,
        "key": change.key(),
        "old": change.old,
        "new": change.new,
        "detail": change.detail,
        "also": change.also,
        "allowed": change.allowed,
        "migration": migration::line(change),
    })
}
