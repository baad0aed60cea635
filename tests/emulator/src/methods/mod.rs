//! The methods of the API, one module each, and what they share.

mod batch_create;
mod batch_update;
mod check;
mod create;
mod delete;
mod directory;
mod group_read;
mod group_write;
mod list;
mod members;
mod others;
mod paging;
mod photo;
mod read;
mod search;
mod update;

use crate::body;
use crate::book::BookState;
use crate::clock::Clock;
use crate::error::{ApiError, Code};
use crate::fault::Pick;
use crate::journal::{Change, Method};
use crate::mask::{Mask, Place};
use crate::query::Query;
use crate::quota::Cost;
use crate::read::{Sources, View};
use crate::route::Route;
use crate::schema::Message;
use crate::switches::Switches;
use serde_json::{Map, Value};
use std::collections::HashSet;

/// A request, read in full.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) route: Route,
    pub(crate) query: Query,
    content_type: Option<String>,
    /// The body as JSON, or why it is none.
    body: Result<Value, ApiError>,
    has_body: bool,
    /// The resource names that the request is about, as far as they can be told without checking
    /// it; in order.
    pub(crate) names: Vec<String>,
}

impl Request {
    pub(crate) fn new(
        route: Route,
        query: Query,
        content_type: Option<String>,
        body: &[u8],
    ) -> Self {
        let has_body = !body.is_empty();
        let body = body::parse(body);
        let mut names = names(&route, &query, body.as_ref().unwrap_or(&Value::Null));
        names.sort();
        Self { route, query, content_type, body, has_body, names }
    }
}

fn names(route: &Route, query: &Query, body: &Value) -> Vec<String> {
    match route.method {
        Method::BatchGet => {
            let query = query.read(&crate::schema::BATCH_GET_QUERY).unwrap_or_default();
            texts(query.get("resourceNames"))
        }
        Method::BatchGetContactGroups => {
            let query = query.read(&crate::schema::BATCH_GET_GROUPS_QUERY).unwrap_or_default();
            texts(query.get("resourceNames"))
        }
        Method::ModifyContactGroupMembers => [
            ("resourceNamesToAdd", "resource_names_to_add"),
            ("resourceNamesToRemove", "resource_names_to_remove"),
        ]
        .iter()
        .flat_map(|(camel, snake)| texts(body.get(camel).or(body.get(snake))))
        .collect(),
        Method::BatchUpdateContacts => match &body["contacts"] {
            Value::Object(contacts) => contacts.keys().cloned().collect(),
            _ => Vec::new(),
        },
        Method::BatchDeleteContacts => {
            texts(body.get("resourceNames").or(body.get("resource_names")))
        }
        _ if route.name.is_empty() => Vec::new(),
        _ => vec![route.name.clone()],
    }
}

fn texts(list: Option<&Value>) -> Vec<String> {
    let items = list.and_then(Value::as_array).into_iter().flatten();
    items.filter_map(|item| item.as_str().map(str::to_owned)).collect()
}

/// What faults make of a request.
#[derive(Debug, Clone, Default)]
pub(crate) struct Injected {
    pub(crate) rename: Vec<Pick>,
    pub(crate) fail: Vec<(Pick, Code)>,
}

/// What a method works with.
pub(crate) struct Context<'a> {
    pub(crate) book: &'a mut BookState,
    pub(crate) switches: &'a Switches,
    pub(crate) clock: Clock,
    pub(crate) request: &'a Request,
    pub(crate) injected: &'a Injected,
    /// What has been changed.
    pub(crate) changes: Vec<Change>,
    /// The update mask, for the journal.
    pub(crate) mask: Option<String>,
}

