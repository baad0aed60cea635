//! What the crates of this project cost, beside google-people1 and bare serde.
//! `cargo xtask bench` starts it.

mod alloc;
mod cases;
mod clients;
mod cost;
mod data;
mod floor;
mod server;
mod table;

use anyhow::{Result, bail};
use clap::{Parser, Subcommand};

use cases::Client;
use cost::Effort;

#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Measures encoding, decoding and whole calls.
    Calls {
        /// Each once or twice: shows that everything runs; times mean little.
        #[arg(long)]
        quick: bool,
        /// Only the cases whose name contains this text.
        #[arg(long, default_value = "")]
        only: String,
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
}

fn main() -> Result<()> {
    match Arguments::parse().task {
        Task::Calls { quick, only } => calls(quick, &only),
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

fn calls(quick: bool, only: &str) -> Result<()> {
    let effort = if quick { Effort::QUICK } else { Effort::FULL };
    let mut measured = Vec::new();
    for name in cases::ALL.into_iter().filter(|name| name.contains(only)) {
        for contacts in [1, 20, 200] {
            measured.push(cases::measure(name, contacts, effort)?);
        }
    }
    println!("{}\n", table::costs(&measured));
    println!("{}", table::targets(&table::targets_of(&measured)));
    Ok(())
}
