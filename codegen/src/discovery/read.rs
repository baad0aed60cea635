//! JSON text -> [`Document`].

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::{
    Authority, Document, Endpoint, EnumValue, MediaUpload, Method, Parameter, Resource, Schema,
};
use crate::diagnostic::Diagnostics;

const NO_DOCUMENT: &str = "give a Google API discovery document, such as the answer of \
     https://people.googleapis.com/$discovery/rest?version=v1";

/// Reads a discovery document.
///
/// The answer is `None` when the text is no discovery document at all. Otherwise it is what could
/// be read, and `diagnostics` has errors for the rest.
pub fn read(json: &[u8], diagnostics: &mut Diagnostics) -> Option<Document> {
    let value: Value = match serde_json::from_slice(json) {
        Ok(value) => value,
        Err(error) => {
            diagnostics.error("", format!("no JSON: {error}"), NO_DOCUMENT);
            return None;
        }
    };
    let Value::Object(map) = &value else {
        diagnostics.error("", format!("{} instead of an object", kind(&value)), NO_DOCUMENT);
        return None;
    };
    let is_rest = map.get("kind").is_none_or(|kind| kind == "discovery#restDescription");
    let has_identity = ["name", "version"].iter().all(|key| map.contains_key(*key));
    let has_content = ["rootUrl", "baseUrl", "resources", "methods", "schemas"]
        .iter()
        .any(|key| map.contains_key(*key));
    if !is_rest || !has_identity || !has_content {
        diagnostics.error("", "this JSON is no discovery document", NO_DOCUMENT);
        return None;
    }
    let mut unused = BTreeMap::new();
    let node = Node {
        map,
        pointer: String::new(),
        seen: BTreeSet::new(),
        idle: BTreeSet::new(),
        unused: &mut unused,
        diagnostics,
    };
    let document = document(node);
    Some(Document { unused, ..document })
}

