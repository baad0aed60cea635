//! Downloads: parts, breaks, checksums.

mod common;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use codegen_runtime as rt;
use common::media::{get, hub, hub_with, pattern};
use common::quick;
use common::server::{Server, ok};
use rt::media::{Crc32c, DownloadCall};
use rt::{Bytes, CallOptions, ErrorKind, HubOptions, RetryPolicy};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A request: its first line and its headers, in lower case.
type Heads = Arc<Mutex<Vec<String>>>;

/// A server that answers each connection's request with raw bytes.
async fn serve(answer: impl Fn(usize, &str) -> Vec<u8> + Send + Sync + 'static) -> (String, Heads) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let heads = Heads::default();
    let seen = heads.clone();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let head = head(&mut stream).await;
            let number = {
                let mut seen = seen.lock().unwrap();
                seen.push(head.clone());
                seen.len() - 1
            };
            let bytes = answer(number, &head);
            let _ = stream.write_all(&bytes).await;
            // What ends with this keeps the connection open.
            if bytes.ends_with(b"...") {
                tokio::spawn(async move { stream.read_to_end(&mut Vec::new()).await });
            } else {
                let _ = stream.shutdown().await;
            }
        }
    });
    (url, heads)
}

async fn head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    String::from_utf8(head).unwrap().to_ascii_lowercase().replacen("get", "GET", 1)
}

/// An answer with a length, of which only the first bytes come.
fn part(status: &str, headers: &str, bytes: &[u8], come: usize) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n{headers}\r\n", bytes.len());
    [head.as_bytes(), &bytes[..come.min(bytes.len())]].concat()
}

/// The bytes that `Range` asks for.
fn range(head: &str, size: usize) -> Option<(usize, usize)> {
    let text = head.split("range: bytes=").nth(1)?.split("\r\n").next()?;
    let (first, last) = text.split_once('-')?;
    match first {
        "" => Some((size.saturating_sub(last.parse().unwrap()), size)),
        first => Some((
            first.parse().unwrap(),
            last.parse::<usize>().map_or(size, |last| (last + 1).min(size)),
        )),
    }
}

/// A server that gives parts of these bytes, and breaks off as often as said after so many bytes.
fn object(
    bytes: Bytes,
    headers: &'static str,
    breaks: Vec<usize>,
) -> impl Fn(usize, &str) -> Vec<u8> {
    move |number, head| {
        let come = breaks.get(number).copied().unwrap_or(usize::MAX);
        match range(head, bytes.len()) {
            None => part("200 OK", headers, &bytes, come),
            Some((start, end)) => {
                let range = format!("content-range: bytes {start}-{}/{}\r\n", end - 1, bytes.len());
                part("206 Partial Content", &(range + headers), &bytes[start..end], come)
            }
        }
    }
}

fn once(url: &str) -> rt::Hub {
    hub_with(url, HubOptions::new().retry(RetryPolicy::never()))
}

async fn collected(call: DownloadCall) -> rt::Result<Bytes> {
    call.send().await?.bytes().await
}

const ETAG: &str = "etag: \"v1\"\r\n";

#[tokio::test]
async fn media_comes_down_as_a_stream() {
    let bytes = pattern(1_000_000);
    let headers = "content-type: video/mp4\r\n";
    let (url, heads) = serve(object(bytes.clone(), headers, vec![])).await;
    let mut download = get(&hub(&url)).send().await.unwrap();
    assert_eq!(download.status(), 200);
    assert_eq!(download.content_type(), Some("video/mp4"));
    assert_eq!(
        (download.content_length(), download.total_length()),
        (Some(1_000_000), Some(1_000_000))
    );
    let mut all = Vec::new();
    while let Some(more) = download.next().await {
        all.extend_from_slice(&more.unwrap());
        assert_eq!(download.position(), all.len() as u64);
    }
    assert!(all == bytes);
    let head = heads.lock().unwrap()[0].clone();
    assert!(head.starts_with("GET /download/storage/v1/b/b/o/a%2fb?alt=media"), "{head}");
    assert!(head.contains("authorization: bearer secret-token"), "{head}");
    assert!(head.contains("accept: */*") && !head.contains("accept-encoding"), "{head}");
    assert!(!head.contains("\r\nrange:"));
}

