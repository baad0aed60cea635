//! The half that knows what changed.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use discovery_codegen::diff::{Diff, allow, report};
use discovery_codegen::docs::is_unseen;

use super::{BODY, PATCH, Prepare, TITLE};
use crate::revision::Project;
use crate::{git, release, tree};

/// GitHub takes no longer text of a pull request, in bytes to be safe.
const LONGEST: usize = 65_000;

/// Writes patch, title and text.
pub(super) fn run(arguments: &Prepare) -> Result<ExitCode> {
    let project = Project::read(arguments.config.clone())?;
    // Readers of the text have another HEAD.
    let base = project.at(&git::git(&["rev-parse", "--short", "HEAD"])?)?;
    let mut diffs = base.removed()?;
    for api in &project.config.api {
        let mut diff = base.compare(api)?;
        diff.crate_version = release::check(&project, api, &base, &diff)?;
        allow::bumped(&mut diff);
        diffs.push(diff);
    }
    diffs.retain(|diff| !diff.changes.is_empty() || !diff.docs.is_empty());
    output("changed", !diffs.is_empty())?;
    if diffs.is_empty() {
        println!("nothing changed that callers see: there is nothing to propose");
        return Ok(ExitCode::SUCCESS);
    }
    let (title, body) = (title(&diffs), body(arguments, &diffs));
    for (name, text) in [(PATCH, patch()?), (TITLE, title), (BODY, body)] {
        tree::write(&arguments.out.join(name), &text)?;
    }
    println!("prepared {}", arguments.out.display());
    Ok(ExitCode::SUCCESS)
}

/// All changes of the working folder, new files included. The index of the user stays as it is.
fn patch() -> Result<String> {
    let folder = tempfile::tempdir().context("cannot make a temporary folder")?;
    let index = folder.path().join("index");
    let variables = [("GIT_INDEX_FILE", index.as_os_str())];
    let root = git::git(&["rev-parse", "--show-toplevel"])?;
    git::git_with(&["read-tree", "HEAD"], &variables)?;
    git::git_with(&["-C", &root, "add", "--all"], &variables)?;
    let patch = git::git_with(
        &["diff", "--cached", "--binary", "--no-ext-diff", "--no-color", "--no-renames", "HEAD"],
        &variables,
    )?;
    Ok(format!("{patch}\n"))
}

/// `Take revision 20260202 of people v1`.
fn title(diffs: &[Diff]) -> String {
    let what: Vec<String> = diffs
        .iter()
        .map(|diff| match diff.new_revision.as_str() {
            "" => format!("{} {}", diff.name, diff.version),
            revision => format!("revision {revision} of {} {}", diff.name, diff.version),
        })
        .collect();
    let line: String = what.join(", ").chars().filter(|c| !is_unseen(*c)).take(200).collect();
    format!("Take {line}\n")
}

fn body(arguments: &Prepare, diffs: &[Diff]) -> String {
    let mut body = report::markdown(diffs);
    body.push('\n');
    if let Some(tests) = &arguments.tests {
        let (mark, word) = match tests.as_str() {
            "success" => ('\u{2705}', "passed"),
            _ => ('\u{274c}', "**failed**"),
        };
        body.push_str(&format!("{mark} The tests {word}"));
        body.push_str(&match &arguments.run {
            Some(run) => format!(" in [this run]({run}).\n"),
            None => ".\n".to_owned(),
        });
    }
    body.push_str(
        "\nMade by `cargo xtask fetch`, `gen` and `bump`. Checks start when the pull request is closed and \
         opened again, since a workflow opened it. Commits of others on its branch are kept: it is not \
         brought up to date any more then.\n",
    );
    let draft = format!(
        "\n<details><summary>A draft for the changelog</summary>\n\n{}\n</details>\n",
        report::changelog(diffs)
    );
    if body.len() + draft.len() < LONGEST {
        body.push_str(&draft);
    }
    body
}

/// An output of a workflow's step, where this is one.
fn output(name: &str, value: bool) -> Result<()> {
    let Some(path) = std::env::var_os("GITHUB_OUTPUT") else { return Ok(()) };
    let path = Path::new(&path);
    OpenOptions::new()
        .append(true)
        .create(true)
        .open(path)
        .and_then(|mut file| writeln!(file, "{name}={value}"))
        .with_context(|| format!("cannot write {}", path.display()))
}
