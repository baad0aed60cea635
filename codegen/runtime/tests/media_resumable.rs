//! Resumable uploads against a server that speaks the protocol, with faults.

mod common;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use codegen_runtime as rt;
use common::media::{Pieces, Slow, hub, hub_with, insert, pattern, resumable, upload};
use common::sessions::{Fault, Sessions, Step};
use rt::media::{Media, ResumableUpload, Session};
use rt::{CallOptions, ErrorKind, HubOptions, RetryPolicy};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

const UNIT: usize = 256 * 1024;

fn media(size: usize) -> Media {
    Media::bytes("video/mp4", pattern(size))
}

/// The error of an upload of three and a half chunks with these faults; the server has no object.
async fn failed(faults: Vec<Fault>) -> (rt::Error, Sessions) {
    let server = Sessions::with(faults).await;
    let error = upload(&hub(&server.url), media(7 * UNIT / 2)).send().await.unwrap_err();
    server.assert_has_none();
    (error, server)
}

#[tokio::test]
async fn media_goes_up_in_whole_chunks() {
    let server = Sessions::with(vec![]).await;
    let bytes = pattern(2 * UNIT + 100);
    let progress = Arc::new(Mutex::new(Vec::new()));
    let told = progress.clone();
    let answer = upload(&hub(&server.url), Media::bytes("video/mp4", bytes.clone()))
        .on_progress(move |now| told.lock().unwrap().push((now.uploaded, now.total)))
        .send()
        .await
        .unwrap();
    assert_eq!((answer.etag.as_deref(), answer.size), (Some("done"), Some(524_388)));
    server.assert_has(&bytes);
    assert_eq!(
        server.log(),
        [
            "POST /resumable/upload/storage/v1/b/b/o?uploadType=resumable&alt=json&prettyPrint=false&name=n",
            "PUT bytes 0-262143/524388",
            "PUT bytes 262144-524287/524388",
            "PUT bytes 524288-524387/524388",
        ]
    );
    let total = Some(524_388);
    assert_eq!(*progress.lock().unwrap(), [(262_144, total), (524_288, total), (524_388, total)]);
    let state = server.state();
    assert_eq!(state.metadata, "{}");
    let header = |number: usize, name: &str| state.headers[number].get(name).cloned();
    assert_eq!(header(0, "x-upload-content-type").unwrap(), "video/mp4");
    assert_eq!(header(0, "x-upload-content-length").unwrap(), "524388");
    assert_eq!(header(0, "content-type").unwrap(), "application/json");
    assert_eq!(header(1, "content-type").unwrap(), "video/mp4");
}

#[tokio::test]
async fn an_upload_can_go_on_on_another_thread() {
    for is_begun_before in [false, true] {
        let server = Sessions::with(vec![]).await;
        let hub = hub(&server.url);
        let task = tokio::spawn(async move {
            let mut upload = upload(&hub, media(UNIT + 1));
            if is_begun_before {
                let session = upload.start().await?;
                upload = upload.session(session);
            }
            upload.send().await
        });
        assert_eq!(task.await.unwrap().unwrap().etag.as_deref(), Some("done"));
        server.assert_has(&pattern(UNIT + 1));
    }
}

#[tokio::test]
async fn media_of_any_size_and_source_arrives() {
    for size in [0, 1, UNIT - 1, UNIT, UNIT + 1, 3 * UNIT] {
        let bytes = pattern(size);
        let reader = || Slow { bytes: bytes.clone(), at_once: 50_000, read: Arc::default() };
        let all = [
            Media::bytes("a/b", bytes.clone()),
            Media::reader("a/b", reader()),
            Media::reader("a/b", reader()).length(size as u64),
            Media::stream("a/b", Pieces::of(&bytes, 300_000)),
            Media::stream("a/b", Pieces::of(&bytes, 7_777)).length(size as u64),
        ];
        for media in all {
            let server = Sessions::with(vec![]).await;
            upload(&hub(&server.url), media).send().await.unwrap();
            server.assert_has(&bytes);
        }
    }
}

#[tokio::test]
async fn an_unknown_length_is_told_with_the_last_chunk() {
    let server = Sessions::with(vec![]).await;
    let bytes = pattern(2 * UNIT);
    let media = Media::stream("a/b", Pieces::of(&bytes, 1000));
    upload(&hub(&server.url), media).send().await.unwrap();
    server.assert_has(&bytes);
    assert_eq!(server.log()[1..], ["PUT bytes 0-262143/*", "PUT bytes 262144-524287/524288"]);
    assert!(!server.state().headers[0].contains_key("x-upload-content-length"));
}

