//! Diffs under settings: shared types, selected methods, fixups, names of an earlier generation.

use discovery_codegen::diagnostic::Diagnostics;
use discovery_codegen::diff::{self, Change, Diff, Direction, Rule, Severity, Verdict};
use discovery_codegen::settings::Settings;
use serde_json::{Value, json};

/// Two methods that take the same enum, and a schema of the second alone.
fn document() -> Value {
    let method = |name: &str| {
        json!({
            "id": format!("zoo.{name}"), "httpMethod": "GET", "path": format!("v1/{name}"),
            "parameters": { "kind": { "type": "string", "location": "query", "enum": ["CAT", "DOG"] } },
            "response": { "$ref": if name == "find" { "Animal" } else { "Cage" } }
        })
    };
    json!({
        "name": "zoo", "version": "v1", "rootUrl": "https://zoo.googleapis.com/",
        "schemas": {
            "Animal": { "type": "object", "properties": { "name": { "type": "string" } } },
            "Cage": { "type": "object", "properties": { "size": { "type": "string" } } }
        },
        "methods": { "find": method("find"), "visit": method("visit") }
    })
}

fn compared(old: &Value, new: &Value, settings: &Settings) -> Diff {
    let mut diagnostics = Diagnostics::default();
    let old = diff::side(old.to_string().as_bytes(), settings, None, &mut diagnostics).unwrap();
    let new = diff::side(new.to_string().as_bytes(), settings, Some(&old), &mut diagnostics);
    diff::compare(&old, &new.unwrap())
}

fn sharing() -> Settings {
    let places = ["zoo.find:kind".to_owned(), "zoo.visit:kind".to_owned()];
    Settings { enums: [("Kind".to_owned(), places.into())].into(), ..Settings::default() }
}

fn only(diff: &Diff, rule: Rule) -> &Change {
    let found: Vec<&Change> = diff.changes.iter().filter(|change| change.rule == rule).collect();
    assert_eq!(found.len(), 1, "{:#?}", diff.changes);
    found[0]
}

#[test]
fn a_value_of_a_shared_enum_is_told_once() {
    let (old, mut new) = (document(), document());
    for method in ["find", "visit"] {
        new["methods"][method]["parameters"]["kind"]["enum"] = json!(["CAT", "DOG", "EMU"]);
    }
    let diff = compared(&old, &new, &sharing());
    let change = only(&diff, Rule::EnumValueAdded);
    assert_eq!(change.path, "schemas::Kind::Emu");
    assert_eq!(change.key(), "/methods/find/parameters/kind/enum#EMU");
    assert_eq!(change.also, ["/methods/visit/parameters/kind/enum"]);
    assert_eq!(change.rust, Verdict::Additive);
}

#[test]
fn a_value_that_one_place_keeps_stays_in_rust() {
    let (old, mut new) = (document(), document());
    new["methods"]["find"]["parameters"]["kind"]["enum"] = json!(["CAT"]);
    let diff = compared(&old, &new, &sharing());
    let change = only(&diff, Rule::EnumValueRemoved);
    assert_eq!((change.wire, change.rust), (Verdict::Breaking, Verdict::Neutral));
    // Without sharing, the enum of the one place loses its variant.
    let diff = compared(&old, &new, &Settings::default());
    let change = only(&diff, Rule::EnumValueRemoved);
    assert_eq!((change.wire, change.rust), (Verdict::Breaking, Verdict::Breaking));
    assert_eq!(change.path, "resources::FindKind::Dog");
}

#[test]
fn what_no_selected_method_reaches_is_a_notice() {
    let (old, mut new) = (document(), document());
    new["schemas"]["Cage"]["properties"]["size"]["format"] = json!("int64");
    new["methods"]["visit"]["httpMethod"] = json!("POST");
    let settings = Settings { methods: vec!["zoo.find".to_owned()], ..Settings::default() };
    let diff = compared(&old, &new, &settings);
    assert_eq!(diff.changes.len(), 2, "{:#?}", diff.changes);
    for change in &diff.changes {
        assert_eq!(change.direction, Direction::Unreached);
        assert_eq!(change.severity(), Severity::Notice);
    }
    assert!(compared(&old, &new, &Settings::default()).is_refused());
}

#[test]
fn a_selected_method_that_goes_is_removed_and_noted() {
    let (old, mut new) = (document(), document());
    new["methods"].as_object_mut().unwrap().remove("find");
    let settings = Settings { methods: vec!["zoo.find".to_owned()], ..Settings::default() };
    let diff = compared(&old, &new, &settings);
    let removed = only(&diff, Rule::MethodRemoved);
    assert_eq!(removed.rust, Verdict::Breaking);
    // `visit` was never selected, so it does not step in.
    assert_eq!(only(&diff, Rule::SchemaRemoved).path, "schemas::Animal");
    assert_eq!(diff.notes, ["the new document: there is no method `zoo.find`"]);
}

#[test]
fn a_fixup_that_does_not_apply_is_noted() {
    let settings =
        Settings { fixups: vec!["people-batch-error-details".to_owned()], ..Settings::default() };
    let diff = compared(&document(), &document(), &settings);
    assert!(diff.changes.is_empty());
    assert_eq!(diff.notes.len(), 2, "{:?}", diff.notes);
    assert!(diff.notes[0].contains("people-batch-error-details"), "{:?}", diff.notes);
}

