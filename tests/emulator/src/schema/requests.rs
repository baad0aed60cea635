//! What the methods on contacts take: queries and bodies.

use super::{Enum, Field, Kind, Message, PERSON, flag, int, list, one, text};

static READ_SOURCE: Enum = Enum {
    name: "google.people.v1.ReadSourceType",
    values: &[
        "READ_SOURCE_TYPE_UNSPECIFIED",
        "READ_SOURCE_TYPE_PROFILE",
        "READ_SOURCE_TYPE_CONTACT",
        "READ_SOURCE_TYPE_DOMAIN_CONTACT",
        "READ_SOURCE_TYPE_OTHER_CONTACT",
    ],
};
static SORT_ORDER: Enum = Enum {
    name: "google.people.v1.ListConnectionsRequest.SortOrder",
    values: &[
        "LAST_MODIFIED_ASCENDING",
        "LAST_MODIFIED_DESCENDING",
        "FIRST_NAME_ASCENDING",
        "LAST_NAME_ASCENDING",
    ],
};

/// The `sources` of a read.
pub(crate) const SOURCES: Field = list("sources", Kind::Enum(&READ_SOURCE));
const READ_MASK: Field = one("readMask", Kind::FieldMask);

message!(
    BATCH_UPDATE,
    "BatchUpdateContactsRequest",
    [one("contacts", Kind::Map(&PERSON)), one("updateMask", Kind::FieldMask), READ_MASK, SOURCES,]
);
message!(CONTACT_TO_CREATE, "ContactToCreate", [one("contactPerson", Kind::Message(&PERSON))]);
message!(
    BATCH_CREATE,
    "BatchCreateContactsRequest",
    [list("contacts", Kind::Message(&CONTACT_TO_CREATE)), READ_MASK, SOURCES]
);
message!(BATCH_DELETE, "BatchDeleteContactsRequest", [list("resourceNames", Kind::Text)]);

const PERSON_FIELDS: Field = one("personFields", Kind::FieldMask);
const INCLUDE_FIELD: Field = one("requestMask.includeField", Kind::FieldMask);

message!(GET_QUERY, "GetPersonRequest", [PERSON_FIELDS, INCLUDE_FIELD, SOURCES]);
message!(
    BATCH_GET_QUERY,
    "GetPeopleRequest",
    [list("resourceNames", Kind::Text), PERSON_FIELDS, INCLUDE_FIELD, SOURCES]
);
message!(
    LIST_QUERY,
    "ListConnectionsRequest",
    [
        text("pageToken"),
        int("pageSize"),
        one("sortOrder", Kind::Enum(&SORT_ORDER)),
        flag("requestSyncToken"),
        text("syncToken"),
        PERSON_FIELDS,
        INCLUDE_FIELD,
        SOURCES,
    ]
);
message!(CREATE_QUERY, "CreateContactRequest", [PERSON_FIELDS, SOURCES]);
message!(
    UPDATE_QUERY,
    "UpdateContactRequest",
    [one("updatePersonFields", Kind::FieldMask), PERSON_FIELDS, SOURCES]
);
message!(NO_QUERY, "Request", []);
