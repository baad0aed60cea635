//! `cargo xtask gen` as its users meet it: a process, its exit code, its output, the files.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn xtask(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask"))
        .arg("gen")
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap()
}

fn text(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

/// Path and bytes of every file below a folder.
fn snapshot(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                files.insert(path.clone(), fs::read(path).unwrap());
            }
        }
    }
    files
}

fn people() -> String {
    root().join("discovery/people.v1.json").to_str().unwrap().to_owned()
}

/// A folder with the document and settings of this project.
fn project() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("discovery")).unwrap();
    for file in ["people.v1.json", "gen.toml"] {
        fs::copy(root().join("discovery").join(file), folder.path().join("discovery").join(file))
            .unwrap();
    }
    folder
}

#[test]
fn the_checked_in_crate_is_fresh() {
    let output = xtask(&root(), &["--check"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output));
}

#[test]
fn the_second_run_changes_nothing() {
    let project = project();
    let first = xtask(project.path(), &[]);
    assert_eq!(first.status.code(), Some(0), "{}", text(&first));
    assert!(text(&first).contains("24 methods"), "{}", text(&first));
    let before = snapshot(project.path());
    let second = text(&xtask(project.path(), &[]));
    assert!(second.contains("0 changed, 0 new, 0 removed"), "{second}");
    assert_eq!(snapshot(project.path()), before);
}

#[test]
fn check_lists_what_differs_and_gen_mends_it() {
    let project = project();
    xtask(project.path(), &[]);
    let fresh = snapshot(project.path());
    let generated = project.path().join("generated");
    let mut touched = fs::read_to_string(generated.join("src/hub.rs")).unwrap();
    touched.push_str("// mine\n");
    fs::write(generated.join("src/hub.rs"), touched).unwrap();
    fs::remove_file(generated.join("src/scopes.rs")).unwrap();
    fs::write(generated.join("src/schemas/old.rs"), "// @generated before\n").unwrap();
    let stale = snapshot(project.path());

    let check = xtask(project.path(), &["--check"]);
    let said = text(&check);
    assert_eq!(check.status.code(), Some(1), "{said}");
    for line in [
        "changed: generated/src/hub.rs",
        "missing: generated/src/scopes.rs",
        "extra: generated/src/schemas/old.rs",
        "run `cargo xtask gen`",
    ] {
        assert!(said.contains(line), "{line} is not in\n{said}");
    }
    assert_eq!(snapshot(project.path()), stale, "--check writes nothing");

    assert_eq!(xtask(project.path(), &[]).status.code(), Some(0));
    assert_eq!(snapshot(project.path()), fresh);
}

#[test]
fn line_ends_of_another_system_are_no_change() {
    let project = project();
    let folder = project.path().join("discovery");
    fs::remove_file(folder.join("gen.toml")).unwrap();
    let arguments = ["--document", "discovery/people.v1.json", "--out", "made"];
    assert_eq!(xtask(project.path(), &arguments).status.code(), Some(0));
    for path in snapshot(&project.path().join("made")).into_keys() {
        let text = fs::read_to_string(&path).unwrap();
        fs::write(path, text.replace('\n', "\r\n")).unwrap();
    }
    let before = snapshot(project.path());
    let check = xtask(project.path(), &[&arguments[..], &["--check"]].concat());
    assert_eq!(check.status.code(), Some(0), "{}", text(&check));
    assert_eq!(xtask(project.path(), &arguments).status.code(), Some(0));
    assert_eq!(snapshot(project.path()), before);
}

#[test]
fn cargo_toml_and_readme_belong_to_people() {
    let project = project();
    xtask(project.path(), &[]);
    let manifest = project.path().join("generated/Cargo.toml");
    fs::write(&manifest, "[package]\nname = \"mine\"\n\n[dependencies]\n").unwrap();
    let said = text(&xtask(project.path(), &[]));
    assert!(said.contains("Cargo.toml lacks: [dependencies] bytes"), "{said}");
    assert!(fs::read_to_string(manifest).unwrap().contains("mine"));
}

#[test]
fn a_document_is_brought_into_canonical_form() {
    let project = project();
    let path = project.path().join("discovery/people.v1.json");
    let canonical = fs::read(&path).unwrap();
    let value: serde_json::Value = serde_json::from_slice(&canonical).unwrap();
    fs::write(&path, value.to_string()).unwrap();
    assert_eq!(xtask(project.path(), &["--check"]).status.code(), Some(1));
    assert_eq!(xtask(project.path(), &[]).status.code(), Some(0));
    assert_eq!(fs::read(&path).unwrap(), canonical);
}

