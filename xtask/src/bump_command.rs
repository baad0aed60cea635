//! `cargo xtask bump`.

mod edit;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use discovery_codegen::config::ApiConfig;
use discovery_codegen::diff::CrateVersion;

use crate::revision::{Project, Revision};
use crate::{git, release, tree};
use edit::Edits;

/// Where the project is developed, in the order in which they are looked for.
const MAIN: [&str; 3] = ["main", "origin/main", "HEAD"];

/// Raises the versions of the crates of discovery/gen.toml as far as the changes of their APIs need.
///
/// What changed is seen from a crate's last release, the highest tag `PACKAGE-vX.Y.Z` before here, or
/// from --base where there is none. Its own Cargo.toml, the lock file and what other crates of its
/// workspace ask for are changed; a version that is high enough stays, so a second run changes
/// nothing. The exit code is 0, or 2 when something failed; then all files are as before.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// What crates are compared with that were never released [default: main].
    #[arg(long, value_name = "REV")]
    base: Option<String>,
    /// The settings.
    #[arg(long, value_name = "FILE", default_value = "discovery/gen.toml")]
    config: PathBuf,
}

/// Runs the task.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let project = Project::read(arguments.config.clone())?;
    let base = match &arguments.base {
        Some(base) => project.at(base)?,
        None => default_base(&project)?,
    };
    let mut edits = Edits::default();
    for api in &project.config.api {
        bump(&project, &base, api, &mut edits)?;
    }
    for (path, text) in &edits.0 {
        tree::write(path, text)?;
        println!("wrote {}", path.display());
    }
    Ok(ExitCode::SUCCESS)
}

fn default_base(project: &Project) -> Result<Revision<'_>> {
    let base = MAIN.into_iter().find(|name| git::check(name).is_ok());
    let base = base.context("git has no commit here to compare with\n  help: give --base")?;
    project.at(base)
}

fn bump(project: &Project, base: &Revision<'_>, api: &ApiConfig, edits: &mut Edits) -> Result<()> {
    let folder = project.place(&api.out);
    let diff = base.compare(api)?;
    let Some(version) = release::check(project, api, base, &diff)? else {
        return missing(&folder);
    };
    let CrateVersion { package, since, old, new, needed } = &version;
    if version.is_enough() {
        println!("{package} {new} is enough: {needed} or more is needed since {since} ({old})");
        return Ok(());
    }
    let dependents = edit::add(edits, &folder, package, new, needed)?;
    println!("{package} {new} -> {needed}, needed since {since} ({old})");
    for dependent in &dependents {
        println!(
            "  {dependent} depends on it: where it shows its types, its next version breaks callers, too"
        );
    }
    Ok(())
}

/// A crate without a version of its own cannot be raised; one that is new need not be.
fn missing(folder: &std::path::Path) -> Result<()> {
    let path = folder.join("Cargo.toml");
    match crate::manifest::Package::read(folder)? {
        Some(package) => println!("{} {} is new", package.name, package.version),
        None if path.exists() => bail!(
            "{}: there is no `version = \"x.y.z\"` in [package]\n  help: write one there, or raise the \
             version of its workspace by hand",
            path.display()
        ),
        None => bail!("{} is missing\n  help: run `cargo xtask gen` first", path.display()),
    }
    Ok(())
}
