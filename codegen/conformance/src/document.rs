//! A discovery document, read as plain JSON.

use serde_json::{Map, Value};

/// How often a `$ref` may lead to another one.
const LONGEST_CHAIN: usize = 64;

/// A discovery document.
#[derive(Clone, Debug)]
pub struct Document {
    json: Value,
}

/// A method of a document.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Method<'d> {
    pub(crate) id: &'d str,
    pub(crate) json: &'d Value,
}

impl Document {
    /// Reads a document.
    ///
    /// # Errors
    /// The text is no JSON object with a `rootUrl`.
    pub fn parse(json: &[u8]) -> Result<Self, String> {
        let json: Value = serde_json::from_slice(json).map_err(|error| error.to_string())?;
        if json["rootUrl"].is_string() {
            Ok(Self { json })
        } else {
            Err("it has no `rootUrl`".to_owned())
        }
    }

    /// A text of the document itself; empty where it has none.
    pub(crate) fn text(&self, key: &str) -> &str {
        self.json[key].as_str().unwrap_or_default()
    }

    /// Where its methods are: `rootUrl` and `servicePath`.
    pub(crate) fn base_url(&self) -> String {
        format!("{}{}", self.text("rootUrl"), self.text("servicePath"))
    }

    /// The path of every method begins with this: what `base_url` has after the host.
    pub(crate) fn base_path(&self) -> String {
        path_of(&self.base_url())
    }

    /// The path of every upload begins with this: what `rootUrl` has after the host.
    pub(crate) fn root_path(&self) -> String {
        path_of(self.text("rootUrl"))
    }

    /// All methods, in the order of the document.
    pub(crate) fn methods(&self) -> Vec<Method<'_>> {
        let mut methods = Vec::new();
        add_methods(&self.json, &mut methods);
        methods
    }

    /// The query parameters that every method takes.
    pub(crate) fn parameters(&self) -> &Map<String, Value> {
        map(&self.json["parameters"])
    }

    /// The schemas by id.
    pub(crate) fn schemas(&self) -> &Map<String, Value> {
        map(&self.json["schemas"])
    }

    /// Whether bodies stand inside `{"data": ...}`.
    pub(crate) fn wraps_data(&self) -> bool {
        let features = self.json["features"].as_array().into_iter().flatten();
        features.into_iter().any(|feature| feature == "dataWrapper")
    }

    /// Whether reserved characters have to be escaped in `{+x}` too.
    pub(crate) fn escapes_reserved(&self) -> bool {
        self.json["fullyEncodeReservedExpansion"] == true
    }

    /// The schema that a `$ref` leads to, or the schema itself.
    pub(crate) fn resolve<'d>(&'d self, mut schema: &'d Value) -> &'d Value {
        for _ in 0..LONGEST_CHAIN {
            let Some(id) = schema["$ref"].as_str() else { break };
            let Some(next) = self.schemas().get(id) else { return &Value::Null };
            schema = next;
        }
        schema
    }
}

/// What a URL has after the host, with a slash at its end.
fn path_of(url: &str) -> String {
    let below_scheme = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = below_scheme.find('/').map_or("", |at| &below_scheme[at..]);
    format!("{}/", path.trim_end_matches('/'))
}

fn add_methods<'d>(node: &'d Value, methods: &mut Vec<Method<'d>>) {
    for json in map(&node["methods"]).values() {
        methods.push(Method { id: json["id"].as_str().unwrap_or_default(), json });
    }
    for resource in map(&node["resources"]).values() {
        add_methods(resource, methods);
    }
}

impl<'d> Method<'d> {
    /// As `POST`.
    pub(crate) fn verb(&self) -> &'d str {
        self.json["httpMethod"].as_str().unwrap_or_default()
    }

    /// Its own parameters.
    pub(crate) fn parameters(&self) -> &'d Map<String, Value> {
        map(&self.json["parameters"])
    }

    /// The scopes of which it needs one.
    pub(crate) fn scopes(&self) -> Vec<&'d str> {
        self.json["scopes"].as_array().into_iter().flatten().filter_map(Value::as_str).collect()
    }

    /// The schema of its body.
    pub(crate) fn request(&self) -> Option<&'d Value> {
        self.json.get("request")
    }

    /// The schema of its answer.
    pub(crate) fn response(&self) -> Option<&'d Value> {
        self.json.get("response")
    }
}

/// An object of a document; empty where there is none.
pub(crate) fn map(value: &Value) -> &Map<String, Value> {
    static EMPTY: std::sync::LazyLock<Map<String, Value>> = std::sync::LazyLock::new(Map::new);
    value.as_object().unwrap_or(&EMPTY)
}

/// What a schema is, as far as its JSON form goes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Form<'d> {
    /// An object with these properties, and others of a schema or of none.
    Object(&'d Map<String, Value>, Option<&'d Value>),
    /// An object that may hold anything.
    OpenObject,
    /// A list of these.
    List(Option<&'d Value>),
    /// Any JSON value.
    Any,
    /// Text, a number, a boolean.
    Scalar,
}

/// What a schema is; it must be [resolved](Document::resolve).
pub(crate) fn form(schema: &Value) -> Form<'_> {
    let properties = map(&schema["properties"]);
    let additional = schema.get("additionalProperties");
    match schema["type"].as_str() {
        Some("object") => match additional {
            None if properties.is_empty() => Form::OpenObject,
            _ => Form::Object(properties, additional),
        },
        None if !properties.is_empty() || additional.is_some() => {
            Form::Object(properties, additional)
        }
        Some("array") => Form::List(schema.get("items")),
        Some("any") | None => Form::Any,
        Some(_) => Form::Scalar,
    }
}
