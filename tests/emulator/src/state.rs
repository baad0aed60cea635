//! Everything the emulator knows, behind one lock.

use crate::auth;
use crate::book::BookState;
use crate::clock::Clock;
use crate::error::ApiError;
use crate::fault::{Fault, OutsideChange, Pick, Plan, Seen};
use crate::journal::{Change, Entry, Method, TokenId};
use crate::methods::{self, Context, Injected, Request};
use crate::rng::Rng;
use crate::switches::Switches;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A plan that a test made as a function.
type Hook = Box<dyn FnMut(&Seen) -> Vec<Fault> + Send>;

/// What connections, books and the emulator itself share.
pub(crate) struct Shared {
    state: Mutex<State>,
    /// Apart from the state, so that the function may use the emulator.
    hook: Mutex<Option<Hook>>,
    pub(crate) clock: Clock,
}

/// A bearer token.
#[derive(Debug, Clone)]
pub(crate) struct Token {
    pub(crate) book: usize,
    pub(crate) scopes: Vec<String>,
    pub(crate) revoked: bool,
}

pub(crate) struct State {
    pub(crate) clock: Clock,
    pub(crate) seed: u64,
    pub(crate) accept_any_token: bool,
    pub(crate) switches: Switches,
    pub(crate) books: Vec<BookState>,
    pub(crate) tokens: HashMap<String, Token>,
    pub(crate) plan: Plan,
    pub(crate) journal: BTreeMap<u64, Entry>,
    last_sequence: u64,
    /// How many requests of a method a book has had.
    counts: HashMap<(Option<usize>, Method), u64>,
    /// Commits that wait for reads.
    waiting: Vec<Waiting>,
}

struct Waiting {
    book: usize,
    reads: u32,
    commit: LateWork,
}

/// A commit that comes late.
#[derive(Debug, Clone)]
pub(crate) struct LateWork {
    pub(crate) sequence: u64,
    pub(crate) book: usize,
    pub(crate) request: Request,
    pub(crate) injected: Injected,
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The state holds tokens, which are never shown.
        f.debug_struct("Shared").finish_non_exhaustive()
    }
}

impl Shared {
    pub(crate) fn new(clock: Clock, seed: u64, any_token: bool, switches: Switches) -> Self {
        Self {
            state: Mutex::new(State {
                clock,
                seed,
                accept_any_token: any_token,
                switches,
                books: Vec::new(),
                tokens: HashMap::new(),
                plan: Plan::default(),
                journal: BTreeMap::new(),
                last_sequence: 0,
                counts: HashMap::new(),
                waiting: Vec::new(),
            }),
            hook: Mutex::new(None),
            clock,
        }
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        // A panic elsewhere must not hide what happened before it.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn set_hook(&self, hook: Option<Hook>) {
        *self.hook.lock().unwrap_or_else(PoisonError::into_inner) = hook;
    }

    /// Enters a request into the journal and finds its faults.
    pub(crate) fn arrive(&self, method: Method, line: String, token: Option<&str>) -> Arrival {
        let seen = self.lock().enter(method, line, token);
        let mut faults = self.lock().plan.take(&seen);
        if let Some(hook) = &mut *self.hook.lock().unwrap_or_else(PoisonError::into_inner) {
            faults.extend(hook(&seen));
        }
        let names = faults.iter().map(|fault| fault.name().to_owned()).collect();
        self.lock().note(seen.sequence, |entry| entry.faults = names);
        Arrival { sequence: seen.sequence, faults }
    }
}

/// A request that has been entered into the journal.
#[derive(Debug, Clone)]
pub(crate) struct Arrival {
    pub(crate) sequence: u64,
    pub(crate) faults: Vec<Fault>,
}

impl State {
    fn enter(&mut self, method: Method, line: String, token: Option<&str>) -> Seen {
        let book = token.and_then(|token| self.book_of(token).ok());
        let sequence = self.open(method, line, book, token.map(TokenId::of));
        let count = self.counts.entry((book, method)).or_default();
        *count += 1;
        let book = book.map(|at| self.books[at].label.clone());
        Seen { sequence, method, book, nth: *count }
    }

    fn open(
        &mut self,
        method: Method,
        line: String,
        book: Option<usize>,
        token: Option<TokenId>,
    ) -> u64 {
        self.last_sequence += 1;
        let label = book.map(|at| self.books[at].label.clone());
        let overlaps = if method.is_mutation() && label.is_some() {
            let in_flight = |entry: &&Entry| {
                entry.ended.is_none() && entry.method.is_mutation() && entry.book == label
            };
            self.journal.values().filter(in_flight).map(|entry| entry.sequence).collect()
        } else {
            Vec::new()
        };
        let entry = Entry {
            sequence: self.last_sequence,
            book: label,
            token,
            method,
            line,
            arrived: self.clock.elapsed(),
            ended: None,
            overlaps,
            faults: Vec::new(),
            names: Vec::new(),
            mask: None,
            committed: None,
            changes: Vec::new(),
            status: None,
            abandoned: false,
        };
        self.journal.insert(self.last_sequence, entry);
        self.last_sequence
    }

