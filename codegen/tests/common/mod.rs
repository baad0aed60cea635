//! What the tests that generate crates share.
// Every test file uses a part of it.
#![allow(dead_code)]

use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use discovery_codegen::config::Config;
use discovery_codegen::diagnostic::Diagnostics;
use discovery_codegen::files::FileSet;
use discovery_codegen::settings::Settings;
use discovery_codegen::{Generated, generate};

/// The project's folder.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Name -> text of every document of the corpus.
pub(crate) fn corpus() -> BTreeMap<String, Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let mut documents = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let file = path.file_name().unwrap().to_str().unwrap();
        let Some(name) = file.strip_suffix(".json.gz") else { continue };
        let mut json = Vec::new();
        flate2::read::GzDecoder::new(fs::File::open(&path).unwrap())
            .read_to_end(&mut json)
            .unwrap();
        documents.insert(name.to_owned(), json);
    }
    documents
}

/// The text of one of them.
pub(crate) fn document(name: &str) -> Vec<u8> {
    corpus().remove(name).unwrap()
}

/// The document of the People API and its settings.
pub(crate) fn people() -> (Vec<u8>, Settings) {
    let discovery = root().join("discovery");
    let json = fs::read(discovery.join("people.v1.json")).unwrap();
    let config = Config::parse(&fs::read_to_string(discovery.join("gen.toml")).unwrap()).unwrap();
    (json, config.api[0].settings(None))
}

/// The crate of a document.
pub(crate) fn made_with(name: &str, json: &[u8], settings: &Settings) -> Generated {
    let mut diagnostics = Diagnostics::default();
    let made = generate(json, settings, None, &mut diagnostics);
    let said: Vec<String> = diagnostics.iter().map(ToString::to_string).collect();
    made.unwrap_or_else(|| panic!("{name}: {said:#?}"))
}

/// The folder of all tests that compile crates, the corpus task's among them: what these crates need
/// is compiled once.
fn work() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("corpus")
}

/// Writes a crate below the tests' own folder, in place of an earlier one, with this workspace's lock
/// file.
pub(crate) fn write(name: &str, files: &FileSet) -> PathBuf {
    let folder = work().join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    for (path, text) in files.iter() {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    folder
}

/// Runs cargo in a folder, with every warning an error.
pub(crate) fn cargo(folder: &Path, arguments: &[&str]) {
    let output = Command::new(env!("CARGO"))
        .args(arguments)
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

/// Writes the crate and has cargo check it.
pub(crate) fn check(name: &str, generated: &Generated) {
    cargo(&write(name, &generated.files), &["check", "--all-targets"]);
}

/// Has cargo build the program of a crate and gives its place.
pub(crate) fn build(folder: &Path, program: &str) -> PathBuf {
    // Nobody looks at it with a debugger, and without is half the size.
    cargo(folder, &["build", "--config", "profile.dev.debug=false"]);
    work().join(format!("target/debug/{program}{}", std::env::consts::EXE_SUFFIX))
}
