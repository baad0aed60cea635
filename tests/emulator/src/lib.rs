//! An emulator of Google's [People API] for tests.
//!
//! It is an HTTP server inside the test's own process: real sockets (or in-memory streams),
//! HTTP/1.1 and HTTP/2, HTTP and HTTPS. Each bearer token has an address book of its own. It is
//! strict: what the service rejects, it rejects, with the same bodies. It can be told to fail in
//! every way that networks and services fail, and it keeps a journal by which a test can tell
//! what really happened.
//!
//! It knows all 24 methods of the API. Everything else answers 404, as a wrong path does.
//!
//! ```
//! use people_emulator::{Emulator, Fault, Matcher, Method};
//! use serde_json::json;
//!
//! # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
//! let emulator = Emulator::start().await?;
//! let book = emulator.book("token-of-ann");
//! let name = book.insert(json!({"names": [{"givenName": "Ann", "familyName": "Lee"}]}));
//! assert_eq!(book.get(&name).unwrap()["names"][0]["displayName"], "Ann Lee");
//!
//! // The second update will be applied, but its caller gets a 503.
//! emulator.when(Matcher::method(Method::UpdateContact), 2, Fault::status_after_commit(503));
//!
//! // Point any client to this URL, with "token-of-ann" as its bearer token.
//! println!("{}", emulator.url());
//!
//! // ... and look at what happened.
//! for entry in emulator.journal() {
//!     println!("{} {:?} {:?}", entry.line, entry.status, entry.changes);
//! }
//! emulator.shutdown().await;
//! # std::io::Result::Ok(())
//! # })?;
//! # std::io::Result::Ok(())
//! ```
//!
//! # What is believed, and what is not known
//!
//! Much of the service's behaviour is public only in parts. Where it is not, [`Switches`] choose;
//! their defaults are what reports of users make most likely. Some things are stricter here than
//! they may be there, so that mistakes show: a single value is not taken for a list, paths in
//! masks must be spelled exactly, page sizes out of range are refused.
//!
//! One default differs from the service on purpose: there is no quota unless
//! [`Switches::writes_per_minute`] or [`Switches::reads_per_minute`] is set.
//!
//! # Time and chance
//!
//! All time comes from [`tokio::time`], so that a test in a runtime with paused time pauses the
//! emulator as well; use [`Emulator::dialer`] there, since a runtime does not know that a socket
//! is about to become ready. All chance comes from [`Builder::seed`]. With [`Builder::epoch`] set
//! too, a run gives the same answers each time. TLS keys are the exception: they are always new.
//!
//! [People API]: https://developers.google.com/people

mod auth;
mod body;
mod book;
mod clock;
mod derive;
mod emulator;
mod error;
mod etag;
mod exchange;
mod fault;
mod group_view;
mod groups;
mod handle;
mod handle_groups;
mod handle_people;
mod journal;
mod mask;
mod methods;
mod query;
mod quota;
mod read;
mod reply;
mod rng;
mod roster;
mod route;
mod schema;
mod search;
mod seed;
mod server;
mod state;
mod switches;
mod tls;

pub use crate::emulator::{Builder, Dialer, Emulator};
pub use crate::error::Code;
pub use crate::fault::{
    BodyShape, CannedAnswer, Fault, Matcher, OutsideChange, Phase, Pick, ResetPoint, Seen,
};
pub use crate::handle::Book;
pub use crate::journal::{Change, Entry, Method, TokenId};
pub use crate::switches::{
    BatchDetails, CheckOrder, CommitAfter, Cut, EarlyReply, LateCommit, MixedFailure, RetryAfter,
    Switches, UnknownContact,
};

/// The scope for contacts and contact groups; tokens have it unless a test says otherwise.
pub const SCOPE_CONTACTS: &str = "https://www.googleapis.com/auth/contacts";
/// The scope that suffices for reading contacts and contact groups.
pub const SCOPE_CONTACTS_READONLY: &str = "https://www.googleapis.com/auth/contacts.readonly";
/// The scope for other contacts; tokens have it unless a test says otherwise.
pub const SCOPE_OTHER_CONTACTS_READONLY: &str =
    "https://www.googleapis.com/auth/contacts.other.readonly";
/// The scope for the directory of a domain; tokens have it unless a test says otherwise.
pub const SCOPE_DIRECTORY_READONLY: &str = "https://www.googleapis.com/auth/directory.readonly";
