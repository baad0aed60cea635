//! A test's handle of an address book.

use crate::auth;
use crate::body;
use crate::book::Fields;
use crate::fault::{OutsideChange, Pick};
use crate::mask::Mask;
use crate::read::{Sources, View};
use crate::rng::Rng;
use crate::schema::PERSON;
use crate::seed;
use crate::state::{Shared, State, Token, outside_fields};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The address book of one user.
///
/// A handle: clones are the same book. What is done through it counts as done by someone else:
/// etags move, and the journal has an entry of
/// [`Method::Outside`](crate::Method::Outside), except for seeding.
#[derive(Debug, Clone)]
pub struct Book {
    pub(crate) shared: Arc<Shared>,
    pub(crate) index: usize,
    name: String,
}

impl Book {
    pub(crate) fn new(shared: Arc<Shared>, token: &str) -> Self {
        let (index, name) = {
            let mut state = shared.lock();
            let index = state.add_book(token);
            (index, state.books[index].label.clone())
        };
        Self { shared, index, name }
    }

    /// The name of the book in the journal: `book-1`, `book-2` and so on.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A further token for this book, with the scopes a full client has.
    pub fn add_token(&self, token: &str) {
        let scopes = auth::usual_scopes();
        let scopes: Vec<&str> = scopes.iter().map(String::as_str).collect();
        self.add_token_with_scopes(token, &scopes);
    }

    /// A further token for this book with these scopes (URLs); replaces what the token was.
    pub fn add_token_with_scopes(&self, token: &str, scopes: &[&str]) {
        let scopes = scopes.iter().map(|&scope| scope.to_owned()).collect();
        let token_state = Token { book: self.index, scopes, revoked: false };
        self.shared.lock().tokens.insert(token.to_owned(), token_state);
    }

    /// Makes a token of this book invalid; other tokens of it still work.
    pub fn revoke_token(&self, token: &str) {
        if let Some(token) = self.shared.lock().tokens.get_mut(token) {
            token.revoked |= token.book == self.index;
        }
    }

    /// Adds made-up contacts, the same for the same seed, and returns their resource names.
    pub fn seed_contacts(&self, count: usize) -> Vec<String> {
        let state = &mut *self.shared.lock();
        let clock = state.clock;
        let book = &mut state.books[self.index];
        let first = book.contacts.len();
        let mut rng = Rng::fork(state.seed, 1_000 + self.index as u64 + first as u64);
        (first..first + count)
            .map(|number| {
                let fields: Value = seed::contact(&mut rng, number).into();
                book.create(&clock, outside_fields(&fields), false).new_name
            })
            .collect()
    }

    /// Adds a contact, given as a person in JSON, and returns its resource name.
    ///
    /// With a `resourceName` (`people/c1`) it gets that name. Entries whose `metadata.source.type`
    /// is `PROFILE`, `DOMAIN_CONTACT` or another make it a merged person; all others are the
    /// contact's own. Groups that it is in are made if need be.
    ///
    /// # Panics
    ///
    /// If the JSON is not a valid person.
    pub fn insert(&self, person: Value) -> String {
        self.insert_as(person, "CONTACT")
    }

    /// Adds a person without a contact source: it can be read, but not written.
    ///
    /// # Panics
    ///
    /// If the JSON is not a valid person.
    pub fn insert_profile(&self, person: Value) -> String {
        self.insert_as(person, "PROFILE")
    }

    #[allow(clippy::needless_pass_by_value, reason = "callers write json!(..) in place")]
    fn insert_as(&self, person: Value, kind: &str) -> String {
        let person = checked(&person);
        let state = &mut *self.shared.lock();
        let clock = state.clock;
        let book = &mut state.books[self.index];
        let contact = book.contact_from(&person, kind);
        book.know_groups_of(&clock, &contact.fields);
        book.put(&clock, contact, false).new_name
    }

    /// Replaces what `people/me` shows.
    ///
    /// # Panics
    ///
    /// If the JSON is not a valid person.
    #[allow(clippy::needless_pass_by_value, reason = "callers write json!(..) in place")]
    pub fn set_profile(&self, person: Value) {
        let mut person = checked(&person);
        let state = &mut *self.shared.lock();
        let book = &mut state.books[self.index];
        person.insert("resourceName".into(), book.me.name.as_str().into());
        book.me = book.contact_from(&person, "PROFILE");
    }

