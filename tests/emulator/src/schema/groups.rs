//! Contact groups, and what the methods on them take.

use super::{Enum, Field, Kind, Message, derived, flag, int, list, one, text};

static GROUP_TYPE: Enum = Enum {
    name: "google.people.v1.GroupType",
    values: &["GROUP_TYPE_UNSPECIFIED", "USER_CONTACT_GROUP", "SYSTEM_CONTACT_GROUP"],
};

message!(GROUP_CLIENT_DATA, "GroupClientData", [text("key"), text("value")]);
message!(
    GROUP_METADATA,
    "ContactGroupMetadata",
    [one("updateTime", Kind::Timestamp).output(), flag("deleted").output()]
);
message!(
    GROUP,
    "ContactGroup",
    [
        text("resourceName"),
        text("etag"),
        one("metadata", Kind::Message(&GROUP_METADATA)).output(),
        one("groupType", Kind::Enum(&GROUP_TYPE)).output(),
        text("name"),
        derived("formattedName"),
        list("memberResourceNames", Kind::Text).output(),
        int("memberCount").output(),
        list("clientData", Kind::Message(&GROUP_CLIENT_DATA)),
    ]
);

const GROUP_FIELDS: Field = one("groupFields", Kind::FieldMask);
const READ_GROUP_FIELDS: Field = one("readGroupFields", Kind::FieldMask);
const CONTACT_GROUP: Field = one("contactGroup", Kind::Message(&GROUP));

message!(GET_GROUP_QUERY, "GetContactGroupRequest", [int("maxMembers"), GROUP_FIELDS]);
message!(
    BATCH_GET_GROUPS_QUERY,
    "BatchGetContactGroupsRequest",
    [list("resourceNames", Kind::Text), int("maxMembers"), GROUP_FIELDS]
);
message!(
    LIST_GROUPS_QUERY,
    "ListContactGroupsRequest",
    [text("pageToken"), int("pageSize"), text("syncToken"), GROUP_FIELDS]
);
message!(DELETE_GROUP_QUERY, "DeleteContactGroupRequest", [flag("deleteContacts")]);
message!(CREATE_GROUP, "CreateContactGroupRequest", [CONTACT_GROUP, READ_GROUP_FIELDS]);
message!(
    UPDATE_GROUP,
    "UpdateContactGroupRequest",
    [CONTACT_GROUP, one("updateGroupFields", Kind::FieldMask), READ_GROUP_FIELDS]
);
message!(
    MODIFY_MEMBERS,
    "ModifyContactGroupMembersRequest",
    [list("resourceNamesToAdd", Kind::Text), list("resourceNamesToRemove", Kind::Text)]
);
