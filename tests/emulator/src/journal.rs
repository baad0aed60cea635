//! What has happened: one entry for every request and for every change from outside.

use serde_json::Value;
use std::fmt;
use std::time::Duration;

/// A method of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Method {
    /// `people.get`
    Get,
    /// `people.getBatchGet`
    BatchGet,
    /// `people.connections.list`
    ListConnections,
    /// `people.createContact`
    CreateContact,
    /// `people.batchCreateContacts`
    BatchCreateContacts,
    /// `people.updateContact`
    UpdateContact,
    /// `people.batchUpdateContacts`
    BatchUpdateContacts,
    /// `people.deleteContact`
    DeleteContact,
    /// `people.batchDeleteContacts`
    BatchDeleteContacts,
    /// A path or verb that nobody serves.
    Unknown,
    /// Not a request: a change made through a [`Book`](crate::Book) or by a fault.
    Outside,
}

impl Method {
    /// Whether it changes contacts.
    pub fn is_mutation(self) -> bool {
        matches!(
            self,
            Self::CreateContact
                | Self::BatchCreateContacts
                | Self::UpdateContact
                | Self::BatchUpdateContacts
                | Self::DeleteContact
                | Self::BatchDeleteContacts
        )
    }

    /// The name of the method in the service's own interface, as error details spell it.
    pub fn rpc_name(self) -> &'static str {
        match self {
            Self::Get => "google.people.v1.PeopleService.GetPerson",
            Self::BatchGet => "google.people.v1.PeopleService.GetPeople",
            Self::ListConnections => "google.people.v1.PeopleService.ListConnections",
            Self::CreateContact => "google.people.v1.PeopleService.CreateContact",
            Self::BatchCreateContacts => "google.people.v1.PeopleService.BatchCreateContacts",
            Self::UpdateContact => "google.people.v1.PeopleService.UpdateContact",
            Self::BatchUpdateContacts => "google.people.v1.PeopleService.BatchUpdateContacts",
            Self::DeleteContact => "google.people.v1.PeopleService.DeleteContact",
            Self::BatchDeleteContacts => "google.people.v1.PeopleService.BatchDeleteContacts",
            Self::Unknown | Self::Outside => "",
        }
    }
}

/// Stands for a bearer token without telling it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TokenId(u64);

impl TokenId {
    /// The id of a token: the same for the same text, in every run.
    pub fn of(token: &str) -> Self {
        // FNV-1a: nothing secret depends on it, and it never changes between versions of Rust.
        let hash = token.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| {
            (h ^ u64::from(b)).wrapping_mul(0x100_0000_01b3)
        });
        Self(hash)
    }
}

impl fmt::Debug for TokenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "token:{:016x}", self.0)
    }
}

/// One change of one contact.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Change {
    /// The resource name before the change; for a new contact, its name.
    pub name: String,
    /// The resource name after the change; differs from `name` after a rename.
    pub new_name: String,
    /// The etag of the CONTACT source before; `None` for a new contact.
    pub etag_before: Option<String>,
    /// The etag of the CONTACT source after; `None` for a deleted contact.
    pub etag_after: Option<String>,
    /// The contact's own fields before; `None` for a new contact, or if values are not kept.
    pub before: Option<Value>,
    /// The contact's own fields after; `None` for a deleted contact, or if values are not kept.
    pub after: Option<Value>,
}

/// What happened to one request.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Entry {
    /// Counts from 1, in the order of arrival.
    pub sequence: u64,
    /// The name of the address book; `None` if the request had no valid token.
    pub book: Option<String>,
    /// Stands for the bearer token; `None` if there was none.
    pub token: Option<TokenId>,
    /// The method.
    pub method: Method,
    /// The HTTP verb and the path without the query; empty for a change from outside.
    pub line: String,
    /// When it arrived, since the emulator's start.
    pub arrived: Duration,
    /// When its answer had been handed over in full, or was given up; `None` while in flight.
    pub ended: Option<Duration>,
    /// The mutations of the same book (by sequence number) that were still in flight when this
    /// mutation arrived. Some of them may turn out to be [`abandoned`](Self::abandoned).
    pub overlaps: Vec<u64>,
    /// The faults that befell it, by name.
    pub faults: Vec<String>,
    /// The resource names that the request is about; those of new contacts come with `changes`.
    pub names: Vec<String>,
    /// The update mask, for updates.
    pub mask: Option<String>,
    /// When its changes were applied; `None` if none were.
    pub committed: Option<Duration>,
    /// What it changed.
    pub changes: Vec<Change>,
    /// The HTTP status answered; `None` if there was no answer (reset), or not yet.
    pub status: Option<u16>,
    /// The client, or a fault, gave the request up before its answer had been sent in full.
    pub abandoned: bool,
}

impl Entry {
    /// Whether its changes were applied.
    pub fn is_committed(&self) -> bool {
        self.committed.is_some()
    }
}
