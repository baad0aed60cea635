//! Two APIs in one program: the crate of one shares the runtime of the other's, or both share one
//! that stands alone, so that there is one `Error`.

mod common;

use std::fs;
use std::path::Path;

use common::{cargo, write};
use discovery_codegen::diagnostic::Diagnostics;
use discovery_codegen::emit::{Package, runtime_crate};
use discovery_codegen::files::FileSet;
use discovery_codegen::settings::{RuntimeCrate, Settings};
use discovery_codegen::{Generated, generate};

fn made(golden: &str, package: &str, runtime: Option<RuntimeCrate>) -> Generated {
    try_made(golden, package, &Settings { runtime, ..Settings::default() })
        .unwrap_or_else(|said| panic!("{said:#?}"))
}

fn try_made(golden: &str, package: &str, settings: &Settings) -> Result<Generated, Vec<String>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(golden);
    let json = fs::read(folder.join("input.json")).unwrap();
    let mut diagnostics = Diagnostics::default();
    let made = generate(&json, settings, Some(package), &mut diagnostics);
    made.ok_or_else(|| diagnostics.iter().map(ToString::to_string).collect())
}

fn runtime_of(package: &str) -> RuntimeCrate {
    RuntimeCrate {
        package: package.to_owned(),
        library: package.replace('-', "_"),
        version: "0.1.0".to_owned(),
        path: Some(format!("../{package}")),
        has_media: true,
    }
}

/// A program that calls both: `?` turns the errors of either into one type.
const PROGRAM: &str = r"
//! Calls two APIs.

use shared_one::runtime::{Error, HubOptions, TokenSource};

/// Both calls, with the same options, and one kind of error.
pub async fn both(token: impl TokenSource + Clone, options: HubOptions) -> Result<(), Error> {
    let one = shared_one::HUB_OF_ONE::https(token.clone())?.with(options.clone());
    let two = shared_two::HUB_OF_TWO::https(token)?.with(options);
    let error: Option<shared_two::Error> = None::<shared_one::Error>;
    drop((one, two));
    error.map_or(Ok(()), Err)
}
";

fn program(one: &Generated, two: &Generated) -> FileSet {
    let mut files = FileSet::default();
    let text = PROGRAM.replace("HUB_OF_ONE", &one.api.hub).replace("HUB_OF_TWO", &two.api.hub);
    files.insert("src/lib.rs", text);
    let manifest = "[package]\nname = \"program\"\nedition = \"2024\"\n\n[dependencies]\n\
                    shared-one = { path = \"../shared-one\" }\nshared-two = { path = \"../shared-two\" }\n\n\
                    [lints.rust]\nmissing_docs = \"warn\"\n\n[workspace]\n";
    files.insert("Cargo.toml", manifest.to_owned());
    files
}

/// The examples in the docs of a crate, a module each: to compile them as doc tests takes minutes.
fn examples(files: &FileSet) -> String {
    let mut text = "//! The examples.\n".to_owned();
    let mut count = 0;
    for (_, file) in files.iter() {
        let lines = file.lines().filter_map(|line| {
            let line = line.trim_start();
            line.strip_prefix("///").or_else(|| line.strip_prefix("//!"))
        });
        let mut inside = false;
        for line in lines.map(|line| line.strip_prefix(' ').unwrap_or(line)) {
            match (inside, line) {
                (false, "```no_run" | "```") => {
                    inside = true;
                    count += 1;
                    let allowed = "#[allow(dead_code, unused, missing_docs)]";
                    text.push_str(&format!("{allowed}\nmod example{count} {{\n"));
                }
                (true, "```") => {
                    inside = false;
                    text.push_str("}\n");
                }
                (true, _) => {
                    text.push_str(&format!("{}\n", line.strip_prefix("# ").unwrap_or(line)));
                }
                (false, _) => {}
            }
        }
    }
    text
}

fn has_runtime(files: &FileSet) -> bool {
    files.iter().any(|(path, _)| path.starts_with("src/runtime"))
}

