//! One user's address book: the data behind a bearer token.

use crate::clock::Clock;
use crate::derive;
use crate::etag;
use crate::groups::{Group, MY_CONTACTS, membership};
use crate::journal::Change;
use crate::quota::Quota;
use crate::rng::Rng;
use crate::roster::Roster;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

/// The fields of a person by name, each a list of entries.
pub(crate) type Fields = Map<String, Value>;

/// A person of the book.
#[derive(Debug, Clone)]
pub(crate) struct Contact {
    pub(crate) name: String,
    /// The id of the CONTACT source; `None` for a person with other sources only.
    pub(crate) source_id: Option<String>,
    /// The contact's own entries, without metadata.
    pub(crate) fields: Fields,
    /// What other sources add.
    pub(crate) linked: Vec<Linked>,
    /// The etag of the CONTACT source.
    pub(crate) etag: String,
    pub(crate) updated: Duration,
    /// The number of its last change in the book.
    pub(crate) changed: u64,
    /// The names it had before.
    pub(crate) former: Vec<String>,
}

/// A source other than CONTACT, with its entries.
#[derive(Debug, Clone)]
pub(crate) struct Linked {
    pub(crate) kind: String,
    pub(crate) id: String,
    /// Entries, each with what its metadata says beside the source.
    pub(crate) fields: Fields,
}

/// A contact that has been deleted; likewise an other contact, a person of the directory, or a
/// group.
#[derive(Debug, Clone)]
pub(crate) struct Tombstone {
    pub(crate) name: String,
    /// Empty for a group.
    pub(crate) source_id: String,
    pub(crate) changed: u64,
}

/// An order of rows frozen when the first page of a list was asked for.
#[derive(Debug, Clone)]
pub(crate) struct Listing {
    pub(crate) rows: Vec<Row>,
    /// Everything that must be the same on the next page.
    pub(crate) parameters: String,
    pub(crate) total: usize,
    /// The number of changes that the listing has seen.
    pub(crate) seen: u64,
}

/// One line of a listing.
#[derive(Debug, Clone)]
pub(crate) enum Row {
    Present(String),
    Deleted(Tombstone),
}

/// The data of a book.
#[derive(Debug)]
pub(crate) struct BookState {
    pub(crate) label: String,
    pub(crate) contacts: BTreeMap<String, Contact>,
    /// Former names and what became of them.
    aliases: HashMap<String, String>,
    /// The user's own groups by resource name.
    pub(crate) groups: BTreeMap<String, Group>,
    pub(crate) gone_groups: Vec<Tombstone>,
    pub(crate) others: Roster,
    /// `Some` for an account of a domain.
    pub(crate) directory: Option<Roster>,
    /// Photos of contacts by the id of their CONTACT source.
    pub(crate) photos: HashMap<String, Vec<u8>>,
    pub(crate) me: Contact,
    /// When each change came; the change's number is its place plus one.
    pub(crate) log: Vec<Duration>,
    pub(crate) tombstones: Vec<Tombstone>,
    pub(crate) listings: Vec<Listing>,
    /// Sync tokens of an earlier generation are expired, whatever their age.
    pub(crate) sync_generation: u64,
    /// The number of changes that searches know of: for contacts, for other contacts.
    pub(crate) warmed: [u64; 2],
    /// How many contacts have been up for an update, for the spurious mismatches.
    pub(crate) attempts: u64,
    pub(crate) quota: Quota,
    pub(crate) rng: Rng,
}

impl BookState {
    pub(crate) fn new(label: String, mut rng: Rng) -> Self {
        let id = 100_000_000_000_000_000_000_u128 + u128::from(rng.next());
        let mut me = Contact {
            name: format!("people/{id}"),
            source_id: None,
            fields: Fields::new(),
            linked: Vec::new(),
            etag: etag::source(rng.next()),
            updated: Duration::ZERO,
            changed: 0,
            former: Vec::new(),
        };
        let name = json!({"names": [{"givenName": "Owner", "familyName": label,
            "displayName": format!("Owner {label}")}]});
        if let Value::Object(fields) = name {
            me.linked.push(Linked { kind: "PROFILE".into(), id: id.to_string(), fields });
        }
        Self {
            label,
            contacts: BTreeMap::new(),
            aliases: HashMap::new(),
            groups: BTreeMap::new(),
            gone_groups: Vec::new(),
            others: Roster::default(),
            directory: None,
            photos: HashMap::new(),
            me,
            log: Vec::new(),
            tombstones: Vec::new(),
            listings: Vec::new(),
            sync_generation: 0,
            warmed: [0; 2],
            attempts: 0,
            quota: Quota::default(),
            rng,
        }
    }

