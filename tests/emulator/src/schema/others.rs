//! What the methods on other contacts, photos, the directory and searches take.

use super::{Enum, Field, Kind, Message, SOURCES, flag, int, list, one, text};

static DIRECTORY_SOURCE: Enum = Enum {
    name: "google.people.v1.DirectorySourceType",
    values: &[
        "DIRECTORY_SOURCE_TYPE_UNSPECIFIED",
        "DIRECTORY_SOURCE_TYPE_DOMAIN_CONTACT",
        "DIRECTORY_SOURCE_TYPE_DOMAIN_PROFILE",
    ],
};
static MERGE_SOURCE: Enum = Enum {
    name: "google.people.v1.DirectoryMergeSourceType",
    values: &["DIRECTORY_MERGE_SOURCE_TYPE_UNSPECIFIED", "DIRECTORY_MERGE_SOURCE_TYPE_CONTACT"],
};

const PAGE_TOKEN: Field = text("pageToken");
const PAGE_SIZE: Field = int("pageSize");
const QUERY: Field = text("query");
const READ_MASK: Field = one("readMask", Kind::FieldMask);
const PERSON_FIELDS: Field = one("personFields", Kind::FieldMask);
const DIRECTORY_SOURCES: Field = list("sources", Kind::Enum(&DIRECTORY_SOURCE));
const MERGE_SOURCES: Field = list("mergeSources", Kind::Enum(&MERGE_SOURCE));

message!(
    LIST_OTHERS_QUERY,
    "ListOtherContactsRequest",
    [PAGE_TOKEN, PAGE_SIZE, flag("requestSyncToken"), text("syncToken"), READ_MASK, SOURCES]
);
message!(SEARCH_OTHERS_QUERY, "SearchOtherContactsRequest", [QUERY, PAGE_SIZE, READ_MASK]);
message!(
    COPY_OTHER,
    "CopyOtherContactToMyContactsGroupRequest",
    [one("copyMask", Kind::FieldMask), READ_MASK, SOURCES]
);
message!(SEARCH_QUERY, "SearchContactsRequest", [QUERY, PAGE_SIZE, READ_MASK, SOURCES]);
message!(
    UPDATE_PHOTO,
    "UpdateContactPhotoRequest",
    [one("photoBytes", Kind::Bytes), PERSON_FIELDS, SOURCES]
);
message!(DELETE_PHOTO_QUERY, "DeleteContactPhotoRequest", [PERSON_FIELDS, SOURCES]);
message!(
    LIST_DIRECTORY_QUERY,
    "ListDirectoryPeopleRequest",
    [
        PAGE_TOKEN,
        PAGE_SIZE,
        flag("requestSyncToken"),
        text("syncToken"),
        READ_MASK,
        DIRECTORY_SOURCES,
        MERGE_SOURCES,
    ]
);
message!(
    SEARCH_DIRECTORY_QUERY,
    "SearchDirectoryPeopleRequest",
    [QUERY, PAGE_TOKEN, PAGE_SIZE, READ_MASK, DIRECTORY_SOURCES, MERGE_SOURCES]
);
