//! The schemas of the discovery document, as the tests understand them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde_json::{Value, json};

const DOCUMENT: &str = include_str!("../../discovery/people.v1.json");

/// All schemas by their ids.
pub(crate) static SCHEMAS: LazyLock<BTreeMap<String, Kind>> = LazyLock::new(|| {
    let document: Value = serde_json::from_str(DOCUMENT).expect("JSON");
    let mut schemas: BTreeMap<_, _> = document["schemas"]
        .as_object()
        .expect("schemas")
        .iter()
        .map(|(id, schema)| (id.clone(), Kind::of(schema)))
        .collect();
    // The details of errors are in the API's documentation only, so the generator adds them.
    let errors = json!({"type": "object", "properties": {
        "contactErrors": {"type": "object", "additionalProperties": {"$ref": "Status"}},
    }});
    for id in ["BatchCreateContactsErrorDetails", "BatchUpdateContactsErrorDetails"] {
        schemas.insert(id.to_owned(), Kind::of(&errors));
    }
    schemas
});

/// What a value must be.
#[derive(Clone, Debug)]
pub(crate) enum Kind {
    /// An object of another schema.
    Ref(String),
    /// An object with these fields.
    Object(BTreeMap<String, Kind>),
    /// An object with any keys.
    Map(Box<Kind>),
    List(Box<Kind>),
    /// One of these texts, or another that came later.
    Enum(Vec<String>),
    /// A text with a format, or with none.
    Text(Option<String>),
    Bytes,
    Int32,
    Int64,
    Bool,
    /// Any JSON.
    Any,
}

impl Kind {
    fn of(schema: &Value) -> Self {
        if let Some(id) = schema["$ref"].as_str() {
            return Self::Ref(id.to_owned());
        }
        let texts = |list: &Vec<Value>| {
            list.iter().map(|text| text.as_str().expect("a text").to_owned()).collect()
        };
        match (schema["type"].as_str().expect("a type"), schema["format"].as_str()) {
            ("any", _) => Self::Any,
            ("boolean", _) => Self::Bool,
            ("integer", Some("int32")) => Self::Int32,
            ("string", Some("int64")) => Self::Int64,
            ("string", Some("byte")) => Self::Bytes,
            ("string", format) => match schema["enum"].as_array() {
                Some(values) => Self::Enum(texts(values)),
                None => Self::Text(format.map(str::to_owned)),
            },
            ("array", _) => Self::List(Box::new(Self::of(&schema["items"]))),
            ("object", _) => match schema.get("additionalProperties") {
                Some(values) => Self::Map(Box::new(Self::of(values))),
                None => {
                    let fields = schema["properties"].as_object().expect("properties").iter();
                    Self::Object(
                        fields.map(|(name, kind)| (name.clone(), Self::of(kind))).collect(),
                    )
                }
            },
            (other, format) => panic!("the tests do not know {other} {format:?} yet"),
        }
    }

    /// The same with the schema that a `Ref` names instead of it.
    pub(crate) fn resolved(&self) -> &Self {
        match self {
            Self::Ref(id) => &SCHEMAS[id],
            other => other,
        }
    }
}
