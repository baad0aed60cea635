//! A sample of the crates, checked by cargo.
//!
//! The crates share one runtime, which is compiled once, unless they are wanted as users get them.

use std::ffi::OsString;
use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use discovery_codegen::diagnostic::Diagnostics;
use discovery_codegen::emit::{Package, runtime_crate};
use discovery_codegen::files::FileSet;
use discovery_codegen::generate;
use discovery_codegen::settings::{RuntimeCrate, Settings};

use super::make::{Made, Verdict};
use crate::cargo;

/// The crate whose runtime the others share.
const RUNTIME: &str = "corpus-runtime";

/// How crates are checked.
#[derive(Clone, Copy)]
pub(super) struct How {
    /// How many processes cargo may start at once.
    pub(super) jobs: usize,
    /// With clippy and rustdoc.
    pub(super) lint: bool,
    /// Each with a runtime of its own.
    pub(super) own_runtime: bool,
    /// Without those that were good before and are the same.
    pub(super) resume: bool,
}

/// What cargo said of one crate.
pub(super) struct Checked {
    pub(super) name: String,
    pub(super) time: Duration,
    /// Whether an earlier run found the same crate good.
    pub(super) was_good: bool,
    /// What cargo printed, where the crate does not compile without a warning.
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
pub(super) fn all(sample: &[&Made], how: How) -> Result<Vec<Checked>> {
    if sample.is_empty() {
        return Ok(Vec::new());
    }
    let checks = Checks::new(how)?;
    let bar = super::bar(sample.len(), "checking");
    let mut checked = Vec::new();
    for one in sample {
        bar.set_message(one.name.clone());
        checked.push(checks.check(one)?);
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(checked)
}

/// The folder of all that this task makes.
pub(super) fn work() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    // A relative one is relative to where this was started, and cargo is started elsewhere.
    let target = target.and_then(|target| std::path::absolute(target).ok());
    target.unwrap_or_else(|| root().join("target")).join("corpus")
}

/// Removes a folder, if it is there.
pub(super) fn remove(folder: &Path) -> std::io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

pub(super) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Downloads what this workspace's lock file names, which is all that generated crates need, where it
/// has not been before. The crates are then built without a look at the network.
///
/// # Errors
/// Cargo cannot be started, or says what it cannot download.
pub(super) fn fetch() -> Result<()> {
    let mut fetch = cargo::command();
    fetch.args(["fetch", "--locked", "--quiet"]).current_dir(root());
    let compiler = compiler()?;
    // What other systems need is not built here.
    if let Some(host) = compiler.lines().find_map(|line| line.strip_prefix("host: ")) {
        fetch.args(["--target", host]);
    }
    let output = fetch.output().context("cannot start cargo")?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(
        output.status.success(),
        "cannot download what generated crates depend on\n{}\n  help: `cargo fetch` must work in {}",
        said.trim_end(),
        root().display()
    );
    Ok(())
}

/// The compiler's own words for what it is.
fn compiler() -> Result<String> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| OsString::from("rustc"));
    let output = Command::new(rustc).arg("-vV").output().context("cannot start rustc")?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// What all checks of a run have in common.
struct Checks {
    how: How,
    work: PathBuf,
    runtime: FileSet,
    /// Another compiler may say other things of the same crate.
    compiler: String,
}

impl Checks {
    fn new(how: How) -> Result<Self> {
        let work = work();
        let package = Package { name: RUNTIME.to_owned(), version: "0.1.0".to_owned() };
        let runtime = runtime_crate(&package).map_err(anyhow::Error::msg)?;
        if !how.own_runtime {
            write(&work.join(RUNTIME), &runtime).context("cannot write the shared runtime")?;
        }
        Ok(Self { how, work, runtime, compiler: compiler()? })
    }

