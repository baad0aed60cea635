//! Every document -> what came of it.

use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::source::Document;
use super::worker::{self, Answer};

/// What came of one document.
pub(super) struct Made {
    pub(super) name: String,
    pub(super) path: PathBuf,
    pub(super) verdict: Verdict,
    pub(super) answer: Answer,
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
            let one = one(document);
            bar.set_message(document.name.clone());
            bar.inc(1);
            // Nothing panics while it holds the lock.
            made.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push((index, one));
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..jobs.min(documents.len()) {
            scope.spawn(work);
        }
    });
    bar.finish_and_clear();
    let mut made = made.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    made.sort_by_key(|(index, _)| *index);
    made.into_iter().map(|(_, one)| one).collect()
}

fn one(document: &Document) -> Made {
    let started = Instant::now();
    let answer = worker::ask(&document.path);
    let time = started.elapsed();
    let (verdict, answer) = match answer {
        Err(error) => (Verdict::Bad(vec![error]), Answer::default()),
        Ok(answer) if answer.is_list => (Verdict::List, answer),
        Ok(answer) if answer.errors.is_empty() => (Verdict::Good, answer),
        Ok(mut answer) => (Verdict::Bad(std::mem::take(&mut answer.errors)), answer),
    };
    Made { name: document.name.clone(), path: document.path.clone(), verdict, answer, time }
}
