//! What the tests that compile crates share.

// Each test program uses some of it.
#![allow(dead_code)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use discovery_codegen::Generated;
use discovery_codegen::files::FileSet;

/// The project's folder.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Where crates are written: below the tests' own folder.
pub(crate) fn work() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("compiles")
}

/// Writes a crate, in place of an earlier one, with this workspace's lock file.
pub(crate) fn write(folder: &Path, files: &FileSet) {
    if folder.exists() {
        fs::remove_dir_all(folder).unwrap();
    }
    for (path, text) in files.iter() {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
}

/// Runs cargo in a folder, with every warning an error.
pub(crate) fn cargo(folder: &Path, arguments: &[&str]) {
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .arg("--offline")
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", work().join("target"))
        .env("CARGO_ENCODED_RUSTFLAGS", "-Dwarnings")
        .env("CARGO_ENCODED_RUSTDOCFLAGS", "-Dwarnings")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    let answered = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{}: {arguments:?}\n{said}{answered}", folder.display());
}

/// Writes the crate below the test's own folder and has cargo check it.
pub(crate) fn check(name: &str, generated: &Generated) {
    let folder = work().join(name);
    write(&folder, &generated.files);
    cargo(&folder, &["check", "--all-targets"]);
}
