//! Every fault, and what the journal tells about it.

mod common;

use common::{Client, TOKEN, send_http1, send_http2, start, start_with};
use flate2::read::GzDecoder;
use people_emulator::{
    BodyShape, Book, CannedAnswer, Code, CommitAfter, Cut, EarlyReply, Emulator, Entry, Fault,
    LateCommit, Matcher, Method, OutsideChange, Phase, Pick, ResetPoint, RetryAfter,
};
use serde_json::{Map, Value, json};
use std::io::Read as _;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::time::Instant;

const READ: &str = "v1/people/c1?personFields=names,nicknames";

/// An emulator with the contacts people/c1 to people/c4.
async fn four() -> (Emulator, Client, Book) {
    let (emulator, client) = start().await;
    let book = fill(&emulator);
    (emulator, client, book)
}

/// The same without sockets, for paused time: what depends on time is exact then.
async fn four_in_memory() -> (Emulator, Client, Book) {
    let emulator = Emulator::builder().offline().start().await.expect("it starts");
    let client = Client::in_memory(&emulator);
    let book = fill(&emulator);
    (emulator, client, book)
}

fn fill(emulator: &Emulator) -> Book {
    let book = emulator.book(TOKEN);
    for n in 1..=4 {
        let name = format!("people/c{n}");
        book.insert(json!({"resourceName": name, "names": [{"givenName": format!("N{n}")}]}));
    }
    book
}

/// An update of these contacts' nicknames.
fn batch(book: &Book, numbers: &[u32], value: &str) -> Value {
    let contacts: Map<String, Value> = numbers
        .iter()
        .map(|n| {
            let name = format!("people/c{n}");
            let sources = json!([{"type": "CONTACT", "etag": book.etag(&name)}]);
            let nickname = json!([{ "value": value }]);
            (name, json!({"metadata": {"sources": sources}, "nicknames": nickname}))
        })
        .collect();
    json!({"contacts": contacts, "updateMask": "nicknames", "readMask": "nicknames"})
}

fn nickname(book: &Book, n: u32) -> Option<String> {
    let fields = book.fields(&format!("people/c{n}"))?;
    fields["nicknames"][0]["value"].as_str().map(str::to_owned)
}

fn last(emulator: &Emulator) -> Entry {
    emulator.journal().pop().expect("an entry")
}

