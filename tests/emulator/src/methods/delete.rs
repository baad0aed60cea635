//! `people.deleteContact` and `people.batchDeleteContacts`.

use super::{Context, check, texts};
use crate::error::ApiError;
use crate::schema;
use serde_json::{Value, json};

/// Most contacts in a call.
const LIMIT: usize = 500;
/// What a batch costs, whatever its size.
const UNITS: u32 = 10;

pub(super) fn one(cx: &mut Context<'_>) -> Result<Value, ApiError> {
    cx.query(&schema::NO_QUERY)?;
    cx.charge(0, 1)?;
    let name = cx.request.route.name.clone();
    delete(cx, &[name])
}

pub(super) fn batch(cx: &mut Context<'_>) -> Result<Value, ApiError> {
    cx.query(&schema::NO_QUERY)?;
    let body = cx.body(&schema::BATCH_DELETE)?;
    cx.charge(0, UNITS)?;
    let names = texts(body.get("resourceNames"));
    match names.len() {
        0 => Err(ApiError::invalid("Request must have at least one resource name.")),
        1..=LIMIT => delete(cx, &names),
        count => Err(ApiError::invalid(format!(
            "Request must not have more than {LIMIT} resource names, it has {count}."
        ))),
    }
}

/// Deletes all of them, or none.
fn delete(cx: &mut Context<'_>, names: &[String]) -> Result<Value, ApiError> {
    for name in names {
        check::contact(cx, name)?;
    }
    let (clock, values) = (cx.clock, cx.switches.journal_values);
    for name in names {
        // A name that is given twice is gone by its second turn.
        cx.changes.extend(cx.book.delete(&clock, name, values));
    }
    Ok(json!({}))
}
