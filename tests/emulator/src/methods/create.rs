//! `people.createContact`, and the checks it shares with its batch.

use super::{Context, check, view_or_everything};
use crate::book::Fields;
use crate::error::ApiError;
use crate::mask::{self, Mask};
use crate::schema;
use serde_json::{Map, Value, json};

pub(super) fn run(cx: &mut Context<'_>) -> Result<Value, ApiError> {
    let query = cx.query(&schema::CREATE_QUERY)?;
    let person = cx.body(&schema::PERSON)?;
    cx.charge(1, 1)?;
    let view = view_or_everything(&query, mask::GET)?;
    let fields = checked(cx, &person)?;
    let (clock, values) = (cx.clock, cx.switches.journal_values);
    let change = cx.book.create(&clock, fields, values);
    let contact = cx.book.find(&change.new_name).ok_or_else(ApiError::not_found)?;
    let answer =
        if cx.switches.empty_answers { json!({}) } else { view.person(contact, &cx.clock) };
    cx.changes.push(change);
    Ok(answer)
}

/// What a new contact will hold, if it may; fields without values are left out.
pub(super) fn checked(cx: &Context<'_>, person: &Map<String, Value>) -> Result<Fields, ApiError> {
    let mask = Mask::writable();
    check::values(person, &mask)?;
    let memberships = check::entries(person, "memberships");
    if !memberships.is_empty() {
        cx.book.check_memberships(memberships, None)?;
    }
    let mut fields = check::fields(person, &mask);
    fields.retain(|_, entries| entries.as_array().is_some_and(|list| !list.is_empty()));
    Ok(fields)
}
