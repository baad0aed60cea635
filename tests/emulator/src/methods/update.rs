//! `people.updateContact`.

use super::{Context, check, text, view_or_everything};
use crate::error::ApiError;
use crate::mask;
use crate::schema;
use serde_json::{Value, json};

pub(super) fn run(cx: &mut Context<'_>) -> Result<Value, ApiError> {
    let query = cx.query(&schema::UPDATE_QUERY)?;
    let person = cx.body(&schema::PERSON)?;
    cx.charge(1, 1)?;
    let update_mask = mask::UPDATE.update_mask(text(&query, "updatePersonFields"))?;
    cx.mask = Some(update_mask.text());
    let view = view_or_everything(&query, mask::GET)?;
    // The name in the path counts; one in the body is overruled by it.
    let name = cx.request.route.name.clone();
    let missing_etag = cx.switches.missing_etag_in_update;
    let fields = check::update(cx, &name, &person, &update_mask, missing_etag)?;
    let names = [name.clone()];
    let rename = cx.renames(&name, &cx.rename_picks(&names));
    let (clock, values) = (cx.clock, cx.switches.journal_values);
    let change =
        cx.book.replace(&clock, &name, fields, rename, values).ok_or_else(ApiError::not_found)?;
    let contact = cx.book.find(&change.new_name).ok_or_else(ApiError::not_found)?;
    let answer =
        if cx.switches.empty_answers { json!({}) } else { view.person(contact, &cx.clock) };
    cx.changes.push(change);
    Ok(answer)
}
