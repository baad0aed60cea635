//! Calls of contacts, page by page: `people.connections`.

use people_v1::PeopleService;

use super::call::{Caller, Given, Outcome, call};

/// The methods, each with the function that calls it.
pub(crate) const CALLERS: &[(&str, Caller)] = &[("people.people.connections.list", list)];

fn list(hub: &PeopleService, mut given: Given) -> Outcome {
    let resource_name = given.required("resourceName")?;
    let made = hub.people().connections().list(resource_name);
    call!(made, given, {
    number "pageSize" => set_page_size,
    text "pageToken" => set_page_token,
    text "personFields" => set_person_fields,
    text "requestMask.includeField" => set_request_mask_include_field,
    flag "requestSyncToken" => set_request_sync_token,
    text "sortOrder" => set_sort_order,
    texts "sources" => set_sources,
    text "syncToken" => set_sync_token,
    })
}
