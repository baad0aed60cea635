//! Changes that a reader takes in as one: the properties added to one type, one parameter of many
//! calls, one sentence at many places.

use std::collections::BTreeMap;

use super::{code, name};
use crate::diff::{Change, Rule};

/// Changes of one rule that read as one.
pub(super) struct Group<'a> {
    pub(super) rule: Rule,
    /// In their order.
    pub(super) changes: Vec<&'a Change>,
    /// Whether old and new are worth reading: they are the same for all.
    pub(super) has_values: bool,
}

/// How many calls or enums make one parameter or value worth a line of its own.
const MANY: usize = 3;

/// Groups changes; the order of the first of each group is kept.
pub(super) fn groups<'a>(changes: impl Iterator<Item = &'a Change>) -> Vec<Group<'a>> {
    let changes: Vec<&Change> = changes.collect();
    let mut count: BTreeMap<(Rule, &str), usize> = BTreeMap::new();
    for change in &changes {
        if let (true, Some((_, member))) = (repeats(change), split(name(change))) {
            *count.entry((change.rule, member)).or_default() += 1;
        }
    }
    let mut groups: Vec<Group> = Vec::new();
    let mut places: BTreeMap<(Rule, String), usize> = BTreeMap::new();
    for change in changes {
        let has_values = has_values(change.rule);
        let key = if has_values {
            format!("{:?} {:?}", change.old, change.new)
        } else {
            match split(name(change)) {
                Some((_, member))
                    if count.get(&(change.rule, member)).is_some_and(|count| *count >= MANY) =>
                {
                    format!("member {member}")
                }
                Some((owner, _)) => format!("owner {owner}"),
                None => name(change).to_owned(),
            }
        };
        match places.get(&(change.rule, key.clone())) {
            Some(&index) => groups[index].changes.push(change),
            None => {
                places.insert((change.rule, key), groups.len());
                groups.push(Group { rule: change.rule, changes: vec![change], has_values });
            }
        }
    }
    groups
}

impl Group<'_> {
    /// Whether its breaks read as one: the same name at so many places that nobody reads them all.
    pub(super) fn folds(&self) -> bool {
        self.changes.len() > 2 * MANY && self.changes.iter().all(|change| repeats(change))
    }

    /// What it is about in plain text, at most so many names: `schemas::File::{a, b}`.
    pub(super) fn names(&self, most: usize) -> String {
        let joined = |names: &[&str], most| list(names.iter().map(|name| (*name).to_owned()), most);
        match self.subject() {
            Subject::One(name) => name.to_owned(),
            Subject::Entries(owner, items) => format!("{owner}: {}", joined(&items, most)),
            Subject::Members(owner, members) => {
                format!("{owner}::{{{}}}", joined(&members, most))
            }
            Subject::Places(member, what, owners) => {
                format!("{member} of {} {what}: {}", owners.len(), joined(&owners, few(most)))
            }
            Subject::Names(names) => joined(&names, few(most)),
        }
    }

    /// The same in Markdown, a code span for each name.
    pub(super) fn spans(&self, most: usize) -> String {
        let joined = |names: &[&str], most| list(names.iter().map(|name| code(name)), most);
        match self.subject() {
            Subject::One(name) => code(name),
            Subject::Entries(owner, items) | Subject::Members(owner, items) => {
                format!("{}: {}", code(owner), joined(&items, most))
            }
            Subject::Places(member, what, owners) => {
                let count = owners.len();
                format!("{} of {count} {what}: {}", code(member), joined(&owners, few(most)))
            }
            Subject::Names(names) => joined(&names, few(most)),
        }
    }

    fn subject(&self) -> Subject<'_> {
        let names: Vec<&str> = self.changes.iter().map(|change| name(change)).collect();
        let first = names.first().copied().unwrap_or_default();
        if names.len() == 1 {
            return Subject::One(first);
        }
        let items: Vec<&str> =
            self.changes.iter().filter_map(|change| change.item.as_deref()).collect();
        if items.len() == names.len() && names.iter().all(|name| *name == first) {
            return Subject::Entries(first, items);
        }
        let parts: Option<Vec<(&str, &str)>> = names.iter().map(|name| split(name)).collect();
        let Some(parts) = parts.filter(|parts| !parts.is_empty()) else {
            return Subject::Names(names);
        };
        let (owner, member) = parts[0];
        if parts.iter().all(|(other, _)| *other == owner) {
            return Subject::Members(owner, parts.iter().map(|(_, member)| *member).collect());
        }
        if parts.iter().all(|(_, other)| *other == member) && repeats(self.changes[0]) {
            let owners = parts.iter().map(|(owner, _)| *owner);
            let owners = owners.map(|owner| owner.strip_prefix("resources::").unwrap_or(owner));
            let what = if is_setter(self.changes[0]) { "calls" } else { "enums" };
            return Subject::Places(member, what, owners.collect());
        }
        Subject::Names(names)
    }
}

/// What the changes of a group have in common.
enum Subject<'a> {
    /// There is one.
    One(&'a str),
    /// Entries of one list.
    Entries(&'a str, Vec<&'a str>),
    /// Members of one type.
    Members(&'a str, Vec<&'a str>),
    /// One member of many types: it, what the types are, the types.
    Places(&'a str, &'static str, Vec<&'a str>),
    /// Nothing.
    Names(Vec<&'a str>),
}

/// Whole paths are long: fewer of them say as much.
fn few(most: usize) -> usize {
    if most == usize::MAX { most } else { most.div_ceil(4) }
}

/// `a, b, c and 4 more`.
fn list(names: impl ExactSizeIterator<Item = String>, most: usize) -> String {
    let more = names.len().saturating_sub(most);
    let text = names.take(most).collect::<Vec<_>>().join(", ");
    if more == 0 { text } else { format!("{text} and {more} more") }
}

fn split(path: &str) -> Option<(&str, &str)> {
    // An argument belongs to its method: `get(name)`.
    path.rsplit_once("::")
}

/// Whether the same name is likely to stand in many places.
fn repeats(change: &Change) -> bool {
    is_setter(change) || matches!(change.rule, Rule::EnumValueAdded | Rule::EnumValueRemoved)
}

fn is_setter(change: &Change) -> bool {
    split(&change.path)
        .is_some_and(|(owner, member)| owner.starts_with("resources") && member.starts_with("set_"))
}

/// Rules whose old and new say more than the path does.
fn has_values(rule: Rule) -> bool {
    !matches!(
        rule,
        Rule::PropertyAdded
            | Rule::SchemaAdded
            | Rule::EnumValueAdded
            | Rule::MaskPathAdded
            | Rule::ParameterAdded
            | Rule::MethodAdded
            | Rule::ResourceAdded
            | Rule::ScopeAdded
            | Rule::EndpointAdded
            | Rule::StandardParameterAdded
            | Rule::PagingAdded
            | Rule::Deprecated
            | Rule::Undeprecated
            | Rule::ReadOnlyAdded
            | Rule::ReadOnlyRemoved
            | Rule::OutputOnlyInProse
            | Rule::WritableInProse
            | Rule::DeprecatedInProse
            | Rule::UndeprecatedInProse
            | Rule::EnumReordered
            | Rule::SchemaRemoved
            | Rule::PropertyRemoved
            | Rule::ParameterRemoved
            | Rule::EnumValueRemoved
    )
}
