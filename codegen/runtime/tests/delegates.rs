//! Delegates of the google-apis ecosystem.

mod common;

use std::time::Duration;

use codegen_runtime as rt;
use common::schemas::Person;
use common::server::{Reply, Server, nowhere, ok, status};
use common::{hub, hub_with};
use google_apis_common::{Delegate, MethodInfo, Response, Retry};
use hyper_util::client::legacy;
use rt::{BoxError, CallOptions, ErrorKind, HubOptions, RetryPolicy};

/// Writes down what it is told and retries a few times.
#[derive(Default)]
struct Notes {
    lines: Vec<String>,
    retries: usize,
    token: Option<&'static str>,
    key: Option<&'static str>,
}

impl Notes {
    fn retrying(retries: usize) -> Self {
        Self { retries, ..Self::default() }
    }

    fn retry(&mut self) -> Retry {
        if self.retries == 0 {
            return Retry::Abort;
        }
        self.retries -= 1;
        Retry::After(Duration::from_millis(1))
    }
}

impl Delegate for Notes {
    fn begin(&mut self, info: MethodInfo) {
        self.lines.push(format!("begin {} {}", info.http_method, info.id));
    }

    fn http_error(&mut self, error: &legacy::Error) -> Retry {
        self.lines.push(format!("http_error connect={}", error.is_connect()));
        self.retry()
    }

    fn api_key(&mut self) -> Option<String> {
        self.lines.push("api_key".to_owned());
        self.key.map(str::to_owned)
    }

    fn token(&mut self, error: BoxError) -> Result<Option<String>, BoxError> {
        self.lines.push(format!("token {error}"));
        self.token.map_or(Err(error), |token| Ok(Some(token.to_owned())))
    }

    fn response_json_decode_error(&mut self, json: &str, error: &serde_json::Error) {
        self.lines.push(format!("decode {json} {}", error.line()));
    }

    fn http_failure(&mut self, response: &Response, error: Option<&serde_json::Value>) -> Retry {
        let json = error.map_or("no JSON".to_owned(), ToString::to_string);
        self.lines.push(format!("http_failure {} {json}", response.status()));
        self.retry()
    }

    fn pre_request(&mut self) {
        self.lines.push("pre_request".to_owned());
    }

    fn finished(&mut self, is_success: bool) {
        self.lines.push(format!("finished {is_success}"));
    }
}

const BEGIN: &str = "begin GET people.people.get";

#[tokio::test]
async fn a_success_is_told_from_begin_to_end() {
    let server = Server::answers(vec![ok("{}")]).await;
    let mut notes = Notes::default();
    hub(&server.url).get("people/me").send_with(&mut notes).await.unwrap();
    assert_eq!(notes.lines, [BEGIN, "pre_request", "finished true"]);
}

#[tokio::test]
async fn the_delegate_decides_about_retries() {
    let body = r#"{"error":{"code":503}}"#;
    let server = Server::answers(vec![status(503, body), status(404, "<p>"), ok("{}")]).await;
    let mut notes = Notes::retrying(2);
    let call = hub(&server.url).update(&Person::default());
    call.with(CallOptions::new().retry(RetryPolicy::never())).send_with(&mut notes).await.unwrap();
    assert_eq!(
        notes.lines,
        [
            "begin POST people.people.batchUpdateContacts",
            "pre_request",
            r#"http_failure 503 Service Unavailable {"error":{"code":503}}"#,
            "pre_request",
            "http_failure 404 Not Found no JSON",
            "pre_request",
            "finished true",
        ]
    );
    // And against them, although the policy would.
    let mut notes = Notes::default();
    let server = Server::answers(vec![status(503, ""), ok("{}")]).await;
    let error = hub(&server.url).get("people/me").send_with(&mut notes).await.unwrap_err();
    assert_eq!(error.attempts(), 1);
    assert_eq!(notes.lines.last().unwrap(), "finished false");
}

#[tokio::test]
async fn a_retry_beyond_the_deadline_is_none() {
    struct Patient;
    impl Delegate for Patient {
        fn http_failure(&mut self, _: &Response, _: Option<&serde_json::Value>) -> Retry {
            Retry::After(Duration::MAX)
        }
    }
    let server = Server::answers(vec![status(503, "")]).await;
    let error = hub(&server.url).get("people/me").send_with(&mut Patient).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Api, 1));
}