#[test]
fn selected_methods_make_a_small_crate() {
    let folder = tempfile::tempdir().unwrap();
    let document = people();
    let output = xtask(
        folder.path(),
        &[
            "--document",
            &document,
            "--out",
            "out",
            "--method",
            "people.people.get",
            "--package",
            "my-people",
        ],
    );
    assert_eq!(output.status.code(), Some(0), "{}", text(&output));
    assert!(text(&output).contains("1 methods"), "{}", text(&output));
    let manifest = fs::read_to_string(folder.path().join("out/Cargo.toml")).unwrap();
    assert!(manifest.contains("name = \"my-people\""), "{manifest}");
    assert!(!folder.path().join("out/src/schemas/contact_group.rs").exists());
}

/// Runs with a bad input: exit code 2, every expected text, nothing written.
fn refused(folder: &Path, arguments: &[&str], expected: &[&str]) {
    let before = snapshot(folder);
    let output = xtask(folder, arguments);
    let said = text(&output);
    assert_eq!(output.status.code(), Some(2), "{said}");
    for expected in expected {
        assert!(said.contains(expected), "{expected} is not in\n{said}");
    }
    assert_eq!(snapshot(folder), before, "a bad input writes nothing");
}

#[test]
fn bad_input_is_explained_and_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let document = people();
    refused(
        path,
        &["--document", "no.json", "--out", "out"],
        &["cannot read the discovery document no.json", "help:"],
    );
    for (name, json, expected) in [
        ("html.json", "<html>", "html.json: no JSON"),
        ("other.json", "{\"openapi\":\"3.0\"}", "other.json: this JSON is no discovery document"),
        (
            "two.json",
            r#"{"name":"a","version":"v1","rootUrl":"https://a.googleapis.com/","schemas":{"A":{"$ref":"B"}},
                "methods":{"m":{"id":"a.m","httpMethod":"GET","path":"v1/{x}"}}}"#,
            "two.json: /schemas/A/$ref: there is no schema `B`",
        ),
    ] {
        fs::write(path.join(name), json).unwrap();
        refused(path, &["--document", name, "--out", "out"], &[expected, "help:"]);
    }
    // All problems of a document in one run.
    refused(
        path,
        &["--document", "two.json", "--out", "out"],
        &["/schemas/A/$ref", "/methods/m/path"],
    );
    refused(
        path,
        &["--document", &document, "--out", "out", "--method", "people.people.getBatch"],
        &["there is no method `people.people.getBatch`", "did you mean"],
    );
    refused(path, &[], &["gen.toml", "help:"]);
    refused(
        path,
        &["--document", &document, "--out", "out", "--package", "a b"],
        &["`a b` is no name of a package", "help:"],
    );

    fs::create_dir_all(path.join("mine/src")).unwrap();
    fs::write(path.join("mine/notes.txt"), "mine").unwrap();
    fs::write(path.join("mine/src/main.rs"), "fn main() {}").unwrap();
    refused(
        path,
        &["--document", &document, "--out", "mine"],
        &["notes.txt", "src/main.rs", "not generated", "help:"],
    );
}

#[test]
fn a_foreign_file_among_ours_is_refused_too() {
    let project = project();
    xtask(project.path(), &[]);
    fs::write(project.path().join("generated/src/mine.rs"), "pub fn mine() {}\n").unwrap();
    refused(project.path(), &[], &["src/mine.rs", "not generated"]);
}

#[test]
fn a_folder_of_ours_stays_ours_without_its_sources() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let document = small(path, "own");
    let of_document = ["--document", &document, "--out", "crate"];
    let runtime = ["--runtime-crate", "base", "--out", "crate"];
    for arguments in [&of_document, &runtime] {
        let made = || {
            let output = xtask(path, arguments);
            assert_eq!(output.status.code(), Some(0), "{}", text(&output));
            snapshot(&path.join("crate"))
        };
        let before = made();
        fs::remove_dir_all(path.join("crate/src")).unwrap();
        assert_eq!(made(), before);
        // Of the two, the listing and the manifest, one is enough.
        let manifest = path.join("crate/Cargo.toml");
        if path.join("crate/api.txt").exists() {
            fs::remove_dir_all(path.join("crate/src")).unwrap();
            let own = fs::read_to_string(&manifest).unwrap().replace("# @generated", "# ");
            fs::write(&manifest, own).unwrap();
            made();
        }
        fs::remove_dir_all(path.join("crate")).unwrap();
    }
    // A readme alone tells nothing.
    fs::create_dir(path.join("crate")).unwrap();
    fs::write(path.join("crate/README.md"), "# Mine\n").unwrap();
    refused(path, &of_document, &["README.md", "not generated"]);
}