#[tokio::test]
async fn without_a_service_it_comes_from_the_method_itself() {
    let (url, heads) = serve(object(pattern(10), "", vec![])).await;
    let call = rt::Call::<()>::new(&hub(&url), &common::media::GET);
    let call = call.path("bucket", "b").path("object", "o");
    collected(DownloadCall::new(&call, false)).await.unwrap();
    let head = heads.lock().unwrap()[0].clone();
    assert!(head.starts_with("GET /storage/v1/b/b/o/o?alt=media"), "{head}");
}

#[tokio::test]
async fn it_can_be_read() {
    let bytes = pattern(300_000);
    let (url, _) = serve(object(bytes.clone(), ETAG, vec![100_000])).await;
    let mut download = get(&hub(&url)).send().await.unwrap();
    let mut start = [0; 10];
    download.read_exact(&mut start).await.unwrap();
    let mut rest = Vec::new();
    download.read_to_end(&mut rest).await.unwrap();
    assert!([&start[..], &rest].concat() == bytes);

    let (url, _) = serve(object(bytes, "", vec![100_000])).await;
    let mut download = get(&hub(&url)).send().await.unwrap();
    let error = download.read_to_end(&mut rest).await.unwrap_err();
    let error = error.get_ref().unwrap().downcast_ref::<rt::Error>().unwrap();
    assert_eq!(error.kind(), ErrorKind::Transport);
}

#[tokio::test]
async fn parts_are_asked_for_and_checked() {
    let bytes = pattern(1000);
    let (url, heads) = serve(object(bytes.clone(), "", vec![])).await;
    let hub = hub(&url);
    let cases = [
        (get(&hub).range(10..20), "bytes=10-19", 10..20),
        (get(&hub).range(10..=20), "bytes=10-20", 10..21),
        (get(&hub).range(..5), "bytes=0-4", 0..5),
        (get(&hub).range(900..), "bytes=900-", 900..1000),
        (get(&hub).range(990..2000), "bytes=990-1999", 990..1000),
        (get(&hub).last(7), "bytes=-7", 993..1000),
        (get(&hub).last(7000), "bytes=-7000", 0..1000),
    ];
    for (call, header, range) in cases {
        let download = call.send().await.unwrap();
        assert_eq!((download.status().as_u16(), download.total_length()), (206, Some(1000)));
        assert_eq!(download.position(), range.start as u64);
        assert_eq!(download.content_length(), Some((range.end - range.start) as u64));
        assert_eq!(download.bytes().await.unwrap(), bytes[range]);
        let head = heads.lock().unwrap().last().unwrap().clone();
        assert!(head.contains(&format!("\r\nrange: {header}\r\n")), "{head}");
    }
    for call in [get(&hub).range(5..5), get(&hub).last(0)] {
        assert_eq!(call.send().await.unwrap_err().kind(), ErrorKind::Build);
    }
    assert!(!heads.lock().unwrap().is_empty());
    collected(get(&hub).range(..)).await.unwrap();
    assert!(!heads.lock().unwrap().last().unwrap().contains("\r\nrange:"));
}

#[tokio::test]
async fn a_part_outside_of_the_media_is_an_error_of_the_api() {
    let text = part("416 Range Not Satisfiable", "content-range: bytes */10\r\n", b"{}", 2);
    let (url, _) = serve(move |_, _| text.clone()).await;
    let error = get(&hub(&url)).range(100..).send().await.unwrap_err();
    assert_eq!((error.kind(), error.http_status().unwrap().as_u16()), (ErrorKind::Api, 416));
}

