//! A client by hand: text over a socket.

// Each test needs a part of it.
#![allow(dead_code)]

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use discovery_server::{Document, Server};
use serde_json::{Value, json};

/// A small API with one of everything.
pub(crate) fn document() -> Value {
    json!({
        "rootUrl": "https://a.googleapis.com/", "servicePath": "a/v1/",
        "fullyEncodeReservedExpansion": true,
        "parameters": {
            "alt": {"type": "string", "enum": ["json", "media"], "location": "query"},
            "key": {"type": "string", "location": "query"},
            "prettyPrint": {"type": "boolean", "location": "query"},
            "quotaUser": {"type": "string", "location": "query"},
        },
        "schemas": {
            "Thing": {"type": "object", "properties": {
                "name": {"type": "string", "annotations": {"required": ["a.things.insert"]}},
                "size": {"type": "string", "format": "int64"},
            }},
            "Page": {"type": "object", "properties": {
                "things": {"type": "array", "items": {"$ref": "Thing"}},
                "nextPageToken": {"type": "string"},
            }},
        },
        "resources": {"things": {"methods": {
            "get": {
                "id": "a.things.get", "httpMethod": "GET", "path": "things/{id}",
                "parameters": {"id": {"type": "string", "location": "path", "required": true}},
                "response": {"$ref": "Thing"}, "scopes": ["https://scope/a", "https://scope/b"],
                "apiVersion": "v1_2026",
            },
            "move": {
                "id": "a.things.move", "httpMethod": "POST", "path": "{+name}:move",
                "parameters": {"name": {"type": "string", "location": "path", "required": true,
                    "pattern": "^boxes/[^/]+$"}},
            },
            "insert": {
                "id": "a.things.insert", "httpMethod": "POST", "path": "things",
                "request": {"$ref": "Thing"}, "response": {"$ref": "Thing"},
            },
            "list": {
                "id": "a.things.list", "httpMethod": "GET", "path": "things",
                "parameters": {
                    "count": {"type": "integer", "format": "int32", "location": "query", "required": true},
                    "order": {"type": "string", "enum": ["UP", "DOWN"], "location": "query"},
                    "word": {"type": "string", "location": "query", "repeated": true},
                    "pageToken": {"type": "string", "location": "query"},
                },
                "response": {"$ref": "Page"},
            },
        }}},
    })
}

pub(crate) fn server(document: &Value) -> Server {
    let document = Document::parse(document.to_string().as_bytes()).unwrap();
    Server::start(document, 7).unwrap()
}

/// What every good request has.
pub(crate) const HEADERS: [(&str, &str); 2] =
    [("user-agent", "by hand"), ("x-goog-api-client", "x")];

/// Sends a request; gives the status and the JSON of the answer, null where it is empty.
pub(crate) fn send(
    server: &Server,
    line: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> (u16, Value) {
    let (head, body) = head_of(server, line, headers, body.as_bytes());
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, serde_json::from_slice(&body).unwrap_or_default())
}

/// Sends a request; gives the head and the body of the answer.
pub(crate) fn head_of(
    server: &Server,
    line: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> (String, Vec<u8>) {
    let address = server.url().replace("http://", "");
    let mut text = format!("{line} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n");
    if !body.is_empty() || !line.starts_with("GET") {
        text.push_str(&format!("content-length: {}\r\n", body.len()));
    }
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text.push_str("\r\n");
    let mut stream = TcpStream::connect(&address).unwrap();
    stream.write_all(text.as_bytes()).unwrap();
    stream.write_all(body).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    (String::from_utf8(answer[..end].to_vec()).unwrap(), answer.split_off(end + 4))
}
