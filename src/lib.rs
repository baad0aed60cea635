//! Updates a great many Google contacts safely: nothing lost, nothing cleared by accident, one
//! outcome for every contact.
//!
//! [`Contacts`] are one user's contacts, a [`Change`] is what is to become of one of them, and
//! [`Contacts::update`] carries any number of changes out: grouped by the fields they touch, in
//! requests of up to 200 contacts, one after the other, with an [`Outcome`] for every one.
//!
//! ```no_run
//! use futures_util::StreamExt as _;
//! use people_contacts::{Change, Contacts, Field, Report};
//! use people_v1::PeopleService;
//! use people_v1::schemas::Nickname;
//!
//! # async fn run(token: String, read: Vec<people_v1::schemas::Person>) -> people_v1::Result<()> {
//! let contacts = Contacts::new(PeopleService::https(token)?);
//! let changes = read.into_iter().map(|person| {
//!     Change::edit(person, |person| {
//!         person.nicknames = Some(vec![Nickname::default().set_value("Annie")]);
//!     })
//!     .clear(Field::Biographies)
//! });
//! let report: Report = contacts.update(changes).collect().await;
//! println!("{report}");
//! # Ok(())
//! # }
//! ```
//!
//! What the API itself offers is in [`people_v1`], which this crate is a thin layer over.

#![forbid(unsafe_code)]

mod backoff;
mod batch;
mod bulk;
mod change;
mod check;
mod classify;
mod compare;
mod contacts;
mod control;
mod create;
mod delete;
mod field;
mod judge;
mod list;
mod mark;
mod merge;
mod once;
mod options;
mod outcome;
mod pace;
mod patience;
mod persist;
mod planted;
mod progress;
mod queue;
mod read;
mod report;
mod run;
mod seen;
mod send;
mod settle;
mod trace;

// The programs of the README are compiled as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}

#[cfg(doctest)]
#[doc = include_str!("../MIGRATING.md")]
mod migrating {}

#[cfg(test)]
#[path = "../tests/schedules/mod.rs"]
mod schedules;

pub use people_v1;

pub use change::Change;
pub use check::Refusal;
pub use contacts::Contacts;
pub use control::Handle;
pub use create::{Creation, Creations};
pub use delete::{Deletion, Deletions};
pub use field::Field;
pub use list::Listing;
pub use options::{MAX_BATCH, Options};
pub use outcome::{Doubt, Failure, NotSent, Outcome, Settled, Updated};
pub use pace::Bound;
pub use progress::Progress;
pub use report::Report;
pub use run::Updates;
