//! What the tests that compile crates share.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use discovery_codegen::Generated;

/// The project's folder.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Writes the crate below the test's own folder and has cargo check it.
pub(crate) fn check(name: &str, generated: &Generated) {
    let work = Path::new(env!("CARGO_TARGET_TMPDIR")).join("compiles");
    let folder = work.join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    for (path, text) in generated.files.iter() {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    let output = Command::new(env!("CARGO"))
        .args(["check", "--all-targets", "--offline"])
        .current_dir(&folder)
        .env("CARGO_TARGET_DIR", work.join("target"))
        .env("CARGO_ENCODED_RUSTFLAGS", "-Dwarnings")
        .output()
        .unwrap();
    assert!(output.status.success(), "{name}:\n{}", String::from_utf8_lossy(&output.stderr));
}
