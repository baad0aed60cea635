//! A person, and everything in one.

use super::{Enum, Field, Kind, Message, derived, flag, int, list, one, text};

const METADATA: Field = one("metadata", Kind::Message(&FIELD_METADATA));

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
