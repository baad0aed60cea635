//! The types of the generated crate against values made of the discovery document: what the
//! document allows is decoded and written back unchanged, what it does not is refused with its
//! place.

#[path = "types_cases/mod.rs"]
mod types_cases;

use std::collections::BTreeSet;

use people_v1::schemas::{BatchUpdateContactsRequest, Person};
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use serde_json::{Value, json};

use types_cases::canonical::canonical;
use types_cases::document::{Kind, SCHEMAS};
use types_cases::places::places;
use types_cases::types::{TYPES, Type};
use types_cases::values::valid;

/// The types that people have most to do with are tried more often.
const MAIN: [&str; 6] = [
    "BatchUpdateContactsRequest",
    "BatchUpdateContactsResponse",
    "ContactGroup",
    "ListConnectionsResponse",
    "Person",
    "UpdateContactPhotoRequest",
];

fn runner(of: &Type) -> TestRunner {
    let cases = if MAIN.contains(&of.id) { 200 } else { 30 };
    TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() })
}

fn kind(of: &Type) -> Kind {
    Kind::Ref(of.id.to_owned())
}

/// The same for every type, with all failures told at once.
fn for_every_type(check: impl Fn(&Type) -> Result<(), String>) {
    let failed: Vec<_> = TYPES
        .iter()
        .filter_map(|of| check(of).err().map(|error| format!("{}: {error}", of.id)))
        .collect();
    assert!(failed.is_empty(), "{} types:\n{}", failed.len(), failed.join("\n"));
}

#[test]
fn every_schema_has_its_type_here() {
    let types: BTreeSet<_> = TYPES.iter().map(|of| of.id).collect();
    let schemas: BTreeSet<_> = SCHEMAS.keys().map(String::as_str).collect();
    assert_eq!(types, schemas);
}

#[test]
fn what_is_valid_is_written_back_unchanged() {
    for_every_type(|of| {
        let outcome = runner(of).run(&valid(of.id), |value| {
            let expected = canonical(&kind(of), &value);
            prop_assert_eq!((of.round)(&value.to_string()), Ok(expected.clone()));
            prop_assert_eq!((of.round_value)(value), Ok(expected));
            Ok(())
        });
        outcome.map_err(|error| error.to_string())
    });
}

#[test]
fn what_is_wrong_is_refused_with_its_place() {
    for_every_type(|of| {
        let inputs = (valid(of.id), any::<Index>(), any::<Index>());
        let outcome = runner(of).run(&inputs, |(value, place, wrong)| {
            let places: Vec<_> = places(&kind(of), &value)
                .into_iter()
                .map(|place| (place.wrong(), place))
                .filter(|(wrong, _)| !wrong.is_empty())
                .collect();
            let (wrongs, place) = place.get(&places);
            let wrong = wrong.get(wrongs);
            let bad = place.replaced(&value, wrong.clone());
            for outcome in [(of.round)(&bad.to_string()), (of.round_value)(bad)] {
                let Err(message) = outcome else {
                    let path = place.path();
                    return Err(TestCaseError::fail(format!("{wrong} is taken at `{path}`")));
                };
                let path = place.path();
                let starts = path.is_empty() || message.starts_with(&format!("{path}: "));
                prop_assert!(starts, "{} at `{}` gives: {}", wrong, path, message);
            }
            Ok(())
        });
        outcome.map_err(|error| error.to_string())
    });
}

/// So that the tests above are about something.
#[test]
fn values_have_all_that_can_go_wrong() {
    let mut seen = BTreeSet::new();
    let of = TYPES.iter().find(|of| of.id == "ListConnectionsResponse").expect("the type");
    let mut runner = TestRunner::deterministic();
    for _ in 0..300 {
        let value = valid(of.id).new_tree(&mut runner).expect("a value").current();
        for place in places(&kind(of), &value) {
            let depth = place.path().matches(['.', '[']).count();
            let found = value.pointer(&place.pointer()).expect("the place");
            if depth >= 3 {
                seen.extend(found.is_null().then_some("a null deep inside"));
                let text = found.as_str().unwrap_or_default();
                seen.extend(text.ends_with("_OF_THE_FUTURE").then_some("an unknown enum value"));
                let keys = found.as_object().into_iter().flat_map(|object| object.keys());
                seen.extend(
                    keys.clone().any(|key| key.starts_with("new")).then_some("a new field"),
                );
            }
            seen.extend((found == &Value::Array(Vec::new())).then_some("an empty list"));
        }
    }
    let all = ["a new field", "a null deep inside", "an empty list", "an unknown enum value"];
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), all);
}

#[test]
fn a_null_in_a_list_is_refused() {
    let error = serde_json::from_str::<Person>(r#"{"names": [{}, null]}"#).unwrap_err();
    assert!(error.to_string().starts_with("names[1]: "), "{error}");
    let text = r#"{"contacts": {"people/c1": {"urls": [{"metadata": {"primary": 1}}]}}}"#;
    let error = serde_json::from_str::<BatchUpdateContactsRequest>(text).unwrap_err();
    let path = "contacts.people/c1.urls[0].metadata.primary: ";
    assert!(error.to_string().starts_with(path), "{error}");
}

#[test]
fn absent_empty_null_and_unknown_stay_apart() {
    let json = json!({"names": [], "urls": null, "newField": null});
    let person: Person = serde_json::from_value(json.clone()).unwrap();
    assert_eq!((&person.nicknames, &person.names, &person.urls), (&None, &Some(vec![]), &None));
    assert!(person.extra.is_null("urls") && person.extra.is_null("newField"));
    assert!(!person.extra.is_null("nicknames"));
    assert_eq!(serde_json::to_value(&person).unwrap(), json);
}
