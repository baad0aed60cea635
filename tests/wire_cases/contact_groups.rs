//! Calls of contact groups: `contactGroups`.

use people_v1::PeopleService;
use people_v1::schemas::{CreateContactGroupRequest, UpdateContactGroupRequest};

use super::call::{Caller, Given, Outcome, call};

/// The methods, each with the function that calls it.
pub(crate) const CALLERS: &[(&str, Caller)] = &[
    ("people.contactGroups.batchGet", batch_get),
    ("people.contactGroups.create", create),
    ("people.contactGroups.delete", delete),
    ("people.contactGroups.get", get),
    ("people.contactGroups.list", list),
    ("people.contactGroups.update", update),
];

fn batch_get(hub: &PeopleService, mut given: Given) -> Outcome {
    let made = hub.contact_groups().batch_get();
    call!(made, given, {
    text "groupFields" => set_group_fields,
    number "maxMembers" => set_max_members,
    texts "resourceNames" => set_resource_names,
    })
}

fn create(hub: &PeopleService, given: Given) -> Outcome {
    let request: CreateContactGroupRequest = given.body()?;
    let made = hub.contact_groups().create(&request);
    call!(made, given, {})
}

fn delete(hub: &PeopleService, mut given: Given) -> Outcome {
    let resource_name = given.required("resourceName")?;
    let made = hub.contact_groups().delete(resource_name);
    call!(made, given, {
    flag "deleteContacts" => set_delete_contacts,
    })
}

fn get(hub: &PeopleService, mut given: Given) -> Outcome {
    let resource_name = given.required("resourceName")?;
    let made = hub.contact_groups().get(resource_name);
    call!(made, given, {
    text "groupFields" => set_group_fields,
    number "maxMembers" => set_max_members,
    })
}

fn list(hub: &PeopleService, mut given: Given) -> Outcome {
    let made = hub.contact_groups().list();
    call!(made, given, {
    text "groupFields" => set_group_fields,
    number "pageSize" => set_page_size,
    text "pageToken" => set_page_token,
    text "syncToken" => set_sync_token,
    })
}

fn update(hub: &PeopleService, mut given: Given) -> Outcome {
    let resource_name = given.required("resourceName")?;
    let request: UpdateContactGroupRequest = given.body()?;
    let made = hub.contact_groups().update(resource_name, &request);
    call!(made, given, {})
}