#[tokio::test]
async fn a_call_without_metadata_begins_a_session_too() {
    let server = Sessions::with(vec![]).await;
    let hub = hub(&server.url);
    ResumableUpload::new(insert(&hub), resumable(), media(10)).send().await.unwrap();
    server.assert_has(&pattern(10));
    assert_eq!(server.state().headers[0]["content-length"], "0");
}

#[tokio::test]
async fn one_chunk_is_read_ahead_and_no_more() {
    let read = Arc::new(AtomicUsize::new(0));
    let seen = read.clone();
    let server = Sessions::start(move |number, _| {
        if number == 0 {
            return Fault::None;
        }
        // The chunk, what is before it, and at most one piece more.
        let read = seen.load(Ordering::Relaxed);
        assert!(read <= number * UNIT + 64 * 1024, "{read} bytes before request {number}");
        Fault::None
    })
    .await;
    let bytes = pattern(8 * UNIT);
    let reader = Slow { bytes: bytes.clone(), at_once: 10_000, read };
    upload(&hub(&server.url), Media::reader("a/b", reader)).send().await.unwrap();
    server.assert_has(&bytes);
}

#[tokio::test]
async fn faults_in_the_middle_are_made_good() {
    let bytes = pattern(7 * UNIT / 2);
    let cases: [(&str, Vec<Fault>); 10] = [
        ("cut before anything", vec![Fault::None, Fault::Cut(0)]),
        ("cut in a chunk", vec![Fault::None, Fault::None, Fault::Cut(1000)]),
        ("503", vec![Fault::None, Fault::Status(503), Fault::Status(503)]),
        ("429", vec![Fault::None, Fault::None, Fault::Status(429)]),
        ("session creation", vec![Fault::Status(503), Fault::Cut(0)]),
        ("short", vec![Fault::None, Fault::Short(1000), Fault::Short(1)]),
        ("nothing is taken", vec![Fault::None, Fault::Short(0), Fault::Short(0)]),
        ("lost answer", vec![Fault::None, Fault::LoseAnswer]),
        (
            "lost last answer",
            vec![Fault::None, Fault::None, Fault::None, Fault::None, Fault::LoseAnswer],
        ),
        (
            "a query fails, too",
            vec![Fault::None, Fault::Cut(5), Fault::Status(500), Fault::Cut(0), Fault::Cut(5)],
        ),
    ];
    for (name, faults) in cases {
        let server = Sessions::with(faults).await;
        let media = Media::stream("a/b", Pieces::of(&bytes, 10_000));
        let answer = upload(&hub(&server.url), media).send().await;
        let answer = answer.unwrap_or_else(|error| panic!("{name}: {error}\n{:?}", server.log()));
        assert_eq!(answer.etag.as_deref(), Some("done"), "{name}");
        server.assert_has(&bytes);
    }
}

#[tokio::test]
async fn a_short_chunk_is_followed_by_a_whole_one() {
    let server = Sessions::with(vec![Fault::None, Fault::Short(100)]).await;
    upload(&hub(&server.url), media(3 * UNIT)).send().await.unwrap();
    server.assert_has(&pattern(3 * UNIT));
    assert_eq!(
        server.log()[1..],
        [
            "PUT bytes 0-262143/786432",
            "PUT bytes 100-262243/786432",
            "PUT bytes 262244-524387/786432",
            "PUT bytes 524388-786431/786432",
        ]
    );
}

#[tokio::test]
async fn after_a_break_the_server_is_asked() {
    let server = Sessions::with(vec![Fault::None, Fault::Cut(UNIT), Fault::None]).await;
    let media = Media::stream("a/b", Pieces::of(&pattern(UNIT + 10), 999));
    upload(&hub(&server.url), media).send().await.unwrap();
    assert_eq!(
        server.log()[1..],
        ["PUT bytes 0-262143/*", "PUT bytes */*", "PUT bytes 262144-262153/262154"]
    );
}

#[tokio::test]
async fn silence_is_a_fault_after_the_attempt_timeout() {
    let server = Sessions::with(vec![Fault::None, Fault::Silence]).await;
    let hub = hub_with(
        &server.url,
        HubOptions::new()
            .attempt_timeout(Duration::from_millis(300))
            .retry(common::quick(RetryPolicy::new())),
    );
    upload(&hub, media(2 * UNIT)).send().await.unwrap();
    server.assert_has(&pattern(2 * UNIT));
}

