//! What the targets share: the mutations and checks are those of the tests on stable Rust.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use serde_json::Value;

#[path = "../../codegen/tests/hostile/mutate.rs"]
mod mutate;
#[path = "../../codegen/tests/hostile/sound.rs"]
mod sound;

#[path = "../../codegen/runtime/tests/hostile/exchange.rs"]
mod exchange;

/// The types that answers are decoded as.
#[allow(dead_code)]
#[path = "../../codegen/runtime/tests/common/schemas.rs"]
mod schemas;

/// Where the exchange looks for them.
mod common {
    pub(crate) use super::schemas;
}

/// The golden documents, which show the oddities of real ones and are small.
static DOCUMENTS: LazyLock<Vec<Value>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../codegen/tests/golden");
    let mut folders: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    let texts = folders.iter().map(|folder| fs::read(folder.join("input.json")).unwrap());
    texts.map(|text| serde_json::from_slice(&text).unwrap()).collect()
});

fn mutated(data: &[u8]) -> (&'static Value, Value) {
    let mut choices = mutate::Choices(data);
    let original = &DOCUMENTS[choices.below(DOCUMENTS.len())];
    let mut document = original.clone();
    mutate::mutate(&mut document, &mut choices, 16);
    (original, document)
}

/// A document, mutated as the bytes say, is refused or gives a sound crate.
pub fn document(data: &[u8]) {
    let (_, document) = mutated(data);
    bytes(document.to_string().as_bytes());
}

/// Any bytes are refused or give a sound crate.
pub fn bytes(data: &[u8]) {
    if let Err(error) = sound::check(data) {
        panic!("{error}\n{}", String::from_utf8_lossy(data));
    }
}

/// A document and its mutation can be compared, both ways, and the report can be written.
pub fn diff(data: &[u8]) {
    use discovery_codegen::diagnostic::Diagnostics;
    use discovery_codegen::diff::{self, Side};
    let (original, document) = mutated(data);
    let side = |document: &Value, older: Option<&Side>| {
        let json = document.to_string();
        let settings = discovery_codegen::settings::Settings::default();
        diff::side(json.as_bytes(), &settings, older, &mut Diagnostics::default())
    };
    let Some(old) = side(original, None) else { return };
    let Some(new) = side(&document, Some(&old)) else { return };
    for diff in [diff::compare(&old, &new), diff::compare(&new, &old)] {
        let _ = (diff.bump(), format!("{diff:?}"));
    }
}

/// Settings and lists of accepted breaks are read or refused.
pub fn settings(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let _ = discovery_codegen::diff::allow::parse(text);
    let _ = discovery_codegen::surface::prior_names(text);
    let Ok(config) = discovery_codegen::config::Config::parse(text) else { return };
    let document = DOCUMENTS[0].to_string();
    for api in &config.api {
        let mut diagnostics = discovery_codegen::diagnostic::Diagnostics::default();
        let settings = api.settings(Some(text));
        let package = api.package.as_deref();
        let made =
            discovery_codegen::generate(document.as_bytes(), &settings, package, &mut diagnostics);
        assert_eq!(made.is_none(), diagnostics.has_errors());
    }
}

/// An answer of a server, or the text of a value, is decoded or refused.
pub fn answer(data: &[u8]) {
    exchange::check(data);
}
