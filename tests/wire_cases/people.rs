//! Calls of contacts and profiles: `people`.

use people_v1::PeopleService;
use people_v1::schemas::{
    BatchCreateContactsRequest, BatchDeleteContactsRequest, BatchUpdateContactsRequest, Person,
    UpdateContactPhotoRequest,
};

use super::call::{Caller, Given, Outcome, call};

/// The methods, each with the function that calls it.
pub(crate) const CALLERS: &[(&str, Caller)] = &[
    ("people.people.batchCreateContacts", batch_create_contacts),
    ("people.people.batchDeleteContacts", batch_delete_contacts),
    ("people.people.batchUpdateContacts", batch_update_contacts),
    ("people.people.createContact", create_contact),
    ("people.people.deleteContact", delete_contact),
    ("people.people.deleteContactPhoto", delete_contact_photo),
    ("people.people.get", get),
    ("people.people.getBatchGet", get_batch_get),
    ("people.people.listDirectoryPeople", list_directory_people),
    ("people.people.searchContacts", search_contacts),
    ("people.people.searchDirectoryPeople", search_directory_people),
    ("people.people.updateContact", update_contact),
    ("people.people.updateContactPhoto", update_contact_photo),
];

fn batch_create_contacts(hub: &PeopleService, given: Given) -> Outcome {
    let request: BatchCreateContactsRequest = given.body()?;
    let made = hub.people().batch_create_contacts(&request);
    call!(made, given, {})
}

fn batch_delete_contacts(hub: &PeopleService, given: Given) -> Outcome {
    let request: BatchDeleteContactsRequest = given.body()?;
    let made = hub.people().batch_delete_contacts(&request);
    call!(made, given, {})
}

fn batch_update_contacts(hub: &PeopleService, given: Given) -> Outcome {
    let request: BatchUpdateContactsRequest = given.body()?;
    let made = hub.people().batch_update_contacts(&request);
    call!(made, given, {})
}

fn create_contact(hub: &PeopleService, mut given: Given) -> Outcome {
    let request: Person = given.body()?;
    let made = hub.people().create_contact(&request);
    call!(made, given, {
    text "personFields" => set_person_fields,
    texts "sources" => set_sources,
    })
}

fn delete_contact(hub: &PeopleService, mut given: Given) -> Outcome {
    let resource_name = given.required("resourceName")?;
    let made = hub.people().delete_contact(resource_name);
    call!(made, given, {})
}

fn delete_contact_photo(hub: &PeopleService, mut given: Given) -> Outcome {
    let resource_name = given.required("resourceName")?;
    let made = hub.people().delete_contact_photo(resource_name);
    call!(made, given, {
    text "personFields" => set_person_fields,
    texts "sources" => set_sources,
    })
}

fn get(hub: &PeopleService, mut given: Given) -> Outcome {
    let resource_name = given.required("resourceName")?;
    let made = hub.people().get(resource_name);
    call!(made, given, {
    text "personFields" => set_person_fields,
    text "requestMask.includeField" => set_request_mask_include_field,
    texts "sources" => set_sources,
    })
}

fn get_batch_get(hub: &PeopleService, mut given: Given) -> Outcome {
    let made = hub.people().get_batch_get();
    call!(made, given, {
    text "personFields" => set_person_fields,
    text "requestMask.includeField" => set_request_mask_include_field,
    texts "resourceNames" => set_resource_names,
    texts "sources" => set_sources,
    })
}

fn list_directory_people(hub: &PeopleService, mut given: Given) -> Outcome {
    let made = hub.people().list_directory_people();
    call!(made, given, {
    texts "mergeSources" => set_merge_sources,
    number "pageSize" => set_page_size,
    text "pageToken" => set_page_token,
    text "readMask" => set_read_mask,
    flag "requestSyncToken" => set_request_sync_token,
    texts "sources" => set_sources,
    text "syncToken" => set_sync_token,
    })
}

fn search_contacts(hub: &PeopleService, mut given: Given) -> Outcome {
    let made = hub.people().search_contacts();
    call!(made, given, {
    number "pageSize" => set_page_size,
    text "query" => set_query,
    text "readMask" => set_read_mask,
    texts "sources" => set_sources,
    })
}

fn search_directory_people(hub: &PeopleService, mut given: Given) -> Outcome {
    let made = hub.people().search_directory_people();
    call!(made, given, {
    texts "mergeSources" => set_merge_sources,
    number "pageSize" => set_page_size,
    text "pageToken" => set_page_token,
    text "query" => set_query,
    text "readMask" => set_read_mask,
    texts "sources" => set_sources,
    })
}

fn update_contact(hub: &PeopleService, mut given: Given) -> Outcome {
    let resource_name = given.required("resourceName")?;
    let request: Person = given.body()?;
    let made = hub.people().update_contact(resource_name, &request);
    call!(made, given, {
    text "personFields" => set_person_fields,
    texts "sources" => set_sources,
    text "updatePersonFields" => set_update_person_fields,
    })
}

fn update_contact_photo(hub: &PeopleService, mut given: Given) -> Outcome {
    let resource_name = given.required("resourceName")?;
    let request: UpdateContactPhotoRequest = given.body()?;
    let made = hub.people().update_contact_photo(resource_name, &request);
    call!(made, given, {})
}
