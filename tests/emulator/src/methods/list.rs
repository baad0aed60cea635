//! `people.connections.list`: pages, orders, and incremental reads with sync tokens.

use super::paging::{Everything, List, page_size};
use super::{Context, required_view, text};
use crate::book::{BookState, Contact, Row};
use crate::error::ApiError;
use crate::mask;
use crate::schema;
use serde_json::{Map, Value};

/// People on a page, by default and at most.
const USUAL_PAGE: usize = 100;
const LARGEST_PAGE: usize = 1000;

pub(super) fn run(cx: &mut Context<'_>) -> Result<Value, ApiError> {
    let query = cx.query(&schema::LIST_QUERY)?;
    cx.charge(1, 0)?;
    if cx.request.route.name != "people/me" {
        return Err(ApiError::invalid("Resource name must be \"people/me\"."));
    }
    let mut view = required_view(&query, mask::LIST)?;
    view.listed = true;
    let order = text(&query, "sortOrder");
    let fixed = format!("connections|{}|{}|{order}", view.mask.text(), view.sources.text());
    let list = List::of(&query, fixed, page_size(&query, USUAL_PAGE, LARGEST_PAGE)?);
    view.sync = list.is_sync();
    let page = list.page(cx, |book| everything(book, order))?;

    let people = page.rows.iter().filter_map(|row| match row {
        // What was deleted between two pages is passed over.
        Row::Present(name) => {
            cx.book.contacts.get(name).map(|contact| view.person(contact, &cx.clock))
        }
        Row::Deleted(stone) => Some(view.tombstone(stone, "CONTACT")),
    });
    let people: Vec<Value> = people.collect();
    let mut answer = Map::new();
    // A page without people has no key for them.
    if !people.is_empty() {
        answer.insert("connections".into(), people.into());
    }
    if page.total > 0 {
        answer.insert("totalPeople".into(), page.total.into());
        answer.insert("totalItems".into(), page.total.into());
    }
    page.put_tokens(&mut answer);
    Ok(answer.into())
}

fn everything(book: &BookState, order: &str) -> Everything {
    let mut contacts: Vec<&Contact> =
        book.contacts.values().filter(|contact| contact.source_id.is_some()).collect();
    match order {
        "LAST_MODIFIED_DESCENDING" => contacts.sort_by_key(|c| std::cmp::Reverse(c.changed)),
        "FIRST_NAME_ASCENDING" => contacts.sort_by_key(|c| sort_key(c, "givenName", "familyName")),
        "LAST_NAME_ASCENDING" => contacts.sort_by_key(|c| sort_key(c, "familyName", "givenName")),
        _ => contacts.sort_by_key(|c| c.changed),
    }
    Everything {
        present: contacts.iter().map(|c| (c.changed, c.name.clone())).collect(),
        deleted: book.tombstones.clone(),
    }
}

/// People without a name come last, the rest in the order of their names without regard to case.
fn sort_key(contact: &Contact, first: &str, second: &str) -> (bool, String, String) {
    let name = contact.fields.get("names").and_then(|names| names.get(0));
    let part = |key| name.and_then(|n| n[key].as_str()).unwrap_or_default().to_lowercase();
    (name.is_none(), part(first), part(second))
}
