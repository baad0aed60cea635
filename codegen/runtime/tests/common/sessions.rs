//! A server that speaks the resumable protocol, and breaks it where a test says so.
//!
//! Written from <https://cloud.google.com/storage/docs/performing-resumable-uploads> and
//! <https://developers.google.com/drive/api/guides/manage-uploads>: what it gets has to be right,
//! or it is a violation that the test sees.

use std::sync::{Arc, Mutex, MutexGuard};

use codegen_runtime as rt;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use rt::Bytes;
use rt::http::{HeaderMap, Method, Request, Response};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::tls;

const UNIT: usize = 256 * 1024;

/// What a request is, and in which place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Create,
    /// A chunk, perhaps the last.
    Chunk {
        is_last: bool,
    },
    Query,
}

/// What goes wrong with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    None,
    /// The connection breaks after so many bytes; whole units of them are kept.
    Cut(usize),
    /// Nothing is kept.
    Status(u16),
    /// Only so many bytes are kept.
    Short(usize),
    /// Everything is done and nothing said.
    LoseAnswer,
    /// The session is over.
    Expire(u16),
    /// The answer is this number of bytes.
    Claim(Option<u64>),
    /// A success before the client has sent its last bytes. Afterwards it is no fault: nobody could
    /// tell it from the truth.
    TooEarly,
    /// Bytes are read and nothing is said.
    Silence,
}

#[derive(Default)]
pub struct State {
    /// Method and `Content-Range` of every request.
    pub log: Vec<String>,
    pub headers: Vec<HeaderMap>,
    pub metadata: Bytes,
    pub received: Vec<u8>,
    /// What is complete.
    pub object: Option<Vec<u8>>,
    pub is_expired: bool,
    /// Whether the client has sent its last bytes, whatever became of them.
    pub was_last_seen: bool,
    /// What a client must not do.
    pub violations: Vec<String>,
    /// The place of the session, if not here.
    pub location: Option<String>,
}

pub type Faults = Box<dyn FnMut(usize, Step) -> Fault + Send>;

pub struct Sessions {
    pub url: String,
    pub pem: String,
    pub state: Arc<Mutex<State>>,
}

#[derive(Clone)]
struct Context {
    url: String,
    state: Arc<Mutex<State>>,
    faults: Arc<Mutex<Faults>>,
}

impl Sessions {
    /// Over HTTP/1.1. The faults are asked for with the number of the request, from 0.
    pub async fn start(faults: impl FnMut(usize, Step) -> Fault + Send + 'static) -> Self {
        Self::listen(None, faults).await
    }

    /// Over HTTP/2 and TLS, with a certificate for `localhost`.
    pub async fn tls(faults: impl FnMut(usize, Step) -> Fault + Send + 'static) -> Self {
        Self::listen(Some("h2"), faults).await
    }

    /// These faults one after the other, then none.
    pub async fn with(faults: Vec<Fault>) -> Self {
        Self::start(move |number, _| faults.get(number).copied().unwrap_or(Fault::None)).await
    }

    async fn listen(
        protocol: Option<&'static str>,
        faults: impl FnMut(usize, Step) -> Fault + Send + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(Mutex::new(State::default()));
        let (url, pem, acceptor) = match protocol {
            None => (format!("http://127.0.0.1:{port}"), String::new(), None),
            Some(_) => {
                let setting = tls::Setting { protocols: &["h2"], ..tls::Setting::default() };
                let (config, pem, _) = tls::config(&["localhost"], &setting);
                let acceptor = TlsAcceptor::from(Arc::new(config));
                (format!("https://localhost:{port}"), pem, Some(acceptor))
            }
        };
        let faults: Faults = Box::new(faults);
        let context = Context {
            url: url.clone(),
            state: state.clone(),
            faults: Arc::new(Mutex::new(faults)),
        };
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let (context, acceptor) = (context.clone(), acceptor.clone());
                tokio::spawn(async move {
                    match acceptor {
                        None => connection(stream, context).await,
                        Some(acceptor) => {
                            if let Ok(stream) = acceptor.accept(stream).await {
                                connection(stream, context).await;
                            }
                        }
                    }
                });
            }
        });
        Self { url, pem, state }
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    pub fn log(&self) -> Vec<String> {
        self.state().log.clone()
    }

    /// The server has exactly these bytes, and the client did nothing wrong.
    #[track_caller]
    pub fn assert_has(&self, bytes: &[u8]) {
        let state = self.state();
        assert_eq!(state.violations, Vec::<String>::new());
        let object = state.object.as_ref().expect("the object is complete");
        assert_eq!(object.len(), bytes.len());
        assert!(object == bytes, "the bytes differ");
    }

    /// The server has no object, and the client did nothing wrong.
    #[track_caller]
    pub fn assert_has_none(&self) {
        let state = self.state();
        assert_eq!(state.violations, Vec::<String>::new());
        assert!(state.object.is_none());
    }
}

