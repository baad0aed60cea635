//! Switches: how the emulator behaves where the service's behaviour is not public, or where a
//! test wants it to behave otherwise.

use crate::error::Code;
use std::time::Duration;

/// How the emulator behaves; `Default` is what the real service is believed to do.
///
/// Set with [`Builder::switches`](crate::Builder::switches) or, while it runs, with
/// [`Emulator::set_switches`](crate::Emulator::set_switches).
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "they are switches")]
#[non_exhaustive]
pub struct Switches {
    /// The code of a contact without any etag in `batchUpdateContacts`.
    /// Default: [`Code::FailedPrecondition`].
    pub missing_etag_in_batch: Code,
    /// The code of a contact without any etag in `updateContact`.
    /// Default: [`Code::InvalidArgument`].
    pub missing_etag_in_update: Code,
    /// The code of a batch whose contacts fail for different reasons. Default: the first's.
    pub mixed_failure: MixedFailure,
    /// How a batch answers for a contact that is not there. Default: an entry in
    /// `contactErrors`.
    pub unknown_contact: UnknownContact,
    /// Contacts that fail are named inside a 200, and the others of the batch are applied.
    /// Default: off (all or nothing).
    pub failures_in_200: bool,
    /// How much of a failed batch is told. Default: everything.
    pub batch_details: BatchDetails,
    /// Which is looked at first in a batch: masks or contacts. Default: masks.
    pub check_order: CheckOrder,
    /// Whether the etag of a person read by `connections.list` can be used to write.
    /// Default: yes.
    pub list_etag_accepted: bool,
    /// Every n-th contact of a book that is updated is refused as stale although its etag is
    /// right; 0 for never. Default: 0.
    pub spurious_mismatch_every: u32,
    /// A mutation answers `{}` although a read was asked for. Default: off.
    pub empty_answers: bool,
    /// Critical write requests per minute and book. Default: `None`, no limit: most tests are
    /// not about quotas. The service is reported to allow 90.
    pub writes_per_minute: Option<u32>,
    /// Critical read requests per minute and book. Default: `None`, no limit.
    pub reads_per_minute: Option<u32>,
    /// The `Retry-After` of 429 and 503. Default: absent, as on the real service.
    pub retry_after: RetryAfter,
    /// Contacts whose resource name changes when they are updated. Default: none.
    pub rename_on_update: Vec<String>,
    /// Whether answers may be compressed, for clients that ask for it and say `gzip` in their
    /// `User-Agent`. Default: yes.
    pub gzip: bool,
    /// Answers carry no `Content-Length`. Default: off.
    pub chunked: bool,
    /// Every answer breaks off. Default: none does.
    pub cut: Option<Cut>,
    /// Every mutation is committed late, after its client has been answered. Default: off.
    pub late_commit: Option<LateCommit>,
    /// How old a change is before a read with a sync token sees it. Default: no delay. The
    /// service takes seconds to minutes.
    pub sync_delay: Duration,
    /// How long a sync token can be used. Default: 7 days.
    pub sync_token_life: Duration,
    /// Whether a search finds only what it knew at the last request with an empty query, as
    /// clients are told to expect. Default: no, since the service forgets after a time that is
    /// not public.
    pub search_needs_warmup: bool,
    /// Whether the journal keeps the fields of contacts before and after each change.
    /// Default: yes.
    pub journal_values: bool,
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            missing_etag_in_batch: Code::FailedPrecondition,
            missing_etag_in_update: Code::InvalidArgument,
            mixed_failure: MixedFailure::First,
            unknown_contact: UnknownContact::InDetails,
            failures_in_200: false,
            batch_details: BatchDetails::Full,
            check_order: CheckOrder::MasksFirst,
            list_etag_accepted: true,
            spurious_mismatch_every: 0,
            empty_answers: false,
            writes_per_minute: None,
            reads_per_minute: None,
            retry_after: RetryAfter::Absent,
            rename_on_update: Vec::new(),
            gzip: true,
            chunked: false,
            cut: None,
            late_commit: None,
            sync_delay: Duration::ZERO,
            sync_token_life: Duration::from_secs(7 * 24 * 60 * 60),
            search_needs_warmup: false,
            journal_values: true,
        }
    }
}

/// The code of a batch whose contacts fail for different reasons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum MixedFailure {
    /// That of the first contact that fails, in the order of their names.
    First,
    /// Always this one.
    Always(Code),
}

/// How a batch answers for a contact that is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum UnknownContact {
    /// An entry in `contactErrors` with code 5.
    InDetails,
    /// 404 for the whole batch, no details.
    WholeBatch,
    /// An entry with code 5 inside a 200; the others are applied.
    In200,
}

/// How much of a failed batch is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum BatchDetails {
    /// Every contact that failed.
    Full,
    /// No details at all.
    Missing,
    /// The first contact only.
    OnlyFirst,
}

/// Which is looked at first in a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum CheckOrder {
    /// The masks, then the number of contacts, then each contact.
    MasksFirst,
    /// The contacts, then the masks.
    ContactsFirst,
}

/// A `Retry-After` header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RetryAfter {
    /// No header.
    Absent,
    /// A number of seconds.
    Seconds(u64),
    /// A date that far ahead, on the emulator's clock (its `Date` header says what that is).
    Date(Duration),
}

/// A way for an answer to break off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cut {
    /// `Content-Length` is that of the whole body, half of it comes.
    Half,
    /// The whole body comes, but `Content-Length` promises more.
    LengthTooLong,
    /// The whole body comes in chunks, but the last, empty chunk does not. With HTTP/2, the
    /// stream is reset after the body.
    LastChunk,
    /// A gzip body ends too early although its `Content-Length` is right. Clients that did not
    /// ask for gzip get it all the same.
    Gzip,
}

/// A commit that comes after the client has had its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LateCommit {
    /// When it comes.
    pub after: CommitAfter,
    /// What the client gets meanwhile.
    pub reply: EarlyReply,
}

impl LateCommit {
    /// A late commit.
    pub fn new(after: CommitAfter, reply: EarlyReply) -> Self {
        Self { after, reply }
    }
}

/// When a late commit comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum CommitAfter {
    /// After this time.
    Time(Duration),
    /// When so many reads of the same book have been answered; 1 is after the first.
    Reads(u32),
}

/// What a client gets before a late commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum EarlyReply {
    /// The connection is reset.
    Reset,
    /// An error of this HTTP status.
    Status(u16),
}