    /// Notes something in an entry, if the journal has not been cleared since.
    pub(crate) fn note(&mut self, sequence: u64, note: impl FnOnce(&mut Entry)) {
        if let Some(entry) = self.journal.get_mut(&sequence) {
            note(entry);
        }
    }

    /// The book of a token, made on demand if any token will do.
    fn book_of(&mut self, token: &str) -> Result<usize, ()> {
        match self.tokens.get(token) {
            Some(token) if token.revoked => Err(()),
            Some(token) => Ok(token.book),
            None if self.accept_any_token && !token.is_empty() => Ok(self.add_book(token)),
            None => Err(()),
        }
    }

    /// The book of a request, if its token may call the method.
    pub(crate) fn authorize(
        &mut self,
        token: Option<&str>,
        method: Method,
    ) -> Result<usize, ApiError> {
        let token = token.ok_or_else(|| auth::missing(method))?;
        let book = self.book_of(token).map_err(|()| auth::invalid(method))?;
        let scopes = self.tokens.get(token).map(|token| token.scopes.as_slice());
        auth::check_scopes(scopes.unwrap_or_default(), method)?;
        Ok(book)
    }

    /// Makes the book of a token; the same token gives the same book.
    pub(crate) fn add_book(&mut self, token: &str) -> usize {
        if let Some(token) = self.tokens.get(token) {
            return token.book;
        }
        let book = self.books.len();
        let label = format!("book-{}", book + 1);
        self.books.push(BookState::new(label, Rng::fork(self.seed, book as u64 + 1)));
        let scopes = auth::usual_scopes();
        self.tokens.insert(token.to_owned(), Token { book, scopes, revoked: false });
        book
    }

    /// Runs a request that has been let in, and notes what it did.
    pub(crate) fn execute(
        &mut self,
        sequence: u64,
        book: usize,
        request: &Request,
        injected: &Injected,
    ) -> Result<Value, ApiError> {
        let now = self.clock.elapsed();
        let mut cx = Context {
            book: &mut self.books[book],
            switches: &self.switches,
            clock: self.clock,
            request,
            injected,
            changes: Vec::new(),
            mask: None,
        };
        let result = methods::run(&mut cx);
        let (changes, mask) = (std::mem::take(&mut cx.changes), cx.mask.take());
        self.note(sequence, |entry| {
            entry.mask = mask;
            if !changes.is_empty() {
                entry.committed = Some(now);
                entry.changes = changes;
            }
        });
        result
    }

    /// Changes contacts as someone else would, with an entry of its own in the journal.
    pub(crate) fn write_outside(
        &mut self,
        book: usize,
        names: &[String],
        pick: &Pick,
        change: &OutsideChange,
    ) -> Vec<Change> {
        let mut chosen: Vec<String> = pick.choose(names).into_iter().collect();
        chosen.sort();
        let (clock, values) = (self.clock, self.switches.journal_values);
        let mut changes = Vec::new();
        for name in &chosen {
            let state = &mut self.books[book];
            let done = match change {
                OutsideChange::Touch => {
                    state.replace(&clock, name, serde_json::Map::new(), false, values)
                }
                OutsideChange::Set(fields) => {
                    let fields = outside_fields(fields);
                    state.replace(&clock, name, fields, false, values)
                }
                OutsideChange::Delete => state.delete(&clock, name, values),
            };
            changes.extend(done);
        }
        self.record_outside(book, changes.clone());
        changes
    }

    /// Enters changes from outside into the journal.
    pub(crate) fn record_outside(&mut self, book: usize, changes: Vec<Change>) {
        if changes.is_empty() {
            return;
        }
        let sequence = self.open(Method::Outside, String::new(), Some(book), None);
        let now = self.clock.elapsed();
        self.note(sequence, |entry| {
            entry.names = changes.iter().map(|change| change.name.clone()).collect();
            entry.changes = changes;
            entry.committed = Some(now);
            entry.ended = Some(now);
        });
    }

    pub(crate) fn wait_for_reads(&mut self, reads: u32, commit: LateWork) {
        self.waiting.push(Waiting { book: commit.book, reads: reads.max(1), commit });
    }

    /// A read of the book has been dealt with: commits that waited for it come now.
    pub(crate) fn count_read(&mut self, book: usize) {
        let mut due = Vec::new();
        self.waiting.retain_mut(|waiting| {
            if waiting.book != book {
                return true;
            }
            waiting.reads -= 1;
            if waiting.reads == 0 {
                due.push(waiting.commit.clone());
            }
            waiting.reads > 0
        });
        for commit in due {
            self.commit_late(&commit);
        }
    }

    /// Runs a commit whose client has been answered already; a refusal is heard by nobody.
    pub(crate) fn commit_late(&mut self, work: &LateWork) {
        _ = self.execute(work.sequence, work.book, &work.request, &work.injected);
    }
}

/// Fields as a test gives them, as they are stored.
pub(crate) fn outside_fields(fields: &Value) -> serde_json::Map<String, Value> {
    let fields = fields.as_object().into_iter().flatten();
    fields
        .map(|(field, entries)| {
            let entries = entries.as_array().map(Vec::as_slice).unwrap_or_default();
            (field.clone(), crate::derive::stored(field, entries).into())
        })
        .collect()
}
