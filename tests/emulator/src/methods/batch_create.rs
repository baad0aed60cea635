//! `people.batchCreateContacts`: all contacts are created, or none.

use super::{Context, create, text};
use crate::error::ApiError;
use crate::mask;
use crate::read::{self, Sources, View};
use crate::schema;
use crate::switches::BatchDetails;
use serde_json::{Map, Value, json};

/// Most contacts in a call.
const LIMIT: usize = 200;
/// What a call costs, whatever its size.
const UNITS: u32 = 6;

pub(super) fn run(cx: &mut Context<'_>) -> Result<Value, ApiError> {
    cx.query(&schema::NO_QUERY)?;
    let body = cx.body(&schema::BATCH_CREATE)?;
    let reads = if text(&body, "readMask").is_empty() { 0 } else { UNITS };
    cx.charge(reads, UNITS)?;
    let read_mask = mask::BATCH_CREATE_READ.read_mask(text(&body, "readMask"))?;
    let contacts =
        body.get("contacts").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    match contacts.len() {
        0 => {
            return Err(ApiError::invalid("Request must have at least one contact to be created."));
        }
        1..=LIMIT => {}
        count => {
            return Err(ApiError::invalid(format!(
                "Request must not have more than {LIMIT} contacts, it has {count}."
            )));
        }
    }

    let mut fields = Vec::new();
    let mut failures: Vec<(usize, ApiError)> = Vec::new();
    for (index, contact) in contacts.iter().enumerate() {
        let checked = match contact["contactPerson"].as_object() {
            Some(person) => create::checked(cx, person),
            None => Err(ApiError::invalid("Request must set contact_person.")),
        };
        match checked {
            Ok(checked) => fields.push(checked),
            Err(error) => failures.push((index, error)),
        }
    }
    if !failures.is_empty() {
        return Err(refuse(cx, &failures));
    }

    let (clock, values) = (cx.clock, cx.switches.journal_values);
    for fields in fields {
        let change = cx.book.create(&clock, fields, values);
        cx.changes.push(change);
    }
    let Some(mask) = read_mask.filter(|_| !cx.switches.empty_answers) else {
        return Ok(json!({}));
    };
    let view = View::new(mask, Sources::of(body.get("sources")));
    let created: Vec<Value> = cx
        .changes
        .iter()
        .map(|c| read::response(cx.book, &c.new_name, &c.new_name, &view, &cx.clock))
        .collect();
    Ok(json!({ "createdPeople": created }))
}

/// New contacts have no name yet: their errors are told by their place in the request.
fn refuse(cx: &Context<'_>, failures: &[(usize, ApiError)]) -> ApiError {
    let Some((_, first)) = failures.first() else { return ApiError::invalid("") };
    let error = ApiError::new(first.code, first.message.clone());
    let told = match cx.switches.batch_details {
        BatchDetails::Full => failures.len(),
        BatchDetails::OnlyFirst => 1,
        BatchDetails::Missing => return error,
    };
    let errors: Map<String, Value> =
        failures.iter().take(told).map(|(at, e)| (at.to_string(), e.status())).collect();
    error.detail(json!({
        "@type": "type.googleapis.com/google.people.v1.BatchCreateContactsErrorDetails",
        "contactErrors": errors,
    }))
}
