//! Other contacts and the directory of a book, as a test handles them.

use crate::handle::{Book, checked};
use crate::roster::Side;
use serde_json::Value;

impl Book {
    /// Adds an other contact, given as a person in JSON, and returns its resource name. With a
    /// `resourceName` (`otherContacts/c1`) it gets that name. Entries are its own unless their
    /// `metadata.source.type` is `PROFILE` or another.
    ///
    /// # Panics
    ///
    /// If the JSON is not a valid person.
    #[allow(clippy::needless_pass_by_value, reason = "callers write json!(..) in place")]
    pub fn insert_other_contact(&self, person: Value) -> String {
        self.enlist(Side::Others, &person)
    }

    /// Replaces these fields of an other contact; an empty list clears one. False if there is no
    /// such other contact.
    ///
    /// # Panics
    ///
    /// If the JSON is not a valid person.
    #[allow(clippy::needless_pass_by_value, reason = "callers write json!(..) in place")]
    pub fn edit_other_contact(&self, name: &str, fields: Value) -> bool {
        self.revise(Side::Others, name, &fields)
    }

    /// An other contact goes away. False if there is no such other contact.
    pub fn remove_other_contact(&self, name: &str) -> bool {
        self.dismiss(Side::Others, name)
    }

    /// Makes the account one of a Google Workspace domain, with a directory that is empty at
    /// first. The methods of the directory refuse other accounts.
    pub fn make_domain_account(&self) {
        self.shared.lock().books[self.index].directory.get_or_insert_default();
    }

    /// Adds a person to the directory, and returns the resource name. Entries are of a domain
    /// profile unless their `metadata.source.type` is `DOMAIN_CONTACT` or another. Makes the
    /// account one of a domain.
    ///
    /// # Panics
    ///
    /// If the JSON is not a valid person.
    #[allow(clippy::needless_pass_by_value, reason = "callers write json!(..) in place")]
    pub fn insert_directory_person(&self, person: Value) -> String {
        self.enlist(Side::Directory, &person)
    }

    /// Replaces these fields of a person of the directory; an empty list clears one. False if
    /// there is no such person.
    ///
    /// # Panics
    ///
    /// If the JSON is not a valid person.
    #[allow(clippy::needless_pass_by_value, reason = "callers write json!(..) in place")]
    pub fn edit_directory_person(&self, name: &str, fields: Value) -> bool {
        self.revise(Side::Directory, name, &fields)
    }

    /// A person leaves the directory. False if there is no such person.
    pub fn remove_directory_person(&self, name: &str) -> bool {
        self.dismiss(Side::Directory, name)
    }

    /// Seeding: the journal has no entry of it.
    fn enlist(&self, side: Side, person: &Value) -> String {
        let person = checked(person);
        let state = &mut *self.shared.lock();
        let clock = state.clock;
        state.books[self.index].enlist(&clock, side, person).name
    }

    fn revise(&self, side: Side, name: &str, fields: &Value) -> bool {
        let fields = checked(fields);
        let state = &mut *self.shared.lock();
        let clock = state.clock;
        let change = state.books[self.index].revise(&clock, side, name, &fields);
        let done = change.is_some();
        state.record_outside(self.index, change.into_iter().collect());
        done
    }

    fn dismiss(&self, side: Side, name: &str) -> bool {
        let state = &mut *self.shared.lock();
        let clock = state.clock;
        let change = state.books[self.index].dismiss(&clock, side, name);
        let done = change.is_some();
        state.record_outside(self.index, change.into_iter().collect());
        done
    }
}
