//! A document that came from the network: is it what was asked for, and what does it change?

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use discovery_codegen::diagnostic::Diagnostics;
use discovery_codegen::diff::{self, Diff};
use discovery_codegen::discovery::{self, Document};
use discovery_codegen::settings::Settings;
use discovery_codegen::{canonical, hosts};

use super::source::Identity;
use crate::report;
use crate::revision::side;

/// A document and the file that it belongs into.
pub(super) struct Arrived {
    /// What it is called in messages.
    pub(super) label: String,
    /// The file.
    pub(super) path: PathBuf,
    /// Its canonical form.
    pub(super) text: String,
    /// `revision`; may be empty.
    pub(super) revision: String,
    /// What it changes.
    pub(super) change: Change,
}

/// What a document changes.
pub(super) enum Change {
    /// Nothing: the file says the same.
    Same,
    /// There was no file.
    New { methods: usize, schemas: usize },
    /// The file has a later revision than this.
    Older(String),
    /// The file says something else.
    Changed(Box<Diff>),
}

/// The document of an answer.
///
/// # Errors
/// It is no discovery document, or that of another API.
pub(super) fn document(
    label: &str,
    json: &[u8],
    wanted: Option<&Identity>,
) -> Result<(Document, Identity)> {
    let mut diagnostics = Diagnostics::default();
    let read = discovery::read(json, &mut diagnostics);
    report::refuse(Path::new(label), &diagnostics)?;
    let document = read.context("the answer is no discovery document")?;
    let (name, version) = (document.name.clone(), document.version.clone());
    let identity = Identity { name, version };
    match wanted {
        Some(wanted) if *wanted != identity => bail!(
            "{label}: the answer is the document of {identity} instead of {wanted}\n  help: give the name \
             and version that the document has, or another --out"
        ),
        _ => Ok((document, identity)),
    }
}

impl Arrived {
    /// Compares a document with the file that it belongs into. Nothing is written.
    ///
    /// # Errors
    /// No crate can be made of it, it names hosts that are not allowed, or the file cannot be
    /// compared with it.
    pub(super) fn new(
        label: String,
        path: PathBuf,
        json: &[u8],
        document: &Document,
        settings: &Settings,
    ) -> Result<Self> {
        let mut diagnostics = Diagnostics::default();
        hosts::check(document, settings, &mut diagnostics);
        report::refuse(Path::new(&label), &diagnostics)?;
        let text = canonical(json)?;
        let change = change(&label, &path, &text, document, settings)?;
        Ok(Self { label, path, text, revision: document.revision.clone(), change })
    }
}

fn change(
    label: &str,
    path: &Path,
    text: &str,
    document: &Document,
    settings: &Settings,
) -> Result<Change> {
    let json = match fs::read(path) {
        Ok(json) => json,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            // Whether a crate can be made of it.
            side(label, text.as_bytes(), settings, None)?;
            let (methods, schemas) = (document.all_methods().len(), document.schemas.len());
            return Ok(Change::New { methods, schemas });
        }
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
    };
    if canonical(&json).is_ok_and(|own| own == text) {
        return Ok(Change::Same);
    }
    let place = path.display().to_string();
    let old = side(&place, &json, settings, None)
        .context("the file that it would replace cannot be compared with it")?;
    if is_older(&document.revision, &old.document.revision) {
        return Ok(Change::Older(old.document.revision));
    }
    let new = side(label, text.as_bytes(), settings, Some(&old))?;
    Ok(Change::Changed(Box::new(diff::compare(&old, &new))))
}

/// Whether a revision is known to be before another: both are days as `20251117`, maybe with more
/// digits.
fn is_older(revision: &str, than: &str) -> bool {
    let is_day = |text: &str| text.len() >= 8 && text.bytes().all(|byte| byte.is_ascii_digit());
    is_day(revision) && is_day(than) && revision < than
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_days_are_compared() {
        assert!(is_older("20251116", "20251117"));
        assert!(!is_older("20251117", "20251117"));
        assert!(!is_older("20251118", "20251117"));
        assert!(!is_older("", "20251117") && !is_older("20251116", ""));
        assert!(!is_older("1", "2") && !is_older("2025-11-16", "2025-11-17"));
    }
}
