//! One call, answered by bytes that anybody may have made: status, headers, body, or all of it raw.
//! The connection is a pipe in memory, so that thousands of answers take no time.

use std::io::Write as _;
use std::pin::Pin;
use std::task::{Context, Poll};

use codegen_runtime as rt;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::{Connected, Connection};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{
    AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, DuplexStream, ReadBuf,
};

use super::common::schemas::{Answer, Kind, Person};

/// The token of the calls, which nothing may show.
const TOKEN: &str = "secret-token";

const STATUSES: [u16; 12] = [200, 200, 204, 206, 302, 400, 401, 403, 404, 429, 500, 503];

/// The answer that bytes stand for: the first says which status, the second how the body is packed.
fn answer(bytes: &[u8]) -> Vec<u8> {
    let [first, second, rest @ ..] = bytes else { return bytes.to_vec() };
    if *second == 255 {
        return rest.to_vec();
    }
    let status = STATUSES[usize::from(*first) % STATUSES.len()];
    let split = rest.iter().position(|byte| *byte == b'\n').unwrap_or(0);
    let (header, body) = rest.split_at(split);
    let header: String =
        header.iter().map(|&byte| char::from(byte)).filter(|c| matches!(c, ' '..='~')).collect();
    let body = match second % 4 {
        0 => body.to_vec(),
        1 => [b"{\"error\":", body, b"}"].concat(),
        2 => [b"{\"error\":{\"code\":400,\"details\":", body, b"}}"].concat(),
        _ => packed(body),
    };
    let gzip = if second % 8 > 2 { "content-encoding: gzip\r\n" } else { "" };
    let mut answer = format!(
        "HTTP/1.1 {status} Said\r\nretry-after: {header}\r\ndate: {header}\r\nwww-authenticate: {header}\r\n\
         location: {header}\r\ncontent-length: {}\r\n{gzip}connection: close\r\n\r\n",
        body.len()
    )
    .into_bytes();
    answer.extend(body);
    answer
}

fn packed(body: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(body).expect("memory takes all");
    packed.finish().expect("memory takes all")
}

/// Makes the call and looks at everything of what came of it.
pub(crate) fn check(bytes: &[u8]) {
    let answer = answer(bytes);
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
    let runtime = runtime.expect("a runtime of one thread");
    let called = runtime.block_on(async {
        let hub = hub(answer);
        let call: rt::Call<Answer> = rt::Call::new(&hub, &METHOD);
        call.body(&Person::default()).send().await
    });
    match called {
        Ok(answer) => {
            let _ = rt::encode(&answer);
        }
        Err(error) => {
            assert_ne!(error.kind(), rt::ErrorKind::Build, "{error}");
            look_at(&error);
        }
    }
    values(bytes);
}

fn look_at(error: &rt::Error) {
    let shown = format!("{error} {error:?} {error:#?}");
    assert!(!shown.contains(TOKEN), "{shown}");
    let _ = (error.kind(), error.attempts(), error.may_have_been_applied(), error.is_transient());
    let _ = (error.retry_after(), error.http_status(), error.decode().map(ToString::to_string));
    if let Some(api) = error.api() {
        let _ = (api.message(), api.status(), api.rpc_code(), api.reason(), api.errors().len());
        let _ = (api.is_rate_limited(), api.is_etag_mismatch(), api.is_expired_sync_token());
        for detail in api.details() {
            let _ = format!("{detail:?}");
        }
        let _ = api.try_detail::<rt::BadRequest>();
        let _ = api.try_detail::<rt::RetryInfo>().map(|info| info.map(|info| format!("{info:?}")));
    }
}

/// The same bytes as values: what is decoded can be encoded, and is then read the same.
fn values(bytes: &[u8]) {
    if let Ok(person) = rt::decode::<Person>(bytes) {
        let again = rt::encode(&person).expect("what was read can be written");
        // A number that is no number differs from itself.
        if person.ratio.is_none_or(|ratio| !ratio.is_nan()) {
            assert_eq!(rt::decode::<Person>(&again).expect("it was written by us"), person);
        }
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let time = rt::Timestamp::from(text);
    let _ = (time.to_datetime(), time.to_utc(), time.to_system_time());
    let _ = rt::Date::from(text).to_naive_date();
    let duration = rt::Duration::from(text);
    let _ = (duration.to_std(), duration.to_delta());
    let mask: rt::FieldMask = rt::FieldMask::from(text);
    let paths: Vec<&str> = mask.paths().collect();
    assert!(paths.iter().all(|path| mask.contains(path)), "{text:?}");
    assert_eq!(mask.text(), text);
    assert_eq!(rt::enum_from::<Kind>(text).to_string(), text);
}

static SERVICE: rt::Service = rt::Service {
    name: "people",
    version: "v1",
    title: "People API",
    // Plain HTTP is allowed on this machine; nothing is sent there.
    root_url: "http://127.0.0.1/",
    service_path: "",
    mtls_root_url: None,
    parameters: &[],
    data_wrapper: false,
    package: "people-v1",
    package_version: "0.1.0",
};

static METHOD: rt::Method = rt::Method {
    id: "people.people.batchUpdateContacts",
    http_method: rt::http::Method::POST,
    path: &[rt::Piece::Text("v1/people:batchUpdateContacts")],
    parameters: &[],
    scopes: &[],
    default_scopes: &[],
    api_version: None,
};

fn hub(answer: Vec<u8>) -> rt::Hub {
    let client = Client::builder(TokioExecutor::new()).build(Answering(answer));
    rt::Hub::new(&SERVICE, client, TOKEN.to_owned())
}

/// Connects to a server that reads all it is sent and answers these bytes.
#[derive(Clone)]
struct Answering(Vec<u8>);

impl tower_service::Service<rt::http::Uri> for Answering {
    type Response = TokioIo<Pipe>;
    type Error = std::io::Error;
    type Future = std::future::Ready<std::io::Result<Self::Response>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: rt::http::Uri) -> Self::Future {
        let (client, server) = tokio::io::duplex(1 << 12);
        let answer = self.0.clone();
        tokio::spawn(async move {
            let (mut from, mut to) = tokio::io::split(server);
            let write = async {
                let _ = to.write_all(&answer).await;
                let _ = to.shutdown().await;
            };
            let read = async {
                let mut sink = [0; 1 << 12];
                while from.read(&mut sink).await.is_ok_and(|count| count > 0) {}
            };
            tokio::join!(write, read);
        });
        std::future::ready(Ok(TokioIo::new(Pipe(client))))
    }
}

/// A connection that goes nowhere.
struct Pipe(DuplexStream);

impl Connection for Pipe {
    fn connected(&self) -> Connected {
        Connected::new()
    }
}

impl AsyncRead for Pipe {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buf)
    }
}

impl AsyncWrite for Pipe {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}