    fn check(&self, one: &Made) -> Result<Checked> {
        let started = Instant::now();
        let answer = |was_good, errors| {
            let name = one.name.clone();
            Ok(Checked { name, time: started.elapsed(), was_good, errors })
        };
        let json = fs::read(&one.path)
            .with_context(|| format!("cannot read {} again", one.path.display()))?;
        let runtime = (!self.how.own_runtime).then(|| RuntimeCrate {
            package: RUNTIME.to_owned(),
            library: RUNTIME.replace('-', "_"),
            version: "0.1.0".to_owned(),
            path: Some(format!("../../{RUNTIME}")),
            has_media: true,
        });
        let settings = Settings { runtime, ..Settings::default() };
        // Made anew: to keep all crates until here would take gigabytes.
        let Some(made) = generate(&json, &settings, None, &mut Diagnostics::default()) else {
            return answer(false, Some("it gives no crate any more\n".to_owned()));
        };
        let seal = self.work.join("good").join(&one.name);
        let seal_text = self.seal(&made.files);
        if self.how.resume && fs::read_to_string(&seal).is_ok_and(|text| text == seal_text) {
            return answer(true, None);
        }
        let folder = self.work.join("crates").join(&made.package.name);
        write(&folder, &made.files)
            .with_context(|| format!("cannot write the crate {}", folder.display()))?;
        let steps: &[&[&str]] = match (self.how.lint, self.how.own_runtime) {
            // The crates have nothing but a library, unless the runtime's tests are in it.
            (false, false) => &[&["check", "--lib"]],
            (false, true) => &[&["check", "--all-targets"]],
            (true, _) => &[&["clippy", "--lib"], &["doc", "--no-deps"]],
        };
        for step in steps {
            if let Some(errors) = self.cargo(step, &folder)? {
                return answer(false, Some(errors));
            }
        }
        let keep = || -> std::io::Result<()> {
            fs::create_dir_all(self.work.join("good"))?;
            fs::write(&seal, &seal_text)
        };
        keep().with_context(|| format!("cannot write {}", seal.display()))?;
        // What is good is not looked at again, and all of them together take gigabytes.
        if self.how.resume {
            remove(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
        }
        answer(false, None)
    }

    /// What a crate and the way of checking it are: the same text, the same answer.
    fn seal(&self, files: &FileSet) -> String {
        let mut hasher = DefaultHasher::new();
        for (path, text) in files.iter().chain(self.runtime.iter()) {
            (path, text).hash(&mut hasher);
        }
        let How { lint, own_runtime, .. } = self.how;
        format!(
            "{:016x} lint {lint}, own runtime {own_runtime}\n{}",
            hasher.finish(),
            self.compiler
        )
    }

    /// What cargo prints where it fails.
    fn cargo(&self, step: &[&str], folder: &Path) -> Result<Option<String>> {
        let output = cargo::command()
            .args(step)
            // See `fetch`.
            .args(["--offline", "--quiet", "--jobs", &self.how.jobs.to_string()])
            .current_dir(folder)
            .env("CARGO_TARGET_DIR", self.work.join("target"))
            .env("CARGO_ENCODED_RUSTFLAGS", "-Dwarnings")
            .env("CARGO_ENCODED_RUSTDOCFLAGS", "-Dwarnings")
            // Each crate is checked once: what would make the next time faster only takes disk.
            .env("CARGO_INCREMENTAL", "0")
            .output()
            .context("cannot start cargo")?;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        Ok((!output.status.success()).then_some(said))
    }
}

/// Writes a crate where another may have been, without touching what is the same: cargo would compile
/// it again.
pub(super) fn write(folder: &Path, files: &FileSet) -> std::io::Result<()> {
    let is_same = |(path, text): (&str, &str)| {
        fs::read_to_string(folder.join(path)).is_ok_and(|found| found == text)
    };
    if files.iter().all(is_same) {
        return Ok(());
    }
    remove(folder)?;
    for (path, text) in files.iter() {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap_or(folder))?;
        fs::write(path, text)?;
    }
    fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock"))?;
    Ok(())
}
