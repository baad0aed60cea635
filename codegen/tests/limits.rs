//! Documents beyond all measure: they end with a crate or with an error, soon, and never with an
//! exhausted stack. Tests run on threads with 2 MiB of it, a quarter of what a process begins with.

use discovery_codegen::diagnostic::Diagnostics;
use discovery_codegen::settings::Settings;
use discovery_codegen::{Generated, generate};
use serde_json::{Map, Value, json};

/// A document with one method that answers a schema.
fn document(answer: &str, schemas: &Value) -> Vec<u8> {
    let document = json!({
        "name": "large", "version": "v1", "rootUrl": "https://large.googleapis.com/",
        "schemas": schemas,
        "methods": {"get": {
            "id": "large.get", "httpMethod": "GET", "path": "v1", "response": {"$ref": answer},
        }},
    });
    document.to_string().into_bytes()
}

fn made(json: &[u8]) -> (Option<Generated>, Vec<String>) {
    let mut diagnostics = Diagnostics::default();
    let made = generate(json, &Settings::default(), None, &mut diagnostics);
    (made, diagnostics.iter().map(ToString::to_string).collect())
}

const MANY: usize = 50_000;

/// `MANY` schemas, each made of the id of the next; the last one's next is the first.
fn chain(schema: impl Fn(String) -> Value) -> Value {
    let id = |index: usize| format!("S{:05}", index % MANY);
    let schemas = (0..MANY).map(|index| (id(index), schema(id(index + 1))));
    Value::Object(schemas.collect::<Map<_, _>>())
}

#[test]
fn a_circle_of_many_objects_is_boxed() {
    let schemas = chain(|next| json!({"type": "object", "properties": {"next": {"$ref": next}}}));
    let mut lowered = Diagnostics::default();
    let json = document("S00000", &schemas);
    let document = discovery_codegen::discovery::read(&json, &mut lowered).unwrap();
    let api =
        discovery_codegen::lower::lower(&document, &Settings::default(), &mut lowered).unwrap();
    assert_eq!(api.schemas.len(), MANY);
    let boxed = api.schemas.iter().filter(|schema| match &schema.kind {
        discovery_codegen::api::SchemaKind::Struct(fields) => {
            fields.iter().all(|field| field.boxed)
        }
        _ => false,
    });
    assert_eq!(boxed.count(), MANY);
}

#[test]
fn schemas_that_nothing_reaches_cost_no_file() {
    let mut schemas = chain(|next| json!({"type": "object", "properties": {"n": {"$ref": next}}}));
    schemas["Answer"] = json!({"type": "object"});
    let (made, said) = made(&document("Answer", &schemas));
    assert_eq!(said, [""; 0]);
    assert_eq!(made.unwrap().api.schemas.len(), 1);
}

#[test]
fn a_circle_of_many_lists_is_cut_where_compilers_would_give_up() {
    for schema in [
        |next| json!({"type": "array", "items": {"$ref": next}}),
        |next| json!({"$ref": next}),
        |next| json!({"type": "object", "additionalProperties": {"$ref": next}}),
    ] {
        let (_, said) = lowered(&document("S00000", &chain(schema)));
        let circles = said.iter().filter(|one| one.contains("nothing but a list or map of itself"));
        assert_eq!(circles.count(), 1);
        let deep = said.iter().filter(|one| one.contains("too often")).count();
        assert_eq!(deep + 1, said.len(), "nothing else is said");
        assert!((MANY / 64..=MANY / 16).contains(&deep), "{deep}");
    }
}

fn lowered(json: &[u8]) -> (Option<discovery_codegen::api::Api>, Vec<String>) {
    let mut diagnostics = Diagnostics::default();
    let document = discovery_codegen::discovery::read(json, &mut diagnostics).unwrap();
    let api = discovery_codegen::lower::lower(&document, &Settings::default(), &mut diagnostics);
    (api, diagnostics.iter().map(ToString::to_string).collect())
}

#[test]
fn many_missing_schemas_are_all_named() {
    let schemas = chain(|next| json!({"$ref": format!("Missing{next}")}));
    let (made, said) = made(&document("S00000", &schemas));
    assert!(made.is_none());
    assert_eq!(said.iter().filter(|one| one.contains("there is no schema `Missing")).count(), MANY);
}

#[test]
fn many_schemas_of_one_name_are_numbered() {
    // A name is its words: how many blanks lie between them does not matter.
    let ids =
        (0..4_000).map(|index| (format!("A{}B", "-".repeat(index + 1)), json!({"type": "object"})));
    let (api, said) = lowered(&document("A-B", &Value::Object(ids.collect())));
    assert!(api.is_some());
    assert_eq!(said, [""; 0]);
}

/// A schema inside `count` others, each made of the one inside.
fn nested(count: usize, around: impl Fn(Value) -> Value) -> Value {
    (0..count).fold(json!({"type": "string"}), |inner, _| around(inner))
}

fn object(inner: Value) -> Value {
    let mut properties = Map::new();
    properties.insert("a".to_owned(), inner);
    json!({"type": "object", "properties": properties})
}

fn list(inner: Value) -> Value {
    let mut list = json!({"type": "array"});
    list["items"] = inner;
    list
}

#[test]
fn what_is_nested_deeply_is_generated() {
    for around in [object, list] {
        let (made, said) = made(&document("A", &json!({"A": nested(31, around)})));
        assert_eq!(said, [""; 0]);
        let made = made.unwrap();
        for (path, text) in made.files.iter().filter(|(path, _)| path.starts_with("src/")) {
            assert!(syn::parse_file(text).is_ok(), "{path}");
        }
    }
}

