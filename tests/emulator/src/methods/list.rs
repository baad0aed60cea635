//! `people.connections.list`: pages, orders, and incremental reads with sync tokens.

use super::{Context, required_view, text};
use crate::book::{Contact, Listing, Row};
use crate::error::ApiError;
use crate::mask;
use crate::read::View;
use crate::schema;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};
use std::time::Duration;

/// People on a page, by default and at most.
const USUAL_PAGE: i64 = 100;
const LARGEST_PAGE: i64 = 1000;

pub(super) fn run(cx: &mut Context<'_>) -> Result<Value, ApiError> {
    let query = cx.query(&schema::LIST_QUERY)?;
    cx.charge(1, 0)?;
    if cx.request.route.name != "people/me" {
        return Err(ApiError::invalid("Resource name must be \"people/me\"."));
    }
    let mut view = required_view(&query, mask::LIST)?;
    view.listed = true;
    let page_size = match query.get("pageSize").and_then(Value::as_i64).unwrap_or_default() {
        0 => USUAL_PAGE,
        size @ 1..=LARGEST_PAGE => size,
        size => {
            return Err(ApiError::invalid(format!(
                "Page size must be between 1 and {LARGEST_PAGE}, it is {size}."
            )));
        }
    };
    let page_size = usize::try_from(page_size).unwrap_or(1);
    let sync_token = text(&query, "syncToken");
    view.sync = !sync_token.is_empty();

    let (number, start) = match text(&query, "pageToken") {
        "" => (first_page(cx, &query, &view)?, 0),
        token => next_page(cx, &query, &view, token)?,
    };
    let listing = cx.book.listings[number].clone();
    let rows = listing.names.get(start..).unwrap_or_default();
    let shown = &rows[..page_size.min(rows.len())];
    let people: Vec<Value> = shown
        .iter()
        .filter_map(|row| match row {
            // What was deleted between two pages is passed over.
            Row::Present(name) => {
                cx.book.contacts.get(name).map(|contact| view.person(contact, &cx.clock))
            }
            Row::Deleted(stone) => Some(view.tombstone(stone)),
        })
        .collect();

    let mut answer = Map::new();
    // A page without people has no key for them.
    if !people.is_empty() {
        answer.insert("connections".into(), people.into());
    }
    if shown.len() < rows.len() {
        let token = format!("page {number} {}", start + shown.len());
        answer.insert("nextPageToken".into(), URL_SAFE_NO_PAD.encode(token).into());
    } else if query.get("requestSyncToken") == Some(&Value::Bool(true)) {
        let token = sync_token_text(cx, &query, &view, listing.seen);
        answer.insert("nextSyncToken".into(), token.into());
    }
    if listing.total > 0 && !view.sync {
        answer.insert("totalPeople".into(), listing.total.into());
        answer.insert("totalItems".into(), listing.total.into());
    }
    Ok(answer.into())
}

/// Freezes the order of the people, so that pages fit together whatever happens between them.
fn first_page(
    cx: &mut Context<'_>,
    query: &Map<String, Value>,
    view: &View,
) -> Result<usize, ApiError> {
    let seen = cx.book.changes_until(&cx.clock, cx.switches.sync_delay);
    let token = text(query, "syncToken");
    let mut contacts: Vec<&Contact> =
        cx.book.contacts.values().filter(|contact| contact.source_id.is_some()).collect();
    let total = contacts.len();
    match text(query, "sortOrder") {
        "LAST_MODIFIED_DESCENDING" => contacts.sort_by_key(|c| std::cmp::Reverse(c.changed)),
        "FIRST_NAME_ASCENDING" => contacts.sort_by_key(|c| sort_key(c, "givenName", "familyName")),
        "LAST_NAME_ASCENDING" => contacts.sort_by_key(|c| sort_key(c, "familyName", "givenName")),
        _ => contacts.sort_by_key(|c| c.changed),
    }
    let names = if token.is_empty() {
        contacts.iter().map(|c| Row::Present(c.name.clone())).collect()
    } else {
        let since = check_sync_token(cx, query, view, token)?;
        let news = |changed: u64| changed > since && changed <= seen;
        let deleted = cx.book.tombstones.iter().filter(|stone| news(stone.changed));
        contacts
            .iter()
            .filter(|c| news(c.changed))
            .map(|c| Row::Present(c.name.clone()))
            .chain(deleted.map(|stone| Row::Deleted(stone.clone())))
            .collect()
    };
    let parameters = all_parameters(query, view);
    cx.book.listings.push(Listing { names, parameters, total, seen });
    Ok(cx.book.listings.len() - 1)
}

