//! The cargo that runs this.

use std::process::Command;

/// How variables begin in which cargo tells a program of its package.
const OF_THIS_PACKAGE: [&str; 3] = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_CRATE_"];

/// A command of the cargo that started this program; of the usual one where none did.
///
/// It does not hear what cargo told this program about itself: build scripts look at that, and would
/// run again each time.
pub(crate) fn command() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in std::env::vars_os() {
        if OF_THIS_PACKAGE.iter().any(|start| name.to_string_lossy().starts_with(start)) {
            command.env_remove(name);
        }
    }
    command
}