#[test]
fn two_apis_of_one_program_have_one_error() {
    let one = made("types", "shared-one", None);
    let two = made("paging", "shared-two", Some(runtime_of("shared-one")));
    assert!(has_runtime(&one.files) && !has_runtime(&two.files));
    let surface = two.files.get("api.txt").unwrap();
    assert!(surface.contains("\nruntime = shared_one::runtime\n"), "{surface}");
    write("of-one/shared-one", &one.files);
    let two_at = write("of-one/shared-two", &two.files);
    let mut program = program(&one, &two);
    let examples = examples(&two.files);
    assert!(examples.matches("mod example").count() > 3, "{examples}");
    program.insert("tests/examples.rs", examples);
    cargo(&write("of-one/program", &program), &["check", "--all-targets"]);
    cargo(&two_at, &["doc", "--no-deps"]);
    cargo(&two_at, &["check", "--no-default-features"]);
}

#[test]
fn media_need_a_runtime_that_has_them() {
    let without = RuntimeCrate { has_media: false, ..runtime_of("media-one") };
    let sharing = Settings { runtime: Some(without.clone()), ..Settings::default() };
    let said = try_made("media", "media-two", &sharing).unwrap_err();
    assert_eq!(said.len(), 1, "{said:#?}");
    assert!(said[0].contains("the runtime of `media-one` has no `media`"), "{said:#?}");
    assert!(said[0].contains("help: generate `media-one` with it: `media = true`"), "{said:#?}");
    made("types", "media-two", Some(without));

    let own = made("types", "media-one", None);
    assert!(own.files.get("src/runtime/media.rs").is_none());
    let one = try_made("types", "media-one", &Settings { media: true, ..Settings::default() });
    let one = one.unwrap();
    let tells = |files: &FileSet| {
        let listing = files.get("api.txt").unwrap();
        listing.lines().any(|line| line == "runtime = runtime; with media")
    };
    assert_eq!([tells(&own.files), tells(&one.files)], [false, true]);
    let two = made("media", "media-two", Some(runtime_of("media-one")));
    assert!(two.files.get("src/lib.rs").unwrap().contains("pub use runtime::media;"));
    let one_at = write("media/media-one", &one.files);
    let mut two_files = two.files.clone();
    two_files.insert("tests/examples.rs", examples(&two.files));
    let two_at = write("media/media-two", &two_files);
    cargo(&two_at, &["check", "--all-targets"]);
    cargo(&one_at, &["doc", "--no-deps"]);
}

#[test]
fn a_runtime_may_stand_alone() {
    let package = Package { name: "base-runtime".to_owned(), version: "0.1.0".to_owned() };
    let base = runtime_crate(&package).unwrap();
    let one = made("types", "shared-one", Some(runtime_of("base-runtime")));
    let two = made("paging", "shared-two", Some(runtime_of("base-runtime")));
    assert!(has_runtime(&base) && !has_runtime(&one.files) && !has_runtime(&two.files));
    let base_at = write("alone/base-runtime", &base);
    write("alone/shared-one", &one.files);
    write("alone/shared-two", &two.files);
    cargo(&write("alone/program", &program(&one, &two)), &["check"]);
    cargo(&base_at, &["doc", "--no-deps"]);
}

#[test]
fn a_shared_runtime_brings_its_features_along() {
    let own = made("minimal", "own", None);
    let shared = made("minimal", "shared-two", Some(runtime_of("shared-one")));
    let tables = |generated: &Generated, table: &str| -> toml::Table {
        let manifest: toml::Table = generated.files.get("Cargo.toml").unwrap().parse().unwrap();
        manifest[table].as_table().unwrap().clone()
    };
    let (of_own, of_shared) = (tables(&own, "features"), tables(&shared, "features"));
    assert!(of_own.keys().eq(of_shared.keys()));
    assert_eq!(of_own["default"], of_shared["default"]);
    for (feature, turned_on) in of_shared.iter().filter(|(feature, _)| *feature != "default") {
        assert_eq!(turned_on.to_string(), format!("[\"shared-one/{feature}\"]"));
    }
    let dependencies = tables(&shared, "dependencies");
    assert_eq!(dependencies.keys().collect::<Vec<_>>(), ["google-apis-common", "shared-one"]);
}
