//! `people.updateContactPhoto` and `people.deleteContactPhoto`.

use super::{Context, check, text};
use crate::body;
use crate::error::ApiError;
use crate::mask::Place;
use crate::read::{Sources, View};
use crate::rng::fingerprint;
use crate::schema;
use serde_json::{Map, Value, json};

/// How files of the formats that are taken begin.
const JPEG: &[u8] = b"\xff\xd8\xff";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

pub(super) fn update(cx: &mut Context<'_>) -> Result<Value, ApiError> {
    cx.query(&schema::NO_QUERY)?;
    let body = cx.body(&schema::UPDATE_PHOTO)?;
    let view = view(cx, &body, "people/updateContactPhoto", 1)?;
    let photo = body::bytes(text(&body, "photoBytes")).unwrap_or_default();
    if photo.is_empty() {
        return Err(ApiError::invalid("Request must set photo_bytes."));
    }
    if !photo.starts_with(JPEG) && !photo.starts_with(PNG) {
        return Err(ApiError::invalid(
            "Request photo_bytes must be a photo in JPEG or PNG format.",
        ));
    }
    let id = source_id(cx)?;
    // The same bytes have the same address.
    let stamp = fingerprint(&photo);
    let url = format!("https://lh3.googleusercontent.com/contacts/emulator-{id}-{stamp:x}=s100");
    cx.book.photos.insert(id, photo);
    write(cx, view.as_ref(), json!([{ "url": url }]))
}

pub(super) fn delete(cx: &mut Context<'_>) -> Result<Value, ApiError> {
    let query = cx.query(&schema::DELETE_PHOTO_QUERY)?;
    let view = view(cx, &query, "people/deleteContactPhoto", 1)?;
    let id = source_id(cx)?;
    // A contact without a photo of its own is as it should be.
    cx.book.photos.remove(&id);
    write(cx, view.as_ref(), json!([]))
}

/// The view of the read after the write, which is skipped unless a mask asks for it. Charges for
/// both.
fn view(
    cx: &mut Context<'_>,
    parameters: &Map<String, Value>,
    page: &'static str,
    writes: u32,
) -> Result<Option<View>, ApiError> {
    let asked = text(parameters, "personFields");
    cx.charge(u32::from(!asked.is_empty()), writes)?;
    let mask = Place::new("personFields", page).read_mask(asked)?;
    Ok(mask.map(|mask| View::new(mask, Sources::of(parameters.get("sources")))))
}

/// The id of the CONTACT source of the contact in the path.
fn source_id(cx: &Context<'_>) -> Result<String, ApiError> {
    let contact = check::contact(cx, &cx.request.route.name)?;
    contact.source_id.clone().ok_or_else(ApiError::not_found)
}

fn write(cx: &mut Context<'_>, view: Option<&View>, photos: Value) -> Result<Value, ApiError> {
    let (clock, values) = (cx.clock, cx.switches.journal_values);
    let fields = Map::from_iter([("photos".to_owned(), photos)]);
    let name = &cx.request.route.name;
    let change = cx.book.replace(&clock, name, fields, false, values);
    cx.changes.push(change.ok_or_else(ApiError::not_found)?);
    match view.filter(|_| !cx.switches.empty_answers) {
        Some(view) => {
            let contact = cx.book.find(name).ok_or_else(ApiError::not_found)?;
            Ok(json!({"person": view.person(contact, &cx.clock)}))
        }
        None => Ok(json!({})),
    }
}
