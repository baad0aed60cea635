//! `cargo xtask gen`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context as _, Result};
use discovery_codegen::config::Config;
use discovery_codegen::diagnostic::Diagnostics;
use discovery_codegen::settings::Settings;
use discovery_codegen::{Generated, canonical, generate, surface};

use crate::manifest;
use crate::report::{self, BAD_INPUT, STALE};
use crate::tree::{self, Plan};

/// Reads discovery documents and writes the crates made of them.
///
/// Without --document: every api of discovery/gen.toml. The exit code is 0 when all is done
/// (with --check: when all is fresh), 1 when --check finds stale files, 2 when an input is bad;
/// then nothing is written.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Write nothing; list the files that differ from what would be generated.
    #[arg(long)]
    check: bool,
    /// The settings.
    #[arg(
        long,
        value_name = "FILE",
        default_value = "discovery/gen.toml",
        conflicts_with = "document"
    )]
    config: PathBuf,
    /// Generate from this discovery document instead of the settings' ones.
    #[arg(long, value_name = "FILE", requires = "out")]
    document: Option<PathBuf>,
    /// The folder of the crate that is made of --document.
    #[arg(long, value_name = "DIR", requires = "document")]
    out: Option<PathBuf>,
    /// Generate only this method of --document and the types that it reaches; may be repeated.
    #[arg(long = "method", value_name = "ID", requires = "document")]
    methods: Vec<String>,
    /// Let --document name this host, which is not below googleapis.com, as a place of the API; may
    /// be repeated.
    #[arg(long = "allow-host", value_name = "HOST", requires = "document")]
    allow_hosts: Vec<String>,
    /// The name of the package that is made of --document [default: the API's name and version].
    #[arg(long, value_name = "NAME", requires = "document")]
    package: Option<String>,
}

/// One crate to make.
struct Job {
    document: PathBuf,
    out: PathBuf,
    package: Option<String>,
    settings: Settings,
    /// Whether the document itself is kept in canonical form.
    canonical: bool,
}

/// What one job came to, before anything is written.
struct Made {
    generated: Generated,
    plan: Plan,
    /// What the crate's own manifest lacks.
    lacks: Vec<String>,
    /// The document's canonical text, where the file differs from it.
    document_text: Option<String>,
}

/// Runs the task.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let started = Instant::now();
    let jobs = jobs(arguments)?;
    // All are made before any is written: a bad input leaves every file untouched.
    let mut made = Vec::new();
    let mut is_bad = false;
    for job in &jobs {
        match make(job)? {
            Some(one) => made.push(one),
            None => is_bad = true,
        }
    }
    if is_bad {
        return Ok(ExitCode::from(BAD_INPUT));
    }
    let mut is_stale = false;
    for (job, one) in jobs.iter().zip(&made) {
        is_stale |= !one.plan.is_empty() || one.document_text.is_some();
        if !arguments.check {
            write(job, one)?;
        }
        summary(job, one, arguments.check);
    }
    if arguments.check && is_stale {
        eprintln!("\nstale: run `{}` and commit what it changes", mending_command(arguments));
        return Ok(ExitCode::from(STALE));
    }
    println!(
        "{} in {} ms",
        if arguments.check { "fresh" } else { "done" },
        started.elapsed().as_millis()
    );
    Ok(ExitCode::SUCCESS)
}

fn mending_command(arguments: &Arguments) -> String {
    match (&arguments.document, &arguments.out) {
        (Some(document), Some(out)) => {
            let mut command = format!(
                "cargo xtask gen --document {} --out {}",
                document.display(),
                out.display()
            );
            for method in &arguments.methods {
                command.push_str(&format!(" --method {method}"));
            }
            for host in &arguments.allow_hosts {
                command.push_str(&format!(" --allow-host {host}"));
            }
            command
        }
        _ => "cargo xtask gen".to_owned(),
    }
}

