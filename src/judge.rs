//! What a contact that was read says about a change of it.

use people_v1::schemas::Person;

use crate::Change;
use crate::change::source_etag;
use crate::field::Field;
use crate::read::Truth;

/// What the contact is, seen from a change.
#[derive(Clone, Debug)]
pub(crate) enum Finding {
    /// As it was when the change was made: its etag has not moved.
    Untouched(Box<Person>),
    /// It holds what the change wants, and is not known to have held it before.
    Ours(Box<Person>),
    /// Its etag has moved, and the fields of the change are what they were. Where the two differ in
    /// nothing that can be compared (which value is primary, the order), it may hold the change.
    Base(Box<Person>),
    /// The fields of the change are neither what they were nor what the change wants.
    Other(Box<Person>),
    /// The fields are not what the change wants, and nothing tells what they were.
    Unclear(Box<Person>),
    /// It is not there any more.
    Gone,
    /// Nobody says.
    Unsaid,
}

impl Finding {
    /// Whether nothing has been written to the contact since the change was made.
    pub(crate) fn is_untouched(&self) -> bool {
        matches!(self, Self::Untouched(_))
    }

    /// Whether something certainly has: an etag that is known only for the person says nothing, it
    /// changes with the way of reading.
    pub(crate) fn has_moved(&self, change: &Change) -> bool {
        match self {
            Self::Gone => true,
            Self::Ours(person) | Self::Base(person) | Self::Other(person) => {
                known_etag(change).is_some() && source_etag(person).is_some()
            }
            Self::Untouched(_) | Self::Unclear(_) | Self::Unsaid => false,
        }
    }

    /// Whether the contact certainly has not what the change wants, but what it had before.
    pub(crate) fn is_unwritten(&self, change: &Change) -> bool {
        matches!(self, Self::Base(person) if !holds(person, change))
    }
}

/// Compares a contact with a change.
pub(crate) fn judge(change: &Change, truth: Option<&Truth>) -> Finding {
    let person = match truth {
        None | Some(Truth::Unsaid) => return Finding::Unsaid,
        Some(Truth::Gone) => return Finding::Gone,
        Some(Truth::There(person)) => person.clone(),
    };
    let known = known_etag(change);
    let has_same_etag = match (known, source_etag(&person)) {
        (Some(known), Some(now)) => known == now,
        // An etag of a person changes with the way it is read, so only equality says something.
        _ => change.person.etag.is_some() && change.person.etag == person.etag,
    };
    let fields = || change.mask().iter();
    if has_same_etag {
        Finding::Untouched(person)
    } else if holds(&person, change) && !held_before(change) {
        Finding::Ours(person)
    } else {
        match &change.base {
            Some(base) if fields().all(|field| field.holds(&person, base)) => Finding::Base(person),
            None if known.is_none() => Finding::Unclear(person),
            _ => Finding::Other(person),
        }
    }
}

/// Whether it is certain that the contact did not hold the change before: then a contact that holds
/// it now has been written. A field without values may just not have been read.
pub(crate) fn was_different(change: &Change) -> bool {
    let Some(base) = change.base.as_deref() else { return false };
    let is_other = |field: &Field| {
        field.is_read(base)
            && if change.cleared.contains(*field) {
                field.count(base) > 0
            } else {
                !field.holds(base, &change.person)
            }
    };
    change.mask().iter().any(|field| is_other(&field))
}

/// Whether the contact held the change already when it was made, as far as that can be compared:
/// then a contact that holds it now tells nothing.
fn held_before(change: &Change) -> bool {
    change.base.as_deref().is_some_and(|base| holds(base, change))
}

/// The etag of the contact itself that the change was made with.
fn known_etag(change: &Change) -> Option<&str> {
    source_etag(&change.person).or_else(|| source_etag(change.base.as_deref()?))
}

/// Whether a contact is as the change wants it.
fn holds(person: &Person, change: &Change) -> bool {
    change.set.iter().all(|field| field.holds(person, &change.person))
        && change.cleared.iter().all(|field| field.count(person) == 0)
}

#[cfg(test)]
mod tests {
    use people_v1::schemas::{FieldMetadata, Nickname, PersonMetadata, Source, SourceType};

