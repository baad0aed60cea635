//! The same change at many places becomes one, and all changes get their order.

use std::collections::BTreeMap;

use super::{Change, Rule};

/// What makes two changes one: rule, Rust path, entry, old and new.
type Same = (Rule, String, Option<String>, Option<String>, Option<String>);

/// Folds and sorts changes.
pub(super) fn sorted(mut changes: Vec<Change>) -> Vec<Change> {
    changes.sort_by(|a, b| (a.rule, &a.pointer, &a.item).cmp(&(b.rule, &b.pointer, &b.item)));
    let mut seen: BTreeMap<Same, usize> = BTreeMap::new();
    let mut folded: Vec<Change> = Vec::new();
    for change in changes {
        // What has no path of its own in Rust is told where it stands.
        if change.path.is_empty() {
            folded.push(change);
            continue;
        }
        let Change { rule, path, item, old, new, .. } = &change;
        let same = (*rule, path.clone(), item.clone(), old.clone(), new.clone());
        match seen.get(&same) {
            Some(&index) => join(&mut folded[index], change),
            None => {
                seen.insert(same, folded.len());
                folded.push(change);
            }
        }
    }
    folded.sort_by(|a, b| {
        let key = |change: &Change| (std::cmp::Reverse(change.severity()), change.rule);
        key(a)
            .cmp(&key(b))
            .then_with(|| (&a.path, &a.pointer, &a.item).cmp(&(&b.path, &b.pointer, &b.item)))
    });
    folded
}

/// The worst of both verdicts.
fn join(first: &mut Change, other: Change) {
    first.wire = first.wire.max(other.wire);
    first.rust = first.rust.max(other.rust);
    first.behaviour = first.behaviour.max(other.behaviour);
    first.direction = first.direction.or(other.direction);
    if first.pointer != other.pointer {
        first.also.push(other.pointer);
    }
}
