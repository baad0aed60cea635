//! A small API with media, in the form that the generator emits.

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll};

use codegen_runtime as rt;
use rt::media::{DownloadCall, Media, ResumableUpload, UploadPath};
use rt::{Bytes, HubOptions, RetryPolicy};
use tokio::io::{AsyncRead, ReadBuf};

use super::schemas::Person;

pub static STORAGE: rt::Service = rt::Service {
    name: "storage",
    version: "v1",
    title: "Storage",
    root_url: "https://storage.googleapis.com/",
    service_path: "storage/v1/",
    mtls_root_url: None,
    parameters: &["alt", "fields", "prettyPrint", "uploadType"],
    data_wrapper: false,
    package: "storage-v1",
    package_version: "0.1.0",
};

pub const INSERT: rt::Method = rt::Method {
    id: "storage.objects.insert",
    http_method: rt::http::Method::POST,
    path: &[rt::Piece::Text("b/"), rt::Piece::Simple("bucket"), rt::Piece::Text("/o")],
    parameters: &["bucket", "name"],
    scopes: &["scope"],
    default_scopes: &["scope"],
    api_version: None,
};

pub const REPLACE: rt::Method =
    rt::Method { id: "storage.objects.replace", http_method: rt::http::Method::PUT, ..INSERT };

pub const GET: rt::Method = rt::Method {
    id: "storage.objects.get",
    http_method: rt::http::Method::GET,
    path: &[
        rt::Piece::Text("b/"),
        rt::Piece::Simple("bucket"),
        rt::Piece::Text("/o/"),
        rt::Piece::Simple("object"),
    ],
    parameters: &["bucket", "object"],
    scopes: &["scope"],
    default_scopes: &["scope"],
    api_version: None,
};

pub const LIMIT: u64 = 64 * 1024 * 1024;

pub fn simple() -> UploadPath {
    UploadPath {
        path: &[
            rt::Piece::Text("upload/storage/v1/b/"),
            rt::Piece::Simple("bucket"),
            rt::Piece::Text("/o"),
        ],
        max_size: Some(LIMIT),
    }
}

pub fn resumable() -> UploadPath {
    UploadPath {
        path: &[
            rt::Piece::Text("resumable/upload/storage/v1/b/"),
            rt::Piece::Simple("bucket"),
            rt::Piece::Text("/o"),
        ],
        max_size: Some(LIMIT),
    }
}

/// A hub of a server, with short waits between retries.
pub fn hub(url: &str) -> rt::Hub {
    hub_with(url, HubOptions::new().retry(super::quick(RetryPolicy::new())))
}

pub fn hub_with(url: &str, options: HubOptions) -> rt::Hub {
    rt::Hub::new(&STORAGE, super::client(), "secret-token".to_owned())
        .with(options.base_url(format!("{url}/storage/v1/")))
}

pub fn insert(hub: &rt::Hub) -> rt::Call<Person> {
    rt::Call::new(hub, &INSERT).path("bucket", "b").query("name", "n")
}

pub fn get(hub: &rt::Hub) -> DownloadCall {
    let call = rt::Call::<Person>::new(hub, &GET).path("bucket", "b").path("object", "a/b");
    DownloadCall::new(&call, true)
}

pub fn upload(hub: &rt::Hub, media: Media) -> ResumableUpload<Person> {
    ResumableUpload::new(insert(hub).body(&Person::default()), resumable(), media)
        .chunk_size(256 * 1024)
}

/// Bytes that tell one place from another.
pub fn pattern(size: usize) -> Bytes {
    (0..size).map(|at| ((at * 31) ^ (at >> 8) ^ (at >> 16)).to_le_bytes()[0]).collect()
}

/// A stream of these pieces.
pub struct Pieces(pub VecDeque<Result<Bytes, std::io::Error>>);

impl Pieces {
    pub fn of(bytes: &Bytes, size: usize) -> Self {
        Self(bytes.chunks(size).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect())
    }

    /// The same, with an error at the end.
    pub fn broken(bytes: &Bytes, size: usize) -> Self {
        let mut pieces = Self::of(bytes, size);
        pieces.0.push_back(Err(std::io::Error::other("the disk is gone")));
        pieces
    }
}

impl futures_core::Stream for Pieces {
    type Item = Result<Bytes, std::io::Error>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.pop_front())
    }
}

/// A reader that gives a few bytes at a time and counts them.
pub struct Slow {
    pub bytes: Bytes,
    pub at_once: usize,
    pub read: std::sync::Arc<std::sync::atomic::AtomicUsize>,
}

impl AsyncRead for Slow {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let size = self.at_once.min(self.bytes.len()).min(buffer.remaining());
        buffer.put_slice(&self.bytes.split_to(size));
        self.read.fetch_add(size, std::sync::atomic::Ordering::Relaxed);
        Poll::Ready(Ok(()))
    }
}

pub type Make = Box<dyn Fn() -> Media>;

/// Sources that fail or lie, and what the error says.
pub fn bad_sources() -> Vec<(Make, &'static str)> {
    fn broken() -> Media {
        Media::stream("a/b", Pieces::broken(&pattern(200_000), 10_000))
    }
    fn good() -> Media {
        Media::stream("a/b", Pieces::of(&pattern(200_000), 10_000))
    }
    vec![
        (Box::new(broken), "the disk is gone"),
        (Box::new(|| broken().length(200_000)), "the disk is gone"),
        (Box::new(|| broken().length(200_001)), "the disk is gone"),
        (Box::new(|| good().length(200_001)), "fewer bytes"),
        (Box::new(|| good().length(199_999)), "more bytes"),
        (Box::new(|| good().length(190_000)), "more bytes"),
        (Box::new(|| good().length(10_000)), "more bytes"),
        (Box::new(|| Media::bytes("a/b", pattern(200_000)).length(199_999)), "more bytes"),
        (Box::new(|| Media::stream("a/b", Pieces::broken(&Bytes::new(), 1))), "the disk is gone"),
    ]
}

pub fn call_of(hub: &rt::Hub, has_metadata: bool) -> rt::Call<Person> {
    if has_metadata { insert(hub).body(&Person::default()) } else { insert(hub) }
}
