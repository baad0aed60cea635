//! `cargo xtask bump`, and the version check of `cargo xtask diff --base`, in repositories of git.

mod zoo;

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;
use zoo::{FILE, SETTINGS, broken, document, grown, text};

struct Repository(TempDir);

impl Repository {
    /// A project in the layout of this one: a facade, and the crate `zoo-v1` of a version.
    fn new(version: &str) -> Self {
        let repository = Self(tempfile::tempdir().unwrap());
        repository.write(FILE, &document().to_string());
        repository.write("discovery/gen.toml", SETTINGS);
        repository.write("src/lib.rs", "");
        repository.write("generated/src/lib.rs", "");
        repository.write(
            "Cargo.toml",
            &format!(
                "[workspace]\nmembers = [\"generated\", \"tools\"]\n\n[package]\nname = \"zoo-keeper\"\n\
                 version = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n# The API.\n\
                 zoo-v1 = {{ path = \"generated\", version = \"{version}\", default-features = false }} # ours\n"
            ),
        );
        repository.write("tools/src/lib.rs", "");
        repository.write(
            "tools/Cargo.toml",
            &format!(
                "[package]\nname = \"zoo-tools\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n\
                 [target.'cfg(unix)'.dev-dependencies.animals]\npackage = \"zoo-v1\"\npath = \"../generated\"\n\
                 version = \"={version}\"\n"
            ),
        );
        repository.write(
            "generated/Cargo.toml",
            &format!("[package]\nname = \"zoo-v1\"\nversion = \"{version}\" # a release decision\nedition = \"2024\"\n"),
        );
        repository.write("generated/README.md", &format!("zoo-v1 = \"{version}\"\n"));
        repository.git(&["init", "--quiet", "--initial-branch", "main"]);
        repository.cargo(&["generate-lockfile", "--offline"]);
        repository.commit();
        repository
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path().join(path)).unwrap()
    }

    fn git(&self, arguments: &[&str]) {
        zoo::git(self.path(), arguments);
    }

    fn cargo(&self, arguments: &[&str]) {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let output = self.command(cargo.to_str().unwrap()).args(arguments).output().unwrap();
        assert!(output.status.success(), "cargo {arguments:?}: {}", text(&output));
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.path());
        // Where the tests run inside a hook of git, these would be the project's own repository.
        for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
            command.env_remove(name);
        }
        command
    }

    fn commit(&self) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", "one"]);
    }

    fn xtask(&self, arguments: &[&str], code: i32) -> String {
        let output = self.command(env!("CARGO_BIN_EXE_xtask")).args(arguments).output().unwrap();
        let said = text(&output);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        said
    }

    fn version(&self) -> String {
        let manifest = self.read("generated/Cargo.toml");
        manifest.split('"').nth(3).unwrap().to_owned()
    }

    fn status(&self) -> String {
        let output = self.command("git").args(["status", "--porcelain"]).output().unwrap();
        text(&output)
    }
}

#[test]
fn every_place_that_says_the_version_says_the_new_one() {
    let repository = Repository::new("0.3.1");
    repository.write(FILE, &broken().to_string());
    let said = repository.xtask(&["bump"], 0);
    assert!(said.contains("zoo-v1 0.3.1 -> 0.4.0, needed since main (0.3.1)"), "{said}");
    assert!(said.contains("zoo-keeper depends on it") && said.contains("zoo-tools"), "{said}");
    let manifest = repository.read("Cargo.toml");
    for line in [
        "# The API.\nzoo-v1 = { path = \"generated\", version = \"0.4.0\", default-features = false } # ours\n",
        "name = \"zoo-keeper\"\nversion = \"0.1.0\"\n",
    ] {
        assert!(manifest.contains(line), "{line} is not in\n{manifest}");
    }
    assert!(
        repository
            .read("generated/Cargo.toml")
            .contains("version = \"0.4.0\" # a release decision\n")
    );
    assert_eq!(repository.read("generated/README.md"), "zoo-v1 = \"0.4.0\"\n");
    // Cargo agrees that nothing is left to do in the lock file.
    repository.cargo(&["metadata", "--locked", "--offline", "--format-version", "1"]);
    assert!(repository.read("Cargo.lock").contains("name = \"zoo-v1\"\nversion = \"0.4.0\"\n"));

    repository.commit();
    let said = repository.xtask(&["bump", "--base", "main~1"], 0);
    assert!(
        said.contains("zoo-v1 0.4.0 is enough: 0.4.0 or more is needed since main~1 (0.3.1)"),
        "{said}"
    );
    assert_eq!(repository.status(), "");
}

