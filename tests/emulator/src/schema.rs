//! The messages of the API, as tables of this emulator's own.
//!
//! Written down by hand from the reference (<https://developers.google.com/people/api/rest>), on
//! purpose not taken from any client's code: a client and the emulator check each other.

/// A protobuf message.
#[derive(Debug)]
pub(crate) struct Message {
    /// Its full name, as error messages spell it.
    pub(crate) name: &'static str,
    pub(crate) fields: &'static [Field],
}

/// A field of a message, or a query parameter.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Field {
    /// The name in JSON, in camel case.
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) list: bool,
    /// Output only: accepted in a request, then ignored.
    pub(crate) output: bool,
}

/// What a field holds.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    Text,
    Bool,
    Int32,
    Timestamp,
    FieldMask,
    Enum(&'static Enum),
    Message(&'static Message),
    /// A map from text to a message.
    Map(&'static Message),
}

/// An enum; a value's number is its place.
#[derive(Debug)]
pub(crate) struct Enum {
    pub(crate) name: &'static str,
    pub(crate) values: &'static [&'static str],
}

impl Field {
    const fn output(mut self) -> Self {
        self.output = true;
        self
    }

    /// Whether a JSON key names this field: protobuf takes both spellings.
    pub(crate) fn is_named(&self, key: &str) -> bool {
        key == self.name || is_snake_of(key, self.name)
    }
}

impl Message {
    pub(crate) fn field(&self, key: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.is_named(key))
    }
}

