//! The pairs of `tests/diff`: for every rule two tiny documents that differ by it.

use std::fs;
use std::path::{Path, PathBuf};

use discovery_codegen::diagnostic::Diagnostics;
use discovery_codegen::diff::{self, Diff, Side};
use discovery_codegen::settings::Settings;

/// The folder of every pair, sorted.
pub(crate) fn folders() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diff");
    let entries = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path());
    let mut folders: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

/// The id of the rule that a folder is about.
pub(crate) fn name(folder: &Path) -> String {
    folder.file_name().unwrap().to_string_lossy().into_owned()
}

/// One side, or nothing where there is no document.
pub(crate) fn side(path: &Path, older: Option<&Side>) -> Option<Side> {
    let json = fs::read(path).ok()?;
    let mut diagnostics = Diagnostics::default();
    let side = diff::side(&json, &Settings::default(), older, &mut diagnostics);
    let said: Vec<String> = diagnostics.iter().map(ToString::to_string).collect();
    Some(side.unwrap_or_else(|| panic!("{}: {said:#?}", path.display())))
}

/// What is said about a pair. An API that came or went has one document only.
pub(crate) fn compared(folder: &Path) -> Diff {
    let old = side(&folder.join("old.json"), None);
    let new = side(&folder.join("new.json"), old.as_ref());
    match (old, new) {
        (Some(old), Some(new)) => diff::compare(&old, &new),
        (Some(old), None) => diff::removed(&old),
        (None, Some(new)) => diff::added(&new),
        (None, None) => panic!("{} has no documents", folder.display()),
    }
}
