//! Comparing what was said with what was done.

use std::collections::{BTreeMap, BTreeSet};

use people_emulator::{Entry, Method};
use serde_json::Value;

use super::plan::{Kind, Plan};
use super::play::{Facts, wanted};
use crate::change::source_etag;
use crate::{Outcome, Settled};

pub(super) fn kind(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Updated(updated) if updated.by_reading => "updated, by reading",
        Outcome::Updated(_) => "updated",
        Outcome::Failed(_) => "failed",
        Outcome::Conflict(_) => "conflict",
        Outcome::Refused(_) => "refused",
        Outcome::Duplicate => "duplicate",
        Outcome::Unknown(_) => "unknown",
        Outcome::NotSent(_) => "not sent",
    }
}

/// Every promise that was broken.
pub(super) fn violations(plan: &Plan, facts: &Facts) -> Vec<String> {
    let mut broken = Vec::new();
    outcomes_are_complete(facts, &mut broken);
    let commits = commits(facts);
    for settled in &facts.settled {
        outcome_is_true(plan, facts, &commits, settled, &mut broken);
    }
    for (name, entries) in &commits {
        for entry in entries {
            commit_is_clean(plan, facts, name, entry, &mut broken);
        }
    }
    writes_go_one_by_one(facts, &mut broken);
    broken
}

fn outcomes_are_complete(facts: &Facts, broken: &mut Vec<String>) {
    let mut seen = BTreeSet::new();
    for settled in &facts.settled {
        if !seen.insert(settled.index) {
            broken.push(format!("change {} has two outcomes", settled.index));
        }
        let name = usize::try_from(settled.index).ok().and_then(|index| facts.names.get(index));
        if name != Some(&settled.name) {
            broken.push(format!("change {} is not of {}", settled.index, settled.name));
        }
    }
    for index in 0..facts.names.len() as u64 {
        if !seen.contains(&index) {
            broken.push(format!("change {index} has no outcome"));
        }
    }
}

/// Name of a contact -> the requests that changed it.
fn commits(facts: &Facts) -> BTreeMap<&str, Vec<&Entry>> {
    let mut commits: BTreeMap<&str, Vec<&Entry>> = BTreeMap::new();
    let ours = facts.journal.iter().filter(|entry| entry.method.is_mutation());
    for entry in ours.filter(|entry| entry.is_committed()) {
        for change in &entry.changes {
            commits.entry(&change.name).or_default().push(entry);
        }
    }
    commits
}

fn outcome_is_true(
    plan: &Plan,
    facts: &Facts,
    commits: &BTreeMap<&str, Vec<&Entry>>,
    settled: &Settled,
    broken: &mut Vec<String>,
) {
    let name = settled.name.as_str();
    let is_committed = commits.contains_key(name);
    let mut wrong = |what: &str| {
        broken.push(format!("{name} ({}): {}: {what}", settled.index, settled.outcome));
    };
    match &settled.outcome {
        Outcome::Updated(updated) => {
            let is_read = updated.by_reading && holds_in_the_end(plan, facts, settled);
            if !is_committed && !is_read {
                wrong("was never committed");
            }
            let last = commits.get(name).and_then(|entries| entries.last());
            let changed =
                last.and_then(|entry| entry.changes.iter().find(|change| change.name == name));
            let now = changed.and_then(|change| change.etag_after.as_deref());
            if !updated.by_reading && source_etag(&updated.person) != now {
                wrong("its etag is not that of the write");
            }
            let new_name = updated.new_name.as_deref().unwrap_or(name);
            if !facts.after.contains_key(new_name) && !is_deleted(facts, new_name) {
                wrong("its name is not in the book");
            }
        }
        Outcome::Unknown(_) => {
            if !was_lost(facts, name) {
                wrong("no answer of it was lost");
            }
            // Where nobody else writes and reading works, reading decides.
            let is_clear = plan.twin.is_none()
                && !plan.has(|kind| {
                    matches!(
                        kind,
                        Kind::Theirs
                            | Kind::Deleted
                            | Kind::TouchBefore
                            | Kind::TouchAfter
                            | Kind::LateByReads
                            | Kind::LateByTime
                            | Kind::DelayBefore
                            | Kind::DelayAfter
                            | Kind::Rename
                            | Kind::Inside200
                            | Kind::RevokeToken
                    )
                });
            if is_clear && plan.switches.spurious_mismatch_every == 0 {
                wrong("reading could have decided");
            }
        }
        Outcome::Failed(_)
        | Outcome::Conflict(_)
        | Outcome::Refused(_)
        | Outcome::Duplicate
        | Outcome::NotSent(_) => {
            if is_committed {
                wrong("was committed");
            }
        }
    }
}

fn is_deleted(facts: &Facts, name: &str) -> bool {
    let outside = facts.journal.iter().filter(|entry| entry.method == Method::Outside);
    outside
        .flat_map(|entry| &entry.changes)
        .any(|change| change.name == name && change.after.is_none())
}