#[test]
fn names_of_the_old_side_stay_where_new_ones_clash_with_them() {
    let with_values = |values: Value| {
        let mut document = document();
        document["schemas"]["Animal"]["properties"]["kind"] =
            json!({ "type": "string", "enum": values });
        document
    };
    let (old, new) = (with_values(json!(["active"])), with_values(json!(["ACTIVE", "active"])));
    let diff = compared(&old, &new, &Settings::default());
    let change = only(&diff, Rule::EnumValueAdded);
    assert_eq!(change.path, "schemas::AnimalKind::Active2");
    assert!(!diff.is_refused(), "{:#?}", diff.changes);
}

#[test]
fn a_move_is_no_break_of_the_wire() {
    let (old, mut new) = (document(), document());
    let find = new["methods"].as_object_mut().unwrap().remove("find").unwrap();
    new["resources"]["animals"]["methods"]["find"] = find;
    let diff = compared(&old, &new, &Settings::default());
    let removed = only(&diff, Rule::MethodRemoved);
    assert_eq!((removed.wire, removed.rust), (Verdict::Neutral, Verdict::Breaking));
    assert_eq!(removed.new.as_deref(), Some("resources::animals::AnimalsMethods::find"));
    let line = diff::migration::line(removed).unwrap();
    assert!(line.contains("resources::animals::AnimalsMethods::find"), "{line}");
}

#[test]
fn a_move_that_takes_something_else_is_one() {
    let (old, mut new) = (document(), document());
    let mut find = new["methods"].as_object_mut().unwrap().remove("find").unwrap();
    find["response"] = json!({ "$ref": "Cage" });
    new["resources"]["animals"]["methods"]["find"] = find;
    let diff = compared(&old, &new, &Settings::default());
    let removed = only(&diff, Rule::MethodRemoved);
    assert_eq!(removed.wire, Verdict::Breaking);
    let line = diff::migration::line(removed).unwrap();
    assert!(line.contains("::find`, which takes or answers something else"), "{line}");
}

#[test]
fn a_renamed_schema_is_told_once() {
    let (old, mut new) = (document(), document());
    let schemas = new["schemas"].as_object_mut().unwrap();
    let mut cage = schemas.remove("Cage").unwrap();
    cage["description"] = json!("A cage.");
    schemas.insert("Cages".to_owned(), cage);
    schemas.insert(
        "Pen".to_owned(),
        json!({ "type": "object", "properties": { "cage": { "$ref": "Cages" } } }),
    );
    new["methods"]["visit"]["response"] = json!({ "$ref": "Cages" });
    let diff = compared(&old, &new, &Settings::default());
    let breaks: Vec<&Change> = diff.changes.iter().filter(|one| one.is_breaking()).collect();
    assert_eq!(breaks.len(), 1, "{breaks:#?}");
    assert_eq!(breaks[0].rule, Rule::SchemaRenamed);
}

#[test]
fn open_bodies_are_bodies() {
    let open = json!({ "type": "object", "additionalProperties": { "type": "any" } });
    let (closed, mut other) = (document(), document());
    other["methods"]["find"]["response"] = open.clone();
    let (there, back) = (
        compared(&closed, &other, &Settings::default()),
        compared(&other, &closed, &Settings::default()),
    );
    for diff in [&there, &back] {
        let change = only(diff, Rule::ResponseBodyChanged);
        assert_eq!((change.wire, change.rust), (Verdict::Breaking, Verdict::Breaking));
    }
    assert_eq!(only(&there, Rule::ResponseBodyChanged).new.as_deref(), Some("any JSON object"));

    let mut without = document();
    without["methods"]["find"].as_object_mut().unwrap().remove("response");
    only(&compared(&other, &without, &Settings::default()), Rule::ResponseBodyRemoved);
    let mut asks = document();
    asks["methods"]["find"]["request"] = open.clone();
    let added = compared(&closed, &asks, &Settings::default());
    assert_eq!(only(&added, Rule::RequestBodyAdded).new.as_deref(), Some("any JSON object"));

    // What is said inside of one has no effect, and is told.
    let mut said = other.clone();
    said["methods"]["find"]["response"]["description"] = json!("Anything.");
    let diff = compared(&other, &said, &Settings::default());
    assert_eq!(diff.changes.len(), 1, "{:#?}", diff.changes);
    assert_eq!(only(&diff, Rule::MetadataChanged).pointer, "/methods/find/response");
}

#[test]
fn arguments_of_one_type_in_another_order_are_a_break_that_no_compiler_tells() {
    let with_order = |order: Value| {
        let mut document = document();
        let find = &mut document["methods"]["find"];
        for name in ["a", "b"] {
            find["parameters"][name] =
                json!({ "type": "string", "location": "query", "required": true });
        }
        find["parameterOrder"] = order;
        document
    };
    let (old, new) = (with_order(json!(["a", "b"])), with_order(json!(["b", "a"])));
    let diff = compared(&old, &new, &Settings::default());
    let change = only(&diff, Rule::ParameterOrderChanged);
    assert_eq!(change.rust, Verdict::Breaking);
    assert!(
        diff::migration::line(change).unwrap().contains("compiler does not tell"),
        "{change:?}"
    );
}

#[test]
fn what_lies_in_something_new_is_not_told_beside_it() {
    let (old, mut new) = (document(), document());
    let mut other = new["methods"]["find"].clone();
    (other["id"], other["path"]) = (json!("zoo.other"), json!("v1/other"));
    other["streamingType"] = json!("SERVER");
    new["methods"]["other"] = other;
    let diff = compared(&old, &new, &Settings::default());
    let rules: Vec<Rule> = diff.changes.iter().map(|change| change.rule).collect();
    assert_eq!(rules, [Rule::MethodAdded]);
}
