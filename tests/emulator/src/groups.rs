//! Contact groups: the user's own, and those of the system.
//!
//! Who is in a group stands in the memberships of the contacts; a group itself has a name and
//! client data only. So a change of members moves the etags of contacts, not that of the group.

use crate::book::{BookState, Contact, Fields, Tombstone, groups_of};
use crate::clock::Clock;
use crate::derive;
use crate::error::ApiError;
use crate::etag;
use crate::journal::Change;
use serde_json::{Map, Value, json};
use std::time::Duration;

/// The group that every new contact is in.
pub(crate) const MY_CONTACTS: &str = "contactGroups/myContacts";
const ALL: &str = "contactGroups/all";

/// A group of the system, as a real list of groups shows it.
#[derive(Debug)]
pub(crate) struct SystemGroup {
    pub(crate) name: &'static str,
    pub(crate) formatted: &'static str,
    /// Whether contacts can be added; from the others they can only be removed.
    open: bool,
}

const fn system(name: &'static str, formatted: &'static str, open: bool) -> SystemGroup {
    SystemGroup { name, formatted, open }
}

/// The system's groups, in the order in which the service lists them.
pub(crate) static SYSTEM: [SystemGroup; 8] = [
    system("contactGroups/chatBuddies", "Chat contacts", false),
    system(ALL, "All Contacts", false),
    system(MY_CONTACTS, "My Contacts", true),
    system("contactGroups/friends", "Friends", false),
    system("contactGroups/family", "Family", false),
    system("contactGroups/coworkers", "Coworkers", false),
    system("contactGroups/blocked", "Blocked", false),
    system("contactGroups/starred", "Starred", true),
];

/// The group of the system of this name.
pub(crate) fn system_group(name: &str) -> Option<&'static SystemGroup> {
    SYSTEM.iter().find(|group| group.name == name)
}

/// A group that the user has made.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    /// The resource name.
    pub(crate) name: String,
    /// What the user calls it.
    pub(crate) title: String,
    pub(crate) client_data: Vec<Value>,
    pub(crate) etag: String,
    pub(crate) updated: Duration,
    /// The number of its last change in the book.
    pub(crate) changed: u64,
}

impl Group {
    /// What of it can be changed.
    fn values(&self) -> Value {
        json!({"name": self.title, "clientData": self.client_data})
    }
}

impl BookState {
    /// Whether there is a group of this name, the system's included.
    pub(crate) fn has_group(&self, name: &str) -> bool {
        system_group(name).is_some() || self.groups.contains_key(name)
    }

    /// The group of the user with this title.
    pub(crate) fn group_titled(&self, title: &str) -> Option<&Group> {
        self.groups.values().find(|group| group.title == title)
    }

    /// The names of the contacts in a group, in order.
    pub(crate) fn members<'a>(&'a self, group: &'a str) -> impl Iterator<Item = &'a str> {
        let is_member = move |contact: &&Contact| {
            contact.source_id.is_some()
                && (group == ALL || groups_of(&contact.fields).contains(&group))
        };
        self.contacts.values().filter(is_member).map(|contact| contact.name.as_str())
    }

    /// Makes a group of the user.
    pub(crate) fn create_group(
        &mut self,
        clock: &Clock,
        title: &str,
        client_data: Vec<Value>,
        values: bool,
    ) -> Change {
        let name = loop {
            let name = format!("contactGroups/{:x}", self.rng.next() >> 1);
            if !self.groups.contains_key(&name) {
                break name;
            }
        };
        self.put_group(clock, name, title, client_data, values)
    }

    /// Puts a group of the user in the place of one of the same name, or as a new one.
    pub(crate) fn put_group(
        &mut self,
        clock: &Clock,
        name: String,
        title: &str,
        client_data: Vec<Value>,
        values: bool,
    ) -> Change {
        let (changed, updated) = self.next_change(clock);
        let etag = etag::group(self.rng.next());
        let group = Group { name, title: title.to_owned(), client_data, etag, updated, changed };
        let after = values.then(|| group.values());
        let (name, etag_after) = (group.name.clone(), Some(group.etag.clone()));
        let before = self.groups.insert(name.clone(), group);
        Change {
            new_name: name.clone(),
            name,
            etag_before: before.as_ref().map(|group| group.etag.clone()),
            etag_after,
            before: before.filter(|_| values).map(|group| group.values()),
            after,
        }
    }

