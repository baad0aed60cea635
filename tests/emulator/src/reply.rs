//! Answers on their way out: encoding, and the ways for a body to come slowly or not in full.

use crate::clock::Clock;
use crate::error::{ApiError, Code, envelope, html_page, legacy};
use crate::fault::{BodyShape, CannedAnswer};
use crate::state::Shared;
use crate::switches::{Cut, RetryAfter, Switches};
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, DATE, RETRY_AFTER};
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};
use hyper::body::{Body, Frame, SizeHint};
use serde_json::Value;
use std::collections::VecDeque;
use std::io::{self, Write as _};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::time::{Sleep, sleep};

const JSON: &str = "application/json; charset=UTF-8";
const HTML: &str = "text/html; charset=UTF-8";
/// How long a body that breaks off waits first, so that what has been written is sent.
const LINGER: Duration = Duration::from_millis(10);

/// An answer before it is encoded.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    headers: Vec<(HeaderName, String)>,
    content_type: &'static str,
    body: Vec<u8>,
}

/// How answers of one request are spelled.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Style {
    pub(crate) pretty: bool,
    /// The client asked for the older shape of errors.
    pub(crate) legacy: bool,
}

impl Reply {
    pub(crate) fn json(status: u16, value: &Value, style: Style) -> Self {
        let body = if style.pretty {
            serde_json::to_vec_pretty(value).map(|mut text| {
                text.push(b'\n');
                text
            })
        } else {
            serde_json::to_vec(value)
        };
        let body = body.unwrap_or_default();
        Self { status, headers: Vec::new(), content_type: JSON, body }
    }

    pub(crate) fn html(status: u16, path: &str) -> Self {
        let body = html_page(status, path).into_bytes();
        Self { status, headers: Vec::new(), content_type: HTML, body }
    }

    pub(crate) fn error(
        error: &ApiError,
        style: Style,
        switches: &Switches,
        clock: &Clock,
    ) -> Self {
        let status = error.code.http();
        let body =
            if style.legacy { legacy(status, &error.message, error.code) } else { error.body() };
        let mut reply = Self::json(status, &body, style);
        for (name, value) in &error.headers {
            reply.headers.push((HeaderName::from_static(name), value.clone()));
        }
        reply.retry_after(switches.retry_after, clock);
        reply
    }

    pub(crate) fn canned(
        canned: &CannedAnswer,
        style: Style,
        switches: &Switches,
        clock: &Clock,
    ) -> Self {
        let status = canned.status;
        let code = canned.code.unwrap_or_else(|| Code::of_http(status));
        let message = canned.message.as_deref().unwrap_or_else(|| code.usual_message());
        let mut reply = match &canned.shape {
            BodyShape::Google => {
                let body = envelope(status, message, Some(code.name()), &canned.details);
                Self::json(status, &body, style)
            }
            BodyShape::NoStatus => {
                Self::json(status, &envelope(status, message, None, &canned.details), style)
            }
            BodyShape::Legacy => Self::json(status, &legacy(status, message, code), style),
            BodyShape::Html => Self::html(status, "/"),
            BodyShape::Empty => Self::bytes(status, Vec::new()),
            BodyShape::NotUtf8 => Self::bytes(status, b"{\"error\": \"\xff\xfe\xc3\"}".to_vec()),
            BodyShape::Text(text) => Self::bytes(status, text.clone().into_bytes()),
        };
        match canned.retry_after {
            Some(retry_after) => reply.retry_after_always(retry_after, clock),
            None => reply.retry_after(switches.retry_after, clock),
        }
        reply
    }

    fn bytes(status: u16, body: Vec<u8>) -> Self {
        Self { status, headers: Vec::new(), content_type: JSON, body }
    }

    fn retry_after(&mut self, retry_after: RetryAfter, clock: &Clock) {
        if matches!(self.status, 429 | 503) {
            self.retry_after_always(retry_after, clock);
        }
    }

    fn retry_after_always(&mut self, retry_after: RetryAfter, clock: &Clock) {
        let value = match retry_after {
            RetryAfter::Absent => return,
            RetryAfter::Seconds(seconds) => seconds.to_string(),
            RetryAfter::Date(ahead) => clock.http_date(ahead),
        };
        self.headers.push((RETRY_AFTER, value));
    }
}

/// How a body travels.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Travel {
    pub(crate) gzip: bool,
    pub(crate) chunked: bool,
    pub(crate) cut: Option<Cut>,
    /// Bytes in a piece, and the pause before each.
    pub(crate) slow: Option<(usize, Duration)>,
}

/// Whether the client asks for gzip the way the API wants it: in two headers.
pub(crate) fn wants_gzip(headers: &HeaderMap) -> bool {
    let says = |name: HeaderName| {
        let mut values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
        values.any(|value| value.to_ascii_lowercase().contains("gzip"))
    };
    says(http::header::ACCEPT_ENCODING) && says(http::header::USER_AGENT)
}

