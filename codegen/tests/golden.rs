//! Golden pairs: the smallest document that shows a concept, and the files made of it.
//!
//! `UPDATE=1 cargo test -p discovery-codegen --test golden` writes the expected files anew: read
//! what it wrote.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use discovery_codegen::diagnostic::Diagnostics;
use discovery_codegen::settings::Settings;
use discovery_codegen::{Generated, generate};

fn folders() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let entries = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path());
    let mut folders: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

fn made(folder: &Path) -> Generated {
    let json = fs::read(folder.join("input.json")).unwrap();
    let mut diagnostics = Diagnostics::default();
    let made = generate(&json, &Settings::default(), None, &mut diagnostics);
    let said: Vec<String> = diagnostics.iter().map(ToString::to_string).collect();
    made.unwrap_or_else(|| panic!("{}: {said:#?}", folder.display()))
}

/// The files that a document decides: schemas, resources, the hub and the surface.
fn shown(generated: &Generated) -> String {
    let mut text = String::new();
    let decided = |path: &str| {
        let is_index = path.ends_with("schemas/mod.rs");
        let is_code = path.starts_with("src/schemas")
            || path.starts_with("src/resources")
            || path == "src/hub.rs";
        path == "api.txt" || (is_code && !is_index)
    };
    for (path, file) in generated.files.iter().filter(|(path, _)| decided(path)) {
        write!(text, "// ==== {path}\n{file}\n").unwrap();
    }
    text
}

#[test]
fn documents_make_the_expected_files() {
    let update = std::env::var_os("UPDATE").is_some();
    let mut differing = Vec::new();
    for folder in folders() {
        let text = shown(&made(&folder));
        let path = folder.join("expected.txt");
        if update {
            fs::write(&path, &text).unwrap();
        }
        let expected = fs::read_to_string(&path).unwrap_or_default();
        if text != expected {
            let line = text.lines().zip(expected.lines()).position(|(a, b)| a != b).unwrap_or(0);
            differing.push(format!("{} from line {}", path.display(), line + 1));
        }
    }
    assert!(differing.is_empty(), "UPDATE=1 writes these anew:\n{}", differing.join("\n"));
}

#[test]
fn the_same_document_makes_the_same_bytes() {
    for folder in folders() {
        assert_eq!(made(&folder).files, made(&folder).files, "{}", folder.display());
    }
}

#[test]
fn a_new_revision_alone_changes_one_line() {
    for folder in folders() {
        let json = fs::read_to_string(folder.join("input.json")).unwrap();
        let other = json.replace("\"20260101\"", "\"20260202\"");
        assert_ne!(json, other);
        let mut diagnostics = Diagnostics::default();
        let other =
            generate(other.as_bytes(), &Settings::default(), None, &mut diagnostics).unwrap();
        let one = made(&folder);
        let lines = |files: &discovery_codegen::files::FileSet| -> Vec<String> {
            files
                .iter()
                .flat_map(|(path, text)| text.lines().map(move |line| format!("{path}: {line}")))
                .collect()
        };
        let (one, other) = (lines(&one.files), lines(&other.files));
        let differing = one.iter().zip(&other).filter(|(one, other)| one != other).count();
        assert_eq!((one.len(), differing), (other.len(), 1), "{}", folder.display());
    }
}