fn jobs(arguments: &Arguments) -> Result<Vec<Job>> {
    if let (Some(document), Some(out)) = (&arguments.document, &arguments.out) {
        let settings = Settings {
            methods: arguments.methods.clone(),
            allow_hosts: arguments.allow_hosts.clone(),
            prior: prior(out)?.as_deref().map(surface::prior_names).unwrap_or_default(),
            ..Settings::default()
        };
        let (document, out, package) = (document.clone(), out.clone(), arguments.package.clone());
        return Ok(vec![Job { document, out, package, settings, canonical: false }]);
    }
    let path = &arguments.config;
    let text = fs::read_to_string(path).with_context(|| {
        format!("cannot read {}\n  help: run this at the project's root, or give --config or --document", path.display())
    })?;
    let config =
        Config::parse(&text).map_err(|message| anyhow::anyhow!("{}: {message}", path.display()))?;
    let folder = path.parent().unwrap_or(Path::new(""));
    config
        .api
        .iter()
        .map(|api| {
            let out = tidy(&folder.join(&api.out));
            let prior = prior(&out)?;
            Ok(Job {
                document: folder.join(&api.document),
                package: api.package.clone(),
                settings: api.settings(prior.as_deref()),
                canonical: true,
                out,
            })
        })
        .collect()
}

/// `discovery/../generated` as `generated`, for messages. Lexical: fine for paths of the settings.
pub(crate) fn tidy(path: &Path) -> PathBuf {
    let mut tidy = PathBuf::new();
    for part in path.components() {
        let can_pop =
            matches!(tidy.components().next_back(), Some(std::path::Component::Normal(_)));
        if part == std::path::Component::ParentDir && can_pop {
            tidy.pop();
        } else {
            tidy.push(part);
        }
    }
    tidy
}

/// The surface that an earlier generation wrote.
fn prior(out: &Path) -> Result<Option<String>> {
    let path = out.join("api.txt");
    match fs::read_to_string(&path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
    }
}

/// Makes one crate in memory. `None`: the document is bad, and the diagnostics are printed.
fn make(job: &Job) -> Result<Option<Made>> {
    let json = fs::read(&job.document).map_err(|error| {
        let path = job.document.display();
        anyhow::anyhow!(
            "cannot read the discovery document {path}: {error}\n  help: check the path"
        )
    })?;
    let mut diagnostics = Diagnostics::default();
    let generated = generate(&json, &job.settings, job.package.as_deref(), &mut diagnostics);
    report::print(&job.document, &diagnostics);
    let Some(generated) = generated else { return Ok(None) };
    let plan = tree::plan(&job.out, &generated.files)?;
    let document_text = if job.canonical {
        Some(canonical(&json)?).filter(|text| text.as_bytes() != json)
    } else {
        None
    };
    let lacks = manifest::lacks(&job.out, generated.files.get("Cargo.toml").unwrap_or_default())?;
    Ok(Some(Made { generated, plan, lacks, document_text }))
}

fn write(job: &Job, made: &Made) -> Result<()> {
    if let Some(text) = &made.document_text {
        fs::write(&job.document, text)
            .with_context(|| format!("cannot write {}", job.document.display()))?;
    }
    tree::apply(&job.out, &made.generated.files, &made.plan)
}

fn summary(job: &Job, made: &Made, check: bool) {
    let Made { generated, plan, lacks, document_text } = made;
    let api = &generated.api;
    println!(
        "{} {} revision {} -> {}: {} methods, {} schemas",
        api.name,
        api.version,
        if api.revision.is_empty() { "unknown" } else { &api.revision },
        job.out.display(),
        count_methods(api),
        api.schemas.len()
    );
    println!(
        "  files: {} changed, {} {}, {} {}, {} unchanged",
        plan.changed.len(),
        plan.missing.len(),
        if check { "missing" } else { "new" },
        plan.extra.len(),
        if check { "extra" } else { "removed" },
        plan.unchanged
    );
    if document_text.is_some() {
        println!(
            "  {} {} canonical form",
            job.document.display(),
            if check { "is not in" } else { "was brought into" }
        );
    }
    for line in lacks {
        println!("  {} lacks: {line}", job.out.join("Cargo.toml").display());
    }
    if check {
        for (what, paths) in
            [("changed", &plan.changed), ("missing", &plan.missing), ("extra", &plan.extra)]
        {
            for path in paths {
                println!("  {what}: {}", job.out.join(path).display());
            }
        }
    }
}

/// How many methods an API has, in all resources.
pub(crate) fn count_methods(api: &discovery_codegen::api::Api) -> usize {
    fn below(resource: &discovery_codegen::api::Resource) -> usize {
        resource.methods.len() + resource.resources.iter().map(below).sum::<usize>()
    }
    api.methods.len() + api.resources.iter().map(below).sum::<usize>()
}