fn holds_in_the_end(plan: &Plan, facts: &Facts, settled: &Settled) -> bool {
    let index = usize::try_from(settled.index).unwrap_or_default();
    facts.after.get(&settled.name).is_some_and(|person| holds(plan, index, &person["fields"]))
}

/// Whether fields have what the change of a contact wants.
fn holds(plan: &Plan, index: usize, fields: &Value) -> bool {
    wanted(plan, index).iter().all(|(field, wanted)| {
        let values = fields[*field].as_array().cloned().unwrap_or_default();
        // A merge keeps what others added.
        let is_count = values.len() == wanted.len() || plan.merge;
        is_count && wanted.iter().all(|wanted| values.iter().any(|value| covers(value, wanted)))
    })
}

fn covers(value: &Value, wanted: &Value) -> bool {
    let Some(wanted) = wanted.as_object() else { return false };
    wanted.iter().all(|(key, wanted)| value[key] == *wanted)
}

/// A commit writes what was wanted and leaves every other field as it was.
fn commit_is_clean(
    plan: &Plan,
    facts: &Facts,
    name: &str,
    entry: &Entry,
    broken: &mut Vec<String>,
) {
    let Some(index) = facts.names.iter().position(|own| own == name) else {
        broken.push(format!("{name} was changed and never asked for"));
        return;
    };
    let wanted = wanted(plan, index);
    for change in entry.changes.iter().filter(|change| change.name == name) {
        let (Some(before), Some(after)) = (&change.before, &change.after) else {
            broken.push(format!("{name} was made or deleted"));
            continue;
        };
        if !holds(plan, index, after) {
            broken.push(format!("{name}: request {} wrote {after}", entry.sequence));
        }
        for field in wanted.keys() {
            if let Some(theirs) = outside_value(facts, name, field, entry.sequence) {
                let after = after[*field].as_array().cloned().unwrap_or_default();
                let is_kept = plan.merge && theirs.iter().all(|theirs| after.contains(theirs));
                if before[*field].as_array() == Some(&theirs) && !is_kept {
                    broken.push(format!(
                        "{name}: request {} overwrote {field} of someone else",
                        entry.sequence
                    ));
                }
            }
        }
        let fields =
            before.as_object().into_iter().chain(after.as_object()).flat_map(|map| map.keys());
        for field in fields.collect::<BTreeSet<_>>() {
            if !wanted.contains_key(field.as_str()) && before[field] != after[field] {
                broken.push(format!("{name}: request {} changed {field}", entry.sequence));
            }
        }
    }
}

/// What someone else put into a field of a contact last, before a request.
fn outside_value(facts: &Facts, name: &str, field: &str, before: u64) -> Option<Vec<Value>> {
    let outside = facts
        .journal
        .iter()
        .filter(|entry| entry.method == Method::Outside && entry.sequence < before);
    let changes = outside.flat_map(|entry| &entry.changes).filter(|change| change.name == name);
    let mut values = changes.filter_map(|change| {
        let (before, after) = (change.before.as_ref()?, change.after.as_ref()?);
        (before[field] != after[field])
            .then(|| after[field].as_array().cloned().unwrap_or_default())
    });
    values.next_back()
}

/// Whether the answer to a request that named a contact did not reach its sender, or did not tell.
fn was_lost(facts: &Facts, name: &str) -> bool {
    facts.journal.iter().any(|entry| {
        // A request that was not looked at has no names in the journal.
        let is_about = entry.names.is_empty() || entry.names.iter().any(|own| own == name);
        entry.method.is_mutation() && is_about && (is_lost(entry) || entry.status == Some(200))
    })
}

fn is_lost(entry: &Entry) -> bool {
    match entry.status {
        // Refused, and the status says so even where the rest of the answer does not come.
        Some(status) if (400..500).contains(&status) && status != 408 => false,
        Some(status) if status >= 400 => true,
        Some(_) => {
            let breaks = |fault: &String| fault.starts_with("cut") || fault.starts_with("reset");
            entry.abandoned || entry.faults.iter().any(breaks)
        }
        None => true,
    }
}

/// Two writes of a user are never under way together, and after one whose answer was lost the next
/// waits for a reading.
fn writes_go_one_by_one(facts: &Facts, broken: &mut Vec<String>) {
    let mut lost: Option<&Entry> = None;
    let abandoned: BTreeSet<u64> =
        facts.journal.iter().filter(|entry| entry.abandoned).map(|entry| entry.sequence).collect();
    for entry in &facts.journal {
        if entry.method == Method::BatchGet {
            lost = None;
        }
        if !entry.method.is_mutation() {
            continue;
        }
        if entry.overlaps.iter().any(|other| !abandoned.contains(other)) {
            broken.push(format!("request {} overlaps {:?}", entry.sequence, entry.overlaps));
        }
        if let Some(lost) = lost {
            broken.push(format!("request {} follows {} unread", entry.sequence, lost.sequence));
        }
        lost = is_lost(entry).then_some(entry);
    }
}
