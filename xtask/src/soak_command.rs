//! `cargo xtask soak`.

use std::process::ExitCode;

use anyhow::{Context as _, Result};

use crate::cargo;

/// Plays fault schedules of the facade against the emulator until the time is over or one fails.
///
/// Schedules are numbered; the same number is the same schedule. A failing one is printed with the
/// command that replays it.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// How long.
    #[arg(long, default_value_t = 10)]
    minutes: u64,
    /// The first schedule.
    #[arg(long, default_value_t = 1_000_000)]
    seed: u64,
}

/// Runs the task.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let status = cargo::command()
        .args([
            "test",
            "--release",
            "-p",
            "people-contacts",
            "--lib",
            "--",
            "--ignored",
            "--nocapture",
            "--exact",
        ])
        .arg("schedules::soak")
        .env("SOAK_SECONDS", arguments.minutes.saturating_mul(60).to_string())
        .env("SOAK_SEED", arguments.seed.to_string())
        .status()
        .context("cannot start cargo")?;
    if status.success() {
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!(
        "\nreplay a seed N: SCHEDULE=N cargo test -p people-contacts --lib schedules::one -- --ignored --nocapture"
    );
    Ok(ExitCode::FAILURE)
}
