//! `cargo xtask comment`.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use discovery_codegen::docs::is_unseen;
use serde_json::{Value, json};

use crate::gh;

/// By this the comment is found again.
const MARK: &str = "<!-- cargo xtask comment -->";
/// GitHub takes no longer comment, in characters; the rest is for the lines around the report.
const LONGEST: usize = 64_000;

/// Comments what a pull request changes in the API: one comment, which is kept up to date.
///
/// The report comes from the code of the pull request, so it is taken as text that anyone may have
/// written. The pull request is found by its branch and commit as GitHub tells them, not by the
/// report. A missing report is commented as a comparison that failed. It runs in a workflow, with the
/// program gh, `GH_TOKEN` (to write pull requests) and `GH_REPO`.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The report of `cargo xtask diff --format markdown`.
    #[arg(long, value_name = "FILE")]
    report: PathBuf,
    /// The branch of the pull request, `owner:branch`.
    #[arg(long, value_name = "OWNER:BRANCH")]
    head: String,
    /// The commit that the report is about.
    #[arg(long)]
    sha: String,
    /// The page of the run that made the report.
    #[arg(long, value_name = "URL")]
    run: String,
}

/// Runs the task.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let Some(number) = pull_request(arguments)? else {
        println!("no open pull request has the commit {}: nothing to say", arguments.sha);
        return Ok(ExitCode::SUCCESS);
    };
    let body = json!({ "body": body(arguments)? });
    let (method, path) = match own_comment(number)? {
        Some(id) => ("PATCH", format!("repos/{{owner}}/{{repo}}/issues/comments/{id}")),
        None => ("POST", format!("repos/{{owner}}/{{repo}}/issues/{number}/comments")),
    };
    gh::send(method, &path, &body)?;
    println!("commented pull request {number}");
    Ok(ExitCode::SUCCESS)
}

/// The open pull request whose last commit it is: a run that was overtaken says nothing.
fn pull_request(arguments: &Arguments) -> Result<Option<u64>> {
    let parameters = [("state", "open"), ("head", arguments.head.as_str())];
    let pages = gh::get("repos/{owner}/{repo}/pulls", &parameters)?;
    let own = entries(&pages).find(|one| one["head"]["sha"] == arguments.sha.as_str());
    own.map(|one| one["number"].as_u64().context("a pull request without a number")).transpose()
}

/// The comment that an earlier run made.
fn own_comment(number: u64) -> Result<Option<u64>> {
    let pages = gh::get(&format!("repos/{{owner}}/{{repo}}/issues/{number}/comments"), &[])?;
    let is_own = |one: &&Value| {
        one["user"]["login"] == gh::BOT
            && one["body"].as_str().is_some_and(|body| body.starts_with(MARK))
    };
    Ok(entries(&pages).find(is_own).and_then(|one| one["id"].as_u64()))
}

/// The entries of all pages.
fn entries(pages: &Value) -> impl Iterator<Item = &Value> {
    pages.as_array().into_iter().flatten().flat_map(|page| page.as_array().into_iter().flatten())
}

fn body(arguments: &Arguments) -> Result<String> {
    let Arguments { report, sha, run, .. } = arguments;
    let report = match fs::read(report) {
        Ok(bytes) => inert(&String::from_utf8_lossy(&bytes)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            "\u{274c} **The comparison failed.** Nothing is known of what changes for callers.\n"
                .to_owned()
        }
        Err(error) => {
            return Err(error).with_context(|| format!("cannot read {}", report.display()));
        }
    };
    let short = sha.get(..9).unwrap_or(sha);
    Ok(format!(
        "{MARK}\n## What changes for callers of the API\n\n{report}\n<sub>`cargo xtask diff` of {short}, \
         [by the code of this pull request]({run}); this comment follows its commits.</sub>\n"
    ))
}

/// A text of others: no control characters, nobody is called by `@`, and it has an end.
fn inert(text: &str) -> String {
    let mut out = String::new();
    for (count, c) in text.chars().enumerate() {
        if count == LONGEST {
            out.push_str("\n\n*The rest is too long for a comment.*\n");
            break;
        }
        match c {
            // A blank without width: seen as before, and no mention.
            '@' => out.push_str("@\u{200b}"),
            '\n' | '\t' => out.push(c),
            _ if is_unseen(c) => {}
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_calls_nobody_and_ends() {
        assert_eq!(inert("a\r\n@all\u{1b}[0m `b`\n"), "a\n@\u{200b}all[0m `b`\n");
        let long = inert(&"a".repeat(LONGEST * 2));
        assert!(long.chars().count() < LONGEST + 100 && long.contains("too long"));
    }
}
