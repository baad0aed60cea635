//! Each rule about requests is seen to fail, over real sockets: requests written by hand that are
//! wrong in one thing.

mod common;

use common::{HEADERS, document, send, server};
use serde_json::{Value, json};

const QUERY: &str = "alt=json&prettyPrint=false";
const SCOPE: (&str, &str) = ("authorization", "Bearer https://scope/a");
const VERSION: (&str, &str) = ("x-goog-api-version", "v1_2026");
const JSON: (&str, &str) = ("content-type", "application/json");

/// What is wrong with a request, as the server noted it.
fn wrong_with(document: &Value, line: &str, more: &[(&str, &str)], body: &str) -> String {
    let server = server(document);
    let headers: Vec<_> = HEADERS.iter().chain(more).copied().collect();
    let (status, answer) = send(&server, line, &headers, body);
    let wrong = server.strays().join("; ");
    assert_eq!(status == 400, !wrong.is_empty(), "{status} {wrong}");
    if status == 400 {
        assert_eq!(answer["error"]["message"], wrong);
    }
    wrong
}

/// Request line, headers, body, and what is wrong with them.
type Wrong<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a str, &'a str);

#[track_caller]
fn assert_all(cases: &[Wrong]) {
    for (line, headers, body, expected) in cases {
        let line = line.replace("QUERY", QUERY);
        let wrong = wrong_with(&document(), &line, headers, body);
        if expected.is_empty() {
            assert_eq!(wrong, "", "{line}");
        } else {
            assert!(wrong.contains(expected), "{line}: {wrong:?} lacks {expected:?}");
            assert!(!wrong.contains("; "), "{line}: more than one thing is wrong: {wrong}");
        }
    }
}

