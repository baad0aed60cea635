//! `cargo xtask gen`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context as _, Result};
use discovery_codegen::api::Api;
use discovery_codegen::config::{Config, tidy};
use discovery_codegen::diagnostic::Diagnostics;
use discovery_codegen::emit::{Package, runtime_crate};
use discovery_codegen::files::FileSet;
use discovery_codegen::settings::Settings;
use discovery_codegen::{Generated, canonical as canonical_text, generate, surface};

use crate::manifest;
use crate::report::{self, BAD_INPUT, STALE};
use crate::shared_runtime;
use crate::shell;
use crate::tree::{self, Plan};

/// Where the settings are, seen from the project's root.
const SETTINGS: &str = "discovery/gen.toml";

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
        default_value = SETTINGS,
        conflicts_with = "document"
    )]
    config: PathBuf,
    /// Generate from this discovery document instead of the settings' ones.
    #[arg(long, value_name = "FILE", requires = "out", group = "source")]
    document: Option<PathBuf>,
    /// Generate a crate of this name that is nothing but the runtime, for others to share.
    #[arg(
        long,
        value_name = "NAME",
        requires = "out",
        group = "source",
        conflicts_with = "config"
    )]
    runtime_crate: Option<String>,
    /// The folder of the crate that is made of --document, or of --runtime-crate.
    #[arg(long, value_name = "DIR", requires = "source")]
    out: Option<PathBuf>,
    /// Share the runtime of the generated crate in this folder, so that both have one Error; without
    /// it, the crate that is made of --document contains its own.
    #[arg(long, value_name = "DIR", requires = "document")]
    runtime: Option<PathBuf>,
    /// Give the runtime of the crate that is made of --document uploads and downloads although its API
    /// has none, for others that share it with --runtime.
    #[arg(long, requires = "document", conflicts_with = "runtime")]
    media: bool,
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
    source: Source,
    out: PathBuf,
    /// The folder of the job's crate whose runtime this one shares.
    shares: Option<PathBuf>,
}

/// What a crate is made of.
enum Source {
    Document {
        path: PathBuf,
        package: Option<String>,
        settings: Box<Settings>,
        /// Whether the document itself is kept in canonical form.
        canonical: bool,
    },
    /// Nothing: it is the runtime alone, in a package of this name.
    Runtime(String),
}

/// What one job came to, before anything is written.
struct Made {
    /// What was made.
    what: String,
    /// How much of it.
    amount: String,
    files: FileSet,
    plan: Plan,
    /// Whether it needs a runtime with media.
    has_media: bool,
    /// What the crate's own manifest lacks.
    lacks: Vec<String>,
    /// The document and its canonical text, where the file differs from it.
    document_text: Option<(PathBuf, String)>,
}