#[tokio::test]
async fn errors_of_the_client_are_told() {
    let mut notes = Notes::retrying(1);
    let options = HubOptions::new().base_url(nowhere().await);
    let hub = common::google().with(options);
    let error = hub.get("people/me").send_with(&mut notes).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connect, 2));
    let failed = "http_error connect=true";
    assert_eq!(
        notes.lines,
        [BEGIN, "pre_request", failed, "pre_request", failed, "finished false"]
    );
}

#[tokio::test]
async fn cut_bodies_are_the_policys() {
    let cut = "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{}".into();
    let whole = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}".into();
    let server = Server::raw(vec![cut, whole]).await;
    let mut notes = Notes::default();
    hub(&server.url).get("people/me").send_with(&mut notes).await.unwrap();
    assert_eq!(notes.lines, [BEGIN, "pre_request", "pre_request", "finished true"]);
}

#[tokio::test]
async fn an_undecodable_answer_is_told() {
    let server = Server::answers(vec![ok("{\n3}")]).await;
    let mut notes = Notes::default();
    let error = hub(&server.url).get("people/me").send_with(&mut notes).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(notes.lines, [BEGIN, "pre_request", "decode {\n3} 2", "finished false"]);
}

#[derive(Clone)]
struct Broken;

impl google_apis_common::GetToken for Broken {
    fn get_token<'a>(
        &'a self,
        _: &'a [&str],
    ) -> rt::BoxFuture<'a, Result<Option<String>, BoxError>> {
        Box::pin(async { Err("no file".into()) })
    }
}

#[tokio::test]
async fn the_delegate_can_stand_in_for_the_token_source() {
    let server = Server::answers(vec![ok("{}")]).await;
    let options = HubOptions::new().base_url(&server.url);
    let hub = common::PeopleService::new(common::client(), Broken).with(options);
    let mut notes = Notes { token: Some("spare"), ..Notes::default() };
    hub.get("people/me").send_with(&mut notes).await.unwrap();
    assert_eq!(notes.lines, [BEGIN, "token no file", "pre_request", "finished true"]);
    assert_eq!(server.requests()[0].header("authorization"), Some("Bearer spare"));

    let mut notes = Notes::default();
    let error = hub.get("people/me").send_with(&mut notes).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Auth);
    assert_eq!(notes.lines, [BEGIN, "token no file", "finished false"]);
}

#[tokio::test]
async fn the_delegate_is_asked_for_a_key_when_there_is_no_token() {
    let server = Server::answers(vec![ok("{}")]).await;
    let options = || HubOptions::new().base_url(&server.url);
    let hub = common::PeopleService::new(common::client(), google_apis_common::NoToken);
    let mut notes = Notes { key: Some("k"), ..Notes::default() };
    hub.clone().with(options()).get("people/me").send_with(&mut notes).await.unwrap();
    assert_eq!(notes.lines, [BEGIN, "api_key", "pre_request", "finished true"]);
    assert_eq!(server.requests()[0].header("x-goog-api-key"), Some("k"));

    let mut notes = Notes { key: Some("k"), ..Notes::default() };
    hub.with(options().api_key("own")).get("people/me").send_with(&mut notes).await.unwrap();
    assert_eq!(notes.lines, [BEGIN, "pre_request", "finished true"]);
    assert_eq!(server.requests()[1].header("x-goog-api-key"), Some("own"));
}

#[tokio::test]
async fn refusals_are_told_too() {
    let mut notes = Notes::default();
    let error = common::google().get("people/..").send_with(&mut notes).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Build);
    assert_eq!(notes.lines, [BEGIN, "finished false"]);
}

#[tokio::test]
async fn a_dropped_call_is_finished() {
    let server = Server::start(|_, _| Reply::Never).await;
    let mut notes = Notes::default();
    let call = hub(&server.url).get("people/me").send_with(&mut notes);
    let waited = async {
        while server.count() == 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        _ = call => unreachable!("the server never answers"),
        () = waited => {}
    }
    assert_eq!(notes.lines, [BEGIN, "pre_request", "finished false"]);

    // A call that was never polled has not begun.
    let mut notes = Notes::default();
    drop(hub(&server.url).get("people/me").send_with(&mut notes));
    assert!(notes.lines.is_empty());
}

#[tokio::test]
async fn timeouts_end_with_finished() {
    let server = Server::start(|_, _| Reply::Never).await;
    let options = HubOptions::new().deadline(Duration::from_millis(100));
    let mut notes = Notes::default();
    let call = hub_with(&server.url, options).get("people/me");
    assert_eq!(call.send_with(&mut notes).await.unwrap_err().kind(), ErrorKind::Deadline);
    assert_eq!(notes.lines, [BEGIN, "pre_request", "finished false"]);
}
