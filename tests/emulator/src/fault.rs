//! Faults: what can go wrong with a request, planned by a test.

use crate::error::Code;
use crate::journal::Method;
use crate::switches::{Cut, LateCommit, RetryAfter};
use serde_json::Value;
use std::collections::HashSet;
use std::time::Duration;

/// Something that befalls one request.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Fault {
    /// This answer instead of the real one. Before the commit, the request is not looked at;
    /// after it, its changes have been applied and the caller does not learn of it.
    Answer(Phase, CannedAnswer),
    /// The connection is reset. With HTTP/2 the whole connection goes, not the stream alone.
    Reset(ResetPoint),
    /// The answer breaks off.
    Cut(Cut),
    /// Time passes before or after the commit. A client that gives up meanwhile does not stop
    /// the request.
    Delay(Phase, Duration),
    /// The body comes in pieces of this many bytes, with a pause before each.
    SlowBody {
        /// Bytes in a piece.
        piece: usize,
        /// Time before each piece.
        pause: Duration,
    },
    /// A mutation is committed after its client has been answered. Reads are not affected.
    LateCommit(LateCommit),
    /// 401 for this request only.
    Unauthorized,
    /// The token is revoked: 401 for this request and all later ones with it.
    RevokeToken,
    /// Someone else writes to contacts of this request, before or after it is processed.
    OutsideWrite(Phase, Pick, OutsideChange),
    /// The picked contacts get a new resource name when the request updates them.
    Rename(Pick),
    /// The answer has enum values and fields that no client knows yet.
    UnknownsInAnswer,
    /// The picked contacts are missing in the answer, though they have been dealt with.
    MissingInAnswer(Pick),
    /// The picked contacts are not updated and their failure stands inside a 200; the others
    /// are updated.
    FailInside200(Pick, Code),
}

impl Fault {
    /// This status instead of processing the request.
    pub fn status_before_commit(status: u16) -> Self {
        Self::Answer(Phase::BeforeCommit, CannedAnswer::new(status))
    }

    /// This status although the request has been processed.
    pub fn status_after_commit(status: u16) -> Self {
        Self::Answer(Phase::AfterCommit, CannedAnswer::new(status))
    }

    /// A short name, as in the journal.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Answer(Phase::BeforeCommit, _) => "answer before commit",
            Self::Answer(Phase::AfterCommit, _) => "answer after commit",
            Self::Reset(ResetPoint::BeforeRead) => "reset before read",
            Self::Reset(ResetPoint::AfterRead) => "reset after read",
            Self::Reset(ResetPoint::AfterCommit) => "reset after commit",
            Self::Cut(Cut::Half) => "cut: half",
            Self::Cut(Cut::LengthTooLong) => "cut: length too long",
            Self::Cut(Cut::LastChunk) => "cut: last chunk",
            Self::Cut(Cut::Gzip) => "cut: gzip",
            Self::Delay(Phase::BeforeCommit, _) => "delay before commit",
            Self::Delay(Phase::AfterCommit, _) => "delay after commit",
            Self::SlowBody { .. } => "slow body",
            Self::LateCommit(_) => "late commit",
            Self::Unauthorized => "unauthorized",
            Self::RevokeToken => "revoke token",
            Self::OutsideWrite(Phase::BeforeCommit, ..) => "outside write before commit",
            Self::OutsideWrite(Phase::AfterCommit, ..) => "outside write after commit",
            Self::Rename(_) => "rename",
            Self::UnknownsInAnswer => "unknowns in answer",
            Self::MissingInAnswer(_) => "missing in answer",
            Self::FailInside200(..) => "fail inside 200",
        }
    }
}

/// Before or after the changes of a request are applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Phase {
    /// Nothing has been applied yet.
    BeforeCommit,
    /// The changes have been applied.
    AfterCommit,
}

