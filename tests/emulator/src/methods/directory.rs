//! `people.listDirectoryPeople` and `people.searchDirectoryPeople`.

use super::paging::{Everything, List, page_size};
use super::{Context, text, texts};
use crate::book::{BookState, Contact, Fields, Row};
use crate::error::{ApiError, Code};
use crate::mask::Place;
use crate::read::{Sources, View};
use crate::schema;
use crate::search::{OF_CONTACTS, Query};
use serde_json::{Map, Value};

/// People on a page, by default and at most.
const USUAL_PAGE: usize = 100;
const LARGEST_LIST: usize = 1000;
const LARGEST_SEARCH: usize = 500;

/// What both methods read from their parameters.
struct Asked {
    view: View,
    /// The user's own contacts are merged in.
    merge: bool,
}

impl Asked {
    fn of(query: &Map<String, Value>, page: &'static str) -> Result<Self, ApiError> {
        let place = Place::new("readMask", page);
        let mask = place.read_mask(text(query, "readMask"))?.ok_or_else(|| place.required())?;
        let mut kinds = Vec::new();
        for source in texts(query.get("sources")) {
            match source.as_str() {
                "DIRECTORY_SOURCE_TYPE_DOMAIN_CONTACT" => kinds.push("DOMAIN_CONTACT"),
                "DIRECTORY_SOURCE_TYPE_DOMAIN_PROFILE" => kinds.push("DOMAIN_PROFILE"),
                _ => {}
            }
        }
        if kinds.is_empty() {
            return Err(ApiError::invalid("Request must have at least one directory source."));
        }
        let merge_sources = texts(query.get("mergeSources"));
        let merge = merge_sources.iter().any(|s| s == "DIRECTORY_MERGE_SOURCE_TYPE_CONTACT");
        if merge {
            kinds.push("CONTACT");
        }
        Ok(Self { view: View::new(mask, Sources::kinds(kinds)), merge })
    }

    fn parameters(&self) -> String {
        format!("{}|{}", self.view.mask.text(), self.view.sources.text())
    }

    /// Whether a person has one of the directory's sources that are asked for.
    fn shows(&self, person: &Contact) -> bool {
        person
            .linked
            .iter()
            .any(|linked| linked.kind.starts_with("DOMAIN") && self.view.sources.show(&linked.kind))
    }

    fn person(&self, cx: &Context<'_>, name: &str) -> Option<Value> {
        let person = cx.book.directory.as_ref()?.people.get(name)?;
        let merged = self.merge.then(|| merge(cx.book, person)).flatten();
        Some(self.view.person(merged.as_ref().unwrap_or(person), &cx.clock))
    }
}

pub(super) fn list(cx: &mut Context<'_>) -> Result<Value, ApiError> {
    let query = cx.query(&schema::LIST_DIRECTORY_QUERY)?;
    cx.charge(1, 0)?;
    check_domain(cx)?;
    let mut asked = Asked::of(&query, "people/listDirectoryPeople")?;
    let size = page_size(&query, USUAL_PAGE, LARGEST_LIST)?;
    let list = List::of(&query, format!("directory|{}", asked.parameters()), size);
    asked.view.sync = list.is_sync();
    let page = list.page(cx, |book| everything(book, |person| asked.shows(person)))?;
    let people = page.rows.iter().filter_map(|row| match row {
        Row::Present(name) => asked.person(cx, name),
        Row::Deleted(stone) => Some(asked.view.tombstone(stone, "DOMAIN_PROFILE")),
    });
    let mut answer = answer(people.collect());
    page.put_tokens(&mut answer);
    Ok(answer.into())
}

pub(super) fn search(cx: &mut Context<'_>) -> Result<Value, ApiError> {
    let query = cx.query(&schema::SEARCH_DIRECTORY_QUERY)?;
    cx.charge(1, 0)?;
    check_domain(cx)?;
    let asked = Asked::of(&query, "people/searchDirectoryPeople")?;
    let size = page_size(&query, USUAL_PAGE, LARGEST_SEARCH)?;
    let text = text(&query, "query");
    let wanted = Query::of(text).ok_or_else(|| ApiError::invalid("Request must set query."))?;
    let list = List::of(&query, format!("found|{}|{text}", asked.parameters()), size);
    let fits = |person: &Contact| {
        let mut linked = person.linked.iter().filter(|l| asked.view.sources.show(&l.kind));
        asked.shows(person) && linked.any(|linked| wanted.finds(&linked.fields, &OF_CONTACTS))
    };
    let page = list.page(cx, |book| everything(book, fits))?;
    let people = page.rows.iter().filter_map(|row| match row {
        Row::Present(name) => asked.person(cx, name),
        Row::Deleted(_) => None,
    });
    let mut answer = answer(people.collect());
    if page.total > 0 {
        answer.insert("totalSize".into(), page.total.into());
    }
    page.put_tokens(&mut answer);
    Ok(answer.into())
}

/// Other accounts than those of a domain have no directory.
fn check_domain(cx: &Context<'_>) -> Result<(), ApiError> {
    match cx.book.directory {
        Some(_) => Ok(()),
        None => Err(ApiError::new(Code::FailedPrecondition, "Must be a G Suite domain user.")),
    }
}

fn everything(book: &BookState, fits: impl Fn(&Contact) -> bool) -> Everything {
    let Some(directory) = &book.directory else { return Everything::default() };
    let mut people: Vec<&Contact> = directory.people.values().filter(|p| fits(p)).collect();
    people.sort_by_key(|person| person.changed);
    Everything {
        present: people.iter().map(|p| (p.changed, p.name.clone())).collect(),
        deleted: directory.tombstones.clone(),
    }
}

fn answer(people: Vec<Value>) -> Map<String, Value> {
    let mut answer = Map::new();
    if !people.is_empty() {
        answer.insert("people".into(), people.into());
    }
    answer
}

/// The person together with the user's contact that has the same email address or number.
fn merge(book: &BookState, person: &Contact) -> Option<Contact> {
    let keys: Vec<String> = person.linked.iter().flat_map(|l| join_keys(&l.fields)).collect();
    let own = book.contacts.values().find(|contact| {
        contact.source_id.is_some() && join_keys(&contact.fields).any(|key| keys.contains(&key))
    })?;
    let mut merged = person.clone();
    merged.source_id.clone_from(&own.source_id);
    merged.fields.clone_from(&own.fields);
    Some(merged)
}

fn join_keys(fields: &Fields) -> impl Iterator<Item = String> {
    [("emailAddresses", "value"), ("phoneNumbers", "canonicalForm")].into_iter().flat_map(
        |(field, property)| {
            let entries = fields.get(field).and_then(Value::as_array).into_iter().flatten();
            entries.filter_map(move |entry| Some(entry[property].as_str()?.to_lowercase()))
        },
    )
}
