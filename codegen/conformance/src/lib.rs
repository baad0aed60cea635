//! A server made of a discovery document: it checks every request against the document, answers
//! with random values of the document's schemas, and compares what a client made of them.
//!
//! It shares no line, type or table with the generator whose clients it is for: both read the same
//! document, each in its own way, so that they check each other. A generated client that compiles
//! may still call wrongly; here it would be noticed.
//!
//! ```no_run
//! # fn call_all(plan: &serde_json::Value) -> serde_json::Value { plan.clone() }
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use discovery_server::{Document, Server};
//!
//! let document = Document::parse(&std::fs::read("people.v1.json")?)?;
//! let server = Server::start(document, 1)?;
//! let report = call_all(&server.plan());
//! assert_eq!(server.verdict(&report).problems, [""; 0]);
//! # Ok(())
//! # }
//! ```
//!
//! What is checked of a request: verb and path, the escapes in it; that every parameter is known,
//! there if it is required, once unless it is repeated, and has its type, format, bounds, pattern,
//! and enum; `alt=json` and `prettyPrint=false` where the API has them; the headers; the scopes of
//! the token; the body against its schema; and all values against those of the plan. Of uploads also
//! the protocol (`uploadType`, `multipart/related`, the requests of a resumable session), the type and
//! size of the media, and its bytes; of downloads `alt=media` and the part. What is checked of an
//! answer: that the client decodes it and encodes it again to the same, unknown fields and values
//! included, and that media comes down byte by byte.

mod check;
mod coverage;
mod document;
mod invent;
mod media;
mod multipart;
mod pattern;
mod plan;
mod request;
mod scalar;
mod server;
mod session;
mod template;
mod verdict;

pub use document::Document;
pub use server::{CASE, Server};
pub use verdict::Verdict;
