//! `people.searchContacts` and `otherContacts.search`.

use super::{Context, text};
use crate::book::Contact;
use crate::error::ApiError;
use crate::mask::Place;
use crate::read::{Sources, View};
use crate::schema;
use crate::search::{OF_CONTACTS, OF_OTHERS, Query};
use serde_json::{Map, Value, json};

/// Results, by default and at most; whoever asks for more gets so many.
const USUAL_RESULTS: usize = 10;
const MOST_RESULTS: usize = 30;
/// What can be read of an other contact that is found.
const OTHERS_FIELDS: [&str; 4] = ["emailAddresses", "metadata", "names", "phoneNumbers"];

pub(super) fn contacts(cx: &mut Context<'_>) -> Result<Value, ApiError> {
    let query = cx.query(&schema::SEARCH_QUERY)?;
    cx.charge(1, 0)?;
    let place = Place::new("readMask", "people/searchContacts");
    let mask = place.read_mask(text(&query, "readMask"))?.ok_or_else(|| place.required())?;
    let sources = match Sources::of(query.get("sources")) {
        _ if query.get("sources").is_none() => Sources::kinds(["CONTACT"]),
        asked => asked,
    };
    let view = View::new(mask, sources);
    let limit = result_limit(&query)?;
    let Some(wanted) = Query::of(text(&query, "query")) else { return Ok(warm_up(cx, 0)) };
    let known = known(cx, 0);
    let found = cx.book.contacts.values().filter(|contact| {
        contact.source_id.is_some()
            && contact.changed <= known
            && wanted.finds(&contact.fields, &OF_CONTACTS)
    });
    Ok(results(cx, &view, found, limit))
}

pub(super) fn others(cx: &mut Context<'_>) -> Result<Value, ApiError> {
    let query = cx.query(&schema::SEARCH_OTHERS_QUERY)?;
    cx.charge(1, 0)?;
    let place = Place::new("readMask", "otherContacts/search");
    let mask = place.limited_mask(text(&query, "readMask"), &OTHERS_FIELDS)?;
    let mask = mask.ok_or_else(|| place.required())?;
    let view = View::new(mask, Sources::kinds(["OTHER_CONTACT"]));
    let limit = result_limit(&query)?;
    let Some(wanted) = Query::of(text(&query, "query")) else { return Ok(warm_up(cx, 1)) };
    let known = known(cx, 1);
    let found = cx.book.others.people.values().filter(|person| {
        let mut own = person.linked.iter().filter(|linked| linked.kind == "OTHER_CONTACT");
        person.changed <= known && own.any(|linked| wanted.finds(&linked.fields, &OF_OTHERS))
    });
    Ok(results(cx, &view, found, limit))
}

/// An empty query brings what searches know up to date, and finds nothing.
fn warm_up(cx: &mut Context<'_>, which: usize) -> Value {
    cx.book.warmed[which] = cx.book.log.len() as u64;
    json!({})
}

/// The number of changes that a search knows of.
fn known(cx: &Context<'_>, which: usize) -> u64 {
    if cx.switches.search_needs_warmup { cx.book.warmed[which] } else { u64::MAX }
}

fn result_limit(query: &Map<String, Value>) -> Result<usize, ApiError> {
    let asked = query.get("pageSize").and_then(Value::as_i64).unwrap_or_default();
    match usize::try_from(asked) {
        Ok(0) => Ok(USUAL_RESULTS),
        Ok(size) => Ok(size.min(MOST_RESULTS)),
        Err(_) => Err(ApiError::invalid(format!("Page size must not be negative, it is {asked}."))),
    }
}

/// What was changed last comes first.
fn results<'a>(
    cx: &Context<'_>,
    view: &View,
    found: impl Iterator<Item = &'a Contact>,
    limit: usize,
) -> Value {
    let mut found: Vec<&Contact> = found.collect();
    found.sort_by_key(|contact| std::cmp::Reverse(contact.changed));
    found.truncate(limit);
    if found.is_empty() {
        return json!({});
    }
    let results: Vec<Value> =
        found.iter().map(|contact| json!({"person": view.person(contact, &cx.clock)})).collect();
    json!({ "results": results })
}
