//! Media: bytes that go up and down beside an API's JSON.
//!
//! **Upload.** A call builder whose method takes media has `upload`, one request, and
//! `upload_resumable`, which sends chunks in a [`Session`] that outlives connections and programs.
//! The bytes come from memory, an [`AsyncRead`](tokio::io::AsyncRead) or a
//! [`Stream`](futures_core::Stream): see [`Media`]. A source that fails, or that has more or fewer
//! bytes than its length says, breaks the upload off before it can look complete.
//!
//! **Download.** A call builder whose method gives media has `download`, which gives a
//! [`Download`]: a stream of bytes that goes on after a broken connection where the server tells
//! the versions of the media apart, and whose checksum is compared where the server sends one.
//!
//! **Time.** For media the attempt timeout is the longest time without a byte going or coming, and
//! there is no deadline unless one is set.

mod buffer;
mod content;
mod crc32c;
mod download;
mod download_call;
mod idle;
mod multipart;
mod outgoing;
mod part;
mod place;
mod reader;
mod resumable;
mod session;
mod source;
mod transfer;
mod upload;
mod validator;

pub use crc32c::Crc32c;
pub use download::Download;
pub use download_call::DownloadCall;
pub use resumable::{Progress, ResumableUpload};
pub use session::Session;
pub use source::Media;
pub use upload::{UploadPath, upload};