    use super::*;

    fn person(etag: &str, nickname: &str) -> Person {
        let source = Source::default().set_type(SourceType::Contact).set_etag(etag);
        Person::default()
            .set_resource_name("people/c1")
            .set_etag(format!("%{etag}"))
            .set_metadata(PersonMetadata::default().set_sources([source]))
            .set_nicknames([Nickname::default().set_value(nickname)])
    }

    fn change() -> Change {
        Change::edit(person("#1", "base"), |person| {
            person.nicknames = Some(vec![Nickname::default().set_value("ours")]);
        })
    }

    fn found(change: &Change, now: Person) -> &'static str {
        match judge(change, Some(&Truth::There(Box::new(now)))) {
            Finding::Untouched(_) => "untouched",
            Finding::Ours(_) => "ours",
            Finding::Base(_) => "base",
            Finding::Other(_) => "other",
            Finding::Unclear(_) => "unclear",
            Finding::Gone | Finding::Unsaid => "nothing",
        }
    }

    #[test]
    fn etag_and_values_tell_what_happened() {
        let change = change();
        assert_eq!(found(&change, person("#1", "base")), "untouched");
        assert_eq!(found(&change, person("#2", "ours")), "ours");
        assert_eq!(found(&change, person("#2", "base")), "base");
        assert_eq!(found(&change, person("#2", "theirs")), "other");
        assert!(was_different(&change));
    }

    #[test]
    fn without_a_base_less_is_certain() {
        let ours = || [Nickname::default().set_value("ours")];
        let by_source = Change::new("people/c1", "#1").set_nicknames(ours());
        assert_eq!(found(&by_source, person("#1", "base")), "untouched");
        assert_eq!(found(&by_source, person("#2", "base")), "other");
        let by_person = Change::new("people/c1", "%odd").set_nicknames(ours());
        assert_eq!(found(&by_person, person("#1", "base")), "unclear");
        assert_eq!(found(&by_person, person("#1", "ours")), "ours");
        assert!(!was_different(&by_person));
    }

    #[test]
    fn a_contact_that_held_the_change_before_tells_nothing() {
        let primary = Change::edit(person("#1", "base"), |person| {
            let primary = FieldMetadata::default().set_source_primary(true);
            let nickname = Nickname::default().set_value("base").set_metadata(primary);
            person.nicknames = Some(vec![nickname]);
        });
        assert_eq!(found(&primary, person("#2", "base")), "base");
        assert!(!was_different(&primary));
        let truth = Truth::There(Box::new(person("#2", "base")));
        assert!(!judge(&primary, Some(&truth)).is_unwritten(&primary), "nobody can see it");
        assert!(judge(&change(), Some(&truth)).is_unwritten(&change()));
    }

    #[test]
    fn a_field_that_was_not_read_was_not_different() {
        let mut base = person("#1", "base");
        base.nicknames = None;
        let ours = || Nickname::default().set_value("ours");
        let unread = Change::edit(base.clone(), |person| person.nicknames = Some(vec![ours()]));
        assert!(!was_different(&unread));
        base.nicknames = Some(Vec::new());
        let empty = Change::edit(base, |person| person.nicknames = Some(vec![ours()]));
        assert!(was_different(&empty));
        assert!(!was_different(&unread.clear(crate::Field::Nicknames)));
    }

    #[test]
    fn an_etag_of_a_person_alone_does_not_tell_that_it_moved() {
        let change = change();
        let judged =
            |change: &Change, now: Person| judge(change, Some(&Truth::There(Box::new(now))));
        let now = person("#2", "base");
        assert!(judged(&change, now.clone()).has_moved(&change));
        let mut base = person("#1", "base");
        base.metadata = None;
        let unread = Change::edit(base, |person| {
            person.nicknames = Some(vec![Nickname::default().set_value("ours")]);
        });
        let finding = judged(&unread, now);
        assert!(matches!(finding, Finding::Base(_)) && !finding.has_moved(&unread));
        let mut now = person("#2", "ours");
        now.metadata = None;
        assert!(!judged(&change, now).has_moved(&change));
    }
}
