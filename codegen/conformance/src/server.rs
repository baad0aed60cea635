//! The server: real sockets, one thread.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::io::{self, Write as _};
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use bytes::Bytes;
use http::{Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::document::{Document, Method};
use crate::media::Media;
use crate::plan::{self, Case, Tally, Way};
use crate::request::{self, Request};
use crate::session::Session;
use crate::verdict::{self, Verdict};

/// The header that says which case of the plan a request belongs to.
pub const CASE: &str = "x-conformance-case";

/// A server on a loopback port that answers the methods of one document.
///
/// It has a plan of calls ([`plan`](Self::plan)); a program carries it out and reports what it got
/// ([`verdict`](Self::verdict)). A request without a case of the plan is checked all the same, as far
/// as the document goes.
#[derive(Debug)]
pub struct Server {
    shared: Arc<Shared>,
    tally: Tally,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// What became of a case.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    pub(crate) requests: usize,
    pub(crate) wrong: Vec<String>,
    /// Of an upload, once it has begun.
    pub(crate) session: Option<Session>,
}

#[derive(Debug)]
struct Shared {
    url: String,
    document: Document,
    cases: BTreeMap<String, Case>,
    /// By case; under the empty name, requests of none.
    seen: Mutex<BTreeMap<String, Seen>>,
}

impl Server {
    /// Starts a server; `seed` decides about all values of the plan.
    ///
    /// # Errors
    /// There is no socket or no thread.
    pub fn start(document: Document, seed: u64) -> io::Result<Self> {
        let (cases, tally) = plan::cases(&document, seed);
        let cases = cases.into_iter().map(|case| (case.id.clone(), case)).collect();
        let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
        listener.set_nonblocking(true)?;
        let url = format!("http://{}", listener.local_addr()?);
        let shared = Arc::new(Shared { url, document, cases, seen: Mutex::default() });
        let (stop, stopped) = oneshot::channel();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
        let served = Arc::clone(&shared);
        let thread = std::thread::Builder::new().spawn(move || {
            runtime.block_on(async {
                tokio::select! {
                    () = accept(listener, served) => {}
                    _ = stopped => {}
                }
            });
        })?;
        Ok(Self { shared, tally, stop: Some(stop), thread: Some(thread) })
    }

    /// Where it is, without a slash at the end.
    pub fn url(&self) -> String {
        self.shared.url.clone()
    }

    /// The calls that are to be made, for the program that makes them.
    pub fn plan(&self) -> Value {
        let methods = self.shared.document.methods();
        let method = |id: &str| methods.iter().find(|method| method.id == id);
        let cases = self
            .shared
            .cases
            .values()
            .filter_map(|case| Some(case.for_caller(method(&case.method)?)));
        json!({
            "url": self.url(),
            "caseHeader": CASE,
            "apiKey": plan::API_KEY,
            "cases": cases.collect::<Value>(),
        })
    }

    /// What to think of what was seen, and of what the caller reports.
    pub fn verdict(&self, report: &Value) -> Verdict {
        let document = &self.shared.document;
        verdict::verdict(document, &self.shared.cases, &self.shared.seen(), &self.tally, report)
    }

    /// Has a program carry out the plan and judges it. The program takes two arguments: a file with
    /// the [plan](Self::plan), and one for its [report](Self::verdict); both are put into `folder`.
    ///
    /// # Errors
    /// The program cannot be started or ends with an error; the files cannot be written or read.
    pub fn carry_out(&self, program: &Path, folder: &Path) -> io::Result<Verdict> {
        let (plan, report) = (folder.join("plan.json"), folder.join("report.json"));
        std::fs::write(&plan, self.plan().to_string())?;
        let output = Command::new(program).args([&plan, &report]).output()?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            return Err(io::Error::other(format!("the program ended badly: {said}")));
        }
        Ok(self.verdict(&serde_json::from_slice(&std::fs::read(&report)?)?))
    }

    /// What was wrong with requests that belong to no case.
    pub fn strays(&self) -> Vec<String> {
        self.shared.seen().remove("").unwrap_or_default().wrong
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // It can only have panicked, and then there is nothing left to end.
            _ = thread.join();
        }
    }
}

