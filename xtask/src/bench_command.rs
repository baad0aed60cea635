//! `cargo xtask bench`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result};

use crate::{cargo, report};

/// Measures what the crates cost, beside google-people1 and bare serde.
///
/// Without options: encoding, decoding and whole calls (wall time, CPU of the client, allocations),
/// and the memory of runs of the facade. The clients take turns, so that a busy machine meets them
/// alike. The benchmarks are a workspace of their own, benches/, built in release mode.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Do each piece of work once or twice: shows that everything runs and that allocations keep to
    /// their targets.
    #[arg(long, conflicts_with_all = ["build", "gen"])]
    quick: bool,
    /// Only the cases whose name contains this text, and no runs of the facade.
    #[arg(long, value_name = "TEXT", conflicts_with_all = ["build", "gen"])]
    only: Option<String>,
    /// Write the plots (SVG) into this folder as well.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["build", "gen"])]
    plots: Option<PathBuf>,
    /// Measure what a program costs to build that calls batchUpdateContacts once. Takes minutes.
    #[arg(long, conflicts_with = "gen")]
    build: bool,
    /// Measure the generator over sample documents, and over every document of DIR.
    #[arg(long, value_name = "DIR")]
    #[allow(clippy::option_option)] // how clap is told that the value may be missing
    r#gen: Option<Option<PathBuf>>,
}

/// Runs the task.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask has no parent")?;
    let target = root.join("target");
    let work = target.join("bench-work");
    let mut command = cargo::command();
    command
        .args(["run", "--release", "--locked", "--quiet", "--manifest-path"])
        .arg(root.join("benches/Cargo.toml"))
        .arg("--target-dir")
        .arg(target.join("bench"))
        .arg("--");
    if arguments.build {
        command.arg("build").arg(work);
    } else if let Some(corpus) = &arguments.r#gen {
        command.arg("gen").arg(work).args(corpus);
    } else {
        command.arg("calls");
        if arguments.quick {
            command.arg("--quick");
        }
        if let Some(only) = &arguments.only {
            command.arg("--only").arg(only);
        }
        if let Some(plots) = &arguments.plots {
            command.arg("--plots").arg(plots);
        }
    }
    let status = command.status().context("cannot start cargo")?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::from(report::BAD_INPUT) })
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use clap::Parser;

    #[derive(Parser)]
    struct Task {
        #[command(flatten)]
        arguments: super::Arguments,
    }

    #[test]
    fn the_folder_of_documents_may_be_missing() {
        let corpus = |line: &[&str]| Task::try_parse_from(line).unwrap().arguments.r#gen;
        assert_eq!(corpus(&["bench"]), None);
        assert_eq!(corpus(&["bench", "--gen"]), Some(None));
        assert_eq!(corpus(&["bench", "--gen", "docs"]), Some(Some(PathBuf::from("docs"))));
    }
}