async fn connection(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    context: Context,
) {
    let service = service_fn(move |request| answer(request, context.clone()));
    let _ = auto::Builder::new(TokioExecutor::new())
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

/// The connection breaks.
#[derive(Debug)]
struct Cut;

impl std::fmt::Display for Cut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("cut")
    }
}

impl std::error::Error for Cut {}

type Answer = Result<Response<Full<Bytes>>, Cut>;

async fn answer(request: Request<Incoming>, context: Context) -> Answer {
    let (head, mut body) = request.into_parts();
    let range = head.headers.get("content-range").map(|value| value.to_str().unwrap().to_owned());
    let step = match &range {
        None => Step::Create,
        Some(range) if range.starts_with("bytes */") => Step::Query,
        Some(range) => Step::Chunk { is_last: is_last(range) },
    };
    let number = {
        let mut state = context.state.lock().unwrap();
        let shown = range.clone().unwrap_or_else(|| head.uri.to_string());
        state.log.push(format!("{} {shown}", head.method));
        state.headers.push(head.headers.clone());
        state.was_last_seen |= step == Step::Chunk { is_last: true };
        if head.headers.get("authorization").is_none_or(|value| value != "Bearer secret-token") {
            state.violations.push("no token".to_owned());
        }
        state.log.len() - 1
    };
    let fault = (context.faults.lock().unwrap())(number, step);
    let keep = match fault {
        Fault::Cut(bytes) => bytes / UNIT * UNIT,
        Fault::Short(bytes) => bytes,
        Fault::Status(_) | Fault::Expire(_) => 0,
        _ => usize::MAX,
    };
    let read_up_to = if let Fault::Cut(bytes) = fault { bytes } else { usize::MAX };
    let mut bytes = Vec::new();
    while bytes.len() < read_up_to {
        match body.frame().await {
            None => break,
            Some(Ok(frame)) => bytes.extend_from_slice(frame.data_ref().unwrap()),
            // A client that goes away in the middle: whole units may be kept.
            Some(Err(_)) => {
                keep_bytes(&context, range.as_deref(), &bytes[..bytes.len() / UNIT * UNIT]);
                return Err(Cut);
            }
        }
    }
    match step {
        Step::Create => return create(&head.method, &head.uri.to_string(), bytes, fault, &context),
        Step::Query if !bytes.is_empty() => violation(&context, "a query with a body"),
        Step::Query => {}
        Step::Chunk { .. } => {
            check(range.as_deref().unwrap(), &head.headers, bytes.len(), fault, &context);
            bytes.truncate(keep);
            keep_bytes(&context, range.as_deref(), &bytes);
        }
    }
    if head.method != Method::PUT || !head.uri.query().unwrap_or_default().contains("upload_id=1") {
        violation(&context, "not a PUT to the session");
    }
    finish(range.as_deref().unwrap_or_default(), fault, &context).await
}

fn violation(context: &Context, text: &str) {
    context.state.lock().unwrap().violations.push(text.to_owned());
}

