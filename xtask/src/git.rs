//! What the repository holds at a revision. Nothing goes through a shell.

use std::ffi::OsStr;
use std::process::{Command, Output};

use anyhow::{Context as _, Result, bail};

/// The bytes of a file at a revision, `main:discovery/people.v1.json`. As in git, a path counts from
/// the repository's root, unless it begins with `./`.
///
/// # Errors
/// There is no git, no such revision or no such file: git's own words, with help.
pub(crate) fn show(spec: &str) -> Result<Vec<u8>> {
    let output = run(&["show", "--no-textconv", "--end-of-options", spec])?;
    if !output.status.success() {
        bail!(
            "git has no `{spec}`: {}\n  help: write `revision:path`, the path as seen from the repository's root",
            said(&output)
        );
    }
    Ok(output.stdout)
}

/// The same, or nothing where the revision has no such file.
///
/// # Errors
/// There is no git, or no such revision.
pub(crate) fn show_if_there(revision: &str, path: &str) -> Result<Option<Vec<u8>>> {
    let spec = format!("{revision}:{path}");
    let is_there = run(&["cat-file", "-e", &spec])?.status.success();
    if is_there { show(&spec).map(Some) } else { Ok(None) }
}

/// The tags of this pattern that are here or before here.
///
/// # Errors
/// There is no git, or no commit.
pub(crate) fn tags(pattern: &str) -> Result<Vec<String>> {
    let output = run(&["tag", "--list", "--merged", "HEAD", "--", pattern])?;
    if !output.status.success() {
        bail!("git cannot list tags: {}", said(&output));
    }
    Ok(String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect())
}

/// Checks that a revision is one.
///
/// # Errors
/// It is not, or there is no git.
pub(crate) fn check(revision: &str) -> Result<()> {
    if revision.starts_with('-') {
        bail!("`{revision}` is no revision\n  help: give a branch, a tag or a commit");
    }
    let commit = format!("{revision}^{{commit}}");
    let output = run(&["rev-parse", "--quiet", "--verify", "--end-of-options", &commit])?;
    if !output.status.success() {
        bail!(
            "git knows no revision `{revision}` here\n  help: give a branch, a tag or a commit; \
             a shallow clone may have to fetch it first"
        );
    }
    Ok(())
}

/// Runs git; what it wrote to standard output, without the last line end.
///
/// # Errors
/// It failed: its own words.
pub(crate) fn git(arguments: &[&str]) -> Result<String> {
    git_with(arguments, &[])
}

/// The same with further environment variables.
///
/// # Errors
/// As above.
pub(crate) fn git_with(arguments: &[&str], variables: &[(&str, &OsStr)]) -> Result<String> {
    let output = Command::new("git")
        .args(arguments)
        .envs(variables.iter().copied())
        .output()
        .context("cannot run git\n  help: is it installed?")?;
    if !output.status.success() {
        bail!("git {} failed: {}", arguments.join(" "), said(&output));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(text.strip_suffix('\n').unwrap_or(&text).to_owned())
}

fn run(arguments: &[&str]) -> Result<Output> {
    Command::new("git").args(arguments).output().context("cannot run git\n  help: is it installed?")
}

/// What git wrote to standard error, in one line.
fn said(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
