//! Retries, tokens, timeouts, and whether a failed call may have had its effect.

mod common;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use codegen_runtime as rt;
use common::schemas::Person;
use common::server::{Reply, Server, nowhere, ok, status, with_header};
use common::{hub, hub_with, quick};
use rt::{BoxError, BoxFuture, CallOptions, ErrorKind, HubOptions, RetryPolicy};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

#[tokio::test]
async fn reading_is_tried_again() {
    for code in [408, 429, 500, 502, 503, 504] {
        let server = Server::answers(vec![status(code, ""), status(code, ""), ok("{}")]).await;
        hub(&server.url).get("people/me").send().await.unwrap();
        assert_eq!(server.count(), 3);
    }
}

#[tokio::test]
async fn errors_of_the_caller_are_not_tried_again() {
    for code in [400, 403, 404, 409, 412, 501] {
        let server = Server::answers(vec![status(code, ""), ok("{}")]).await;
        let error = hub(&server.url).get("people/me").send().await.unwrap_err();
        assert_eq!((error.http_status().unwrap().as_u16(), error.attempts()), (code, 1));
        assert_eq!(server.count(), 1);
    }
}

#[tokio::test]
async fn a_rate_limit_in_the_older_form_is_tried_again() {
    let body = r#"{"error":{"code":403,"errors":[{"domain":"usageLimits","reason":"userRateLimitExceeded"}]}}"#;
    let server = Server::answers(vec![status(403, body), ok("{}")]).await;
    hub(&server.url).get("people/me").send().await.unwrap();
}

#[tokio::test]
async fn retries_end() {
    let server = Server::answers(vec![status(503, "")]).await;
    let error = hub(&server.url).get("people/me").send().await.unwrap_err();
    assert_eq!((server.count(), error.attempts()), (5, 5));
    let text = error.to_string();
    assert_eq!(text, "people.people.get: 503 Service Unavailable (5 attempts)");

    let call = hub(&server.url).get("people/me");
    let policy = quick(RetryPolicy::new()).max_retries(1);
    let error = call.with(CallOptions::new().retry(policy)).send().await.unwrap_err();
    assert_eq!(error.attempts(), 2);

    let call = hub(&server.url).get("people/me");
    let error = call.with(CallOptions::new().retry(RetryPolicy::never())).send().await.unwrap_err();
    assert_eq!(error.attempts(), 1);
}

#[tokio::test]
async fn changes_are_tried_again_only_when_asked() {
    let server = Server::answers(vec![status(503, "")]).await;
    let person = Person { etag: Some("e".to_owned()), ..Person::default() };
    let error = hub(&server.url).update(&person).send().await.unwrap_err();
    assert_eq!(error.attempts(), 1);

    let server = Server::answers(vec![status(503, ""), ok("{}")]).await;
    let options = CallOptions::new().retry(quick(RetryPolicy::always()));
    hub(&server.url).update(&person).with(options).send().await.unwrap();
    let bodies: Vec<_> = server.requests().into_iter().map(|seen| seen.body).collect();
    assert_eq!(bodies, [r#"{"etag":"e"}"#, r#"{"etag":"e"}"#]);
}

#[tokio::test]
async fn the_method_says_whether_it_may_be_tried_again() {
    use rt::http::Method;

    for (http_method, is_tried_again) in [
        (Method::GET, true),
        (Method::PUT, true),
        (Method::DELETE, true),
        (Method::POST, false),
        (Method::PATCH, false),
    ] {
        let server = Server::answers(vec![status(503, ""), ok("{}")]).await;
        let id = common::UPDATE.id;
        let method = rt::Method { id, http_method, ..common::UPDATE };
        let hub = hub(&server.url).hub;
        let call = rt::Call::<()>::new(&hub, Box::leak(Box::new(method)));
        assert_eq!(call.send().await.is_ok(), is_tried_again);
        assert_eq!(server.count(), 1 + usize::from(is_tried_again));
    }
}

#[tokio::test]
async fn a_cut_answer_is_tried_again() {
    let cut = "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{}".into();
    let whole = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}".into();
    let server = Server::raw(vec![cut, whole]).await;
    hub(&server.url).get("people/me").send().await.unwrap();
    assert_eq!(server.count(), 2);
}

#[tokio::test]
async fn retry_after_is_waited_for() {
    // The shortest wait that can be asked for is a second; with a deadline below it, the error
    // comes at once instead.
    let asked = with_header(status(429, ""), "retry-after", "1");
    let server = Server::answers(vec![asked, ok("{}")]).await;
    let options = HubOptions::new().deadline(Duration::from_millis(900));
    let error = hub_with(&server.url, options).get("people/me").send().await.unwrap_err();
    assert!(error.is_rate_limited());
    assert_eq!(error.retry_after(), Some(Duration::from_secs(1)));
    assert_eq!((server.count(), error.attempts()), (1, 1));

    let body = r#"{"error":{"details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"3600.5s"}]}}"#;
    let server = Server::answers(vec![status(503, body), ok("{}")]).await;
    let error = hub(&server.url).get("people/me").send().await.unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_millis(3_600_500)));
    assert_eq!(error.attempts(), 1);

    let endless = with_header(status(503, ""), "retry-after", "99999999999999999999");
    let server = Server::answers(vec![endless, ok("{}")]).await;
    assert!(hub(&server.url).get("people/me").send().await.is_err());

    let now = with_header(status(503, ""), "retry-after", "0");
    let server = Server::answers(vec![now, ok("{}")]).await;
    hub(&server.url).get("people/me").send().await.unwrap();
}

