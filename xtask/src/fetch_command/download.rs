//! The program that asks the network: `discovery-download`, a package of its own so that the other
//! tasks build no HTTP client.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::cargo;

const PACKAGE: &str = "discovery-download";

/// The program, built.
pub(super) struct Downloader {
    program: PathBuf,
    options: Vec<String>,
}

impl Downloader {
    /// Builds the program; `options` are its own.
    ///
    /// # Errors
    /// It cannot be built; Cargo has said why.
    pub(super) fn build(options: Vec<String>) -> Result<Self> {
        let mut command = cargo::command();
        command
            .args(["build", "--package", PACKAGE, "--message-format=json-render-diagnostics"])
            .arg("--manifest-path")
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("download/Cargo.toml"))
            .stderr(Stdio::inherit());
        if !std::io::stderr().is_terminal() {
            command.arg("--quiet");
        }
        let output = command.output().context("cannot start cargo")?;
        let said = String::from_utf8_lossy(&output.stdout);
        let program = said.lines().filter_map(executable).next_back();
        match program {
            Some(program) if output.status.success() => Ok(Self { program, options }),
            _ => {
                bail!("cannot build {PACKAGE}\n  help: `cargo build --package {PACKAGE}` says why")
            }
        }
    }

    /// The text of the first of these addresses that has one.
    ///
    /// # Errors
    /// None has one, or it cannot be had; the message says why for each.
    pub(super) fn get(&self, urls: &[String]) -> Result<Vec<u8>> {
        let output = Command::new(&self.program)
            .args(&self.options)
            .arg("--")
            .args(urls)
            .stderr(Stdio::inherit())
            .output()
            .with_context(|| format!("cannot start {}", self.program.display()))?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        let why = String::from_utf8_lossy(&output.stdout);
        bail!("{}", why.trim_end().replace('\n', "\n  and "))
    }
}

/// The path of the program in a message of Cargo.
fn executable(line: &str) -> Option<PathBuf> {
    let message: Value = serde_json::from_str(line).ok()?;
    if message["target"]["name"] != PACKAGE {
        return None;
    }
    message["executable"].as_str().map(PathBuf::from)
}
