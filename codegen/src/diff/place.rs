//! Where a change stands and what it can matter to.

use super::{Change, Direction, Rule, Verdict};

/// A place in the document, with what the API makes of it.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// The public Rust path, or nothing.
    pub(super) path: String,
    /// JSON pointer.
    pub(super) pointer: String,
    /// Which way it travels.
    pub(super) direction: Direction,
    /// Inside a list or a map, where Rust has no item of its own.
    pub(super) nested: bool,
    /// The document itself requires it, so that prose that says so says nothing new.
    pub(super) needed: bool,
}

impl Place {
    /// A place that concerns the whole API.
    pub(super) fn of_document(path: String, pointer: &str) -> Self {
        Self {
            path,
            pointer: pointer.to_owned(),
            direction: Direction::Both,
            nested: false,
            needed: false,
        }
    }

    /// Another pointer of the same thing.
    pub(super) fn at(&self, pointer: &str) -> Self {
        Self { pointer: pointer.to_owned(), ..self.clone() }
    }

    /// Inside a list or map.
    pub(super) fn inside(&self, pointer: &str) -> Self {
        Self { nested: true, ..self.at(pointer) }
    }

    /// A change here, with the verdicts of its rule.
    pub(super) fn change(&self, rule: Rule) -> Change {
        let info = rule.info();
        let is_reached = self.direction != Direction::Unreached;
        Change {
            rule,
            wire: info.wire.at(self.direction),
            rust: if is_reached { info.rust } else { Verdict::Neutral },
            behaviour: info.behaviour.at(self.direction),
            path: self.path.clone(),
            pointer: self.pointer.clone(),
            item: None,
            old: None,
            new: None,
            direction: self.direction,
            detail: String::new(),
            also: Vec::new(),
            allowed: None,
        }
    }
}
