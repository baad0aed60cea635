//! Pages and sync tokens, the same for every list.

use super::{Context, text};
use crate::book::{BookState, Listing, Row, Tombstone};
use crate::error::ApiError;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};
use std::time::Duration;

/// What a list can show.
#[derive(Debug, Default)]
pub(super) struct Everything {
    /// What is there, in order: the number of its last change, and its name.
    pub(super) present: Vec<(u64, String)>,
    /// What has been deleted; shown with a sync token only.
    pub(super) deleted: Vec<Tombstone>,
}

/// One page of a list.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) rows: Vec<Row>,
    /// How much there is on all pages; 0 for a sync.
    pub(super) total: usize,
    next_page_token: Option<String>,
    next_sync_token: Option<String>,
}

impl Page {
    /// Adds the tokens to an answer.
    pub(super) fn put_tokens(self, answer: &mut Map<String, Value>) {
        let tokens =
            [("nextPageToken", self.next_page_token), ("nextSyncToken", self.next_sync_token)];
        for (key, token) in tokens {
            if let Some(token) = token {
                answer.insert(key.into(), token.into());
            }
        }
    }
}

/// A request for a page of a list.
#[derive(Debug)]
pub(super) struct List {
    /// What must be the same from one sync to the next, the kind of list included.
    fixed: String,
    page_size: usize,
    page_token: String,
    sync_token: String,
    wants_sync_token: bool,
}

impl List {
    /// Reads the parameters that all lists share. `fixed` tells this list and its parameters from
    /// others.
    pub(super) fn of(query: &Map<String, Value>, fixed: String, page_size: usize) -> Self {
        Self {
            fixed,
            page_size,
            page_token: text(query, "pageToken").to_owned(),
            sync_token: text(query, "syncToken").to_owned(),
            wants_sync_token: query.get("requestSyncToken") == Some(&Value::Bool(true)),
        }
    }

    /// Gives a sync token although the method has no parameter to ask for one.
    pub(super) fn always_syncing(mut self) -> Self {
        self.wants_sync_token = true;
        self
    }

    /// Whether only changes since a token are asked for.
    pub(super) fn is_sync(&self) -> bool {
        !self.sync_token.is_empty()
    }

    /// The page that is asked for. On the first one, `everything` says what there is, and its
    /// order is frozen, so that pages fit together whatever happens between them.
    pub(super) fn page(
        &self,
        cx: &mut Context<'_>,
        everything: impl FnOnce(&BookState) -> Everything,
    ) -> Result<Page, ApiError> {
        let (number, start) = if self.page_token.is_empty() {
            (self.first(cx, everything)?, 0)
        } else {
            self.later(cx)?
        };
        let listing = &cx.book.listings[number];
        let rest = listing.rows.get(start..).unwrap_or_default();
        let rows = rest[..self.page_size.min(rest.len())].to_vec();
        let (total, seen) = (listing.total, listing.seen);
        let mut page = Page { rows, total, next_page_token: None, next_sync_token: None };
        if page.rows.len() < rest.len() {
            let token = format!("page {number} {}", start + page.rows.len());
            page.next_page_token = Some(URL_SAFE_NO_PAD.encode(token));
        } else if self.wants_sync_token {
            page.next_sync_token = Some(self.next_sync_token(cx, seen));
        }
        Ok(page)
    }

    fn first(
        &self,
        cx: &mut Context<'_>,
        everything: impl FnOnce(&BookState) -> Everything,
    ) -> Result<usize, ApiError> {
        let seen = cx.book.changes_until(&cx.clock, cx.switches.sync_delay);
        let (rows, total) = if self.is_sync() {
            let since = self.check_sync_token(cx)?;
            let news = |changed: u64| changed > since && changed <= seen;
            let Everything { present, deleted } = everything(cx.book);
            let present = present.into_iter().filter(|(changed, _)| news(*changed));
            let deleted = deleted.into_iter().filter(|stone| news(stone.changed));
            let present = present.map(|(_, name)| Row::Present(name));
            (present.chain(deleted.map(Row::Deleted)).collect(), 0)
        } else {
            let present = everything(cx.book).present;
            let total = present.len();
            (present.into_iter().map(|(_, name)| Row::Present(name)).collect(), total)
        };
        let parameters = self.all_parameters();
        cx.book.listings.push(Listing { rows, parameters, total, seen });
        Ok(cx.book.listings.len() - 1)
    }