/// The JSON pointer of a key below another place.
pub fn child(pointer: &str, key: &str) -> String {
    format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"))
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// An object of the document while it is read.
struct Node<'a, 'd> {
    map: &'a Map<String, Value>,
    pointer: String,
    seen: BTreeSet<&'static str>,
    /// Those of them that have no effect.
    idle: BTreeSet<&'static str>,
    /// What of the whole document has no effect.
    unused: &'d mut BTreeMap<String, String>,
    diagnostics: &'d mut Diagnostics,
}

impl<'a> Node<'a, '_> {
    fn at(&self, key: &str) -> String {
        child(&self.pointer, key)
    }

    fn value(&mut self, key: &'static str) -> Option<&'a Value> {
        self.seen.insert(key);
        self.map.get(key).filter(|value| !value.is_null())
    }

    fn wrong(&mut self, pointer: String, value: &Value, wanted: &str) {
        let message = format!("{} instead of {wanted}", kind(value));
        self.diagnostics.error(pointer, message, "correct the document, or fetch it again");
    }

    fn optional_text(&mut self, key: &'static str) -> Option<String> {
        match self.value(key)? {
            Value::String(text) => Some(text.clone()),
            other => {
                self.wrong(self.at(key), other, "a text");
                None
            }
        }
    }

    fn text(&mut self, key: &'static str) -> String {
        self.optional_text(key).unwrap_or_default()
    }

    /// A text that the document must have.
    fn needed(&mut self, key: &'static str) -> String {
        let is_there = self.map.get(key).is_some_and(|value| value != "" && !value.is_null());
        if !is_there {
            let message = format!("the key `{key}` is missing or empty");
            self.diagnostics.error(
                self.pointer.clone(),
                message,
                "every discovery document has it",
            );
        }
        self.text(key)
    }

    /// A text, or a number or boolean as its text: documents have defaults and limits either way.
    fn scalar(&mut self, key: &'static str) -> Option<String> {
        match self.value(key)? {
            Value::String(text) => Some(text.clone()),
            Value::Bool(value) => Some(value.to_string()),
            Value::Number(value) => Some(value.to_string()),
            other => {
                self.wrong(self.at(key), other, "a text");
                None
            }
        }
    }

    fn flag(&mut self, key: &'static str) -> bool {
        match self.value(key) {
            None => false,
            Some(Value::Bool(value)) => *value,
            Some(other) => {
                self.wrong(self.at(key), other, "a boolean");
                false
            }
        }
    }

    fn list(&mut self, key: &'static str) -> &'a [Value] {
        match self.value(key) {
            None => &[],
            Some(Value::Array(items)) => items,
            Some(other) => {
                self.wrong(self.at(key), other, "a list");
                &[]
            }
        }
    }

    fn texts(&mut self, key: &'static str) -> Vec<String> {
        let mut texts = Vec::new();
        for (index, item) in self.list(key).iter().enumerate() {
            match item {
                Value::String(text) => texts.push(text.clone()),
                other => self.wrong(child(&self.at(key), &index.to_string()), other, "a text"),
            }
        }
        texts
    }

    fn flags(&mut self, key: &'static str) -> Vec<bool> {
        let mut flags = Vec::new();
        for (index, item) in self.list(key).iter().enumerate() {
            match item {
                Value::Bool(flag) => flags.push(*flag),
                other => self.wrong(child(&self.at(key), &index.to_string()), other, "a boolean"),
            }
        }
        flags
    }

    /// Reads the object under a key.
    fn object<T>(&mut self, key: &'static str, read: impl FnOnce(Node<'a, '_>) -> T) -> Option<T> {
        let value = self.value(key)?;
        self.node(self.at(key), value).map(read)
    }

    /// Reads every value of the object under a key as an object of its own.
    fn objects<T>(
        &mut self,
        key: &'static str,
        read: impl Fn(Node<'a, '_>) -> T,
    ) -> BTreeMap<String, T> {
        let mut objects = BTreeMap::new();
        let Some(value) = self.value(key) else { return objects };
        let pointer = self.at(key);
        let Value::Object(entries) = value else {
            self.wrong(pointer, value, "an object");
            return objects;
        };
        for (name, value) in entries {
            if let Some(node) = self.node(child(&pointer, name), value) {
                objects.insert(name.clone(), read(node));
            }
        }
        objects
    }

    fn node(&mut self, pointer: String, value: &'a Value) -> Option<Node<'a, '_>> {
        let Value::Object(map) = value else {
            self.wrong(pointer, value, "an object");
            return None;
        };
        Some(Node {
            map,
            pointer,
            seen: BTreeSet::new(),
            idle: BTreeSet::new(),
            unused: self.unused,
            diagnostics: self.diagnostics,
        })
    }

    /// Marks keys as known that have no effect on the output.
    fn ignore(&mut self, keys: &[&'static str]) {
        self.seen.extend(keys);
        self.idle.extend(keys);
    }

    /// Marks keys as known whose changes are not even worth a notice, or that are read elsewhere.
    fn pass(&mut self, keys: &[&'static str]) {
        self.seen.extend(keys);
    }

    /// Keeps what has no effect, and reports the keys that nobody asked for.
    fn done(self) {
        for (key, value) in self.map {
            let has_no_effect =
                self.idle.contains(key.as_str()) || !self.seen.contains(key.as_str());
            if has_no_effect && !says_nothing(value) {
                self.unused.insert(child(&self.pointer, key), value.to_string());
            }
        }
        for key in self.map.keys().filter(|key| !self.seen.contains(key.as_str())) {
            let help = "it has no effect; if it matters, the generator must learn it";
            self.diagnostics.warning(child(&self.pointer, key), "unknown key", help);
        }
    }
}

/// Whether a document without this value says the same.
fn says_nothing(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(entries) => entries.is_empty(),
        _ => false,
    }
}

fn document(mut node: Node) -> Document {
    node.pass(&["batchPath", "etag", "icons", "id", "labels"]);
    node.ignore(&[
        "basePath",
        "baseUrl",
        "discoveryVersion",
        "exponentialBackoffDefault",
        "fullyEncodeReservedExpansion",
        "kind",
        "ownerDomain",
        "ownerName",
        "packagePath",
        "protocol",
        "version_module",
    ]);
    let document = Document {
        name: node.needed("name"),
        version: node.needed("version"),
        revision: node.text("revision"),
        title: node.text("title"),
        canonical_name: node.text("canonicalName"),
        description: node.text("description"),
        documentation_link: node.text("documentationLink"),
        root_url: root_url(&mut node, "rootUrl"),
        service_path: service_path(&mut node),
        mtls_root_url: if node.map.contains_key("mtlsRootUrl") {
            root_url(&mut node, "mtlsRootUrl")
        } else {
            String::new()
        },
        endpoints: endpoints(&mut node),
        features: node.texts("features"),
        parameters: node.objects("parameters", parameter),
        scopes: node.object("auth", auth).unwrap_or_default(),
        schemas: node.objects("schemas", |node| schema(node, &["id"])),
        methods: node.objects("methods", method),
        resources: node.objects("resources", resource),
        unused: BTreeMap::new(),
    };
    // As a rule these say again what `rootUrl` and `servicePath` say.
    let Document { root_url, service_path, .. } = &document;
    for (key, usual) in
        [("baseUrl", format!("{root_url}{service_path}")), ("basePath", format!("/{service_path}"))]
    {
        if node.map.get(key).is_some_and(|own| *own == usual) {
            node.idle.remove(key);
            node.unused.insert(child("", key), "as usual".to_owned());
        }
    }
    node.done();
    document
}

/// A base URL: every request of the API goes there, so its form is checked.
fn root_url(node: &mut Node, key: &'static str) -> String {
    let mut url = node.needed(key);
    if url.is_empty() {
        return url;
    }
    if !url.ends_with('/') {
        url.push('/');
    }
    if !is_base_url(&url) {
        let message = format!("`{url}` is no base URL of an API");
        node.diagnostics.error(
            node.at(key),
            message,
            "it has the form `https://host/` or `https://host:port/`, without user, query or fragment",
        );
    }
    url
}

fn is_base_url(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")) else {
        return false;
    };
    let (place, path) = rest.split_once('/').unwrap_or((rest, ""));
    Authority::parse(place).is_some() && is_plain_path(path)
}

fn is_plain_path(path: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '~' | '/');
    let mut parts = path.split('/');
    path.chars().all(is_plain)
        && parts.all(|part| part != "." && part != "..")
        && !path.contains("//")
}

fn service_path(node: &mut Node) -> String {
    let path = node.text("servicePath");
    if !is_plain_path(&path) || path.starts_with('/') {
        let message = format!("`{path}` is no path below the root URL");
        node.diagnostics.error(node.at("servicePath"), message, "it has the form `drive/v3/`");
    }
    path
}

fn auth(mut node: Node) -> BTreeMap<String, String> {
    let scopes = node.object("oauth2", |mut node| {
        let scopes = node.objects("scopes", |mut node| {
            let description = node.text("description");
            node.done();
            description
        });
        node.done();
        scopes
    });
    node.done();
    scopes.unwrap_or_default()
}

fn endpoints(node: &mut Node) -> Vec<Endpoint> {
    let pointer = node.at("endpoints");
    let mut endpoints = Vec::new();
    for (index, item) in node.list("endpoints").iter().enumerate() {
        let Some(mut node) = node.node(child(&pointer, &index.to_string()), item) else { continue };
        node.ignore(&["deprecated"]);
        let url = root_url(&mut node, "endpointUrl");
        let location = node.text("location");
        let description = node.text("description");
        node.done();
        endpoints.push(Endpoint { url, location, description });
    }
    endpoints
}

fn schema(mut node: Node, also: &[&'static str]) -> Schema {
    // `required` inside schemas is a leftover of old documents, without effect on the wire.
    if !also.contains(&"required") {
        node.ignore(&["required"]);
    }
    if !node.map.contains_key("enum") {
        node.ignore(&["enumDescriptions", "enumDeprecated"]);
    }
    node.pass(also);
    let schema = Schema {
        reference: node.optional_text("$ref"),
        ty: node.text("type"),
        format: node.text("format"),
        properties: node.objects("properties", |node| schema(node, &["id"])),
        items: node.object("items", |node| Box::new(schema(node, &["id"]))),
        additional: node.object("additionalProperties", |node| Box::new(schema(node, &["id"]))),
        values: values(&mut node),
        description: node.text("description"),
        deprecated: node.flag("deprecated"),
        read_only: node.flag("readOnly"),
        default: node.scalar("default"),
        minimum: node.scalar("minimum"),
        maximum: node.scalar("maximum"),
        pattern: node.optional_text("pattern"),
        required_by: node
            .object("annotations", |mut node| {
                let required = node.texts("required");
                node.done();
                required
            })
            .unwrap_or_default(),
        pointer: node.pointer.clone(),
    };
    node.done();
    schema
}

fn values(node: &mut Node) -> Vec<EnumValue> {
    let values = node.texts("enum");
    if values.is_empty() {
        return Vec::new();
    }
    let mut descriptions = node.texts("enumDescriptions").into_iter();
    let mut deprecated = node.flags("enumDeprecated").into_iter();
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    let count = values.len();
    for value in values {
        let description = descriptions.next().unwrap_or_default();
        let deprecated = deprecated.next().unwrap_or_default();
        if seen.insert(value.clone()) {
            found.push(EnumValue { value, description, deprecated });
        }
    }
    // What belongs to no value, or to the same one again.
    if found.len() < count {
        node.idle.insert("enum");
    }
    if descriptions.next().is_some() {
        node.idle.insert("enumDescriptions");
    }
    if deprecated.next().is_some() {
        node.idle.insert("enumDeprecated");
    }
    found
}

fn parameter(mut node: Node) -> Parameter {
    let location = node.text("location");
    if location != "path" && location != "query" {
        let message = format!("the location `{location}` is neither `path` nor `query`");
        node.diagnostics.error(
            node.at("location"),
            message,
            "the generator knows no other place for a parameter",
        );
    }
    let required = node.flag("required");
    let repeated = node.flag("repeated");
    let schema = schema(node, &["location", "required", "repeated"]);
    Parameter { schema, in_path: location == "path", required, repeated }
}

fn resource(mut node: Node) -> Resource {
    node.ignore(&["deprecated"]);
    let resource = Resource {
        pointer: node.pointer.clone(),
        methods: node.objects("methods", method),
        resources: node.objects("resources", resource),
    };
    node.done();
    resource
}

const HTTP_METHODS: [&str; 6] = ["DELETE", "GET", "HEAD", "PATCH", "POST", "PUT"];

fn method(mut node: Node) -> Method {
    node.pass(&["flatPath", "supportsMediaUpload"]);
    node.ignore(&["etagRequired", "streamingType", "supportsSubscription"]);
    let says_upload = node.flag("supportsMediaUpload");
    if node.map.contains_key("mediaUpload") != says_upload {
        node.unused.insert(node.at("supportsMediaUpload"), says_upload.to_string());
    }
    let http_method = node.needed("httpMethod");
    if !http_method.is_empty() && !HTTP_METHODS.contains(&http_method.as_str()) {
        let message = format!("`{http_method}` is no HTTP method of an API");
        node.diagnostics.error(
            node.at("httpMethod"),
            message,
            format!("one of {}", HTTP_METHODS.join(", ")),
        );
    }
    let (request, open_request) = node.object("request", body).unwrap_or_default();
    let (response, open_response) = node.object("response", body).unwrap_or_default();
    let method = Method {
        pointer: node.pointer.clone(),
        id: node.needed("id"),
        http_method,
        path: node.needed("path"),
        description: node.text("description"),
        deprecated: node.flag("deprecated"),
        parameters: node.objects("parameters", parameter),
        parameter_order: node.texts("parameterOrder"),
        request,
        response,
        open_request,
        open_response,
        scopes: node.texts("scopes"),
        api_version: node.optional_text("apiVersion"),
        error_details: Vec::new(),
        media_upload: node.object("mediaUpload", media_upload),
        media_download: node.flag("supportsMediaDownload"),
        media_download_service: node.flag("useMediaDownloadService"),
    };
    node.done();
    method
}

/// The schema that a body names, or whether it is any JSON object (`google.protobuf.Struct`), which
/// stands inline in integrations.v2, datalineage.v1 and others.
fn body(mut node: Node) -> (Option<String>, bool) {
    node.ignore(&["parameterName"]);
    let reference = node.optional_text("$ref");
    if reference.is_some() {
        node.done();
        return (reference, false);
    }
    let Node { map, pointer, seen, idle, unused, diagnostics } = node;
    // Nothing but its being open has an effect.
    unused.insert(pointer.clone(), Value::Object(map.clone()).to_string());
    let own = Node {
        map,
        pointer: pointer.clone(),
        seen,
        idle,
        unused: &mut BTreeMap::new(),
        diagnostics: &mut *diagnostics,
    };
    let schema = schema(own, &[]);
    let values = schema.additional.as_ref().map(|values| values.ty.as_str());
    let is_open = schema.ty == "object" && schema.properties.is_empty() && values == Some("any");
    if !is_open {
        diagnostics.error(
            pointer,
            "a body with neither `$ref` nor values of any type",
            "a body is named by the schema it has",
        );
    }
    (None, is_open)
}

fn media_upload(mut node: Node) -> MediaUpload {
    fn path(node: &mut Node, key: &'static str) -> Option<String> {
        let path = node.object(key, |mut node| {
            node.ignore(&["multipart"]);
            let path = node.optional_text("path");
            node.done();
            path
        });
        path.flatten()
    }
    let accept = node.texts("accept");
    let max_size = node.optional_text("maxSize");
    let protocols = node.object("protocols", |mut node| {
        let paths = (path(&mut node, "simple"), path(&mut node, "resumable"));
        node.done();
        paths
    });
    let (simple, resumable) = protocols.unwrap_or_default();
    node.done();
    MediaUpload { accept, max_size, simple, resumable }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(json: &str) -> Vec<String> {
        let mut diagnostics = Diagnostics::default();
        read(json.as_bytes(), &mut diagnostics);
        diagnostics.iter().map(|one| format!("{}: {}", one.pointer, one.message)).collect()
    }

    #[test]
    fn what_is_no_document_is_told_in_one_line() {
        for json in [
            "",
            "[1]",
            "{}",
            r#"{"name":"a","version":"b"}"#,
            r#"{"kind":"storage#bucket","name":"a","version":"v","rootUrl":"x"}"#,
        ] {
            assert_eq!(said(json).len(), 1, "{json}");
        }
    }

    #[test]
    fn all_problems_are_found_in_one_run() {
        let json = r#"{"name":"a","version":"v1","rootUrl":"ftp://x/","odd":1,
            "schemas":{"A/B":{"type":5,"properties":{"p":[]}}},
            "methods":{"m":{"id":"a.m","httpMethod":"FETCH","path":"m","parameters":{"q":{"type":"string","location":"body"}}}}}"#;
        assert_eq!(
            said(json),
            [
                "/rootUrl: `ftp://x/` is no base URL of an API",
                "/schemas/A~1B/type: a number instead of a text",
                "/schemas/A~1B/properties/p: a list instead of an object",
                "/methods/m/httpMethod: `FETCH` is no HTTP method of an API",
                "/methods/m/parameters/q/location: the location `body` is neither `path` nor `query`",
                "/odd: unknown key",
            ]
        );
    }

    #[test]
    fn base_urls_hold_no_other_host() {
        for url in ["https://people.googleapis.com/", "http://127.0.0.1:80/a/"] {
            assert!(is_base_url(url), "{url}");
        }
        for url in [
            "https://a@b/",
            "https://a/?b",
            "https:///",
            "https://a/../b/",
            "https://a\\b/",
            "//a/",
            "https://evil.example:x.googleapis.com/",
            "https://people.googleapis.com:/",
            "https://people.googleapis.com:65536/",
        ] {
            assert!(!is_base_url(url), "{url}");
        }
    }
}
