//! Calls of members of contact groups: `contactGroups.members`.

use people_v1::PeopleService;
use people_v1::schemas::ModifyContactGroupMembersRequest;

use super::call::{Caller, Given, Outcome, call};

/// The methods, each with the function that calls it.
pub(crate) const CALLERS: &[(&str, Caller)] = &[("people.contactGroups.members.modify", modify)];

fn modify(hub: &PeopleService, mut given: Given) -> Outcome {
    let resource_name = given.required("resourceName")?;
    let request: ModifyContactGroupMembersRequest = given.body()?;
    let made = hub.contact_groups().members().modify(resource_name, &request);
    call!(made, given, {})
}
