//! The program that asks the network: `discovery-download`, a package of its own so that the other
//! tasks build no HTTP client.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

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
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        command
            .args(["build", "--package", PACKAGE, "--message-format=json-render-diagnostics"])
            .arg("--manifest-path")
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("download/Cargo.toml"))
            .stderr(Stdio::inherit());
        // What Cargo tells this program of its own package: build scripts look at it, and would
        // run again.
        let names = std::env::vars_os().map(|(name, _)| name);
        for name in names.filter(|name| is_of_package(&name.to_string_lossy())) {
            command.env_remove(name);
        }
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

fn is_of_package(variable: &str) -> bool {
    ["CARGO_PKG_", "CARGO_MANIFEST_"].iter().any(|start| variable.starts_with(start))
}

/// The path of the program in a message of Cargo.
fn executable(line: &str) -> Option<PathBuf> {
    let message: Value = serde_json::from_str(line).ok()?;
    if message["target"]["name"] != PACKAGE {
        return None;
    }
    message["executable"].as_str().map(PathBuf::from)
}
