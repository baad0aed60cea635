//! The half that may write.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use super::{BODY, Open, PATCH, TITLE};
use crate::revision::Project;
use crate::{gh, git};

/// The address that GitHub gives the commits of workflows.
const EMAIL: &str = "41898282+github-actions[bot]@users.noreply.github.com";

/// The mode of a plain file, and that of none, in git's words.
const PLAIN: &str = "100644";
const GONE: &str = "000000";

/// Commits, pushes, and opens the pull request.
pub(super) fn run(arguments: &Open) -> Result<ExitCode> {
    let project = Project::read(arguments.config.clone())?;
    let Open { from, branch, base, .. } = arguments;
    let path = |name: &str| from.join(name);
    let title = fs::read_to_string(path(TITLE))
        .with_context(|| format!("cannot read {}", path(TITLE).display()))?;
    let title = title.lines().next().unwrap_or_default();
    if !path(BODY).is_file() {
        bail!(
            "{} is missing\n  help: run `cargo xtask propose prepare` first",
            path(BODY).display()
        );
    }
    check_patch(&project, &path(PATCH))?;
    if !git::git(&["status", "--porcelain", "--untracked-files=no"])?.is_empty() {
        bail!("the working folder has changes of its own\n  help: commit them first");
    }
    let is_new = commit(arguments, &path(PATCH), title)?;
    if is_new {
        let target = format!("HEAD:refs/heads/{branch}");
        // Without the token of the checkout, and with that of gh.
        let helper = "credential.helper=!gh auth git-credential";
        git::git(&[
            "-c",
            "credential.helper=",
            "-c",
            helper,
            "push",
            "--force",
            "origin",
            &target,
        ])?;
        println!("pushed {branch}");
    } else {
        println!("{branch} is up to date");
    }
    let body = path(BODY).display().to_string();
    match number(branch, base)? {
        Some(number) => {
            let number = number.to_string();
            gh::gh(&["pr", "edit", &number, "--title", title, "--body-file", &body])?;
            println!("brought pull request {number} up to date");
        }
        None => {
            let made = gh::gh(&[
                "pr",
                "create",
                "--base",
                base,
                "--head",
                branch,
                "--title",
                title,
                "--body-file",
                &body,
            ])?;
            println!("opened {}", made.trim());
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Commits the patch on what is checked out; whether the branch does not hold that already.
fn commit(arguments: &Open, patch: &Path, title: &str) -> Result<bool> {
    let remote = format!("refs/remotes/origin/{}", arguments.branch);
    let is_there = !git::git(&["ls-remote", "--heads", "origin", &arguments.branch])?.is_empty();
    if is_there {
        let refs = format!("+refs/heads/{}:{remote}", arguments.branch);
        git::git(&["fetch", "--quiet", "origin", &refs])?;
        let range = format!("HEAD..{remote}");
        let authors = git::git(&["log", "--format=%ae", &range])?;
        if let Some(other) = authors.lines().find(|author| *author != EMAIL) {
            bail!(
                "{other} works on the branch {}: it is left alone\n  help: merge or close its pull request",
                arguments.branch
            );
        }
    }
    git::git(&["checkout", "--quiet", "--detach"])?;
    git::git(&["apply", "--index", "--whitespace=nowarn", &patch.display().to_string()])?;
    let (name, email) = (format!("user.name={}", gh::BOT), format!("user.email={EMAIL}"));
    git::git(&["-c", &name, "-c", &email, "commit", "--quiet", "--no-verify", "--message", title])?;
    if !is_there {
        return Ok(true);
    }
    Ok(git::git(&["rev-parse", "HEAD^{tree}"])?
        != git::git(&["rev-parse", &format!("{remote}^{{tree}}")])?)
}

/// Refuses a patch that touches what no new document can change, such as workflows, or that makes
/// anything but plain files.
///
/// A patch says in many ways what it does, moves and modes among them. So it is applied to an index of
/// its own, and what came of that is compared with what was there.
fn check_patch(project: &Project, patch: &Path) -> Result<()> {
    let file = patch.display().to_string();
    let root = git::root()?;
    let mut allowed = Vec::new();
    for api in &project.config.api {
        allowed.push(git::within(&root, &project.place(&api.document))?);
        allowed.push(format!("{}/", git::within(&root, &project.place(&api.out))?));
    }
    let changed = changed(&root, patch)?;
    // `:mode SP mode SP hash SP hash SP status NUL path NUL`, the second mode that of afterwards.
    let mut parts = changed.split('\0');
    while let (Some(entry), Some(path)) = (parts.next(), parts.next()) {
        let is_own = matches!(path, "Cargo.toml" | "Cargo.lock")
            || allowed.iter().any(|own| path == own || own.ends_with('/') && path.starts_with(own));
        if !is_own {
            bail!(
                "{file} changes `{path}`, which is no document, crate or manifest of the settings"
            );
        }
        let mode = entry.split(' ').nth(1).unwrap_or_default();
        if !matches!(mode, PLAIN | GONE) {
            bail!("{file} gives `{path}` the mode {mode}: only plain files, {PLAIN}, are taken");
        }
    }
    Ok(())
}

/// What a patch changes in what is checked out, as `git diff --raw -z` says it. Neither the working
/// folder nor its index is touched.
fn changed(root: &Path, patch: &Path) -> Result<String> {
    let folder = tempfile::tempdir().context("cannot make a temporary folder")?;
    let index = folder.path().join("index");
    let variables = [("GIT_INDEX_FILE", index.as_os_str())];
    let root = root.display().to_string();
    // From the root, since git passes over what a patch changes outside of the current folder.
    let patch = std::path::absolute(patch).context("cannot find the patch")?.display().to_string();
    let git = |arguments: &[&str]| git::git_with(&[&["-C", &root], arguments].concat(), &variables);
    git(&["read-tree", "HEAD"])?;
    git(&["apply", "--cached", "--whitespace=nowarn", &patch])
        .context("the patch cannot be applied\n  help: run `cargo xtask propose prepare` first")?;
    git(&["diff", "--cached", "--raw", "--no-renames", "--no-ext-diff", "-z", "HEAD"])
}

/// The number of the open pull request of the branch.
fn number(branch: &str, base: &str) -> Result<Option<u64>> {
    let told = gh::gh(&[
        "pr", "list", "--state", "open", "--base", base, "--head", branch, "--json", "number",
    ])?;
    let told: Value = serde_json::from_str(&told).context("gh gave no JSON")?;
    Ok(told[0]["number"].as_u64())
}
