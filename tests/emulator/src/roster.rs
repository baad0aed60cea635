//! People whom the user can read but not write: other contacts, and the directory of a domain.

use crate::book::{BookState, Contact, Fields, Linked, Tombstone};
use crate::clock::Clock;
use crate::derive;
use crate::etag;
use crate::journal::Change;
use serde_json::Value;
use std::collections::BTreeMap;

/// People by resource name, and those who are gone.
#[derive(Debug, Default)]
pub(crate) struct Roster {
    pub(crate) people: BTreeMap<String, Contact>,
    pub(crate) tombstones: Vec<Tombstone>,
}

/// Which people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// Other contacts: the service made them from what the user did.
    Others,
    /// The directory of the user's domain.
    Directory,
}

impl Side {
    /// The source of entries that name none.
    pub(crate) fn kind(self) -> &'static str {
        match self {
            Self::Others => "OTHER_CONTACT",
            Self::Directory => "DOMAIN_PROFILE",
        }
    }
}

impl BookState {
    /// The people of a side; an account without a domain has no directory.
    fn roster(&mut self, side: Side) -> Option<&mut Roster> {
        match side {
            Side::Others => Some(&mut self.others),
            Side::Directory => self.directory.as_mut(),
        }
    }

    /// Adds a person, whose own source is that of the side unless entries name another one.
    /// Someone in the directory makes the account one of a domain.
    pub(crate) fn enlist(&mut self, clock: &Clock, side: Side, mut person: Fields) -> Change {
        if side == Side::Others && !person.contains_key("resourceName") {
            let name = format!("otherContacts/c{}", self.rng.next() >> 1);
            person.insert("resourceName".into(), name.into());
        }
        let mut contact = self.contact_from(&person, side.kind());
        // Every domain contact or profile has a source, even one without entries.
        if contact.linked.is_empty() {
            let id = contact.name.rsplit('/').next().unwrap_or_default().to_owned();
            let fields = Fields::new();
            contact.linked.push(Linked { kind: side.kind().into(), id, fields });
        }
        (contact.changed, contact.updated) = self.next_change(clock);
        contact.etag = etag::source(self.rng.next());
        let change = change(&contact.name, None, Some(&contact));
        let roster = match side {
            Side::Others => &mut self.others,
            Side::Directory => self.directory.get_or_insert_default(),
        };
        roster.tombstones.retain(|stone| stone.name != contact.name);
        roster.people.insert(contact.name.clone(), contact);
        change
    }

    /// Replaces these fields of a person's first source; `None` if there is no such person.
    pub(crate) fn revise(
        &mut self,
        clock: &Clock,
        side: Side,
        name: &str,
        fields: &Fields,
    ) -> Option<Change> {
        let before = self.roster(side)?.people.get(name)?.clone();
        let mut contact = before.clone();
        let own = &mut contact.linked.first_mut()?.fields;
        for (field, entries) in fields {
            let entries = entries.as_array().map(Vec::as_slice).unwrap_or_default();
            let clean: Vec<Value> =
                entries.iter().filter_map(|entry| derive::clean_entry(field, entry)).collect();
            own.remove(field);
            if !clean.is_empty() {
                own.insert(field.clone(), clean.into());
            }
        }
        (contact.changed, contact.updated) = self.next_change(clock);
        contact.etag = etag::source(self.rng.next());
        let change = change(name, Some(&before), Some(&contact));
        self.roster(side)?.people.insert(name.to_owned(), contact);
        Some(change)
    }

    /// Takes a person out; `None` if there is no such person.
    pub(crate) fn dismiss(&mut self, clock: &Clock, side: Side, name: &str) -> Option<Change> {
        let contact = self.roster(side)?.people.remove(name)?;
        let (changed, _) = self.next_change(clock);
        let source_id = contact.linked.first().map(|linked| linked.id.clone()).unwrap_or_default();
        let stone = Tombstone { name: name.to_owned(), source_id, changed };
        self.roster(side)?.tombstones.push(stone);
        Some(change(name, Some(&contact), None))
    }
}

fn change(name: &str, before: Option<&Contact>, after: Option<&Contact>) -> Change {
    let own = |contact: Option<&Contact>| {
        contact?.linked.first().map(|linked| Value::from(linked.fields.clone()))
    };
    Change {
        name: name.to_owned(),
        new_name: name.to_owned(),
        etag_before: before.map(|contact| contact.etag.clone()),
        etag_after: after.map(|contact| contact.etag.clone()),
        before: own(before),
        after: own(after),
    }
}
