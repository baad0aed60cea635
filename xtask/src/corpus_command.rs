//! `cargo xtask corpus`.

mod call;
mod compile;
mod make;
mod show;
mod source;
mod worker;

use std::io::Write as _;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};

/// Exit code where a document falls short.
const FALLS_SHORT: u8 = 1;

/// Generates a crate of every discovery document of a folder or wheel, in memory, and says which fall
/// short.
///
/// With --check-sample, some of the crates are written below target/corpus and checked by cargo,
/// with every warning an error; with --call-sample, every method of some of them is called. The exit
/// code is 0 when every document gives a crate, every checked crate compiles and every called one calls
/// rightly, 1 when one does not, 2 when the documents cannot be read.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// A folder, where every *.json and *.json.gz is a document, or a wheel (.whl) of
    /// google-api-python-client.
    #[arg(value_name = "DIR|WHEEL", required_unless_present = "worker")]
    source: Option<PathBuf>,
    /// Have cargo check the crates of N documents that --seed picks.
    #[arg(long, value_name = "N", default_value_t = 0)]
    check_sample: usize,
    /// Have cargo check the crate of this document (a file name without .json); may be repeated.
    #[arg(long = "check", value_name = "NAME")]
    checked: Vec<String>,
    /// Call every method of N documents that --seed picks: their crates are built and call a server
    /// that is made of the same document and checks every request.
    #[arg(long, value_name = "N", default_value_t = 0)]
    call_sample: usize,
    /// Call every method of this document (a file name without .json); may be repeated.
    #[arg(long = "call", value_name = "NAME")]
    called: Vec<String>,
    /// Picks the samples, and the values of calls: the same number and folder pick the same documents.
    #[arg(long, value_name = "S", default_value_t = 0)]
    seed: u64,
    /// Have clippy and rustdoc look at the checked crates too.
    #[arg(long)]
    lint: bool,
    /// Check crates as their users get them, each with its runtime; otherwise they share one, which
    /// is compiled once.
    #[arg(long)]
    own_runtime: bool,
    /// Pass over the crates that an earlier run with the same compiler found good and that are the
    /// same still.
    #[arg(long)]
    resume: bool,
    /// How many documents are worked on at once [default: the number of processors].
    #[arg(long, value_name = "J")]
    jobs: Option<NonZeroUsize>,
    /// List every document, not only those that fall short and the slowest ten.
    #[arg(long, conflicts_with = "json")]
    all: bool,
    /// Write one JSON object for programs instead of the table.
    #[arg(long)]
    json: bool,
    /// What the processes do that this one starts.
    #[arg(long, value_name = "FILE", hide = true, exclusive = true)]
    worker: Option<PathBuf>,
}

/// Runs the task.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let source = match (&arguments.worker, &arguments.source) {
        (Some(document), _) => return worker::work(document),
        (None, Some(source)) => source,
        (None, None) => bail!("no documents\n  help: give a folder or a wheel"),
    };
    let documents = source::documents(source, &compile::work().join("documents"))?;
    for name in arguments.checked.iter().chain(&arguments.called) {
        if !documents.iter().any(|document| document.name == *name) {
            bail!(
                "{} has no {name}.json\n  help: --check and --call take the name of a document, without .json",
                source.display()
            );
        }
    }
    let jobs = arguments.jobs.or_else(|| std::thread::available_parallelism().ok());
    let jobs = jobs.map_or(1, NonZeroUsize::get);
    let made = make::all(&documents, jobs);
    let sample = compile::sample(&made, arguments.check_sample, arguments.seed, &arguments.checked);
    let how = compile::How {
        jobs,
        lint: arguments.lint,
        own_runtime: arguments.own_runtime,
        resume: arguments.resume,
    };
    let to_call = compile::sample(&made, arguments.call_sample, arguments.seed, &arguments.called);
    if !(sample.is_empty() && to_call.is_empty()) {
        compile::fetch()?;
    }
    let checked = compile::all(&sample, how)?;
    let called = call::all(&to_call, arguments.seed, jobs)?;

    let text = if arguments.json {
        show::json(&made, &checked, &called)
    } else {
        show::text(&made, &checked, &called, arguments.all)
    };
    print(&text)?;
    let falls_short = made.iter().any(|one| !one.verdict.is_good())
        || checked.iter().any(|one| one.errors.is_some())
        || called.iter().any(|one| !one.is_good());
    Ok(if falls_short { ExitCode::from(FALLS_SHORT) } else { ExitCode::SUCCESS })
}

/// Writes to standard output. A reader that goes away early is no error.
fn print(text: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(error).context("cannot write the table")
        }
        _ => Ok(()),
    }
}

/// A bar on standard error, where that is a terminal.
fn bar(length: usize, what: &'static str) -> indicatif::ProgressBar {
    let style = indicatif::ProgressStyle::with_template("{prefix} {wide_bar} {pos}/{len} {msg}");
    let bar = indicatif::ProgressBar::new(length as u64).with_prefix(what);
    match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
