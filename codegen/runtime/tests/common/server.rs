//! Servers on 127.0.0.1 that do what a test says.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use codegen_runtime as rt;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use rt::Bytes;
use rt::http::{HeaderMap, Method, Request, Response};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// A request as it arrived.
#[derive(Clone, Debug)]
pub struct Seen {
    pub method: Method,
    /// Path and query.
    pub target: String,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Seen {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}

/// What a server does with a request.
pub enum Reply {
    Now(Response<Full<Bytes>>),
    Never,
}

pub struct Server {
    pub url: String,
    requests: Arc<Mutex<Vec<Seen>>>,
}

impl Server {
    /// A hyper server; the function gets the number of the request, from 0, and the request.
    pub async fn start(reply: impl Fn(usize, &Seen) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (seen, reply) = (requests.clone(), Arc::new(reply));
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let (seen, reply) = (seen.clone(), reply.clone());
                let service =
                    service_fn(move |request| answer(request, seen.clone(), reply.clone()));
                tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
            }
        });
        Self { url, requests }
    }

    /// A server that gives these answers one after the other, the last one again and again.
    pub async fn answers(answers: Vec<Response<&'static str>>) -> Self {
        Self::start(move |number, _| {
            let answer = &answers[number.min(answers.len() - 1)];
            let mut response = Response::new(Full::from(*answer.body()));
            *response.status_mut() = answer.status();
            *response.headers_mut() = answer.headers().clone();
            Reply::Now(response)
        })
        .await
    }

    /// A server that writes these bytes and closes, one text for each connection.
    pub async fn raw(texts: Vec<Vec<u8>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = requests.clone();
        tokio::spawn(async move {
            for number in 0.. {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    let Ok(byte) = stream.read_u8().await else { break };
                    head.push(byte);
                }
                let head = String::from_utf8(head).unwrap();
                let mut length = 0;
                for line in head.lines() {
                    if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                        length = value.trim().parse().unwrap();
                    }
                }
                let mut body = vec![0; length];
                stream.read_exact(&mut body).await.unwrap();
                let mut words = head.split(' ');
                seen.lock().unwrap().push(Seen {
                    method: words.next().unwrap().parse().unwrap(),
                    target: words.next().unwrap().to_owned(),
                    headers: HeaderMap::new(),
                    body: body.into(),
                });
                let text = &texts[texts.len().min(number + 1) - 1];
                stream.write_all(text).await.unwrap();
                stream.shutdown().await.unwrap();
            }
        });
        Self { url, requests }
    }

    pub fn requests(&self) -> Vec<Seen> {
        self.requests.lock().unwrap().clone()
    }

    pub fn count(&self) -> usize {
        self.requests.lock().unwrap().len()
    }
}

pub type Requests = Arc<Mutex<Vec<Seen>>>;

/// Notes a request and answers it; the service of all servers.
pub async fn answer<R: Fn(usize, &Seen) -> Reply>(
    request: Request<Incoming>,
    requests: Requests,
    reply: Arc<R>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let seen = Seen {
        method: head.method,
        target: head.uri.path_and_query().unwrap().to_string(),
        headers: head.headers,
        body: body.collect().await.unwrap().to_bytes(),
    };
    let number = {
        let mut all = requests.lock().unwrap();
        all.push(seen.clone());
        all.len() - 1
    };
    match reply(number, &seen) {
        Reply::Now(response) => Ok(response),
        Reply::Never => std::future::pending().await,
    }
}

/// The address of a port where nobody listens.
pub async fn nowhere() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

pub fn ok(body: &'static str) -> Response<&'static str> {
    status(200, body)
}

pub fn status(status: u16, body: &'static str) -> Response<&'static str> {
    Response::builder().status(status).body(body).unwrap()
}

pub fn with_header(
    mut response: Response<&'static str>,
    name: &'static str,
    value: &'static str,
) -> Response<&'static str> {
    response.headers_mut().insert(name, value.parse().unwrap());
    response
}
