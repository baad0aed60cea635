//! The errors that APIs answer with.

mod common;

use codegen_runtime as rt;
use common::hub;
use common::schemas::{Person, UpdateErrors};
use common::server::{Server, status};
use rt::{ApiError, Detail, ErrorKind};

async fn failed(code: u16, body: &'static str) -> rt::Error {
    let server = Server::answers(vec![status(code, body)]).await;
    let error = hub(&server.url).update(&Person::default()).send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Api);
    assert_eq!(error.body().unwrap(), body);
    assert_eq!(error.http_status().unwrap().as_u16(), code);
    error
}

/// The names of the helpers that say yes.
fn answers(error: &rt::Error) -> Vec<&'static str> {
    [
        ("not_found", error.is_not_found()),
        ("rate_limited", error.is_rate_limited()),
        ("etag_mismatch", error.is_etag_mismatch()),
        ("unauthenticated", error.is_unauthenticated()),
        ("permission_denied", error.is_permission_denied()),
        ("expired_sync_token", error.is_expired_sync_token()),
        ("transient", error.is_transient()),
    ]
    .into_iter()
    .filter_map(|(name, yes)| yes.then_some(name))
    .collect()
}

/// Status, status text, message, more of the body, and what the helpers say.
type Case = (u16, &'static str, &'static str, &'static str, &'static [&'static str]);

const CASES: &[Case] = &[
    (
        400,
        "INVALID_ARGUMENT",
        "updatePersonFields mask is required. Please specify one or more valid paths.",
        "",
        &[],
    ),
    (400, "INVALID_ARGUMENT", "Invalid personFields mask path: \\\"x\\\".", "", &[]),
    (
        400,
        "FAILED_PRECONDITION",
        "Request person.etag is different than the current person.etag. Clear local cache and get the latest person.",
        "",
        &["etag_mismatch"],
    ),
    (
        400,
        "FAILED_PRECONDITION",
        "Request person.metadata.sources.etag is different than the current person.metadata.sources.etag. Clear local cache and get the latest person.",
        "",
        &["etag_mismatch"],
    ),
    (
        400,
        "FAILED_PRECONDITION",
        "Request must set person.etag or person.metadata.sources.etag for the source that is being updated.",
        "",
        &[],
    ),
    (
        400,
        "INVALID_ARGUMENT",
        "Request must set person.etag or person.metadata.sources.etag for the source that is being updated.",
        "",
        &[],
    ),
    (400, "FAILED_PRECONDITION", "Must be a G Suite domain user", "", &[]),
    (
        401,
        "UNAUTHENTICATED",
        "Request had invalid authentication credentials.",
        "",
        &["unauthenticated"],
    ),
    (
        403,
        "PERMISSION_DENIED",
        "Request had insufficient authentication scopes.",
        r#","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"ACCESS_TOKEN_SCOPE_INSUFFICIENT","domain":"googleapis.com"}]"#,
        &["permission_denied"],
    ),
    (
        400,
        "INVALID_ARGUMENT",
        "Sync token is expired. Clear local cache and retry call without the sync token.",
        r#","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"EXPIRED_SYNC_TOKEN","domain":"people.googleapis.com"}]"#,
        &["expired_sync_token"],
    ),
    (410, "FAILED_PRECONDITION", "Gone.", "", &["expired_sync_token"]),
    (404, "NOT_FOUND", "Requested entity was not found.", "", &["not_found"]),
    (409, "ALREADY_EXISTS", "Contact group name already exists.", "", &[]),
    (409, "ABORTED", "The etag has changed.", "", &["etag_mismatch"]),
    (412, "FAILED_PRECONDITION", "Precondition Failed", "", &["etag_mismatch"]),
    (
        429,
        "RESOURCE_EXHAUSTED",
        "Quota exceeded for quota metric 'Critical write requests'.",
        "",
        &["rate_limited", "transient"],
    ),
    (
        403,
        "PERMISSION_DENIED",
        "Rate Limit Exceeded",
        r#","errors":[{"domain":"usageLimits","reason":"rateLimitExceeded","message":"Rate Limit Exceeded"}]"#,
        &["rate_limited", "transient"],
    ),
    (
        403,
        "PERMISSION_DENIED",
        "Daily Limit Exceeded",
        r#","errors":[{"domain":"usageLimits","reason":"dailyLimitExceeded","message":"Daily Limit Exceeded"}]"#,
        &["rate_limited"],
    ),
    (
        403,
        "PERMISSION_DENIED",
        "The request cannot be completed because you have exceeded your quota.",
        r#","errors":[{"domain":"youtube.quota","reason":"quotaExceeded"}]"#,
        &["rate_limited"],
    ),
    (
        409,
        "ABORTED",
        "Concurrent modification.",
        r#","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"ETAG_MISMATCH","domain":"googleapis.com"}]"#,
        &["etag_mismatch"],
    ),
    (500, "INTERNAL", "Internal error encountered.", "", &["transient"]),
    (503, "UNAVAILABLE", "The service is currently unavailable.", "", &["transient"]),
    (501, "UNIMPLEMENTED", "No.", "", &[]),
];

#[tokio::test]
async fn the_errors_of_people_are_understood() {
    for (code, text, message, more, helpers) in CASES {
        let body: &'static str = format!(
            r#"{{"error":{{"code":{code},"message":"{message}","status":"{text}"{more}}}}}"#
        )
        .leak();
        let error = failed(*code, body).await;
        assert_eq!(answers(&error), *helpers, "{body}");
        let api = error.api().unwrap();
        assert_eq!(api.status(), Some(*text));
        assert_eq!(api.message(), message.replace("\\\"", "\""));
        let expected =
            format!("people.people.batchUpdateContacts: {code} {text}: {}", api.message());
        assert_eq!(error.to_string(), expected);
    }
    let gone = failed(404, r#"{"error":{"status":"NOT_FOUND"}}"#).await;
    assert_eq!(gone.api().unwrap().rpc_code(), Some(5));
    let strange = failed(404, r#"{"error":{"status":"LOST"}}"#).await;
    assert_eq!(strange.api().unwrap().rpc_code(), None);
}

const DETAILS: &str = r#"{"error":{"code":429,"message":"m","status":"RESOURCE_EXHAUSTED","details":[
    {"@type":"type.googleapis.com/google.rpc.BadRequest","fieldViolations":[{"field":"a.b","description":"no","reason":"R","localizedMessage":{"locale":"de","message":"nein"}}]},
    {"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"RATE_LIMIT_EXCEEDED","domain":"googleapis.com","metadata":{"quota_limit":"L"}},
    {"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"3.5s"},
    {"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{"subject":"project:1","description":"q"}]},
    {"@type":"type.googleapis.com/google.rpc.PreconditionFailure","violations":[{"type":"TOS","subject":"s","description":"p"}]},
    {"@type":"type.googleapis.com/google.rpc.Help","links":[{"description":"d","url":"https://x"}]},
    {"@type":"type.googleapis.com/google.rpc.LocalizedMessage","locale":"en","message":"hi"},
    {"@type":"type.googleapis.com/google.rpc.DebugInfo","stackEntries":["s1"],"detail":"[ORIGINAL ERROR]"},
    {"@type":"type.googleapis.com/google.rpc.RequestInfo","requestId":"id","servingData":"x"},
    {"@type":"type.googleapis.com/google.rpc.ResourceInfo","resourceType":"t","resourceName":"n","owner":"o","description":"r"},
    {"@type":"type.googleapis.com/google.people.v1.BatchUpdateContactsErrorDetails","contactErrors":{"people/c1":{"code":9}}},
    {"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":5},
    {"no":"type"}, 7]}}"#;

#[tokio::test]
async fn details_are_typed() {
    let error = failed(429, DETAILS).await;
    let api = error.api().unwrap();
    let details: Vec<Detail> = api.details().collect();
    assert_eq!((details.len(), api.raw_details().len()), (14, 14));
    let Detail::BadRequest(bad) = &details[0] else { panic!() };
    let violation = &bad.field_violations.as_ref().unwrap()[0];
    assert_eq!(violation.field.as_deref(), Some("a.b"));
    let localized = violation.localized_message.as_ref().unwrap();
    assert_eq!(localized.message.as_deref(), Some("nein"));
    let Detail::ErrorInfo(info) = &details[1] else { panic!() };
    assert_eq!(info.metadata.as_ref().unwrap()["quota_limit"], "L");
    let Detail::RetryInfo(retry) = &details[2] else { panic!() };
    assert_eq!(retry.retry_delay.as_ref().unwrap().as_str(), "3.5s");
    let Detail::QuotaFailure(quota) = &details[3] else { panic!() };
    assert_eq!(quota.violations.as_ref().unwrap()[0].subject.as_deref(), Some("project:1"));
    let Detail::PreconditionFailure(condition) = &details[4] else { panic!() };
    assert_eq!(condition.violations.as_ref().unwrap()[0].kind.as_deref(), Some("TOS"));
    let Detail::Help(help) = &details[5] else { panic!() };
    assert_eq!(help.links.as_ref().unwrap()[0].url.as_deref(), Some("https://x"));
    assert!(
        matches!(&details[6], Detail::LocalizedMessage(m) if m.locale.as_deref() == Some("en"))
    );
    assert!(
        matches!(&details[7], Detail::DebugInfo(d) if d.stack_entries.as_ref().unwrap()[0] == "s1")
    );
    assert!(matches!(&details[8], Detail::RequestInfo(r) if r.request_id.as_deref() == Some("id")));
    assert!(matches!(&details[9], Detail::ResourceInfo(r) if r.owner.as_deref() == Some("o")));
    assert!(details[10..].iter().all(|detail| matches!(detail, Detail::Other(_))));

    assert_eq!(api.reason().as_deref(), Some("RATE_LIMIT_EXCEEDED"));
    assert_eq!(error.retry_after(), Some(std::time::Duration::from_millis(3_500)));
    let own: UpdateErrors = api.detail().unwrap();
    assert_eq!(own.contact_errors.unwrap()["people/c1"]["code"], 9);
    assert_eq!(own.extra.len(), 1);
    let text = error.to_string();
    assert_eq!(text, "people.people.batchUpdateContacts: 429 RESOURCE_EXHAUSTED: m; a.b: no");
}

#[tokio::test]
async fn details_that_cannot_be_decoded_say_why() {
    let body = r#"{"error":{"details":[{"@type":"x/google.people.v1.BatchUpdateContactsErrorDetails","contactErrors":[]}]}}"#;
    let error = failed(400, body).await;
    let api = error.api().unwrap();
    assert!(api.detail::<UpdateErrors>().is_none());
    assert_eq!(api.try_detail::<UpdateErrors>().unwrap().unwrap_err().path, "contactErrors");
    assert!(api.try_detail::<rt::ErrorInfo>().is_none());
}

#[tokio::test]
async fn other_bodies_give_a_message() {
    let html = "<!DOCTYPE html>\n<html lang=en><title>Error 404 (Not Found)!!1</title>\
        <style>*{margin:0}</style><p><b>404.</b> <ins>That\u{2019}s an error.</ins>\
        <p>The requested URL <code>/v1/x</code> was not found on this server.";
    let cases = [
        (
            404,
            html,
            "404 Not Found: Error 404 (Not Found)!!1 404. That\u{2019}s an error. The requested URL /v1/x was not found on this server.",
        ),
        (404, "", "404 Not Found"),
        (599, "", "599"),
        (502, "upstream\n connect  error", "502 Bad Gateway: upstream connect error"),
        (400, "{}", "400 Bad Request: {}"),
        (400, "null", "400 Bad Request: null"),
        (
            400,
            r#"{"error":"invalid_grant","error_description":"Bad Request"}"#,
            "400 Bad Request: Bad Request",
        ),
        (400, r#"{"error":"invalid_grant"}"#, "400 Bad Request: invalid_grant"),
        (
            403,
            r#"{"error":{"errors":[{"domain":"global","reason":"forbidden","message":"Not yours"}]}}"#,
            "403 Forbidden: Not yours",
        ),
        (
            400,
            r#"[{"error":{"code":400,"message":"In a list","status":"INVALID_ARGUMENT"}}]"#,
            "400 INVALID_ARGUMENT: In a list",
        ),
        (
            400,
            r#"{"error":{"code":"x","message":7,"details":{},"errors":[[],3]}}"#,
            r#"400 Bad Request: {"error":{"code":"x","message":7,"details":{},"errors":[[],3]}}"#,
        ),
    ];
    for (code, body, text) in cases {
        let error = failed(code, body).await;
        assert_eq!(error.to_string(), format!("people.people.batchUpdateContacts: {text}"));
    }
    let error = failed(404, html).await;
    assert!(error.is_not_found());
    let raw = b"HTTP/1.1 400 Bad Request\r\ncontent-length: 4\r\n\r\n\xff\xfe{\0".to_vec();
    let server = Server::raw(vec![raw]).await;
    let error = hub(&server.url).get("people/me").send().await.unwrap_err();
    assert_eq!(error.body().unwrap().as_ref(), b"\xff\xfe{\0");
    assert_eq!(error.api().unwrap().message(), "\u{fffd}\u{fffd}{");
    let long: &'static str = "long ".repeat(100_000).leak();
    assert!(failed(400, long).await.to_string().len() < 500);
}

#[tokio::test]
async fn legacy_reasons_are_kept() {
    let body = r#"{"error":{"code":400,"message":"etag","errors":[{"domain":"global","reason":"failedPrecondition","message":"person.etag differs"}]}}"#;
    let error = failed(400, body).await;
    let api: &ApiError = error.api().unwrap();
    assert_eq!(api.errors()[0].domain.as_deref(), Some("global"));
    assert_eq!(api.reason().as_deref(), Some("failedPrecondition"));
    assert!(error.is_etag_mismatch());
}

#[test]
fn answers_that_came_by_other_means_are_understood_too() {
    let body = r#"{"error":{"code":404,"message":"Not here.","status":"NOT_FOUND"}}"#;
    let not_found = rt::http::StatusCode::NOT_FOUND;
    let error = ApiError::new(not_found, rt::http::HeaderMap::new(), body.into());
    assert!(error.is_not_found());
    assert_eq!(error.to_string(), "404 NOT_FOUND: Not here.");
}
