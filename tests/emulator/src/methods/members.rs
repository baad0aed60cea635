//! `contactGroups.members.modify`: contacts join a group or leave it.

use super::{Context, texts};
use crate::error::ApiError;
use crate::schema;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// Most names in a call, both lists together.
const LIMIT: usize = 1000;

pub(super) fn run(cx: &mut Context<'_>) -> Result<Value, ApiError> {
    cx.query(&schema::NO_QUERY)?;
    let body = cx.body(&schema::MODIFY_MEMBERS)?;
    cx.charge(0, 1)?;
    let group = cx.request.route.name.clone();
    if !cx.book.has_group(&group) {
        return Err(ApiError::not_found());
    }
    let add = texts(body.get("resourceNamesToAdd"));
    let remove = texts(body.get("resourceNamesToRemove"));
    check(cx, &group, &add, &remove)?;

    let (clock, values) = (cx.clock, cx.switches.journal_values);
    let mut missing = BTreeSet::new();
    let mut last = BTreeSet::new();
    for name in &add {
        if is_contact(cx, name) {
            cx.changes.extend(cx.book.join_group(&clock, name, &group, values));
        } else {
            missing.insert(name);
        }
    }
    for name in &remove {
        if !is_contact(cx, name) {
            missing.insert(name);
            continue;
        }
        cx.changes.extend(cx.book.leave_group(&clock, name, &group, false, values));
        if cx.book.members(&group).any(|member| member == name) {
            last.insert(name);
        }
    }
    let mut answer = Map::new();
    for (key, names) in
        [("notFoundResourceNames", missing), ("canNotRemoveLastContactGroupResourceNames", last)]
    {
        let names: Vec<&str> = names.into_iter().map(String::as_str).collect();
        if !names.is_empty() {
            answer.insert(key.into(), names.into());
        }
    }
    Ok(answer.into())
}

/// Whether there is a contact of this name; profiles and former names are none.
fn is_contact(cx: &Context<'_>, name: &str) -> bool {
    cx.book.contacts.get(name).is_some_and(|contact| contact.source_id.is_some())
}

fn check(cx: &Context<'_>, group: &str, add: &[String], remove: &[String]) -> Result<(), ApiError> {
    match add.len() + remove.len() {
        // Stricter than the service may be: a call that does nothing is a mistake.
        0 => return Err(ApiError::invalid("Request must have at least one resource name.")),
        1..=LIMIT => {}
        count => {
            return Err(ApiError::invalid(format!(
                "Request must not have more than {LIMIT} resource names, it has {count}."
            )));
        }
    }
    let bad = |name: &&String| {
        let id = name.strip_prefix("people/").unwrap_or_default();
        id.is_empty() || id.contains('/')
    };
    if let Some(bad) = add.iter().chain(remove).find(bad) {
        return Err(ApiError::invalid(format!(
            "Resource name \"{bad}\" is not a valid contact person resource."
        )));
    }
    if let Some(both) = add.iter().find(|name| remove.contains(name)) {
        return Err(ApiError::invalid(format!(
            "Resource name \"{both}\" must not be both added and removed."
        )));
    }
    if add.is_empty() { Ok(()) } else { cx.book.check_open(group) }
}