async fn accept(listener: std::net::TcpListener, shared: Arc<Shared>) {
    let Ok(listener) = TcpListener::from_std(listener) else { return };
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        _ = stream.set_nodelay(true);
        let shared = Arc::clone(&shared);
        tokio::spawn(async move {
            let service = service_fn(|request| answer(&shared, request));
            // How a connection ends is of no interest: the caller sees it from the other side.
            _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

async fn answer(
    shared: &Shared,
    request: http::Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (parts, body) = request.into_parts();
    let body = body.collect().await.map(http_body_util::Collected::to_bytes);
    let request = Request {
        verb: parts.method,
        uri: parts.uri,
        headers: parts.headers,
        body: body.unwrap_or_default(),
    };
    Ok(shared.answer(&request))
}

impl Shared {
    fn seen(&self) -> MutexGuard<'_, BTreeMap<String, Seen>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(&self, request: &Request) -> Response<Full<Bytes>> {
        let named = request.headers.get(CASE).and_then(|name| name.to_str().ok());
        let case = named.and_then(|name| self.cases.get(name));
        let mut seen = self.seen();
        let entry = seen.entry(case.map(|case| case.id.clone()).unwrap_or_default()).or_default();
        let number = entry.requests;
        entry.requests += 1;
        let wrong = self.check(case, entry, number, request);
        entry.wrong.extend(wrong.iter().cloned());
        if !wrong.is_empty() {
            return refused(&wrong);
        }
        if let (Some(case), Some(session)) = (case, &entry.session)
            && !session.is_complete
        {
            return if number == 0 { self.begun(case) } else { incomplete(session) };
        }
        if let (Some(Way::Download), Some(media)) =
            (case.map(|case| case.way), case.and_then(|case| case.media.as_ref()))
        {
            return sent_media(media);
        }
        // A session has several requests and one answer.
        let index = if entry.session.is_some() { 0 } else { number };
        match case.and_then(|case| case.answers.get(index)) {
            Some(json) if self.document.wraps_data() => sent(&json!({ "data": json }), request),
            Some(json) => sent(json, request),
            // An answer that nobody reads: none, or an empty message.
            None if number.is_multiple_of(2) => sent(&json!({}), request),
            None => respond(StatusCode::NO_CONTENT, Bytes::new(), false),
        }
    }

    fn check(
        &self,
        case: Option<&Case>,
        entry: &mut Seen,
        number: usize,
        request: &Request,
    ) -> Vec<String> {
        let line = format!("{} {}", request.verb, request.uri);
        let Some(case) = case else {
            let routes = request::routes(&self.document, request);
            // Several methods may share a path; the first that takes the request will do.
            let wrong = routes
                .iter()
                .map(|(method, way)| request::check(&self.document, method, *way, None, request));
            let wrong = wrong.min_by_key(Vec::len);
            return wrong.unwrap_or_else(|| vec![format!("no method is called by {line}")]);
        };
        let methods = self.document.methods();
        let Some(method) = methods.iter().find(|method| method.id == case.method) else {
            return vec![format!("there is no method {}", case.method)];
        };
        let again = || vec![format!("is called once more: {line}")];
        let wrong = match &mut entry.session {
            Some(session) if session.is_complete => return again(),
            Some(session) => self.go_on(case, method, session, request),
            None => {
                // The token of a page stands in the answer before it.
                let token = number.checked_sub(1).and_then(|before| case.answers.get(before));
                let paging = plan::paging(&self.document, method);
                let token = token.and_then(|answer| answer[paging?.token].as_str());
                if number > 0 && token.is_none_or(str::is_empty) {
                    return again();
                }
                request::check(&self.document, method, case.way, Some((case, token)), request)
            }
        };
        if case.way == Way::Resumable && number == 0 && wrong.is_empty() {
            entry.session = Some(Session::default());
        }
        wrong.into_iter().map(|what| format!("{what} ({line})")).collect()
    }

    /// What is wrong with a request of an upload that has begun; else its bytes are taken.
    fn go_on(
        &self,
        case: &Case,
        method: &Method,
        session: &mut Session,
        request: &Request,
    ) -> Vec<String> {
        let expected = Session::path(&case.id);
        if request.uri.to_string() != expected {
            return vec![format!("the session is at {expected}")];
        }
        let wrong = request::check_session(&self.document, method, case, request);
        match &case.media {
            Some(media) if wrong.is_empty() => session.take(media, request),
            _ => wrong,
        }
    }

    /// The answer to the first request of a resumable upload.
    fn begun(&self, case: &Case) -> Response<Full<Bytes>> {
        let place = format!("{}{}", self.url, Session::path(&case.id));
        let response = Response::builder().header("location", place);
        response.body(Full::default()).unwrap_or_default()
    }
}

/// The answer to a part of an upload: how much has come.
fn incomplete(session: &Session) -> Response<Full<Bytes>> {
    let mut response = Response::builder().status(StatusCode::PERMANENT_REDIRECT);
    if let Some(last) = session.received.checked_sub(1) {
        response = response.header("range", format!("bytes=0-{last}"));
    }
    response.body(Full::default()).unwrap_or_default()
}

/// Media, or the part of it that was asked for.
fn sent_media(media: &Media) -> Response<Full<Bytes>> {
    let mut response = Response::builder().header("content-type", &media.content_type);
    if let Some((start, end)) = media.part {
        let range = format!("bytes {start}-{}/{}", end - 1, media.size);
        response = response.status(StatusCode::PARTIAL_CONTENT).header("content-range", range);
    }
    response.body(Full::new(media.part().into())).unwrap_or_default()
}

/// The answer to a request that is not as it should be.
fn refused(wrong: &[String]) -> Response<Full<Bytes>> {
    let error = json!({"code": 400, "message": wrong.join("; "), "status": "INVALID_ARGUMENT"});
    let body = json!({ "error": error }).to_string();
    respond(StatusCode::BAD_REQUEST, body.into(), false)
}

/// A good answer, compressed where the caller knows how, now and then.
fn sent(json: &Value, request: &Request) -> Response<Full<Bytes>> {
    let body = json.to_string().into_bytes();
    let takes = |name: &str| {
        let value = request.headers.get(name).and_then(|value| value.to_str().ok());
        value.is_some_and(|value| value.contains("gzip"))
    };
    // Google compresses only for a user agent that says so too.
    if takes("accept-encoding") && takes("user-agent") && body.len().is_multiple_of(2) {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        let packed = encoder.write_all(&body).and_then(|()| encoder.finish());
        if let Ok(packed) = packed {
            return respond(StatusCode::OK, packed.into(), true);
        }
    }
    respond(StatusCode::OK, body.into(), false)
}

fn respond(status: StatusCode, body: Bytes, is_packed: bool) -> Response<Full<Bytes>> {
    let mut response = Response::builder().status(status);
    if !body.is_empty() {
        response = response.header("content-type", "application/json; charset=UTF-8");
    }
    if is_packed {
        response = response.header("content-encoding", "gzip");
    }
    response.body(Full::new(body)).unwrap_or_default()
}