#[test]
fn what_is_nested_too_deeply_is_refused_at_its_place() {
    for around in [object, list] {
        // JSON itself ends at 128 levels, of which an object takes two.
        for count in [32, 60] {
            let (made, said) = made(&document("A", &json!({"A": nested(count, around)})));
            assert!(made.is_none());
            assert_eq!(said.len(), 1, "{said:#?}");
            assert!(said[0].starts_with("error: /schemas/A/"), "{said:#?}");
            assert!(said[0].contains("nested more than 32 levels deep"), "{said:#?}");
        }
    }
    for around in [object, list] {
        let (made, said) = made(&document("A", &json!({"A": nested(120, around)})));
        assert!(made.is_none());
        assert_eq!(said.len(), 1, "{said:#?}");
    }
    // Written by hand: what makes JSON of values has no limit of its own.
    let text = format!("{}1{}", r#"{"items":"#.repeat(500_000), "}".repeat(500_000));
    let (made, said) = made(text.as_bytes());
    assert!(made.is_none());
    assert!(said[0].contains("recursion limit exceeded"), "{said:#?}");
}

#[test]
fn resources_may_be_nested_as_deeply_as_json() {
    let method = |id: String| json!({"m": {"id": id, "httpMethod": "GET", "path": "v1"}});
    let nested = |count: usize| {
        let inner = (0..count).fold(json!({}), |inner, index| {
            json!({"r": {"methods": method(format!("m{index}")), "resources": inner}})
        });
        json!({
            "name": "deep", "version": "v1", "rootUrl": "https://deep.googleapis.com/",
            "resources": inner,
        })
    };
    let (made_of_60, said) = made(nested(60).to_string().as_bytes());
    assert!(made_of_60.is_some(), "{said:#?}");
    let (made_of_120, said) = made(nested(120).to_string().as_bytes());
    assert!(made_of_120.is_none());
    assert_eq!(said.len(), 1, "{said:#?}");
}

#[test]
fn many_properties_values_and_parameters_are_generated() {
    const SOME: usize = 3_000;
    let each = |text: &str, value: Value| -> Value {
        let entries = (0..SOME).map(|index| (format!("{text}{index}"), value.clone()));
        Value::Object(entries.collect::<Map<_, _>>())
    };
    let values: Vec<String> = (0..SOME).map(|index| format!("VALUE_{index}")).collect();
    let mut properties = each("p", json!({"type": "string"}));
    properties["kind"] = json!({"type": "string", "enum": values, "enumDescriptions": values});
    let path: Vec<String> = (0..SOME).map(|index| format!("{{q{index}}}")).collect();
    let json = json!({
        "name": "many", "version": "v1", "rootUrl": "https://many.googleapis.com/",
        "schemas": {"A": {"type": "object", "properties": properties}},
        "methods": {"get": {
            "id": "many.get", "httpMethod": "GET", "path": path.join("/"), "response": {"$ref": "A"},
            "parameters": each("q", json!({"type": "string", "location": "path", "required": true})),
        }},
    });
    let (made, said) = made(json.to_string().as_bytes());
    let made = made.unwrap_or_else(|| panic!("{said:?}"));
    let text = made.files.get("src/schemas/a.rs").unwrap();
    assert!(text.contains("p2999: Option<String>"));
}

#[test]
fn names_too_long_for_a_file_are_refused_at_their_place() {
    let long = "aB".repeat(200_000);
    let mut schemas = json!({"A": {"type": "object", "properties": {}}});
    schemas["A"]["properties"]["next"] = json!({"$ref": long.clone()});
    schemas[&long] = json!({"type": "object"});
    let (made, said) = made(&document("A", &schemas));
    assert!(made.is_none());
    assert_eq!(said.len(), 1);
    assert!(said[0].starts_with("error: /schemas/aBaB"));
    assert!(said[0].contains("at most 200 can be a file's name"));
}

#[test]
fn resources_too_long_for_a_file_are_refused_at_their_place() {
    let method = json!({"m": {"id": "long.m", "httpMethod": "GET", "path": "v1"}});
    let nested = |length: usize, count: usize| {
        let inner = (0..count).fold(json!({}), |inner, _| {
            let mut outer = json!({});
            outer["r".repeat(length)] = json!({"methods": method, "resources": inner});
            outer
        });
        let json = json!({
            "name": "long", "version": "v1", "rootUrl": "https://long.googleapis.com/",
            "resources": inner,
        });
        made(json.to_string().as_bytes())
    };
    for (length, count) in [(200, 1), (200, 3), (60, 10)] {
        let (made, said) = nested(length, count);
        assert!(made.is_some(), "{said:#?}");
    }
    for (length, count, words) in [
        (201, 1, "the resource's module would have 201 letters"),
        (100_000, 2, "the resource's module would have 100000 letters"),
        (200, 4, "the path of the resource's module would have 817 letters"),
        (60, 60, "the path of the resource's module would have 745 letters"),
    ] {
        let (made, said) = nested(length, count);
        assert!(made.is_none());
        assert_eq!(said.len(), 1, "{said:#?}");
        assert!(
            said[0].starts_with("error: /resources/rrr") && said[0].contains(words),
            "{said:#?}"
        );
    }
}

#[test]
fn descriptions_beyond_all_measure_are_cut() {
    // What opens something that is never closed, and what could be a list: a pass that looks ahead to
    // the end from each of them would take hours.
    for piece in [
        "[", "`", "<", " * a", " - a: ", "1. a ", "a ", "http://a", "~", "\n* ", "\n```\n", "(",
        ". A",
    ] {
        let text = piece.repeat(400_000 / piece.len());
        let schemas = json!({"A": {"type": "object", "description": text, "deprecated": true}});
        let (made, said) = made(&document("A", &schemas));
        assert!(made.is_some(), "{piece:?}: {said:?}");
    }
}
