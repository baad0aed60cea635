//! A small API in the form that the generator emits, and servers to call.
// Every test file uses a part of it, in the form of a public crate.
#![allow(dead_code, unreachable_pub)]

pub mod media;
pub mod schemas;
pub mod server;
pub mod sessions;
pub mod tls;

use codegen_runtime as rt;
use google_apis_common as common;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

use schemas::{Answer, Kind, Person};

pub const CONTACTS: &str = "https://www.googleapis.com/auth/contacts";

pub static SERVICE: rt::Service = rt::Service {
    name: "people",
    version: "v1",
    title: "People API",
    root_url: "https://people.googleapis.com/",
    service_path: "",
    mtls_root_url: Some("https://people.mtls.googleapis.com/"),
    parameters: &["$.xgafv", "access_token", "alt", "fields", "key", "prettyPrint"],
    data_wrapper: false,
    package: "people-v1",
    package_version: "0.1.0",
};

pub static WRAPPED: rt::Service = rt::Service {
    name: "translate",
    version: "v2",
    title: "Translate",
    root_url: "https://translation.googleapis.com/",
    service_path: "language/translate/",
    mtls_root_url: None,
    parameters: &[],
    data_wrapper: true,
    package: "translate-v2",
    package_version: "0.1.0",
};

pub const GET: rt::Method = rt::Method {
    id: "people.people.get",
    http_method: rt::http::Method::GET,
    path: &[rt::Piece::Text("v1/"), rt::Piece::Reserved("resourceName")],
    parameters: &["personFields", "resourceName", "sources"],
    scopes: &[CONTACTS],
    default_scopes: &[CONTACTS],
    api_version: None,
};

pub const UPDATE: rt::Method = rt::Method {
    id: "people.people.batchUpdateContacts",
    http_method: rt::http::Method::POST,
    path: &[rt::Piece::Text("v1/people:batchUpdateContacts")],
    parameters: &[],
    scopes: &[CONTACTS],
    default_scopes: &[CONTACTS],
    api_version: Some("2026-01-01"),
};

pub const DELETE: rt::Method = rt::Method {
    id: "people.people.deleteContact",
    http_method: rt::http::Method::DELETE,
    path: &[
        rt::Piece::Text("v1/"),
        rt::Piece::Reserved("resourceName"),
        rt::Piece::Text(":deleteContact"),
    ],
    parameters: &["resourceName"],
    scopes: &[CONTACTS],
    default_scopes: &[CONTACTS],
    api_version: None,
};

pub const SIMPLE: rt::Method = rt::Method {
    id: "people.groups.touch",
    http_method: rt::http::Method::POST,
    path: &[rt::Piece::Text("v1/groups/"), rt::Piece::Simple("group"), rt::Piece::Text("/touch")],
    parameters: &["group"],
    scopes: &[],
    default_scopes: &[],
    api_version: None,
};

/// The hub of the small API.
#[derive(Clone, Debug)]
pub struct PeopleService {
    pub hub: rt::Hub,
}

impl common::Hub for PeopleService {}

impl PeopleService {
    pub fn new<C: common::Connector>(
        client: common::Client<C>,
        auth: impl rt::TokenSource,
    ) -> Self {
        Self { hub: rt::Hub::new(&SERVICE, client, auth) }
    }

    #[must_use]
    pub fn with(self, options: rt::HubOptions) -> Self {
        Self { hub: self.hub.with(options) }
    }

    pub fn get(&self, resource_name: impl Into<String>) -> GetCall {
        let call = rt::Call::new(&self.hub, &GET);
        GetCall { call: call.path("resourceName", Into::<String>::into(resource_name)) }
    }

    pub fn update(&self, request: &Person) -> rt::Call<Answer> {
        rt::Call::new(&self.hub, &UPDATE).body(request)
    }

    pub fn delete(&self, resource_name: impl Into<String>) -> rt::Call<()> {
        let call = rt::Call::new(&self.hub, &DELETE);
        call.path("resourceName", Into::<String>::into(resource_name))
    }

    pub fn touch(&self, group: impl Into<String>) -> rt::Call<()> {
        rt::Call::new(&self.hub, &SIMPLE).path("group", Into::<String>::into(group))
    }
}

#[must_use = "a call does nothing until it is sent"]
#[derive(Clone, Debug)]
pub struct GetCall {
    pub call: rt::Call<Person>,
}

impl common::CallBuilder for GetCall {}

impl GetCall {
    pub fn set_person_fields(self, value: impl Into<rt::FieldMask>) -> Self {
        Self { call: self.call.query("personFields", Into::<rt::FieldMask>::into(value)) }
    }

    pub fn set_sources(self, values: impl IntoIterator<Item = impl Into<Kind>>) -> Self {
        Self { call: self.call.query_each("sources", values.into_iter().map(Into::<Kind>::into)) }
    }

    pub fn with(self, options: rt::CallOptions) -> Self {
        Self { call: self.call.with(options) }
    }

    pub async fn send(self) -> rt::Result<Person> {
        self.call.send().await
    }

    pub async fn send_with(self, delegate: &mut dyn common::Delegate) -> rt::Result<Person> {
        self.call.send_with(delegate).await
    }

    pub fn build(self) -> rt::Result<rt::http::Request<rt::Bytes>> {
        self.call.build()
    }
}

pub fn client() -> common::Client<HttpConnector> {
    Client::builder(TokioExecutor::new()).build_http()
}

/// A hub with Google's address.
pub fn google() -> PeopleService {
    PeopleService::new(client(), "secret-token".to_owned())
}

/// A hub of a server, with short waits between retries.
pub fn hub(url: &str) -> PeopleService {
    hub_with(url, rt::HubOptions::new())
}

pub fn hub_with(url: &str, options: rt::HubOptions) -> PeopleService {
    google().with(options.base_url(url).retry(quick(rt::RetryPolicy::new())))
}

pub fn quick(policy: rt::RetryPolicy) -> rt::RetryPolicy {
    policy.initial_backoff(std::time::Duration::from_millis(1))
}
