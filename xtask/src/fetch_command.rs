//! `cargo xtask fetch`.

mod arrived;
mod download;
mod source;

use std::fs;
use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use discovery_codegen::config::{ApiConfig, Config, tidy};
use discovery_codegen::diff::report::{self, Style};
use discovery_codegen::settings::Settings;
use serde_json::Value;

use crate::diff_command;
use crate::report::STALE;
use crate::{revision, shell, tree};
use arrived::{Arrived, Change};
use download::Downloader;
use source::{Identity, Source};

/// Downloads discovery documents and shows what they change before they are written.
///
/// Without an argument: all documents of the settings. A document is checked, brought into canonical
/// form and compared with the file that it belongs into; that one of the settings that has its name
/// and version, or --out. Documents that are older than the file, and answers that are no discovery
/// document or that of another API, are never written. The exit code is 0 when everything is up to
/// date or written, 1 when you said no or --check found something new, 2 when something failed; then
/// all files are as before.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// What to fetch: `people:v1`, or the https URL of a document.
    #[arg(value_name = "API:VERSION|URL")]
    what: Vec<String>,
    /// The file to write.
    #[arg(long, value_name = "FILE", requires = "what")]
    out: Option<PathBuf>,
    /// The settings [default: discovery/gen.toml, where it is there].
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Write without asking.
    #[arg(long, conflicts_with = "check")]
    yes: bool,
    /// Write nothing; the exit code is 1 where something would be written.
    #[arg(long, visible_alias = "dry-run")]
    check: bool,
    /// Take a document whose revision is before that of the file.
    #[arg(long)]
    allow_older: bool,
    /// Let the document name this host, which is not below googleapis.com, as a place of the API; may
    /// be repeated.
    #[arg(long = "allow-host", value_name = "HOST")]
    allow_hosts: Vec<String>,
    /// Trust the certificates of this PEM file, too.
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,
    /// How long one attempt may take, in seconds.
    #[arg(long, default_value_t = 60)]
    timeout: u64,
}

/// A document to fetch, before anyone has been asked.
struct Wanted {
    source: Source,
    /// Which API it must describe, where that is known.
    identity: Option<Identity>,
    /// The file, where that is known.
    path: Option<PathBuf>,
}

/// An `[[api]]` of the settings with its file.
struct Entry {
    api: ApiConfig,
    path: PathBuf,
    identity: Option<Identity>,
    settings: Settings,
}

/// Runs the task.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let entries = entries(arguments)?;
    let wanted = wanted(arguments, &entries)?;
    let downloader = Downloader::build(options(arguments))?;
    // All are here and checked before any is written.
    let mut arrived = Vec::new();
    for one in &wanted {
        arrived.push(fetch(arguments, &entries, &downloader, one)?);
    }
    for one in &arrived {
        tell(one, arguments.allow_older);
    }
    let is_written = |one: &&Arrived| match one.change {
        Change::Same => false,
        Change::Older(_) => arguments.allow_older,
        Change::New { .. } | Change::Changed(_) => true,
    };
    let news: Vec<&Arrived> = arrived.iter().filter(is_written).collect();
    if arguments.check {
        return Ok(if news.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(STALE) });
    }
    let replaces = news.iter().any(|one| !matches!(one.change, Change::New { .. }));
    if replaces && !arguments.yes && !is_agreed(&news)? {
        return Ok(ExitCode::from(STALE));
    }
    for one in &news {
        tree::write(&one.path, &one.text)?;
        println!("wrote {}", one.path.display());
    }
    if !news.is_empty() {
        println!("next: {}", next(&entries, &news));
    }
    Ok(ExitCode::SUCCESS)
}

fn options(arguments: &Arguments) -> Vec<String> {
    let mut options = vec!["--timeout".to_owned(), arguments.timeout.to_string()];
    if let Some(ca) = &arguments.ca {
        options.extend(["--ca".to_owned(), ca.display().to_string()]);
    }
    options
}

/// What the settings list.
fn entries(arguments: &Arguments) -> Result<Vec<Entry>> {
    let path = arguments.config.clone().unwrap_or_else(|| PathBuf::from("discovery/gen.toml"));
    if arguments.config.is_none() && !arguments.what.is_empty() && !path.exists() {
        return Ok(Vec::new());
    }
    let Config { api, .. } = revision::config(&path)?;
    let folder = path.parent().unwrap_or(Path::new(""));
    api.into_iter().map(|api| entry(api, folder)).collect()
}

fn entry(api: ApiConfig, folder: &Path) -> Result<Entry> {
    let path = tidy(&folder.join(&api.document));
    let names = fs::read_to_string(tidy(&folder.join(&api.out)).join("api.txt")).ok();
    let settings = api.settings(names.as_deref());
    let identity = match fs::read(&path) {
        Ok(json) => of_json(&json),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
    };
    let identity = identity.or_else(|| of_file_name(&path));
    Ok(Entry { api, path, identity, settings })
}

fn of_json(json: &[u8]) -> Option<Identity> {
    let value: Value = serde_json::from_slice(json).ok()?;
    let text = |key: &str| value[key].as_str().map(str::to_owned);
    Some(Identity { name: text("name")?, version: text("version")? })
}

/// `people.v1.json` is the document of `people:v1`.
fn of_file_name(path: &Path) -> Option<Identity> {
    let (name, version) = path.file_stem()?.to_str()?.split_once('.')?;
    Some(Identity { name: name.to_owned(), version: version.to_owned() })
}

