//! A small HTTP client for the tests: one connection a request, nothing hidden.

#![allow(dead_code, unreachable_pub, reason = "every test file uses a part of it")]

use bytes::Bytes;
use http::{HeaderMap, Method, Request};
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use people_emulator::{Builder, Dialer, Emulator};
use serde_json::Value;
use std::error::Error;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

pub const TOKEN: &str = "token-of-ann";
pub const UPDATE: &str = "v1/people:batchUpdateContacts";

pub type Failure = Box<dyn Error + Send + Sync>;

/// An answer, read in full.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|_| panic!("no JSON: {:?}", String::from_utf8_lossy(&self.body)))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The body of a 200.
    #[track_caller]
    pub fn ok(&self) -> Value {
        assert_eq!(self.status, 200, "{}", self.text());
        self.json()
    }

    /// The message of an error of this status.
    #[track_caller]
    pub fn error(&self, http: u16, status: &str) -> String {
        let body = self.json();
        assert_eq!(self.status, http, "{body}");
        assert_eq!(body["error"]["code"], http, "{body}");
        assert_eq!(body["error"]["status"], status, "{body}");
        body["error"]["message"].as_str().expect("a message").to_owned()
    }
}

/// A client of one emulator with one token.
#[derive(Clone)]
pub struct Client {
    address: String,
    dialer: Option<Dialer>,
    pub token: String,
    pub headers: Vec<(String, String)>,
}

/// Starts an emulator over plain HTTP, and a client for it.
pub async fn start() -> (Emulator, Client) {
    start_with(Emulator::builder()).await
}

pub async fn start_with(builder: Builder) -> (Emulator, Client) {
    let emulator = builder.seed(1).start().await.expect("it starts");
    let client = Client::new(&emulator);
    (emulator, client)
}

impl Client {
    pub fn new(emulator: &Emulator) -> Self {
        let address = emulator.url().trim_end_matches('/').rsplit('/').next().expect("an address");
        let address = address.to_owned();
        Self { address, dialer: None, token: TOKEN.to_owned(), headers: Vec::new() }
    }

    /// A client over streams in memory, for tests with paused time.
    pub fn in_memory(emulator: &Emulator) -> Self {
        Self { dialer: Some(emulator.dialer()), ..Self::new(emulator) }
    }

    pub fn with_header(&self, name: &str, value: &str) -> Self {
        let mut other = self.clone();
        other.headers.push((name.to_owned(), value.to_owned()));
        other
    }

    pub fn with_token(&self, token: &str) -> Self {
        Self { token: token.to_owned(), ..self.clone() }
    }

    pub async fn connect(&self) -> TcpStream {
        TcpStream::connect(&self.address).await.expect("a connection")
    }

    pub fn request(
        &self,
        method: &str,
        path: &str,
        body: impl Into<Bytes>,
    ) -> Request<Full<Bytes>> {
        let body = body.into();
        let mut request = Request::builder()
            .method(Method::from_bytes(method.as_bytes()).expect("a verb"))
            .uri(format!("http://{}/{path}", self.address))
            .header("host", &self.address);
        if !self.token.is_empty() {
            request = request.header("authorization", format!("Bearer {}", self.token));
        }
        let typed = self.headers.iter().any(|(name, _)| name == "content-type");
        if !body.is_empty() && !typed {
            request = request.header("content-type", "application/json");
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        request.body(Full::new(body)).expect("a request")
    }

    pub async fn try_call(
        &self,
        method: &str,
        path: &str,
        body: impl Into<Bytes>,
    ) -> Result<Answer, Failure> {
        let mut request = self.request(method, path, body);
        let origin = request.uri().path_and_query().expect("a path").as_str().parse()?;
        *request.uri_mut() = origin;
        match &self.dialer {
            Some(dialer) => send_http1(dialer.dial(), request).await,
            None => send_http1(self.connect().await, request).await,
        }
    }

    pub async fn call(&self, method: &str, path: &str, body: impl Into<Bytes>) -> Answer {
        self.try_call(method, path, body).await.expect("an answer")
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.call("GET", path, "").await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.call("POST", path, body.to_string()).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.call("PATCH", path, body.to_string()).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.call("PUT", path, body.to_string()).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.call("DELETE", path, "").await
    }

    pub async fn update(&self, body: Value) -> Answer {
        self.post(UPDATE, body).await
    }

    /// A person with these fields, by `people.get`.
    pub async fn person(&self, name: &str, fields: &str) -> Value {
        self.get(&format!("v1/{name}?personFields={fields}")).await.ok()
    }
}

async fn collect(response: http::Response<hyper::body::Incoming>) -> Result<Answer, Failure> {
    let (parts, body) = response.into_parts();
    let body = body.collect().await?.to_bytes();
    Ok(Answer { status: parts.status.as_u16(), headers: parts.headers, body })
}

/// Sends a request over HTTP/1.1.
pub async fn send_http1<S>(stream: S, request: Request<Full<Bytes>>) -> Result<Answer, Failure>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let connection = tokio::spawn(connection);
    let answer = async { collect(sender.send_request(request).await?).await }.await;
    connection.abort();
    answer
}

/// Sends a request over HTTP/2.
pub async fn send_http2<S>(stream: S, request: Request<Full<Bytes>>) -> Result<Answer, Failure>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (mut sender, connection) =
        http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await?;
    let connection = tokio::spawn(connection);
    let answer = async { collect(sender.send_request(request).await?).await }.await;
    connection.abort();
    answer
}

/// All pages of a list; `path` ends with `?` or has a query already.
pub async fn pages(client: &Client, path: &str) -> Vec<Value> {
    let mut pages = Vec::new();
    let mut token = String::new();
    loop {
        let page = client.get(&format!("{path}{token}")).await.ok();
        let next = page["nextPageToken"].as_str().map(|t| format!("&pageToken={t}"));
        pages.push(page);
        match next {
            Some(next) => token = next,
            None => return pages,
        }
    }
}

/// The texts at `key` of a list in an answer; none if the list is not there.
pub fn texts(answer: &Value, list: &str, key: &str) -> Vec<String> {
    let items = answer[list].as_array().into_iter().flatten();
    items.map(|item| item[key].as_str().expect("text").to_owned()).collect()
}

/// The details of an error of this kind.
pub fn detail<'a>(body: &'a Value, kind: &str) -> &'a Value {
    let details = body["error"]["details"].as_array().expect("details");
    let is_kind = |detail: &&Value| {
        detail["@type"].as_str().is_some_and(|name| name.ends_with(&format!(".{kind}")))
    };
    details.iter().find(is_kind).unwrap_or_else(|| panic!("no {kind} in {body}"))
}
