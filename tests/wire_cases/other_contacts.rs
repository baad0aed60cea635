//! Calls of other contacts: `otherContacts`.

use people_v1::PeopleService;
use people_v1::schemas::CopyOtherContactToMyContactsGroupRequest;

use super::call::{Caller, Given, Outcome, call};

/// The methods, each with the function that calls it.
pub(crate) const CALLERS: &[(&str, Caller)] = &[
    (
        "people.otherContacts.copyOtherContactToMyContactsGroup",
        copy_other_contact_to_my_contacts_group,
    ),
    ("people.otherContacts.list", list),
    ("people.otherContacts.search", search),
];

fn copy_other_contact_to_my_contacts_group(hub: &PeopleService, mut given: Given) -> Outcome {
    let resource_name = given.required("resourceName")?;
    let request: CopyOtherContactToMyContactsGroupRequest = given.body()?;
    let made =
        hub.other_contacts().copy_other_contact_to_my_contacts_group(resource_name, &request);
    call!(made, given, {})
}

fn list(hub: &PeopleService, mut given: Given) -> Outcome {
    let made = hub.other_contacts().list();
    call!(made, given, {
    number "pageSize" => set_page_size,
    text "pageToken" => set_page_token,
    text "readMask" => set_read_mask,
    flag "requestSyncToken" => set_request_sync_token,
    texts "sources" => set_sources,
    text "syncToken" => set_sync_token,
    })
}

fn search(hub: &PeopleService, mut given: Given) -> Outcome {
    let made = hub.other_contacts().search();
    call!(made, given, {
    number "pageSize" => set_page_size,
    text "query" => set_query,
    text "readMask" => set_read_mask,
    })
}
