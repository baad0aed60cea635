//! GitHub, through its own program `gh`, which knows the token and the repository.

use std::io::Write as _;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

/// Who comments and commits in workflows.
pub(crate) const BOT: &str = "github-actions[bot]";

/// Runs `gh`; what it wrote to standard output.
///
/// # Errors
/// It is not there, or failed: its own words.
pub(crate) fn gh(arguments: &[&str]) -> Result<String> {
    gh_with(arguments, None)
}

/// `gh api` with a JSON body.
///
/// # Errors
/// As above.
pub(crate) fn send(method: &str, path: &str, body: &Value) -> Result<()> {
    let arguments = ["api", "--method", method, path, "--input", "-"];
    gh_with(&arguments, Some(&body.to_string())).map(|_| ())
}

/// `gh api` with parameters, decoded.
///
/// # Errors
/// As above, or the answer is no JSON.
pub(crate) fn get(path: &str, parameters: &[(&str, &str)]) -> Result<Value> {
    let parameters: Vec<String> =
        parameters.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let mut arguments = vec!["api", "--method", "GET", "--paginate", "--slurp", path];
    for parameter in &parameters {
        arguments.extend(["--raw-field", parameter]);
    }
    let text = gh(&arguments)?;
    serde_json::from_str(&text).with_context(|| format!("{path}: gh gave no JSON"))
}

fn gh_with(arguments: &[&str], input: Option<&str>) -> Result<String> {
    let mut child = Command::new("gh")
        .args(arguments)
        .stdin(if input.is_some() { Stdio::piped() } else { Stdio::null() })
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .context("cannot run gh\n  help: install it from https://cli.github.com")?;
    if let (Some(input), Some(mut stdin)) = (input, child.stdin.take()) {
        // A program that ends early says why itself.
        let _ = stdin.write_all(input.as_bytes());
    }
    let output = child.wait_with_output().context("cannot run gh")?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let task = arguments.iter().take(2).copied().collect::<Vec<_>>().join(" ");
        bail!("gh {task} failed: {}", said.split_whitespace().collect::<Vec<_>>().join(" "));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