#[tokio::test]
async fn other_parts_than_asked_for_are_errors() {
    for content_range in [
        "",
        "content-range: bytes 11-19/100\r\n",
        "content-range: bytes 10-20/100\r\n",
        "content-range: bytes 0-9/100\r\n",
        "content-range: bytes 19-10/100\r\n",
        "content-range: bytes 10-19/15\r\n",
        "content-range: bytes +10-19/100\r\n",
        "content-range: bytes 10-18446744073709551615/*\r\n",
        "content-range: bytes 10-99999999999999999999/100\r\n",
        "content-range: items 10-19/100\r\n",
        "content-range: bytes */100\r\n",
    ] {
        let text = part("206 Partial Content", content_range, &pattern(10), 10);
        let (url, _) = serve(move |_, _| text.clone()).await;
        let error = get(&once(&url)).range(10..20).send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Protocol, "{content_range}: {error}");
    }
    // A part where all was asked for, all where a part was.
    let text = part("206 Partial Content", "content-range: bytes 0-9/10\r\n", &pattern(10), 10);
    let (url, _) = serve(move |_, _| text.clone()).await;
    assert_eq!(get(&once(&url)).send().await.unwrap_err().kind(), ErrorKind::Protocol);
    let (url, _) = serve(|_, _| part("200 OK", "", &pattern(10), 10)).await;
    assert_eq!(get(&once(&url)).range(5..).send().await.unwrap_err().kind(), ErrorKind::Protocol);
    assert_eq!(get(&once(&url)).range(..5).send().await.unwrap_err().kind(), ErrorKind::Protocol);
    // What happens to be the same is taken.
    assert_eq!(collected(get(&once(&url)).range(..10)).await.unwrap().len(), 10);
    assert_eq!(collected(get(&once(&url)).last(10)).await.unwrap().len(), 10);
}

#[tokio::test]
async fn a_part_with_other_bytes_than_it_says_is_an_error() {
    for size in [9, 11] {
        let headers = "content-range: bytes 10-19/100\r\n";
        let text = part("206 Partial Content", headers, &pattern(size), size);
        let (url, _) = serve(move |_, _| text.clone()).await;
        let error = collected(get(&once(&url)).range(10..20)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Protocol, "{error}");
        // Without a length the end tells.
        let text = format!("HTTP/1.0 206 Partial Content\r\n{headers}\r\n{}", "x".repeat(size));
        let (url, _) = serve(move |_, _| text.clone().into()).await;
        let error = collected(get(&once(&url)).range(10..20)).await.unwrap_err();
        let expected = if size == 9 { ErrorKind::Transport } else { ErrorKind::Protocol };
        assert_eq!(error.kind(), expected, "{error}");
    }
}

#[tokio::test]
async fn a_part_in_pieces_is_put_together() {
    let bytes = pattern(1000);
    let all = bytes.clone();
    // At most 100 bytes at once, whatever is asked for.
    let (url, heads) = serve(move |_, head| {
        let (start, end) = range(head, 1000).unwrap();
        let end = end.min(start + 100);
        let headers = format!("content-range: bytes {start}-{}/1000\r\n{ETAG}", end - 1);
        part("206 Partial Content", &headers, &all[start..end], 100)
    })
    .await;
    assert_eq!(collected(get(&hub(&url)).range(500..)).await.unwrap(), bytes[500..]);
    assert_eq!(heads.lock().unwrap().len(), 5);
}

#[tokio::test]
async fn after_a_break_the_rest_of_the_same_version_comes() {
    let bytes = pattern(500_000);
    for headers in [ETAG, "x-goog-generation: 7\r\n", "etag: \"v1\"\r\nx-goog-generation: 7\r\n"] {
        let server = object(bytes.clone(), headers, vec![100_000, 0, 1, 200_000]);
        let (url, heads) = serve(server).await;
        assert!(collected(get(&hub(&url))).await.unwrap() == bytes);
        let heads = heads.lock().unwrap().clone();
        assert_eq!(heads.len(), 5);
        assert_eq!(heads[1].contains("if-range: \"v1\""), headers.contains("etag"));
        assert!(heads[1].contains("range: bytes=100000-499999\r\n"), "{}", heads[1]);
        assert!(heads[4].contains("range: bytes=300001-499999\r\n"), "{}", heads[4]);
    }
    // A part, too.
    let (url, heads) = serve(object(bytes.clone(), ETAG, vec![50])).await;
    assert_eq!(collected(get(&hub(&url)).range(1000..2000)).await.unwrap(), bytes[1000..2000]);
    assert!(heads.lock().unwrap()[1].contains("range: bytes=1050-1999\r\n"));
    let (url, heads) = serve(object(bytes.clone(), ETAG, vec![50])).await;
    assert_eq!(collected(get(&hub(&url)).last(1000)).await.unwrap(), bytes[499_000..]);
    assert!(heads.lock().unwrap()[1].contains("range: bytes=499050-499999\r\n"));
}

