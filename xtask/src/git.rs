//! What the repository holds at a revision. Nothing goes through a shell.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use anyhow::{Context as _, Result, bail};
use discovery_codegen::config::tidy;

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

/// The bytes of a file at a revision, its path as [`within`] gives it; nothing where the revision has
/// no such file. That it is not there is what git says, not that git failed.
///
/// # Errors
/// There is no git, no such revision, or the repository is damaged.
pub(crate) fn show_if_there(revision: &str, path: &str) -> Result<Option<Vec<u8>>> {
    let listed = ["--literal-pathspecs", "ls-tree", "-z", "--full-tree", revision, "--", path];
    // `mode SP type SP hash TAB path NUL`.
    let listed = git(&listed)?;
    let Some((entry, _)) = listed.split_once('\t') else { return Ok(None) };
    let mut parts = entry.split(' ').skip(1);
    let (Some("blob"), Some(hash)) = (parts.next(), parts.next()) else {
        bail!("{revision}:{path} is no file");
    };
    let output = run(&["cat-file", "blob", hash])?;
    if !output.status.success() {
        bail!("git cannot read {revision}:{path}: {}", said(&output));
    }
    Ok(Some(output.stdout))
}

/// The folder of the repository that this runs in.
///
/// # Errors
/// There is none, or no git.
pub(crate) fn root() -> Result<PathBuf> {
    let root = PathBuf::from(git(&["rev-parse", "--show-toplevel"])?);
    fs::canonicalize(&root).with_context(|| format!("cannot find {}", root.display()))
}

/// A path as a repository at `root` calls it: from there, with `/`. It need not exist.
///
/// # Errors
/// It is outside of the repository: what is read there would be nothing, whatever was there.
pub(crate) fn within(root: &Path, path: &Path) -> Result<String> {
    let absolute =
        std::path::absolute(path).with_context(|| format!("cannot find {}", path.display()))?;
    let real = real(&tidy(&absolute));
    let below = real.strip_prefix(root).ok().with_context(|| {
        format!(
            "{} is outside of the repository {}\n  help: run this inside of the repository that it belongs to",
            path.display(),
            root.display()
        )
    })?;
    let parts: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
    Ok(parts.join("/"))
}

/// The path without links, as far as it exists.
fn real(path: &Path) -> PathBuf {
    if let Ok(real) = fs::canonicalize(path) {
        return real;
    }
    match (path.parent(), path.file_name()) {
        (Some(parent), Some(name)) => real(parent).join(name),
        _ => path.to_owned(),
    }
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