#[test]
fn the_second_run_changes_nothing() {
    let repository = Repository::new("0.3.1");
    repository.write(FILE, &broken().to_string());
    repository.xtask(&["bump"], 0);
    let before = repository.status();
    let said = repository.xtask(&["bump"], 0);
    assert!(said.contains("is enough") && !said.contains("wrote"), "{said}");
    assert_eq!((repository.status(), repository.version()), (before, "0.4.0".to_owned()));
}

#[test]
fn versions_count_from_the_last_release() {
    let repository = Repository::new("0.3.1");
    for tag in [
        "zoo-v1-v0.3.1",
        "zoo-v1-v0.3.0",
        "zoo-v1-v0.9.0-rc.1",
        "zoo-v1-vnext",
        "v7.0.0",
        "park-v1-v8.0.0",
    ] {
        repository.git(&["tag", tag]);
    }
    repository.write(FILE, &broken().to_string());
    let said = repository.xtask(&["bump"], 0);
    assert!(said.contains("0.3.1 -> 0.4.0, needed since zoo-v1-v0.3.1 (0.3.1)"), "{said}");
    repository.commit();

    // A second change before the next release: what stands there is enough already.
    repository.write(FILE, &grown().to_string());
    let said = repository.xtask(&["bump"], 0);
    assert!(said.contains("zoo-v1 0.4.0 is enough"), "{said}");
    let said = repository.xtask(&["diff", "--base", "main"], 0);
    assert!(said.contains("crate zoo-v1 0.3.1 -> 0.4.0 ok, since zoo-v1-v0.3.1"), "{said}");

    // After it, it is not.
    repository.commit();
    repository.git(&["tag", "zoo-v1-v0.4.0"]);
    repository.write(FILE, &document().to_string());
    let said = repository.xtask(&["bump"], 0);
    assert!(said.contains("0.4.0 -> 0.5.0, needed since zoo-v1-v0.4.0"), "{said}");
}

/// Moves the document, the crate, or both, in the settings and on the disk.
fn moved(repository: &Repository, document: Option<&str>, out: Option<&str>) {
    let mut settings = SETTINGS.to_owned();
    if let Some(document) = document {
        repository.git(&["mv", FILE, &format!("discovery/{document}")]);
        settings = settings.replace("zoo.v1.json", document);
    }
    if let Some(out) = out {
        repository.git(&["mv", "generated", out]);
        settings = settings.replace("../generated", &format!("../{out}"));
    }
    repository.write("discovery/gen.toml", &settings);
}

#[test]
fn a_document_or_crate_that_moved_is_compared_with_itself() {
    for (document, out) in
        [(Some("animals.json"), None), (None, Some("zoo")), (Some("animals.json"), Some("zoo"))]
    {
        let repository = Repository::new("0.3.1");
        repository.git(&["tag", "zoo-v1-v0.3.1"]);
        moved(&repository, document, out);
        let folder = out.unwrap_or("generated");
        repository.write(
            &format!("discovery/{}", document.unwrap_or("zoo.v1.json")),
            &broken().to_string(),
        );
        for path in ["Cargo.toml", "tools/Cargo.toml"] {
            let text = repository.read(path);
            repository.write(path, &text.replace("generated", folder));
        }
        let text = repository.xtask(&["diff", "--base", "main"], 1);
        assert!(text.contains("property-removed"), "{document:?} {out:?}: {text}");
        assert!(!text.contains("api-added") && !text.contains("api-removed"), "{text}");
        let said = repository.xtask(&["bump"], 0);
        assert!(said.contains("0.3.1 -> 0.4.0, needed since zoo-v1-v0.3.1"), "{said}");
    }
}

