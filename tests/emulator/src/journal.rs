//! What has happened: one entry for every request and for every change from outside.

use crate::rng::fingerprint;
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
    /// `people.updateContactPhoto`
    UpdateContactPhoto,
    /// `people.deleteContactPhoto`
    DeleteContactPhoto,
    /// `people.searchContacts`
    SearchContacts,
    /// `people.listDirectoryPeople`
    ListDirectoryPeople,
    /// `people.searchDirectoryPeople`
    SearchDirectoryPeople,
    /// `contactGroups.get`
    GetContactGroup,
    /// `contactGroups.batchGet`
    BatchGetContactGroups,
    /// `contactGroups.list`
    ListContactGroups,
    /// `contactGroups.create`
    CreateContactGroup,
    /// `contactGroups.update`
    UpdateContactGroup,
    /// `contactGroups.delete`
    DeleteContactGroup,
    /// `contactGroups.members.modify`
    ModifyContactGroupMembers,
    /// `otherContacts.list`
    ListOtherContacts,
    /// `otherContacts.search`
    SearchOtherContacts,
    /// `otherContacts.copyOtherContactToMyContactsGroup`
    CopyOtherContact,
    /// A path or verb that nobody serves.
    Unknown,
    /// Not a request: a change made through a [`Book`](crate::Book) or by a fault.
    Outside,
}

impl Method {
    /// Whether it changes contacts or contact groups.
    pub fn is_mutation(self) -> bool {
        matches!(
            self,
            Self::CreateContact
                | Self::BatchCreateContacts
                | Self::UpdateContact
                | Self::BatchUpdateContacts
                | Self::DeleteContact
                | Self::BatchDeleteContacts
                | Self::UpdateContactPhoto
                | Self::DeleteContactPhoto
                | Self::CreateContactGroup
                | Self::UpdateContactGroup
                | Self::DeleteContactGroup
                | Self::ModifyContactGroupMembers
                | Self::CopyOtherContact
        )
    }

    /// Whether its requests have a body.
    pub(crate) fn takes_body(self) -> bool {
        let deletes = [Self::DeleteContact, Self::DeleteContactPhoto, Self::DeleteContactGroup];
        self.is_mutation() && !deletes.contains(&self)
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
            Self::UpdateContactPhoto => "google.people.v1.PeopleService.UpdateContactPhoto",
            Self::DeleteContactPhoto => "google.people.v1.PeopleService.DeleteContactPhoto",
            Self::SearchContacts => "google.people.v1.PeopleService.SearchContacts",
            Self::ListDirectoryPeople => "google.people.v1.PeopleService.ListDirectoryPeople",
            Self::SearchDirectoryPeople => "google.people.v1.PeopleService.SearchDirectoryPeople",
            // The names of the services below have not been seen in an answer of the service.
            Self::GetContactGroup => "google.people.v1.ContactGroupsService.GetContactGroup",
            Self::BatchGetContactGroups => {
                "google.people.v1.ContactGroupsService.BatchGetContactGroups"
            }
            Self::ListContactGroups => "google.people.v1.ContactGroupsService.ListContactGroups",
            Self::CreateContactGroup => "google.people.v1.ContactGroupsService.CreateContactGroup",
            Self::UpdateContactGroup => "google.people.v1.ContactGroupsService.UpdateContactGroup",
            Self::DeleteContactGroup => "google.people.v1.ContactGroupsService.DeleteContactGroup",
            Self::ModifyContactGroupMembers => {
                "google.people.v1.ContactGroupsService.ModifyContactGroupMembers"
            }
            Self::ListOtherContacts => "google.people.v1.OtherContactsService.ListOtherContacts",
            Self::SearchOtherContacts => {
                "google.people.v1.OtherContactsService.SearchOtherContacts"
            }
            Self::CopyOtherContact => {
                "google.people.v1.OtherContactsService.CopyOtherContactToMyContactsGroup"
            }
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
        Self(fingerprint(token.as_bytes()))
    }
}

impl fmt::Debug for TokenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "token:{:016x}", self.0)
    }
}

/// One change of one contact, other contact, person of the directory or contact group.
///
/// The fields before and after are those of a contact as it is stored (entries without metadata);
/// of a group they are its `name` and `clientData`.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Change {
    /// The resource name before the change; of what is new, its name.
    pub name: String,
    /// The resource name after the change; differs from `name` after a rename.
    pub new_name: String,
    /// The etag before (of a contact, that of its CONTACT source); `None` for what is new.
    pub etag_before: Option<String>,
    /// The etag after; `None` for what is deleted.
    pub etag_after: Option<String>,
    /// Its own fields before; `None` for what is new, or if values are not kept.
    pub before: Option<Value>,
    /// Its own fields after; `None` for what is deleted, or if values are not kept.
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
    /// The resource names that the request is about, the group's own left out where members of a
    /// group are changed; those of new contacts and groups come with `changes`.
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
