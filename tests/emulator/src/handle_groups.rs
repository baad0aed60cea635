//! Contact groups and photos of a book, as a test handles them.

use crate::handle::Book;
use serde_json::{Value, json};
use std::collections::BTreeMap;

impl Book {
    /// Makes a contact group of the user and returns its resource name. This is seeding: the
    /// journal has no entry of it. Two groups may get the same title, which the API itself
    /// refuses.
    pub fn add_group(&self, title: &str) -> String {
        let state = &mut *self.shared.lock();
        let clock = state.clock;
        state.books[self.index].create_group(&clock, title, Vec::new(), false).name
    }

    /// Someone else gives a group of the user another title. False if there is no such group.
    pub fn rename_group(&self, name: &str, title: &str) -> bool {
        let state = &mut *self.shared.lock();
        let (clock, values) = (state.clock, state.switches.journal_values);
        let book = &mut state.books[self.index];
        let Some(group) = book.groups.get(name) else { return false };
        let data = group.client_data.clone();
        let change = book.put_group(&clock, name.to_owned(), title, data, values);
        state.record_outside(self.index, vec![change]);
        true
    }

    /// Someone else deletes a group of the user; its contacts stay. False if there is no such
    /// group.
    pub fn remove_group(&self, name: &str) -> bool {
        let state = &mut *self.shared.lock();
        let (clock, values) = (state.clock, state.switches.journal_values);
        match state.books[self.index].delete_group(&clock, name, false, values) {
            Some(changes) => {
                state.record_outside(self.index, changes);
                true
            }
            None => false,
        }
    }

    /// The user's own groups by resource name: `name`, `clientData`, `etag`, and the resource
    /// names of the `members`.
    pub fn groups(&self) -> BTreeMap<String, Value> {
        let state = self.shared.lock();
        let book = &state.books[self.index];
        let shown = book.groups.values().map(|group| {
            let members: Vec<&str> = book.members(&group.name).collect();
            let value = json!({"name": group.title, "clientData": group.client_data,
                "etag": group.etag, "members": members});
            (group.name.clone(), value)
        });
        shown.collect()
    }

    /// The resource names of the contacts in a group, the system's included, in order.
    pub fn members(&self, group: &str) -> Vec<String> {
        self.shared.lock().books[self.index].members(group).map(str::to_owned).collect()
    }

    /// The bytes of the photo that a contact has been given; `None` without one.
    pub fn photo(&self, name: &str) -> Option<Vec<u8>> {
        let state = self.shared.lock();
        let book = &state.books[self.index];
        let id = book.contacts.get(name)?.source_id.as_ref()?;
        book.photos.get(id).cloned()
    }
}
