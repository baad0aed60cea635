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

/// Refuses a patch that touches what no new document can change, such as workflows.
fn check_patch(project: &Project, patch: &Path) -> Result<()> {
    let file = patch.display().to_string();
    let touched = git::git(&["apply", "--numstat", "-z", &file])
        .context("the patch is none\n  help: run `cargo xtask propose prepare` first")?;
    let mut allowed = Vec::new();
    for api in &project.config.api {
        allowed.push(project.place(&api.document).display().to_string());
        allowed.push(format!("{}/", project.place(&api.out).display()));
    }
    // `added TAB removed TAB path NUL`.
    for path in touched.split('\0').filter_map(|entry| entry.splitn(3, '\t').nth(2)) {
        let is_own = matches!(path, "Cargo.toml" | "Cargo.lock")
            || allowed.iter().any(|own| path == own || own.ends_with('/') && path.starts_with(own));
        if !is_own || path.split('/').any(|part| part == "..") {
            bail!(
                "{file} changes `{path}`, which is no document, crate or manifest of the settings"
            );
        }
    }
    Ok(())
}

/// The number of the open pull request of the branch.
fn number(branch: &str, base: &str) -> Result<Option<u64>> {
    let told = gh::gh(&[
        "pr", "list", "--state", "open", "--base", base, "--head", branch, "--json", "number",
    ])?;
    let told: Value = serde_json::from_str(&told).context("gh gave no JSON")?;
    Ok(told[0]["number"].as_u64())
}