#[tokio::test]
async fn without_progress_there_is_an_end() {
    for fault in [Fault::Short(0), Fault::Status(503), Fault::Cut(100)] {
        let server =
            Sessions::start(move |number, _| if number == 0 { Fault::None } else { fault }).await;
        let error = upload(&hub(&server.url), media(2 * UNIT)).send().await.unwrap_err();
        assert!(error.is_transient(), "{fault:?}: {error}");
        assert!(!error.may_have_been_applied(), "{fault:?}");
        server.assert_has_none();
        assert!(server.log().len() <= 6, "{fault:?}: {:?}", server.log());
    }
}

#[tokio::test]
async fn everything_taken_and_never_done_is_an_end() {
    let server =
        Sessions::start(|number, _| if number == 0 { Fault::None } else { Fault::Claim(Some(10)) })
            .await;
    let error = upload(&hub(&server.url), media(10)).send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Protocol, "{error}");
    assert!(server.log().len() <= 8, "{:?}", server.log());
}

#[tokio::test]
async fn without_retries_the_first_fault_is_the_error() {
    let server = Sessions::with(vec![Fault::None, Fault::Status(503)]).await;
    let hub = hub_with(&server.url, HubOptions::new().retry(RetryPolicy::never()));
    let error = upload(&hub, media(UNIT)).send().await.unwrap_err();
    assert_eq!((error.kind(), error.http_status().unwrap().as_u16()), (ErrorKind::Api, 503));
    assert_eq!(server.log().len(), 2);
}

#[tokio::test]
async fn an_expired_session_says_so() {
    for code in [404, 410] {
        let (error, server) = failed(vec![Fault::None, Fault::None, Fault::Expire(code)]).await;
        assert_eq!(error.kind(), ErrorKind::SessionExpired, "{error}");
        assert!(!error.is_transient() && !error.may_have_been_applied());
        assert_eq!(server.log().len(), 3);
    }
}

#[tokio::test]
async fn other_errors_of_the_api_are_errors() {
    let (error, server) = failed(vec![Fault::None, Fault::Status(403)]).await;
    assert_eq!((error.kind(), error.http_status().unwrap().as_u16()), (ErrorKind::Api, 403));
    assert_eq!(server.log().len(), 2);
    let (error, server) = failed(vec![Fault::Status(400)]).await;
    assert_eq!(error.kind(), ErrorKind::Api);
    assert_eq!(server.log().len(), 1);
}

#[tokio::test]
async fn a_server_that_contradicts_itself_is_an_error() {
    let unit = UNIT as u64;
    // Lost: less than was confirmed. Beyond: more than was sent.
    for claim in [None, Some(unit - 1), Some(3 * unit)] {
        let (error, _) = failed(vec![Fault::None, Fault::None, Fault::Claim(claim)]).await;
        assert_eq!(error.kind(), ErrorKind::Protocol, "{claim:?}: {error}");
        assert!(!error.is_transient());
    }
    let (error, _) = failed(vec![Fault::None, Fault::TooEarly]).await;
    assert_eq!(error.kind(), ErrorKind::Protocol, "{error}");
    assert!(error.may_have_been_applied());
}

#[tokio::test]
async fn a_lost_last_answer_that_stays_lost_is_in_doubt() {
    let server = Sessions::start(|_, step| match step {
        Step::Create | Step::Chunk { is_last: false } => Fault::None,
        _ => Fault::LoseAnswer,
    })
    .await;
    let error = upload(&hub(&server.url), media(UNIT + 1)).send().await.unwrap_err();
    assert!(error.may_have_been_applied(), "{error}");
    server.assert_has(&pattern(UNIT + 1));
}

#[tokio::test]
async fn sources_that_fail_or_lie_never_make_an_object() {
    let bytes = pattern(2 * UNIT);
    let size = bytes.len() as u64;
    let cases = [
        (Media::stream("a/b", Pieces::broken(&bytes, 1000)), "the disk is gone"),
        (Media::stream("a/b", Pieces::broken(&bytes, UNIT)).length(size), "the disk is gone"),
        (Media::stream("a/b", Pieces::of(&bytes, 1000)).length(size + 1), "fewer bytes"),
        (Media::stream("a/b", Pieces::of(&bytes, 1000)).length(size - 1), "more bytes"),
        (Media::stream("a/b", Pieces::of(&bytes, UNIT)).length(size - UNIT as u64), "more bytes"),
        (Media::stream("a/b", Pieces::of(&bytes, UNIT)).length(0), "more bytes"),
        (Media::bytes("a/b", bytes.clone()).length(size + 5), "fewer bytes"),
    ];
    for (media, text) in cases {
        let server = Sessions::with(vec![]).await;
        let error = upload(&hub(&server.url), media).send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Source, "{error}");
        assert!(error.to_string().contains(text), "{error}");
        assert!(!error.may_have_been_applied());
        server.assert_has_none();
    }
}

