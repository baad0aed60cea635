//! Uploads in one request: what is sent, and that nothing incomplete looks complete.

mod common;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use codegen_runtime as rt;
use common::media::{
    INSERT, Pieces, REPLACE, Slow, bad_sources, call_of, hub, hub_with, insert, pattern, simple,
};
use common::schemas::Person;
use common::server::{Server, ok, status};
use rt::media::{Media, upload};
use rt::{Bytes, CallOptions, ErrorKind, HubOptions, RetryPolicy};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

const DONE: &str = r#"{"etag":"done"}"#;

async fn done() -> Server {
    Server::answers(vec![ok(DONE)]).await
}

#[tokio::test]
async fn media_alone_is_the_body() {
    let server = done().await;
    let bytes = pattern(300_000);
    let answer =
        upload(insert(&hub(&server.url)), simple(), Media::bytes("image/png", bytes.clone()));
    assert_eq!(answer.await.unwrap().etag.as_deref(), Some("done"));
    let requests = server.requests();
    let seen = &requests[0];
    assert_eq!(
        (seen.method.as_str(), seen.target.as_str()),
        ("POST", "/upload/storage/v1/b/b/o?uploadType=media&alt=json&prettyPrint=false&name=n")
    );
    assert_eq!(seen.header("content-type"), Some("image/png"));
    assert_eq!(seen.header("content-length"), Some("300000"));
    assert_eq!(seen.header("authorization"), Some("Bearer secret-token"));
    assert_eq!(seen.header("accept"), Some("application/json"));
    assert_eq!(seen.body, bytes);
}

#[tokio::test]
async fn metadata_and_media_are_one_body() {
    let bytes = pattern(100_000);
    let person = Person { etag: Some("e".to_owned()), ..Person::default() };
    let reader = Slow { bytes: bytes.clone(), at_once: 7000, read: Arc::default() };
    for (media, has_length) in [
        (Media::bytes("image/png; x=\"y\"", bytes.clone()), true),
        (Media::reader("image/png; x=\"y\"", reader), false),
    ] {
        let server = done().await;
        upload(insert(&hub(&server.url)).body(&person), simple(), media).await.unwrap();
        let requests = server.requests();
        let seen = &requests[0];
        assert!(seen.target.contains("?uploadType=multipart&alt=json"), "{}", seen.target);
        let content_type = seen.header("content-type").unwrap();
        let boundary = content_type.strip_prefix("multipart/related; boundary=").unwrap();
        let before = format!(
            "--{boundary}\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n{{\"etag\":\"e\"}}\r\n\
             --{boundary}\r\nContent-Type: image/png; x=\"y\"\r\n\r\n"
        );
        let after = format!("\r\n--{boundary}--\r\n");
        let expected = [before.as_bytes(), &bytes[..], after.as_bytes()].concat();
        assert!(seen.body == expected);
        let size = expected.len().to_string();
        assert_eq!(seen.header("content-length"), has_length.then_some(size.as_str()));
    }
}

#[tokio::test]
async fn boundaries_differ() {
    let server = done().await;
    let hub = hub(&server.url);
    for _ in 0..2 {
        let call = insert(&hub).body(&Person::default());
        upload(call, simple(), Media::bytes("a/b", "x")).await.unwrap();
    }
    let types: Vec<String> = server
        .requests()
        .iter()
        .map(|seen| seen.header("content-type").unwrap().to_owned())
        .collect();
    assert_ne!(types[0], types[1]);
}

#[tokio::test]
async fn empty_media_goes_too() {
    let empty = Bytes::new();
    for media in [
        Media::bytes("a/b", ""),
        Media::stream("a/b", Pieces::of(&empty, 1)),
        Media::stream("a/b", Pieces::of(&empty, 1)).length(0),
    ] {
        let server = done().await;
        upload(insert(&hub(&server.url)), simple(), media).await.unwrap();
        assert_eq!(server.requests()[0].body, "");
    }
}

#[tokio::test]
async fn another_base_url_is_used_as_it_is() {
    // Without the service's path at its end it is the root itself.
    let server = done().await;
    let hub = rt::Hub::new(&common::media::STORAGE, common::client(), "t".to_owned());
    let hub = hub.with(HubOptions::new().base_url(format!("{}/proxy", server.url)));
    upload(insert(&hub), simple(), Media::bytes("a/b", "x")).await.unwrap();
    assert!(server.requests()[0].target.starts_with("/proxy/upload/storage/v1/b/b/o?"));
}

