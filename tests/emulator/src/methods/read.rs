//! `people.get` and `people.getBatchGet`.

use super::{Context, required_view, texts};
use crate::error::ApiError;
use crate::mask;
use crate::read;
use crate::schema;
use serde_json::{Value, json};

/// Most names in a call.
const LIMIT: usize = 200;

pub(super) fn get(cx: &mut Context<'_>) -> Result<Value, ApiError> {
    let query = cx.query(&schema::GET_QUERY)?;
    cx.charge(1, 0)?;
    let view = required_view(&query, mask::GET)?;
    let contact = cx.book.find(&cx.request.route.name).ok_or_else(ApiError::not_found)?;
    Ok(view.person(contact, &cx.clock))
}

pub(super) fn batch_get(cx: &mut Context<'_>) -> Result<Value, ApiError> {
    let query = cx.query(&schema::BATCH_GET_QUERY)?;
    cx.charge(1, 0)?;
    let view = required_view(&query, mask::GET)?;
    let names = texts(query.get("resourceNames"));
    match names.len() {
        0 => return Err(ApiError::invalid("Request must have at least one resource name.")),
        1..=LIMIT => {}
        count => {
            return Err(ApiError::invalid(format!(
                "Request must not have more than {LIMIT} resource names, it has {count}."
            )));
        }
    }
    let responses: Vec<Value> =
        names.iter().map(|name| read::response(cx.book, name, name, &view, &cx.clock)).collect();
    Ok(json!({ "responses": responses }))
}