#[test]
fn an_api_beside_it_is_not_taken_for_one_that_moved() {
    let repository = Repository::new("0.3.1");
    // The crate of the zoo moves on; a park's takes its place.
    moved(&repository, None, Some("zoo"));
    let mut park = document();
    park["name"] = json!("park");
    repository.write("discovery/park.v1.json", &park.to_string());
    let settings = SETTINGS.replace("../generated", "../zoo");
    let both = format!("{}{settings}", SETTINGS.replace("zoo", "park"));
    repository.write("discovery/gen.toml", &both);
    let text = repository.xtask(&["diff", "--base", "main"], 0);
    assert!(text.contains("api-added") && !text.contains("api-renamed"), "{text}");
}

#[test]
fn a_release_without_the_document_is_an_error() {
    let repository = Repository::new("0.3.1");
    repository.write("discovery/gen.toml", "");
    repository.git(&["rm", "--quiet", "--cached", FILE]);
    repository.commit();
    repository.git(&["tag", "zoo-v1-v0.3.1"]);
    moved(&repository, None, None);
    fs::rename(repository.path().join(FILE), repository.path().join("discovery/animals.json"))
        .unwrap();
    repository.write("discovery/gen.toml", &SETTINGS.replace("zoo.v1.json", "animals.json"));
    for arguments in [&["bump"][..], &["diff", "--base", "main"]] {
        let words =
            ["zoo-v1-v0.3.1 is a release of zoo-v1, and has no document", "help: in the settings"];
        refused(&repository, arguments, &words);
    }
}

#[test]
fn a_release_of_another_branch_does_not_count() {
    let repository = Repository::new("0.3.1");
    repository.git(&["checkout", "--quiet", "-b", "other"]);
    repository.write("generated/src/lib.rs", "//! Other.\n");
    repository.commit();
    repository.git(&["tag", "zoo-v1-v2.0.0"]);
    repository.git(&["checkout", "--quiet", "main"]);
    repository.write(FILE, &broken().to_string());
    let said = repository.xtask(&["bump"], 0);
    assert!(said.contains("0.3.1 -> 0.4.0, needed since main"), "{said}");
}

#[test]
fn each_kind_of_change_has_its_bump() {
    let mut prose = document();
    prose["schemas"]["Animal"]["description"] = json!("An animal.");
    let mut revision = document();
    revision["revision"] = json!("20260202");
    for (old, document, new) in [
        ("0.0.3", &broken(), "0.0.4"),
        ("0.3.1", &grown(), "0.3.2"),
        ("0.3.1", &prose, "0.3.2"),
        ("0.3.1", &revision, "0.3.1"),
        ("1.2.3", &broken(), "2.0.0"),
        ("1.2.3", &grown(), "1.3.0"),
        ("1.2.3", &prose, "1.2.4"),
    ] {
        let repository = Repository::new(old);
        repository.write(FILE, &document.to_string());
        repository.xtask(&["bump"], 0);
        assert_eq!(repository.version(), new, "{old}");
    }
}

