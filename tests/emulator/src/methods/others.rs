//! `otherContacts.list` and `otherContacts.copyOtherContactToMyContactsGroup`.

use super::paging::{Everything, List, page_size};
use super::{Context, text, texts};
use crate::book::{BookState, Contact, Fields, Row};
use crate::derive;
use crate::error::ApiError;
use crate::groups::{MY_CONTACTS, membership};
use crate::mask::{Mask, Place};
use crate::read::{Sources, View};
use crate::schema;
use serde_json::{Map, Value, json};

/// People on a page, by default and at most.
const USUAL_PAGE: usize = 100;
const LARGEST_PAGE: usize = 1000;
/// What an other contact itself has.
const OWN_FIELDS: [&str; 5] = ["emailAddresses", "metadata", "names", "phoneNumbers", "photos"];
/// What of it can be copied.
const COPIED_FIELDS: [&str; 3] = ["emailAddresses", "names", "phoneNumbers"];

pub(super) fn list(cx: &mut Context<'_>) -> Result<Value, ApiError> {
    let query = cx.query(&schema::LIST_OTHERS_QUERY)?;
    cx.charge(1, 0)?;
    let with_profiles = with_profiles(&texts(query.get("sources")))?;
    let place = Place::new("readMask", "otherContacts/list");
    let asked = text(&query, "readMask");
    let mask = if with_profiles {
        place.read_mask(asked)?
    } else {
        place.limited_mask(asked, &OWN_FIELDS)?
    };
    let profiles = ["ACCOUNT", "DOMAIN_PROFILE", "PROFILE"];
    let profiles = profiles.into_iter().filter(|_| with_profiles);
    let sources = Sources::kinds(profiles.chain(["OTHER_CONTACT"]));
    let mut view = View::new(mask.ok_or_else(|| place.required())?, sources);
    let fixed = format!("otherContacts|{}|{}", view.mask.text(), view.sources.text());
    let list = List::of(&query, fixed, page_size(&query, USUAL_PAGE, LARGEST_PAGE)?);
    view.listed = true;
    view.sync = list.is_sync();
    let page = list.page(cx, everything)?;

    let people = page.rows.iter().filter_map(|row| match row {
        Row::Present(name) => {
            cx.book.others.people.get(name).map(|person| view.person(person, &cx.clock))
        }
        Row::Deleted(stone) => Some(view.tombstone(stone, "OTHER_CONTACT")),
    });
    let people: Vec<Value> = people.collect();
    let mut answer = Map::new();
    if !people.is_empty() {
        answer.insert("otherContacts".into(), people.into());
    }
    if page.total > 0 {
        answer.insert("totalSize".into(), page.total.into());
    }
    page.put_tokens(&mut answer);
    Ok(answer.into())
}

fn everything(book: &BookState) -> Everything {
    let mut people: Vec<&Contact> = book.others.people.values().collect();
    people.sort_by_key(|person| person.changed);
    Everything {
        present: people.iter().map(|p| (p.changed, p.name.clone())).collect(),
        deleted: book.others.tombstones.clone(),
    }
}

/// Whether profiles are asked for, too; they are not to be had alone.
fn with_profiles(sources: &[String]) -> Result<bool, ApiError> {
    let has = |source: &str| sources.iter().any(|s| s == source);
    let (contact, profile) = ("READ_SOURCE_TYPE_CONTACT", "READ_SOURCE_TYPE_PROFILE");
    let known = [contact, profile, "READ_SOURCE_TYPE_UNSPECIFIED"];
    if let Some(other) = sources.iter().find(|source| !known.contains(&source.as_str())) {
        return Err(ApiError::invalid(format!("Source {other} is not valid for other contacts.")));
    }
    if has(profile) && !has(contact) {
        return Err(ApiError::invalid(format!("Source {profile} is not valid without {contact}.")));
    }
    Ok(has(profile))
}

/// Makes a contact of an other contact, which stays where it is.
pub(super) fn copy(cx: &mut Context<'_>) -> Result<Value, ApiError> {
    cx.query(&schema::NO_QUERY)?;
    let body = cx.body(&schema::COPY_OTHER)?;
    cx.charge(1, 1)?;
    let page = "otherContacts/copyOtherContactToMyContactsGroup";
    let place = Place::new("copyMask", page);
    let copied = place.limited_mask(text(&body, "copyMask"), &COPIED_FIELDS)?;
    let copied = copied.ok_or_else(|| place.required())?;
    cx.mask = Some(copied.text());
    let read = Place::new("readMask", page).read_mask(text(&body, "readMask"))?;
    let read = read.unwrap_or_else(|| copied.with(&["memberships", "metadata"]));
    let view = View::new(read, Sources::of(body.get("sources")));
    let other = cx.book.others.people.get(&cx.request.route.name);
    let fields = copy_of(other.ok_or_else(ApiError::not_found)?, &copied);

    let (clock, values) = (cx.clock, cx.switches.journal_values);
    let change = cx.book.create(&clock, fields, values);
    let contact = cx.book.find(&change.new_name).ok_or_else(ApiError::not_found)?;
    let answer =
        if cx.switches.empty_answers { json!({}) } else { view.person(contact, &cx.clock) };
    cx.changes.push(change);
    Ok(answer)
}

/// What a contact made of this person will hold.
fn copy_of(other: &Contact, mask: &Mask) -> Fields {
    let mut out = Fields::new();
    out.insert("memberships".into(), vec![membership(MY_CONTACTS)].into());
    let own = other.linked.iter().find(|linked| linked.kind == "OTHER_CONTACT");
    for field in mask.paths() {
        let entries = own.and_then(|linked| linked.fields.get(field)).and_then(Value::as_array);
        let mut clean: Vec<Value> = entries
            .into_iter()
            .flatten()
            .filter_map(|entry| derive::clean_entry(field, entry))
            .collect();
        if derive::is_singleton(field) {
            clean.truncate(1);
        }
        if !clean.is_empty() {
            out.insert(field.to_owned(), clean.into());
        }
    }
    out
}