fn create(method: &Method, uri: &str, bytes: Vec<u8>, fault: Fault, context: &Context) -> Answer {
    match fault {
        Fault::None => {}
        Fault::Status(code) | Fault::Expire(code) => return Ok(status(code)),
        _ => return Err(Cut),
    }
    if *method != Method::POST || !uri.contains("/resumable/upload/storage/v1/b/b/o?") {
        violation(context, "a session at another place");
    }
    let mut state = context.state.lock().unwrap();
    state.metadata = bytes.into();
    let here = format!("{}/resumable/upload/storage/v1/b/b/o?upload_id=1", context.url);
    let location = state.location.clone().unwrap_or(here);
    Ok(Response::builder().header("location", location).body(Full::default()).unwrap())
}

fn status(code: u16) -> Response<Full<Bytes>> {
    Response::builder().status(code).body(Full::from("{}")).unwrap()
}

/// `bytes 0-9/10` or `bytes */10`: start, end (not included), total.
fn parsed(range: &str) -> (u64, u64, Option<u64>) {
    let (range, total) = range.strip_prefix("bytes ").unwrap().split_once('/').unwrap();
    let total = total.parse().ok();
    match range.split_once('-') {
        None => (0, 0, total),
        Some((first, last)) => (first.parse().unwrap(), last.parse::<u64>().unwrap() + 1, total),
    }
}

fn is_last(range: &str) -> bool {
    let (_, end, total) = parsed(range);
    total == Some(end)
}

fn check(range: &str, headers: &HeaderMap, read: usize, fault: Fault, context: &Context) {
    let (start, end, _) = parsed(range);
    let size = end - start;
    let length = headers.get("content-length").and_then(|value| value.to_str().ok()?.parse().ok());
    if length != Some(size) {
        violation(context, &format!("{range} with the length {length:?}"));
    }
    if !is_last(range) && !size.is_multiple_of(UNIT as u64) {
        violation(context, &format!("{range} is no multiple of 256 KiB"));
    }
    if !matches!(fault, Fault::Cut(_)) && read as u64 != size {
        violation(context, &format!("{range} with {read} bytes"));
    }
}

fn keep_bytes(context: &Context, range: Option<&str>, bytes: &[u8]) {
    let Some(range) = range else { return };
    let (start, _, _) = parsed(range);
    let mut state = context.state.lock().unwrap();
    if state.object.is_some() || state.is_expired || range.starts_with("bytes */") {
        return;
    }
    if start != state.received.len() as u64 {
        let text = format!("{range} where {} bytes are there", state.received.len());
        state.violations.push(text);
        return;
    }
    state.received.extend_from_slice(bytes);
}

async fn finish(range: &str, fault: Fault, context: &Context) -> Answer {
    let (received, is_success) = {
        let mut state = context.state.lock().unwrap();
        if let Fault::Expire(_) = fault {
            state.is_expired = true;
        }
        if state.is_expired {
            return Ok(status(if let Fault::Expire(code) = fault { code } else { 404 }));
        }
        let (_, _, total) = parsed(range);
        let is_all = total == Some(state.received.len() as u64);
        if is_all && state.object.is_none() && !matches!(fault, Fault::Status(_)) {
            state.object = Some(state.received.clone());
        }
        let is_too_early = fault == Fault::TooEarly && !state.was_last_seen;
        (state.received.len() as u64, state.object.is_some() || is_too_early)
    };
    let has = |received: Option<u64>| {
        let answer = Response::builder().status(308);
        let answer = match received {
            None | Some(0) => answer,
            Some(received) => answer.header("range", format!("bytes=0-{}", received - 1)),
        };
        Ok(answer.body(Full::default()).unwrap())
    };
    match fault {
        Fault::Cut(_) | Fault::LoseAnswer => Err(Cut),
        Fault::Silence => std::future::pending().await,
        Fault::Status(code) => Ok(status(code)),
        Fault::Claim(received) => has(received),
        _ if is_success => {
            let body = format!(r#"{{"etag":"done","size":"{received}"}}"#);
            Ok(Response::new(Full::from(body)))
        }
        _ => has(Some(received)),
    }
}
