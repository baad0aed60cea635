//! Every document of a folder -> what came of it.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use discovery_codegen::diagnostic::{Diagnostics, Severity};
use discovery_codegen::files::FileSet;
use discovery_codegen::generate;
use discovery_codegen::settings::Settings;

use crate::gen_command::count_methods;
use crate::report;

/// What large documents take: the deepest nesting that JSON may have needs far less.
const STACK: usize = 16 << 20;

/// A file of the folder.
pub(super) struct Document {
    /// Its name without `.json`.
    pub(super) name: String,
    pub(super) path: PathBuf,
}

/// What came of one document.
pub(super) struct Made {
    pub(super) name: String,
    pub(super) path: PathBuf,
    pub(super) verdict: Verdict,
    /// Types of the crate.
    pub(super) schemas: usize,
    pub(super) methods: usize,
    pub(super) files: usize,
    /// Of all files together.
    pub(super) bytes: usize,
    /// How many warnings the document gave.
    pub(super) warnings: usize,
    pub(super) time: Duration,
}

/// How a document did.
pub(super) enum Verdict {
    /// It gives a crate.
    Good,
    /// It is Google's list of documents, none itself.
    List,
    /// It gives none; why, one text for each reason.
    Bad(Vec<String>),
}

impl Verdict {
    pub(super) fn is_good(&self) -> bool {
        !matches!(self, Self::Bad(_))
    }
}

/// The documents of a folder, sorted by name.
///
/// # Errors
/// The folder cannot be read or has none.
pub(super) fn documents(folder: &Path) -> Result<Vec<Document>> {
    let cannot = || {
        format!("cannot read the folder {}\n  help: give a folder of documents", folder.display())
    };
    let mut documents = Vec::new();
    for entry in fs::read_dir(folder).with_context(cannot)? {
        let path = entry.with_context(cannot)?.path();
        let is_json = path.extension().is_some_and(|extension| extension == "json");
        if let (true, Some(stem)) = (is_json, path.file_stem()) {
            documents.push(Document { name: stem.to_string_lossy().into_owned(), path });
        }
    }
    if documents.is_empty() {
        bail!("{} has no *.json\n  help: give a folder of discovery documents", folder.display());
    }
    documents.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(documents)
}

/// Generates all, `jobs` at once; the answers stand in the order of the documents.
pub(super) fn all(documents: &[Document], jobs: usize) -> Vec<Made> {
    let bar = super::bar(documents.len(), "generating");
    let next = AtomicUsize::new(0);
    let made: Mutex<Vec<(usize, Made)>> = Mutex::default();
    let work = || {
        while let Some((index, document)) = {
            let index = next.fetch_add(1, Ordering::Relaxed);
            documents.get(index).map(|document| (index, document))
        } {
            let one = timed(document);
            bar.set_message(document.name.clone());
            bar.inc(1);
            // Nothing panics while it holds the lock.
            made.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push((index, one));
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..jobs.min(documents.len()) {
            let started = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work);
            // Without a thread this one does the work.
            if started.is_err() {
                work();
            }
        }
    });
    bar.finish_and_clear();
    let mut made = made.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    made.sort_by_key(|(index, _)| *index);
    made.into_iter().map(|(_, one)| one).collect()
}

fn timed(document: &Document) -> Made {
    let started = Instant::now();
    let made = one(document);
    Made { time: started.elapsed(), ..made }
}

fn one(document: &Document) -> Made {
    let empty = |verdict| Made {
        name: document.name.clone(),
        path: document.path.clone(),
        verdict,
        schemas: 0,
        methods: 0,
        files: 0,
        bytes: 0,
        warnings: 0,
        time: Duration::ZERO,
    };
    let json = match fs::read(&document.path) {
        Ok(json) => json,
        Err(error) => return empty(Verdict::Bad(vec![format!("cannot be read: {error}")])),
    };
    let mut diagnostics = Diagnostics::default();
    // A generator that panics has a defect; the other documents are still worth a look.
    let made = catch_unwind(AssertUnwindSafe(|| {
        generate(&json, &Settings::default(), None, &mut diagnostics)
    }));
    let generated = match made {
        Ok(Some(generated)) => generated,
        Ok(None) if is_list(&json) => return empty(Verdict::List),
        Ok(None) => {
            let errors = diagnostics.iter().filter(|one| one.severity == Severity::Error);
            let errors = errors.map(|one| report::text(&document.path, one)).collect();
            return empty(Verdict::Bad(errors));
        }
        Err(panic) => {
            let said = panic.downcast_ref::<String>().map(String::as_str);
            let said = said.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or_default();
            return empty(Verdict::Bad(vec![format!("the generator panicked: {said}")]));
        }
    };
    Made {
        schemas: generated.api.schemas.len(),
        methods: count_methods(&generated.api),
        files: generated.files.len(),
        bytes: size(&generated.files),
        warnings: diagnostics.iter().count(),
        ..empty(Verdict::Good)
    }
}

fn size(files: &FileSet) -> usize {
    files.iter().map(|(_, text)| text.len()).sum()
}

/// Whether a text is the list that Google publishes beside its documents.
fn is_list(json: &[u8]) -> bool {
    let value: Option<serde_json::Value> = serde_json::from_slice(json).ok();
    value.is_some_and(|value| value["kind"] == "discovery#directoryList")
}
