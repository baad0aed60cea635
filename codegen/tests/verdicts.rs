//! Changes that say less than their rule, or more, because of what stands beside them.

use discovery_codegen::diagnostic::Diagnostics;
use discovery_codegen::diff::{self, Change, Diff, Rule, Verdict};
use discovery_codegen::settings::Settings;
use serde_json::{Value, json};

fn compared(old: &Value, new: &Value) -> Diff {
    let mut said = Diagnostics::default();
    let settings = Settings::default();
    let old = diff::side(old.to_string().as_bytes(), &settings, None, &mut said).unwrap();
    let new = diff::side(new.to_string().as_bytes(), &settings, Some(&old), &mut said).unwrap();
    diff::compare(&old, &new)
}

fn of(diff: &Diff, rule: Rule) -> Vec<&Change> {
    diff.changes.iter().filter(|change| change.rule == rule).collect()
}

fn document(scopes: &[&str], schemas: &Value) -> Value {
    json!({
        "name": "zoo", "version": "v1", "rootUrl": "https://zoo.googleapis.com/",
        "schemas": schemas,
        "methods": { "put": {
            "id": "zoo.put", "httpMethod": "POST", "path": "v1/animals", "scopes": scopes,
            "request": { "$ref": "Animal" }, "response": { "$ref": "Animal" }
        } }
    })
}

#[test]
fn scopes_matter_by_whether_calls_needed_a_token() {
    let schemas = json!({ "Animal": { "type": "object" } });
    let with = |scopes: &[&str]| document(scopes, &schemas);
    for (old, new, rule, wire) in [
        (&["a"][..], &[][..], Rule::MethodScopeRemoved, Verdict::Neutral),
        (&["a", "b"], &[], Rule::MethodScopeRemoved, Verdict::Neutral),
        (&["a", "b"], &["b"], Rule::MethodScopeRemoved, Verdict::Breaking),
        (&["a"], &["b"], Rule::MethodScopeRemoved, Verdict::Breaking),
        (&[], &["a"], Rule::MethodScopeAdded, Verdict::Breaking),
        (&[], &["a", "b"], Rule::MethodScopeAdded, Verdict::Breaking),
        (&["b"], &["a", "b"], Rule::MethodScopeAdded, Verdict::Additive),
        (&["b"], &["a"], Rule::MethodScopeAdded, Verdict::Additive),
    ] {
        let diff = compared(&with(old), &with(new));
        let found = of(&diff, rule);
        assert!(!found.is_empty(), "{:#?}", diff.changes);
        for change in found {
            assert_eq!(change.wire, wire, "{old:?} -> {new:?}");
            assert_eq!(diff::migration::line(change).is_some(), wire == Verdict::Breaking);
        }
    }
}

/// A document whose animal has a cage, and what else there is.
fn with_cage(cage: &Value, schemas: &Value) -> Value {
    let mut all = schemas.clone();
    all["Animal"] = json!({ "type": "object", "properties": { "cage": cage } });
    document(&[], &all)
}

#[test]
fn an_object_that_gets_a_name_of_its_own_is_the_same_on_the_wire() {
    let text = json!({ "type": "string" });
    let door = json!({ "type": "object", "properties": { "key": text } });
    let cage =
        |door: &Value| json!({ "type": "object", "properties": { "size": text, "door": door } });
    let (to_cage, to_door) = (json!({ "$ref": "Cage" }), json!({ "$ref": "Door" }));
    let inline = with_cage(&cage(&door), &json!({}));
    let named = with_cage(&to_cage, &json!({ "Cage": cage(&door) }));
    let twice = with_cage(&to_cage, &json!({ "Cage": cage(&to_door), "Door": door }));
    let list =
        |of: &Value, schemas: Value| with_cage(&json!({ "type": "array", "items": of }), &schemas);
    for (one, other) in [
        (&inline, &named),
        (&inline, &twice),
        (&list(&cage(&door), json!({})), &list(&to_cage, json!({ "Cage": cage(&door) }))),
    ] {
        for (old, new) in [(one, other), (other, one)] {
            let diff = compared(old, new);
            let renamed = of(&diff, Rule::TypeRenamed);
            assert!(!renamed.is_empty(), "{:#?}", diff.changes);
            assert!(of(&diff, Rule::TypeChanged).is_empty(), "{:#?}", diff.changes);
            for change in renamed {
                assert_eq!((change.wire, change.rust), (Verdict::Neutral, Verdict::Breaking));
            }
        }
    }
    // What is another inside is told, and what has another shape is another type.
    let mut marked = named.clone();
    marked["schemas"]["Cage"]["properties"]["size"]["readOnly"] = json!(true);
    let diff = compared(&inline, &marked);
    assert_eq!(of(&diff, Rule::TypeRenamed)[0].wire, Verdict::Neutral);
    assert_eq!(of(&diff, Rule::ReadOnlyAdded).len(), 1, "{:#?}", diff.changes);
    for (key, value) in [
        ("/schemas/Cage/properties/size", json!({ "type": "boolean" })),
        ("/schemas/Cage/properties/door", json!({ "type": "object" })),
        ("/schemas/Cage/properties", json!({ "size": text })),
        ("/schemas/Cage", json!({ "type": "string" })),
    ] {
        let mut other = named.clone();
        *other.pointer_mut(key).unwrap() = value;
        let diff = compared(&inline, &other);
        assert_eq!(of(&diff, Rule::TypeChanged)[0].wire, Verdict::Breaking, "{key}");
    }
}

#[test]
fn a_name_that_the_place_gave_already_breaks_nothing() {
    let cage = json!({ "type": "object", "properties": { "size": { "type": "string" } } });
    let inline = with_cage(&cage, &json!({}));
    let named = with_cage(&json!({ "$ref": "AnimalCage" }), &json!({ "AnimalCage": cage }));
    for (old, new) in [(&inline, &named), (&named, &inline)] {
        let diff = compared(old, new);
        let renamed = of(&diff, Rule::TypeRenamed);
        assert_eq!((renamed[0].wire, renamed[0].rust), (Verdict::Neutral, Verdict::Neutral));
    }
}

#[test]
fn references_in_a_circle_end() {
    let cage = json!({ "type": "object", "properties": { "in": { "$ref": "Cage" } } });
    let round = json!({ "$ref": "Cage" });
    let schemas = json!({ "Cage": { "$ref": "Door" }, "Door": { "$ref": "Cage" } });
    let (inline, named) = (with_cage(&cage, &schemas), with_cage(&round, &schemas));
    for (old, new) in [(&inline, &named), (&named, &inline)] {
        assert!(!compared(old, new).changes.is_empty());
    }
}
