//! Each rule about media is seen to fail, over real sockets: requests by hand that are wrong in one
//! thing, and plans that are carried out with one thing wrong.

mod common;

use std::cell::RefCell;

use common::{HEADERS, head_of, send, server};
use discovery_server::{CASE, Server};
use serde_json::{Value, json};

const UNIT: usize = 256 * 1024;
const JSON: (&str, &str) = ("content-type", "application/json");
const RELATED: (&str, &str) = ("content-type", "multipart/related; boundary=x");
const QUERY: &str = "alt=json&prettyPrint=false";

/// An API with media of all kinds.
fn document() -> Value {
    let protocols = json!({
        "simple": {"multipart": true, "path": "/upload/a/v1/things"},
        "resumable": {"multipart": true, "path": "/resumable/upload/a/v1/things"},
    });
    json!({
        "rootUrl": "https://a.googleapis.com/", "servicePath": "a/v1/",
        "parameters": {
            "alt": {"type": "string", "enum": ["json", "media"], "location": "query"},
            "prettyPrint": {"type": "boolean", "location": "query"},
        },
        "schemas": {"Thing": {"type": "object", "properties": {"name": {"type": "string"}}}},
        "methods": {
            "insert": {
                "id": "a.insert", "httpMethod": "POST", "path": "things",
                "request": {"$ref": "Thing"}, "response": {"$ref": "Thing"},
                "mediaUpload": {"accept": ["image/*"], "maxSize": "1MB", "protocols": protocols},
            },
            "put": {
                "id": "a.put", "httpMethod": "PUT", "path": "bytes",
                "mediaUpload": {"accept": ["text/plain"], "maxSize": "10", "protocols": {
                    "simple": {"multipart": true, "path": "/upload/a/v1/bytes"},
                }},
            },
            "get": {
                "id": "a.get", "httpMethod": "GET", "path": "things", "response": {"$ref": "Thing"},
                "supportsMediaDownload": true, "useMediaDownloadService": true,
            },
        },
    })
}

/// What is wrong with a request, as the server noted it.
fn wrong_with(line: &str, more: &[(&str, &str)], body: &str) -> String {
    let server = server(&document());
    let headers: Vec<_> = HEADERS.iter().chain(more).copied().collect();
    send(&server, &line.replace("QUERY", QUERY), &headers, body);
    server.strays().join("; ")
}

/// A body of metadata and media.
fn related(metadata: (&str, &str), media: (&str, &str)) -> String {
    [metadata, media]
        .map(|(ty, text)| format!("--x\r\nContent-Type: {ty}\r\n\r\n{text}\r\n"))
        .concat()
        + "--x--\r\n"
}

/// Request line, headers, body, and what is wrong with them.
type Wrong<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a str, &'a str);