#[tokio::test]
async fn where_nothing_more_is_there_a_break_is_the_end() {
    let none = || b"HTTP/1.1 416 Range Not Satisfiable\r\ncontent-length: 0\r\n\r\n".to_vec();
    // Of unknown length, and the last chunk, which says that it is the last, is missing.
    let (url, heads) = serve(move |number, _| match number {
        0 => format!("HTTP/1.1 200 OK\r\n{ETAG}transfer-encoding: chunked\r\n\r\n3\r\nabc\r\n")
            .into(),
        _ => none(),
    })
    .await;
    assert_eq!(collected(get(&hub(&url))).await.unwrap(), "abc");
    assert!(heads.lock().unwrap()[1].contains("range: bytes=3-\r\n"));
    // A part that reaches beyond the end of media of unknown length.
    let (url, heads) = serve(move |number, _| match number {
        0 => {
            part("206 Partial Content", &format!("{ETAG}content-range: bytes 0-2/*\r\n"), b"abc", 3)
        }
        _ => none(),
    })
    .await;
    assert_eq!(collected(get(&hub(&url)).range(..1024)).await.unwrap(), "abc");
    assert!(heads.lock().unwrap()[1].contains("range: bytes=3-1023\r\n"));
    // Of what was announced nothing may be missing.
    let (url, _) = serve(move |number, _| match number {
        0 => {
            part("206 Partial Content", &format!("{ETAG}content-range: bytes 0-2/*\r\n"), b"abc", 2)
        }
        _ => none(),
    })
    .await;
    let error = collected(get(&hub(&url)).range(..1024)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Protocol, "{error}");
    // Media that says how long it is has to be so long.
    let (url, _) = serve(move |number, _| match number {
        0 => part("200 OK", ETAG, b"abc", 2),
        _ => none(),
    })
    .await;
    let error = collected(get(&hub(&url))).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Protocol, "{error}");
}

#[tokio::test]
async fn without_a_version_a_break_is_an_error() {
    for headers in
        ["", "etag: W/\"v1\"\r\n", "etag: \"v1\"\r\nx-goog-stored-content-encoding: gzip\r\n"]
    {
        let (url, heads) = serve(object(pattern(1000), headers, vec![10])).await;
        let mut download = get(&hub(&url)).send().await.unwrap();
        assert_eq!(download.next().await.unwrap().unwrap().len(), 10);
        let error = download.next().await.unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Transport, "{error}");
        assert!(error.is_transient() && !error.may_have_been_applied());
        assert_eq!(download.position(), 10);
        assert!(download.next().await.is_none());
        assert_eq!(heads.lock().unwrap().len(), 1);
    }
}

#[tokio::test]
async fn media_that_changed_is_an_error() {
    let other = |headers: &'static str, total: usize| {
        let range = format!("content-range: bytes 10-{}/{total}\r\n{headers}", total - 1);
        part("206 Partial Content", &range, &pattern(total - 10), total)
    };
    let cases: Vec<Vec<u8>> = vec![
        other("etag: \"v2\"\r\n", 1000),
        other("", 1000),
        other(ETAG, 1001),
        part("200 OK", "etag: \"v2\"\r\n", &pattern(1000), 1000),
        part("206 Partial Content", "content-range: bytes 11-999/1000\r\netag: \"v1\"\r\n", b"", 0),
    ];
    for case in cases {
        let (url, heads) = serve(move |number, _| match number {
            0 => part("200 OK", ETAG, &pattern(1000), 10),
            _ => case.clone(),
        })
        .await;
        let error = collected(get(&hub(&url))).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Protocol, "{error}");
        assert_eq!(heads.lock().unwrap().len(), 2);
    }
}

