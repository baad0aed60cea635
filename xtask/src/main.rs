//! The project's tasks. `cargo xtask --help` lists them.

mod bench_command;
mod bump_command;
mod cargo;
mod comment_command;
mod corpus_command;
mod diff_command;
mod fetch_command;
mod gen_command;
mod gh;
mod git;
mod manifest;
mod propose_command;
mod release;
mod report;
mod revision;
mod shared_runtime;
mod shell;
mod soak_command;
mod tree;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The project's tasks.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Downloads discovery documents and shows what they change before they are written.
    Fetch(fetch_command::Arguments),
    /// Generates the crates of discovery/gen.toml, or one from any discovery document.
    Gen(gen_command::Arguments),
    /// Says what changed between two revisions of an API, and whom it breaks.
    Diff(diff_command::Arguments),
    /// Raises the versions of the crates of discovery/gen.toml as far as the changes of their APIs need.
    Bump(bump_command::Arguments),
    /// Proposes new documents as a pull request, with what they change as its text.
    Propose(propose_command::Arguments),
    /// Comments what a pull request changes in the API.
    Comment(comment_command::Arguments),
    /// Generates a crate of every discovery document of a folder, in memory.
    Corpus(corpus_command::Arguments),
    /// Measures what the crates cost, beside others.
    Bench(bench_command::Arguments),
    /// Plays fault schedules of the facade for a long time.
    Soak(soak_command::Arguments),
}

fn main() -> ExitCode {
    let answer = match Arguments::parse().task {
        Task::Fetch(arguments) => fetch_command::run(&arguments),
        Task::Gen(arguments) => gen_command::run(&arguments),
        Task::Diff(arguments) => diff_command::run(&arguments),
        Task::Bump(arguments) => bump_command::run(&arguments),
        Task::Propose(arguments) => propose_command::run(&arguments),
        Task::Comment(arguments) => comment_command::run(&arguments),
        Task::Corpus(arguments) => corpus_command::run(&arguments),
        Task::Bench(arguments) => bench_command::run(&arguments),
        Task::Soak(arguments) => soak_command::run(&arguments),
    };
    match answer {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(report::BAD_INPUT)
        }
    }
}
