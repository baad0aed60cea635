//! The project as it is, and as it was at a revision of git.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use discovery_codegen::config::{ApiConfig, Config, tidy};
use discovery_codegen::diagnostic::Diagnostics;
use discovery_codegen::diff::{self, Diff, Listing, Side};
use discovery_codegen::settings::Settings;

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
        let root = git::root()?;
        let config = match git::show_if_there(revision, &git::within(&root, &self.path)?)? {
            Some(bytes) => Config::parse(&String::from_utf8_lossy(&bytes)).map_err(|message| {
                anyhow::anyhow!("{revision}:{}: {message}", self.path.display())
            })?,
            None => Config::default(),
        };
        Ok(Revision { project: self, name: revision.to_owned(), root, config })
    }

    /// An API as it is, fitted to what it was.
    fn side(&self, api: &ApiConfig, old: Option<&Side>) -> Result<Side> {
        let document = self.place(&api.document);
        let place = document.display().to_string();
        let json = fs::read(&document).with_context(|| {
            format!(
                "cannot read the discovery document {place}\n  help: check {}",
                self.path.display()
            )
        })?;
        side(&place, &json, &api.settings(None), old)
    }
}

/// The project at a revision.
pub(crate) struct Revision<'a> {
    project: &'a Project,
    /// What the caller calls it: a branch, a tag, a commit.
    pub(crate) name: String,
    /// The folder of the repository.
    root: PathBuf,
    config: Config,
}

impl Revision<'_> {
    /// The diffs of the APIs that the project no longer has.
    ///
    /// # Errors
    /// One of their documents is bad.
    pub(crate) fn removed(&self) -> Result<Vec<Diff>> {
        let mut kept = BTreeSet::new();
        for api in &self.project.config.api {
            kept.extend(self.earlier(api)?.map(|then| self.project.place(&then.document)));
        }
        let mut diffs = Vec::new();
        for api in &self.config.api {
            if !kept.contains(&self.project.place(&api.document))
                && let Some(old) = self.side(api, api)?
            {
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
        if let Some(diff) = self.compare_if_there(api)? {
            return Ok(diff);
        }
        Ok(diff::added(&self.project.side(api, None)?))
    }

    /// The same, or nothing where the project had no such API then, under this name or another.
    ///
    /// # Errors
    /// As of [`compare`](Self::compare).
    pub(crate) fn compare_if_there(&self, api: &ApiConfig) -> Result<Option<Diff>> {
        let then = self.earlier(api)?.unwrap_or(api);
        let Some(old) = self.side(api, then)? else { return Ok(None) };
        let new = self.project.side(api, Some(&old))?;
        let listing = self.names(then)?.map(|then| Listing::compare(&then, &old));
        let listing = listing.unwrap_or_default();
        Ok(Some(Diff { listing, ..diff::compare(&old, &new) }))
    }

    /// The name and the version that the API's crate had; nothing where it had none of its own.
    ///
    /// # Errors
    /// Its manifest is no TOML.
    pub(crate) fn package(&self, api: &ApiConfig) -> Result<Option<Package>> {
        self.package_of(self.earlier(api)?.unwrap_or(api))
    }

    fn package_of(&self, then: &ApiConfig) -> Result<Option<Package>> {
        let path = self.project.place(&then.out).join("Cargo.toml");
        let Some(bytes) = self.file(&path)? else { return Ok(None) };
        Package::parse(&String::from_utf8_lossy(&bytes))
            .with_context(|| format!("{}:{}", self.name, path.display()))
    }

    /// The document of then, with the settings of `api` and the names of then.
    fn side(&self, api: &ApiConfig, then: &ApiConfig) -> Result<Option<Side>> {
        let document = self.project.place(&then.document);
        let Some(json) = self.file(&document)? else { return Ok(None) };
        let names = self.names(then)?;
        let place = format!("{}:{}", self.name, document.display());
        side(&place, &json, &api.settings(names.as_deref()), None).map(Some)
    }

    /// The listing that was made then.
    fn names(&self, then: &ApiConfig) -> Result<Option<String>> {
        let names = self.file(&self.project.place(&then.out).join("api.txt"))?;
        Ok(names.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
    }

    /// What the settings of then said of an API. Its document, its crate or both may have moved: it is
    /// found by its document, else by the crate's folder, else by the package, among those that are no
    /// other API's of today.
    fn earlier(&self, api: &ApiConfig) -> Result<Option<&ApiConfig>> {
        let Project { config, .. } = self.project;
        let place = |path: &str| self.project.place(path);
        let is_same =
            |then: &ApiConfig, now: &ApiConfig| place(&then.document) == place(&now.document);
        // Two crates may be made of one document.
        let same: Vec<_> = self.config.api.iter().filter(|then| is_same(then, api)).collect();
        let here = same.iter().find(|then| place(&then.out) == place(&api.out));
        if let Some(same) = here.or(same.first()) {
            return Ok(Some(same));
        }
        let is_free = |then: &&ApiConfig| !config.api.iter().any(|now| is_same(then, now));
        let free: Vec<&ApiConfig> = self.config.api.iter().filter(is_free).collect();
        if let Some(same) = free.iter().find(|then| place(&then.out) == place(&api.out)) {
            return Ok(Some(same));
        }
        let manifest = Package::read(&place(&api.out))?.map(|package| package.name);
        let names: BTreeSet<String> = api.package.clone().into_iter().chain(manifest).collect();
        for then in free {
            let manifest = self.package_of(then)?.map(|package| package.name);
            if then.package.iter().chain(&manifest).any(|name| names.contains(name)) {
                return Ok(Some(then));
            }
        }
        Ok(None)
    }

    /// A file of the revision.
    fn file(&self, path: &Path) -> Result<Option<Vec<u8>>> {
        git::show_if_there(&self.name, &git::within(&self.root, path)?)
    }
}
