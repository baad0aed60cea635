//! `contactGroups.create`, `contactGroups.update` and `contactGroups.delete`.

use super::group_read::FIELDS;
use super::{Context, text};
use crate::error::{ApiError, Code};
use crate::group_view::GroupView;
use crate::groups::system_group;
use crate::mask::Place;
use crate::schema;
use serde_json::{Map, Value, json};

/// What can be read of a group after it has been made: it has no members to be counted yet.
const FIELDS_OF_NEW: [&str; 4] = ["clientData", "groupType", "metadata", "name"];
/// What is read of it after a write unless said otherwise.
const USUAL_FIELDS: [&str; 3] = ["groupType", "metadata", "name"];

pub(super) fn create(cx: &mut Context<'_>) -> Result<Value, ApiError> {
    cx.query(&schema::NO_QUERY)?;
    let body = cx.body(&schema::CREATE_GROUP)?;
    cx.charge(0, 1)?;
    let place = Place::new("readGroupFields", "contactGroups/create");
    let view = view(&body, place, &FIELDS_OF_NEW)?;
    let group = sent(&body)?;
    let title = title(cx, group, None)?;
    let client_data = client_data(group);
    let (clock, values) = (cx.clock, cx.switches.journal_values);
    let change = cx.book.create_group(&clock, &title, client_data, values);
    let name = change.name.clone();
    cx.changes.push(change);
    answer(cx, &view, &name)
}

pub(super) fn update(cx: &mut Context<'_>) -> Result<Value, ApiError> {
    cx.query(&schema::NO_QUERY)?;
    let body = cx.body(&schema::UPDATE_GROUP)?;
    cx.charge(0, 1)?;
    let place = Place::new("updateGroupFields", "contactGroups/update");
    let mut fields = place.words(text(&body, "updateGroupFields"), &["clientData", "name"])?;
    if fields.is_empty() {
        fields = vec!["name"];
    }
    cx.mask = Some(fields.join(","));
    let place = Place::new("readGroupFields", "contactGroups/update");
    let view = view(&body, place, &FIELDS)?;
    let sent = sent(&body)?;
    // The name in the path counts; one in the body is overruled by it.
    let name = cx.request.route.name.clone();
    check_own(&name)?;
    let group = cx.book.groups.get(&name).ok_or_else(ApiError::not_found)?.clone();
    let title = if fields.contains(&"name") { title(cx, sent, Some(&name))? } else { group.title };
    let client_data =
        if fields.contains(&"clientData") { client_data(sent) } else { group.client_data };
    // An etag is not required, says nothing that is public; one that is given must be right.
    let etag = text(sent, "etag");
    if !etag.is_empty() && etag != group.etag {
        return Err(ApiError::new(
            Code::FailedPrecondition,
            "Request contactGroup.etag is different than the current contactGroup.etag. Clear \
             local cache and get the latest contact group.",
        ));
    }
    let (clock, values) = (cx.clock, cx.switches.journal_values);
    let change = cx.book.put_group(&clock, name.clone(), &title, client_data, values);
    cx.changes.push(change);
    answer(cx, &view, &name)
}

pub(super) fn delete(cx: &mut Context<'_>) -> Result<Value, ApiError> {
    let query = cx.query(&schema::DELETE_GROUP_QUERY)?;
    cx.charge(0, 1)?;
    let name = &cx.request.route.name;
    check_own(name)?;
    let with_contacts = query.get("deleteContacts") == Some(&Value::Bool(true));
    let (clock, values) = (cx.clock, cx.switches.journal_values);
    let changes = cx.book.delete_group(&clock, name, with_contacts, values);
    cx.changes = changes.ok_or_else(ApiError::not_found)?;
    Ok(json!({}))
}

/// The group of the body.
fn sent(body: &Map<String, Value>) -> Result<&Map<String, Value>, ApiError> {
    let group = body.get("contactGroup").and_then(Value::as_object);
    group.ok_or_else(|| ApiError::invalid("Request must set contact_group."))
}

/// The name that a group is to have, which no other group of the user may have.
fn title(
    cx: &Context<'_>,
    group: &Map<String, Value>,
    own_name: Option<&str>,
) -> Result<String, ApiError> {
    let title = text(group, "name").trim();
    if title.is_empty() {
        return Err(ApiError::invalid("Request must set contact_group.name."));
    }
    match cx.book.group_titled(title) {
        Some(other) if Some(other.name.as_str()) != own_name => {
            Err(ApiError::new(Code::AlreadyExists, "Contact group name already exists."))
        }
        _ => Ok(title.to_owned()),
    }
}

fn client_data(group: &Map<String, Value>) -> Vec<Value> {
    group.get("clientData").and_then(Value::as_array).cloned().unwrap_or_default()
}

/// The system's groups cannot be changed by anybody.
fn check_own(name: &str) -> Result<(), ApiError> {
    match system_group(name) {
        Some(_) => Err(ApiError::invalid(format!(
            "Resource name \"{name}\" is a system contact group, which cannot be modified."
        ))),
        None => Ok(()),
    }
}

fn view(
    body: &Map<String, Value>,
    place: Place,
    allowed: &[&'static str],
) -> Result<GroupView, ApiError> {
    let mut fields = place.words(text(body, "readGroupFields"), allowed)?;
    if fields.is_empty() {
        fields = USUAL_FIELDS.to_vec();
    }
    Ok(GroupView { fields, members: 0 })
}

fn answer(cx: &Context<'_>, view: &GroupView, name: &str) -> Result<Value, ApiError> {
    if cx.switches.empty_answers {
        return Ok(json!({}));
    }
    view.group(cx.book, name, &cx.clock).ok_or_else(ApiError::not_found)
}