/// When a connection is reset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ResetPoint {
    /// The head has come, the body is not read.
    BeforeRead,
    /// The body has been read, nothing has been done.
    AfterRead,
    /// The changes have been applied, nothing has been answered.
    AfterCommit,
}

/// An answer made up by a test.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct CannedAnswer {
    /// The HTTP status.
    pub status: u16,
    /// What the body looks like.
    pub shape: BodyShape,
    /// The message; by default what the API says with such a status.
    pub message: Option<String>,
    /// The code; by default the one that goes with the HTTP status.
    pub code: Option<Code>,
    /// `details` of a body of the shapes [`BodyShape::Google`] and [`BodyShape::NoStatus`].
    pub details: Vec<Value>,
    /// The `Retry-After` header; by default what the switches say, for 429 and 503.
    pub retry_after: Option<RetryAfter>,
}

impl CannedAnswer {
    /// An error of this HTTP status with a body like Google's.
    pub fn new(status: u16) -> Self {
        Self {
            status,
            shape: BodyShape::Google,
            message: None,
            code: None,
            details: Vec::new(),
            retry_after: None,
        }
    }

    /// Sets what the body looks like.
    #[must_use]
    pub fn shape(mut self, shape: BodyShape) -> Self {
        self.shape = shape;
        self
    }

    /// Sets the message.
    #[must_use]
    pub fn message(mut self, message: impl Into<String>) -> Self {
        self.message = Some(message.into());
        self
    }

    /// Sets the code, and with it the word in `status`.
    #[must_use]
    pub fn code(mut self, code: Code) -> Self {
        self.code = Some(code);
        self
    }

    /// Adds a detail; it should have an `@type`.
    #[must_use]
    pub fn detail(mut self, detail: Value) -> Self {
        self.details.push(detail);
        self
    }

    /// Sets the `Retry-After` header.
    #[must_use]
    pub fn retry_after(mut self, retry_after: RetryAfter) -> Self {
        self.retry_after = Some(retry_after);
        self
    }
}

/// What the body of a made-up answer looks like.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum BodyShape {
    /// `{"error": {code, message, status, details}}`.
    Google,
    /// The older `{"error": {code, message, errors: [{reason, ..}]}}`.
    Legacy,
    /// As `Google`, without `status`.
    NoStatus,
    /// A page of HTML.
    Html,
    /// Nothing.
    Empty,
    /// JSON by its type, but not UTF-8.
    NotUtf8,
    /// This text, called JSON.
    Text(String),
}

/// Chooses among the contacts of a request, in the order of their names.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Pick {
    /// All of them.
    All,
    /// The first few.
    First(usize),
    /// Every n-th, beginning with the first.
    Every(usize),
    /// Those of these names; for outside writes, also contacts that the request does not name.
    Names(Vec<String>),
}

impl Pick {
    /// The chosen ones among `names`.
    pub(crate) fn choose(&self, names: &[String]) -> HashSet<String> {
        match self {
            Self::All => names.iter().cloned().collect(),
            Self::First(count) => names.iter().take(*count).cloned().collect(),
            Self::Every(step) => names.iter().step_by((*step).max(1)).cloned().collect(),
            Self::Names(chosen) => chosen.iter().cloned().collect(),
        }
    }
}

/// What someone else does to a contact.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum OutsideChange {
    /// Nothing visible: only the etag moves, as when the contact joins a group.
    Touch,
    /// These fields (an object of lists, as in a person) are replaced; an empty list clears.
    Set(Value),
    /// The contact is deleted.
    Delete,
}

/// Which requests a planned fault is for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Matcher {
    method: Option<Method>,
    book: Option<String>,
    mutations: bool,
}

impl Matcher {
    /// Every request.
    pub fn any() -> Self {
        Self::default()
    }

    /// Requests that change contacts.
    pub fn mutations() -> Self {
        Self { mutations: true, ..Self::default() }
    }

    /// Requests of this method.
    pub fn method(method: Method) -> Self {
        Self { method: Some(method), ..Self::default() }
    }

