//! An upload that can go on.

use std::fmt;

use http::HeaderValue;
use http::header::{HeaderName, LOCATION};

use super::super::attempt::Whole;
use super::super::call::{Answer, Target};
use super::super::delegate::Watch;
use super::super::problem::{Problem, Refusal};
use super::super::send::{Plan, Success};
use super::super::{Call, Error, ErrorKind, Piece, Result};
use super::session::Session;
use super::source::Media;
use super::transfer::Transfer;
use super::upload::{UploadPath, settings};
use super::{buffer, place};

/// What the chunks of an upload are multiples of.
const UNIT: usize = 256 * 1024;
/// The size of chunks unless set.
const CHUNK: usize = 8 * 1024 * 1024;
/// What is said of the media when the session begins.
const MEDIA_TYPE: HeaderName = HeaderName::from_static("x-upload-content-type");
const MEDIA_LENGTH: HeaderName = HeaderName::from_static("x-upload-content-length");

/// How far an upload has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// How many bytes the server has confirmed.
    pub uploaded: u64,
    /// How many there are, as far as it is known.
    pub total: Option<u64>,
}

pub(super) type OnProgress = Box<dyn FnMut(Progress) + Send>;

/// An upload in chunks, each confirmed by the server.
///
/// One chunk is in memory at a time. After a broken connection, a timeout, 408, 429 or 5xx the
/// server is asked how much it has, and the upload goes on from there, as often as the retry policy
/// allows without any new byte (4 times, unless set; with
/// [`never`](super::super::RetryPolicy::never) not at all). The attempt timeout is the longest time
/// without a byte going or coming; the source may take any time. There is no deadline unless one is
/// set.
///
/// ```ignore
/// let upload = hub.files().create(&file).upload_resumable(media);
/// let session = upload.start().await?;
/// save(session.save());
/// let file = upload.session(session).on_progress(|so_far| println!("{so_far:?}")).send().await?;
/// ```
#[must_use = "an upload does nothing until it is sent"]
pub struct ResumableUpload<T> {
    call: Call<T>,
    path: UploadPath,
    media: Media,
    chunk_size: usize,
    session: Option<Session>,
    on_progress: Option<OnProgress>,
}

impl<T: Answer> ResumableUpload<T> {
    /// An upload of the media of a call.
    pub fn new(call: Call<T>, path: UploadPath, media: Media) -> Self {
        Self { call, path, media, chunk_size: CHUNK, session: None, on_progress: None }
    }

    /// The size of the chunks in bytes, rounded up to a multiple of 256 KiB; 8 MiB unless set.
    pub fn chunk_size(mut self, bytes: usize) -> Self {
        let largest = usize::MAX / UNIT;
        self.chunk_size = bytes.div_ceil(UNIT).clamp(1, largest) * UNIT;
        self
    }

    /// Is called whenever the server has confirmed bytes.
    pub fn on_progress(mut self, tell: impl FnMut(Progress) + Send + 'static) -> Self {
        self.on_progress = Some(Box::new(tell));
        self
    }

    /// Goes on in a session instead of beginning one. The source begins at the beginning of the
    /// media; what the server has already is read and left out. The metadata are those with which
    /// the session began.
    pub fn session(mut self, session: Session) -> Self {
        self.session = Some(session);
        self
    }

    /// Begins a session and sends nothing of the media.
    ///
    /// # Errors
    ///
    /// As of any call; [`ErrorKind::Build`] also for media larger than the method takes or a
    /// content type that is none, [`ErrorKind::Protocol`] where the session is at a place that is
    /// not trusted.
    pub fn start(&self) -> impl Future<Output = Result<Session>> + Send + use<'_, T> {
        let Self { call, path, media, .. } = self;
        begin(call, path.path, path.check(media), media.length)
    }

    /// Uploads the media and gives what the method answers.
    ///
    /// Dropping the future leaves the session as it is: a saved one can go on.
    ///
    /// # Errors
    ///
    /// As of [`start`](Self::start); [`ErrorKind::Source`] for a source that failed or has another
    /// length, [`ErrorKind::SessionExpired`] where the upload has to begin anew.
    pub async fn send(self) -> Result<T> {
        let settings = settings(&self.call);
        let end = settings.end();
        let (session, is_resumed) = match &self.session {
            Some(session) => (session.clone(), true),
            None => (self.start().await?, false),
        };
        let Self { call, path, media, chunk_size, on_progress, .. } = self;
        let refused = |problem| Error::new(Some(call.method.id), problem, false, 0);
        let url = session.url(&call.hub).map_err(refused)?;
        let media_type =
            path.check(&media).map_err(|text| Error::build(Some(call.method.id), text))?;
        let length = media.length;
        let transfer = Transfer {
            call: &call,
            url,
            media_type,
            settings,
            buffer: buffer::Buffer::new(media.content(), length, chunk_size),
            on_progress,
            attempts: 0,
            was_last_sent: false,
            is_in_doubt: false,
        };
        transfer.run(is_resumed, end).await
    }
}

/// Begins a session. It holds nothing of the media, so that it can go on on any thread.
async fn begin<T>(
    call: &Call<T>,
    path: &[Piece],
    media_type: Result<HeaderValue, String>,
    length: Option<u64>,
) -> Result<Session> {
    let method = call.method;
    let settings = settings(call);
    let build = |text: String| Error::build(Some(method.id), text);
    let media_type = media_type.map_err(build)?;
    let target =
        Target { base: place::root(&call.hub), path, query: &[("uploadType", "resumable")] };
    let mut request = call.request_to(&target, &settings).map_err(build)?;
    request.headers_mut().insert(MEDIA_TYPE, media_type);
    if let Some(length) = length {
        request.headers_mut().insert(MEDIA_LENGTH, length.into());
    }
    let exchange = Whole {
        body: request.body().clone(),
        time: settings.attempt_timeout(),
        size: settings.max_response_size(),
    };
    let plan = Plan {
        hub: &call.hub,
        method,
        request: request.map(|_| ()),
        exchange,
        // A session too many does nothing.
        is_idempotent: true,
        settings,
    };
    let Success { answer, attempts } = plan
        .send(&mut Watch::nobody())
        .await
        .map_err(|failure| Error::new(Some(method.id), failure.problem, false, failure.attempts))?;
    let refused = |problem| Error::new(Some(method.id), problem, false, attempts);
    let location = answer.head.headers.get(LOCATION).and_then(|value| value.to_str().ok());
    let Some(location) = location else {
        return Err(refused(Problem::Refused(Refusal::new(
            ErrorKind::Protocol,
            "the server began a session of the upload and does not say where it is",
        ))));
    };
    let session = Session::new(location);
    session.url(&call.hub).map_err(refused)?;
    Ok(session)
}

impl<T> fmt::Debug for ResumableUpload<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResumableUpload")
            .field("call", &self.call)
            .field("media", &self.media)
            .field("chunk_size", &self.chunk_size)
            .field("session", &self.session)
            .finish_non_exhaustive()
    }
}
