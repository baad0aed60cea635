//! What a command costs, with all the processes it starts.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use nix::sys::resource::{Usage, UsageWho, getrusage};
use nix::sys::time::TimeVal;

/// The cost of a command.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cost {
    pub wall: Duration,
    pub cpu: Duration,
    /// The most memory that one of its processes had, in KiB.
    pub peak_kib: u64,
}

/// Runs a command in a process that watches nothing else, so that the peak is its own.
pub fn cost(command: &Command) -> Result<Cost> {
    let myself = std::env::current_exe().context("cannot find this program")?;
    let mut watch = Command::new(myself);
    watch.arg("watch").arg("--").arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => watch.env(name, value),
            None => watch.env_remove(name),
        };
    }
    if let Some(folder) = command.get_current_dir() {
        watch.current_dir(folder);
    }
    let output = watch.stderr(Stdio::inherit()).output().context("cannot watch a command")?;
    ensure!(output.status.success(), "{command:?} failed");
    let text = String::from_utf8_lossy(&output.stdout);
    let numbers: Vec<u64> =
        text.split_whitespace().filter_map(|number| number.parse().ok()).collect();
    match numbers[..] {
        [wall, cpu, peak_kib] => Ok(Cost {
            wall: Duration::from_micros(wall),
            cpu: Duration::from_micros(cpu),
            peak_kib,
        }),
        _ => bail!("{command:?} was not watched: {text}"),
    }
}

/// Runs a command and prints its cost: microseconds, microseconds of CPU, KiB.
pub fn watch(command: &[String]) -> Result<()> {
    let [program, arguments @ ..] = command else { bail!("there is no command to watch") };
    let started = Instant::now();
    let output = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot start {program}"))?;
    let wall = started.elapsed();
    if !output.status.success() {
        bail!("{program} failed:\n{}", String::from_utf8_lossy(&output.stderr));
    }
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    println!("{} {} {}", wall.as_micros(), cpu(&usage).as_micros(), peak_kib(&usage));
    Ok(())
}

fn cpu(usage: &Usage) -> Duration {
    let micros = |time: TimeVal| {
        u64::try_from(time.tv_sec()).unwrap_or(0) * 1_000_000
            + u64::try_from(time.tv_usec()).unwrap_or(0)
    };
    Duration::from_micros(micros(usage.user_time()) + micros(usage.system_time()))
}

/// Linux counts in KiB, macOS in bytes.
fn peak_kib(usage: &Usage) -> u64 {
    let peak = u64::try_from(usage.max_rss()).unwrap_or(0);
    if cfg!(target_os = "macos") { peak / 1024 } else { peak }
}

/// cargo, as the one that started this program or as the path has it.
pub fn cargo(folder: &Path) -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(folder);
    cargo
}
