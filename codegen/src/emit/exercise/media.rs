//! Media of a plan, up and down.

// What of this is needed depends on the methods.
#![allow(dead_code)]

use api::runtime as rt;
use rt::media::{DownloadCall, Media, ResumableUpload, Session};
use rt::{Answer, BoxError, Value};

use crate::run::{Case, Outcome, report};

fn number(value: &Value) -> Result<u64, BoxError> {
    value.as_u64().ok_or_else(|| format!("{value} is no number of bytes").into())
}

/// The media to upload: bytes that seed and size decide.
pub(super) fn media(case: &Case) -> Result<Media, BoxError> {
    let plan = case.media();
    let content_type = plan["type"].as_str().unwrap_or_default();
    let mut state = number(&plan["seed"])?;
    let mut bytes = Vec::new();
    for _ in 0..number(&plan["size"])? {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        bytes.push((state >> 56) as u8);
    }
    Ok(if plan["isSizeKnown"] == true {
        Media::bytes(content_type, bytes)
    } else {
        Media::reader(content_type, std::io::Cursor::new(bytes))
    })
}

/// Uploads media in the smallest chunks there are; now and then in a session that was saved.
pub(super) async fn resumable<T: Answer>(
    case: &Case,
    upload: ResumableUpload<T>,
) -> api::Result<T> {
    let upload = upload.chunk_size(1);
    if case.media()["isSizeKnown"] != true {
        return upload.send().await;
    }
    let session = upload.start().await?;
    upload.session(Session::restore(session.save())).send().await
}

/// Downloads media, or a part of it, and reports what came.
pub(super) async fn downloaded(case: &Case, mut call: DownloadCall) -> Outcome {
    let part = &case.media()["part"];
    if !part.is_null() {
        call = call.range(number(&part[0])?..number(&part[1])?);
    }
    let mut download = call.send().await?;
    let content_type = download.content_type().unwrap_or_default().to_owned();
    // FNV-1a with 64 bits.
    let (mut hash, mut size) = (0xcbf2_9ce4_8422_2325_u64, 0);
    while let Some(bytes) = download.next().await {
        for byte in bytes? {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
            size += 1;
        }
    }
    let hash = format!("{hash:016x}");
    report([("media", serde_json::json!({"type": content_type, "size": size, "hash": hash}))])
}
