//! The project as it is, and as it was at a revision of git.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use discovery_codegen::config::{ApiConfig, Config};
use discovery_codegen::diagnostic::Diagnostics;
use discovery_codegen::diff::{self, Diff, Listing, Side};
use discovery_codegen::settings::Settings;

use crate::gen_command::tidy;
use crate::manifest::Package;
use crate::{git, report};

/// The settings of a file.
///
/// # Errors
/// It cannot be read, or is not as it should be.
pub(crate) fn config(path: &Path) -> Result<Config> {
    let text = fs::read_to_string(path).with_context(|| {
        format!(
            "cannot read {}\n  help: run this at the project's root, or give --config",
            path.display()
        )
    })?;
    Config::parse(&text).map_err(|message| anyhow::anyhow!("{}: {message}", path.display()))
}

/// One side of a comparison.
///
/// # Errors
/// All those of the document.
pub(crate) fn side(
    place: &str,
    json: &[u8],
    settings: &Settings,
    older: Option<&Side>,
) -> Result<Side> {
    let mut diagnostics = Diagnostics::default();
    let side = diff::side(json, settings, older, &mut diagnostics);
    report::refuse(Path::new(place), &diagnostics)?;
    side.context("the document cannot be compared")
}

/// A path as seen from the current folder, without detours.
pub(crate) fn local(path: &Path) -> PathBuf {
    let here = std::env::current_dir().unwrap_or_default();
    let path = path.strip_prefix(&here).unwrap_or(path);
    tidy(path.strip_prefix(".").unwrap_or(path))
}

/// The project as it is.
pub(crate) struct Project {
    /// The file with the settings.
    path: PathBuf,
    /// What the settings say.
    pub(crate) config: Config,
}

impl Project {
    /// Reads the settings.
    ///
    /// # Errors
    /// See [`config`].
    pub(crate) fn read(path: PathBuf) -> Result<Self> {
        Ok(Self { config: config(&path)?, path })
    }

    /// A path of the settings.
    pub(crate) fn place(&self, path: &str) -> PathBuf {
        tidy(&self.path.parent().unwrap_or(Path::new("")).join(path))
    }

    /// The project at a revision.
    ///
    /// # Errors
    /// There is no such revision, or its settings are not as they should be.
    pub(crate) fn at(&self, revision: &str) -> Result<Revision<'_>> {
        git::check(revision)?;
        let config = match file(revision, &self.path)? {
            Some(bytes) => Config::parse(&String::from_utf8_lossy(&bytes)).map_err(|message| {
                anyhow::anyhow!("{revision}:{}: {message}", self.path.display())
            })?,
            None => Config::default(),
        };
        Ok(Revision { project: self, name: revision.to_owned(), config })
    }

    /// The document of an API, and how it is called in messages.
    fn document(&self, api: &ApiConfig) -> Result<(String, Vec<u8>)> {
        let document = self.place(&api.document);
        let place = document.display().to_string();
        let json = fs::read(&document).with_context(|| {
            format!(
                "cannot read the discovery document {place}\n  help: check {}",
                self.path.display()
            )
        })?;
        Ok((place, json))
    }
}

/// The project at a revision.
pub(crate) struct Revision<'a> {
    project: &'a Project,
    /// What the caller calls it: a branch, a tag, a commit.
    pub(crate) name: String,
    config: Config,
}

impl Revision<'_> {
    /// The diffs of the APIs that the project no longer has.
    ///
    /// # Errors
    /// One of their documents is bad.
    pub(crate) fn removed(&self) -> Result<Vec<Diff>> {
        let mut diffs = Vec::new();
        for api in &self.config.api {
            let is_kept =
                self.project.config.api.iter().any(|other| other.document == api.document);
            if !is_kept && let Some(old) = self.side(api)? {
                diffs.push(diff::removed(&old));
            }
        }
        Ok(diffs)
    }

    /// What changed in an API of the project since then.
    ///
    /// # Errors
    /// One of the documents cannot be read or is bad.
    pub(crate) fn compare(&self, api: &ApiConfig) -> Result<Diff> {
        let (place, json) = self.project.document(api)?;
        let old = self.side(api)?;
        let new = side(&place, &json, &api.settings(None), old.as_ref())?;
        let Some(old) = old else { return Ok(diff::added(&new)) };
        let listing = self.names(api)?.map(|then| Listing::compare(&then, &old));
        Ok(Diff { listing: listing.unwrap_or_default(), ..diff::compare(&old, &new) })
    }

    /// The name and the version that the API's crate had; nothing where it had none of its own.
    ///
    /// # Errors
    /// Its manifest is no TOML.
    pub(crate) fn package(&self, api: &ApiConfig) -> Result<Option<Package>> {
        let path = self.project.place(&self.earlier(api).out).join("Cargo.toml");
        let Some(bytes) = file(&self.name, &path)? else { return Ok(None) };
        Package::parse(&String::from_utf8_lossy(&bytes))
            .with_context(|| format!("{}:{}", self.name, path.display()))
    }

    /// The document, with today's settings and the names of then.
    fn side(&self, api: &ApiConfig) -> Result<Option<Side>> {
        let document = self.project.place(&api.document);
        let Some(json) = file(&self.name, &document)? else { return Ok(None) };
        let names = self.names(api)?;
        let place = format!("{}:{}", self.name, document.display());
        side(&place, &json, &api.settings(names.as_deref()), None).map(Some)
    }

    /// The listing that was made then.
    fn names(&self, api: &ApiConfig) -> Result<Option<String>> {
        let path = self.project.place(&self.earlier(api).out).join("api.txt");
        let names = file(&self.name, &path)?;
        Ok(names.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
    }

    /// What the settings of then said of an API: its crate may have moved.
    fn earlier<'b>(&'b self, api: &'b ApiConfig) -> &'b ApiConfig {
        self.config.api.iter().find(|other| other.document == api.document).unwrap_or(api)
    }
}

/// A file of a revision, its path seen from the current folder.
fn file(revision: &str, path: &Path) -> Result<Option<Vec<u8>>> {
    git::show_if_there(revision, &format!("./{}", local(path).display()))
}