    /// Deletes a group of the user, with its contacts or without; `None` if there is no such
    /// group. The group comes last in what has changed.
    pub(crate) fn delete_group(
        &mut self,
        clock: &Clock,
        name: &str,
        with_contacts: bool,
        values: bool,
    ) -> Option<Vec<Change>> {
        let group = self.groups.get(name)?.clone();
        let members: Vec<String> = self.members(name).map(str::to_owned).collect();
        let mut changes = Vec::new();
        for member in &members {
            changes.extend(if with_contacts {
                self.delete(clock, member, values)
            } else {
                self.leave_group(clock, member, name, true, values)
            });
        }
        self.groups.remove(name);
        let (number, _) = self.next_change(clock);
        let source_id = String::new();
        self.gone_groups.push(Tombstone { name: name.to_owned(), source_id, changed: number });
        changes.push(Change {
            name: name.to_owned(),
            new_name: name.to_owned(),
            etag_before: Some(group.etag.clone()),
            etag_after: None,
            before: values.then(|| group.values()),
            after: None,
        });
        Some(changes)
    }

    /// Adds a contact to a group; `None` if it is in it already, or if there is no such contact.
    pub(crate) fn join_group(
        &mut self,
        clock: &Clock,
        contact: &str,
        group: &str,
        values: bool,
    ) -> Option<Change> {
        let fields = &self.contacts.get(contact)?.fields;
        if groups_of(fields).contains(&group) {
            return None;
        }
        let mut entries = memberships(fields);
        entries.push(membership(group));
        self.replace(clock, contact, only_memberships(entries), false, values)
    }

    /// Takes a contact out of a group; `None` if it is not in it. A contact that would be in no
    /// group any more is left alone, or goes to `myContacts`, so that it stays a contact.
    pub(crate) fn leave_group(
        &mut self,
        clock: &Clock,
        contact: &str,
        group: &str,
        to_my_contacts: bool,
        values: bool,
    ) -> Option<Change> {
        let fields = &self.contacts.get(contact)?.fields;
        if !groups_of(fields).contains(&group) {
            return None;
        }
        let is_it =
            |entry: &Value| entry["contactGroupMembership"]["contactGroupResourceName"] == group;
        let mut entries = memberships(fields);
        entries.retain(|entry| !is_it(entry));
        if entries.is_empty() {
            if !to_my_contacts {
                return None;
            }
            entries.push(membership(MY_CONTACTS));
        }
        self.replace(clock, contact, only_memberships(entries), false, values)
    }

    /// Whether contacts may be added to a group.
    pub(crate) fn check_open(&self, group: &str) -> Result<(), ApiError> {
        match system_group(group) {
            Some(system) if !system.open => Err(ApiError::invalid(format!(
                "Contacts cannot be added to the system contact group \"{group}\"."
            ))),
            None if !self.groups.contains_key(group) => Err(ApiError::invalid(format!(
                "Contact group \"{group}\" is not a valid contact group of the user."
            ))),
            _ => Ok(()),
        }
    }

    /// Whether the contact may have these entries of `memberships`.
    pub(crate) fn check_memberships(
        &self,
        sent: &[Value],
        before: Option<&Contact>,
    ) -> Result<(), ApiError> {
        let had: Vec<&str> = before.map(|c| groups_of(&c.fields)).unwrap_or_default();
        let mut any = false;
        for entry in sent {
            let Some(group) = entry["contactGroupMembership"]["contactGroupResourceName"].as_str()
            else {
                continue;
            };
            any = true;
            if !had.contains(&group) {
                self.check_open(group)?;
            }
        }
        if any {
            Ok(())
        } else {
            Err(ApiError::invalid(
                "person.memberships must have at least one contact group membership.",
            ))
        }
    }

    /// Lets a group exist that seeded contacts speak of.
    pub(crate) fn know_groups_of(&mut self, clock: &Clock, fields: &Fields) {
        for group in groups_of(fields) {
            if !self.has_group(group) {
                self.put_group(clock, group.to_owned(), group, Vec::new(), false);
            }
        }
    }
}

fn memberships(fields: &Fields) -> Vec<Value> {
    fields.get("memberships").and_then(Value::as_array).cloned().unwrap_or_default()
}

fn only_memberships(entries: Vec<Value>) -> Fields {
    Map::from_iter([("memberships".to_owned(), entries.into())])
}

/// An entry of `memberships`, as stored.
pub(crate) fn membership(group: &str) -> Value {
    let entry = json!({"contactGroupMembership": {"contactGroupResourceName": group}});
    derive::clean_entry("memberships", &entry).unwrap_or(entry)
}