fn next_page(
    cx: &Context<'_>,
    query: &Map<String, Value>,
    view: &View,
    token: &str,
) -> Result<(usize, usize), ApiError> {
    let bad = || ApiError::invalid("Invalid page token.");
    let text = decode(token).ok_or_else(bad)?;
    let mut parts = text.strip_prefix("page ").ok_or_else(bad)?.split(' ');
    let mut number = || parts.next()?.parse::<usize>().ok();
    let (page, start) = (number().ok_or_else(bad)?, number().ok_or_else(bad)?);
    let listing = cx.book.listings.get(page).ok_or_else(bad)?;
    if listing.parameters != all_parameters(query, view) {
        return Err(ApiError::invalid(
            "Request parameters must be those of the call that gave the page token.",
        ));
    }
    Ok((page, start))
}

/// What must be the same on every page of a list.
fn all_parameters(query: &Map<String, Value>, view: &View) -> String {
    let sync = query.get("requestSyncToken") == Some(&Value::Bool(true));
    format!("{}|{sync}|{}", sync_parameters(query, view), text(query, "syncToken"))
}

/// What must be the same from one sync to the next.
fn sync_parameters(query: &Map<String, Value>, view: &View) -> String {
    format!("{}|{}|{}", view.mask.text(), view.sources.text(), text(query, "sortOrder"))
}

fn sync_token_text(cx: &Context<'_>, query: &Map<String, Value>, view: &View, seen: u64) -> String {
    // A token's life begins with the full sync: an incremental one does not prolong it.
    let born = decode(text(query, "syncToken"))
        .and_then(|text| text.split(' ').nth(2)?.parse::<u64>().ok())
        .unwrap_or_else(|| u64::try_from(cx.clock.elapsed().as_millis()).unwrap_or(u64::MAX));
    URL_SAFE_NO_PAD.encode(format!("sync {seen} {born} {}", sync_parameters(query, view)))
}

/// The number of changes a sync token has seen.
fn check_sync_token(
    cx: &Context<'_>,
    query: &Map<String, Value>,
    view: &View,
    token: &str,
) -> Result<u64, ApiError> {
    let bad = || ApiError::invalid("Invalid sync token.");
    let text = decode(token).ok_or_else(bad)?;
    let mut parts = text.strip_prefix("sync ").ok_or_else(bad)?.splitn(3, ' ');
    let mut part = || parts.next().ok_or_else(bad);
    let seen: u64 = part()?.parse().map_err(|_| bad())?;
    let born = Duration::from_millis(part()?.parse().map_err(|_| bad())?);
    let same = part()? == sync_parameters(query, view);
    let age = cx.clock.elapsed().saturating_sub(born);
    let revoked = cx.book.tokens_expired_until.is_some_and(|until| born <= until);
    if age > cx.switches.sync_token_life || revoked {
        return Err(ApiError::invalid(
            "Sync token is expired. Clear local cache and retry call without the sync token.",
        )
        .info("EXPIRED_SYNC_TOKEN", "people.googleapis.com", &json!({})));
    }
    // The size of pages may differ between syncs; fields, sources and order may not.
    if !same {
        return Err(ApiError::invalid(
            "Request parameters must be those of the call that gave the sync token.",
        ));
    }
    Ok(seen)
}

fn decode(token: &str) -> Option<String> {
    String::from_utf8(URL_SAFE_NO_PAD.decode(token).ok()?).ok()
}

/// People without a name come last, the rest in the order of their names without regard to case.
fn sort_key(contact: &Contact, first: &str, second: &str) -> (bool, String, String) {
    let name = contact.fields.get("names").and_then(|names| names.get(0));
    let part = |key| name.and_then(|n| n[key].as_str()).unwrap_or_default().to_lowercase();
    (name.is_none(), part(first), part(second))
}
