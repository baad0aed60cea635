//! Each rule about carrying out a plan is seen to fail: a client by hand that does one thing wrong.

mod common;

use common::{HEADERS, document, send, server};
use discovery_server::{CASE, Server};
use serde_json::{Value, json};

/// Text as it stands in a URL.
fn escaped(value: &Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    text.bytes()
        .map(|byte| match char::from(byte) {
            c if c.is_ascii_alphanumeric() || "-._~".contains(c) => c.to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

/// Sends the request of a case. `page` is the token of the page, if it is not the first.
fn request(server: &Server, case: &Value, page: Option<&Value>) -> Value {
    let mut query = vec!["alt=json".to_owned(), "prettyPrint=false".to_owned()];
    let mut headers: Vec<(&str, &str)> = HEADERS.to_vec();
    headers.push((CASE, case["case"].as_str().unwrap()));
    let parameters = case["parameters"].as_object().unwrap();
    let verb_and_path = match case["method"].as_str().unwrap() {
        "a.things.get" => {
            headers.push(("x-goog-api-version", "v1_2026"));
            if case["auth"] == "token" {
                headers.push(("authorization", "Bearer https://scope/b"));
            }
            format!("GET /a/v1/things/{}", escaped(&parameters["id"]))
        }
        "a.things.move" => {
            let name = parameters["name"].as_str().unwrap();
            format!("POST /a/v1/boxes/{}:move", escaped(&name["boxes/".len()..].into()))
        }
        "a.things.insert" => "POST /a/v1/things".to_owned(),
        _ => {
            for (name, values) in parameters {
                let one = [values.clone()];
                for value in values.as_array().map_or(one.as_slice(), Vec::as_slice) {
                    query.push(format!("{name}={}", escaped(value)));
                }
            }
            if let Some(page) = page {
                query.retain(|pair| !pair.starts_with("pageToken="));
                query.push(format!("pageToken={}", escaped(page)));
            }
            "GET /a/v1/things".to_owned()
        }
    };
    for (name, value) in case["standard"].as_object().unwrap() {
        query.push(format!("{name}={}", escaped(value)));
    }
    if case["auth"] == "key" {
        headers.push(("x-goog-api-key", "an-api-key"));
    }
    let body = match &case["body"] {
        Value::Null => String::new(),
        body => {
            headers.push(("content-type", "application/json"));
            body.to_string()
        }
    };
    let line = format!("{verb_and_path}?{}", query.join("&"));
    send(server, &line, &headers, &body).1
}

/// Carries out a case as it should be.
fn carry_out(server: &Server, case: &Value) -> Value {
    let mut answers = vec![request(server, case, None)];
    while case["way"] != "send"
        && let token = answers[answers.len() - 1]["nextPageToken"].clone()
        && token.as_str().is_some_and(|token| !token.is_empty())
    {
        answers.push(request(server, case, Some(&token)));
    }
    let id = &case["case"];
    match case["way"].as_str().unwrap() {
        "items" => {
            let items: Vec<Value> = answers
                .iter()
                .filter_map(|page| page["things"].as_array())
                .flatten()
                .cloned()
                .collect();
            let mut last = answers.pop().unwrap();
            // A null is no list of items and stays.
            if !last["things"].is_null() {
                last.as_object_mut().unwrap().remove("things");
            }
            json!({"case": id, "items": items, "last": last})
        }
        _ => json!({"case": id, "answers": answers}),
    }
}

/// Carries out the whole plan; `change` may change the cases, `report` the results.
fn problems(change: impl Fn(&mut Value), report: impl Fn(&mut Value)) -> Vec<String> {
    let server = server(&document());
    let plan = server.plan();
    let mut results = Vec::new();
    for case in plan["cases"].as_array().unwrap() {
        let mut case = case.clone();
        change(&mut case);
        results.push(carry_out(&server, &case));
    }
    let mut said = json!({"baseUrl": "https://a.googleapis.com/a/v1/", "results": results});
    report(&mut said);
    server.verdict(&said).problems
}

fn result<'r>(report: &'r mut Value, id: &str) -> &'r mut Value {
    let results = report["results"].as_array_mut().unwrap();
    results.iter_mut().find(|result| result["case"] == id).unwrap()
}

/// The first case of a way.
fn first(way: &str) -> String {
    let plan = server(&document()).plan();
    let cases = plan["cases"].as_array().unwrap();
    let case = cases.iter().find(|case| case["way"] == way).unwrap();
    case["case"].as_str().unwrap().to_owned()
}

#[test]
fn a_plan_that_is_carried_out_rightly_has_no_problems() {
    let server = server(&document());
    let plan = server.plan();
    let cases = plan["cases"].as_array().unwrap();
    let results: Vec<Value> = cases.iter().map(|case| carry_out(&server, case)).collect();
    let report = json!({"baseUrl": "https://a.googleapis.com/a/v1/", "results": results});
    let verdict = server.verdict(&report);
    assert_eq!(verdict.problems, [""; 0]);
    assert_eq!((verdict.methods, verdict.properties, verdict.missing.len()), (4, 4, 0));
    assert_eq!(verdict.cases, cases.len());
    assert!(verdict.requests > verdict.cases, "lists have several pages");
    for (key, value) in [
        ("auth", "token"),
        ("auth", "key"),
        ("auth", "nothing"),
        ("way", "pages"),
        ("way", "items"),
    ] {
        assert!(cases.iter().any(|case| case[key] == value), "{key} {value}");
    }
}

#[test]
fn a_plan_is_the_same_for_the_same_seed() {
    let plan = || server(&document()).plan()["cases"].to_string();
    assert_eq!(plan(), plan());
}

#[test]
fn other_requests_than_planned_are_noticed() {
    let change = |id: &'static str, key: &'static str, value: Value| {
        move |case: &mut Value| {
            if case["case"] == id {
                match key {
                    "body" => case["body"]["name"] = value.clone(),
                    "auth" => case["auth"] = value.clone(),
                    _ if value.is_null() => {
                        _ = case["parameters"].as_object_mut().unwrap().remove(key);
                    }
                    _ => case["parameters"][key] = value.clone(),
                }
            }
        }
    };
    for (id, key, value, expected) in [
        ("a.things.get#0", "id", json!("other"), "id is [\"other\"] instead of"),
        ("a.things.list#1", "order", Value::Null, "the parameter order is missing"),
        ("a.things.list#0", "order", json!("UP"), "order is [\"UP\"] instead of nothing"),
        ("a.things.insert#0", "body", json!("other"), "became \"other\""),
        ("a.things.get#0", "auth", json!("key"), "the API key is Some"),
        ("a.things.get#0", "auth", json!("nothing"), "no authorization"),
    ] {
        let problems = problems(change(id, key, value), |_| {}).join("\n");
        assert!(problems.contains(expected), "{id} {key}: {problems:?}");
        assert!(problems.starts_with(id), "{problems}");
    }
}

#[test]
fn calls_that_are_missing_or_too_many_are_noticed() {
    let server = server(&document());
    let plan = server.plan();
    for case in plan["cases"].as_array().unwrap() {
        match case["case"].as_str().unwrap() {
            "a.things.get#0" => {
                request(&server, case, None);
                request(&server, case, None);
            }
            "a.things.move#0" => {}
            _ if case["way"] == "pages" => _ = request(&server, case, None),
            _ if case["way"] == "items" => {
                request(&server, case, None);
                request(&server, case, Some(&json!("of another list")));
            }
            _ => _ = carry_out(&server, case),
        }
    }
    let problems = server.verdict(&json!({})).problems.join("\n");
    for expected in [
        "the base URL is null instead of https://a.googleapis.com/a/v1/",
        "a.things.get#0: is called once more",
        "a.things.move#0: 0 requests instead of 1",
        "1 requests instead of ",
        "pageToken is [\"of another list\"] instead of [\"0 ",
        "a.things.get#1: has no result",
    ] {
        assert!(problems.contains(expected), "{expected} is not in\n{problems}");
    }
}

#[test]
fn answers_that_were_not_understood_are_noticed() {
    let (pages, items) = (first("pages"), first("items"));
    for (id, change, expected) in [
        ("a.things.get#0", json!({"error": "decode"}), "a.things.get#0: failed: decode"),
        ("a.things.get#0", json!({"answers": [{"new": 1}]}), "came from nowhere"),
        ("a.things.get#0", json!({"answers": []}), "1 answers were sent and 0 came"),
        (&pages, json!({"answers": []}), "answers were sent and 0 came"),
        (&items, json!({"items": vec![json!({}); 99]}), "items were sent and 99 came"),
        (&items, json!({"last": {"new": 1}}), "of the last page, .new: came from nowhere"),
    ] {
        let problems = problems(
            |_| {},
            |report| {
                for (key, value) in change.as_object().unwrap() {
                    result(report, id)[key] = value.clone();
                }
            },
        );
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(problems[0].contains(expected), "{problems:?} lacks {expected}");
    }
    let problems = problems(|_| {}, |report| report["baseUrl"] = json!("https://a.example/"));
    assert_eq!(problems.len(), 1, "{problems:?}");
}
