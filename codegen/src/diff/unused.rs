//! What no crate uses and is told all the same, so that no change of a document is silent.

use std::collections::BTreeSet;

use super::place::Place;
use super::{Compare, Rule};

impl Compare<'_> {
    /// Compares what has no effect, where its owner is in both documents.
    pub(super) fn unused(&mut self) {
        let (old, new) = (&self.old.document.unused, &self.new.document.unused);
        let pointers: BTreeSet<&str> = old.keys().chain(new.keys()).map(String::as_str).collect();
        let changed: Vec<&str> =
            pointers.into_iter().filter(|pointer| old.get(*pointer) != new.get(*pointer)).collect();
        if changed.is_empty() {
            return;
        }
        let told: BTreeSet<String> = self.changes.iter().filter_map(covered).collect();
        for pointer in changed {
            let is_told = owners(pointer).any(|owner| told.contains(owner));
            if !is_told {
                let (own, other) = (old.get(pointer).cloned(), new.get(pointer).cloned());
                self.metadata(pointer, own, other);
            }
        }
    }

    /// Adds a notice of what has no effect.
    pub(super) fn metadata(&mut self, pointer: &str, old: Option<String>, new: Option<String>) {
        let place = Place::of_document(String::new(), pointer);
        let some = |text: Option<String>| text.filter(|text| !text.is_empty());
        let (old, new) = (some(old), some(new));
        self.add(Rule::MetadataChanged, &place, old, new);
    }
}

/// The pointer below which a change tells everything: something came, went or has another name.
fn covered(change: &super::Change) -> Option<String> {
    let id = change.rule.id();
    let is_whole = ["-added", "-removed", "-renamed"].iter().any(|end| id.ends_with(end));
    // A body of another kind is told at its key.
    let is_body = id.starts_with("request-body") || id.starts_with("response-body");
    (change.item.is_none() && (is_whole || is_body)).then(|| change.pointer.clone())
}

/// A pointer and those of what it stands in.
fn owners(pointer: &str) -> impl Iterator<Item = &str> {
    let ends = pointer.char_indices().filter(|(at, c)| *c == '/' && *at > 0).map(|(at, _)| at);
    ends.chain([pointer.len()]).map(|end| &pointer[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn owners_of_a_pointer_are_its_beginnings() {
        assert_eq!(owners("/a/b~1c/d").collect::<Vec<_>>(), ["/a", "/a/b~1c", "/a/b~1c/d"]);
    }
}
