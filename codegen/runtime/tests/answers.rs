//! How answers are read: whole or not at all.

mod common;

use codegen_runtime as rt;
use common::schemas::Person;
use common::server::{Server, ok, status, with_header};
use common::{hub, hub_with};
use rt::{CallOptions, ErrorKind, HubOptions, RetryPolicy};

/// A hub that does not hide failures behind retries.
fn once(url: &str) -> common::PeopleService {
    common::google().with(HubOptions::new().base_url(url).retry(RetryPolicy::never()))
}

async fn failed(text: impl Into<Vec<u8>>) -> rt::Error {
    let server = Server::raw(vec![text.into()]).await;
    let error = once(&server.url).get("people/me").send().await.unwrap_err();
    // The same answer where its content does not matter.
    let deleted = once(&server.url).delete("people/me").send().await;
    if error.kind() != ErrorKind::Decode {
        assert_eq!(deleted.unwrap_err().kind(), error.kind());
    }
    error
}

#[tokio::test]
async fn an_answer_is_decoded() {
    let server = Server::answers(vec![ok(r#"{"etag":"e","size":"5"}"#)]).await;
    let person = hub(&server.url).get("people/me").send().await.unwrap();
    assert_eq!((person.etag.as_deref(), person.size), (Some("e"), Some(5)));
}

#[tokio::test]
async fn an_undecodable_answer_keeps_its_body() {
    let body = r#"{"names":[{"givenName":1}]}"#;
    let server = Server::answers(vec![ok(body)]).await;
    let error = hub(&server.url).get("people/me").send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(error.decode().unwrap().path, "names[0].givenName");
    assert_eq!(error.body().unwrap(), body);
    assert_eq!(error.http_status(), Some(rt::http::StatusCode::OK));
    assert!(error.may_have_been_applied());
    let text = error.to_string();
    assert!(
        text.starts_with(
            "people.people.get: cannot decode the answer (200, 27 bytes): names[0].givenName: "
        ),
        "{text}"
    );
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn an_empty_answer_is_no_object() {
    for text in ["HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", "HTTP/1.1 204 No Content\r\n\r\n"]
    {
        let server = Server::raw(vec![text.into()]).await;
        let error = once(&server.url).get("people/me").send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode);
        assert!(error.to_string().contains("empty body"), "{error}");
        // Where the method answers with nothing, this is a success.
        once(&server.url).delete("people/c1").send().await.unwrap();
    }
}

#[tokio::test]
async fn cut_bodies_are_never_answers() {
    // All that came is valid JSON each time.
    let short = failed("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{}").await;
    let nothing = failed("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n").await;
    let chunk = failed("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n").await;
    let half = failed("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n9\r\n{}").await;
    let head = failed("HTTP/1.1 200 OK\r\ncontent-le").await;
    let silent = failed("").await;
    for error in [short, nothing, chunk, half, head, silent] {
        assert_eq!(error.kind(), ErrorKind::Transport, "{error}");
        assert!(error.may_have_been_applied() && error.is_transient());
        assert!(error.to_string().starts_with("people.people.get: the exchange broke off: "));
        assert!(std::error::Error::source(&error).is_some());
    }
    let refused = failed("HTTP/1.1 403 Forbidden\r\ncontent-length: 10\r\n\r\n{}").await;
    assert_eq!(refused.kind(), ErrorKind::Transport);
    assert_eq!(refused.http_status().unwrap(), 403);
    assert!(!refused.may_have_been_applied());
}

#[tokio::test]
async fn bytes_that_are_no_http_are_a_broken_exchange() {
    let error = failed("SSH-2.0-OpenSSH_9.6\r\n\r\n").await;
    assert_eq!(error.kind(), ErrorKind::Transport, "{error}");
}

#[tokio::test]
async fn a_body_that_ends_with_its_connection_is_read() {
    let server = Server::raw(vec!["HTTP/1.0 200 OK\r\n\r\n{\"etag\":\"e\"}".into()]).await;
    let person = once(&server.url).get("people/me").send().await.unwrap();
    assert_eq!(person.etag.as_deref(), Some("e"));
}

#[tokio::test]
async fn answers_have_a_limit() {
    let body = r#"{"etag":"0123456789"}"#;
    let chunked = format!(
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{:x}\r\n{body}\r\n0\r\n\r\n",
        body.len()
    );
    let plain = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    let endless = "HTTP/1.1 200 OK\r\ncontent-length: 9999999999999999\r\n\r\n{}".to_owned();
    let sizes = [(chunked, 20, 21), (plain, 20, 21), (endless, 21, usize::MAX)];
    for (text, too_small, enough) in sizes {
        let server = Server::raw(vec![text.into_bytes()]).await;
        let get = |size| {
            let call = once(&server.url).get("people/me");
            call.with(CallOptions::new().max_response_size(size)).send()
        };
        let error = get(too_small).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TooLarge, "{error}");
        assert!(error.to_string().contains(&too_small.to_string()));
        assert!(error.may_have_been_applied() && !error.is_transient());
        match get(enough).await {
            Ok(person) => assert_eq!(person.etag.as_deref(), Some("0123456789")),
            Err(error) => assert_ne!(enough, 21, "{error}"),
        }
    }
}

#[tokio::test]
async fn the_error_of_an_api_is_read_beyond_the_limit() {
    let body = r#"{"error":{"status":"NOT_FOUND","message":"gone"}}"#;
    let server = Server::answers(vec![status(404, body)]).await;
    let hub = hub_with(&server.url, HubOptions::new().max_response_size(5));
    assert!(hub.get("people/me").send().await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let away = "https://evil.example/steal?token=secret";
    let server =
        Server::answers(vec![with_header(status(302, ""), "location", away), ok("{}")]).await;
    let error = hub(&server.url).get("people/me").send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Redirect);
    assert_eq!(
        error.to_string(),
        "people.people.get: 302: redirects are not followed (this one to https://evil.example/steal)"
    );
    assert_eq!(server.count(), 1);
    for (code, doubt) in [(301, true), (303, true), (307, false), (308, false)] {
        let server = Server::answers(vec![status(code, "")]).await;
        let error = hub(&server.url).update(&Person::default()).send().await.unwrap_err();
        assert_eq!((error.kind(), error.may_have_been_applied()), (ErrorKind::Redirect, doubt));
    }
    let server = Server::answers(vec![status(304, "")]).await;
    let error = hub(&server.url).get("people/me").send().await.unwrap_err();
    assert_eq!((error.kind(), error.http_status().unwrap().as_u16()), (ErrorKind::Api, 304));
}

#[tokio::test]
async fn unknown_encodings_are_refused() {
    let error =
        failed("HTTP/1.1 200 OK\r\ncontent-encoding: br\r\ncontent-length: 2\r\n\r\n{}").await;
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert!(error.to_string().contains("\"br\""), "{error}");
    let text = "HTTP/1.1 200 OK\r\ncontent-encoding: Identity\r\ncontent-length: 2\r\n\r\n{}";
    let server = Server::raw(vec![text.into()]).await;
    once(&server.url).get("people/me").send().await.unwrap();
}

#[tokio::test]
async fn unknown_encodings_are_not_asked_for_again() {
    let strange = with_header(ok("{}"), "content-encoding", "br");
    let server = Server::answers(vec![strange, ok("{}")]).await;
    let error = hub(&server.url).get("people/me").send().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Transport, 1), "{error}");
    assert!(!error.is_transient() && error.may_have_been_applied());
    assert_eq!(server.count(), 1);

    // The status of an error counts, whatever its body is.
    let strange = |code| with_header(status(code, "?"), "content-encoding", "br");
    let server = Server::answers(vec![strange(503), strange(503), strange(404)]).await;
    let error = hub(&server.url).get("people/me").send().await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
    assert_eq!((error.attempts(), server.count()), (3, 3));
    assert_eq!(error.to_string(), "people.people.get: 404 Not Found (3 attempts)");
}