#[tokio::test]
async fn nothing_was_sent_without_a_connection() {
    let url = nowhere().await;
    // Every method is tried again then.
    let error = hub(&url).update(&Person::default()).send().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connect, 5));
    assert!(!error.may_have_been_applied() && error.is_transient());
    let text = error.to_string();
    assert!(text.starts_with("people.people.batchUpdateContacts: cannot connect: "), "{text}");
    let options = CallOptions::new().retry(RetryPolicy::never());
    let error = hub(&url).update(&Person::default()).with(options).send().await.unwrap_err();
    assert_eq!(error.attempts(), 1);
}

#[tokio::test]
async fn doubt_stays_through_later_attempts() {
    // The first attempt may have been carried out, whatever the second says.
    let server = Server::answers(vec![status(503, ""), status(400, "")]).await;
    let options = CallOptions::new().retry(quick(RetryPolicy::always()));
    let call = hub(&server.url).update(&Person::default()).with(options);
    let error = call.send().await.unwrap_err();
    assert_eq!(error.http_status().unwrap(), 400);
    assert!(error.may_have_been_applied());

    for (code, doubt) in [
        (400, false),
        (404, false),
        (409, false),
        (412, false),
        (429, false),
        (408, true),
        (500, true),
        (503, true),
    ] {
        let server = Server::answers(vec![status(code, "")]).await;
        let error = hub(&server.url).update(&Person::default()).send().await.unwrap_err();
        assert_eq!(error.may_have_been_applied(), doubt, "{code}");
    }
}

/// A source whose tokens are `t0`, `t1`, ...: each refresh makes the next one.
struct Counter {
    number: AtomicUsize,
    rejected: Arc<Mutex<Vec<String>>>,
}

impl Counter {
    fn new() -> (Self, Arc<Mutex<Vec<String>>>) {
        let rejected = Arc::default();
        (Self { number: AtomicUsize::new(0), rejected: Arc::clone(&rejected) }, rejected)
    }
}

impl rt::TokenSource for Counter {
    fn token<'a>(
        &'a self,
        scopes: &'a [&'a str],
    ) -> BoxFuture<'a, Result<Option<String>, BoxError>> {
        assert_eq!(scopes, [common::CONTACTS]);
        Box::pin(async { Ok(Some(format!("t{}", self.number.load(Ordering::Relaxed)))) })
    }

    fn refreshed<'a>(
        &'a self,
        scopes: &'a [&'a str],
        rejected: &'a str,
    ) -> BoxFuture<'a, Result<Option<String>, BoxError>> {
        self.rejected.lock().unwrap().push(rejected.to_owned());
        self.number.fetch_add(1, Ordering::Relaxed);
        self.token(scopes)
    }
}

