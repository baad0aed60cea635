//! Calls that are gone at one place of the Rust API and stand at another.

use std::collections::BTreeSet;

use super::{Change, Compare, Verdict, shape};
use crate::discovery::{Method, Resource};

/// Where calls went.
pub(super) struct Move {
    /// The Rust path of the method, or of what holds all of them.
    pub(super) place: String,
    /// Whether they take and answer what they did.
    pub(super) is_same: bool,
}

/// Says of a removal where the calls went.
pub(super) fn tell_move(change: &mut Change, moved: &Move) {
    change.new = Some(moved.place.clone());
    if moved.is_same {
        change.wire = Verdict::Neutral;
        "the same calls at another place".clone_into(&mut change.detail);
    } else {
        "the same HTTP lines with other parameters or bodies".clone_into(&mut change.detail);
    }
}

impl Compare<'_> {
    /// Where the new API has all of these HTTP lines, if it has: the wire knows no names.
    pub(super) fn moved(&self, methods: &[&Method]) -> Option<Move> {
        let mut places = BTreeSet::new();
        let mut is_same = true;
        for method in methods {
            let all = self.new.document.all_methods();
            let other = all.into_iter().find(|other| {
                (&other.http_method, &other.path) == (&method.http_method, &method.path)
            })?;
            let own = shape::method(method, &|id| self.renamed(id).to_owned(), true);
            is_same &= own == shape::method(other, &|id| id.to_owned(), true);
            let path = self.new.method(&other.pointer).map(|item| item.path.as_str())?;
            let owner = path.rsplit_once("::").map_or(path, |(owner, _)| owner);
            places.insert(if methods.len() == 1 { path.to_owned() } else { owner.to_owned() });
        }
        let place = places.into_iter().collect::<Vec<String>>().join(", ");
        (!place.is_empty()).then_some(Move { place, is_same })
    }
}

/// All methods of a resource and of those below.
pub(super) fn all_below(resource: &Resource) -> Vec<&Method> {
    let below = resource.resources.values().flat_map(all_below);
    resource.methods.values().chain(below).collect()
}
