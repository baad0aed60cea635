//! The typed details of an error (google.rpc, `error_details.proto`).

use std::collections::BTreeMap;

use serde::de::MapAccess;
use serde::ser::SerializeMap;
use serde_json::Value;

use super::{DecodeError, Duration, Extra, Fields, Object, Read, Slot, Wire, rt};

/// A message that can stand among the details of an error.
pub trait ErrorDetail: Wire {
    /// The name of the message: what follows the last `.` or `/` of `@type`.
    const TYPE: &'static str;
}

/// Structs of the details: public optional fields, their table, and `ErrorDetail` where named.
macro_rules! messages {
    ($(
        $(#[$doc:meta])*
        $name:ident $(as $type:literal)? {
            $($(#[$field_doc:meta])* $field:ident: $ty:ty = $key:literal,)*
        }
    )*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq)]
        #[non_exhaustive]
        pub struct $name {
            $($(#[$field_doc])* pub $field: Option<$ty>,)*
            /// Fields that this version does not know, `@type` among them.
            pub extra: Extra,
        }

        impl Object for $name {
            const NAME: &'static str = stringify!($name);

            fn read<'de, A: MapAccess<'de>>(
                &mut self,
                key: &str,
                slot: Slot<'_, 'de, A>,
            ) -> Result<Read, A::Error> {
                match key {
                    $($key => slot.read(&mut self.$field),)*
                    _ => slot.unknown(),
                }
            }

            fn write<M: SerializeMap>(&self, out: &mut Fields<'_, M>) -> Result<(), M::Error> {
                $(out.field($key, &self.$field)?;)*
                Ok(())
            }
        }

        rt::object!($name);

        $(impl ErrorDetail for $name {
            const TYPE: &'static str = $type;
        })?
    )*};
}

messages! {
    /// What is wrong with a request.
    BadRequest as "BadRequest" {
        /// The offending fields.
        field_violations: Vec<FieldViolation> = "fieldViolations",
    }

    /// One offending field of a request.
    FieldViolation {
        /// The path of the field, usually in snake case.
        field: String = "field",
        /// Why it is wrong.
        description: String = "description",
        /// The reason as a constant, such as `INVALID_EMAIL`.
        reason: String = "reason",
        /// The description in the caller's language.
        localized_message: LocalizedMessage = "localizedMessage",
    }

    /// The cause of an error in a form for programs.
    ErrorInfo as "ErrorInfo" {
        /// The cause as a constant, such as `RATE_LIMIT_EXCEEDED`; unique within the domain.
        reason: String = "reason",
        /// Who gives the reason its meaning, such as `googleapis.com`.
        domain: String = "domain",
        /// More facts, such as the name of the quota.
        metadata: BTreeMap<String, String> = "metadata",
    }

    /// When to try again.
    RetryInfo as "RetryInfo" {
        /// How long to wait at least.
        retry_delay: Duration = "retryDelay",
    }

    /// Which quotas were exceeded.
    QuotaFailure as "QuotaFailure" {
        /// One entry for each.
        violations: Vec<QuotaViolation> = "violations",
    }

    /// One exceeded quota.
    QuotaViolation {
        /// Whose quota it is, such as `project:<id>`.
        subject: String = "subject",
        /// What happened and what can be done.
        description: String = "description",
    }

    /// Which conditions were not met.
    PreconditionFailure as "PreconditionFailure" {
        /// One entry for each.
        violations: Vec<PreconditionViolation> = "violations",
    }

    /// One condition that was not met.
    PreconditionViolation {
        /// The kind of condition.
        kind: String = "type",
        /// What failed it.
        subject: String = "subject",
        /// What happened and what can be done.
        description: String = "description",
    }

    /// Where to read on.
    Help as "Help" {
        /// The links.
        links: Vec<HelpLink> = "links",
    }

    /// One link of a [`Help`].
    HelpLink {
        /// What is behind it.
        description: String = "description",
        /// The address.
        url: String = "url",
    }

    /// The message in the caller's language.
    LocalizedMessage as "LocalizedMessage" {
        /// The language, such as `de-CH`.
        locale: String = "locale",
        /// The message.
        message: String = "message",
    }

    /// What the service's developers want to know.
    DebugInfo as "DebugInfo" {
        /// The stack.
        stack_entries: Vec<String> = "stackEntries",
        /// More text.
        detail: String = "detail",
    }

    /// How the service calls the request in its own logs.
    RequestInfo as "RequestInfo" {
        /// The id of the request.
        request_id: String = "requestId",
        /// What was served, such as a build; opaque.
        serving_data: String = "servingData",
    }

    /// The resource that could not be reached.
    ResourceInfo as "ResourceInfo" {
        /// Its type.
        resource_type: String = "resourceType",
        /// Its name.
        resource_name: String = "resourceName",
        /// Its owner.
        owner: String = "owner",
        /// What went wrong.
        description: String = "description",
    }
}

/// One detail of an error.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Detail {
    /// What is wrong with the request.
    BadRequest(BadRequest),
    /// The cause in a form for programs.
    ErrorInfo(ErrorInfo),
    /// When to try again.
    RetryInfo(RetryInfo),
    /// Which quotas were exceeded.
    QuotaFailure(QuotaFailure),
    /// Which conditions were not met.
    PreconditionFailure(PreconditionFailure),
    /// Where to read on.
    Help(Help),
    /// The message in the caller's language.
    LocalizedMessage(LocalizedMessage),
    /// What the service's developers want to know.
    DebugInfo(DebugInfo),
    /// How the service calls the request.
    RequestInfo(RequestInfo),
    /// The resource that could not be reached.
    ResourceInfo(ResourceInfo),
    /// Any other message, and those above when they do not have their usual form.
    Other(Value),
}

impl Detail {
    pub(super) fn from_json(json: &Value) -> Self {
        fn typed<T: ErrorDetail>(json: &Value, make: fn(T) -> Detail) -> Option<Detail> {
            Some(make(decode_detail(json)?.ok()?))
        }
        typed(json, Self::ErrorInfo)
            .or_else(|| typed(json, Self::BadRequest))
            .or_else(|| typed(json, Self::RetryInfo))
            .or_else(|| typed(json, Self::QuotaFailure))
            .or_else(|| typed(json, Self::PreconditionFailure))
            .or_else(|| typed(json, Self::Help))
            .or_else(|| typed(json, Self::LocalizedMessage))
            .or_else(|| typed(json, Self::DebugInfo))
            .or_else(|| typed(json, Self::RequestInfo))
            .or_else(|| typed(json, Self::ResourceInfo))
            .unwrap_or_else(|| Self::Other(json.clone()))
    }
}

/// Reads a detail; nothing when its `@type` is another one.
pub(super) fn decode_detail<T: ErrorDetail>(json: &Value) -> Option<Result<T, DecodeError>> {
    let name = json.get("@type")?.as_str()?.rsplit(['.', '/']).next()?;
    (name == T::TYPE).then(|| super::codec::decode_value(json))
}
