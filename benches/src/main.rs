//! What the crates of this project cost, beside google-people1 and bare serde.
//! `cargo xtask bench` starts it.

mod alloc;
mod builds;
mod cases;
mod child;
mod clients;
mod cost;
mod data;
mod floor;
mod generator;
mod plot;
mod server;
mod stream;
mod table;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail, ensure};
use clap::{Parser, Subcommand};

use cases::{Case, Client};
use cost::Effort;
use plot::{Line, Words};
use table::Target;

#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Measures encoding, decoding and whole calls, and the memory of runs of the facade.
    Calls {
        /// Each once or twice: shows that everything runs; times mean little. What does not depend on the
        /// machine, numbers and sizes of allocations, must reach its targets.
        #[arg(long)]
        quick: bool,
        /// Only the cases whose name contains this text, and no runs of the facade.
        #[arg(long, default_value = "")]
        only: String,
        /// Writes the plots into this folder.
        #[arg(long, value_name = "DIR")]
        plots: Option<PathBuf>,
    },
    /// Measures how programs build.
    Build {
        /// The folder for what is made.
        folder: PathBuf,
    },
    /// Measures the generator.
    Gen {
        /// The folder for what is made.
        folder: PathBuf,
        /// A folder of documents, to be generated as well.
        corpus: Option<PathBuf>,
    },
    /// Does one piece of work so many times, for profilers.
    One {
        /// The name of the case.
        case: String,
        /// `ours`, `peer` or `floor`.
        client: String,
        #[arg(default_value_t = 10)]
        times: usize,
        #[arg(default_value_t = 200)]
        contacts: usize,
    },
    /// Runs a command and prints its cost: microseconds, microseconds of CPU, KiB.
    Watch {
        #[arg(last = true)]
        command: Vec<String>,
    },
}

fn main() -> Result<()> {
    let root =
        Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("this folder has no parent")?;
    match Arguments::parse().task {
        Task::Calls { quick, only, plots } => calls(quick, &only, plots.as_deref()),
        Task::Build { folder } => builds::run(root, &folder),
        Task::Gen { folder, corpus } => generator::run(root, &folder, corpus.as_deref()),
        Task::Watch { command } => child::watch(&command),
        Task::One { case, client, times, contacts } => {
            let client = match client.as_str() {
                "ours" => Client::Ours,
                "peer" => Client::Peer,
                "floor" => Client::Floor,
                _ => bail!("{client} is none of ours, peer, floor"),
            };
            let Some(&name) = cases::ALL.iter().find(|name| **name == case) else {
                bail!("{case} is none of {:?}", cases::ALL);
            };
            println!("{:?}", cases::one(name, contacts, client, times)?);
            Ok(())
        }
    }
}

fn calls(quick: bool, only: &str, plots: Option<&Path>) -> Result<()> {
    let effort = if quick { Effort::QUICK } else { Effort::FULL };
    let mut measured = Vec::new();
    for name in cases::ALL.into_iter().filter(|name| name.contains(only)) {
        for contacts in [1, 20, 200] {
            measured.push(cases::measure(name, contacts, effort)?);
        }
    }
    println!("{}\n", table::costs(&measured));
    let mut targets = table::targets_of(&measured);
    if only.is_empty() {
        let runs = stream::measure(quick)?;
        println!("{}\n", table::runs(&runs));
        let most = runs.iter().filter_map(|run| run.bytes_a_contact).fold(0.0, f64::max);
        let what = "facade as a stream: bytes a contact, beyond the buffer";
        targets.push(Target {
            what,
            measured: most,
            at_most: stream::BYTES_A_CONTACT,
            is_exact: true,
        });
        if let Some(folder) = plots {
            plot_runs(folder, &runs)?;
            plot_calls(folder, effort)?;
        }
    }
    println!("{}", table::targets(&targets));
    let missed: Vec<_> =
        targets.iter().filter(|target| target.is_exact && !target.is_reached()).collect();
    ensure!(
        missed.is_empty() || !quick,
        "missed on any machine: {}",
        table::targets_short(&missed)
    );
    Ok(())
}

fn plot_runs(folder: &Path, runs: &[stream::Run]) -> Result<()> {
    #[allow(clippy::cast_precision_loss)]
    let points = runs.iter().map(|run| (f64::from(run.contacts), run.peak as f64 / 1024.0));
    let words = Words { title: "Memory of one run of the facade", x: "contacts", y: "peak KiB" };
    let line = Line { name: "people-contacts".to_owned(), points: points.collect() };
    plot::draw(&folder.join("memory.svg"), &words, &[line])
}

fn plot_calls(folder: &Path, effort: Effort) -> Result<()> {
    let counts = [1, 2, 5, 10, 20, 50, 100, 200];
    let cases: Vec<Case> = counts
        .into_iter()
        .map(|contacts| cases::measure(cases::CALL_HTTP1, contacts, effort))
        .collect::<Result<_>>()?;
    let lines: Vec<Line> = [Client::Peer, Client::Ours, Client::Floor]
        .into_iter()
        .map(|client| Line {
            name: match client {
                Client::Floor => "bare hyper, answer not parsed".to_owned(),
                _ => client.name().to_owned(),
            },
            points: cases
                .iter()
                .filter_map(|case| {
                    #[allow(clippy::cast_precision_loss)]
                    let contacts = case.contacts as f64;
                    Some((contacts, case.cost(client)?.cpu.as_secs_f64() * 1e6))
                })
                .collect(),
        })
        .collect();
    let words = Words {
        title: "CPU of one batchUpdateContacts call in the client",
        x: "contacts",
        y: "\u{b5}s",
    };
    plot::draw(&folder.join("calls.svg"), &words, &lines)
}