#[tokio::test]
async fn without_new_bytes_there_is_an_end() {
    let (url, heads) = serve(object(pattern(1000), ETAG, vec![10, 0, 0, 0, 0, 0, 0, 0])).await;
    let error = collected(get(&hub(&url))).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport, "{error}");
    assert_eq!(heads.lock().unwrap().len(), 5);
    let (url, heads) = serve(object(pattern(1000), ETAG, vec![10])).await;
    collected(get(&once(&url))).await.unwrap_err();
    assert_eq!(heads.lock().unwrap().len(), 1);
    // An error of the API in between, too.
    let (url, heads) = serve(|number, _| match number {
        0 => part("200 OK", ETAG, &pattern(1000), 10),
        _ => part("403 Forbidden", "", b"{}", 2),
    })
    .await;
    assert_eq!(collected(get(&hub(&url))).await.unwrap_err().http_status().unwrap(), 403);
    assert_eq!(heads.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn silence_is_a_break_after_the_attempt_timeout() {
    let bytes = pattern(1000);
    let answer = object(bytes.clone(), ETAG, vec![]);
    let (url, heads) = serve(move |number, head| match number {
        0 => [part("200 OK", ETAG, &pattern(1000), 10), b"...".to_vec()].concat(),
        _ => answer(number, head),
    })
    .await;
    let options = HubOptions::new().attempt_timeout(Duration::from_millis(200));
    let patient = hub_with(&url, options.clone().retry(quick(RetryPolicy::new())));
    let mut download = get(&patient).send().await.unwrap();
    // The three dots came, too: they belong to the bytes that were announced.
    assert_eq!(download.next().await.unwrap().unwrap().len(), 13);
    let rest = download.next().await.unwrap().unwrap();
    assert_eq!(rest, bytes[13..]);
    assert_eq!(heads.lock().unwrap().len(), 2);

    let (url, _) =
        serve(|_, _| [part("200 OK", "", &pattern(1000), 0), b"...".to_vec()].concat()).await;
    let hurried = hub_with(&url, options.retry(quick(RetryPolicy::new())));
    let error = collected(get(&hurried)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
    let slow = hub_with(&url, HubOptions::new().deadline(Duration::from_millis(200)));
    let error = collected(get(&slow)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Deadline, "{error}");
}

fn hash(bytes: &[u8]) -> String {
    let mut sum = Crc32c::new();
    sum.update(bytes);
    sum.base64()
}

#[tokio::test]
async fn bytes_are_compared_with_their_checksum() {
    let bytes = pattern(100_000);
    let good = hash(&bytes);
    let bad = hash(b"other");
    let headers =
        |hash: &str| format!("x-goog-hash: crc32c={hash},md5=AAAAAAAAAAAAAAAAAAAAAA==\r\n{ETAG}");
    let separate = format!("x-goog-hash: md5=AA==\r\nx-goog-hash: crc32c={bad}\r\n");
    let encoded = headers(&bad) + "x-goog-stored-content-encoding: gzip\r\n";
    for (headers, breaks, must_verify, is_right) in [
        (headers(&good), vec![], true, true),
        (headers(&good), vec![10, 20_000], true, true),
        (headers(&bad), vec![], true, false),
        (headers(&bad), vec![10, 20_000], true, false),
        (separate, vec![], true, false),
        (headers(&bad), vec![], false, true),
        // The sum of something else: compressed bytes, nonsense.
        (encoded, vec![], true, true),
        ("x-goog-hash: crc32c=????\r\n".to_owned(), vec![], true, true),
    ] {
        let headers: &'static str = headers.leak();
        let (url, _) = serve(object(bytes.clone(), headers, breaks)).await;
        let outcome = collected(get(&hub(&url)).verify(must_verify)).await;
        match outcome {
            Ok(all) => assert!(is_right && all == bytes, "{headers}"),
            Err(error) => {
                assert_eq!((error.kind(), is_right), (ErrorKind::Checksum, false), "{error}");
                assert!(!error.is_transient());
            }
        }
    }
    // The sum is that of the whole, not of a part.
    let headers: &'static str = format!("x-goog-hash: crc32c={good}\r\n").leak();
    let (url, _) = serve(object(bytes.clone(), headers, vec![])).await;
    assert_eq!(collected(get(&hub(&url)).range(5..)).await.unwrap(), bytes[5..]);
}

#[tokio::test]
async fn checksums_are_those_of_the_standard() {
    let sum = |bytes: &[u8]| {
        let mut sum = Crc32c::new();
        sum.update(bytes);
        sum.value()
    };
    // RFC 3720, B.4, and the check value of the catalogue of CRCs.
    assert_eq!(sum(b""), 0);
    assert_eq!(sum(b"123456789"), 0xe306_9283);
    assert_eq!(hash(b"123456789"), "4waSgw==");
    assert_eq!(sum(&[0; 32]), 0x8a91_36aa);
    assert_eq!(sum(&[0xff; 32]), 0x62a8_ab43);
    let ascending: Vec<u8> = (0..32).collect();
    assert_eq!(sum(&ascending), 0x46dd_794e);
    let bytes = pattern(1000);
    let whole = sum(&bytes);
    for cut in [0, 1, 7, 8, 9, 500, 999, 1000] {
        let mut parts = Crc32c::new();
        parts.update(&bytes[..cut]);
        parts.update(&bytes[cut..]);
        assert_eq!(parts.value(), whole);
    }
}

#[tokio::test]
async fn what_is_collected_has_a_limit() {
    for headers in ["", ETAG] {
        let (url, _) = serve(object(pattern(1000), headers, vec![])).await;
        let limited = hub_with(&url, HubOptions::new().max_response_size(999));
        let download = get(&limited).send().await.unwrap();
        assert_eq!(download.bytes().await.unwrap_err().kind(), ErrorKind::TooLarge);
    }
    let text = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n12345\r\n5\r\n12345\r\n0\r\n\r\n";
    let (url, _) = serve(move |_, _| text.into()).await;
    let limited = hub_with(&url, HubOptions::new().max_response_size(9));
    let error = collected(get(&limited)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    let enough = hub_with(&url, HubOptions::new().max_response_size(10));
    assert_eq!(collected(get(&enough)).await.unwrap(), "1234512345");
}

#[tokio::test]
async fn errors_of_the_api_and_redirects_are_errors() {
    let (url, _) =
        serve(|_, _| part("404 Not Found", "", b"{\"error\":{\"message\":\"none\"}}", 99)).await;
    let error = get(&hub(&url)).send().await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
    let (url, heads) =
        serve(|_, _| part("302 Found", "location: http://127.0.0.1:1/\r\n", b"", 0)).await;
    let error = get(&hub(&url)).send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Redirect);
    assert_eq!(heads.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn failures_before_the_first_byte_are_tried_again() {
    let answer = object(pattern(10), "", vec![]);
    let (url, heads) = serve(move |number, head| match number {
        0 => part("503 Service Unavailable", "", b"", 0),
        1 => Vec::new(),
        _ => answer(number, head),
    })
    .await;
    assert_eq!(collected(get(&hub(&url))).await.unwrap(), pattern(10));
    assert_eq!(heads.lock().unwrap().len(), 3);
}

#[tokio::test]
async fn options_of_the_call_hold_for_the_download() {
    let (url, heads) = serve(object(pattern(10), ETAG, vec![5])).await;
    let call = rt::Call::<()>::new(&hub(&url), &common::media::GET);
    let call = call.path("bucket", "b").path("object", "o");
    let call =
        call.with(CallOptions::new().header("x-goog-encryption-key", "k").query("alt", "json"));
    collected(DownloadCall::new(&call, false)).await.unwrap();
    for head in heads.lock().unwrap().iter() {
        assert!(head.contains("x-goog-encryption-key: k"), "{head}");
        assert!(head.contains("alt=media") && !head.contains("alt=json"), "{head}");
    }
    assert_eq!(heads.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn a_body_goes_along() {
    let server = Server::answers(vec![ok("media")]).await;
    let call = rt::Call::<()>::new(&hub(&server.url), &common::media::INSERT).path("bucket", "b");
    let body = rt::JsonMap::from_iter([("part".to_owned(), "all".into())]);
    let media = collected(DownloadCall::new(&call.body(&body), false)).await.unwrap();
    assert_eq!(&media[..], b"media");
    let seen = server.requests().remove(0);
    assert_eq!(
        (&seen.body[..], seen.header("content-length")),
        (&b"{\"part\":\"all\"}"[..], Some("14"))
    );
    assert_eq!(seen.header("content-type"), Some("application/json"));
}