#[test]
fn good_requests_have_nothing_wrong() {
    assert_all(&[
        ("GET /a/v1/things/a%2Fb?QUERY", &[SCOPE, VERSION], "", ""),
        ("POST /a/v1/boxes/a%3Ab:move?QUERY", &[], "", ""),
        ("POST /a/v1/things?QUERY", &[JSON], r#"{"name": "n", "size": "5"}"#, ""),
        ("GET /a/v1/things?QUERY&count=-1&order=UP&word=a%20b&word=c&quotaUser=me", &[], "", ""),
    ]);
}

#[test]
fn paths_are_checked() {
    assert_all(&[
        ("GET /a/v2/things?QUERY", &[], "", "no method is called by GET /a/v2/things"),
        ("GET /things/a?QUERY", &[], "", "no method is called by"),
        ("PUT /a/v1/things?QUERY", &[], "", "no method is called by"),
        ("GET /a/v1/things/a/b?QUERY", &[SCOPE, VERSION], "", "no method is called by"),
        ("GET /a/v1/things/a:b?QUERY", &[SCOPE, VERSION], "", "id: ':' is not escaped"),
        ("GET /a/v1/things/a+b?QUERY", &[SCOPE, VERSION], "", "id: '+' is not escaped"),
        ("GET /a/v1/things/a%2?QUERY", &[SCOPE, VERSION], "", "without two hexadecimal digits"),
        ("GET /a/v1/things/%FF?QUERY", &[SCOPE, VERSION], "", "is no UTF-8"),
        ("GET /a/v1/things/?QUERY", &[SCOPE, VERSION], "", "has an empty segment or dots"),
        ("GET /a/v1/things/..?QUERY", &[SCOPE, VERSION], "", "has an empty segment or dots"),
        ("POST /a/v1/boxes/a:b:move?QUERY", &[], "", "name: ':' is not escaped"),
        ("POST /a/v1/bags/a:move?QUERY", &[], "", "does not have the pattern ^boxes"),
    ]);
    let mut lax = document();
    lax["fullyEncodeReservedExpansion"] = json!(false);
    assert_eq!(
        wrong_with(&lax, "POST /a/v1/boxes/a:b:move?alt=json&prettyPrint=false", &[], ""),
        ""
    );
}

#[test]
fn queries_are_checked() {
    assert_all(&[
        ("GET /a/v1/things?QUERY", &[], "", "the parameter count is missing"),
        ("GET /a/v1/things?prettyPrint=false&count=1", &[], "", "alt=json is missing"),
        ("GET /a/v1/things?alt=json&count=1", &[], "", "prettyPrint=false is missing"),
        ("GET /a/v1/things?QUERY&count=1&cuont=1", &[], "", "has a parameter cuont"),
        ("GET /a/v1/things?QUERY&count=1&count=2", &[], "", "count is given 2 times"),
        ("GET /a/v1/things?QUERY&count=1&quotaUser=a&quotaUser=b", &[], "", "quotaUser is given 2"),
        ("GET /a/v1/things?QUERY&count=many", &[], "", "count: \"many\" is no integer"),
        ("GET /a/v1/things?QUERY&count=2147483648", &[], "", "is not in"),
        ("GET /a/v1/things?QUERY&count=1&order=up", &[], "", "is no value of the enum"),
        ("GET /a/v1/things?QUERY&count=1&word=a+b", &[], "", "'+' is not escaped"),
        ("GET /a/v1/things?QUERY&count=1&word=a/b", &[], "", "'/' is not escaped"),
        (
            "GET /a/v1/things/a?QUERY&id=a",
            &[SCOPE, VERSION],
            "",
            "in the query instead of the path",
        ),
    ]);
}

#[test]
fn headers_are_checked() {
    let (get, insert) = ("GET /a/v1/things/a?QUERY", "POST /a/v1/things?QUERY");
    let body = r#"{"name": "n"}"#;
    assert_all(&[
        (get, &[SCOPE], "", "x-goog-api-version is None instead of Some(\"v1_2026\")"),
        (get, &[SCOPE, ("x-goog-api-version", "v1")], "", "x-goog-api-version is Some(\"v1\")"),
        (insert, &[JSON, VERSION], body, "instead of None"),
        (insert, &[], body, "a body of the content type None"),
        (insert, &[("content-type", "text/plain")], body, "Some(\"text/plain\")"),
        (get, &[SCOPE, VERSION, JSON], "", "a content type and no body"),
        (get, &[VERSION], "", "no authorization"),
        (get, &[VERSION, ("authorization", "Basic x")], "", "no bearer token"),
        (get, &[VERSION, ("authorization", "Bearer https://scope/c")], "", "none of the method"),
        (insert, &[JSON, SCOPE], body, "an authorization nobody asked for"),
        (insert, &[JSON, ("x-goog-api-key", "k")], body, "the API key is Some(\"k\")"),
    ]);
    let server = server(&document());
    let line = "GET /a/v1/things?alt=json&prettyPrint=false&count=1";
    send(&server, line, &[], "");
    assert_eq!(server.strays(), ["no user-agent", "no x-goog-api-client"]);
}

#[test]
fn bodies_are_checked() {
    let line = "POST /a/v1/things?QUERY";
    assert_all(&[
        (line, &[JSON], "{", "the body is no JSON"),
        (line, &[JSON], "[]", "body: [] is no object"),
        (line, &[JSON], "{}", "body.name: is required and missing"),
        (line, &[JSON], r#"{"name": "n", "size": 5}"#, "body.size: 5 is no text"),
        (line, &[JSON], r#"{"name": "n", "nam": 1}"#, "body.nam: the schema has no such property"),
        ("POST /a/v1/boxes/a:move?QUERY", &[], "{}", "a body that the method does not take"),
    ]);
}

#[test]
fn wrapped_bodies_stand_inside_data() {
    let mut document = document();
    document["features"] = json!(["dataWrapper"]);
    let line = "POST /a/v1/things?alt=json&prettyPrint=false";
    for (body, expected) in [
        (r#"{"data": {"name": "n"}}"#, ""),
        (r#"{"name": "n"}"#, "the body does not stand inside `data`"),
        (r#"{"data": {"nam": "n"}}"#, "body.nam"),
    ] {
        let wrong = wrong_with(&document, line, &[JSON], body);
        assert!(wrong.contains(expected) && wrong.is_empty() == expected.is_empty(), "{wrong}");
    }
}
