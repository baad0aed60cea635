//! What serde itself costs: derived structs with just the fields that the data has, text everywhere,
//! unknown fields skipped. Nothing that keeps less can be an SDK; nothing that keeps more should cost much more.
// Fields have the names of the API.
#![allow(clippy::struct_field_names)]

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

macro_rules! structs {
    ($($name:ident { $($field:ident: $ty:ty),* $(,)? })*) => {$(
        #[derive(Clone, Debug, Default, Deserialize, Serialize)]
        #[serde(rename_all = "camelCase")]
        pub struct $name {$(
            #[serde(skip_serializing_if = "Option::is_none")]
            $field: Option<$ty>,
        )*}
    )*};
}

structs! {
    Request {
        contacts: HashMap<String, Person>,
        read_mask: String,
        sources: Vec<String>,
        update_mask: String,
    }
    Answer { update_result: HashMap<String, PersonResponse> }
    PersonResponse { http_status_code: i32, person: Person, requested_resource_name: String }
    Person {
        resource_name: String,
        etag: String,
        metadata: PersonMetadata,
        addresses: Vec<Address>,
        biographies: Vec<Biography>,
        birthdays: Vec<Birthday>,
        email_addresses: Vec<EmailAddress>,
        events: Vec<Event>,
        memberships: Vec<Membership>,
        names: Vec<Name>,
        nicknames: Vec<Nickname>,
        organizations: Vec<Organization>,
        phone_numbers: Vec<PhoneNumber>,
        relations: Vec<Relation>,
        urls: Vec<Url>,
        user_defined: Vec<UserDefined>,
    }
    PersonMetadata { object_type: String, sources: Vec<Source> }
    Source { etag: String, id: String, r#type: String, update_time: String }
    FieldMetadata { primary: bool, source_primary: bool, source: Source }
    Address {
        metadata: FieldMetadata,
        formatted_value: String,
        r#type: String,
        formatted_type: String,
        street_address: String,
        city: String,
        postal_code: String,
        country: String,
        country_code: String,
    }
    Biography { metadata: FieldMetadata, value: String, content_type: String }
    Birthday { metadata: FieldMetadata, date: Date, text: String }
    Date { year: i32, month: i32, day: i32 }
    EmailAddress { metadata: FieldMetadata, value: String, r#type: String, formatted_type: String }
    Event { metadata: FieldMetadata, date: Date, r#type: String, formatted_type: String }
    Membership { metadata: FieldMetadata, contact_group_membership: Group }
    Group { contact_group_id: String, contact_group_resource_name: String }
    Name {
        metadata: FieldMetadata,
        display_name: String,
        display_name_last_first: String,
        family_name: String,
        given_name: String,
        unstructured_name: String,
    }
    Nickname { metadata: FieldMetadata, value: String }
    Organization {
        metadata: FieldMetadata,
        r#type: String,
        formatted_type: String,
        name: String,
        title: String,
        department: String,
        current: bool,
    }
    PhoneNumber {
        metadata: FieldMetadata,
        value: String,
        canonical_form: String,
        r#type: String,
        formatted_type: String,
    }
    Relation { metadata: FieldMetadata, person: String, r#type: String, formatted_type: String }
    Url { metadata: FieldMetadata, value: String, r#type: String, formatted_type: String }
    UserDefined { metadata: FieldMetadata, key: String, value: String }
}