#[test]
fn what_an_interrupted_run_left_is_removed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let document = small(path, "own");
    let arguments = ["--document", &document, "--out", "crate"];
    let left =
        ["crate/.xtask-Ab12Cd", "crate/src/.xtask-000000", "crate/src/schemas/.xtask-zzzzzz"];
    let interrupt = || {
        for file in left {
            let file = path.join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, "").unwrap();
        }
    };
    // In the first run, and in a later one.
    for _ in 0..2 {
        interrupt();
        let check = xtask(path, &[&arguments[..], &["--check"]].concat());
        assert_eq!(check.status.code(), Some(1), "{}", text(&check));
        let output = xtask(path, &arguments);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output));
        assert!(left.iter().all(|file| !path.join(file).exists()));
    }
    assert_eq!(xtask(path, &[&arguments[..], &["--check"]].concat()).status.code(), Some(0));
    for other in ["crate/src/.xtask-notes", "crate/src/.xtask-Ab12Cd.rs"] {
        fs::write(path.join(other), "").unwrap();
        refused(path, &arguments, &["not generated"]);
        fs::remove_file(path.join(other)).unwrap();
    }
}

#[test]
fn two_crates_in_one_folder_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let (a, b) = (small(path, "a"), small(path, "b"));
    for (one, other) in [("out", "out"), ("out", "./x/../out/"), ("out", "out/src/b")] {
        let api = |document: &str, out: &str| {
            format!("[[api]]\ndocument = \"{document}\"\nout = \"{out}\"\n")
        };
        fs::write(path.join("gen.toml"), api(&a, one) + &api(&b, other)).unwrap();
        refused(path, &["--config", "gen.toml"], &["gen.toml: ", "out"]);
    }
}

#[test]
fn a_crate_is_not_made_over_the_files_of_the_projects_root() {
    let project = project();
    let path = project.path();
    fs::create_dir(path.join("src")).unwrap();
    fs::write(path.join("src/lib.rs"), "pub fn mine() {}\n").unwrap();
    let settings = "[[api]]\ndocument = \"people.v1.json\"\nout = \"..\"\n";
    fs::write(path.join("discovery/gen.toml"), settings).unwrap();
    refused(path, &[], &["src/lib.rs", "not generated"]);
}

#[test]
fn the_command_that_mends_is_the_whole_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let document = small(path, "own api");
    fs::create_dir(path.join("my settings")).unwrap();
    fs::write(
        path.join("my settings/it's.toml"),
        format!("[[api]]\ndocument = \"../{document}\"\nout = \"../a\"\n"),
    )
    .unwrap();
    let of_document = [
        "--document",
        &document,
        "--out",
        "my crate",
        "--package",
        "my-own",
        "--method",
        "own api.get",
    ];
    for (arguments, command) in [
        (
            &of_document[..],
            "cargo xtask gen --document 'own api.json' --out 'my crate' --package my-own --method 'own api.get'",
        ),
        (
            &["--config", "my settings/it's.toml"],
            r"cargo xtask gen --config 'my settings/it'\''s.toml'",
        ),
        (
            &["--runtime-crate", "base", "--out", "a b"],
            "cargo xtask gen --runtime-crate base --out 'a b'",
        ),
    ] {
        let check = xtask(path, &[arguments, &["--check"]].concat());
        assert_eq!(check.status.code(), Some(1), "{}", text(&check));
        assert!(text(&check).contains(&format!("run `{command}`")), "{}", text(&check));
    }
}

#[cfg(unix)]
#[test]
fn a_document_is_never_half_written() {
    use std::os::unix::fs::MetadataExt as _;
    let project = project();
    let path = project.path().join("discovery/people.v1.json");
    let value: serde_json::Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    fs::write(&path, value.to_string()).unwrap();
    // Whoever has the file open goes on to see all of the old text: another file takes its place.
    let before = fs::metadata(&path).unwrap().ino();
    let _open = fs::File::open(&path).unwrap();
    assert_eq!(xtask(project.path(), &[]).status.code(), Some(0));
    assert_ne!(fs::metadata(&path).unwrap().ino(), before);
}

