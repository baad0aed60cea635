//! Marks of contacts that are being created: an entry of their client data, by which a contact is
//! found again when the answer that names it is lost.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::StreamExt as _;
use people_v1::PeopleService;
use people_v1::schemas::{ClientData, Person, PersonField};

use crate::field::FieldSet;
use crate::outcome::Updated;
use crate::read::{self, Truth};
use crate::{Change, Contacts, Outcome, list};

/// The key of the client data that marks a contact while it is created.
const KEY: &str = "people-contacts.creation";

/// A contact that exists, with the place of its person in the input.
pub(crate) type Created = (u64, Person);

/// Marks a person that is to be created.
pub(crate) fn put(mark: &str, person: &mut Person) {
    let data = ClientData::default().set_key(KEY).set_value(mark);
    person.client_data.get_or_insert_default().push(data);
}

/// All marked contacts by their marks; those found before an error where the listing fails.
pub(crate) async fn listed(hub: &PeopleService) -> BTreeMap<String, Person> {
    let mut listing = list::all(hub, PersonField::CLIENT_DATA | PersonField::METADATA);
    let mut marked = BTreeMap::new();
    while let Some(Ok(person)) = listing.next().await {
        let mut data = person.client_data.iter().flatten();
        let mark = data.find(|data| data.key.as_deref() == Some(KEY));
        if let Some(mark) = mark.and_then(|data| data.value.clone()) {
            marked.insert(mark, person);
        }
    }
    marked
}

/// Takes the marks off contacts as they were created. Where that fails a contact keeps its mark.
pub(crate) async fn take_off(contacts: &Contacts, created: &mut [Created], fields: FieldSet) {
    let mut moved = Vec::new();
    for (updated, (_, person)) in carry(contacts, created).await.into_iter().zip(&mut *created) {
        match updated {
            Some(updated) if updated.is_next => renew(person, *updated.person),
            // Others may have changed more of it, and its new etag would hide that.
            Some(_) => moved.extend(person.resource_name.clone()),
            None => {}
        }
    }
    read(contacts, created, moved, fields).await;
}

/// The same for contacts that were [`listed`]. These have their marks and nothing else, and must not
/// be taken for the contacts: a change made of them would clear what they lack. One that cannot be
/// read has a name and no etag, so that nothing can be made of it.
pub(crate) async fn take_off_found(contacts: &Contacts, found: &mut [Created], fields: FieldSet) {
    let mut names = Vec::new();
    for (updated, (_, person)) in carry(contacts, found).await.into_iter().zip(&mut *found) {
        let renamed = updated.and_then(|updated| updated.new_name);
        let mut unread = Person::default();
        unread.resource_name = renamed.or(person.resource_name.take());
        names.extend(unread.resource_name.clone());
        *person = unread;
    }
    read(contacts, found, names, fields).await;
}

/// Updates contacts as a run does, without the user's lock, which is held already.
async fn carry(contacts: &Contacts, marked: &[Created]) -> Vec<Option<Updated>> {
    let changes: Vec<Change> = marked.iter().map(|(_, person)| without_mark(person)).collect();
    let mut carried = vec![None; changes.len()];
    // A mark that stays because time was short would be there for good.
    let options = contacts.options.clone().deadline(None);
    let alone = Contacts { lock: Arc::default(), options, ..contacts.clone() };
    let mut updates = alone.update(changes);
    while let Some(settled) = updates.next().await {
        let place = usize::try_from(settled.index).ok().and_then(|index| carried.get_mut(index));
        if let (Some(place), Outcome::Updated(updated)) = (place, settled.outcome) {
            *place = Some(updated);
        }
    }
    carried
}

fn without_mark(person: &Person) -> Change {
    Change::edit(person.clone(), |person| {
        if let Some(data) = &mut person.client_data {
            data.retain(|data| data.key.as_deref() != Some(KEY));
        }
    })
}

/// A contact after its mark, and nothing else of it, has changed.
fn renew(person: &mut Person, unmarked: Person) {
    person.resource_name = unmarked.resource_name.or(person.resource_name.take());
    person.etag = unmarked.etag;
    person.metadata = unmarked.metadata;
    person.client_data = unmarked.client_data;
}

/// Reads contacts anew, as many as one request reads at most. Those that cannot be read stay as they are.
async fn read(contacts: &Contacts, people: &mut [Created], names: Vec<String>, fields: FieldSet) {
    if names.is_empty() {
        return;
    }
    let names = names.iter().map(String::as_str);
    let truths = read::of_names(&contacts.hub, names, fields).await.unwrap_or_default();
    for (_, person) in people {
        let truth = person.resource_name.as_ref().and_then(|name| truths.get(name));
        if let Some(Truth::There(now)) = truth {
            person.clone_from(now);
        }
    }
}
