//! Mutated real documents: whatever is done to them, the answer is an error or a sound crate, never a
//! panic. `fuzz/` does the same for as long as one likes; what it found stands in `hostile/found`.

#[path = "hostile/mutate.rs"]
mod mutate;
#[path = "hostile/places.rs"]
mod places;
#[path = "hostile/sound.rs"]
mod sound;

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use proptest::prelude::*;
use proptest::test_runner::{RngSeed, TestRunner};
use serde_json::Value;

use mutate::{Choices, mutate};

fn tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

fn files(folder: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(tests().join(folder)).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

/// Real documents that are small, and the golden ones, which show the oddities of the large.
static DOCUMENTS: LazyLock<Vec<Value>> = LazyLock::new(|| {
    let mut texts: Vec<Vec<u8>> = Vec::new();
    for folder in files("golden") {
        texts.push(fs::read(folder.join("input.json")).unwrap());
    }
    for path in files("corpus") {
        if path.extension().is_some_and(|extension| extension == "gz") {
            let mut json = Vec::new();
            let packed = fs::File::open(&path).unwrap();
            flate2::read::GzDecoder::new(packed).read_to_end(&mut json).unwrap();
            texts.push(json);
        }
    }
    texts.retain(|text| text.len() < 60_000);
    texts.iter().map(|text| serde_json::from_slice(text).unwrap()).collect()
});

#[test]
fn unchanged_documents_are_sound() {
    assert!(DOCUMENTS.len() > 12);
    for document in DOCUMENTS.iter() {
        assert_eq!(sound::check(document.to_string().as_bytes()), Ok(true), "{}", document["id"]);
    }
}

#[test]
fn mutated_documents_are_refused_or_sound() {
    let config = ProptestConfig {
        cases: 400,
        rng_seed: RngSeed::Fixed(20_251_117),
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let made = AtomicUsize::new(0);
    let bytes = prop::collection::vec(any::<u8>(), 1..60);
    let answer =
        TestRunner::new(config).run(&(any::<prop::sample::Index>(), bytes), |(which, bytes)| {
            let mut document = DOCUMENTS[which.index(DOCUMENTS.len())].clone();
            mutate(&mut document, &mut Choices(&bytes), 2);
            let answer = sound::check(document.to_string().as_bytes());
            prop_assert!(answer.is_ok(), "{}\n{}", answer.unwrap_err(), document);
            made.fetch_add(usize::from(answer == Ok(true)), Ordering::Relaxed);
            Ok(())
        });
    assert!(answer.is_ok(), "{}", answer.unwrap_err());
    let made = made.into_inner();
    assert!(
        (80..350).contains(&made),
        "{made} of 400 gave a crate: the mutations are too mild or too wild"
    );
}

#[test]
fn what_was_found_once_stays_mended() {
    for path in files("hostile/found") {
        let answer = sound::check(&fs::read(&path).unwrap());
        assert!(answer.is_ok(), "{}: {answer:?}", path.display());
    }
}

#[test]
fn the_check_finds_what_it_looks_for() {
    // A check that cannot fail finds nothing: a crate whose docs hold an example of the document's.
    let mut document = DOCUMENTS[0].clone();
    document["rootUrl"] = "https://iNjEcTeD.example/".into();
    assert_eq!(sound::check(document.to_string().as_bytes()), Ok(false));
    for (code, wrong) in [
        ("pub fn iNjEcTeD() {}", "text of the document is code"),
        (
            "#[doc = \" ```\"]\n#[doc = \" iNjEcTeD();\"]\n#[doc = \" ```\"]\npub fn a() {}",
            "in an example",
        ),
        ("#[doc = \" ~~~ rust iNjEcTeD\"]\npub fn a() {}", "a block of code of kind"),
        (
            "#[doc = \" a\"]\n#[doc = \"\"]\n#[doc = \"     iNjEcTeD();\"]\npub fn a() {}",
            "indented",
        ),
        ("#[doc = \" <b>iNjEcTeD</b>\"]\npub fn a() {}", "HTML"),
        ("#[doc = \" [a](javascript:iNjEcTeD)\"]\npub fn a() {}", "a link"),
        ("pub struct A { #[doc = \" <iNjEcTeD a>\"] pub b: u8 }", "HTML"),
        ("fn {", "no Rust"),
    ] {
        let said = sound::rust(code).expect_err(code);
        assert!(said.contains(wrong), "{said}");
    }
    for bad in ["src/../a.rs", ".a", "C:\\a", "/etc/\0"] {
        assert!(sound::path(bad).is_err(), "{bad}");
    }
    for bad in ["a/../b", "//host/a", "a?b", "{a}/./b", "a b", "a/%2E./b"] {
        assert!(sound::below_base(bad).is_err(), "{bad}");
    }
    assert_eq!(sound::below_base("/upload/v1/{+name}:go"), Ok(()));
    for bad in [
        "http://a.googleapis.com/",
        "https://a.googleapis.com:1/",
        "https://x@a.googleapis.com/",
        "https://agoogleapis.com/",
    ] {
        assert!(sound::host(bad).is_err(), "{bad}");
    }
}
