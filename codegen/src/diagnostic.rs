//! What is wrong with an input: where, what, and how to mend it.

use std::fmt;

/// One problem of one input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// JSON pointer into the document (RFC 6901), or a key of the settings; empty for the whole.
    pub pointer: String,
    /// What is wrong, one sentence.
    pub message: String,
    /// What to do about it, one sentence; may be empty.
    pub help: String,
}

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// Output is made all the same.
    Warning,
    /// No output is made.
    Error,
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        let place = if self.pointer.is_empty() { "the document" } else { &self.pointer };
        write!(f, "{severity}: {place}: {}", self.message)?;
        if !self.help.is_empty() {
            write!(f, "\n  help: {}", self.help)?;
        }
        Ok(())
    }
}

/// The problems found so far. Stages add to it and go on, so that one run shows all.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    found: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Adds an error.
    pub fn error(
        &mut self,
        pointer: impl Into<String>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.push(Severity::Error, pointer, message, help);
    }

    /// Adds a warning.
    pub fn warning(
        &mut self,
        pointer: impl Into<String>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.push(Severity::Warning, pointer, message, help);
    }

    fn push(
        &mut self,
        severity: Severity,
        pointer: impl Into<String>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.found.push(Diagnostic {
            severity,
            pointer: pointer.into(),
            message: message.into(),
            help: help.into(),
        });
    }

    /// Whether any of them is an error.
    pub fn has_errors(&self) -> bool {
        self.found.iter().any(|one| one.severity == Severity::Error)
    }

    /// All of them, in the order found.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.found.iter()
    }
}