#[test]
fn requests_are_checked() {
    let good = related(("application/json", r#"{"name": "n"}"#), ("image/png", "\r\nbytes"));
    let body = |metadata, media| related(metadata, media);
    let (json, png) = (("application/json; charset=UTF-8", "{}"), ("image/png", "bytes"));
    let large = "x".repeat(4 * UNIT + 1);
    let insert = "POST /upload/a/v1/things?uploadType=multipart&QUERY";
    let put = "PUT /upload/a/v1/bytes?uploadType=media&QUERY";
    let start = "POST /resumable/upload/a/v1/things?uploadType=resumable&QUERY";
    let get = "GET /download/a/v1/things?alt=media&prettyPrint=false";
    let text = ("content-type", "text/plain");
    let of_type = ("x-upload-content-type", "image/png");
    let of_length = |length| ("x-upload-content-length", length);
    let cases: &[Wrong] = &[
        (insert, &[RELATED], &good, ""),
        (&insert.replace("multipart", "media"), &[RELATED], &good, "uploadType is [\"media\"]"),
        (&insert.replace("uploadType=multipart&", ""), &[RELATED], &good, "uploadType is []"),
        (&insert.replace("QUERY", "prettyPrint=false"), &[RELATED], &good, "alt=json is missing"),
        (insert, &[JSON], &good, "instead of multipart/related"),
        (insert, &[("content-type", "multipart/related")], &good, "without a boundary"),
        (insert, &[RELATED], "{}", "does not begin with its boundary"),
        (insert, &[RELATED], &body(("text/plain", "{}"), png), "metadata of the type"),
        (insert, &[RELATED], &body(("application/json", "{"), png), "the body is no JSON"),
        (insert, &[RELATED], &body(("application/json", r#"{"n": 1}"#), png), "body.n: the schema"),
        (insert, &[RELATED], &body(json, ("text/plain", "")), "does not take media of the type"),
        (insert, &[RELATED], &body(json, ("image/png", &large)), "1048577 bytes, more than"),
        (insert, &[RELATED], "--x\r\nContent-Type: a/b\r\n\r\n\r\n--x--", "1 parts instead of 2"),
        (put, &[text], "0123456789", ""),
        (put, &[text], "0123456789a", "media of 11 bytes, more than 10"),
        (put, &[JSON], "{}", "does not take media of the type \"application/json\""),
        (put, &[], "", "does not take media of the type \"\""),
        (&put.replace("=media", "=multipart"), &[text], "", "instead of media"),
        (start, &[JSON, of_type], "{}", ""),
        (start, &[JSON, of_type, of_length("1048576")], "{}", ""),
        (start, &[JSON, of_type, of_length("1048577")], "{}", "1048577 bytes, more than 1048576"),
        (start, &[JSON, of_type, of_length("-1")], "{}", "x-upload-content-length is Some(\"-1\")"),
        (start, &[JSON], "{}", "does not take media of the type \"\""),
        (start, &[text, of_type], "{}", "a body of the content type Some(\"text/plain"),
        (start, &[JSON, of_type], "[]", "body: [] is no object"),
        (&start.replace("=resumable", "=media"), &[JSON, of_type], "{}", "instead of resumable"),
        (get, &[], "", ""),
        (&get.replace("/download", ""), &[], "", "alt=json is missing"),
        (&get.replace("=media", "=json"), &[], "", "alt is [\"json\"] instead of media"),
        (get, &[], "x", "a download with a body"),
        ("POST /a/v1/upload/things?QUERY", &[], "", "no method is called by"),
        ("POST /resumable/upload/a/v1/bytes?QUERY", &[], "", "no method is called by"),
    ];
    for (line, headers, body, expected) in cases {
        let wrong = wrong_with(line, headers, body);
        assert!(wrong.contains(expected), "{line}: {wrong:?} lacks {expected:?}");
        assert_eq!(wrong.is_empty(), expected.is_empty(), "{line}: {wrong}");
        assert!(!wrong.contains("; "), "{line}: more than one thing is wrong: {wrong}");
    }
}

/// The media of a case, as the plan says it is made.
fn bytes(media: &Value) -> Vec<u8> {
    let mut state = media["seed"].as_u64().unwrap();
    let next = |_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        state.to_be_bytes()[0]
    };
    (0..media["size"].as_u64().unwrap()).map(next).collect()
}

/// A client by hand: how it changes a request before it sends it.
struct Client<'s, F: Fn(&mut Sent)> {
    server: &'s Server,
    change: F,
    sent: RefCell<usize>,
}

/// A request of a case that is about to be sent.
struct Sent {
    case: String,
    /// How many requests of the case came before.
    number: usize,
    line: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Sent {
    fn set(&mut self, name: &str, value: &str) {
        self.headers.retain(|(own, _)| own != name);
        self.headers.push((name.to_owned(), value.to_owned()));
    }
}

impl<F: Fn(&mut Sent)> Client<'_, F> {
    /// Sends a request; gives the head and the body of the answer.
    fn send(
        &self,
        case: &Value,
        line: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> (String, Vec<u8>) {
        let case = case["case"].as_str().unwrap();
        let of_case = [(CASE, case)];
        let all = HEADERS.iter().chain(headers).chain(&of_case);
        let mut sent = Sent {
            case: case.to_owned(),
            number: self.sent.replace_with(|sent| *sent + 1),
            line: line.replace("QUERY", QUERY),
            headers: all.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            body,
        };
        (self.change)(&mut sent);
        let headers: Vec<(&str, &str)> =
            sent.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        head_of(self.server, &sent.line, &headers, &sent.body)
    }

    /// Carries out a case; gives its result.
    fn carry_out(&self, case: &Value) -> Value {
        self.sent.replace(0);
        let (id, media) = (&case["case"], &case["media"]);
        let ty = media["type"].as_str().unwrap_or_default();
        let json = |(_, body): (String, Vec<u8>)| -> Value {
            serde_json::from_slice(&body).unwrap_or_default()
        };
        let metadata = case["body"].to_string();
        let answer = match (case["method"].as_str().unwrap(), case["way"].as_str().unwrap()) {
            ("a.insert", "send") => {
                json(self.send(case, "POST /a/v1/things?QUERY", &[JSON], metadata.into()))
            }
            ("a.insert", "upload") => {
                let head = format!(
                    "--x\r\nContent-Type: application/json\r\n\r\n{metadata}\r\n\
                     --x\r\nContent-Type: {ty}\r\n\r\n"
                );
                let body = [head.as_bytes(), &bytes(media), b"\r\n--x--\r\n"].concat();
                let line = "POST /upload/a/v1/things?uploadType=multipart&QUERY";
                json(self.send(case, line, &[RELATED], body))
            }
            ("a.insert", "resumable") => json(self.resumable(case, ty, metadata)),
            ("a.put", "send") => json(self.send(case, "PUT /a/v1/bytes?QUERY", &[], Vec::new())),
            ("a.put", "upload") => {
                let line = "PUT /upload/a/v1/bytes?uploadType=media&QUERY";
                json(self.send(case, line, &[("content-type", ty)], bytes(media)))
            }
            ("a.get", "send") => json(self.send(case, "GET /a/v1/things?QUERY", &[], Vec::new())),
            _ => return self.download(case),
        };
        json!({"case": id, "answers": [answer]})
    }

    fn resumable(&self, case: &Value, ty: &str, metadata: String) -> (String, Vec<u8>) {
        let media = bytes(&case["media"]);
        let length = media.len().to_string();
        let mut headers = vec![JSON, ("x-upload-content-type", ty)];
        if case["media"]["isSizeKnown"] == true {
            headers.push(("x-upload-content-length", &length));
        }
        let line = "POST /resumable/upload/a/v1/things?uploadType=resumable&QUERY";
        let (head, _) = self.send(case, line, &headers, metadata.into());
        let Some(place) = header(&head, "location") else { return (head, Vec::new()) };
        let line = format!("PUT {}", place.replace(&self.server.url(), ""));
        let mut start = 0;
        loop {
            let end = media.len().min(start + UNIT);
            let range = match end - start {
                0 => format!("bytes */{length}"),
                _ => format!("bytes {start}-{}/{length}", end - 1),
            };
            let headers = [("content-type", ty), ("content-range", &range)];
            let (head, body) = self.send(case, &line, &headers, media[start..end].to_vec());
            if !head.starts_with("HTTP/1.1 308") {
                return (head, body);
            }
            assert_eq!(header(&head, "range").unwrap(), format!("bytes=0-{}", end - 1));
            start = end;
        }
    }

    fn download(&self, case: &Value) -> Value {
        let part = &case["media"]["part"];
        let range = part[0].as_u64().zip(part[1].as_u64());
        let range = range.map(|(start, end)| format!("bytes={start}-{}", end - 1));
        let range: Vec<(&str, &str)> =
            range.iter().map(|range| ("range", range.as_str())).collect();
        let line = "GET /download/a/v1/things?alt=media&prettyPrint=false";
        let (head, body) = self.send(case, line, &range, Vec::new());
        let hash = body.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
        });
        let ty = header(&head, "content-type");
        json!({"case": case["case"], "media": {
            "type": ty, "size": body.len(), "hash": format!("{hash:016x}"),
        }})
    }
}

/// A header of an answer.
fn header(head: &str, name: &str) -> Option<String> {
    head.lines().find_map(|line| {
        let (own, value) = line.split_once(": ")?;
        own.eq_ignore_ascii_case(name).then(|| value.to_owned())
    })
}

/// Carries out the whole plan; `change` may change the requests, `report` the results.
fn problems(change: impl Fn(&mut Sent), report: impl Fn(&mut Value)) -> Vec<String> {
    let server = server(&document());
    let client = Client { server: &server, change, sent: RefCell::default() };
    let plan = server.plan();
    let cases = plan["cases"].as_array().unwrap();
    let mut results: Vec<Value> = cases.iter().map(|case| client.carry_out(case)).collect();
    results.iter_mut().for_each(report);
    let said = json!({"baseUrl": "https://a.googleapis.com/a/v1/", "results": results});
    server.verdict(&said).problems
}

/// The first case of a method and a way whose media is so large, in bytes.
fn first(method: &str, way: &str, least: u64) -> String {
    let plan = server(&document()).plan();
    let mut cases = plan["cases"].as_array().unwrap().iter();
    let case = cases.find(|case| {
        case["method"] == method
            && case["way"] == way
            && case["media"]["size"].as_u64().unwrap() >= least
    });
    case.unwrap()["case"].as_str().unwrap().to_owned()
}

#[test]
fn a_plan_that_is_carried_out_rightly_has_no_problems() {
    assert_eq!(problems(|_| {}, |_| {}), [""; 0]);
    for (method, way) in [
        ("a.insert", "upload"),
        ("a.insert", "resumable"),
        ("a.put", "upload"),
        ("a.get", "download"),
    ] {
        first(method, way, 0);
    }
    first("a.insert", "resumable", 2 * UNIT as u64 + 1);
}

/// Changes one request of a case.
type Change = fn(&mut Sent);

#[test]
fn requests_other_than_planned_are_noticed() {
    let (upload, put) = (first("a.insert", "upload", 1), first("a.put", "upload", 1));
    let resumable = first("a.insert", "resumable", 2 * UNIT as u64 + 1);
    let download = first("a.get", "download", UNIT as u64 / 4);
    let cases: &[(&str, usize, Change, &str)] = &[
        (&upload, 0, |sent| sent.body[0] = b'x', "does not begin with its boundary"),
        (
            &upload,
            0,
            |sent| {
                let at = sent.body.len() - "\r\n--x--\r\n".len() - 1;
                sent.body[at] ^= 1;
            },
            "of the media is another one",
        ),
        (&put, 0, |sent| sent.body[0] ^= 1, "byte 0 of the media is another one"),
        (&put, 0, |sent| _ = sent.body.pop(), "bytes of media instead of"),
        (&put, 0, |sent| sent.set("content-type", "text/csv"), "instead of \"text/plain\""),
        (
            &resumable,
            0,
            |sent| sent.set("x-upload-content-length", "5"),
            "x-upload-content-length is Some(\"5\") instead of None",
        ),
        (
            &resumable,
            0,
            |sent| sent.set("x-upload-content-type", "image/x"),
            "media of the type \"image/x\" instead of",
        ),
        (&resumable, 1, |sent| sent.line = sent.line.replacen("PUT", "POST", 1), "instead of PUT"),
        (&resumable, 1, |sent| sent.line.push('x'), "the session is at /sessions?upload_id="),
        (&resumable, 1, |sent| sent.body[7] ^= 1, "byte 7 of the media is another one"),
        (&resumable, 2, |sent| sent.body[7] ^= 1, "byte 262151 of the media is another one"),
        (&resumable, 1, |sent| sent.set("content-range", "0-5"), "the content range \"0-5\""),
        (&resumable, 1, |sent| sent.set("content-type", "image/x"), "Some(\"image/x\")"),
        (
            &resumable,
            1,
            |sent| sent.set("content-range", "bytes 0-262142/*"),
            "262144 bytes instead of bytes 0-262142",
        ),
        (
            &resumable,
            1,
            |sent| {
                sent.body.truncate(5);
                sent.set("content-range", "bytes 0-4/*");
            },
            "a chunk of 5 bytes, no multiple of 262144",
        ),
        (&resumable, 1, |sent| sent.set("content-range", "bytes 0-262143/7"), "of 52"),
        (
            &resumable,
            2,
            |sent| sent.set("content-range", "bytes 0-262143/*"),
            "where byte 262144 comes next",
        ),
        (&resumable, 1, |sent| sent.set("content-range", "bytes */*"), "does not tell of"),
        (&resumable, 1, |sent| sent.headers.retain(|(name, _)| name != "user-agent"), "no user-"),
        (&resumable, 1, |sent| sent.set("authorization", "Bearer x"), "nobody asked for"),
        (&download, 0, |sent| sent.headers.retain(|(name, _)| name != "range"), "the range None"),
        (&download, 0, |sent| sent.line = sent.line.replace("alt=media&", ""), "alt is []"),
    ];
    for (case, number, change, expected) in cases {
        let change = |sent: &mut Sent| {
            if sent.case == *case && sent.number == *number {
                change(sent);
            }
        };
        let problems = problems(change, |_| {});
        assert_eq!(problems.len(), 1, "{expected}: {problems:?}");
        assert!(problems[0].contains(expected), "{problems:?} lacks {expected:?}");
        assert!(problems[0].starts_with(*case), "{problems:?}");
    }
}

#[test]
fn uploads_that_do_not_end_or_go_on_are_noticed() {
    let server = server(&document());
    let plan = server.plan();
    let resumable = first("a.insert", "resumable", 2 * UNIT as u64 + 1);
    let client = Client { server: &server, change: |_| {}, sent: RefCell::default() };
    let mut cases = plan["cases"].as_array().unwrap().iter();
    let case = cases.clone().find(|case| case["case"] == resumable).unwrap();
    // The session begins, and nothing follows.
    let ty = case["media"]["type"].as_str().unwrap();
    let line = "POST /resumable/upload/a/v1/things?uploadType=resumable&QUERY";
    let headers = [JSON, ("x-upload-content-type", ty)];
    client.send(case, line, &headers, case["body"].to_string().into());
    // Another one ends, and more follows.
    let other = cases.find(|other| other["way"] == "resumable" && *other != case).unwrap();
    client.carry_out(other);
    client.carry_out(other);
    let problems = server.verdict(&json!({})).problems.join("\n");
    for expected in [
        format!("{resumable}: the upload ended with 0 of {} bytes", case["media"]["size"]),
        format!("{}: is called once more", other["case"].as_str().unwrap()),
    ] {
        assert!(problems.contains(&expected), "{expected} is not in\n{problems}");
    }
}

#[test]
fn downloads_that_were_not_understood_are_noticed() {
    let id = first("a.get", "download", 0);
    for (key, value) in [("type", json!("a/b")), ("size", json!(0)), ("hash", json!(""))] {
        let report = |result: &mut Value| {
            if result["case"] == id.as_str() {
                result["media"][key] = value.clone();
            }
        };
        let problems = problems(|_| {}, report);
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(problems[0].starts_with(&format!("{id}: of the media {{")), "{problems:?}");
    }
}