/// Runs the task.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let started = Instant::now();
    let mut jobs = jobs(arguments)?;
    // Those that share a runtime go first: what they need is what its crate has to contain.
    jobs.sort_by_key(|job| job.shares.is_none());
    let mut with_media = BTreeSet::new();
    // All are made before any is written: a bad input leaves every file untouched.
    let mut made = Vec::new();
    let mut is_bad = false;
    for job in &mut jobs {
        if let Source::Document { settings, .. } = &mut job.source {
            settings.media |= with_media.contains(&job.out);
        }
        match make(job)? {
            Some(one) => {
                with_media.extend(job.shares.clone().filter(|_| one.has_media));
                made.push(one);
            }
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

/// The same command as it was given, without --check.
fn mending_command(arguments: &Arguments) -> String {
    let mut words = vec!["cargo".to_owned(), "xtask".to_owned(), "gen".to_owned()];
    let mut add = |option: &str, value: &str| {
        words.extend([option.to_owned(), shell::quoted(value)]);
    };
    let text = |path: &Path| path.display().to_string();
    if let Some(document) = &arguments.document {
        add("--document", &text(document));
    } else if let Some(name) = &arguments.runtime_crate {
        add("--runtime-crate", name);
    } else if arguments.config != Path::new(SETTINGS) {
        add("--config", &text(&arguments.config));
    }
    if let Some(out) = &arguments.out {
        add("--out", &text(out));
    }
    if let Some(package) = &arguments.package {
        add("--package", package);
    }
    for method in &arguments.methods {
        add("--method", method);
    }
    for host in &arguments.allow_hosts {
        add("--allow-host", host);
    }
    if let Some(runtime) = &arguments.runtime {
        add("--runtime", &text(runtime));
    }
    if arguments.media {
        words.push("--media".to_owned());
    }
    words.join(" ")
}

fn jobs(arguments: &Arguments) -> Result<Vec<Job>> {
    if let (Some(name), Some(out)) = (&arguments.runtime_crate, &arguments.out) {
        let source = Source::Runtime(name.clone());
        return Ok(vec![Job { source, out: out.clone(), shares: None }]);
    }
    if let (Some(document), Some(out)) = (&arguments.document, &arguments.out) {
        let runtime = arguments.runtime.as_ref();
        let settings = Settings {
            methods: arguments.methods.clone(),
            allow_hosts: arguments.allow_hosts.clone(),
            runtime: runtime.map(|folder| shared_runtime::of_folder(folder, out)).transpose()?,
            media: arguments.media,
            prior: prior(out)?.as_deref().map(surface::prior_names).unwrap_or_default(),
            ..Settings::default()
        };
        let source = Source::Document {
            path: document.clone(),
            package: arguments.package.clone(),
            settings: Box::new(settings),
            canonical: false,
        };
        return Ok(vec![Job { source, out: out.clone(), shares: None }]);
    }
    let path = &arguments.config;
    let text = fs::read_to_string(path).with_context(|| {
        format!("cannot read {}\n  help: run this at the project's root, or give --config or --document", path.display())
    })?;
    let config =
        Config::parse(&text).map_err(|message| anyhow::anyhow!("{}: {message}", path.display()))?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let runtimes = config.runtime.iter().map(|one| {
        let source = Source::Runtime(one.package.clone());
        Ok(Job { source, out: tidy(&folder.join(&one.out)), shares: None })
    });
    let apis = config.api.iter().map(|api| {
        let out = tidy(&folder.join(&api.out));
        let mut settings = api.settings(prior(&out)?.as_deref());
        let mut shares = None;
        if let Some(package) = &api.runtime
            && let Some(owner) = config.runtime_folder(package)
        {
            let owner = tidy(&folder.join(owner));
            settings.runtime = Some(shared_runtime::of_package(package, &owner, &out)?);
            shares = Some(owner);
        }
        let source = Source::Document {
            path: folder.join(&api.document),
            package: api.package.clone(),
            settings: Box::new(settings),
            canonical: true,
        };
        Ok(Job { source, out, shares })
    });
    runtimes.chain(apis).collect()
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
    let (what, amount, files, has_media, document_text) = match &job.source {
        Source::Runtime(name) => {
            let package = Package { name: name.clone(), version: shared_runtime::FIRST.to_owned() };
            let files = runtime_crate(&package).map_err(anyhow::Error::msg)?;
            (format!("runtime {name}"), "for others to share".to_owned(), files, true, None)
        }
        Source::Document { path, package, settings, canonical } => {
            let json = read(path)?;
            let mut diagnostics = Diagnostics::default();
            let generated = generate(&json, settings, package.as_deref(), &mut diagnostics);
            report::print(path, &diagnostics);
            let Some(Generated { api, files, .. }) = generated else { return Ok(None) };
            let text = if *canonical { Some(canonical_text(&json)?) } else { None };
            let text = text.filter(|text| text.as_bytes() != json);
            let amount = format!("{} methods, {} schemas", count_methods(&api), api.schemas.len());
            (named(&api), amount, files, api.has_media(), text.map(|text| (path.clone(), text)))
        }
    };
    let plan = tree::plan(&job.out, &files)?;
    let lacks = manifest::lacks(&job.out, files.get("Cargo.toml").unwrap_or_default())?;
    Ok(Some(Made { what, amount, files, plan, has_media, lacks, document_text }))
}

fn read(document: &Path) -> Result<Vec<u8>> {
    fs::read(document).map_err(|error| {
        let path = document.display();
        anyhow::anyhow!(
            "cannot read the discovery document {path}: {error}\n  help: check the path"
        )
    })
}

fn named(api: &Api) -> String {
    let revision = if api.revision.is_empty() { "unknown" } else { &api.revision };
    format!("{} {} revision {revision}", api.name, api.version)
}

fn write(job: &Job, made: &Made) -> Result<()> {
    if let Some((path, text)) = &made.document_text {
        tree::write(path, text)?;
    }
    tree::apply(&job.out, &made.files, &made.plan)
}

fn summary(job: &Job, made: &Made, check: bool) {
    let Made { what, amount, plan, lacks, document_text, .. } = made;
    println!("{what} -> {}: {amount}", job.out.display());
    println!(
        "  files: {} changed, {} {}, {} {}, {} unchanged",
        plan.changed.len(),
        plan.missing.len(),
        if check { "missing" } else { "new" },
        plan.extra.len(),
        if check { "extra" } else { "removed" },
        plan.unchanged
    );
    if let Some((path, _)) = document_text {
        println!(
            "  {} {} canonical form",
            path.display(),
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
pub(crate) fn count_methods(api: &Api) -> usize {
    fn below(resource: &discovery_codegen::api::Resource) -> usize {
        resource.methods.len() + resource.resources.iter().map(below).sum::<usize>()
    }
    api.methods.len() + api.resources.iter().map(below).sum::<usize>()
}
