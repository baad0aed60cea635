//! A sample of the crates, every method of which is called: a server made of the same document
//! checks the requests and what became of its answers.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use discovery_codegen::diagnostic::Diagnostics;
use discovery_codegen::emit::Crate;
use discovery_codegen::emit::exercise::{SUFFIX, exercise};
use discovery_codegen::generate;
use discovery_codegen::settings::Settings;
use discovery_server::{Document, Server, Verdict};
use serde_json::{Value, json};

use super::make::Made;
use super::{compile, show};
use crate::cargo;

/// How many problems of one document are shown.
const MOST_SHOWN: usize = 20;

/// How many plans are carried out: to build a program takes long, to run it does not.
const PLANS: u64 = 4;

/// What came of the calls of one crate.
pub(super) struct Called {
    name: String,
    time: Duration,
    /// The verdict, or why there is none.
    verdict: Result<Verdict, String>,
}

/// Builds the crates of a sample below `target/corpus`, one after the other, and calls all methods.
///
/// # Errors
/// A crate cannot be written, or cargo cannot be started.
pub(super) fn all(sample: &[&Made], seed: u64, jobs: usize) -> Result<Vec<Called>> {
    let work = compile::work();
    let bar = super::bar(sample.len(), "calling");
    let mut called = Vec::new();
    for one in sample {
        bar.set_message(one.name.clone());
        let started = Instant::now();
        let verdict = call(one, &work, seed, jobs)?;
        called.push(Called { name: one.name.clone(), time: started.elapsed(), verdict });
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(called)
}

fn call(one: &Made, work: &Path, seed: u64, jobs: usize) -> Result<Result<Verdict, String>> {
    let json =
        fs::read(&one.path).with_context(|| format!("cannot read {} again", one.path.display()))?;
    let made = generate(&json, &Settings::default(), None, &mut Diagnostics::default());
    let Some(made) = made else { return Ok(Err("it gives no crate any more\n".to_owned())) };
    let name = &made.package.name;
    let program = format!("{name}{SUFFIX}");
    let context = Crate { api: &made.api, package: &made.package, runtime: None, media: false };
    let files = match exercise(&context, &format!("../{name}")) {
        Ok(files) => files,
        Err(error) => return Ok(Err(format!("{error}\n"))),
    };
    let folder = work.join("calls").join(&program);
    for (path, files) in [(work.join("calls").join(name), &made.files), (folder.clone(), &files)] {
        compile::write(&path, files)
            .with_context(|| format!("cannot write the crate {}", path.display()))?;
    }
    if let Some(errors) = cargo(&folder, work, &["build", "--jobs", &jobs.to_string()])? {
        return Ok(Err(errors));
    }
    let binary = binary(work, &program);
    let mut verdict = carry_out(&json, seed, &binary, &folder)?;
    for more in 1..PLANS {
        let next = carry_out(&json, seed.wrapping_add(more), &binary, &folder)?;
        verdict = verdict.and_then(|verdict| Ok(verdict.and(next?)));
    }
    // Programs are large, and each is built once.
    cargo(&folder, work, &["clean", "--package", &program, "--package", name])?;
    Ok(verdict)
}

fn binary(work: &Path, program: &str) -> PathBuf {
    work.join("target/debug").join(format!("{program}{}", std::env::consts::EXE_SUFFIX))
}

/// Has the program carry out the plan of one seed.
fn carry_out(
    json: &[u8],
    seed: u64,
    binary: &Path,
    folder: &Path,
) -> Result<Result<Verdict, String>> {
    let document = match Document::parse(json) {
        Ok(document) => document,
        Err(error) => return Ok(Err(format!("the server cannot read it: {error}\n"))),
    };
    let server = Server::start(document, seed).context("cannot start the server")?;
    Ok(server.carry_out(binary, folder).map_err(|error| format!("seed {seed}: {error}\n")))
}

/// Runs cargo in a crate; what it said where it failed.
fn cargo(folder: &Path, work: &Path, arguments: &[&str]) -> Result<Option<String>> {
    let output = cargo::command()
        .args(arguments)
        // See `compile::fetch`.
        .args(["--offline", "--quiet"])
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", work.join("target"))
        .env("CARGO_ENCODED_RUSTFLAGS", "-Dwarnings")
        .env("CARGO_INCREMENTAL", "0")
        .env("CARGO_PROFILE_DEV_DEBUG", "none")
        .output()
        .context("cannot start cargo")?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    Ok((!output.status.success()).then_some(said))
}

impl Called {
    pub(super) fn is_good(&self) -> bool {
        self.verdict.as_ref().is_ok_and(|verdict| verdict.problems.is_empty())
    }

    fn problems(&self) -> &[String] {
        self.verdict.as_ref().map_or(&[], |verdict| &verdict.problems)
    }

    pub(super) fn json(&self) -> Value {
        let verdict = self.verdict.as_ref().ok();
        let count = |count: fn(&Verdict) -> usize| verdict.map(count);
        json!({
            "document": self.name,
            "milliseconds": show::milliseconds(self.time),
            "good": self.is_good(),
            "methods": count(|verdict| verdict.methods),
            "calls": count(|verdict| verdict.cases),
            "requests": count(|verdict| verdict.requests),
            "properties": count(|verdict| verdict.properties),
            "missing": verdict.map(|verdict| &verdict.missing),
            "problems": self.problems(),
            "errors": self.verdict.as_ref().err(),
        })
    }
}

/// A line for each.
pub(super) fn table(called: &[Called]) -> String {
    let mut text = String::new();
    if !called.is_empty() {
        text.push_str("\ncalled against a server:\n");
    }
    for one in called {
        let said = match &one.verdict {
            Err(_) => "CANNOT BE CALLED".to_owned(),
            Ok(verdict) => format!(
                "{}: {} methods, {} calls, {} requests, {} of {} properties",
                if one.is_good() { "calls rightly" } else { "CALLS WRONGLY" },
                verdict.methods,
                verdict.cases,
                verdict.requests,
                verdict.properties - verdict.missing.len(),
                verdict.properties,
            ),
        };
        text.push_str(&format!("  {} {said} ({} ms)\n", one.name, one.time.as_millis()));
    }
    text
}

/// What is wrong.
pub(super) fn reasons(called: &[Called]) -> String {
    let mut text = String::new();
    for one in called {
        if let Err(errors) = &one.verdict {
            text.push_str(&format!("\n{} cannot be called:\n{errors}", one.name));
        }
        let problems = one.problems();
        if !problems.is_empty() {
            text.push_str(&format!("\n{} calls wrongly:\n", one.name));
        }
        for problem in problems.iter().take(MOST_SHOWN) {
            text.push_str(&format!("  {problem}\n"));
        }
        if problems.len() > MOST_SHOWN {
            text.push_str(&format!("  ... and {} more\n", problems.len() - MOST_SHOWN));
        }
    }
    text
}

/// The last line.
pub(super) fn total(called: &[Called]) -> String {
    if called.is_empty() {
        return String::new();
    }
    let sum = |count: fn(&Verdict) -> usize| {
        called.iter().filter_map(|one| one.verdict.as_ref().ok()).map(count).sum::<usize>()
    };
    let bad = called.iter().filter(|one| !one.is_good()).count();
    format!(
        "{} crates called: {} methods, {} requests; {bad} do not call rightly\n",
        called.len(),
        sum(|verdict| verdict.methods),
        sum(|verdict| verdict.requests),
    )
}
