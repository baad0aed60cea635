//! The schemas of the small API.
#![allow(clippy::struct_field_names)]

use std::collections::BTreeMap;

use codegen_runtime as rt;
use google_apis_common as common;

/// An open enum.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    Contact,
    Profile,
    Unrecognized(rt::Unrecognized),
}

impl rt::Enum for Kind {
    const NAME: &'static str = "Kind";

    fn known(text: &str) -> Option<Self> {
        match text {
            "CONTACT" => Some(Self::Contact),
            "PROFILE" => Some(Self::Profile),
            _ => None,
        }
    }

    fn unrecognized(text: rt::Unrecognized) -> Self {
        Self::Unrecognized(text)
    }

    fn as_str(&self) -> &str {
        match self {
            Self::Contact => "CONTACT",
            Self::Profile => "PROFILE",
            Self::Unrecognized(text) => text.as_str(),
        }
    }
}

rt::open_enum!(Kind);

#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Answer {
    pub update_result: Option<BTreeMap<String, PersonResponse>>,
    pub extra: rt::Extra,
}

impl common::ResponseResult for Answer {}

impl rt::Object for Answer {
    const NAME: &'static str = "Answer";

    fn read<'de, A: rt::MapAccess<'de>>(
        &mut self,
        key: &str,
        slot: rt::Slot<'_, 'de, A>,
    ) -> Result<rt::Read, A::Error> {
        match key {
            "updateResult" => slot.read(&mut self.update_result),
            _ => slot.unknown(),
        }
    }

    fn write<M: rt::SerializeMap>(&self, out: &mut rt::Fields<'_, M>) -> Result<(), M::Error> {
        out.field("updateResult", &self.update_result)
    }
}

rt::object!(Answer);

#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct PersonResponse {
    pub person: Option<Box<Person>>,
    pub extra: rt::Extra,
}

impl rt::Object for PersonResponse {
    const NAME: &'static str = "PersonResponse";

    fn read<'de, A: rt::MapAccess<'de>>(
        &mut self,
        key: &str,
        slot: rt::Slot<'_, 'de, A>,
    ) -> Result<rt::Read, A::Error> {
        match key {
            "person" => slot.read(&mut self.person),
            _ => slot.unknown(),
        }
    }

    fn write<M: rt::SerializeMap>(&self, out: &mut rt::Fields<'_, M>) -> Result<(), M::Error> {
        out.field("person", &self.person)
    }
}

rt::object!(PersonResponse);

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Person {
    pub etag: Option<String>,
    pub names: Option<Vec<Name>>,
    pub kind: Option<Kind>,
    pub mask: Option<rt::FieldMask>,
    pub size: Option<i64>,
    pub count: Option<u32>,
    pub ratio: Option<f64>,
    pub photo: Option<rt::Bytes>,
    pub update_time: Option<rt::Timestamp>,
    pub labels: Option<BTreeMap<String, String>>,
    pub extra: rt::Extra,
}

impl common::RequestValue for Person {}
impl common::ResponseResult for Person {}

impl rt::Object for Person {
    const NAME: &'static str = "Person";

    fn read<'de, A: rt::MapAccess<'de>>(
        &mut self,
        key: &str,
        slot: rt::Slot<'_, 'de, A>,
    ) -> Result<rt::Read, A::Error> {
        match key {
            "etag" => slot.read(&mut self.etag),
            "names" => slot.read(&mut self.names),
            "kind" => slot.read(&mut self.kind),
            "mask" => slot.read(&mut self.mask),
            "size" => slot.read(&mut self.size),
            "count" => slot.read(&mut self.count),
            "ratio" => slot.read(&mut self.ratio),
            "photo" => slot.read(&mut self.photo),
            "updateTime" => slot.read(&mut self.update_time),
            "labels" => slot.read(&mut self.labels),
            _ => slot.unknown(),
        }
    }

    fn write<M: rt::SerializeMap>(&self, out: &mut rt::Fields<'_, M>) -> Result<(), M::Error> {
        out.field("etag", &self.etag)?;
        out.field("names", &self.names)?;
        out.field("kind", &self.kind)?;
        out.field("mask", &self.mask)?;
        out.field("size", &self.size)?;
        out.field("count", &self.count)?;
        out.field("ratio", &self.ratio)?;
        out.field("photo", &self.photo)?;
        out.field("updateTime", &self.update_time)?;
        out.field("labels", &self.labels)
    }
}

rt::object!(Person);

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Name {
    pub given_name: Option<String>,
    pub metadata: Option<FieldMetadata>,
    pub extra: rt::Extra,
}

impl rt::Object for Name {
    const NAME: &'static str = "Name";

    fn read<'de, A: rt::MapAccess<'de>>(
        &mut self,
        key: &str,
        slot: rt::Slot<'_, 'de, A>,
    ) -> Result<rt::Read, A::Error> {
        match key {
            "givenName" => slot.read(&mut self.given_name),
            "metadata" => slot.read(&mut self.metadata),
            _ => slot.unknown(),
        }
    }

    fn write<M: rt::SerializeMap>(&self, out: &mut rt::Fields<'_, M>) -> Result<(), M::Error> {
        out.field("givenName", &self.given_name)?;
        out.field("metadata", &self.metadata)
    }
}

rt::object!(Name);

#[derive(Clone, Debug, Default, PartialEq)]
pub struct FieldMetadata {
    pub primary: Option<bool>,
    pub extra: rt::Extra,
}

impl rt::Object for FieldMetadata {
    const NAME: &'static str = "FieldMetadata";

    fn read<'de, A: rt::MapAccess<'de>>(
        &mut self,
        key: &str,
        slot: rt::Slot<'_, 'de, A>,
    ) -> Result<rt::Read, A::Error> {
        match key {
            "primary" => slot.read(&mut self.primary),
            _ => slot.unknown(),
        }
    }

    fn write<M: rt::SerializeMap>(&self, out: &mut rt::Fields<'_, M>) -> Result<(), M::Error> {
        out.field("primary", &self.primary)
    }
}

rt::object!(FieldMetadata);

/// A detail of an API's own, as the generator finds it in the document.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UpdateErrors {
    pub contact_errors: Option<BTreeMap<String, rt::Value>>,
    pub extra: rt::Extra,
}

impl rt::Object for UpdateErrors {
    const NAME: &'static str = "UpdateErrors";

    fn read<'de, A: rt::MapAccess<'de>>(
        &mut self,
        key: &str,
        slot: rt::Slot<'_, 'de, A>,
    ) -> Result<rt::Read, A::Error> {
        match key {
            "contactErrors" => slot.read(&mut self.contact_errors),
            _ => slot.unknown(),
        }
    }

    fn write<M: rt::SerializeMap>(&self, out: &mut rt::Fields<'_, M>) -> Result<(), M::Error> {
        out.field("contactErrors", &self.contact_errors)
    }
}

rt::object!(UpdateErrors);

impl rt::ErrorDetail for UpdateErrors {
    const TYPE: &'static str = "BatchUpdateContactsErrorDetails";
}
