//! `contactGroups.get`, `contactGroups.batchGet` and `contactGroups.list`.

use super::paging::{Everything, List, page_size};
use super::{Context, text, texts};
use crate::book::{BookState, Row};
use crate::error::ApiError;
use crate::group_view::GroupView;
use crate::groups::SYSTEM;
use crate::mask::Place;
use crate::schema;
use serde_json::{Map, Value, json};

/// What can be read of a group.
pub(super) const FIELDS: [&str; 5] = ["clientData", "groupType", "memberCount", "metadata", "name"];
/// What is read of it unless said otherwise.
const USUAL_FIELDS: [&str; 4] = ["groupType", "memberCount", "metadata", "name"];
/// Most names in a call.
const BATCH_LIMIT: usize = 200;
/// Groups on a page, by default and at most.
const USUAL_PAGE: usize = 30;
const LARGEST_PAGE: usize = 1000;

pub(super) fn get(cx: &mut Context<'_>) -> Result<Value, ApiError> {
    let query = cx.query(&schema::GET_GROUP_QUERY)?;
    cx.charge(1, 0)?;
    let view = view(&query, "contactGroups/get")?;
    view.group(cx.book, &cx.request.route.name, &cx.clock).ok_or_else(ApiError::not_found)
}

pub(super) fn batch_get(cx: &mut Context<'_>) -> Result<Value, ApiError> {
    let query = cx.query(&schema::BATCH_GET_GROUPS_QUERY)?;
    cx.charge(1, 0)?;
    let view = view(&query, "contactGroups/batchGet")?;
    let names = texts(query.get("resourceNames"));
    match names.len() {
        0 => return Err(ApiError::invalid("Request must have at least one resource name.")),
        1..=BATCH_LIMIT => {}
        count => {
            return Err(ApiError::invalid(format!(
                "Request must not have more than {BATCH_LIMIT} resource names, it has {count}."
            )));
        }
    }
    let response = |name: &String| match view.group(cx.book, name, &cx.clock) {
        Some(group) => json!({"requestedResourceName": name, "status": {}, "contactGroup": group}),
        None => {
            let status = ApiError::not_found().status();
            json!({"requestedResourceName": name, "status": status})
        }
    };
    let responses: Vec<Value> = names.iter().map(response).collect();
    Ok(json!({ "responses": responses }))
}

pub(super) fn list(cx: &mut Context<'_>) -> Result<Value, ApiError> {
    let query = cx.query(&schema::LIST_GROUPS_QUERY)?;
    cx.charge(1, 0)?;
    let view = view(&query, "contactGroups/list")?;
    let fixed = format!("contactGroups|{}", view.fields.join(","));
    let list = List::of(&query, fixed, page_size(&query, USUAL_PAGE, LARGEST_PAGE)?);
    let page = list.always_syncing().page(cx, everything)?;

    let groups = page.rows.iter().filter_map(|row| match row {
        // What was deleted between two pages is passed over.
        Row::Present(name) => view.group(cx.book, name, &cx.clock),
        Row::Deleted(stone) => Some(GroupView::tombstone(stone)),
    });
    let groups: Vec<Value> = groups.collect();
    let mut answer = Map::new();
    if !groups.is_empty() {
        answer.insert("contactGroups".into(), groups.into());
    }
    if page.total > 0 {
        answer.insert("totalItems".into(), page.total.into());
    }
    page.put_tokens(&mut answer);
    Ok(answer.into())
}

/// The user's groups, then the system's, which never change.
fn everything(book: &BookState) -> Everything {
    let own = book.groups.values().map(|group| (group.changed, group.name.clone()));
    let system = SYSTEM.iter().map(|group| (0, group.name.to_owned()));
    Everything { present: own.chain(system).collect(), deleted: book.gone_groups.clone() }
}

/// The view of a read, whose mask is documented on this page of the reference.
fn view(query: &Map<String, Value>, page: &'static str) -> Result<GroupView, ApiError> {
    let place = Place::new("groupFields", page);
    let mut fields = place.words(text(query, "groupFields"), &FIELDS)?;
    if fields.is_empty() {
        fields = USUAL_FIELDS.to_vec();
    }
    let asked = query.get("maxMembers").and_then(Value::as_i64).unwrap_or_default();
    let Ok(members) = usize::try_from(asked) else {
        return Err(ApiError::invalid(format!("Max members must not be negative, it is {asked}.")));
    };
    Ok(GroupView { fields, members })
}