#[tokio::test]
async fn another_program_goes_on() {
    let bytes = pattern(5 * UNIT / 2);
    let server = Sessions::with(vec![Fault::None, Fault::None, Fault::Status(503)]).await;
    let hub = hub_with(&server.url, HubOptions::new().retry(RetryPolicy::never()));
    let first = upload(&hub, Media::bytes("a/b", bytes.clone()));
    let session = first.start().await.unwrap();
    let saved = session.save().to_owned();
    first.session(session).send().await.unwrap_err();

    let uploaded = Arc::new(Mutex::new(Vec::new()));
    let told = uploaded.clone();
    let media = Media::stream("a/b", Pieces::of(&bytes, 1000)).length(bytes.len() as u64);
    let second = upload(&hub, media)
        .session(Session::restore(saved.clone()))
        .on_progress(move |now| told.lock().unwrap().push(now.uploaded));
    second.send().await.unwrap();
    server.assert_has(&bytes);
    let unit = UNIT as u64;
    assert_eq!(*uploaded.lock().unwrap(), [unit, 2 * unit, 5 * unit / 2]);

    // It is all there, and the answer may be had again.
    let third = upload(&hub, Media::bytes("a/b", bytes.clone())).session(Session::restore(saved));
    assert_eq!(third.send().await.unwrap().etag.as_deref(), Some("done"));
}

#[tokio::test]
async fn a_source_with_less_than_the_server_has_does_not_go_on() {
    let server =
        Sessions::with(vec![Fault::None, Fault::None, Fault::None, Fault::Status(503)]).await;
    let hub = hub_with(&server.url, HubOptions::new().retry(RetryPolicy::never()));
    let first = upload(&hub, media(2 * UNIT));
    let session = first.start().await.unwrap();
    first.session(session.clone()).send().await.unwrap_err();
    let error = upload(&hub, media(100)).session(session).send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Source, "{error}");
    server.assert_has_none();
}

#[tokio::test]
async fn sessions_elsewhere_get_nothing() {
    let other = Sessions::with(vec![]).await;
    let port = other.url.rsplit(':').next().unwrap().to_owned();
    for location in [
        other.url.clone() + "/x?upload_id=1",
        format!("http://localhost:{port}/x"),
        "https://storage.googleapis.com/x".to_owned(),
        "https://example.com/x?secret".to_owned(),
        "/x?upload_id=1".to_owned(),
        "nonsense".to_owned(),
        String::new(),
    ] {
        let server = Sessions::with(vec![]).await;
        server.state().location = Some(location.clone());
        let error = upload(&hub(&server.url), media(10)).send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Protocol, "{location}: {error}");
        assert!(!error.to_string().contains("secret"));
        // A saved one is not trusted more.
        let saved = upload(&hub(&server.url), media(10)).session(Session::restore(location));
        assert_eq!(saved.send().await.unwrap_err().kind(), ErrorKind::Protocol);
        assert_eq!(server.log().len(), 1);
    }
    assert_eq!(other.log(), Vec::<String>::new());
    // With a user name, at the right place.
    let server = Sessions::with(vec![]).await;
    let with_user = server.url.replace("http://", "http://user@");
    let saved = upload(&hub(&server.url), media(10)).session(Session::restore(with_user));
    assert_eq!(saved.send().await.unwrap_err().kind(), ErrorKind::Protocol);
    assert_eq!(server.log().len(), 0);
}