    /// Finds a person to read; former names lead to the present one.
    pub(crate) fn find(&self, name: &str) -> Option<&Contact> {
        if name == "people/me" || name == self.me.name {
            return Some(&self.me);
        }
        let mut name = name;
        // A name can have changed more than once; aliases never form a circle, the bound is for
        // peace of mind.
        for _ in 0..=self.aliases.len() {
            match self.aliases.get(name) {
                Some(next) => name = next,
                None => break,
            }
        }
        let in_directory = || self.directory.as_ref()?.people.get(name);
        self.contacts.get(name).or_else(in_directory)
    }

    /// Gives a change its number and its time.
    pub(crate) fn next_change(&mut self, clock: &Clock) -> (u64, Duration) {
        let now = clock.elapsed();
        self.log.push(now);
        (self.log.len() as u64, now)
    }

    /// The number of the last change that is at least `delay` old.
    pub(crate) fn changes_until(&self, clock: &Clock, delay: Duration) -> u64 {
        if delay.is_zero() {
            return self.log.len() as u64;
        }
        let Some(limit) = clock.elapsed().checked_sub(delay) else { return 0 };
        self.log.partition_point(|at| *at <= limit) as u64
    }

    /// A name and an id that no contact has yet.
    fn fresh_id(&mut self) -> u64 {
        loop {
            let id = self.rng.next() >> 1;
            if !self.contacts.contains_key(&format!("people/c{id}")) {
                return id;
            }
        }
    }

    /// Adds a contact; without a group it goes to `myContacts`.
    pub(crate) fn create(&mut self, clock: &Clock, fields: Fields, values: bool) -> Change {
        let id = self.fresh_id();
        let contact = Contact {
            name: format!("people/c{id}"),
            source_id: Some(format!("{id:x}")),
            fields,
            linked: Vec::new(),
            etag: String::new(),
            updated: Duration::ZERO,
            changed: 0,
            former: Vec::new(),
        };
        self.put(clock, contact, values)
    }

    /// Puts a contact that was made elsewhere into the book, as a new one.
    pub(crate) fn put(&mut self, clock: &Clock, mut contact: Contact, values: bool) -> Change {
        if contact.source_id.is_some() && groups_of(&contact.fields).is_empty() {
            let groups = vec![membership(MY_CONTACTS)];
            contact.fields.insert("memberships".into(), groups.into());
        }
        (contact.changed, contact.updated) = self.next_change(clock);
        contact.etag = etag::source(self.rng.next());
        let change = Change {
            name: contact.name.clone(),
            new_name: contact.name.clone(),
            etag_before: None,
            etag_after: Some(contact.etag.clone()),
            before: None,
            after: values.then(|| contact.fields.clone().into()),
        };
        self.aliases.remove(&contact.name);
        self.tombstones.retain(|stone| stone.name != contact.name);
        self.contacts.insert(contact.name.clone(), contact);
        change
    }

    /// Replaces the given fields of a contact (an empty list clears one) and moves its etag;
    /// `None` if there is no such contact.
    pub(crate) fn replace(
        &mut self,
        clock: &Clock,
        name: &str,
        fields: Fields,
        rename: bool,
        values: bool,
    ) -> Option<Change> {
        let mut contact = self.contacts.remove(name)?;
        let before = values.then(|| contact.fields.clone().into());
        let etag_before = contact.etag.clone();
        for (field, entries) in fields {
            if entries.as_array().is_some_and(|list| !list.is_empty()) {
                contact.fields.insert(field, entries);
            } else {
                contact.fields.remove(&field);
            }
        }
        if rename {
            contact.name = format!("people/c{}", self.fresh_id());
            contact.former.push(name.to_owned());
            self.aliases.insert(name.to_owned(), contact.name.clone());
        }
        (contact.changed, contact.updated) = self.next_change(clock);
        contact.etag = etag::source(self.rng.next());
        let change = Change {
            name: name.to_owned(),
            new_name: contact.name.clone(),
            etag_before: Some(etag_before),
            etag_after: Some(contact.etag.clone()),
            before,
            after: values.then(|| contact.fields.clone().into()),
        };
        self.contacts.insert(contact.name.clone(), contact);
        Some(change)
    }