/// Waits for something that the server's side does on its own.
async fn until(what: impl Fn() -> bool) {
    for _ in 0..500 {
        if what() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    panic!("it never happened");
}

#[tokio::test]
async fn answers_of_every_shape() {
    let (emulator, client, _) = four().await;
    let answer = async |canned: CannedAnswer| {
        emulator.push_fault(Fault::Answer(Phase::BeforeCommit, canned));
        client.get(READ).await
    };
    for (status, word) in [
        (500, "INTERNAL"),
        (503, "UNAVAILABLE"),
        (429, "RESOURCE_EXHAUSTED"),
        (409, "ABORTED"),
        (504, "DEADLINE_EXCEEDED"),
        (418, "UNKNOWN"),
    ] {
        answer(CannedAnswer::new(status)).await.error(status, word);
    }
    let own = CannedAnswer::new(400)
        .code(Code::FailedPrecondition)
        .message("mine")
        .detail(json!({"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "3s"}));
    let own = answer(own).await;
    assert_eq!(own.error(400, "FAILED_PRECONDITION"), "mine");
    assert_eq!(common::detail(&own.json(), "RetryInfo")["retryDelay"], "3s");

    let shaped = async |shape| answer(CannedAnswer::new(503).shape(shape)).await;
    let legacy = shaped(BodyShape::Legacy).await.json();
    assert_eq!(legacy["error"]["errors"][0]["reason"], "unavailable");
    assert!(legacy["error"].get("status").is_none());
    assert!(shaped(BodyShape::NoStatus).await.json()["error"].get("status").is_none());
    let html = shaped(BodyShape::Html).await;
    assert_eq!(html.header("content-type"), Some("text/html; charset=UTF-8"));
    assert!(html.text().starts_with("<!DOCTYPE html>"));
    assert!(shaped(BodyShape::Empty).await.body.is_empty());
    let bytes = shaped(BodyShape::NotUtf8).await.body;
    assert!(std::str::from_utf8(&bytes).is_err());
    assert_eq!(shaped(BodyShape::Text("{]".into())).await.text(), "{]");
    // A 200 that is none.
    assert_eq!(answer(CannedAnswer::new(200).shape(BodyShape::Html)).await.status, 200);
    let entry = last(&emulator);
    assert_eq!((entry.status, entry.faults), (Some(200), vec!["answer before commit".to_owned()]));
}

#[tokio::test]
async fn retry_after() {
    let (emulator, client, _) = four().await;
    let header = async |fault: Fault| {
        emulator.push_fault(fault);
        client.get(READ).await.header("retry-after").map(str::to_owned)
    };
    let plain = || Fault::status_before_commit(503);
    assert_eq!(header(plain()).await, None);
    let canned = CannedAnswer::new(500).retry_after(RetryAfter::Seconds(7));
    assert_eq!(header(Fault::Answer(Phase::BeforeCommit, canned)).await.as_deref(), Some("7"));
    emulator.set_switches(|s| s.retry_after = RetryAfter::Seconds(30));
    assert_eq!(header(plain()).await.as_deref(), Some("30"));
    assert_eq!(header(Fault::status_before_commit(500)).await, None);
    emulator.set_switches(|s| s.retry_after = RetryAfter::Date(Duration::from_secs(90)));
    let date = header(plain()).await.unwrap();
    assert!(date.ends_with(" GMT") && date.len() == 29, "{date}");
    emulator.set_switches(|s| {
        s.retry_after = RetryAfter::Seconds(5);
        s.reads_per_minute = Some(0);
    });
    assert_eq!(client.get(READ).await.header("retry-after"), Some("5"), "of a quota, too");
}

#[tokio::test]
async fn resets() {
    let (emulator, client, book) = four().await;
    for (point, applied) in [
        (ResetPoint::BeforeRead, false),
        (ResetPoint::AfterRead, false),
        (ResetPoint::AfterCommit, true),
    ] {
        let value = format!("{point:?}");
        emulator.push_fault(Fault::Reset(point));
        let body = batch(&book, &[1], &value).to_string();
        assert!(client.try_call("POST", common::UPDATE, body).await.is_err());
        assert_eq!(nickname(&book, 1) == Some(value), applied, "{point:?}");
        let entry = last(&emulator);
        assert_eq!((entry.status, entry.abandoned), (None, true));
        assert_eq!(entry.is_committed(), applied);
        assert!(entry.ended.is_some());
    }
}

#[tokio::test]
async fn a_reset_is_a_reset_on_tcp() {
    let (emulator, client, _) = four().await;
    emulator.push_fault(Fault::Reset(ResetPoint::AfterRead));
    let mut stream = client.connect().await;
    let head = format!("GET /{READ} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {TOKEN}\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    let error = stream.read(&mut [0; 64]).await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
}

#[tokio::test]
async fn a_reset_takes_the_whole_http2_connection() {
    let (emulator, client, _) = four().await;
    emulator.push_fault(Fault::Reset(ResetPoint::AfterCommit));
    assert!(send_http2(client.connect().await, client.request("GET", READ, "")).await.is_err());
    send_http2(client.connect().await, client.request("GET", READ, "")).await.unwrap().ok();
}

/// Everything that comes back on a plain connection.
async fn raw(client: &Client, headers: &str) -> Vec<u8> {
    let mut stream = client.connect().await;
    let head = format!(
        "GET /{READ} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {TOKEN}\r\n\
         connection: close\r\n{headers}\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut out = Vec::new();
    _ = stream.read_to_end(&mut out).await;
    out
}

fn split(raw: &[u8]) -> (String, &[u8]) {
    let at = raw.windows(4).position(|w| w == b"\r\n\r\n").expect("a head");
    (String::from_utf8_lossy(&raw[..at]).to_ascii_lowercase(), &raw[at + 4..])
}

#[tokio::test]
async fn cut_bodies() {
    let (emulator, client, book) = four().await;
    let whole = client.get(READ).await.body;
    for cut in [Cut::Half, Cut::LengthTooLong, Cut::LastChunk] {
        for http2 in [false, true] {
            emulator.push_fault(Fault::Cut(cut));
            let request = client.request("GET", READ, "");
            let stream = client.connect().await;
            let answer = if http2 {
                send_http2(stream, request).await
            } else {
                send_http1(stream, request).await
            };
            assert!(answer.is_err(), "{cut:?} {http2}");
            assert!(last(&emulator).abandoned);
        }
    }
    let seen = async |cut: Cut| {
        emulator.push_fault(Fault::Cut(cut));
        raw(&client, "").await
    };
    let half = seen(Cut::Half).await;
    let (head, body) = split(&half);
    assert!(head.contains(&format!("content-length: {}", whole.len())));
    assert_eq!(body, &whole[..whole.len() / 2]);
    let long = seen(Cut::LengthTooLong).await;
    let (head, body) = split(&long);
    assert!(head.contains(&format!("content-length: {}", whole.len() + 64)));
    assert_eq!(body, whole, "valid JSON, all the same");
    let chunks = seen(Cut::LastChunk).await;
    let (head, body) = split(&chunks);
    assert!(head.contains("transfer-encoding: chunked"));
    let text = String::from_utf8_lossy(body);
    assert!(text.contains(std::str::from_utf8(&whole).unwrap()) && !text.contains("\r\n0\r\n"));

    emulator.push_fault(Fault::Cut(Cut::Gzip));
    let answer = client.get(READ).await;
    assert_eq!(answer.header("content-encoding"), Some("gzip"));
    assert!(GzDecoder::new(&answer.body[..]).read_to_end(&mut Vec::new()).is_err());

    // A switch cuts every answer; what was asked for has been done.
    emulator.set_switches(|s| s.cut = Some(Cut::Half));
    let body = batch(&book, &[1], "cut").to_string();
    assert!(client.try_call("POST", common::UPDATE, body).await.is_err());
    assert_eq!(nickname(&book, 1).as_deref(), Some("cut"));
    assert!(client.try_call("GET", READ, "").await.is_err());
}

#[tokio::test(start_paused = true)]
async fn slow_bodies_and_delays() {
    let (emulator, client, book) = four_in_memory().await;
    let pause = Duration::from_millis(2);
    emulator.push_fault(Fault::SlowBody { piece: 16, pause });
    let begun = Instant::now();
    let slow = client.get(READ).await;
    let pieces = u32::try_from(slow.body.len().div_ceil(16)).unwrap();
    assert!(begun.elapsed() >= pause * pieces, "{:?}", begun.elapsed());
    assert_eq!(slow.header("content-length"), Some(slow.body.len().to_string().as_str()));
    slow.ok();

    let delay = Duration::from_millis(40);
    for phase in [Phase::BeforeCommit, Phase::AfterCommit] {
        emulator.push_fault(Fault::Delay(phase, delay));
        let begun = Instant::now();
        let value = format!("{phase:?}");
        client.update(batch(&book, &[1], &value)).await.ok();
        assert!(begun.elapsed() >= delay);
        let entry = last(&emulator);
        let committed = entry.committed.unwrap();
        let at_once = committed == entry.arrived;
        assert_eq!(at_once, phase == Phase::AfterCommit);
    }
}

#[tokio::test(start_paused = true)]
async fn a_client_that_gives_up_does_not_stop_the_server() {
    let (emulator, client, book) = four_in_memory().await;
    emulator.push_fault(Fault::Delay(Phase::BeforeCommit, Duration::from_millis(60)));
    let body = batch(&book, &[1], "late").to_string();
    let call = client.try_call("POST", common::UPDATE, body);
    assert!(tokio::time::timeout(Duration::from_millis(20), call).await.is_err());
    until(|| last(&emulator).abandoned).await;
    assert!(!last(&emulator).is_committed());
    client.update(batch(&book, &[2], "next")).await.ok();
    let next = last(&emulator);
    assert_eq!(next.overlaps, [] as [u64; 0], "an abandoned request is in flight no more");
    until(|| nickname(&book, 1).as_deref() == Some("late")).await;
}

#[tokio::test(start_paused = true)]
async fn overlapping_mutations_are_seen() {
    let (emulator, client, book) = four_in_memory().await;
    emulator.book("token-of-bob").insert(json!({"resourceName": "people/c1"}));
    emulator.push_fault(Fault::Delay(Phase::AfterCommit, Duration::from_millis(50)));
    let first = tokio::spawn({
        let (client, body) = (client.clone(), batch(&book, &[1], "a"));
        async move { client.update(body).await }
    });
    until(|| book.fields("people/c1").unwrap().get("nicknames").is_some()).await;
    client.update(batch(&book, &[2], "b")).await.ok();
    client.get(READ).await.ok();
    client.with_token("token-of-bob").update(json!({})).await;
    first.await.unwrap().ok();
    let journal = emulator.journal();
    let overlaps: Vec<_> = journal.iter().map(|e| e.overlaps.clone()).collect();
    assert_eq!(overlaps, [vec![], vec![1], vec![], vec![]], "reads and other books do not count");
    assert!(journal.iter().all(|entry| entry.ended.is_some() && !entry.abandoned));
}

#[tokio::test(start_paused = true)]
async fn commits_that_come_late() {
    let (emulator, client, book) = four_in_memory().await;
    let late = |after, reply| Fault::LateCommit(LateCommit::new(after, reply));
    let reads = CommitAfter::Reads(2);
    let mutation = Matcher::mutations;
    emulator.push_fault_for(mutation(), late(reads, EarlyReply::Status(503)));
    client.get(READ).await.ok();
    client.update(batch(&book, &[1], "reads")).await.error(503, "UNAVAILABLE");
    for expected in [None, None] {
        assert_eq!(nickname(&book, 1), expected);
        let person = client.get(READ).await.ok();
        assert_eq!(person.get("nicknames"), None, "the read does not see it");
    }
    assert_eq!(nickname(&book, 1).as_deref(), Some("reads"));
    let entry = emulator.journal().into_iter().find(|e| e.method.is_mutation()).unwrap();
    assert!(entry.committed.unwrap() >= entry.ended.unwrap());

    let time = CommitAfter::Time(Duration::from_millis(30));
    emulator.push_fault_for(mutation(), late(time, EarlyReply::Reset));
    let body = batch(&book, &[2], "time").to_string();
    assert!(client.try_call("POST", common::UPDATE, body).await.is_err());
    assert_eq!(nickname(&book, 2), None);
    until(|| nickname(&book, 2).is_some()).await;

    // The contact has moved on meanwhile: the late commit is refused, and nobody hears of it.
    emulator.push_fault_for(mutation(), late(time, EarlyReply::Status(504)));
    client.update(batch(&book, &[3], "never")).await.error(504, "DEADLINE_EXCEEDED");
    let sequence = last(&emulator).sequence;
    book.touch("people/c3");
    tokio::time::sleep(Duration::from_millis(60)).await;
    assert_eq!(nickname(&book, 3), None);
    let journal = emulator.journal();
    assert!(!journal.iter().find(|e| e.sequence == sequence).unwrap().is_committed());

    emulator.set_switches(|s| s.late_commit = Some(LateCommit::new(reads, EarlyReply::Reset)));
    let body = batch(&book, &[4], "switch").to_string();
    assert!(client.try_call("POST", common::UPDATE, body).await.is_err());
    client.get(READ).await.ok();
    client.get(READ).await.ok();
    assert_eq!(nickname(&book, 4).as_deref(), Some("switch"));
}

#[tokio::test]
async fn tokens_fail() {
    let (emulator, client, book) = four().await;
    emulator.push_fault(Fault::Unauthorized);
    client.get(READ).await.error(401, "UNAUTHENTICATED");
    client.get(READ).await.ok();
    emulator.push_fault(Fault::RevokeToken);
    client.get(READ).await.error(401, "UNAUTHENTICATED");
    client.get(READ).await.error(401, "UNAUTHENTICATED");
    book.add_token("fresh");
    client.with_token("fresh").get(READ).await.ok();
    client.get(READ).await.error(401, "UNAUTHENTICATED");
}

#[tokio::test]
async fn someone_else_writes() {
    let (emulator, client, book) = four().await;
    let outside = |phase, pick, change| Fault::OutsideWrite(phase, pick, change);
    emulator.push_fault(outside(Phase::BeforeCommit, Pick::First(1), OutsideChange::Touch));
    let answer = client.update(batch(&book, &[1, 2], "a")).await;
    answer.error(400, "FAILED_PRECONDITION");
    let body = answer.json();
    let errors = &common::detail(&body, "BatchUpdateContactsErrorDetails")["contactErrors"];
    assert_eq!(errors.as_object().unwrap().keys().collect::<Vec<_>>(), ["people/c1"]);

    let set = OutsideChange::Set(json!({"nicknames": [{"value": "theirs"}]}));
    emulator.push_fault(outside(Phase::AfterCommit, Pick::All, set));
    let answer = client.update(batch(&book, &[1, 2], "ours")).await.ok();
    let echo = &answer["updateResult"]["people/c1"]["person"];
    assert_eq!(echo["nicknames"][0]["value"], "ours", "the answer was made before");
    assert_eq!(nickname(&book, 1).as_deref(), Some("theirs"));
    let journal = emulator.journal();
    let [.., ours, theirs] = &journal[..] else { panic!("two entries") };
    assert_eq!((ours.method, theirs.method), (Method::BatchUpdateContacts, Method::Outside));
    assert_eq!(ours.changes[0].etag_after, theirs.changes[0].etag_before);
    assert_eq!(ours.changes[0].after.as_ref().unwrap()["nicknames"][0]["value"], "ours");
    assert_eq!(ours.mask.as_deref(), Some("nicknames"));

    emulator.push_fault(outside(
        Phase::BeforeCommit,
        Pick::Names(vec!["people/c4".into()]),
        OutsideChange::Delete,
    ));
    client.update(batch(&book, &[1], "x")).await.ok();
    assert_eq!(book.names().len(), 3, "also contacts that the request does not name");
}

#[tokio::test]
async fn strange_answers() {
    let (emulator, client, book) = four().await;
    emulator.push_fault(Fault::Rename(Pick::First(1)));
    let result = client.update(batch(&book, &[1, 2], "a")).await.ok();
    let name = |n: u32| {
        let response = &result["updateResult"][format!("people/c{n}")];
        response["person"]["resourceName"].as_str().unwrap().to_owned()
    };
    assert_ne!(name(1), "people/c1");
    assert_eq!(name(2), "people/c2");
    assert!(book.get(&name(1)).is_some());

    emulator.push_fault(Fault::MissingInAnswer(Pick::First(1)));
    let result = client.update(batch(&book, &[2, 3], "b")).await.ok();
    let results = result["updateResult"].as_object().unwrap();
    assert_eq!(results.keys().collect::<Vec<_>>(), ["people/c3"]);
    assert_eq!(nickname(&book, 2).as_deref(), Some("b"));
    emulator.push_fault(Fault::MissingInAnswer(Pick::All));
    let result = client.update(batch(&book, &[2], "c")).await.ok();
    assert_eq!(result, json!({"updateResult": {}}));
    emulator.push_fault(Fault::MissingInAnswer(Pick::First(1)));
    let path = "v1/people:batchGet?resourceNames=people/c2&resourceNames=people/c3\
                &personFields=names";
    assert_eq!(client.get(path).await.ok()["responses"].as_array().unwrap().len(), 1);

    emulator.push_fault(Fault::FailInside200(Pick::Every(2), Code::Aborted));
    let result = client.update(batch(&book, &[2, 3, 4], "d")).await.ok();
    let code = |n: u32| result["updateResult"][format!("people/c{n}")]["status"]["code"].clone();
    assert_eq!((code(2), code(3), code(4)), (json!(10), Value::Null, json!(10)));
    assert_eq!(nickname(&book, 3).as_deref(), Some("d"));
    assert_eq!(nickname(&book, 4), None);
    assert_eq!(last(&emulator).changes.len(), 1);
}

#[tokio::test]
async fn plans() {
    let (emulator, client, book) = four().await;
    emulator.when(Matcher::method(Method::Get), 2, Fault::status_before_commit(500));
    emulator.when(Matcher::mutations().book("book-1"), 1, Fault::status_before_commit(503));
    emulator.when(Matcher::any().book("book-2"), 1, Fault::status_before_commit(500));
    client.get(READ).await.ok();
    client.update(batch(&book, &[1], "a")).await.error(503, "UNAVAILABLE");
    client.get(READ).await.error(500, "INTERNAL");
    client.get(READ).await.ok();
    assert_eq!(emulator.pending_faults(), 1);
    emulator.clear_faults();
    assert_eq!(emulator.pending_faults(), 0);

    emulator.on_request(|seen| {
        if seen.method == Method::Get && seen.nth.is_multiple_of(2) {
            vec![Fault::Unauthorized]
        } else {
            Vec::new()
        }
    });
    client.get(READ).await.error(401, "UNAUTHENTICATED");
    client.get(READ).await.ok();
    client.get(READ).await.error(401, "UNAUTHENTICATED");
    emulator.clear_faults();
    client.get(READ).await.ok();
    client.get(READ).await.ok();
    emulator.clear_journal();
    client.get("nowhere").await;
    let journal = emulator.journal();
    assert_eq!(journal.len(), 1);
    assert_eq!((journal[0].method, journal[0].status), (Method::Unknown, Some(404)));
    assert_eq!(journal[0].line, "GET /nowhere");
    assert!(journal[0].sequence > 1);
}

#[tokio::test]
async fn values_can_be_left_out_of_the_journal() {
    let (emulator, client) =
        start_with(Emulator::builder().switches(|s| s.journal_values = false)).await;
    let book = emulator.book(TOKEN);
    book.insert(json!({"resourceName": "people/c1"}));
    client.update(batch(&book, &[1], "a")).await.ok();
    let change = &last(&emulator).changes[0];
    assert!(change.before.is_none() && change.after.is_none() && change.etag_after.is_some());
}