#[tokio::test]
async fn sessions_at_google_are_for_google_only() {
    // This client knows no https: it fails to connect before a name is looked up.
    for (base, session, is_trusted) in [
        ("https://www.googleapis.com", "https://storage.googleapis.com/x", true),
        ("https://www.googleapis.com", "https://GOOGLEAPIS.com/x", true),
        ("https://www.googleapis.com", "https://storage.googleapis.com:443/x", true),
        ("https://www.googleapis.com", "https://storage.googleapis.com:444/x", false),
        ("https://www.googleapis.com", "http://storage.googleapis.com/x", false),
        ("https://www.googleapis.com", "https://evilgoogleapis.com/x", false),
        ("https://www.googleapis.com", "https://googleapis.com.evil.com/x", false),
        ("https://www.googleapis.com", "https://googleapis.com@evil.com/x", false),
        ("https://www.googleapis.com", "https://storage.googleapis.com:x/x", false),
        ("https://www.googleapis.com", "https://evil.com:x.googleapis.com/x", false),
        ("https://example.com", "https://storage.googleapis.com/x", false),
        ("https://example.com", "https://example.com:443/x", true),
    ] {
        let options = HubOptions::new().retry(RetryPolicy::never()).base_url(base);
        let hub = rt::Hub::new(&common::media::STORAGE, common::client(), "t".to_owned());
        let hub = hub.with(options);
        let saved = upload(&hub, media(10)).session(Session::restore(session));
        let kind = saved.send().await.unwrap_err().kind();
        let expected = if is_trusted { ErrorKind::Connect } else { ErrorKind::Protocol };
        assert_eq!(kind, expected, "{base} {session}");
    }
}

#[tokio::test]
async fn sessions_do_not_show_themselves() {
    let session = Session::restore("https://storage.googleapis.com/x?upload_id=secret");
    assert!(!format!("{session:?}").contains("secret"));
    let server = Sessions::with(vec![]).await;
    let upload = upload(&hub(&server.url), media(10)).session(session);
    assert!(!format!("{upload:?}").contains("secret"));
}

#[tokio::test]
async fn a_deadline_ends_it_all() {
    let server = Sessions::with(vec![Fault::None, Fault::Silence]).await;
    let hub = hub(&server.url);
    let call = insert(&hub).with(CallOptions::new().deadline(Duration::from_millis(300)));
    let upload = ResumableUpload::new(call, resumable(), media(10));
    let error = upload.send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Deadline, "{error}");
    assert!(error.may_have_been_applied());
}

/// The clock stands still while something goes on, and leaps to what is waited for.
#[tokio::test(start_paused = true)]
async fn beginning_a_session_counts_against_the_deadline() {
    const LIMIT: Duration = Duration::from_secs(10);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let place = url.clone();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let place = place.clone();
            tokio::spawn(async move {
                let mut buffer = [0; 4096];
                let _ = stream.read(&mut buffer).await.unwrap();
                tokio::time::sleep(LIMIT * 6 / 10).await;
                let head =
                    format!("HTTP/1.1 200 OK\r\nlocation: {place}/x\r\ncontent-length: 0\r\n\r\n");
                stream.write_all(head.as_bytes()).await.unwrap();
                std::future::pending::<()>().await;
            });
        }
    });
    let hub = hub(&url);
    let call = insert(&hub).with(CallOptions::new().deadline(LIMIT));
    let begun = tokio::time::Instant::now();
    let error = ResumableUpload::new(call, resumable(), media(10)).send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Deadline, "{error}");
    assert!(begun.elapsed() < LIMIT * 11 / 10, "{:?}", begun.elapsed());
}

#[tokio::test]
async fn a_saved_session_is_as_strict_about_http_as_any_call() {
    // An address for documentation (RFC 5737): nobody is there.
    let far = "http://192.0.2.1";
    let strict = HubOptions::new().retry(RetryPolicy::never());
    let session = Session::restore(format!("{far}/x?upload_id=1"));
    let upload = upload(&hub_with(far, strict), media(10)).session(session);
    let error = upload.send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Build, "{error}");
    assert!(error.to_string().contains("http"), "{error}");
}

#[tokio::test]
async fn a_chunk_may_be_as_large_as_it_likes() {
    for size in [usize::MAX, usize::MAX / 2] {
        let server = Sessions::with(vec![]).await;
        let bytes = pattern(1000);
        let source = Media::stream("a/b", Pieces::of(&bytes, 300));
        upload(&hub(&server.url), source).chunk_size(size).send().await.unwrap();
        server.assert_has(&bytes);
    }
}

#[tokio::test]
async fn media_that_cannot_go_is_refused_before() {
    let server = Sessions::with(vec![]).await;
    let hub = hub(&server.url);
    let large = Media::stream("a/b", Pieces::of(&pattern(1), 1)).length(common::media::LIMIT + 1);
    let error = upload(&hub, large).send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Build);
    assert!(error.to_string().contains("more than the limit of 67108864"), "{error}");
    for ty in ["", "image", "image/", "a/b\r\nx: y", "a/b\n", "ä/b", "a b/c", "a/b; x=\u{7f}"] {
        let error = upload(&hub, Media::bytes(ty, "x")).send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Build, "{ty:?}");
    }
    assert_eq!(server.log().len(), 0);
}
