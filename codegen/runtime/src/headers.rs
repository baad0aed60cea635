//! The headers of a call.

use http::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, USER_AGENT};
use http::{HeaderMap, HeaderName, HeaderValue, Method};

use super::settings::Settings;
use super::{CallOptions, HubOptions, Service};

pub(super) const API_KEY: HeaderName = HeaderName::from_static("x-goog-api-key");
const API_CLIENT: HeaderName = HeaderName::from_static("x-goog-api-client");
const API_VERSION: HeaderName = HeaderName::from_static("x-goog-api-version");
const USER_PROJECT: HeaderName = HeaderName::from_static("x-goog-user-project");

/// Headers that callers cannot set, because the transport, the runtime or an option does.
const TAKEN: &[&str] = &[
    "accept-encoding",
    "authorization",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "expect",
    "host",
    "keep-alive",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "x-goog-api-client",
    "x-goog-api-key",
    "x-goog-api-version",
    "x-goog-user-project",
];

/// Whether answers may come compressed.
fn is_gzip_on(options: &HubOptions) -> bool {
    cfg!(feature = "gzip") && options.gzip
}

/// All headers of a request but its authorization.
pub(super) fn headers(
    service: &Service,
    method: &super::Method,
    hub: &HubOptions,
    settings: &Settings,
    call: &CallOptions,
    has_body: bool,
) -> Result<HeaderMap, String> {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    headers.insert(USER_AGENT, value("the user agent", &user_agent(service, hub))?);
    let client = format!("gl-rust/unknown gdcl/{}", service.package_version);
    headers.insert(API_CLIENT, value("the package version", &client)?);
    if is_gzip_on(hub) {
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
    }
    if has_body {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    } else if [Method::POST, Method::PUT, Method::PATCH].contains(&method.http_method) {
        // Google answers 411 to a POST that does not say that it has no body.
        headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
    }
    if let Some(version) = method.api_version {
        headers.insert(API_VERSION, value("the API version", version)?);
    }
    if let Some(project) = &settings.quota_project {
        headers.insert(USER_PROJECT, value("the quota project", project)?);
    }
    if let Some(key) = &settings.api_key {
        headers.insert(API_KEY, api_key(&key.0)?);
    }
    for (name, text) in &call.headers {
        let Ok(header) = HeaderName::try_from(name) else {
            return Err(format!("{name:?} cannot be the name of a header"));
        };
        if TAKEN.contains(&header.as_str()) {
            return Err(format!("the header `{header}` is not for callers to set"));
        }
        headers.insert(header, value(&format!("the value of the header `{name}`"), text)?);
    }
    Ok(headers)
}

/// The header value of an API key.
pub(super) fn api_key(key: &str) -> Result<HeaderValue, String> {
    let mut key = value("the API key", key)?;
    key.set_sensitive(true);
    Ok(key)
}

// Google compresses only for a user agent with the word `gzip` in it.
fn user_agent(service: &Service, hub: &HubOptions) -> String {
    let mut text = String::new();
    if let Some(application) = hub.user_agent.as_deref().filter(|name| !name.is_empty()) {
        text.push_str(application);
        text.push(' ');
    }
    text.push_str(service.package);
    text.push('/');
    text.push_str(service.package_version);
    if is_gzip_on(hub) {
        text.push_str(" (gzip)");
    }
    text
}

fn value(what: &str, text: &str) -> Result<HeaderValue, String> {
    // The text stays out of the message: it may be a secret.
    HeaderValue::try_from(text)
        .map_err(|_| format!("{what} has characters that cannot stand in a header"))
}
