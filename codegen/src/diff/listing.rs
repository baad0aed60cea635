//! The listing of a crate's surface (`api.txt`) as it was made then and as it is made today: what the
//! generator, or its settings, changed while the document stayed the same.

use std::collections::BTreeSet;

use super::{Bump, Side};
use crate::surface;

/// Lines of a listing that went and that came. One that changed is in both.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// Lines that are not made any more.
    pub gone: Vec<String>,
    /// Lines that were not made.
    pub new: Vec<String>,
}

impl Listing {
    /// Compares the listing that was made of a document with the one that is made of it today.
    pub fn compare(then: &str, today: &Side) -> Self {
        let today = surface::text(&today.api, None);
        let (then, today) = (lines(then), lines(&today));
        let only = |these: &BTreeSet<&str>, others: &BTreeSet<&str>| {
            these.difference(others).map(|line| (*line).to_owned()).collect()
        };
        Self { gone: only(&then, &today), new: only(&today, &then) }
    }

    /// Whether both are the same.
    pub fn is_empty(&self) -> bool {
        self.gone.is_empty() && self.new.is_empty()
    }

    /// How many lines differ.
    pub fn len(&self) -> usize {
        self.gone.len() + self.new.len()
    }

    /// What it means for the version: a line that is gone may break whoever used its item.
    pub(super) fn bump(&self) -> Bump {
        match (self.gone.is_empty(), self.new.is_empty()) {
            (false, _) => Bump::Major,
            (true, false) => Bump::Minor,
            (true, true) => Bump::None,
        }
    }

    /// The lines as a text diff shows them, what belongs together side by side.
    pub(super) fn shown(&self) -> Vec<String> {
        let gone = self.gone.iter().map(|line| (line, '-'));
        let mut all: Vec<_> = gone.chain(self.new.iter().map(|line| (line, '+'))).collect();
        all.sort_by_key(|(line, mark)| (line.split(" = ").next(), *mark == '+', *line));
        all.into_iter().map(|(line, mark)| format!("{mark}{line}")).collect()
    }
}

/// The lines that say something of the API: not the head, and not whose runtime it is, which the
/// settings tell.
fn lines(text: &str) -> BTreeSet<&str> {
    text.lines().filter(|line| !line.starts_with('#') && !line.starts_with("runtime = ")).collect()
}