#[tokio::test]
async fn a_refused_token_is_replaced_once() {
    let server = Server::answers(vec![status(401, ""), ok("{}")]).await;
    let (source, rejected) = Counter::new();
    let hub = common::PeopleService::new(common::client(), source)
        .with(HubOptions::new().base_url(&server.url));
    // A 401 did nothing, so this holds for every method.
    hub.update(&Person::default()).send().await.unwrap();
    let tokens: Vec<_> = server
        .requests()
        .iter()
        .map(|seen| seen.header("authorization").unwrap().to_owned())
        .collect();
    assert_eq!(tokens, ["Bearer t0", "Bearer t1"]);
    assert_eq!(*rejected.lock().unwrap(), ["t0"]);

    let server = Server::answers(vec![status(401, "")]).await;
    let (source, rejected) = Counter::new();
    let hub = common::PeopleService::new(common::client(), source)
        .with(HubOptions::new().base_url(&server.url));
    let error = hub.get("people/me").send().await.unwrap_err();
    assert!(error.is_unauthenticated() && !error.may_have_been_applied());
    assert_eq!((server.count(), rejected.lock().unwrap().len()), (2, 1));
}

#[tokio::test]
async fn the_same_token_is_not_sent_again() {
    let server = Server::answers(vec![status(401, "")]).await;
    // A GetToken of the ecosystem: it only ever gives this token.
    let error = hub(&server.url).get("people/me").send().await.unwrap_err();
    assert!(error.is_unauthenticated());
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn without_token_there_is_no_header_and_no_refresh() {
    let server = Server::answers(vec![status(401, "")]).await;
    let hub = common::PeopleService::new(common::client(), google_apis_common::NoToken)
        .with(HubOptions::new().base_url(&server.url));
    assert!(hub.get("people/me").send().await.unwrap_err().is_unauthenticated());
    assert_eq!(server.requests()[0].header("authorization"), None);
    assert_eq!(server.count(), 1);
}

/// A source that fails, at once or when asked for a new token.
struct Failing {
    has_first: bool,
}

impl rt::TokenSource for Failing {
    fn token<'a>(&'a self, _: &'a [&'a str]) -> BoxFuture<'a, Result<Option<String>, BoxError>> {
        Box::pin(async {
            if self.has_first { Ok(Some("secret".to_owned())) } else { Err("disk is full".into()) }
        })
    }

    fn refreshed<'a>(
        &'a self,
        _: &'a [&'a str],
        _: &'a str,
    ) -> BoxFuture<'a, Result<Option<String>, BoxError>> {
        Box::pin(async { Err("invalid_grant".into()) })
    }
}

#[tokio::test]
async fn a_failing_source_is_an_auth_error() {
    let server = Server::answers(vec![status(401, r#"{"error":{"message":"bad"}}"#)]).await;
    let options = || HubOptions::new().base_url(&server.url);
    // Chosen at run time.
    let source: Box<dyn rt::TokenSource> = Box::new(Failing { has_first: false });
    let hub = common::PeopleService::new(common::client(), source).with(options());
    let error = hub.get("people/me").send().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Auth, 0));
    assert_eq!(error.to_string(), "people.people.get: no access token: disk is full");
    assert!(!error.may_have_been_applied() && !error.is_transient());
    assert_eq!(server.count(), 0);

    let source = Failing { has_first: true };
    let hub = common::PeopleService::new(common::client(), source).with(options());
    let error = hub.get("people/me").send().await.unwrap_err();
    assert!(error.is_unauthenticated());
    let expected =
        "people.people.get: 401 Unauthorized: bad; a new token could not be had: invalid_grant";
    assert_eq!(error.to_string(), expected);
}

#[tokio::test]
async fn tokens_of_a_wrong_form_are_not_shown() {
    for token in ["", "secret\n", "secret token", "sécret"] {
        let hub = common::PeopleService::new(common::client(), token.to_owned())
            .with(HubOptions::new().base_url("http://127.0.0.1:9"));
        let error = hub.get("people/me").send().await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Auth, 0));
        assert!(!format!("{error} {error:?}").contains("cret"), "{error}");
    }
}

#[tokio::test]
async fn scopes_can_be_chosen() {
    #[derive(Clone)]
    struct Scopes;
    impl google_apis_common::GetToken for Scopes {
        fn get_token<'a>(
            &'a self,
            scopes: &'a [&str],
        ) -> BoxFuture<'a, Result<Option<String>, BoxError>> {
            let joined = scopes.join("+");
            Box::pin(async { Ok(Some(joined)) })
        }
    }
    let server = Server::answers(vec![ok("{}")]).await;
    let options = HubOptions::new().base_url(&server.url).scopes(["a", "b"]);
    let hub = common::PeopleService::new(common::client(), Scopes).with(options);
    hub.get("people/me").send().await.unwrap();
    let none: [&str; 0] = [];
    hub.get("people/me").with(CallOptions::new().scopes(["c"])).send().await.unwrap();
    hub.get("people/me").with(CallOptions::new().scopes(none)).send().await.unwrap();
    hub.touch("g").send().await.unwrap();
    let requests = server.requests();
    let tokens: Vec<_> = requests.iter().map(|seen| seen.header("authorization")).collect();
    assert_eq!(tokens, [Some("Bearer a+b"), Some("Bearer c"), None, Some("Bearer a+b")]);
}