fn wanted(arguments: &Arguments, entries: &[Entry]) -> Result<Vec<Wanted>> {
    if arguments.what.is_empty() {
        return entries.iter().map(of_entry).collect();
    }
    if arguments.out.is_some() && arguments.what.len() > 1 {
        bail!(
            "--out is one file and there are {} documents\n  help: fetch them one by one",
            arguments.what.len()
        );
    }
    arguments
        .what
        .iter()
        .map(|text| {
            let source = Source::parse(text)?;
            let identity = match &source {
                Source::Api(identity) => Some(identity.clone()),
                Source::Url(_) => None,
            };
            let path = match (&arguments.out, &identity) {
                (Some(out), _) => Some(out.clone()),
                (None, Some(identity)) => Some(path_of(entries, identity)?),
                (None, None) => None,
            };
            Ok(Wanted { source, identity, path })
        })
        .collect()
}

/// The document of an entry, from its own address or from Google.
fn of_entry(entry: &Entry) -> Result<Wanted> {
    let source = match (&entry.api.url, &entry.identity) {
        (Some(url), _) if url.contains("://") => Source::parse(url)?,
        (Some(url), _) => {
            bail!("the settings: `{url}` is no URL\n  help: write `url = \"https://...\"`")
        }
        // The file may say anything: what comes of it is checked like an argument.
        (None, Some(identity)) => Source::parse(&identity.to_string())?,
        (None, None) => bail!(
            "{} tells neither by its content nor by its name which API it belongs to\n  help: name the file \
             `people.v1.json`, or add `url = \"https://...\"` to its entry in the settings",
            entry.path.display()
        ),
    };
    Ok(Wanted { source, identity: entry.identity.clone(), path: Some(entry.path.clone()) })
}

/// The file of the settings that an API belongs into.
fn path_of(entries: &[Entry], identity: &Identity) -> Result<PathBuf> {
    let own = entries.iter().find(|entry| entry.identity.as_ref() == Some(identity));
    own.map(|entry| entry.path.clone()).with_context(|| {
        let Identity { name, version } = identity;
        format!("no document of the settings is that of {identity}\n  help: say where it goes: `--out {name}.{version}.json`")
    })
}

fn fetch(
    arguments: &Arguments,
    entries: &[Entry],
    downloader: &Downloader,
    wanted: &Wanted,
) -> Result<Arrived> {
    let label = wanted.source.label();
    let json = downloader.get(&wanted.source.urls()).map_err(|error| {
        let help = match wanted.source {
            Source::Api(_) => {
                "\n  help: https://www.googleapis.com/discovery/v1/apis lists names and versions"
            }
            Source::Url(_) => "",
        };
        anyhow::anyhow!("cannot fetch {label}; all files are as before: {error}{help}")
    })?;
    let (document, identity) = arrived::document(&label, &json, wanted.identity.as_ref())?;
    let path = match &wanted.path {
        Some(path) => path.clone(),
        None => path_of(entries, &identity)?,
    };
    let entry = entries.iter().find(|entry| entry.path == tidy(&path));
    let mut settings = entry.map(|entry| entry.settings.clone()).unwrap_or_default();
    settings.allow_hosts.extend(arguments.allow_hosts.iter().cloned());
    Arrived::new(label, path, &json, &document, &settings)
}

/// Says what a document changes.
fn tell(one: &Arrived, allow_older: bool) {
    let Arrived { label, path, revision, change, .. } = one;
    let path = path.display();
    let revision = if revision.is_empty() { "unknown" } else { revision };
    match change {
        Change::Same => println!("{label} revision {revision}: {path} is up to date"),
        Change::New { methods, schemas } => println!(
            "{label} revision {revision}: {methods} methods, {schemas} schemas, new file {path}"
        ),
        Change::Older(own) if allow_older => {
            println!("{label} revision {revision} is older than {own} of {path}, and is taken");
        }
        Change::Older(own) => println!(
            "{label} revision {revision} is older than {own} of {path}, which is kept; --allow-older takes it"
        ),
        Change::Changed(diff) => {
            let style = Style { color: diff_command::is_colored(), all: false };
            print!("{}", report::text(std::slice::from_ref(diff), style));
        }
    }
}

/// Asks whether files may be replaced. Without a terminal nobody can say yes.
fn is_agreed(news: &[&Arrived]) -> Result<bool> {
    let paths: Vec<String> = news.iter().map(|one| one.path.display().to_string()).collect();
    let paths = paths.join(", ");
    if !std::io::stdin().is_terminal() {
        eprintln!("nothing was written: --yes writes {paths} without asking");
        return Ok(false);
    }
    eprint!("\nwrite {paths}? [y/N] ");
    std::io::stderr().flush()?;
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer).context("cannot read the answer")?;
    let is_agreed = matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes");
    if !is_agreed {
        eprintln!("nothing was written");
    }
    Ok(is_agreed)
}

/// The command that makes crates of what was written.
fn next(entries: &[Entry], news: &[&Arrived]) -> String {
    let is_own = |one: &&Arrived| entries.iter().any(|entry| entry.path == tidy(&one.path));
    match news.iter().find(|one| !is_own(one)) {
        Some(one) => {
            let path = shell::quoted(&one.path.display().to_string());
            format!("cargo xtask gen --document {path} --out FOLDER")
        }
        None => "cargo xtask gen".to_owned(),
    }
}
