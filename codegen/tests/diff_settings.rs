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