#[test]
fn a_host_that_is_not_googles_must_be_allowed() {
    let folder = tempfile::tempdir().unwrap();
    let text = r#"{"name":"own","version":"v1","rootUrl":"https://own.example:8443/",
        "methods":{"get":{"id":"own.get","httpMethod":"GET","path":"v1"}}}"#;
    fs::write(folder.path().join("own.json"), text).unwrap();
    let arguments = ["--document", "own.json", "--out", "own"];
    let refused = xtask(folder.path(), &arguments);
    let said = self::text(&refused);
    assert_eq!(refused.status.code(), Some(2), "{said}");
    assert!(said.contains("/rootUrl: `https://own.example:8443/` is not https on"), "{said}");
    assert!(said.contains("`--allow-host own.example:8443`"), "{said}");
    assert!(!folder.path().join("own").exists());

    let allowed = [&arguments[..], &["--allow-host", "own.example:8443"]].concat();
    let made = xtask(folder.path(), &allowed);
    assert_eq!(made.status.code(), Some(0), "{}", self::text(&made));

    let settings = "[[api]]\ndocument = \"own.json\"\nout = \"other\"\n";
    fs::write(folder.path().join("gen.toml"), settings).unwrap();
    let refused = xtask(folder.path(), &["--config", "gen.toml"]);
    assert_eq!(refused.status.code(), Some(2), "{}", self::text(&refused));
    let settings = format!("{settings}allow-hosts = [\"own.example:8443\"]\n");
    fs::write(folder.path().join("gen.toml"), settings).unwrap();
    let made = xtask(folder.path(), &["--config", "gen.toml"]);
    assert_eq!(made.status.code(), Some(0), "{}", self::text(&made));
}

/// A document of an API with one method.
fn small(folder: &Path, name: &str) -> String {
    let text = format!(
        r#"{{"name":"{name}","version":"v1","rootUrl":"https://a.googleapis.com/",
        "methods":{{"get":{{"id":"{name}.get","httpMethod":"GET","path":"v1"}}}}}}"#
    );
    let file = format!("{name}.json");
    fs::write(folder.join(&file), text).unwrap();
    file
}

#[test]
fn two_crates_share_a_runtime() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let (a, b) = (small(path, "a"), small(path, "b"));
    let of_a = xtask(path, &["--document", &a, "--out", "a"]);
    assert_eq!(of_a.status.code(), Some(0), "{}", text(&of_a));
    let arguments = ["--document", &b, "--out", "deep/b", "--runtime", "a"];
    let of_b = xtask(path, &arguments);
    assert_eq!(of_b.status.code(), Some(0), "{}", text(&of_b));
    let read = |file: &str| fs::read_to_string(path.join(file)).unwrap();
    assert!(!path.join("deep/b/src/runtime").exists());
    assert!(read("deep/b/src/lib.rs").contains("pub use ::a_v1::runtime;"));
    let manifest = read("deep/b/Cargo.toml");
    assert!(
        manifest.contains(
            "a-v1 = { path = \"../../a\", version = \"0.1.0\", default-features = false }"
        ),
        "{manifest}"
    );
    // With the choice taken back, the crate gets a runtime again; and the other way round.
    let own = xtask(path, &arguments[..4]);
    assert_eq!(own.status.code(), Some(0), "{}", text(&own));
    assert!(text(&own).contains("lacks: [dependencies] serde_json"), "{}", text(&own));
    assert!(path.join("deep/b/src/runtime/mod.rs").exists());
    let check = [&arguments[..], &["--check"]].concat();
    let stale = xtask(path, &check);
    assert_eq!(stale.status.code(), Some(1), "{}", text(&stale));
    assert!(text(&stale).contains("--out deep/b --runtime a`"), "{}", text(&stale));
    xtask(path, &arguments);
    assert!(!path.join("deep/b/src/runtime").exists());
    assert_eq!(xtask(path, &check).status.code(), Some(0));

    refused(
        path,
        &["--document", &a, "--out", "c", "--runtime", "deep/b"],
        &["has no runtime of its own", "help:"],
    );
    refused(
        path,
        &["--document", &a, "--out", "c", "--runtime", "none"],
        &["none has no Cargo.toml", "help:"],
    );
    fs::write(path.join("a/src/runtime/url.rs"), "// @generated otherwise\n").unwrap();
    refused(path, &arguments, &["url.rs is not what is generated now", "help:"]);
}