/// Makes the answer that goes to hyper.
pub(crate) fn send(
    reply: Reply,
    travel: Travel,
    clock: &Clock,
    guard: Guard,
) -> Response<ReplyBody> {
    let mut response = Response::new(());
    *response.status_mut() =
        StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(reply.content_type));
    headers.insert("cache-control", HeaderValue::from_static("private"));
    headers.insert("server", HeaderValue::from_static("ESF"));
    headers.append("vary", HeaderValue::from_static("Origin, X-Origin, Referer"));
    if let Ok(date) = clock.http_date(Duration::ZERO).parse() {
        headers.insert(DATE, date);
    }
    for (name, value) in &reply.headers {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.append(name, value);
        }
    }

    let mut body = reply.body;
    if travel.gzip || travel.cut == Some(Cut::Gzip) {
        body = compress(&body);
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        headers.append("vary", HeaderValue::from_static("Accept-Encoding"));
    }
    let whole = body.len();
    let mut promised = None;
    match travel.cut {
        Some(Cut::Half) => {
            body.truncate(whole / 2);
            promised = Some(whole);
        }
        Some(Cut::LengthTooLong) => promised = Some(whole + 64),
        // Half is enough to lose data; the trailer is gone with it.
        Some(Cut::Gzip) => body.truncate(whole / 2),
        Some(Cut::LastChunk) | None => {}
    }
    if let Some(length) = promised {
        headers.insert(CONTENT_LENGTH, length.into());
    }
    let broken = matches!(travel.cut, Some(Cut::Half | Cut::LengthTooLong | Cut::LastChunk));
    let length = (!broken && !travel.chunked).then_some(body.len() as u64);
    let (piece, pause) = travel.slow.unwrap_or((usize::MAX, Duration::ZERO));
    response.map(|()| ReplyBody::new(body, piece, pause, broken, length, guard))
}

fn compress(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    // Writing to memory cannot fail.
    _ = encoder.write_all(body);
    encoder.finish().unwrap_or_default()
}

/// Ends the entry of a request in the journal: as answered, or as abandoned if it is dropped.
#[derive(Debug)]
pub(crate) struct Guard {
    shared: Arc<Shared>,
    sequence: u64,
    ended: bool,
}

impl Guard {
    pub(crate) fn new(shared: Arc<Shared>, sequence: u64) -> Self {
        Self { shared, sequence, ended: false }
    }

    pub(crate) fn status(&self, status: u16) {
        self.shared.lock().note(self.sequence, |entry| entry.status = Some(status));
    }

    fn end(&mut self, abandoned: bool) {
        if std::mem::replace(&mut self.ended, true) {
            return;
        }
        let now = self.shared.clock.elapsed();
        self.shared.lock().note(self.sequence, |entry| {
            entry.ended = Some(now);
            entry.abandoned = abandoned;
        });
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.end(true);
    }
}

/// The body of an answer.
#[derive(Debug)]
pub(crate) struct ReplyBody {
    pieces: VecDeque<Bytes>,
    pause: Duration,
    waiting: Option<Pin<Box<Sleep>>>,
    /// It ends with an error, so that the connection breaks off.
    broken: bool,
    length: Option<u64>,
    guard: Guard,
}

impl ReplyBody {
    fn new(
        body: Vec<u8>,
        piece: usize,
        pause: Duration,
        broken: bool,
        length: Option<u64>,
        guard: Guard,
    ) -> Self {
        let mut rest = Bytes::from(body);
        let mut pieces = VecDeque::new();
        while !rest.is_empty() {
            pieces.push_back(rest.split_to(piece.max(1).min(rest.len())));
        }
        let mut body = Self { pieces, pause, waiting: None, broken, length, guard };
        body.note_end();
        body
    }

    /// The last piece is about to be handed over: from the client's side, the answer is there.
    fn note_end(&mut self) {
        if self.pieces.is_empty() && !self.broken {
            self.guard.end(false);
        }
    }

    fn poll_pause(&mut self, cx: &mut Context<'_>, pause: Duration) -> Poll<()> {
        if pause.is_zero() {
            return Poll::Ready(());
        }
        let timer = self.waiting.get_or_insert_with(|| Box::pin(sleep(pause)));
        ready!(timer.as_mut().poll(cx));
        self.waiting = None;
        Poll::Ready(())
    }
}

impl Body for ReplyBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if self.pieces.is_empty() {
            if !self.broken {
                return Poll::Ready(None);
            }
            ready!(self.poll_pause(cx, LINGER));
            self.guard.end(true);
            return Poll::Ready(Some(Err(io::Error::other("the answer breaks off on purpose"))));
        }
        let pause = self.pause;
        ready!(self.poll_pause(cx, pause));
        let piece = self.pieces.pop_front();
        self.note_end();
        Poll::Ready(piece.map(|piece| Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.pieces.is_empty() && !self.broken
    }

    fn size_hint(&self) -> SizeHint {
        match self.length {
            Some(_) => {
                SizeHint::with_exact(self.pieces.iter().map(|piece| piece.len() as u64).sum())
            }
            None => SizeHint::new(),
        }
    }
}
