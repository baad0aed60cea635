//! A name that `api.txt` lists stays, whatever comes beside it or goes: code that uses it goes on to
//! mean the same. And nothing else writes such a line.

use discovery_codegen::diagnostic::Diagnostics;
use discovery_codegen::settings::Settings;
use discovery_codegen::{generate, surface};
use serde_json::{Value, json};

/// The listing of a document's crate, after an earlier one.
fn listing(document: &Value, prior: &str) -> String {
    let mut diagnostics = Diagnostics::default();
    let settings = Settings { prior: surface::prior_names(prior), ..Settings::default() };
    let made = generate(document.to_string().as_bytes(), &settings, None, &mut diagnostics);
    let said: Vec<String> = diagnostics.iter().map(ToString::to_string).collect();
    made.unwrap_or_else(|| panic!("{said:#?}")).files.get("api.txt").unwrap().to_owned()
}

fn document(methods: &Value, resources: &Value) -> Value {
    json!({
        "name": "kept", "version": "v1", "rootUrl": "https://kept.googleapis.com/",
        "methods": methods, "resources": resources,
    })
}

fn method(id: &str, parameters: &Value) -> Value {
    json!({ "id": id, "httpMethod": "GET", "path": "v1/x", "parameters": parameters })
}

fn query() -> Value {
    json!({ "type": "string", "location": "query" })
}

#[test]
fn no_text_of_a_document_makes_a_line_of_its_own() {
    let mut document = document(&json!({ "list": method("kept.list", &json!({})) }), &json!({}));
    document["name"] = json!("kept\nhub = Other");
    document["version"] = json!("v1\nscope x = Other");
    let text = listing(&document, "");
    let lines: Vec<&str> = text.lines().collect();
    assert!(
        lines[0].contains(r#"of "kept\nhub = Other" "v1\nscope x = Other". @generated"#),
        "{text}"
    );
    assert_eq!(lines.len(), 3, "{text}");
}

/// Every line of `earlier` is in the listing of `document`, made after it.
fn stays(earlier: &str, document: &Value) -> String {
    let later = listing(document, earlier);
    for line in earlier.lines() {
        assert!(later.lines().any(|other| other == line), "{line}\nis not in\n{later}");
    }
    later
}

#[test]
fn setters_of_parameters_stay() {
    let of = |names: &[&str]| {
        let parameters: Value = names.iter().map(|name| ((*name).to_owned(), query())).collect();
        document(&json!({ "list": method("kept.list", &parameters) }), &json!({}))
    };
    for (first, second) in [("a_b", "a-b"), ("self", "Self"), ("2x", "2X"), ("type", "@type")] {
        for (old, new) in [(first, second), (second, first)] {
            let alone = listing(&of(&[old]), "");
            let both = stays(&alone, &of(&[old, new]));
            // The number stays with the other one, too, when the first is gone.
            let last = listing(&of(&[new]), &both);
            let line = |text: &str| {
                let key = format!("method kept.list parameter {new} ");
                text.lines().find(|line| line.starts_with(&key)).unwrap().to_owned()
            };
            assert_eq!(line(&last), line(&both));
        }
    }
}

#[test]
fn a_parameter_that_becomes_required_keeps_its_name() {
    let of = |required: bool| {
        let mut first = query();
        first["required"] = json!(required);
        let parameters = json!({ "a_b": first, "a-b": query() });
        document(&json!({ "list": method("kept.list", &parameters) }), &json!({}))
    };
    let old = "method kept.list parameter a-b = set_a_b: String; setter; query\n\
        method kept.list parameter a_b = set_a_b_2: String; setter; query\n";
    stays(old, &of(false));
    let text = listing(&of(true), old);
    assert!(text.contains("parameter a_b = a_b_2: String; argument 1;"), "{text}");
    assert!(text.contains("parameter a-b = set_a_b: String; setter;"), "{text}");
}

#[test]
fn modules_of_resources_stay() {
    let none = json!({});
    let of = |names: &[&str], outer: bool| {
        let resources: Value = names
            .iter()
            .map(|name| {
                let id = format!("kept.{name}.get");
                ((*name).to_owned(), json!({ "methods": { "get": method(&id, &none) } }))
            })
            .collect();
        let resources =
            if outer { json!({ "outer one": { "resources": resources } }) } else { resources };
        document(&json!({}), &resources)
    };
    for outer in [false, true] {
        for (old, new) in [("a_b", "a-b"), ("a-b", "a_b"), ("Type", "type")] {
            let alone = listing(&of(&[old], outer), "");
            let both = stays(&alone, &of(&[old, new], outer));
            assert!(stays(&both, &of(&[old, new], outer)) == both);
            let last = listing(&of(&[new], outer), &both);
            for line in last.lines().filter(|line| line.starts_with("resource ")) {
                assert!(both.contains(line), "{line}\nis not in\n{both}");
            }
        }
    }
}

#[test]
fn types_of_calls_stay_and_are_listed_where_they_have_a_number() {
    let of = |names: &[&str]| {
        let methods: Value = names
            .iter()
            .map(|name| ((*name).to_owned(), method(&format!("kept.{name}"), &json!({}))))
            .collect();
        document(&methods, &json!({}))
    };
    for (old, new) in [("get_x", "get-x"), ("get-x", "get_x")] {
        let alone = listing(&of(&[old]), "");
        assert!(!alone.contains("; call "), "{alone}");
        let both = stays(&alone, &of(&[old, new]));
        let numbered =
            format!("method kept.{new} = get_x_2; KeptService; call GetXCall2; GET v1/x");
        assert!(both.lines().any(|line| line == numbered), "{both}");
        let last = listing(&of(&[new]), &both);
        assert!(last.lines().any(|line| line == numbered), "{last}");
    }
}

#[test]
fn the_type_of_a_parameter_is_not_taken_by_a_call() {
    let mut kind = query();
    kind["enum"] = json!(["A"]);
    let get = method("kept.get", &json!({ "kind_call": kind }));
    let alone = listing(&document(&json!({ "get": get.clone() }), &json!({})), "");
    assert!(alone.contains("schema kept.get:kind_call = GetKindCall;"), "{alone}");
    let both = json!({ "get": get, "get_kind": method("kept.get_kind", &json!({})) });
    let both = stays(&alone, &document(&both, &json!({})));
    assert!(both.contains("method kept.get_kind = get_kind; KeptService; call GetKindCall2;"));
}
