//! One document in a process of its own, so that its memory can be told from that of others, and that
//! one which brings the generator down takes nothing else with it.

use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::{Context as _, Result};
use discovery_codegen::diagnostic::{Diagnostics, Severity};
use discovery_codegen::generate;
use discovery_codegen::settings::Settings;
use serde::{Deserialize, Serialize};

use crate::gen_command::count_methods;
use crate::report;

/// What large documents take: the deepest nesting that JSON may have needs far less.
const STACK: usize = 16 << 20;

/// What a worker says.
#[derive(Debug, Default, Deserialize, Serialize)]
pub(super) struct Answer {
    /// Types of the crate.
    pub(super) schemas: usize,
    pub(super) methods: usize,
    pub(super) files: usize,
    /// Of all files together.
    pub(super) bytes: usize,
    /// How many warnings the document gave.
    pub(super) warnings: usize,
    /// The most memory that the process had, in KiB, where the system tells.
    pub(super) peak: Option<u64>,
    /// Whether the file is Google's list of documents.
    pub(super) is_list: bool,
    /// Why there is no crate.
    pub(super) errors: Vec<String>,
}

/// Has another process of this program generate a document.
pub(super) fn ask(path: &Path) -> Result<Answer, String> {
    let program =
        std::env::current_exe().map_err(|error| format!("no program to start: {error}"))?;
    let output = Command::new(program)
        .args(["corpus", "--worker"])
        .arg(path)
        // Many documents at once are enough.
        .env("RAYON_NUM_THREADS", "1")
        .env("RUST_BACKTRACE", "0")
        .output()
        .map_err(|error| format!("cannot start the generator: {error}"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(format!("the generator broke down, {}: {}", output.status, said.trim()));
    }
    serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("the generator's answer: {error}"))
}

/// What the other process does.
///
/// # Errors
/// The document cannot be read, or the answer cannot be written.
pub(super) fn work(path: &Path) -> Result<ExitCode> {
    let json = fs::read(path).with_context(|| format!("cannot be read: {}", path.display()))?;
    let answer = std::thread::scope(|scope| -> Result<Answer> {
        let work = || one(path, &json);
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work)?;
        thread.join().map_err(|_| anyhow::anyhow!("it panicked"))
    })?;
    super::print(&format!("{}\n", serde_json::to_string(&answer)?))?;
    Ok(ExitCode::SUCCESS)
}

fn one(path: &Path, json: &[u8]) -> Answer {
    let mut diagnostics = Diagnostics::default();
    let Some(generated) = generate(json, &Settings::default(), None, &mut diagnostics) else {
        if is_list(json) {
            return Answer { is_list: true, ..Answer::default() };
        }
        let errors = diagnostics.iter().filter(|one| one.severity == Severity::Error);
        let errors = errors.map(|one| report::text(path, one)).collect();
        return Answer { errors, ..Answer::default() };
    };
    Answer {
        schemas: generated.api.schemas.len(),
        methods: count_methods(&generated.api),
        files: generated.files.len(),
        bytes: generated.files.iter().map(|(_, text)| text.len()).sum(),
        warnings: diagnostics.iter().count(),
        peak: peak(),
        ..Answer::default()
    }
}

/// The most memory that this process had so far, as Linux tells it.
fn peak() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse().ok()
}

/// Whether a text is the list that Google publishes beside its documents.
fn is_list(json: &[u8]) -> bool {
    let value: Option<serde_json::Value> = serde_json::from_slice(json).ok();
    value.is_some_and(|value| value["kind"] == "discovery#directoryList")
}