#[tokio::test]
async fn what_the_upload_says_cannot_be_said_otherwise() {
    let server = done().await;
    let call = insert(&hub(&server.url)).with(CallOptions::new().query("uploadType", "resumable"));
    upload(call, simple(), Media::bytes("a/b", "x")).await.unwrap();
    let target = server.requests()[0].target.clone();
    assert_eq!(target.matches("uploadType").count(), 1, "{target}");
    assert!(target.contains("uploadType=media"), "{target}");
}

#[tokio::test]
async fn too_large_media_and_odd_types_are_refused() {
    let server = done().await;
    let hub = hub(&server.url);
    let large = Media::stream("a/b", Pieces::of(&pattern(1), 1)).length(common::media::LIMIT + 1);
    for (media, text) in [
        (large, "67108865 bytes, more than the limit of 67108864"),
        (Media::bytes("a/b\r\nevil: 1", "x"), "no media type"),
        (Media::bytes("text", "x"), "no media type"),
    ] {
        let error = upload(insert(&hub), simple(), media).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Build, "{error}");
        assert!(error.to_string().contains(text), "{error}");
    }
    assert_eq!(server.count(), 0);
}

#[tokio::test]
async fn bytes_in_memory_are_sent_again_and_streams_are_not() {
    let media = |is_memory| {
        let bytes = pattern(1000);
        if is_memory {
            Media::bytes("a/b", bytes)
        } else {
            Media::stream("a/b", Pieces::of(&bytes, 10))
        }
    };
    for (method, is_memory, attempts) in
        [(&REPLACE, true, 3), (&REPLACE, false, 1), (&INSERT, true, 1)]
    {
        let server = Server::answers(vec![status(503, ""), status(503, ""), ok(DONE)]).await;
        let call = rt::Call::<Person>::new(&hub(&server.url), method).path("bucket", "b");
        let outcome = upload(call, simple(), media(is_memory)).await;
        assert_eq!(server.count(), attempts, "{}", method.id);
        assert_eq!(outcome.is_ok(), attempts == 3);
        assert!(server.requests().iter().all(|seen| seen.body == pattern(1000)));
    }
}

#[tokio::test]
async fn a_stream_that_was_not_begun_is_sent_after_a_failure_to_connect() {
    let nowhere = common::server::nowhere().await;
    let media = Media::stream("a/b", Pieces::of(&pattern(10), 10));
    let error = upload(insert(&hub(&nowhere)), simple(), media).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connect, 5), "{error}");
}

#[tokio::test]
async fn an_error_of_the_api_is_one() {
    let server = Server::answers(vec![status(412, r#"{"error":{"message":"no"}}"#)]).await;
    let media = Media::stream("a/b", Pieces::of(&pattern(10), 10));
    let error = upload(insert(&hub(&server.url)), simple(), media).await.unwrap_err();
    assert_eq!((error.kind(), error.http_status().unwrap().as_u16()), (ErrorKind::Api, 412));
}

/// A server that writes down what comes over each connection until it ends, and answers nothing.
async fn listener() -> (String, Arc<Mutex<Vec<Vec<u8>>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let seen = Arc::new(Mutex::new(Vec::new()));
    let all = seen.clone();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let all = all.clone();
            tokio::spawn(async move {
                let mut bytes = Vec::new();
                // A reset is an end, too.
                let _ = stream.read_to_end(&mut bytes).await;
                all.lock().unwrap().push(bytes);
            });
        }
    });
    (url, seen)
}

/// Waits until a connection has ended, and gives head and body.
async fn ended(seen: &Mutex<Vec<Vec<u8>>>) -> (String, Vec<u8>) {
    let bytes = loop {
        if let Some(bytes) = seen.lock().unwrap().pop() {
            break bytes;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    };
    // A source that fails at once may leave no head either.
    let end =
        bytes.windows(4).position(|four| four == b"\r\n\r\n").map_or(bytes.len(), |at| at + 4);
    (String::from_utf8(bytes[..end].to_vec()).unwrap().to_ascii_lowercase(), bytes[end..].to_vec())
}

#[tokio::test]
async fn a_source_that_fails_or_lies_never_completes_a_body() {
    for (number, (media, text)) in bad_sources().into_iter().enumerate() {
        for has_metadata in [false, true] {
            let (url, seen) = listener().await;
            let error = upload(call_of(&hub(&url), has_metadata), simple(), media()).await;
            let error = error.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Source, "{number}: {error}");
            assert!(error.to_string().contains(text), "{error}");
            assert_eq!(error.attempts(), 1);
            let (head, body) = ended(&seen).await;
            match head.split("content-length: ").nth(1) {
                Some(rest) => {
                    let length: usize = rest.split("\r\n").next().unwrap().parse().unwrap();
                    assert!(body.len() < length, "{number}: {} of {length} bytes", body.len());
                }
                None => {
                    assert!(
                        head.is_empty() || head.contains("transfer-encoding: chunked"),
                        "{head}"
                    );
                    assert!(!body.ends_with(b"0\r\n\r\n"), "{number}: the body looks complete");
                }
            }
            assert!(!body.windows(4).any(|four| four == b"--\r\n"), "the closing boundary");
        }
    }
    // So that the check can fail: what is right is complete.
    let (url, seen) = listener().await;
    let options = HubOptions::new().attempt_timeout(Duration::from_millis(200));
    let hub = hub_with(&url, options.retry(RetryPolicy::never()));
    let media = Media::stream("a/b", Pieces::of(&pattern(1000), 100));
    assert_eq!(upload(insert(&hub), simple(), media).await.unwrap_err().kind(), ErrorKind::Timeout);
    assert!(ended(&seen).await.1.ends_with(b"0\r\n\r\n"));
}