    /// A person as a read with every field and the usual sources shows it. Former names lead to
    /// the present one.
    pub fn get(&self, name: &str) -> Option<Value> {
        let state = self.shared.lock();
        let view = View::new(Mask::everything(), Sources::of(None));
        let contact = state.books[self.index].find(name)?;
        Some(view.person(contact, &state.clock))
    }

    /// The contact's own fields as they are stored: entries without metadata. `None` if there is
    /// no such contact.
    pub fn fields(&self, name: &str) -> Option<Value> {
        let state = self.shared.lock();
        let contact = state.books[self.index].contacts.get(name)?;
        contact.source_id.as_ref().map(|_| contact.fields.clone().into())
    }

    /// The etag of the contact's own source (`#..`).
    pub fn etag(&self, name: &str) -> Option<String> {
        let state = self.shared.lock();
        state.books[self.index].contacts.get(name).map(|contact| contact.etag.clone())
    }

    /// Everything in the book as it is stored, by resource name. Each value has `etag`,
    /// `updateTime`, `fields` (the contact's own entries, without metadata), `linked` (what other
    /// sources add: a list of `type`, `id`, `fields`) and, after renames, `formerNames`.
    pub fn snapshot(&self) -> BTreeMap<String, Value> {
        let state = self.shared.lock();
        let stored = |contact: &crate::book::Contact| {
            let linked: Vec<Value> = contact
                .linked
                .iter()
                .map(|l| json!({"type": l.kind, "id": l.id, "fields": l.fields}))
                .collect();
            let mut value = json!({
                "etag": contact.etag,
                "updateTime": state.clock.timestamp(contact.updated),
                "fields": contact.fields,
                "linked": linked,
            });
            if !contact.former.is_empty() {
                value["formerNames"] = contact.former.clone().into();
            }
            value
        };
        let contacts = &state.books[self.index].contacts;
        contacts.iter().map(|(name, contact)| (name.clone(), stored(contact))).collect()
    }

    /// The resource names in the book, in order.
    pub fn names(&self) -> Vec<String> {
        self.shared.lock().books[self.index].contacts.keys().cloned().collect()
    }

    /// The number of persons in the book, those without a contact source included.
    pub fn len(&self) -> usize {
        self.shared.lock().books[self.index].contacts.len()
    }

    /// Whether the book is empty.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Someone else replaces these fields (an object of lists, as in a person) of a contact; an
    /// empty list clears one. False if there is no such contact.
    ///
    /// # Panics
    ///
    /// If the JSON is not a valid person.
    #[allow(clippy::needless_pass_by_value, reason = "callers write json!(..) in place")]
    pub fn edit(&self, name: &str, fields: Value) -> bool {
        let fields = checked(&fields);
        self.outside(name, &OutsideChange::Set(fields.into()))
    }

    /// Someone else changes nothing visible: only the etag moves.
    pub fn touch(&self, name: &str) -> bool {
        self.outside(name, &OutsideChange::Touch)
    }

    /// Someone else deletes a contact.
    pub fn remove(&self, name: &str) -> bool {
        self.outside(name, &OutsideChange::Delete)
    }

    /// A contact gets a new resource name, which is returned; the old one still leads there when
    /// reading.
    pub fn rename(&self, name: &str) -> Option<String> {
        let state = &mut *self.shared.lock();
        let (clock, values) = (state.clock, state.switches.journal_values);
        let book = &mut state.books[self.index];
        let change = book.replace(&clock, name, Fields::new(), true, values)?;
        let new_name = change.new_name.clone();
        state.record_outside(self.index, vec![change]);
        Some(new_name)
    }

    /// Makes every sync token given out so far an expired one.
    pub fn expire_sync_tokens(&self) {
        let state = &mut *self.shared.lock();
        state.books[self.index].sync_generation += 1;
    }

    fn outside(&self, name: &str, change: &OutsideChange) -> bool {
        let pick = Pick::Names(vec![name.to_owned()]);
        let state: &mut State = &mut self.shared.lock();
        !state.write_outside(self.index, &[], &pick, change).is_empty()
    }
}

/// A person in JSON, read as strictly as one in a request.
pub(crate) fn checked(person: &Value) -> Fields {
    match body::read_value(person, &PERSON) {
        Ok(person) => person,
        Err(error) => panic!("not a valid person: {}", error.message),
    }
}
