//! What is refused before it is sent, because the API would refuse it, or worse, would not.

use std::fmt;

use people_v1::runtime::{EncodeError, encode};
use people_v1::schemas::{Membership, Person};

use crate::Change;
use crate::field::Field;

/// Why a change was not sent. Only this one change is refused; the others go on.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// The name is not that of a contact, `people/c` and an identifier.
    NotAContact,
    /// The person that was given has another resource name than the change.
    NamesDisagree {
        /// The name inside the person.
        inner: String,
    },
    /// There is no etag: the contact was not read before, so a change of someone else could be lost.
    MissingEtag,
    /// Nothing is set and nothing is cleared.
    Empty,
    /// The field is set to no values at all. [`Change::clear`] says so on purpose.
    SetToNothing(Field),
    /// The field has one value at most, and more are set.
    SeveralValues(Field),
    /// The contact would be in no contact group, which the API does not allow.
    NoContactGroup,
    /// It cannot be encoded: among the unknown fields of a value is one that the value knows.
    CannotBeEncoded {
        /// Which one.
        reason: String,
    },
    /// The change alone is larger than a request may be.
    TooLarge {
        /// Its size in bytes.
        bytes: usize,
        /// The limit in bytes.
        limit: usize,
    },
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAContact => {
                f.write_str("the resource name is not that of a contact (people/c...)")
            }
            Self::NamesDisagree { inner } => {
                write!(f, "the person given is {inner:?}, another one than the contact")
            }
            Self::MissingEtag => f.write_str("no etag: read the contact first"),
            Self::Empty => f.write_str("nothing is set and nothing is cleared"),
            Self::SetToNothing(field) => {
                write!(f, "{field} is set to no values; clear it if that is meant")
            }
            Self::SeveralValues(field) => write!(f, "{field} takes one value, several are set"),
            Self::NoContactGroup => {
                f.write_str("a contact must stay in at least one contact group")
            }
            Self::CannotBeEncoded { reason } => write!(f, "it cannot be encoded: {reason}"),
            Self::TooLarge { bytes, limit } => {
                write!(f, "{bytes} bytes are more than the {limit} of a request")
            }
        }
    }
}

impl std::error::Error for Refusal {}

/// Checks a change on its own.
pub(crate) fn check(change: &Change) -> Result<(), Refusal> {
    if !is_contact(&change.name) {
        return Err(Refusal::NotAContact);
    }
    if let Some(inner) = change.inner_name.as_ref().filter(|inner| **inner != change.name) {
        return Err(Refusal::NamesDisagree { inner: inner.clone() });
    }
    if change.person.etag.is_none() && change.person.metadata.is_none() {
        return Err(Refusal::MissingEtag);
    }
    if change.mask().is_empty() {
        return Err(Refusal::Empty);
    }
    for field in change.set.iter() {
        match field.count(&change.person) {
            0 => return Err(Refusal::SetToNothing(field)),
            1 => {}
            _ if field.is_singleton() => return Err(Refusal::SeveralValues(field)),
            _ => {}
        }
    }
    let memberships = change.person.memberships.iter().flatten();
    if change.mask().contains(Field::Memberships)
        && !memberships.into_iter().any(is_in_contact_group)
    {
        return Err(Refusal::NoContactGroup);
    }
    Ok(())
}

/// How many bytes of a request a change takes, if it can be encoded: once it is one of many in a
/// request, what is wrong with it would be the error of all.
pub(crate) fn measure(change: &Change) -> Result<usize, Refusal> {
    // The name, quotes, colon, comma.
    Ok(measure_person(&change.person)? + change.name.len() + 4)
}

/// The same of a person alone.
pub(crate) fn measure_person(person: &Person) -> Result<usize, Refusal> {
    let refusal = |error: EncodeError| Refusal::CannotBeEncoded { reason: error.to_string() };
    encode(person).map(|json| json.len()).map_err(refusal)
}

/// Whether so many bytes are not too much for a request; gives them back.
pub(crate) fn within(bytes: usize, limit: usize) -> Result<usize, Refusal> {
    if bytes > limit { Err(Refusal::TooLarge { bytes, limit }) } else { Ok(bytes) }
}

fn is_in_contact_group(membership: &Membership) -> bool {
    membership.contact_group_membership.is_some()
}

/// Whether a resource name is that of a contact. Profiles have names of digits alone, `people/me`
/// is the user.
pub(crate) fn is_contact(name: &str) -> bool {
    let id = name.strip_prefix("people/c").unwrap_or_default();
    !id.is_empty() && id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
}

#[cfg(test)]
mod tests {
    use people_v1::schemas::{ContactGroupMembership, Name, Nickname};

    use super::*;

    fn valid() -> Change {
        Change::new("people/c1", "%a").set_nicknames([Nickname::default().set_value("a")])
    }

    #[test]
    fn every_refusal_has_its_reason() {
        assert_eq!(check(&valid()), Ok(()));
        for name in [
            "people/me",
            "people/123",
            "people/c",
            "people/c1:deleteContact",
            "contactGroups/c1",
            "",
        ] {
            let change = Change { name: name.to_owned(), ..valid() };
            assert_eq!(check(&change), Err(Refusal::NotAContact), "{name}");
        }
        let other = Person::default().set_resource_name("people/c2");
        let base = Person::default().set_resource_name("people/c1").set_etag("%a");
        let inner = "people/c2".to_owned();
        assert_eq!(check(&Change::between(base, &other)), Err(Refusal::NamesDisagree { inner }));
        assert_eq!(
            check(&Change::new("people/c1", "").clear(Field::Names)),
            Err(Refusal::MissingEtag)
        );
        assert_eq!(check(&Change::new("people/c1", "%a")), Err(Refusal::Empty));
        assert_eq!(check(&valid().set_urls([])), Err(Refusal::SetToNothing(Field::Urls)));
        let names = [Name::default(), Name::default()];
        assert_eq!(check(&valid().set_names(names)), Err(Refusal::SeveralValues(Field::Names)));
        assert_eq!(check(&valid().clear(Field::Memberships)), Err(Refusal::NoContactGroup));
        let mut twice = Nickname::default().set_value("a");
        twice.extra.insert("value", "b");
        let refused = measure(&valid().set_nicknames([twice]));
        assert!(matches!(refused, Err(Refusal::CannotBeEncoded { .. })), "{refused:?}");
    }

    #[test]
    fn a_contact_may_move_between_groups() {
        let group = ContactGroupMembership::default()
            .set_contact_group_resource_name("contactGroups/myContacts");
        let membership = Membership::default().set_contact_group_membership(group);
        assert_eq!(check(&valid().set_memberships([membership])), Ok(()));
    }
}
