//! `cargo xtask diff`.

use std::fs;
use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use discovery_codegen::diff::report::{self, Style};
use discovery_codegen::diff::{self, Diff, allow};
use discovery_codegen::settings::Settings;

use crate::report::BAD_INPUT;
use crate::revision::{Project, config, local, side};
use crate::{git, release, tree};

/// Exit code where something breaks that nobody allowed, or a crate lacks a higher version.
const BREAKS: u8 = 1;

/// Says what changed between two revisions of an API, and whom it breaks.
///
/// OLD and NEW are discovery documents: files, or files of a git revision as
/// main:discovery/people.v1.json. With --base, all documents of the settings are compared with those
/// of that revision, and the versions of their crates with what the changes since their last release
/// need; `cargo xtask bump` raises them. The exit code is 0 when nothing breaks, 1 when something breaks
/// that --allow does not list or a version is too low, 2 when the comparison failed.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The document before.
    #[arg(required_unless_present_any = ["base", "rules"], requires = "new", conflicts_with = "base")]
    old: Option<String>,
    /// The document after.
    new: Option<String>,
    /// Compare all documents of the settings with those of this git revision.
    #[arg(long, value_name = "REV")]
    base: Option<String>,
    /// The settings [default: discovery/gen.toml, where it is there].
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// How the report is written.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Write a draft for the changelog instead of the report.
    #[arg(long, conflicts_with = "format")]
    changelog: bool,
    /// Breaking changes that are accepted: a line `rule key reason` for each.
    #[arg(long, value_name = "FILE")]
    allow: Option<PathBuf>,
    /// Accept the breaking changes of a crate whose version is raised enough for them.
    #[arg(long, requires = "base")]
    allow_bumped: bool,
    /// Write the report to this file instead of standard output.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// List everything: all names, what has no effect, which descriptions changed.
    #[arg(long)]
    all: bool,
    /// List the rules and what each means, and end.
    #[arg(long)]
    rules: bool,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Format {
    /// For a terminal; colours where there is one and `NO_COLOR` is not set.
    Text,
    /// For a comment on a pull request.
    Markdown,
    /// For programs.
    Json,
}

/// Runs the task.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    if arguments.rules {
        print(&report::rules())?;
        return Ok(ExitCode::SUCCESS);
    }
    let entries = match &arguments.allow {
        Some(path) => allowed(path)?,
        None => Vec::new(),
    };
    let mut diffs = match (&arguments.base, &arguments.old, &arguments.new) {
        (Some(revision), _, _) => all(arguments, revision)?,
        (None, Some(old), Some(new)) => vec![two(arguments, old, new)?],
        _ => bail!("nothing to compare\n  help: give two documents, or --base"),
    };
    let stale = allow::apply(&entries, &mut diffs);
    if arguments.allow_bumped {
        diffs.iter_mut().for_each(allow::bumped);
    }
    let report = shown(arguments, &diffs);
    match &arguments.output {
        Some(path) => tree::write(path, &report)?,
        None => print(&report)?,
    }
    for entry in &stale {
        let file = arguments.allow.as_deref().unwrap_or(Path::new("")).display();
        eprintln!(
            "error: {file}: line {}: `{} {}` allows nothing: no such change breaks anything\n  \
             help: remove the line, or correct rule and key",
            entry.line, entry.rule, entry.key
        );
    }
    if !stale.is_empty() {
        return Ok(ExitCode::from(BAD_INPUT));
    }
    if diffs.iter().any(|diff| diff.is_refused() || diff.lacks_bump()) {
        return Ok(ExitCode::from(BREAKS));
    }
    Ok(ExitCode::SUCCESS)
}

fn shown(arguments: &Arguments, diffs: &[Diff]) -> String {
    if arguments.changelog {
        return report::changelog(diffs);
    }
    match arguments.format {
        Format::Json => report::json(diffs),
        Format::Markdown => report::markdown(diffs),
        Format::Text => {
            let color = arguments.output.is_none() && is_colored();
            report::text(diffs, Style { color, all: arguments.all })
        }
    }
}

/// Whether standard output takes colours.
pub(crate) fn is_colored() -> bool {
    let is_plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    std::io::stdout().is_terminal() && !is_plain
}

/// Writes to standard output. A reader that goes away early is no error.
fn print(text: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(error).context("cannot write the report")
        }
        _ => Ok(()),
    }
}

fn allowed(path: &Path) -> Result<Vec<allow::Entry>> {
    let text = fs::read_to_string(path)
        .with_context(|| format!("cannot read {}\n  help: check --allow", path.display()))?;
    allow::parse(&text).map_err(|errors| {
        let errors: Vec<String> =
            errors.iter().map(|error| format!("{}: {error}", path.display())).collect();
        anyhow::anyhow!("{}", errors.join("\nerror: "))
    })
}

/// Compares two documents. The settings are those of the crate that is made of one of them.
fn two(arguments: &Arguments, old: &str, new: &str) -> Result<Diff> {
    let settings = settings_of(arguments, &[new, old])?;
    let before = side(old, &read(old)?, &settings, None)?;
    let after = side(new, &read(new)?, &settings, Some(&before))?;
    Ok(diff::compare(&before, &after))
}

/// The bytes of a file, or of a file of a git revision.
fn read(place: &str) -> Result<Vec<u8>> {
    let path = Path::new(place);
    if path.is_file() || !place.contains(':') {
        return fs::read(path).with_context(|| {
            format!(
                "cannot read the discovery document {place}\n  help: give a file, or a file of a git \
                 revision as `main:discovery/people.v1.json`"
            )
        });
    }
    git::show(place)
}

/// The settings of the first place that the settings' file makes a crate of.
fn settings_of(arguments: &Arguments, places: &[&str]) -> Result<Settings> {
    let path = config_path(arguments);
    if arguments.config.is_none() && !path.exists() {
        return Ok(Settings::default());
    }
    let config = config(&path)?;
    let folder = path.parent().unwrap_or(Path::new(""));
    for place in places {
        let file = match place.split_once(':') {
            Some((_, file)) if !Path::new(place).is_file() => file,
            _ => place,
        };
        for api in &config.api {
            if local(&folder.join(&api.document)) == local(Path::new(file)) {
                let prior = fs::read_to_string(folder.join(&api.out).join("api.txt")).ok();
                return Ok(api.settings(prior.as_deref()));
            }
        }
    }
    Ok(Settings::default())
}

fn config_path(arguments: &Arguments) -> PathBuf {
    arguments.config.clone().unwrap_or_else(|| PathBuf::from("discovery/gen.toml"))
}

/// Compares all documents of the settings with those of a revision.
fn all(arguments: &Arguments, revision: &str) -> Result<Vec<Diff>> {
    git::check(revision)?;
    let project = Project::read(config_path(arguments))?;
    let base = project.at(revision)?;
    let mut diffs = base.removed()?;
    for api in &project.config.api {
        let mut diff = base.compare(api)?;
        diff.crate_version = release::check(&project, api, &base, &diff)?;
        diffs.push(diff);
    }
    Ok(diffs)
}
