//! The requests of the generated crate beside those of Google's Python client, for all methods.
//!
//! `tests/wire/cases.json` has the calls, `tests/wire/expected.json` what the Python client sends
//! for each; `tests/wire/make_expected.py` says how that was recorded and has the client's habits.
//! Where we differ, we do so on purpose, and the table in `wire_cases/differences.rs` says why.

#[path = "wire_cases/mod.rs"]
mod wire_cases;

use std::collections::{BTreeMap, BTreeSet};

use people_v1::PeopleService;
use people_v1::runtime::HttpsClient;
use serde_json::Value;

use wire_cases::call::Given;
use wire_cases::compare::differences;
use wire_cases::differences::{Ours, TABLE};

const CASES: &str = include_str!("wire/cases.json");
const EXPECTED: &str = include_str!("wire/expected.json");
const DOCUMENT: &str = include_str!("../discovery/people.v1.json");

fn list(json: &str) -> Vec<Value> {
    serde_json::from_str(json).expect("a list")
}

fn text<'a>(entry: &'a Value, key: &str) -> &'a str {
    entry[key].as_str().expect(key)
}

/// What differs in each case that differs at all.
fn all_differences() -> BTreeMap<String, Vec<Ours>> {
    let hub = PeopleService::new(HttpsClient::builder().build().expect("a client"), String::new());
    let callers: BTreeMap<_, _> = wire_cases::callers().collect();
    let (cases, expected) = (list(CASES), list(EXPECTED));
    assert_eq!(cases.len(), expected.len());
    let mut found = BTreeMap::new();
    for (case, expected) in cases.iter().zip(&expected) {
        let name = text(case, "name");
        assert_eq!(name, text(expected, "name"));
        let given = Given::new(case["parameters"].as_object().expect("parameters"), &case["body"]);
        let method = text(case, "method");
        let differing = differences(&callers[method](&hub, given), expected, method);
        if !differing.is_empty() {
            found.insert(name.to_owned(), differing);
        }
    }
    found
}

#[test]
fn every_request_is_that_of_the_python_client_or_differs_as_the_table_says() {
    let found = all_differences();
    let mut listed: BTreeMap<&str, (&str, &[Ours])> = BTreeMap::new();
    for group in TABLE {
        for (case, ours) in group.cases {
            let twice = listed.insert(case, (group.reason, ours));
            assert!(twice.is_none(), "{case} stands in the table twice");
        }
    }
    let mut wrong = Vec::new();
    for (case, ours) in &found {
        match listed.remove(case.as_str()) {
            Some((_, expected)) if expected == ours.as_slice() => {}
            Some((reason, expected)) => {
                wrong.push(format!("{case}: {ours:?}, in the table: {expected:?} ({reason})"));
            }
            None => wrong.push(format!("{case}: not in the table: {ours:?}")),
        }
    }
    wrong.extend(listed.keys().map(|case| format!("{case}: in the table, but not different")));
    assert!(wrong.is_empty(), "{} cases:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_method_is_called() {
    fn methods<'a>(resource: &'a Value, into: &mut BTreeSet<&'a str>) {
        let inner = |key: &str| resource[key].as_object().into_iter().flat_map(|map| map.values());
        into.extend(inner("methods").map(|method| text(method, "id")));
        inner("resources").for_each(|resource| methods(resource, into));
    }
    let document: Value = serde_json::from_str(DOCUMENT).expect("JSON");
    let mut known = BTreeSet::new();
    methods(&document, &mut known);
    let called: BTreeSet<_> = wire_cases::callers().map(|(id, _)| id).collect();
    assert_eq!(called, known);
    let cases = list(CASES);
    let tried: BTreeSet<_> = cases.iter().map(|case| text(case, "method")).collect();
    assert_eq!(tried, known);
}
