//! Google API discovery document -> the files of a Rust crate.
//!
//! Data goes one way, and every stage is a pure function of the one before:
//!
//! ```text
//! JSON text -> Document -> (fixups) -> Api -> tokens -> text -> FileSet
//!  discovery     fixups     lower      api    emit     print    files
//! ```
//!
//! [`names`] is the only place that makes identifiers, [`docs`] the only one that turns
//! descriptions into doc lines, [`diagnostic`] says what is wrong with an input. Nothing here
//! touches the disk or the network.

pub mod api;
pub mod config;
pub mod diagnostic;
pub mod diff;
pub mod discovery;
pub mod docs;
pub mod emit;
pub mod files;
pub mod fixups;
pub mod hosts;
pub mod lower;
pub mod names;
pub mod print;
pub mod runtime;
pub mod settings;
pub mod surface;

use api::Api;
use diagnostic::Diagnostics;
use emit::Package;
use files::FileSet;
use settings::Settings;

/// The oldest rustc that generated crates build with.
pub const MSRV: &str = "1.88";

/// What generation made.
#[derive(Clone, Debug)]
pub struct Generated {
    /// The API that was generated.
    pub api: Api,
    /// The package.
    pub package: Package,
    /// Its files.
    pub files: FileSet,
}

/// Makes a crate of a discovery document.
///
/// `package` names the package; `None` takes [`Package::of`] name and version of the document.
/// Warnings and errors are added to `diagnostics`; the answer is `None` exactly when there are
/// errors.
pub fn generate(
    json: &[u8],
    settings: &Settings,
    package: Option<&str>,
    diagnostics: &mut Diagnostics,
) -> Option<Generated> {
    let mut document = discovery::read(json, diagnostics)?;
    hosts::check(&document, settings, diagnostics);
    if let Some(name) = package.filter(|name| !Package::is_name(name)) {
        diagnostics.error("package", format!("`{name}` is {}", emit::NO_NAME), "give another name");
    }
    if let Some(runtime) = &settings.runtime {
        runtime.check(diagnostics);
    }
    fixups::apply(&mut document, &settings.fixups, diagnostics);
    let api = lower::lower(&document, settings, diagnostics)?;
    if let Some(runtime) = &settings.runtime {
        runtime.check_media(&api, diagnostics);
    }
    let mut made = Package::of(&api.name, &api.version);
    if let Some(name) = package {
        name.clone_into(&mut made.name);
    }
    let context = emit::Crate {
        api: &api,
        package: &made,
        runtime: settings.runtime.as_ref(),
        media: settings.media,
    };
    let files = emit::files(&context);
    match files {
        Ok(files) if !diagnostics.has_errors() => Some(Generated { api, package: made, files }),
        Ok(_) => None,
        Err(message) => {
            diagnostics.error(
                "",
                message,
                "this is a defect of the generator: please report it with the document",
            );
            None
        }
    }
}

/// The canonical form of a JSON text: sorted keys, two blanks of indentation, LF at the end.
///
/// # Errors
/// The text is no JSON.
pub fn canonical(json: &[u8]) -> Result<String, serde_json::Error> {
    // serde_json's map is a BTreeMap: reading it sorts.
    let value: serde_json::Value = serde_json::from_slice(json)?;
    let mut text = serde_json::to_string_pretty(&value)?;
    text.push('\n');
    Ok(text)
}
