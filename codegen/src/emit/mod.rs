//! [`Api`] -> the files of a crate. A module per kind of output.
//!
//! Names, strings and docs of the document go through `quote` as identifiers and literals, never
//! as source text, so nothing in a document can become code.

mod builders;
mod doc;
mod enums;
mod example;
mod example_request;
pub mod exercise;
mod hub;
mod library;
mod manifest;
mod masks;
mod media;
mod resources;
mod schemas;
mod scopes;
mod streams;
mod structs;
mod types;

use proc_macro2::TokenStream;
use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};

use crate::api::Api;
use crate::files::FileSet;
use crate::settings::RuntimeCrate;
use crate::{print, runtime, surface};

pub use manifest::Package;

/// What the emission of one crate needs to know.
pub struct Crate<'a> {
    /// The API.
    pub api: &'a Api,
    /// Name and version of the package.
    pub package: &'a Package,
    /// The crate whose runtime it shares.
    pub runtime: Option<&'a RuntimeCrate>,
    /// Whether its own runtime has media for the crates that share it.
    pub media: bool,
}

/// All files of a crate.
///
/// # Errors
/// Some tokens are not Rust: a defect of the emission. The message names the file.
pub fn files(context: &Crate) -> Result<FileSet, String> {
    let api = context.api;
    let mut sources = vec![
        Source::new("src/hub.rs", || hub::tokens(context)),
        Source::new("src/lib.rs", || library::tokens(context)),
        Source::new("src/scopes.rs", || scopes::tokens(api)),
    ];
    sources.extend(schemas::files(api));
    sources.extend(resources::files(context));
    let printed: Result<Vec<(String, String)>, String> =
        sources.into_par_iter().map(Source::printed).collect();
    let mut files = FileSet::default();
    files.extend(printed?);
    if context.runtime.is_none() {
        files.extend(runtime::files(&context.package.library(), context.media || api.has_media()));
    }
    let runtime = match context.runtime {
        Some(one) => Some(format!("{}::runtime", one.library)),
        // Where methods have media, their lines say so.
        None if context.media && !api.has_media() => Some("runtime; with media".to_owned()),
        None => None,
    };
    files.insert("api.txt", surface::text(api, runtime.as_deref()));
    files.insert("Cargo.toml", manifest::cargo_toml(context));
    files.insert("README.md", manifest::readme(context));
    Ok(files)
}

/// The files of a crate that is nothing but the runtime, for generated crates to share.
///
/// # Errors
/// The package's name is none.
pub fn runtime_crate(package: &Package) -> Result<FileSet, String> {
    if !Package::is_name(&package.name) {
        return Err(format!("`{}` is {NO_NAME}", package.name));
    }
    let mut files = FileSet::default();
    files.extend([Source::new("src/lib.rs", library::runtime_alone).printed()?]);
    files.extend(runtime::files(&package.library(), true));
    files.insert("Cargo.toml", manifest::runtime_cargo_toml(package));
    files.insert("README.md", manifest::runtime_readme(package));
    Ok(files)
}

/// What is said of a name that Cargo would refuse.
pub(crate) const NO_NAME: &str =
    "no name of a package: letters, digits, `-` and `_` make one, no digit first, no keyword";

/// A file to be made. Its tokens take far more memory than its text, so they are made where the file
/// is printed and not before.
struct Source<'a> {
    path: String,
    tokens: Box<dyn FnOnce() -> TokenStream + Send + 'a>,
}

impl<'a> Source<'a> {
    fn new(path: impl Into<String>, tokens: impl FnOnce() -> TokenStream + Send + 'a) -> Self {
        Self { path: path.into(), tokens: Box::new(tokens) }
    }

    /// Its path and its text.
    fn printed(self) -> Result<(String, String), String> {
        let Self { path, tokens } = self;
        printed(&path, tokens()).map(|text| (path, text))
    }
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

/// The API's version, for docs.
fn version(api: &Api) -> String {
    crate::docs::lines(&api.version, usize::MAX).join(" ")
}