/// Times out an attempt, but gives a slow machine room for the connection.
const SHORT: Duration = Duration::from_millis(200);

#[tokio::test]
async fn an_attempt_that_hangs_is_tried_again() {
    let server = Server::start(|number, _| {
        if number == 0 { Reply::Never } else { Reply::Now(ok("{}").map(Into::into)) }
    })
    .await;
    let options = HubOptions::new().attempt_timeout(SHORT);
    hub_with(&server.url, options).get("people/me").send().await.unwrap();
    assert_eq!(server.count(), 2);
}

#[tokio::test]
async fn a_timeout_says_which_one_it_was() {
    let server = Server::start(|_, _| Reply::Never).await;
    let options = HubOptions::new().attempt_timeout(SHORT);
    let error = hub_with(&server.url, options).update(&Person::default()).send().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 1));
    assert!(error.may_have_been_applied() && error.is_transient());
    assert!(error.to_string().contains("within 200ms (the timeout of one attempt)"), "{error}");

    let options = HubOptions::new().deadline(SHORT);
    let error = hub_with(&server.url, options).update(&Person::default()).send().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Deadline, 1));
    assert!(error.may_have_been_applied());
    assert!(error.to_string().contains("within 200ms (the deadline of the whole call)"), "{error}");
}

#[tokio::test]
async fn a_body_that_stops_coming_is_a_timeout() {
    // A server that never closes: the head comes, the body does not.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let mut open = Vec::new();
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = Vec::new();
            while !request.ends_with(b"{}") {
                request.push(stream.read_u8().await.unwrap());
            }
            let head = b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\n{}";
            stream.write_all(head).await.unwrap();
            open.push(stream);
        }
    });
    let options = HubOptions::new().attempt_timeout(SHORT);
    let error = hub_with(&url, options).update(&Person::default()).send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(error.may_have_been_applied());
}

#[tokio::test]
async fn a_deadline_names_the_last_failure() {
    let server = Server::start(|number, _| {
        if number == 0 { Reply::Now(status(503, "").map(Into::into)) } else { Reply::Never }
    })
    .await;
    let options = HubOptions::new().deadline(SHORT);
    let error = hub_with(&server.url, options).get("people/me").send().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Deadline, 2));
    assert!(error.to_string().contains("the last attempt: 503 Service Unavailable"), "{error}");
}

#[tokio::test]
async fn nothing_was_sent_while_the_token_was_awaited() {
    struct Slow;
    impl rt::TokenSource for Slow {
        fn token<'a>(
            &'a self,
            _: &'a [&'a str],
        ) -> BoxFuture<'a, Result<Option<String>, BoxError>> {
            Box::pin(std::future::pending())
        }
    }
    let options = HubOptions::new().deadline(SHORT).base_url("http://127.0.0.1:9");
    let hub = common::PeopleService::new(common::client(), Slow).with(options);
    let error = hub.update(&Person::default()).send().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Deadline, 0));
    assert!(!error.may_have_been_applied());
}

#[tokio::test]
async fn nothing_was_sent_when_connecting_took_too_long() {
    use hyper_util::client::legacy::Client;

    /// A connector that never connects.
    #[derive(Clone)]
    struct Never;
    impl tower_service::Service<rt::http::Uri> for Never {
        type Response = hyper_util::rt::TokioIo<tokio::net::TcpStream>;
        type Error = std::io::Error;
        type Future = std::future::Pending<Result<Self::Response, Self::Error>>;

        fn poll_ready(
            &mut self,
            _: &mut std::task::Context<'_>,
        ) -> std::task::Poll<Result<(), Self::Error>> {
            std::task::Poll::Ready(Ok(()))
        }

        fn call(&mut self, _: rt::http::Uri) -> Self::Future {
            std::future::pending()
        }
    }
    let client = Client::builder(hyper_util::rt::TokioExecutor::new()).build(Never);
    let hub = common::PeopleService::new(client, String::from("t"))
        .with(HubOptions::new().base_url("http://127.0.0.1:9").attempt_timeout(SHORT));
    let error = hub.update(&Person::default()).send().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 1));
    assert!(!error.may_have_been_applied());
    assert!(error.is_transient());
}

