//! A crate's folder on disk compared with, and made equal to, a [`FileSet`].
//!
//! Only files that carry the `@generated` mark are ever overwritten or removed, and what an interrupted
//! run left half written. `Cargo.toml` and `README.md` are written when they are missing and left alone
//! from then on.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use discovery_codegen::files::FileSet;
use discovery_codegen::print::MARK;

/// Files that belong to people once they exist.
const WRITTEN_ONCE: [&str; 2] = ["Cargo.toml", "README.md"];

/// How the names of files begin that are being written; six letters or digits follow.
const TEMPORARY: &str = ".xtask-";

/// What would have to happen for the folder to equal the files.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    /// On disk with another text.
    pub(crate) changed: Vec<String>,
    /// Not on disk.
    pub(crate) missing: Vec<String>,
    /// Ours, on disk, no longer made.
    pub(crate) extra: Vec<String>,
    /// How many are equal.
    pub(crate) unchanged: usize,
}

impl Plan {
    /// Whether the folder equals the files already.
    pub(crate) fn is_empty(&self) -> bool {
        self.changed.is_empty() && self.missing.is_empty() && self.extra.is_empty()
    }
}

/// Compares a folder with the files. Writes nothing.
///
/// # Errors
/// The folder cannot be read, or holds files that are not ours where ours would stand: the message
/// names them all.
pub(crate) fn plan(folder: &Path, files: &FileSet) -> Result<Plan> {
    refuse_foreign(folder)?;
    let mut plan = Plan::default();
    for (path, text) in files.iter() {
        match read_if_there(&folder.join(path))? {
            None => plan.missing.push(path.to_owned()),
            Some(_) if WRITTEN_ONCE.contains(&path) => plan.unchanged += 1,
            Some(found) if is_same(&found, text) => plan.unchanged += 1,
            Some(_) => plan.changed.push(path.to_owned()),
        }
    }
    let made: BTreeSet<&str> = files.iter().map(|(path, _)| path).collect();
    for path in source_files(folder)? {
        if !made.contains(path.as_str()) {
            plan.extra.push(path);
        }
    }
    Ok(plan)
}

/// Whether a file has this text, perhaps with the line ends that git gives it on some systems.
fn is_same(found: &[u8], text: &str) -> bool {
    found == text.as_bytes()
        || std::str::from_utf8(found).is_ok_and(|found| found.replace("\r\n", "\n") == text)
}

/// Carries a plan out: each file appears whole or not at all, unchanged files are untouched.
///
/// # Errors
/// A file cannot be written or removed.
pub(crate) fn apply(folder: &Path, files: &FileSet, plan: &Plan) -> Result<()> {
    for path in plan.changed.iter().chain(&plan.missing) {
        let text = files.get(path).context("a planned file is gone")?;
        write(&folder.join(path), text)?;
    }
    for path in &plan.extra {
        let path = folder.join(path);
        fs::remove_file(&path).with_context(|| format!("cannot remove {}", path.display()))?;
        remove_empty_parents(&path, folder);
    }
    Ok(())
}

/// Writes a file and the folders above it: it appears whole or not at all.
///
/// # Errors
/// It cannot be written.
pub(crate) fn write(path: &Path, text: &str) -> Result<()> {
    // A bare name has an empty parent.
    let parent = path.parent().context("a file without a folder")?;
    let parent = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
    fs::create_dir_all(parent)
        .with_context(|| format!("cannot make the folder {}", parent.display()))?;
    let put = || -> std::io::Result<()> {
        let mut file =
            tempfile::Builder::new().prefix(TEMPORARY).rand_bytes(6).tempfile_in(parent)?;
        file.write_all(text.as_bytes())?;
        set_usual_mode(file.as_file())?;
        file.persist(path)?;
        Ok(())
    };
    put().with_context(|| format!("cannot write {}", path.display()))
}

