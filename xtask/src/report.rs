//! Diagnostics for people, and the exit codes.

use std::path::Path;

use anyhow::{Result, bail};
use discovery_codegen::diagnostic::{Diagnostic, Diagnostics, Severity};

/// Exit code where generated files differ from what they should be.
pub(crate) const STALE: u8 = 1;
/// Exit code where an input is bad; nothing was written.
pub(crate) const BAD_INPUT: u8 = 2;

/// Prints every diagnostic of a file to standard error.
pub(crate) fn print(file: &Path, diagnostics: &Diagnostics) {
    for one in diagnostics.iter() {
        eprintln!("{}", text(file, one));
    }
}

/// `error: file: pointer: message`, the help in a line of its own.
pub(crate) fn text(file: &Path, diagnostic: &Diagnostic) -> String {
    let severity = match diagnostic.severity {
        Severity::Warning => "warning",
        Severity::Error => "error",
    };
    let place = if diagnostic.pointer.is_empty() {
        String::new()
    } else {
        format!(" {}:", diagnostic.pointer)
    };
    let mut text = format!("{severity}: {}:{place} {}", file.display(), diagnostic.message);
    if !diagnostic.help.is_empty() {
        text.push_str("\n  help: ");
        text.push_str(&diagnostic.help);
    }
    text
}

/// All errors of a file as one; nothing where there are none.
///
/// # Errors
/// There are some.
pub(crate) fn refuse(file: &Path, diagnostics: &Diagnostics) -> Result<()> {
    let errors: Vec<String> = diagnostics
        .iter()
        .filter(|one| one.severity == Severity::Error)
        .map(|one| text(file, one))
        .collect();
    if errors.is_empty() {
        return Ok(());
    }
    // `main` writes `error: ` before the first.
    let text = errors.join("\n");
    bail!("{}", text.strip_prefix("error: ").unwrap_or(&text))
}
