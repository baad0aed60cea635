//! What became of one change.

use std::fmt;
use std::sync::Arc;

use people_v1::Error;
use people_v1::schemas::{Person, Status};

use crate::check::Refusal;

/// The outcome of one change, with its place in the input.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Settled {
    /// The place of the change in the input, counted from 0.
    pub index: u64,
    /// The resource name that the change had.
    pub name: String,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of one change. Every change of the input gets exactly one.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Outcome {
    /// The contact holds the change.
    Updated(Updated),
    /// The API refused the change of this contact; nothing of it was written.
    Failed(Failure),
    /// The contact was changed by someone else since it was read; nothing of this change was written.
    Conflict(Failure),
    /// The change was not sent, because of itself.
    Refused(Refusal),
    /// The change was not sent, because the run was given another change of the same contact before.
    Duplicate,
    /// The change may have been written or not: the answer does not tell. Read the contact to find
    /// out.
    Unknown(Doubt),
    /// The change was not sent, because the run ended before its turn.
    NotSent(NotSent),
}

impl Outcome {
    /// Nobody knows, because this answer was lost.
    pub(crate) fn lost(error: &Arc<Error>) -> Self {
        Self::Unknown(Doubt::Lost(Arc::clone(error)))
    }

    /// Whether the contact holds the change.
    pub fn is_updated(&self) -> bool {
        matches!(self, Self::Updated(_))
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Updated(Updated { new_name: Some(name), .. }) => write!(f, "updated, now {name}"),
            Self::Updated(_) => f.write_str("updated"),
            Self::Failed(failure) => write!(f, "failed: {failure}"),
            Self::Conflict(failure) => write!(f, "conflict: {failure}"),
            Self::Refused(refusal) => write!(f, "refused: {refusal}"),
            Self::Duplicate => f.write_str("refused: an earlier change is of the same contact"),
            Self::Unknown(doubt) => write!(f, "unknown: {doubt}"),
            Self::NotSent(reason) => write!(f, "not sent: {reason}"),
        }
    }
}

/// A contact after its update.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Updated {
    /// The contact as the API answered it: its new etag, its metadata and the fields of the change.
    pub person: Box<Person>,
    /// The resource name, if it is another one than that of the change.
    pub new_name: Option<String>,
    /// Whether this is known from reading the contact, because the answer was lost. The person is
    /// then as it was read, perhaps changed again by someone else; if it was gone by then, it has a
    /// name and nothing else.
    pub by_reading: bool,
    /// Whether the contact was as the change was made from until this update of it: what the person
    /// does not show has not changed.
    pub(crate) is_next: bool,
}

impl Updated {
    /// The contact `name` as it is after its update.
    pub(crate) fn new(name: &str, person: Box<Person>, by_reading: bool) -> Self {
        let new_name = person.resource_name.clone();
        let new_name = new_name.filter(|new| new != name && !new.is_empty());
        Self { person, new_name, by_reading, is_next: false }
    }
}

/// Why the API refused a change.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Failure {
    /// What it said of this very contact.
    Contact(Box<Status>),
    /// What it said of the request that held the contact.
    Request(Arc<Error>),
    /// There is no such contact any more.
    Gone,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Contact(status) => {
                let message = status.message.as_deref().unwrap_or("no message");
                write!(f, "{message} (code {})", status.code.unwrap_or_default())
            }
            Self::Request(error) => error.fmt(f),
            Self::Gone => f.write_str("there is no such contact any more"),
        }
    }
}

/// Why nobody knows what became of a change.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Doubt {
    /// The answer was lost, or could not be read.
    Lost(Arc<Error>),
    /// The answer says nothing of this contact.
    Unanswered,
    /// The task that sent the request was ended from outside.
    Aborted,
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lost(error) => write!(f, "the answer was lost: {error}"),
            Self::Unanswered => f.write_str("the answer says nothing of this contact"),
            Self::Aborted => f.write_str("the request was aborted"),
        }
    }
}

/// Why a change was not sent.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum NotSent {
    /// The run was cancelled.
    Cancelled,
    /// The stream of outcomes was dropped.
    Dropped,
    /// The deadline of the run was over.
    Deadline,
    /// An error that would have met this change as well had ended the run, or its batch of changes
    /// of the same fields.
    Ended(Arc<Error>),
}

impl fmt::Display for NotSent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cancelled => f.write_str("the run was cancelled"),
            Self::Dropped => f.write_str("the run was given up"),
            Self::Deadline => f.write_str("the deadline of the run was over"),
            Self::Ended(error) => write!(f, "the run or its batch had ended: {error}"),
        }
    }
}
