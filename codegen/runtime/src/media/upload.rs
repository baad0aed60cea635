//! An upload in one request.

use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue};

use super::super::call::{Answer, Target};
use super::super::delegate::Watch;
use super::super::problem::{Problem, Refusal};
use super::super::send::{Plan, Success};
use super::super::settings::{Limit, Settings};
use super::super::{Call, Error, ErrorKind, Piece, Result};
use super::multipart::{self, Multipart};
use super::outgoing::Upload;
use super::place;
use super::source::{Media, Source};

/// Where a method takes media, and how much of it.
#[derive(Debug)]
pub struct UploadPath {
    /// The path below the API's root, cut into texts and variables.
    pub path: &'static [Piece],
    /// The largest media, in bytes.
    pub max_size: Option<u64>,
}

impl UploadPath {
    /// Whether the media can go there; the content type as a header value.
    pub(super) fn check(&self, media: &Media) -> Result<HeaderValue, String> {
        if let (Some(length), Some(limit)) = (media.length, self.max_size)
            && length > limit
        {
            return Err(format!("the media has {length} bytes, more than the limit of {limit}"));
        }
        multipart::content_type(&media.content_type)
    }
}

/// Uploads media in one request, together with the body of the call where it has one
/// (`uploadType=multipart`, else `uploadType=media`).
///
/// The bytes flow from their source as the connection takes them. A source that fails breaks the
/// request off. Bytes in memory are sent again where the retry policy says so, and after a 401 with
/// a new token; a reader or a stream that was begun cannot be. The attempt timeout is the longest
/// time without a byte going or coming, the source's own waits included; there is no deadline
/// unless one is set.
///
/// # Errors
///
/// As of any call; [`ErrorKind::Build`] also for media larger than the method takes or a content
/// type that is none, [`ErrorKind::Source`] for a source that failed or has another length.
pub async fn upload<T: Answer>(call: Call<T>, path: UploadPath, media: Media) -> Result<T> {
    let settings = settings(&call);
    let method = call.method;
    let build = |text: String| Error::build(Some(method.id), text);
    let media_type = path.check(&media).map_err(build)?;
    let media = checked_empty(media)
        .await
        .map_err(|problem| Error::new(Some(method.id), problem, false, 0))?;
    let has_metadata = call.has_body();
    let upload_type = if has_metadata { "multipart" } else { "media" };
    let target = Target {
        base: place::root(&call.hub),
        path: path.path,
        query: &[("uploadType", upload_type)],
    };
    let mut request = call.request_to(&target, &settings).map_err(build)?;
    let time = settings.attempt_timeout();
    let mut exchange = Upload::new(media, time, settings.max_response_size());
    if has_metadata {
        let parts = Multipart::new(request.body(), media_type.to_str().unwrap_or_default());
        let content_type = HeaderValue::try_from(parts.content_type)
            .map_err(|_| build("the content type cannot stand in a header".to_owned()))?;
        request.headers_mut().insert(CONTENT_TYPE, content_type);
        exchange = exchange.between(parts.before, parts.after);
    } else {
        request.headers_mut().insert(CONTENT_TYPE, media_type);
    }
    set_length(request.headers_mut(), exchange.size());
    let plan = Plan {
        hub: &call.hub,
        method,
        request: request.map(|_| ()),
        exchange,
        is_idempotent: method.http_method.is_idempotent(),
        settings,
    };
    let mut watch = Watch::nobody();
    let Success { answer, attempts } =
        plan.send(&mut watch).await.map_err(|failure| failure.into_error(method))?;
    call.decode(&answer, attempts)
}

/// The settings of a call whose media may take any time.
pub(super) fn settings<T>(call: &Call<T>) -> Settings {
    let settings = call.settings();
    Settings { deadline: settings.deadline.or(Some(Limit(None))), ..settings }
}

pub(super) fn set_length(headers: &mut HeaderMap, length: Option<u64>) {
    match length {
        Some(length) => headers.insert(CONTENT_LENGTH, length.into()),
        None => headers.remove(CONTENT_LENGTH),
    };
}

/// Media without a byte is not asked for any: whether it has none is found out before.
async fn checked_empty(media: Media) -> Result<Media, Problem> {
    if media.length != Some(0) {
        return Ok(media);
    }
    let empty = Media::bytes(media.content_type.clone(), "");
    if matches!(&media.source, Source::Memory(bytes) if bytes.is_empty()) {
        return Ok(empty);
    }
    match media.content().next().await {
        None => Ok(empty),
        Some(Err(problem)) => Err(problem),
        Some(Ok(_)) => Err(Problem::Refused(Refusal::new(
            ErrorKind::Source,
            "the source has more bytes than its length says",
        ))),
    }
}
