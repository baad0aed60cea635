//! Two revisions of an API -> what changed, classified: for callers of the wire, for Rust code, for
//! behaviour.
//!
//! ```text
//! JSON text -> Side (Document + Api) -+
//!                                     +-> compare -> Diff { changes } -> allow -> report
//! JSON text -> Side (Document + Api) -+
//! ```
//!
//! The documents are walked side by side, so that nothing is passed over in silence; what each
//! difference means for Rust and which way it travels is looked up in the lowered APIs. Every kind
//! of change is a [`Rule`] of one table, [`rules`]. The order of changes depends on nothing but
//! the two documents.

pub mod allow;
mod bump;
mod enums;
mod facts;
mod fold;
mod index;
mod listing;
mod media;
mod methods;
pub mod migration;
mod moves;
mod names;
mod parameters;
mod path;
mod place;
mod properties;
mod prose;
mod rename;
pub mod report;
pub mod rules;
mod schemas;
mod shape;
mod side;
mod types;
mod unused;
mod verdict;
mod whole;

use std::collections::BTreeMap;

pub use bump::{Bumps, CrateVersion};
pub use listing::Listing;
pub use rules::{Info, RULES, Rule};
pub use side::{Side, side};
pub use verdict::{Bump, ByDirection, Direction, Severity, Verdict};

use index::Index;

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What kind of change it is.
    pub rule: Rule,
    /// For callers of the wire.
    pub wire: Verdict,
    /// For Rust code.
    pub rust: Verdict,
    /// For what goes on without an error.
    pub behaviour: Verdict,
    /// The public Rust path, without the crate: the new one, or the old one of what is gone. Empty
    /// for what has none.
    pub path: String,
    /// Where it stands in the document: the new one, or the old one for what is gone.
    pub pointer: String,
    /// Which entry of the pointer's list it is about: an enum value, a mask path, a scope.
    pub item: Option<String>,
    /// What was there.
    pub old: Option<String>,
    /// What is there.
    pub new: Option<String>,
    /// Which way it travels.
    pub direction: Direction,
    /// What a reader should know beyond this, a few words; often empty.
    pub detail: String,
    /// Other places of the document where the very same happened.
    pub also: Vec<String>,
    /// Why an allow list lets it pass.
    pub allowed: Option<String>,
}

impl Change {
    /// What an allow list calls it beside the rule: the pointer, with `#` and the entry where it
    /// is about one.
    pub fn key(&self) -> String {
        match &self.item {
            Some(item) => format!("{}#{item}", self.pointer),
            None => self.pointer.clone(),
        }
    }

    /// How loudly it is told: the worst of the verdicts decides.
    pub fn severity(&self) -> Severity {
        if self.is_breaking() {
            Severity::Break
        } else if self.rule == Rule::Deprecated && self.rust == Verdict::Warning {
            Severity::Deprecation
        } else if self.behaviour.max(self.rust) == Verdict::Warning {
            Severity::Behaviour
        } else if self.wire.max(self.rust) == Verdict::Neutral {
            Severity::Notice
        } else {
            Severity::Addition
        }
    }

    /// Whether something fails, on the wire or in the compiler.
    pub fn is_breaking(&self) -> bool {
        self.wire.max(self.rust) == Verdict::Breaking
    }

    /// Whether it is breaking and nobody allowed it.
    pub fn is_refused(&self) -> bool {
        self.is_breaking() && self.allowed.is_none()
    }
}

/// All changes between two revisions of one API.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diff {
    /// `name` of the documents.
    pub name: String,
    /// `version` of the new document.
    pub version: String,
    /// `revision` of the old document; empty where it has none, or there was no document.
    pub old_revision: String,
    /// `revision` of the new document; empty where it has none, or there is no document any more.
    pub new_revision: String,
    /// The changes: the loudest first, then by rule, path and pointer.
    pub changes: Vec<Change>,
    /// Where descriptions changed that say nothing to a rule, sorted.
    pub docs: Vec<String>,
    /// What was compared in another way than asked, one sentence each.
    pub notes: Vec<String>,
    /// What is made of the old document in another way than it was then.
    pub listing: Listing,
    /// The version of the crate, where it is known.
    pub crate_version: Option<CrateVersion>,
}