/// `givenName` -> `given_name`: error messages use protobuf's own spelling.
pub(crate) fn snake(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    for c in name.chars() {
        if c.is_ascii_uppercase() {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

/// Whether `key` is `snake(name)`, without making it.
fn is_snake_of(key: &str, name: &str) -> bool {
    let mut rest = key.bytes();
    name.bytes().all(|b| {
        (!b.is_ascii_uppercase() || rest.next() == Some(b'_'))
            && rest.next() == Some(b.to_ascii_lowercase())
    }) && rest.next().is_none()
}

const fn one(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, list: false, output: false }
}

const fn list(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, list: true, output: false }
}

const fn text(name: &'static str) -> Field {
    one(name, Kind::Text)
}

/// Text that the server works out.
const fn derived(name: &'static str) -> Field {
    text(name).output()
}

const fn flag(name: &'static str) -> Field {
    one(name, Kind::Bool)
}

const fn int(name: &'static str) -> Field {
    one(name, Kind::Int32)
}

const METADATA: Field = one("metadata", Kind::Message(&FIELD_METADATA));

macro_rules! message {
    ($id:ident, $name:literal, [$($field:expr),* $(,)?]) => {
        pub(crate) static $id: Message = Message {
            name: concat!("google.people.v1.", $name),
            fields: &[$($field),*],
        };
    };
}

static AGE_RANGE: Enum = Enum {
    name: "google.people.v1.AgeRange",
    values: &[
        "AGE_RANGE_UNSPECIFIED",
        "LESS_THAN_EIGHTEEN",
        "EIGHTEEN_TO_TWENTY",
        "TWENTY_ONE_OR_OLDER",
    ],
};
static CONTENT_TYPE: Enum = Enum {
    name: "google.people.v1.Biography.ContentType",
    values: &["CONTENT_TYPE_UNSPECIFIED", "TEXT_PLAIN", "TEXT_HTML"],
};
static KEYWORD_TYPE: Enum = Enum {
    name: "google.people.v1.MiscKeyword.KeywordType",
    values: &[
        "TYPE_UNSPECIFIED",
        "OUTLOOK_BILLING_INFORMATION",
        "OUTLOOK_DIRECTORY_SERVER",
        "OUTLOOK_KEYWORD",
        "OUTLOOK_MILEAGE",
        "OUTLOOK_PRIORITY",
        "OUTLOOK_SENSITIVITY",
        "OUTLOOK_SUBJECT",
        "OUTLOOK_USER",
        "HOME",
        "WORK",
        "OTHER",
    ],
};
static NICKNAME_TYPE: Enum = Enum {
    name: "google.people.v1.Nickname.NicknameType",
    values: &[
        "DEFAULT",
        "MAIDEN_NAME",
        "INITIALS",
        "GPLUS",
        "OTHER_NAME",
        "ALTERNATE_NAME",
        "SHORT_NAME",
    ],
};
static OBJECT_TYPE: Enum = Enum {
    name: "google.people.v1.ObjectType",
    values: &["OBJECT_TYPE_UNSPECIFIED", "PERSON", "PAGE"],
};
static SOURCE_TYPE: Enum = Enum {
    name: "google.people.v1.SourceType",
    values: &[
        "SOURCE_TYPE_UNSPECIFIED",
        "ACCOUNT",
        "PROFILE",
        "DOMAIN_PROFILE",
        "CONTACT",
        "OTHER_CONTACT",
        "DOMAIN_CONTACT",
    ],
};
static USER_TYPE: Enum = Enum {
    name: "google.people.v1.UserType",
    values: &["USER_TYPE_UNKNOWN", "GOOGLE_USER", "GPLUS_USER", "GOOGLE_APPS_USER"],
};
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

message!(DATE, "Date", [int("year"), int("month"), int("day")]);
message!(
    PROFILE_METADATA,
    "ProfileMetadata",
    [
        one("objectType", Kind::Enum(&OBJECT_TYPE)).output(),
        list("userTypes", Kind::Enum(&USER_TYPE)).output(),
    ]
);
message!(
    SOURCE,
    "Source",
    [
        one("type", Kind::Enum(&SOURCE_TYPE)),
        text("id"),
        text("etag"),
        one("updateTime", Kind::Timestamp).output(),
        one("profileMetadata", Kind::Message(&PROFILE_METADATA)).output(),
    ]
);
message!(
    FIELD_METADATA,
    "FieldMetadata",
    [
        flag("primary").output(),
        flag("sourcePrimary"),
        flag("verified").output(),
        one("source", Kind::Message(&SOURCE)),
    ]
);
message!(
    PERSON_METADATA,
    "PersonMetadata",
    [
        list("sources", Kind::Message(&SOURCE)),
        list("previousResourceNames", Kind::Text).output(),
        list("linkedPeopleResourceNames", Kind::Text).output(),
        flag("deleted").output(),
        one("objectType", Kind::Enum(&OBJECT_TYPE)).output(),
    ]
);
message!(
    ADDRESS,
    "Address",
    [
        METADATA,
        text("formattedValue"),
        text("type"),
        derived("formattedType"),
        text("poBox"),
        text("streetAddress"),
        text("extendedAddress"),
        text("city"),
        text("region"),
        text("postalCode"),
        text("country"),
        text("countryCode"),
    ]
);
message!(AGE_RANGE_TYPE, "AgeRangeType", [METADATA, one("ageRange", Kind::Enum(&AGE_RANGE))]);
message!(
    BIOGRAPHY,
    "Biography",
    [METADATA, text("value"), one("contentType", Kind::Enum(&CONTENT_TYPE))]
);
message!(BIRTHDAY, "Birthday", [METADATA, one("date", Kind::Message(&DATE)), text("text")]);
message!(BRAGGING_RIGHTS, "BraggingRights", [METADATA, text("value")]);
message!(
    CALENDAR_URL,
    "CalendarUrl",
    [METADATA, text("url"), text("type"), derived("formattedType")]
);
message!(CLIENT_DATA, "ClientData", [METADATA, text("key"), text("value")]);
message!(COVER_PHOTO, "CoverPhoto", [METADATA, text("url"), flag("default")]);
message!(
    EMAIL_ADDRESS,
    "EmailAddress",
    [METADATA, text("value"), text("type"), derived("formattedType"), text("displayName")]
);
message!(
    EVENT,
    "Event",
    [METADATA, one("date", Kind::Message(&DATE)), text("type"), derived("formattedType")]
);
message!(
    EXTERNAL_ID,
    "ExternalId",
    [METADATA, text("value"), text("type"), derived("formattedType")]
);
message!(FILE_AS, "FileAs", [METADATA, text("value")]);
message!(
    GENDER,
    "Gender",
    [METADATA, text("value"), derived("formattedValue"), text("addressMeAs")]
);
message!(
    IM_CLIENT,
    "ImClient",
    [
        METADATA,
        text("username"),
        text("type"),
        derived("formattedType"),
        text("protocol"),
        derived("formattedProtocol"),
    ]
);
message!(INTEREST, "Interest", [METADATA, text("value")]);
message!(LOCALE, "Locale", [METADATA, text("value")]);
message!(
    LOCATION,
    "Location",
    [
        METADATA,
        text("value"),
        text("type"),
        flag("current"),
        text("buildingId"),
        text("floor"),
        text("floorSection"),
        text("deskCode"),
    ]
);
message!(
    GROUP_MEMBERSHIP,
    "ContactGroupMembership",
    [derived("contactGroupId"), text("contactGroupResourceName")]
);
message!(DOMAIN_MEMBERSHIP, "DomainMembership", [flag("inViewerDomain")]);
message!(
    MEMBERSHIP,
    "Membership",
    [
        METADATA,
        one("contactGroupMembership", Kind::Message(&GROUP_MEMBERSHIP)),
        one("domainMembership", Kind::Message(&DOMAIN_MEMBERSHIP)).output(),
    ]
);
message!(
    MISC_KEYWORD,
    "MiscKeyword",
    [METADATA, text("value"), one("type", Kind::Enum(&KEYWORD_TYPE)), derived("formattedType"),]
);
message!(
    NAME,
    "Name",
    [
        METADATA,
        derived("displayName"),
        derived("displayNameLastFirst"),
        text("unstructuredName"),
        text("familyName"),
        text("givenName"),
        text("middleName"),
        text("honorificPrefix"),
        text("honorificSuffix"),
        text("phoneticFullName"),
        text("phoneticFamilyName"),
        text("phoneticGivenName"),
        text("phoneticMiddleName"),
        text("phoneticHonorificPrefix"),
        text("phoneticHonorificSuffix"),
    ]
);
message!(NICKNAME, "Nickname", [METADATA, text("value"), one("type", Kind::Enum(&NICKNAME_TYPE))]);
message!(OCCUPATION, "Occupation", [METADATA, text("value")]);
message!(
    ORGANIZATION,
    "Organization",
    [
        METADATA,
        text("type"),
        derived("formattedType"),
        one("startDate", Kind::Message(&DATE)),
        one("endDate", Kind::Message(&DATE)),
        flag("current"),
        text("name"),
        text("phoneticName"),
        text("department"),
        text("title"),
        text("jobDescription"),
        text("symbol"),
        text("domain"),
        text("location"),
        text("costCenter"),
        int("fullTimeEquivalentMillipercent"),
    ]
);
message!(
    PHONE_NUMBER,
    "PhoneNumber",
    [METADATA, text("value"), derived("canonicalForm"), text("type"), derived("formattedType")]
);
message!(PHOTO, "Photo", [METADATA, text("url"), flag("default")]);
message!(RELATION, "Relation", [METADATA, text("person"), text("type"), derived("formattedType")]);
message!(
    RELATIONSHIP_INTEREST,
    "RelationshipInterest",
    [METADATA, text("value"), derived("formattedValue")]
);
message!(
    RELATIONSHIP_STATUS,
    "RelationshipStatus",
    [METADATA, text("value"), derived("formattedValue")]
);
message!(RESIDENCE, "Residence", [METADATA, text("value"), flag("current")]);
message!(
    SIP_ADDRESS,
    "SipAddress",
    [METADATA, text("value"), text("type"), derived("formattedType")]
);
message!(SKILL, "Skill", [METADATA, text("value")]);
message!(TAGLINE, "Tagline", [METADATA, text("value")]);
message!(URL, "Url", [METADATA, text("value"), text("type"), derived("formattedType")]);
message!(USER_DEFINED, "UserDefined", [METADATA, text("key"), text("value")]);

message!(
    PERSON,
    "Person",
    [
        text("resourceName"),
        text("etag"),
        one("metadata", Kind::Message(&PERSON_METADATA)).output(),
        list("addresses", Kind::Message(&ADDRESS)),
        one("ageRange", Kind::Enum(&AGE_RANGE)).output(),
        list("ageRanges", Kind::Message(&AGE_RANGE_TYPE)).output(),
        list("biographies", Kind::Message(&BIOGRAPHY)),
        list("birthdays", Kind::Message(&BIRTHDAY)),
        list("braggingRights", Kind::Message(&BRAGGING_RIGHTS)),
        list("calendarUrls", Kind::Message(&CALENDAR_URL)),
        list("clientData", Kind::Message(&CLIENT_DATA)),
        list("coverPhotos", Kind::Message(&COVER_PHOTO)).output(),
        list("emailAddresses", Kind::Message(&EMAIL_ADDRESS)),
        list("events", Kind::Message(&EVENT)),
        list("externalIds", Kind::Message(&EXTERNAL_ID)),
        list("fileAses", Kind::Message(&FILE_AS)),
        list("genders", Kind::Message(&GENDER)),
        list("imClients", Kind::Message(&IM_CLIENT)),
        list("interests", Kind::Message(&INTEREST)),
        list("locales", Kind::Message(&LOCALE)),
        list("locations", Kind::Message(&LOCATION)),
        list("memberships", Kind::Message(&MEMBERSHIP)),
        list("miscKeywords", Kind::Message(&MISC_KEYWORD)),
        list("names", Kind::Message(&NAME)),
        list("nicknames", Kind::Message(&NICKNAME)),
        list("occupations", Kind::Message(&OCCUPATION)),
        list("organizations", Kind::Message(&ORGANIZATION)),
        list("phoneNumbers", Kind::Message(&PHONE_NUMBER)),
        list("photos", Kind::Message(&PHOTO)).output(),
        list("relations", Kind::Message(&RELATION)),
        list("relationshipInterests", Kind::Message(&RELATIONSHIP_INTEREST)).output(),
        list("relationshipStatuses", Kind::Message(&RELATIONSHIP_STATUS)).output(),
        list("residences", Kind::Message(&RESIDENCE)),
        list("sipAddresses", Kind::Message(&SIP_ADDRESS)),
        list("skills", Kind::Message(&SKILL)),
        list("taglines", Kind::Message(&TAGLINE)).output(),
        list("urls", Kind::Message(&URL)),
        list("userDefined", Kind::Message(&USER_DEFINED)),
    ]
);

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

#[cfg(test)]
mod tests {
    use super::{PERSON, snake};

    #[test]
    fn spellings() {
        assert_eq!(snake("contactGroupResourceName"), "contact_group_resource_name");
        assert_eq!(snake("requestMask.includeField"), "request_mask.include_field");
        assert!(PERSON.field("email_addresses").is_some());
        assert!(PERSON.field("emailAddresses").is_some());
        for wrong in ["EmailAddresses", "email_Addresses", "email_addresse", "email_addresses_"] {
            assert!(PERSON.field(wrong).is_none(), "{wrong}");
        }
    }
}
