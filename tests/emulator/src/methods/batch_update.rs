//! `people.batchUpdateContacts`: all contacts are updated, or none.

use super::{Context, check, text};
use crate::book::Fields;
use crate::error::{ApiError, Code};
use crate::mask::{self, Mask};
use crate::read::{self, Sources, View};
use crate::schema;
use crate::switches::{BatchDetails, CheckOrder, MixedFailure, UnknownContact};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Most contacts in a call.
const LIMIT: usize = 200;
/// What a call costs, whatever its size.
const UNITS: u32 = 6;

type Failures = BTreeMap<String, ApiError>;

pub(super) fn run(cx: &mut Context<'_>) -> Result<Value, ApiError> {
    cx.query(&schema::NO_QUERY)?;
    let body = cx.body(&schema::BATCH_UPDATE)?;
    let reads = if text(&body, "readMask").is_empty() { 0 } else { UNITS };
    cx.charge(reads, UNITS)?;
    cx.mask = Some(text(&body, "updateMask").to_owned());
    let nothing = Map::new();
    let contacts = body.get("contacts").and_then(Value::as_object).unwrap_or(&nothing);

    let masks = masks(&body);
    if cx.switches.check_order == CheckOrder::MasksFirst {
        masks.clone()?;
    }
    check_count(contacts.len())?;
    let update_mask = masks.as_ref().map(|(update, _)| update.clone()).unwrap_or_default();
    let (writes, mut failures) = check_all(cx, contacts, &update_mask);
    let inside = take_tolerated(cx, &mut failures);
    if !failures.is_empty() {
        return Err(refuse(cx, &failures));
    }
    let (_, read_mask) = masks?;

    let names: Vec<String> = contacts.keys().cloned().collect();
    let chosen = cx.rename_picks(&names);
    let mut written = Vec::new();
    for (name, fields) in writes {
        if inside.contains_key(&name) {
            continue;
        }
        let rename = cx.renames(&name, &chosen);
        let values = cx.switches.journal_values;
        let clock = cx.clock;
        if let Some(change) = cx.book.replace(&clock, &name, fields, rename, values) {
            written.push((name, change.new_name.clone()));
            cx.changes.push(change);
        }
    }
    Ok(answer(cx, &body, read_mask, &written, &inside))
}

fn masks(body: &Map<String, Value>) -> Result<(Mask, Option<Mask>), ApiError> {
    let update = mask::BATCH_UPDATE.update_mask(text(body, "updateMask"))?;
    let read = mask::BATCH_UPDATE_READ.read_mask(text(body, "readMask"))?;
    Ok((update, read))
}

fn check_count(count: usize) -> Result<(), ApiError> {
    match count {
        0 => Err(ApiError::invalid("Request must have at least one contact to be updated.")),
        1..=LIMIT => Ok(()),
        _ => Err(ApiError::invalid(format!(
            "Request must not have more than {LIMIT} contacts, it has {count}."
        ))),
    }
}

fn check_all(
    cx: &mut Context<'_>,
    contacts: &Map<String, Value>,
    mask: &Mask,
) -> (BTreeMap<String, Fields>, Failures) {
    let mut writes = BTreeMap::new();
    let mut failures = BTreeMap::new();
    let nothing = Map::new();
    let missing_etag = cx.switches.missing_etag_in_batch;
    for (name, person) in contacts {
        let person = person.as_object().unwrap_or(&nothing);
        let inner = text(person, "resourceName");
        let checked = if inner.is_empty() || inner == name {
            check::update(cx, name, person, mask, missing_etag)
        } else {
            Err(ApiError::invalid(format!(
                "Resource name \"{inner}\" of the person is different than the resource name \
                 \"{name}\" in the request."
            )))
        };
        match checked {
            Ok(fields) => _ = writes.insert(name.clone(), fields),
            Err(error) => _ = failures.insert(name.clone(), error),
        }
    }
    (writes, failures)
}

/// Takes out the failures that are told inside a 200 and do not stop the others.
fn take_tolerated(cx: &Context<'_>, failures: &mut Failures) -> Failures {
    let mut inside = Failures::new();
    let names = &cx.request.names;
    for (pick, code) in &cx.injected.fail {
        for name in pick.choose(names) {
            if names.contains(&name) {
                failures.remove(&name);
                inside.insert(name, ApiError::new(*code, code.usual_message()));
            }
        }
    }
    let tolerated = |error: &ApiError| {
        cx.switches.failures_in_200
            || (error.code == Code::NotFound
                && cx.switches.unknown_contact == UnknownContact::In200)
    };
    for (name, error) in std::mem::take(failures) {
        if tolerated(&error) {
            inside.insert(name, error);
        } else {
            failures.insert(name, error);
        }
    }
    inside
}

fn refuse(cx: &Context<'_>, failures: &Failures) -> ApiError {
    let whole_batch = cx.switches.unknown_contact == UnknownContact::WholeBatch;
    if whole_batch && failures.values().any(|error| error.code == Code::NotFound) {
        return ApiError::not_found();
    }
    let Some(first) = failures.values().next() else { return ApiError::invalid("") };
    let mixed = failures.values().any(|error| error.code != first.code);
    let code = match cx.switches.mixed_failure {
        MixedFailure::Always(code) if mixed => code,
        _ => first.code,
    };
    let error = ApiError::new(code, first.message.clone());
    let told = match cx.switches.batch_details {
        BatchDetails::Full => failures.len(),
        BatchDetails::OnlyFirst => 1,
        BatchDetails::Missing => return error,
    };
    let errors: Map<String, Value> =
        failures.iter().take(told).map(|(name, e)| (name.clone(), e.status())).collect();
    error.detail(json!({
        "@type": "type.googleapis.com/google.people.v1.BatchUpdateContactsErrorDetails",
        "contactErrors": errors,
    }))
}

fn answer(
    cx: &Context<'_>,
    body: &Map<String, Value>,
    read_mask: Option<Mask>,
    written: &[(String, String)],
    inside: &Failures,
) -> Value {
    let mut results = Map::new();
    if let Some(mask) = read_mask.filter(|_| !cx.switches.empty_answers) {
        let view = View::new(mask, Sources::of(body.get("sources")));
        for (name, new_name) in written {
            let person = read::response(cx.book, name, new_name, &view, &cx.clock);
            results.insert(name.clone(), person);
        }
    }
    for (name, error) in inside {
        let failed = read::failed(name, error.code.http(), &error.status());
        results.insert(name.clone(), failed);
    }
    if results.is_empty() { json!({}) } else { json!({ "updateResult": results }) }
}
