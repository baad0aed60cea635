//! [`Api`] -> the files of a crate. A module per kind of output.
//!
//! Names, strings and docs of the document go through `quote` as identifiers and literals, never
//! as source text, so nothing in a document can become code.

mod builders;
mod doc;
mod enums;
mod example;
pub mod exercise;
mod hub;
mod library;
mod manifest;
mod masks;
mod resources;
mod schemas;
mod scopes;
mod streams;
mod structs;
mod types;

use proc_macro2::TokenStream;

use crate::api::Api;
use crate::files::FileSet;
use crate::{print, runtime, surface};

pub use manifest::Package;

/// What the emission of one crate needs to know.
pub struct Crate<'a> {
    /// The API.
    pub api: &'a Api,
    /// Name and version of the package.
    pub package: &'a Package,
}

/// All files of a crate.
///
/// # Errors
/// Some tokens are not Rust: a defect of the emission. The message names the file.
pub fn files(context: &Crate) -> Result<FileSet, String> {
    let api = context.api;
    let mut sources = vec![
        ("src/hub.rs".to_owned(), hub::tokens(context)),
        ("src/lib.rs".to_owned(), library::tokens(context)),
        ("src/scopes.rs".to_owned(), scopes::tokens(api)),
    ];
    sources.extend(schemas::files(api));
    sources.extend(resources::files(context));
    let mut files = FileSet::default();
    for (path, tokens) in sources {
        let text = printed(&path, tokens)?;
        files.insert(path, text);
    }
    for (path, text) in runtime::files() {
        files.insert(path, text);
    }
    files.insert("api.txt", surface::text(api));
    files.insert("Cargo.toml", manifest::cargo_toml(context));
    files.insert("README.md", manifest::readme(context));
    Ok(files)
}

fn printed(path: &str, tokens: TokenStream) -> Result<String, String> {
    print::file(tokens)
        .map_err(|error| format!("{path}: the emitted tokens are no Rust file: {error}"))
}

/// The API's title, or its name where it has none.
fn title(api: &Api) -> String {
    let title = if api.title.is_empty() { &api.name } else { &api.title };
    crate::docs::lines(title, usize::MAX).join(" ")
}