    fn later(&self, cx: &Context<'_>) -> Result<(usize, usize), ApiError> {
        let bad = || ApiError::invalid("Invalid page token.");
        let text = decode(&self.page_token).ok_or_else(bad)?;
        let mut parts = text.strip_prefix("page ").ok_or_else(bad)?.split(' ');
        let mut number = || parts.next()?.parse::<usize>().ok();
        let (page, start) = (number().ok_or_else(bad)?, number().ok_or_else(bad)?);
        let listing = cx.book.listings.get(page).ok_or_else(bad)?;
        if listing.parameters != self.all_parameters() {
            return Err(ApiError::invalid(
                "Request parameters must be those of the call that gave the page token.",
            ));
        }
        Ok((page, start))
    }

    /// What must be the same on every page of a list.
    fn all_parameters(&self) -> String {
        format!("{}|{}|{}", self.fixed, self.wants_sync_token, self.sync_token)
    }

    fn next_sync_token(&self, cx: &Context<'_>, seen: u64) -> String {
        // A token's life begins with the full sync: an incremental one does not prolong it.
        let born = decode(&self.sync_token)
            .and_then(|text| text.split(' ').nth(2)?.parse::<u64>().ok())
            .unwrap_or_else(|| u64::try_from(cx.clock.elapsed().as_millis()).unwrap_or(u64::MAX));
        let generation = cx.book.sync_generation;
        URL_SAFE_NO_PAD.encode(format!("sync {seen} {born} {generation} {}", self.fixed))
    }

    /// The number of changes the sync token has seen.
    fn check_sync_token(&self, cx: &Context<'_>) -> Result<u64, ApiError> {
        let bad = || ApiError::invalid("Invalid sync token.");
        let text = decode(&self.sync_token).ok_or_else(bad)?;
        let mut parts = text.strip_prefix("sync ").ok_or_else(bad)?.splitn(4, ' ');
        let mut number = || parts.next()?.parse::<u64>().ok();
        let (seen, born) = (number().ok_or_else(bad)?, number().ok_or_else(bad)?);
        let generation = number().ok_or_else(bad)?;
        let age = cx.clock.elapsed().saturating_sub(Duration::from_millis(born));
        if age > cx.switches.sync_token_life || generation != cx.book.sync_generation {
            return Err(ApiError::invalid(
                "Sync token is expired. Clear local cache and retry call without the sync token.",
            )
            .info("EXPIRED_SYNC_TOKEN", "people.googleapis.com", &json!({})));
        }
        // The size of pages may differ between syncs; fields, sources and order may not.
        if parts.next() != Some(self.fixed.as_str()) {
            return Err(ApiError::invalid(
                "Request parameters must be those of the call that gave the sync token.",
            ));
        }
        Ok(seen)
    }
}

/// The `pageSize` of a request: 0 stands for the usual one, the rest must be in range.
pub(super) fn page_size(
    query: &Map<String, Value>,
    usual: usize,
    largest: usize,
) -> Result<usize, ApiError> {
    let asked = query.get("pageSize").and_then(Value::as_i64).unwrap_or_default();
    match usize::try_from(asked) {
        Ok(0) => Ok(usual),
        Ok(size) if size <= largest => Ok(size),
        _ => Err(ApiError::invalid(format!(
            "Page size must be between 1 and {largest}, it is {asked}."
        ))),
    }
}

fn decode(token: &str) -> Option<String> {
    String::from_utf8(URL_SAFE_NO_PAD.decode(token).ok()?).ok()
}