/// A document of an API with one method that gives media.
fn with_media(folder: &Path, name: &str) -> String {
    let file = small(folder, name);
    let text = fs::read_to_string(folder.join(&file)).unwrap();
    let text = text.replace(r#""path":"v1""#, r#""path":"v1","supportsMediaDownload":true"#);
    fs::write(folder.join(&file), text).unwrap();
    file
}

#[test]
fn media_need_a_runtime_that_has_them() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let (plain, media) = (small(path, "plain"), with_media(path, "media"));
    let owner = ["--document", &plain, "--out", "plain"];
    let sharing = ["--document", &media, "--out", "media", "--runtime", "plain"];
    let made = |arguments: &[&str]| {
        let output = xtask(path, arguments);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output));
    };
    made(&owner);
    refused(path, &sharing, &["the runtime of `plain-v1` has no `media`", "help:", "`--media`"]);
    made(&[&owner[..], &["--media"]].concat());
    assert!(path.join("plain/src/runtime/media.rs").exists());
    made(&sharing);
    let library = fs::read_to_string(path.join("media/src/lib.rs")).unwrap();
    assert!(library.contains("pub use runtime::media;"), "{library}");
    // The command that mends a stale crate makes the same one.
    fs::remove_file(path.join("plain/src/hub.rs")).unwrap();
    let stale = xtask(path, &[&owner[..], &["--media", "--check"]].concat());
    assert!(text(&stale).contains("--out plain --media`"), "{}", text(&stale));
    refused(path, &[&sharing[..], &["--media"]].concat(), &["--media", "cannot be used with"]);
}

#[test]
fn the_settings_give_a_runtime_the_media_that_others_need() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let (plain, media) = (small(path, "plain"), with_media(path, "media"));
    let owner =
        format!("[[api]]\ndocument = \"{plain}\"\nout = \"plain\"\npackage = \"plain-v1\"\n");
    let has_media = |settings: &str| {
        fs::write(path.join("gen.toml"), settings).unwrap();
        let made = xtask(path, &["--config", "gen.toml"]);
        assert_eq!(made.status.code(), Some(0), "{}", text(&made));
        let check = xtask(path, &["--config", "gen.toml", "--check"]);
        assert_eq!(check.status.code(), Some(0), "{}", text(&check));
        path.join("plain/src/runtime/media.rs").exists()
    };
    let sharing = |document: &str| {
        format!("[[api]]\ndocument = \"{document}\"\nout = \"other\"\nruntime = \"plain-v1\"\n")
    };
    assert!(!has_media(&owner));
    assert!(has_media(&format!("{owner}media = true\n")));
    assert!(!has_media(&(owner.clone() + &sharing(&plain))), "nobody needs them");
    assert!(has_media(&(owner.clone() + &sharing(&media))));
    assert!(has_media(&(sharing(&media) + &owner)), "the order is free");
}

#[test]
fn a_runtime_is_made_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let document = small(path, "a");
    let base = ["--runtime-crate", "google-base", "--out", "base"];
    let made = xtask(path, &base);
    assert_eq!(made.status.code(), Some(0), "{}", text(&made));
    assert_eq!(xtask(path, &[&base[..], &["--check"]].concat()).status.code(), Some(0));
    let before = snapshot(&path.join("base"));
    let settings = format!(
        "[[runtime]]\npackage = \"google-base\"\nout = \"base\"\n\n\
         [[api]]\ndocument = \"{document}\"\nout = \"a\"\nruntime = \"google-base\"\n"
    );
    fs::write(path.join("gen.toml"), &settings).unwrap();
    let both = xtask(path, &["--config", "gen.toml"]);
    assert_eq!(both.status.code(), Some(0), "{}", text(&both));
    assert_eq!(snapshot(&path.join("base")), before, "the settings make the same runtime");
    let library = fs::read_to_string(path.join("a/src/lib.rs")).unwrap();
    assert!(library.contains("pub use ::google_base::runtime;"), "{library}");
    fs::write(
        path.join("gen.toml"),
        settings.replace("runtime = \"google-base\"", "runtime = \"x\""),
    )
    .unwrap();
    refused(path, &["--config", "gen.toml"], &["the runtime `x` of a", "[[runtime]]"]);
    refused(path, &["--runtime-crate", "a b", "--out", "bad"], &["`a b`", "no name of a package"]);
}