    /// Only requests of this book, by its [`name`](crate::Book::name).
    #[must_use]
    pub fn book(mut self, name: impl Into<String>) -> Self {
        self.book = Some(name.into());
        self
    }

    fn matches(&self, seen: &Seen) -> bool {
        self.method.is_none_or(|method| method == seen.method)
            && self.book.as_ref().is_none_or(|book| Some(book) == seen.book.as_ref())
            && (!self.mutations || seen.method.is_mutation())
    }
}

/// A request as a plan sees it, before its body is read.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Seen {
    /// Its number in the journal.
    pub sequence: u64,
    /// Its method.
    pub method: Method,
    /// The book of its token.
    pub book: Option<String>,
    /// How many requests of this method the book has had, this one included.
    pub nth: u64,
}

/// Faults that wait for their request.
#[derive(Debug, Default)]
pub(crate) struct Plan(Vec<Planned>);

#[derive(Debug)]
struct Planned {
    matcher: Matcher,
    /// How many matching requests still pass before the fault strikes.
    pass: u64,
    /// Queued faults strike one request each; others are independent.
    queued: bool,
    fault: Fault,
}

impl Plan {
    pub(crate) fn queue(&mut self, matcher: Matcher, fault: Fault) {
        self.0.push(Planned { matcher, pass: 0, queued: true, fault });
    }

    pub(crate) fn at(&mut self, matcher: Matcher, nth: u64, fault: Fault) {
        self.0.push(Planned { matcher, pass: nth.saturating_sub(1), queued: false, fault });
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// The faults of a request: the first queued one that is for it, and all whose turn it is.
    pub(crate) fn take(&mut self, seen: &Seen) -> Vec<Fault> {
        let mut out = Vec::new();
        let mut queue_done = false;
        self.0.retain_mut(|planned| {
            if !planned.matcher.matches(seen) || (planned.queued && queue_done) {
                return true;
            }
            if planned.pass > 0 {
                planned.pass -= 1;
                return true;
            }
            queue_done |= planned.queued;
            out.push(planned.fault.clone());
            false
        });
        out
    }
}

#[cfg(test)]
mod tests {
    use super::{Fault, Matcher, Pick, Plan, Seen};
    use crate::journal::Method;

    fn seen(method: Method) -> Seen {
        Seen { sequence: 1, method, book: Some("a".into()), nth: 1 }
    }

    #[test]
    fn a_queue_strikes_one_request_each() {
        let mut plan = Plan::default();
        plan.queue(Matcher::any(), Fault::Unauthorized);
        plan.queue(Matcher::any(), Fault::RevokeToken);
        plan.at(Matcher::method(Method::Get), 2, Fault::UnknownsInAnswer);
        plan.queue(Matcher::any().book("b"), Fault::Unauthorized);
        assert_eq!(plan.take(&seen(Method::Get)), [Fault::Unauthorized]);
        assert_eq!(plan.take(&seen(Method::BatchGet)), [Fault::RevokeToken]);
        assert_eq!(plan.take(&seen(Method::Get)), [Fault::UnknownsInAnswer]);
        assert_eq!(plan.take(&seen(Method::Get)), []);
        assert_eq!(plan.len(), 1);
    }

    #[test]
    fn picks() {
        let names: Vec<String> = (0..5).map(|n| n.to_string()).collect();
        let sorted = |pick: Pick| {
            let mut chosen: Vec<_> = pick.choose(&names).into_iter().collect();
            chosen.sort();
            chosen.join("")
        };
        assert_eq!(sorted(Pick::All), "01234");
        assert_eq!(sorted(Pick::First(2)), "01");
        assert_eq!(sorted(Pick::Every(2)), "024");
        assert_eq!(sorted(Pick::Every(0)), "01234");
        assert_eq!(sorted(Pick::Names(vec!["9".into()])), "9");
    }
}