/// Runs the method of a request.
pub(crate) fn run(cx: &mut Context<'_>) -> Result<Value, ApiError> {
    match cx.request.route.method {
        Method::Get => read::get(cx),
        Method::BatchGet => read::batch_get(cx),
        Method::ListConnections => list::run(cx),
        Method::CreateContact => create::run(cx),
        Method::BatchCreateContacts => batch_create::run(cx),
        Method::UpdateContact => update::run(cx),
        Method::BatchUpdateContacts => batch_update::run(cx),
        Method::DeleteContact => delete::one(cx),
        Method::BatchDeleteContacts => delete::batch(cx),
        Method::UpdateContactPhoto => photo::update(cx),
        Method::DeleteContactPhoto => photo::delete(cx),
        Method::SearchContacts => search::contacts(cx),
        Method::ListDirectoryPeople => directory::list(cx),
        Method::SearchDirectoryPeople => directory::search(cx),
        Method::GetContactGroup => group_read::get(cx),
        Method::BatchGetContactGroups => group_read::batch_get(cx),
        Method::ListContactGroups => group_read::list(cx),
        Method::CreateContactGroup => group_write::create(cx),
        Method::UpdateContactGroup => group_write::update(cx),
        Method::DeleteContactGroup => group_write::delete(cx),
        Method::ModifyContactGroupMembers => members::run(cx),
        Method::ListOtherContacts => others::list(cx),
        Method::SearchOtherContacts => search::others(cx),
        Method::CopyOtherContact => others::copy(cx),
        Method::Unknown | Method::Outside => Err(ApiError::not_found()),
    }
}

impl Context<'_> {
    fn query(&self, message: &'static Message) -> Result<Map<String, Value>, ApiError> {
        self.request.query.read(message)
    }

    /// Reads the body, which must be called JSON if it is called anything.
    fn body(&self, message: &'static Message) -> Result<Map<String, Value>, ApiError> {
        if let Some(content_type) = &self.request.content_type {
            let kind = content_type.split(';').next().unwrap_or_default().trim();
            let is_json = kind.eq_ignore_ascii_case("application/json");
            if !is_json && self.request.has_body {
                return Err(ApiError::invalid(format!(
                    "Invalid content type \"{kind}\": the body must be application/json."
                )));
            }
        }
        body::read_value(self.request.body.as_ref().map_err(Clone::clone)?, message)
    }

    fn charge(&mut self, reads: u32, writes: u32) -> Result<(), ApiError> {
        let now = self.clock.elapsed();
        let cost = Cost { reads, writes };
        let switches = self.switches;
        let (reads, writes) = (switches.reads_per_minute, switches.writes_per_minute);
        self.book.quota.charge(now, cost, reads, writes)
    }

    /// Whether an update of this contact changes its name.
    fn renames(&self, name: &str, chosen: &HashSet<String>) -> bool {
        chosen.contains(name) || self.switches.rename_on_update.iter().any(|n| n == name)
    }

    fn rename_picks(&self, names: &[String]) -> HashSet<String> {
        self.injected.rename.iter().flat_map(|pick| pick.choose(names)).collect()
    }
}

fn text<'a>(object: &'a Map<String, Value>, key: &str) -> &'a str {
    object.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// The view of a read by `personFields`, or by its deprecated forerunner; one is required.
fn required_view(query: &Map<String, Value>, place: Place) -> Result<View, ApiError> {
    let mut asked = text(query, "personFields").to_owned();
    if asked.is_empty() {
        // Each path of the older mask begins with "person.".
        let paths: Vec<&str> = text(query, "requestMask.includeField")
            .split(',')
            .map(|path| path.strip_prefix("person.").unwrap_or(path))
            .collect();
        asked = paths.join(",");
    }
    let mask = place.read_mask(&asked)?.ok_or_else(|| place.required())?;
    Ok(View::new(mask, Sources::of(query.get("sources"))))
}

/// The view of the read after a mutation of one contact: everything, unless said otherwise.
fn view_or_everything(query: &Map<String, Value>, place: Place) -> Result<View, ApiError> {
    let mask = place.read_mask(text(query, "personFields"))?.unwrap_or_else(Mask::everything);
    Ok(View::new(mask, Sources::of(query.get("sources"))))
}

#[cfg(test)]
mod tests {
    use super::Request;
    use crate::query::Query;
    use crate::route::route;
    use http::Method as Verb;

    #[test]
    fn names_of_a_request() {
        let names = |verb: Verb, path: &str, query: &str, body: &str| {
            Request::new(route(&verb, path), Query::decode(query), None, body.as_bytes()).names
        };
        let update = "/v1/people:batchUpdateContacts";
        let body = r#"{"contacts": {"people/c2": {}, "people/c1": {}}}"#;
        assert_eq!(names(Verb::POST, update, "", body), ["people/c1", "people/c2"]);
        assert!(names(Verb::POST, update, "", "{").is_empty());
        let query = "resourceNames=people/c1";
        assert_eq!(names(Verb::GET, "/v1/people:batchGet", query, ""), ["people/c1"]);
        assert_eq!(names(Verb::GET, "/v1/people/c1", "", ""), ["people/c1"]);
    }
}
