//! The parts of the comparison with Google's Python client.

pub(crate) mod call;
pub(crate) mod compare;
mod connections;
mod contact_groups;
pub(crate) mod differences;
mod members;
mod other_contacts;
mod people;
pub(crate) mod request;

use call::Caller;

/// All methods, each with the function that calls it.
pub(crate) fn callers() -> impl Iterator<Item = (&'static str, Caller)> {
    let all = [
        people::CALLERS,
        connections::CALLERS,
        contact_groups::CALLERS,
        members::CALLERS,
        other_contacts::CALLERS,
    ];
    all.into_iter().flatten().copied()
}
