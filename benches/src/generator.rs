//! What generating costs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use crate::child::{self, Cost};
use crate::table::{self, Target};

/// How often a sample is generated; the cheapest run counts.
const ROUNDS: usize = 5;

/// Documents of the checkout, small and large.
const SAMPLES: [&str; 4] = [
    "discovery/people.v1.json",
    "codegen/tests/history/tasks.v1/20261101.json",
    "codegen/tests/history/drive.v3/20261106.json",
    "codegen/tests/history/container.v1/20240923.json",
];

/// Generates the samples, and every document of a folder if there is one, and prints what it cost.
/// `root` is the checkout, `folder` for what is made.
pub fn run(root: &Path, folder: &Path, corpus: Option<&Path>) -> Result<()> {
    let mut rows = Vec::new();
    let mut targets = Vec::new();
    for profile in ["dev", "release"] {
        let xtask = build(root, profile)?;
        for sample in SAMPLES {
            let cost = generate(&xtask, &root.join(sample), folder)?;
            rows.push(row(sample, &format!("xtask, {profile}"), cost));
            if profile == "release" && sample == SAMPLES[0] {
                targets.push(Target {
                    what: "gen for People: CPU s",
                    measured: cost.cpu.as_secs_f64(),
                    at_most: 0.15,
                    is_exact: false,
                });
            }
        }
        if let (Some(corpus), "release") = (corpus, profile) {
            let mut command = Command::new(&xtask);
            command.arg("corpus").arg(corpus).args(["--jobs", "1"]).current_dir(root);
            let cost = child::cost(&command)?;
            rows.push(row("every document of the folder", "xtask, release", cost));
            #[allow(clippy::cast_precision_loss)]
            let mib = cost.peak_kib as f64 / 1024.0;
            targets.push(Target {
                what: "all documents: CPU s",
                measured: cost.cpu.as_secs_f64(),
                at_most: 97.0,
                is_exact: false,
            });
            targets.push(Target {
                what: "all documents: peak MiB",
                measured: mib,
                at_most: 300.0,
                is_exact: false,
            });
        }
    }
    println!("{}\n", table::columns(&["document", "by", "wall s", "CPU s", "peak MiB"], &rows));
    println!("{}", table::targets(&targets));
    Ok(())
}

fn row(what: &str, by: &str, cost: Cost) -> Vec<String> {
    vec![
        what.to_owned(),
        by.to_owned(),
        format!("{:.2}", cost.wall.as_secs_f64()),
        format!("{:.2}", cost.cpu.as_secs_f64()),
        (cost.peak_kib / 1024).to_string(),
    ]
}

fn build(root: &Path, profile: &str) -> Result<PathBuf> {
    let target = root.join("target");
    let status = child::cargo(root)
        .args(["build", "--quiet", "--package", "xtask", "--profile", profile])
        .env("CARGO_TARGET_DIR", &target)
        .status()?;
    ensure!(status.success(), "xtask does not build");
    Ok(target.join(if profile == "dev" { "debug" } else { "release" }).join("xtask"))
}

/// The cheapest of some runs, each into an empty folder.
fn generate(xtask: &Path, document: &Path, folder: &Path) -> Result<Cost> {
    let out = folder.join("generated");
    let mut least: Option<Cost> = None;
    for _ in 0..ROUNDS {
        if out.exists() {
            fs::remove_dir_all(&out)?;
        }
        let mut command = Command::new(xtask);
        command.arg("gen").arg("--document").arg(document).arg("--out").arg(&out);
        let cost = child::cost(&command)?;
        if least.is_none_or(|least| cost.cpu < least.cpu) {
            least = Some(cost);
        }
    }
    least.context("nothing was generated")
}