/// Temporary files are private to their owner; sources are not.
#[cfg(unix)]
fn set_usual_mode(file: &fs::File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.set_permissions(fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn set_usual_mode(_file: &fs::File) -> std::io::Result<()> {
    Ok(())
}

fn remove_empty_parents(path: &Path, folder: &Path) {
    let mut parent = path.parent();
    while let Some(current) = parent.filter(|current| *current != folder) {
        // Refused by the system where the folder is not empty, which is what is wanted.
        if fs::remove_dir(current).is_err() {
            break;
        }
        parent = current.parent();
    }
}

/// Refuses a folder in which generation would meet files that are not ours.
///
/// A folder is ours, or may become ours, when it is missing, empty, holds nothing but what Cargo
/// and git put there, or has a `src/lib.rs` or an `api.txt` of ours; and when every file below `src`,
/// and `api.txt`, carries the mark. What an interrupted run left half written is ours, too.
fn refuse_foreign(folder: &Path) -> Result<()> {
    if !folder.exists() {
        return Ok(());
    }
    if !folder.is_dir() {
        bail!("{} is no folder\n  help: give another --out", folder.display());
    }
    let mut foreign = Vec::new();
    let is_ours = has_mark(&folder.join("src/lib.rs"))? || has_mark(&folder.join("api.txt"))?;
    if !is_ours {
        for entry in
            fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?
        {
            let name = entry?.file_name().to_string_lossy().into_owned();
            if !is_harmless(folder, &name)? {
                foreign.push(name);
            }
        }
    }
    for path in source_files(folder)? {
        if !is_temporary(&folder.join(&path)) && !has_mark(&folder.join(&path))? {
            foreign.push(path);
        }
    }
    foreign.sort_unstable();
    foreign.dedup();
    if foreign.is_empty() {
        return Ok(());
    }
    bail!(
        "{} holds files that were not generated (no `{MARK}` in their first lines): {}\n  help: give another \
         folder, or move these files away; nothing was written",
        folder.display(),
        foreign.join(", ")
    )
}

/// What may lie in a folder that no generation has made yet.
fn is_harmless(folder: &Path, name: &str) -> Result<bool> {
    let by_name =
        matches!(name, "target" | "Cargo.lock" | ".git" | ".gitignore" | ".gitattributes" | "src");
    // The readme, which has no mark, is written beside the manifest.
    Ok(by_name
        || is_temporary(&folder.join(name))
        || (WRITTEN_ONCE.contains(&name) && has_mark(&folder.join("Cargo.toml"))?))
}

/// Whether this is a file that a run began to write and, if none is running, never finished.
fn is_temporary(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let is_named = name.strip_prefix(TEMPORARY).is_some_and(|rest| {
        rest.len() == 6 && rest.bytes().all(|byte| byte.is_ascii_alphanumeric())
    });
    is_named && fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_file())
}

/// Every file below `src`, `api.txt`, and what an interrupted run left beside them, relative with `/`.
/// Links are not followed: one that leads elsewhere is listed as a file and has no mark.
fn source_files(folder: &Path) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = vec![folder.join("src")];
    while let Some(current) = folders.pop() {
        let entries = match fs::read_dir(&current) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => {
                return Err(error).with_context(|| format!("cannot read {}", current.display()));
            }
        };
        for entry in entries {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                folders.push(entry.path());
            } else {
                let path = entry.path();
                let relative = path.strip_prefix(folder)?;
                let parts: Vec<_> =
                    relative.components().map(|part| part.as_os_str().to_string_lossy()).collect();
                found.push(parts.join("/"));
            }
        }
    }
    if folder.join("api.txt").exists() {
        found.push("api.txt".to_owned());
    }
    if folder.exists() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if is_temporary(&path) {
                found.extend(path.file_name().map(|name| name.to_string_lossy().into_owned()));
            }
        }
    }
    found.sort_unstable();
    Ok(found)
}

/// Whether a regular file carries the mark in its first lines.
fn has_mark(path: &Path) -> Result<bool> {
    let is_file = fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_file());
    let Some(bytes) = (if is_file { read_if_there(path)? } else { None }) else { return Ok(false) };
    let head = &bytes[..bytes.len().min(512)];
    Ok(String::from_utf8_lossy(head).lines().take(3).any(|line| line.contains(MARK)))
}

fn read_if_there(path: &Path) -> Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
    }
}