#[tokio::test]
async fn wrapped_answers_are_unwrapped() {
    let cases = [
        (r#"{"data":{"etag":"e"},"kind":"x"}"#, Some("e")),
        (r#"{"etag":"e"}"#, Some("e")),
        (r#"{"data":{}}"#, None),
    ];
    for (body, etag) in cases {
        let server = Server::answers(vec![ok(body)]).await;
        let hub = rt::Hub::new(&common::WRAPPED, common::client(), String::from("t"))
            .with(HubOptions::new().base_url(&server.url));
        let person = rt::Call::<Person>::new(&hub, &common::UPDATE).send().await.unwrap();
        assert_eq!(person.etag.as_deref(), etag, "{body}");
    }
    let server = Server::answers(vec![ok(r#"{"data":{"names":[1]}}"#)]).await;
    let hub = rt::Hub::new(&common::WRAPPED, common::client(), String::from("t"))
        .with(HubOptions::new().base_url(&server.url));
    let error = rt::Call::<Person>::new(&hub, &common::UPDATE).send().await.unwrap_err();
    assert_eq!(error.decode().unwrap().path, "data.names[0]");
}

#[cfg(feature = "gzip")]
mod gzip {
    use std::io::Write as _;

    use super::*;

    fn packed(text: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    /// A complete HTTP answer around these bytes, in chunks of some size.
    fn answer(body: &[u8], chunk: usize) -> Vec<u8> {
        let mut text =
            b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ntransfer-encoding: chunked\r\n\r\n"
                .to_vec();
        for part in body.chunks(chunk) {
            text.extend(format!("{:x}\r\n", part.len()).bytes());
            text.extend(part);
            text.extend(b"\r\n");
        }
        text.extend(b"0\r\n\r\n");
        text
    }

    #[tokio::test]
    async fn compressed_answers_are_unpacked() {
        let one = packed(br#"{"etag":"e"}"#);
        let two = [packed(br#"{"etag":"#), packed(br#""e"}"#)].concat();
        for body in [one, two] {
            for chunk in [1, 7, 1_000] {
                let server = Server::raw(vec![answer(&body, chunk)]).await;
                let person = once(&server.url).get("people/me").send().await.unwrap();
                assert_eq!(person.etag.as_deref(), Some("e"));
            }
        }
    }

    #[tokio::test]
    async fn cut_or_damaged_compression_is_never_an_answer() {
        let whole = packed(br#"{"etag":"e"}"#);
        // The JSON is complete long before the checksum at the end is.
        for length in 0..whole.len() {
            let error = failed(answer(&whole[..length], 1_000)).await;
            assert_eq!(error.kind(), ErrorKind::Transport, "{length}: {error}");
        }
        let mut wrong_sum = whole.clone();
        let at = whole.len() - 5;
        wrong_sum[at] ^= 1;
        let mut garbage = whole.clone();
        garbage.extend(b"garbage");
        for body in [wrong_sum, garbage, b"{}".to_vec()] {
            let error = failed(answer(&body, 1_000)).await;
            assert_eq!(error.kind(), ErrorKind::Transport, "{error}");
        }
        let mut second = whole.clone();
        second.extend(&whole[..whole.len() - 1]);
        assert_eq!(failed(answer(&second, 5)).await.kind(), ErrorKind::Transport);
    }

    #[tokio::test]
    async fn the_limit_counts_unpacked_bytes() {
        let bomb = packed(&vec![b' '; 50_000_000]);
        let server = Server::raw(vec![answer(&bomb, 10_000)]).await;
        let call = once(&server.url).get("people/me");
        let options = CallOptions::new().max_response_size(1_000_000);
        let error = call.with(options).send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TooLarge, "{error}");
        let exact = packed(br#"{"etag":"0123456789"}"#);
        let server = Server::raw(vec![answer(&exact, 3)]).await;
        let get = |size| {
            let call = once(&server.url).get("people/me");
            call.with(CallOptions::new().max_response_size(size)).send()
        };
        assert!(get(21).await.is_ok());
        assert_eq!(get(20).await.unwrap_err().kind(), ErrorKind::TooLarge);
    }

    #[tokio::test]
    async fn a_compressed_error_is_unpacked() {
        let body = packed(br#"{"error":{"status":"NOT_FOUND","message":"gone"}}"#);
        let text = String::from_utf8_lossy(b"HTTP/1.1 404 Not Found\r\ncontent-encoding: GZIP\r\n")
            .into_owned();
        let mut raw = format!("{text}content-length: {}\r\n\r\n", body.len()).into_bytes();
        raw.extend(body);
        let server = Server::raw(vec![raw]).await;
        let error = once(&server.url).get("people/me").send().await.unwrap_err();
        assert_eq!(error.to_string(), "people.people.get: 404 NOT_FOUND: gone");
    }
}