impl Diff {
    /// The changes of one severity.
    pub fn of(&self, severity: Severity) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(move |change| change.severity() == severity)
    }

    /// Whether nothing is another than it was.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.docs.is_empty() && self.listing.is_empty()
    }

    /// Whether some breaking change is not allowed.
    pub fn is_refused(&self) -> bool {
        self.changes.iter().any(Change::is_refused)
    }

    /// Whether the crate needs a higher version than it has.
    pub fn lacks_bump(&self) -> bool {
        self.crate_version.as_ref().is_some_and(|version| !version.is_enough())
    }
}

/// Compares two revisions.
///
/// Both sides should come from the same settings, the new one with the names of the old one as
/// [`Settings::prior`](crate::settings::Settings::prior): see [`side()`].
pub fn compare(old: &Side, new: &Side) -> Diff {
    let mut compare = Compare {
        old: Index::of(old),
        new: Index::of(new),
        renamed: BTreeMap::new(),
        changes: Vec::new(),
        docs: Vec::new(),
    };
    compare.renamed = rename::schemas(&old.document, &new.document);
    compare.whole();
    compare.resources();
    compare.schemas();
    compare.names();
    compare.unused();
    let Compare { changes, mut docs, .. } = compare;
    docs.sort_unstable();
    docs.dedup();
    let notes = [("old", &old.left_out), ("new", &new.left_out)];
    let notes = notes.into_iter().flat_map(|(which, notes)| {
        notes.iter().map(move |note| format!("the {which} document: {note}"))
    });
    Diff {
        name: new.document.name.clone(),
        version: new.document.version.clone(),
        old_revision: old.document.revision.clone(),
        new_revision: new.document.revision.clone(),
        changes: fold::sorted(changes),
        docs,
        notes: notes.collect(),
        ..Diff::default()
    }
}

/// The diff of an API whose document is gone.
pub fn removed(old: &Side) -> Diff {
    alone(old, Rule::ApiRemoved)
}

/// The diff of an API that was not there.
pub fn added(new: &Side) -> Diff {
    alone(new, Rule::ApiAdded)
}

fn alone(side: &Side, rule: Rule) -> Diff {
    let Side { document, api, .. } = side;
    let is_gone = rule == Rule::ApiRemoved;
    let mut change = place::Place::of_document(api.hub.clone(), "/name").change(rule);
    let text = format!("{} {}", document.name, document.version);
    let revision = document.revision.clone();
    let (old_revision, new_revision) =
        if is_gone { (revision, String::new()) } else { (String::new(), revision) };
    (change.old, change.new) = if is_gone { (Some(text), None) } else { (None, Some(text)) };
    Diff {
        name: document.name.clone(),
        version: document.version.clone(),
        old_revision,
        new_revision,
        changes: vec![change],
        ..Diff::default()
    }
}

/// The comparison while it goes on. Its methods stand in the modules by what they compare.
struct Compare<'a> {
    old: Index<'a>,
    new: Index<'a>,
    /// Old id -> new id of schemas that only have another name.
    renamed: BTreeMap<&'a str, &'a str>,
    changes: Vec<Change>,
    docs: Vec<String>,
}

impl<'a> Compare<'a> {
    /// What the new document calls a schema of the old one.
    fn renamed<'b>(&self, id: &'b str) -> &'b str
    where
        'a: 'b,
    {
        self.renamed.get(id).copied().unwrap_or(id)
    }

    /// Adds a change with what was and what is there.
    fn add(
        &mut self,
        rule: Rule,
        place: &place::Place,
        old: impl Into<Option<String>>,
        new: impl Into<Option<String>>,
    ) -> &mut Change {
        self.changes.push(Change { old: old.into(), new: new.into(), ..place.change(rule) });
        let last = self.changes.len() - 1;
        &mut self.changes[last]
    }
}
