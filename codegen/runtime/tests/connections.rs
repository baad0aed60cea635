//! What goes over which connection, and how often.

mod common;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use codegen_runtime as rt;
use common::schemas::Person;
use common::server::{Reply, Server, ok, status, with_header};
use common::{hub, quick};
use rt::{CallOptions, ErrorKind, HubOptions, RetryPolicy, Trail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Instant;

/// Reads one request without a body, or with the body `{}`; its first word.
async fn request(stream: &mut TcpStream) -> Option<String> {
    let mut text = Vec::new();
    let is_whole = |text: &[u8]| {
        let end = if text.starts_with(b"POST") { b"\r\n\r\n{}".as_slice() } else { b"\r\n\r\n" };
        text.ends_with(end)
    };
    while !is_whole(&text) {
        text.push(stream.read_u8().await.ok()?);
    }
    String::from_utf8(text).unwrap().split(' ').next().map(str::to_owned)
}

/// A server that answers the first request of a connection, takes the second and closes.
async fn forgetful() -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let seen = Arc::<Mutex<Vec<String>>>::default();
    let notes = Arc::clone(&seen);
    tokio::spawn(async move {
        for number in 0.. {
            let (mut stream, _) = listener.accept().await.unwrap();
            let first = request(&mut stream).await.unwrap();
            notes.lock().unwrap().push(format!("{number} {first}"));
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}").await.unwrap();
            if let Some(second) = request(&mut stream).await {
                notes.lock().unwrap().push(format!("{number} {second}"));
            }
        }
    });
    (url, seen)
}

#[tokio::test]
async fn a_change_that_a_dying_connection_took_is_not_sent_again() {
    let (url, seen) = forgetful().await;
    let hub = hub(&url);
    hub.get("people/me").send().await.unwrap();
    let error = hub.update(&Person::default()).send().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Transport, 1), "{error}");
    assert!(error.may_have_been_applied() && error.is_transient());
    assert_eq!(*seen.lock().unwrap(), ["0 GET", "0 POST"]);
}

#[tokio::test]
async fn reading_goes_on_over_another_connection() {
    let (url, seen) = forgetful().await;
    let hub = hub(&url);
    for _ in 0..2 {
        hub.get("people/me").send().await.unwrap();
    }
    assert_eq!(*seen.lock().unwrap(), ["0 GET", "0 GET", "1 GET"]);
}

#[tokio::test]
async fn nothing_goes_to_where_a_redirect_leads() {
    let other = Server::answers(vec![ok("{}")]).await;
    for code in [301, 302, 303, 307, 308] {
        let away: &'static str = format!("{}/v1/people/me", other.url).leak();
        let server = Server::answers(vec![with_header(status(code, ""), "location", away)]).await;
        let hub = hub(&server.url).with(HubOptions::new().base_url(&server.url).api_key("key"));
        let error = hub.get("people/me").send().await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Redirect, 1));
        assert_eq!(server.requests()[0].header("authorization"), Some("Bearer secret-token"));
    }
    assert_eq!(other.count(), 0);
}

#[tokio::test]
async fn a_key_goes_with_the_token_or_alone() {
    let server = Server::answers(vec![ok("{}")]).await;
    let options = HubOptions::new().base_url(&server.url).api_key("k");
    let hub = hub(&server.url).with(options);
    hub.get("people/me").send().await.unwrap();
    let none: [&str; 0] = [];
    hub.get("people/me").with(CallOptions::new().scopes(none)).send().await.unwrap();
    let requests = server.requests();
    let sent = |name| requests.iter().map(|seen| seen.header(name)).collect::<Vec<_>>();
    assert_eq!(sent("x-goog-api-key"), [Some("k"); 2]);
    assert_eq!(sent("authorization"), [Some("Bearer secret-token"), None]);
    assert!(requests.iter().all(|seen| !seen.target.contains("key")), "keys stay out of URLs");
}

/// A body that counts how often it is encoded.
struct Counted(AtomicUsize);

impl rt::Wire for Counted {
    fn decode<'de, D: rt::serde::Deserializer<'de>>(_: D, _: &Trail) -> Result<Self, D::Error> {
        unreachable!("it is only sent")
    }

    fn encode<S: rt::serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        self.0.fetch_add(1, Ordering::Relaxed);
        out.serialize_map(Some(0)).and_then(rt::serde::ser::SerializeMap::end)
    }
}

#[tokio::test]
async fn a_body_is_encoded_once_for_all_attempts() {
    let busy = || status(503, "");
    let server = Server::answers(vec![busy(), busy(), status(401, ""), ok("{}")]).await;
    let body = Counted(AtomicUsize::new(0));
    let hub = hub(&server.url);
    let call = rt::Call::<()>::new(&hub.hub, &common::UPDATE).body(&body);
    let options = CallOptions::new().retry(quick(RetryPolicy::always()));
    let error = call.clone().with(options.clone()).send().await.unwrap_err();
    assert!(error.is_unauthenticated());
    call.with(options).send().await.unwrap();
    assert_eq!(body.0.load(Ordering::Relaxed), 1);
    assert!(server.requests().iter().all(|seen| seen.body == "{}"));
    assert_eq!(server.count(), 4);
}

/// The clock of these tests stands still and jumps to the next timer whenever nothing else happens.
mod defaults {
    use super::*;

    async fn waited(options: HubOptions) -> (rt::Error, Duration) {
        let server = Server::start(|_, _| Reply::Never).await;
        let hub = common::google().with(options.base_url(&server.url));
        let start = Instant::now();
        let error = hub.update(&Person::default()).send().await.unwrap_err();
        (error, start.elapsed())
    }

    #[tokio::test(start_paused = true)]
    async fn an_attempt_has_a_minute() {
        let (error, waited) = waited(HubOptions::new()).await;
        assert_eq!((error.kind(), waited.as_secs()), (ErrorKind::Timeout, 60));
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_has_five_minutes() {
        let (error, waited) = waited(HubOptions::new().attempt_timeout(None)).await;
        assert_eq!((error.kind(), waited.as_secs()), (ErrorKind::Deadline, 300));
    }
}
