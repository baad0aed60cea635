//! What the end-to-end tests share; no test uses all of it.
#![allow(dead_code)]

#[path = "../schedules/link.rs"]
pub(crate) mod link;

use std::time::Duration;

use futures_util::StreamExt as _;
use people_contacts::{Change, Contacts, Options, Report, Updates};
use people_emulator::{Book, Emulator};
use people_v1::runtime::TokenSource;
use people_v1::schemas::{Nickname, Person};
use people_v1::{HubOptions, PeopleService};

pub(crate) const TOKEN: &str = "token-of-ann";

/// An emulator with contacts, and a client of it.
pub(crate) struct World {
    pub(crate) emulator: Emulator,
    pub(crate) book: Book,
    pub(crate) names: Vec<String>,
    pub(crate) contacts: Contacts,
}

impl World {
    pub(crate) async fn with(count: usize) -> Self {
        let emulator = Emulator::start().await.unwrap();
        let book = emulator.book(TOKEN);
        let names = book.seed_contacts(count);
        let contacts = Contacts::new(hub(&emulator)).with(impatient());
        Self { emulator, book, names, contacts }
    }

    /// The same in memory, for paused time. Options are the default ones.
    pub(crate) async fn offline(count: usize) -> Self {
        let emulator = Emulator::builder().offline().start().await.unwrap();
        emulator.set_switches(|switches| switches.journal_values = false);
        let book = emulator.book(TOKEN);
        let names = book.seed_contacts(count);
        let contacts = Contacts::new(offline_hub(&emulator, TOKEN.to_owned()));
        Self { emulator, book, names, contacts }
    }

    /// A change of one contact's nicknames, with its current etag.
    pub(crate) fn nickname(&self, name: &str, nickname: &str) -> Change {
        Change::new(name, self.book.etag(name).unwrap())
            .set_nicknames([Nickname::default().set_value(nickname)])
    }

    /// Such a change of every contact.
    pub(crate) fn all_nicknames(&self, nickname: &str) -> Vec<Change> {
        self.names.iter().map(|name| self.nickname(name, nickname)).collect()
    }

    /// The nicknames that a contact has now.
    pub(crate) fn nicknames(&self, name: &str) -> Vec<String> {
        let fields = self.book.fields(name).unwrap();
        let nicknames = fields["nicknames"].as_array().cloned().unwrap_or_default();
        nicknames.iter().map(|one| one["value"].as_str().unwrap().to_owned()).collect()
    }

    /// The person as the API reads it.
    pub(crate) async fn read(&self, name: &str) -> Person {
        let fields = people_v1::FieldMask::all();
        self.contacts.hub().people().get(name).set_person_fields(fields).send().await.unwrap()
    }

    /// How many contacts each request of the journal changed.
    pub(crate) fn batches(&self) -> Vec<usize> {
        self.emulator.journal().iter().map(|entry| entry.names.len()).collect()
    }
}

pub(crate) fn hub(emulator: &Emulator) -> PeopleService {
    PeopleService::https(TOKEN.to_owned()).unwrap().with(HubOptions::new().base_url(emulator.url()))
}

/// A client in the same runtime as the emulator.
pub(crate) fn offline_hub(emulator: &Emulator, tokens: impl TokenSource) -> PeopleService {
    let options = HubOptions::new().base_url(emulator.url());
    PeopleService::new(link::client(emulator.dialer(), false), tokens).with(options)
}

/// Waits are milliseconds, and the quota is none.
pub(crate) fn impatient() -> Options {
    let (first, longest) = (Duration::from_millis(1), Duration::from_millis(4));
    Options::default().backoff(first, longest).writes_per_minute(None)
}

pub(crate) async fn report(updates: Updates) -> Report {
    updates.collect().await
}