#[tokio::test]
async fn a_source_that_stalls_or_a_caller_who_leaves_completes_nothing() {
    // The source never ends.
    let stalled = || Media::reader("a/b", Endless);
    let (url, seen) = listener().await;
    let options = HubOptions::new().attempt_timeout(Duration::from_millis(200));
    let hub = hub_with(&url, options.retry(RetryPolicy::never()));
    let error = upload(insert(&hub), simple(), stalled()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
    assert!(!ended(&seen).await.1.ends_with(b"0\r\n\r\n"));

    let hub = hub_with(&url, HubOptions::new());
    let upload = upload(insert(&hub), simple(), stalled());
    let left = tokio::time::timeout(Duration::from_millis(200), upload).await;
    assert!(left.is_err());
    assert!(!ended(&seen).await.1.ends_with(b"0\r\n\r\n"));
}

/// Gives nothing, without an end.
struct Endless;

impl tokio::io::AsyncRead for Endless {
    fn poll_read(
        self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
        _: &mut tokio::io::ReadBuf<'_>,
    ) -> std::task::Poll<std::io::Result<()>> {
        std::task::Poll::Pending
    }
}

#[tokio::test]
async fn a_success_before_everything_was_sent_is_none() {
    let text = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{DONE}", DONE.len());
    let server = Server::raw(vec![text.into_bytes()]).await;
    // The server reads no body that has no length.
    let pieces = Pieces::of(&pattern(20_000_000), 100_000);
    let error = upload(insert(&hub(&server.url)), simple(), Media::stream("a/b", pieces));
    let error = error.await.unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::Protocol | ErrorKind::Transport),
        "{:?} {error}",
        error.kind()
    );
    assert!(error.may_have_been_applied());
}

#[tokio::test]
async fn no_more_is_read_than_the_connection_takes() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let bytes = pattern(60_000_000);
    let read = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let reader = Slow { bytes, at_once: 64 * 1024, read: read.clone() };
    let options = HubOptions::new().attempt_timeout(Duration::from_millis(200));
    let hub = hub_with(&url, options.retry(RetryPolicy::never()));
    // Nobody reads: what the system itself keeps for a connection is all that goes.
    let error = upload(insert(&hub), simple(), Media::reader("a/b", reader)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
    let read = read.load(std::sync::atomic::Ordering::Relaxed);
    assert!(read < 30_000_000, "{read} bytes");
    drop(listener);
}

/// The clock stands still while something goes on, and leaps to what is waited for.
#[tokio::test(start_paused = true)]
async fn a_large_piece_goes_as_slowly_as_the_connection_takes_it() {
    const SIZE: usize = 48 * 1024 * 1024;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut buffer = vec![0; 2 * 1024 * 1024];
        let mut read = 0;
        // Much longer than an attempt may be silent, and then the rest.
        while read < SIZE {
            if read < SIZE / 2 {
                tokio::time::sleep(Duration::from_secs(20)).await;
            }
            read += stream.read_exact(&mut buffer).await.unwrap();
        }
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{DONE}", DONE.len());
        stream.write_all(head.as_bytes()).await.unwrap();
        let _ = stream.read_to_end(&mut buffer).await;
    });
    let hub = hub_with(&url, HubOptions::new().retry(RetryPolicy::never()));
    let pieces = Pieces::of(&pattern(SIZE), SIZE);
    let media = Media::stream("video/mp4", pieces).length(SIZE as u64);
    upload(insert(&hub), simple(), media).await.unwrap();
}
