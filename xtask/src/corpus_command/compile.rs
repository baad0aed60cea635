//! A sample of the crates, checked by cargo.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use discovery_codegen::diagnostic::Diagnostics;
use discovery_codegen::files::FileSet;
use discovery_codegen::generate;
use discovery_codegen::settings::Settings;

use super::make::{Made, Verdict};

/// What cargo said of one crate.
pub(super) struct Checked {
    pub(super) name: String,
    pub(super) time: Duration,
    /// What it printed, where the crate does not compile without a warning.
    pub(super) errors: Option<String>,
}

/// Those documents that are named, and others that the seed picks; only such as give a crate.
pub(super) fn sample<'a>(
    made: &'a [Made],
    count: usize,
    seed: u64,
    named: &[String],
) -> Vec<&'a Made> {
    let good = made.iter().filter(|one| matches!(one.verdict, Verdict::Good));
    let (mut sample, mut rest): (Vec<_>, Vec<_>) = good.partition(|one| named.contains(&one.name));
    fastrand::Rng::with_seed(seed).shuffle(&mut rest);
    rest.truncate(count);
    sample.append(&mut rest);
    sample.sort_by(|a, b| a.name.cmp(&b.name));
    sample
}

/// Writes the crates of a sample below `target/corpus` and checks one after the other: they share a
/// target folder, which cargo locks.
///
/// # Errors
/// A crate cannot be written, or cargo cannot be started.
pub(super) fn all(sample: &[&Made], jobs: usize) -> Result<Vec<Checked>> {
    let work = work();
    let bar = super::bar(sample.len(), "checking");
    let mut checked = Vec::new();
    for one in sample {
        bar.set_message(one.name.clone());
        let started = Instant::now();
        let errors = check(one, &work, jobs)?;
        checked.push(Checked { name: one.name.clone(), time: started.elapsed(), errors });
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(checked)
}

pub(super) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

pub(super) fn work() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    // A relative one is relative to where this was started, and cargo is started elsewhere.
    let target = target.and_then(|target| std::path::absolute(target).ok());
    target.unwrap_or_else(|| root().join("target")).join("corpus")
}

fn check(one: &Made, work: &Path, jobs: usize) -> Result<Option<String>> {
    let json =
        fs::read(&one.path).with_context(|| format!("cannot read {} again", one.path.display()))?;
    // Made anew: to keep all crates until here would take gigabytes.
    let made = generate(&json, &Settings::default(), None, &mut Diagnostics::default());
    let Some(made) = made else { return Ok(Some("it gives no crate any more\n".to_owned())) };
    let folder = work.join("crates").join(&made.package.name);
    write(&folder, &made.files)
        .with_context(|| format!("cannot write the crate {}", folder.display()))?;
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let output = Command::new(cargo)
        // This workspace's lock file has all that a generated crate needs: nothing is fetched.
        .args(["check", "--all-targets", "--offline", "--quiet", "--jobs", &jobs.to_string()])
        .current_dir(&folder)
        .env("CARGO_TARGET_DIR", work.join("target"))
        .env("CARGO_ENCODED_RUSTFLAGS", "-Dwarnings")
        // Each crate is checked once: what would make the next time faster only takes disk.
        .env("CARGO_INCREMENTAL", "0")
        .output()
        .context("cannot start cargo")?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    Ok((!output.status.success()).then_some(said))
}

/// Writes a crate where another may have been.
pub(super) fn write(folder: &Path, files: &FileSet) -> std::io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    for (path, text) in files.iter() {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap_or(folder))?;
        fs::write(path, text)?;
    }
    fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock"))?;
    Ok(())
}
