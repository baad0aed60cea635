//! `cargo xtask propose`.

mod open;
mod prepare;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;

/// The files by which one half tells the other.
const PATCH: &str = "update.patch";
const TITLE: &str = "title.txt";
const BODY: &str = "body.md";

/// Proposes new documents as a pull request, with what they change as its text.
///
/// It has two halves, so that what builds and tests the change needs no right to write, and what has
/// that right runs no code of the change: `prepare` puts the change of the working folder and the text
/// into a folder, `open` makes the pull request of them.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    half: Half,
}

#[derive(clap::Subcommand)]
enum Half {
    /// Writes the change of the working folder, and what it means for callers, into a folder.
    ///
    /// In a workflow, the output `changed` of the step says whether there is something to propose: a
    /// document in which nothing changed that callers see is not.
    Prepare(Prepare),
    /// Commits a prepared change on a branch and opens a pull request, or brings that of before up to
    /// date.
    ///
    /// It runs on a clean checkout, with the program gh, `GH_TOKEN` (to write contents and pull
    /// requests) and `GH_REPO`. A change of other files than the documents and crates of the settings,
    /// the root's Cargo.toml and Cargo.lock, and a branch on which somebody else works are refused.
    Open(Open),
}

#[derive(clap::Args)]
struct Prepare {
    /// The folder.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The settings.
    #[arg(long, value_name = "FILE", default_value = "discovery/gen.toml")]
    config: PathBuf,
    /// How the tests ended, as a workflow calls it: success, failure.
    #[arg(long, value_name = "OUTCOME")]
    tests: Option<String>,
    /// The page of the run.
    #[arg(long, value_name = "URL")]
    run: Option<String>,
}

#[derive(clap::Args)]
struct Open {
    /// The folder.
    #[arg(long, value_name = "DIR")]
    from: PathBuf,
    /// The settings.
    #[arg(long, value_name = "FILE", default_value = "discovery/gen.toml")]
    config: PathBuf,
    /// The branch that is proposed.
    #[arg(long, default_value = "discovery-update")]
    branch: String,
    /// The branch that it is proposed for.
    #[arg(long, default_value = "main")]
    base: String,
}

/// Runs the task.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    match &arguments.half {
        Half::Prepare(arguments) => prepare::run(arguments),
        Half::Open(arguments) => open::run(arguments),
    }
}