#[test]
fn a_missing_bump_is_an_error_of_the_diff() {
    let repository = Repository::new("0.3.1");
    repository.write(FILE, &grown().to_string());
    let said = repository.xtask(&["diff", "--base", "main"], 1);
    assert!(
        said.contains(
            "crate zoo-v1 0.3.1 -> 0.3.1 is not enough, since main: 0.3.2 by cargo xtask bump"
        ),
        "{said}"
    );
    let json = repository.xtask(&["diff", "--base", "main", "--format", "json"], 1);
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(
        json["apis"][0]["crate"],
        json!({ "package": "zoo-v1", "since": "main", "old": "0.3.1", "new": "0.3.1", "needed": "0.3.2", "enough": false })
    );
    let markdown = repository.xtask(&["diff", "--base", "main", "--format", "markdown"], 1);
    assert!(
        markdown.contains("Crate `zoo-v1` 0.3.1 \u{2192} 0.3.1 is not enough, since `main`: 0.3.2 by `cargo xtask bump`."),
        "{markdown}"
    );
    assert!(markdown.contains('\u{274c}'), "{markdown}");

    repository.xtask(&["bump"], 0);
    let said = repository.xtask(&["diff", "--base", "main"], 0);
    assert!(said.contains("crate zoo-v1 0.3.1 -> 0.3.2 ok, since main"), "{said}");
    let markdown = repository.xtask(&["diff", "--base", "main", "--format", "markdown"], 0);
    assert!(
        markdown.contains("Crate `zoo-v1` 0.3.1 \u{2192} 0.3.2 ok, since `main`."),
        "{markdown}"
    );
}

#[test]
fn a_new_crate_needs_no_bump() {
    let repository = Repository::new("0.1.0");
    let mut park = document();
    park["name"] = json!("park");
    repository.write("discovery/park.v1.json", &park.to_string());
    let both =
        format!("{SETTINGS}{}", SETTINGS.replace("zoo", "park").replace("../generated", "../park"));
    repository.write("discovery/gen.toml", &both);
    repository.write(
        "park/Cargo.toml",
        "[package]\nname = \"park-v1\"\nversion = \"0.1.0\"\nedition = \"2024\"\n",
    );
    let said = repository.xtask(&["bump"], 0);
    assert!(said.contains("park-v1 0.1.0 is new"), "{said}");
    assert!(repository.xtask(&["diff", "--base", "main"], 0).contains("api-added"));
}

/// Fails, and leaves every file as it is.
fn refused(repository: &Repository, arguments: &[&str], words: &[&str]) {
    let before = repository.status();
    let said = repository.xtask(arguments, 2);
    for word in words {
        assert!(said.contains(word), "{word} is not in\n{said}");
    }
    assert_eq!(repository.status(), before);
}

#[test]
fn what_cannot_be_raised_is_said_and_nothing_is_written() {
    let repository = Repository::new("0.3.1");
    repository.write(FILE, &broken().to_string());
    refused(&repository, &["bump", "--base", "nothing"], &["git knows no revision `nothing`"]);
    refused(&repository, &["bump", "--config", "no.toml"], &["cannot read no.toml", "help:"]);

    let root = repository.read("Cargo.toml");
    let range = root.replace("version = \"0.3.1\", default", "version = \">=0.3, <0.4\", default");
    repository.write("Cargo.toml", &range);
    refused(
        &repository,
        &["bump"],
        &[
            "Cargo.toml: zoo-v1: version = \">=0.3, <0.4\" does not take 0.4.0",
            "help: change it by hand",
        ],
    );
    repository.write("Cargo.toml", &root);

    let inherited = "[package]\nname = \"zoo-v1\"\nversion.workspace = true\nedition = \"2024\"\n";
    repository.write("generated/Cargo.toml", inherited);
    refused(&repository, &["bump"], &["there is no `version = \"x.y.z\"` in [package]", "help:"]);
    repository.write("generated/Cargo.toml", "[package]\nname = \"zoo-v1\"\nversion = \"one\"\n");
    refused(&repository, &["bump"], &["package.version: \"one\" is no version"]);
    refused(&repository, &["diff", "--base", "main"], &["package.version: \"one\" is no version"]);
    fs::remove_file(repository.path().join("generated/Cargo.toml")).unwrap();
    refused(
        &repository,
        &["bump"],
        &["Cargo.toml is missing", "help: run `cargo xtask gen` first"],
    );
    repository.write(FILE, "<html>");
    refused(&repository, &["bump"], &["zoo.v1.json: no JSON"]);
}
