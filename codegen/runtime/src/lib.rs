//! What every method of the crate builds on: the wire form of its types, and one transport.
//!
//! A program rarely needs this module. It is public because types of it stand in the crate's
//! interface, and for those who decode answers or build requests by other means.

mod api_error;
mod attempt;
mod auth;
mod backoff;
mod binary;
mod body;
mod call;
mod client;
mod codec;
#[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
mod connector;
mod delegate;
mod detail;
mod error;
mod extra;
mod failure_text;
mod headers;
mod host;
mod hub;
mod items;
mod mask;
pub mod media;
mod method;
#[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
mod no_proxy;
mod number;
mod object;
mod open_enum;
mod options;
mod pages;
mod permanent;
mod problem;
#[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
mod proxy;
mod query;
mod retry;
mod retry_after;
mod secret;
mod send;
mod service;
mod settings;
mod time;
#[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
mod tls;
#[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
mod tls_config;
mod tokens;
mod trace;
mod trail;
mod url;
mod wire;
#[cfg(feature = "yup-oauth2")]
mod yup;

pub use bytes::Bytes;
pub use http;
pub use serde;
pub use serde::de::MapAccess;
pub use serde::ser::SerializeMap;
pub use serde_json::Value;

pub use api_error::{ApiError, LegacyError};
pub use auth::{BoxError, BoxFuture, TokenSource};
pub use call::{Answer, Call};
pub use codec::{DecodeError, EncodeError, decode, encode, from_json, to_json};
#[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
pub use connector::ProxyConnector;
pub use detail::{
    BadRequest, DebugInfo, Detail, ErrorDetail, ErrorInfo, FieldViolation, Help, HelpLink,
    LocalizedMessage, PreconditionFailure, PreconditionViolation, QuotaFailure, QuotaViolation,
    RequestInfo, ResourceInfo, RetryInfo,
};
pub use error::{Error, ErrorKind, Result};
pub use extra::{Extra, JsonMap};
pub use hub::Hub;
pub use items::Items;
pub use mask::{AnyPath, FieldMask, MaskPaths};
pub use method::{Method, Piece};
pub use object::{
    Fields, Object, Read, Slot, WithExtra, decode_object, encode_object, object, wire_serde,
};
pub use open_enum::{Enum, Unrecognized, decode_enum, encode_enum, enum_from, open_enum};
pub use options::{CallOptions, HubOptions};
pub use pages::Pages;
pub use query::QueryValue;
pub use retry::RetryPolicy;
pub use service::Service;
pub use time::{Date, Duration, InvalidText, Timestamp};
#[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
pub use tls::{HttpsClient, HttpsClientBuilder, HttpsConnector};
pub use trail::Trail;
pub use wire::{Place, Wire, decode_with_path};
#[cfg(feature = "yup-oauth2")]
pub use yup::YupAuthenticator;

/// What macros of this runtime call it, for modules of its own.
mod rt {
    pub(crate) use super::*;
}
