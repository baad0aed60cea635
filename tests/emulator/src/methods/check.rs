//! What a contact must satisfy before it is written.

use super::{Context, text};
use crate::book::{Contact, Fields};
use crate::derive;
use crate::error::{ApiError, Code};
use crate::etag;
use crate::mask::Mask;
use crate::switches::Switches;
use serde_json::{Map, Value};

/// Fields with dates in them, and the properties that hold them.
const DATES: [(&str, &str); 4] = [
    ("birthdays", "date"),
    ("events", "date"),
    ("organizations", "startDate"),
    ("organizations", "endDate"),
];

/// Refuses names that cannot be a contact's: profiles, `people/me`, other kinds of resources.
pub(super) fn contact_name(name: &str) -> Result<(), ApiError> {
    let id = name.strip_prefix("people/c").unwrap_or_default();
    if !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(());
    }
    Err(ApiError::invalid(format!(
        "Resource name \"{name}\" is not a valid contact person resource."
    )))
}

/// Finds a contact to write to. A former name is not followed: writers must use the new one.
pub(super) fn contact<'a>(cx: &'a Context<'_>, name: &str) -> Result<&'a Contact, ApiError> {
    contact_name(name)?;
    let contact = cx.book.contacts.get(name).ok_or_else(ApiError::not_found)?;
    if contact.source_id.is_none() {
        return Err(ApiError::invalid(format!(
            "Person \"{name}\" has no contact source to be changed."
        )));
    }
    Ok(contact)
}

/// Checks the values of the masked fields by themselves.
pub(super) fn values(person: &Map<String, Value>, mask: &Mask) -> Result<(), ApiError> {
    for field in mask.paths() {
        let sent = entries(person, field);
        if derive::is_singleton(field) && derive::contact_sourced(sent) > 1 {
            return Err(ApiError::invalid(format!(
                "Cannot have more than one person.{field} per source."
            )));
        }
        for (_, property) in DATES.iter().filter(|(dated, _)| *dated == field) {
            for entry in sent {
                check_date(field, &entry[property])?;
            }
        }
    }
    Ok(())
}

fn check_date(field: &str, date: &Value) -> Result<(), ApiError> {
    let part = |name: &str| date[name].as_i64().unwrap_or_default();
    let (year, month, day) = (part("year"), part("month"), part("day"));
    let leap = year == 0 || (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0));
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    let valid = (0..=9999).contains(&year)
        && (0..=12).contains(&month)
        && (0..=days).contains(&day)
        && (month > 0 || day == 0);
    if valid {
        Ok(())
    } else {
        Err(ApiError::invalid(format!("Invalid date in person.{field}: {year}-{month}-{day}.")))
    }
}

/// Everything an update of one contact must satisfy. Gives the fields to be replaced.
pub(super) fn update(
    cx: &mut Context<'_>,
    name: &str,
    person: &Map<String, Value>,
    mask: &Mask,
    missing_etag: Code,
) -> Result<Fields, ApiError> {
    contact_name(name)?;
    values(person, mask)?;
    let contact = contact(cx, name)?;
    if mask.has("memberships") {
        cx.book.check_memberships(entries(person, "memberships"), Some(contact))?;
    }
    check_etag(cx.switches, contact, person, missing_etag)?;
    let every = u64::from(cx.switches.spurious_mismatch_every);
    cx.book.attempts += 1;
    if every > 0 && cx.book.attempts.is_multiple_of(every) {
        return Err(stale("person.etag"));
    }
    Ok(fields(person, mask))
}

/// The masked fields of a person as they are to be stored; a field without values is cleared.
pub(super) fn fields(person: &Map<String, Value>, mask: &Mask) -> Fields {
    mask.paths()
        .map(|field| (field.to_owned(), derive::stored(field, entries(person, field)).into()))
        .collect()
}

pub(super) fn entries<'a>(person: &'a Map<String, Value>, field: &str) -> &'a [Value] {
    person.get(field).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// Both etags are looked at if both are given; one of them is enough.
fn check_etag(
    switches: &Switches,
    contact: &Contact,
    person: &Map<String, Value>,
    missing: Code,
) -> Result<(), ApiError> {
    let whole = text(person, "etag");
    let sources = person.get("metadata").and_then(|metadata| metadata["sources"].as_array());
    let source = sources
        .into_iter()
        .flatten()
        .filter(|source| source["type"] == "CONTACT")
        .filter(|source| {
            let id = source["id"].as_str().unwrap_or_default();
            id.is_empty() || Some(id) == contact.source_id.as_deref()
        })
        .find_map(|source| source["etag"].as_str().filter(|etag| !etag.is_empty()));
    if whole.is_empty() && source.is_none() {
        return Err(ApiError::new(
            missing,
            "Request must set person.etag or person.metadata.sources.etag for the source that is \
             being updated.",
        ));
    }
    if !whole.is_empty() {
        // A source's etag in this place is no person's etag and never matches.
        let fits = etag::parse(whole).is_some_and(|etag| {
            etag.source.as_ref() == Some(&contact.etag)
                && (switches.list_etag_accepted || !etag.listed)
        });
        if !fits {
            return Err(stale("person.etag"));
        }
    }
    match source {
        Some(etag) if etag != contact.etag => Err(stale("person.metadata.sources.etag")),
        _ => Ok(()),
    }
}

fn stale(which: &str) -> ApiError {
    ApiError::new(
        Code::FailedPrecondition,
        format!(
            "Request {which} is different than the current {which}. Clear local cache and get the \
             latest person."
        ),
    )
}