    /// Deletes the contact part of a person; what other sources say stays.
    pub(crate) fn delete(&mut self, clock: &Clock, name: &str, values: bool) -> Option<Change> {
        let source_id = self.contacts.get(name)?.source_id.clone()?;
        let mut contact = self.contacts.remove(name)?;
        self.photos.remove(&source_id);
        let (changed, now) = self.next_change(clock);
        let change = Change {
            name: name.to_owned(),
            new_name: name.to_owned(),
            etag_before: Some(std::mem::take(&mut contact.etag)),
            etag_after: None,
            before: values.then(|| std::mem::take(&mut contact.fields).into()),
            after: None,
        };
        if contact.linked.is_empty() {
            self.tombstones.push(Tombstone { name: name.to_owned(), source_id, changed });
        } else {
            contact.source_id = None;
            contact.fields = Fields::new();
            (contact.changed, contact.updated) = (changed, now);
            contact.etag = etag::source(self.rng.next());
            self.contacts.insert(name.to_owned(), contact);
        }
        Some(change)
    }

    /// Reads a person as a test spells one: entries may name another source in their metadata.
    pub(crate) fn contact_from(&mut self, person: &Fields, kind: &str) -> Contact {
        let given = person.get("resourceName").and_then(Value::as_str);
        let is_contact = kind == "CONTACT";
        let (name, id) = match given {
            Some(name) => {
                let id = name.rsplit('/').next().unwrap_or_default().trim_start_matches('c');
                let in_hex = is_contact || kind == "OTHER_CONTACT";
                let id = match (in_hex, id.parse::<u64>()) {
                    (true, Ok(number)) => format!("{number:x}"),
                    _ => id.to_owned(),
                };
                (name.to_owned(), id)
            }
            None if is_contact => {
                let id = self.fresh_id();
                (format!("people/c{id}"), format!("{id:x}"))
            }
            None => {
                let id = 100_000_000_000_000_000_000_u128 + u128::from(self.rng.next());
                (format!("people/{id}"), id.to_string())
            }
        };
        let mut contact = Contact {
            name,
            source_id: is_contact.then(|| id.clone()),
            fields: Fields::new(),
            linked: Vec::new(),
            etag: String::new(),
            updated: Duration::ZERO,
            changed: 0,
            former: Vec::new(),
        };
        for (field, entries) in person {
            let Some(entries) = entries.as_array() else { continue };
            for entry in entries {
                let source = &entry["metadata"]["source"];
                let entry_kind = source["type"].as_str().unwrap_or(kind);
                let Some(mut clean) = derive::clean_entry(field, entry) else { continue };
                let fields = if entry_kind == "CONTACT" {
                    &mut contact.fields
                } else {
                    if entry["metadata"]["verified"] == true {
                        clean["metadata"] = json!({"verified": true});
                    }
                    let id = source["id"].as_str().unwrap_or(&id);
                    linked_fields(&mut contact.linked, entry_kind, id)
                };
                if let Value::Array(list) = fields.entry(field.clone()).or_insert_with(|| json!([]))
                {
                    list.push(clean);
                }
            }
        }
        contact
    }
}

fn linked_fields<'a>(linked: &'a mut Vec<Linked>, kind: &str, id: &str) -> &'a mut Fields {
    let at = linked.iter().position(|l| l.kind == kind && l.id == id).unwrap_or_else(|| {
        linked.push(Linked { kind: kind.into(), id: id.into(), fields: Fields::new() });
        linked.len() - 1
    });
    &mut linked[at].fields
}

/// The groups that these fields of a contact name.
pub(crate) fn groups_of(fields: &Fields) -> Vec<&str> {
    fields
        .get("memberships")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|entry| entry["contactGroupMembership"]["contactGroupResourceName"].as_str())
        .collect()
}
