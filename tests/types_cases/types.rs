//! The types of the schemas.
// Deprecated schemas are tested, too.
#![allow(deprecated)]

use people_v1::schemas;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// What is tried with a type.
pub(crate) struct Type {
    /// The id of its schema.
    pub(crate) id: &'static str,
    /// Decodes a text and encodes what was decoded.
    pub(crate) round: fn(&str) -> Result<Value, String>,
    /// Decodes a value that is no text any more, and encodes it.
    pub(crate) round_value: fn(Value) -> Result<Value, String>,
}

fn round<T: Serialize + DeserializeOwned>(text: &str) -> Result<Value, String> {
    let decoded: T = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let encoded = serde_json::to_string(&decoded).map_err(|error| error.to_string())?;
    serde_json::from_str(&encoded).map_err(|error| error.to_string())
}

fn round_value<T: Serialize + DeserializeOwned>(value: Value) -> Result<Value, String> {
    let decoded: T = serde_json::from_value(value).map_err(|error| error.to_string())?;
    serde_json::to_value(&decoded).map_err(|error| error.to_string())
}

macro_rules! types {
    ($($id:ident,)*) => {
        /// The type of every schema.
        pub(crate) const TYPES: &[Type] = &[$(
            Type {
                id: stringify!($id),
                round: round::<schemas::$id>,
                round_value: round_value::<schemas::$id>,
            },
        )*];
    };
}

types! {
    Address,
    AgeRangeType,
    BatchCreateContactsErrorDetails,
    BatchCreateContactsRequest,
    BatchCreateContactsResponse,
    BatchDeleteContactsRequest,
    BatchGetContactGroupsResponse,
    BatchUpdateContactsErrorDetails,
    BatchUpdateContactsRequest,
    BatchUpdateContactsResponse,
    Biography,
    Birthday,
    BraggingRights,
    CalendarUrl,
    ClientData,
    ContactGroup,
    ContactGroupMembership,
    ContactGroupMetadata,
    ContactGroupResponse,
    ContactToCreate,
    CopyOtherContactToMyContactsGroupRequest,
    CoverPhoto,
    CreateContactGroupRequest,
    Date,
    DeleteContactPhotoResponse,
    DomainMembership,
    EmailAddress,
    Empty,
    Event,
    ExternalId,
    FieldMetadata,
    FileAs,
    Gender,
    GetPeopleResponse,
    GroupClientData,
    ImClient,
    Interest,
    ListConnectionsResponse,
    ListContactGroupsResponse,
    ListDirectoryPeopleResponse,
    ListOtherContactsResponse,
    Locale,
    Location,
    Membership,
    MiscKeyword,
    ModifyContactGroupMembersRequest,
    ModifyContactGroupMembersResponse,
    Name,
    Nickname,
    Occupation,
    Organization,
    Person,
    PersonMetadata,
    PersonResponse,
    PhoneNumber,
    Photo,
    ProfileMetadata,
    Relation,
    RelationshipInterest,
    RelationshipStatus,
    Residence,
    SearchDirectoryPeopleResponse,
    SearchResponse,
    SearchResult,
    SipAddress,
    Skill,
    Source,
    Status,
    Tagline,
    UpdateContactGroupRequest,
    UpdateContactPhotoRequest,
    UpdateContactPhotoResponse,
    Url,
    UserDefined,
}