#[tokio::test]
async fn limits_can_be_lifted() {
    let server = Server::answers(vec![status(503, ""), ok("{}")]).await;
    let options = HubOptions::new().attempt_timeout(None).deadline(None);
    hub_with(&server.url, options).get("people/me").send().await.unwrap();
    let options = HubOptions::new().attempt_timeout(Duration::MAX).deadline(Duration::MAX);
    hub_with(&server.url, options).get("people/me").send().await.unwrap();
}

#[tokio::test]
async fn a_stale_connection_does_not_show() {
    // Every connection is closed after one answer that promises to keep it.
    let text = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
    let server = Server::raw(vec![text.into()]).await;
    let hub = hub(&server.url);
    for _ in 0..20 {
        hub.get("people/me").send().await.unwrap();
    }
    assert_eq!(server.count(), 20);
}

/// The clock of these tests stands still and jumps to the next timer whenever nothing else happens.
/// There is no other timer than the wait between attempts.
mod waits {
    use super::*;
    use tokio::time::Instant;

    async fn waited(answers: Vec<rt::http::Response<&'static str>>) -> Duration {
        let server = Server::answers(answers).await;
        let options = HubOptions::new().base_url(&server.url).attempt_timeout(None).deadline(None);
        let hub = common::google().with(options);
        let start = Instant::now();
        let _ = hub.get("people/me").send().await;
        start.elapsed()
    }

    #[tokio::test(start_paused = true)]
    async fn are_as_long_as_the_server_asks() {
        let asked = with_header(status(429, ""), "retry-after", "3600");
        let waited_for = waited(vec![asked, ok("{}")]).await;
        assert_eq!(waited_for.as_secs(), 3_600);

        let info =
            r#"{"error":{"details":[{"@type":"google.rpc.RetryInfo","retryDelay":"7200s"}]}}"#;
        let asked = with_header(status(503, info), "retry-after", "60");
        assert_eq!(waited(vec![asked, ok("{}")]).await.as_secs(), 7_200);
    }

    #[tokio::test(start_paused = true)]
    async fn grow_and_are_random() {
        let waited_for = waited(vec![status(503, "")]).await;
        // 0.5 + 1 + 2 + 4 seconds at most, and a little for rounding up to milliseconds.
        assert!(waited_for <= Duration::from_millis(7_510), "{waited_for:?}");
        assert!(waited_for > Duration::ZERO);
        assert_ne!(waited_for, waited(vec![status(503, "")]).await);
    }
}

#[tokio::test]
async fn a_reset_stream_is_a_cut_body() {
    use std::pin::Pin;
    use std::task::{Context, Poll};

    use hyper::body::Frame;
    use hyper_util::client::legacy::Client;
    use hyper_util::rt::{TokioExecutor, TokioIo};
    use hyper_util::server::conn::auto;

    /// A body that breaks off after a piece that is valid JSON.
    struct Cut(bool);
    impl hyper::body::Body for Cut {
        type Data = rt::Bytes;
        type Error = std::io::Error;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<rt::Bytes>, Self::Error>>> {
            let is_first = !std::mem::replace(&mut self.0, true);
            Poll::Ready(Some(if is_first {
                Ok(Frame::data("{}".into()))
            } else {
                Err(std::io::Error::other("cut"))
            }))
        }
    }

    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let service = hyper::service::service_fn(|_| async {
                Ok::<_, std::convert::Infallible>(rt::http::Response::new(Cut(false)))
            });
            let server = auto::Builder::new(TokioExecutor::new()).http2_only();
            tokio::spawn(async move {
                let _ = server.serve_connection(TokioIo::new(stream), service).await;
            });
        }
    });
    let client = Client::builder(TokioExecutor::new()).http2_only(true).build_http();
    let hub = common::PeopleService::new(client, String::from("t"))
        .with(HubOptions::new().base_url(url).retry(RetryPolicy::never()));
    let error = hub.get("people/me").send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport, "{error}");
    assert!(error.may_have_been_applied());
}
