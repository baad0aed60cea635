//! `cargo xtask diff` as its users meet it: a process, its exit code, its output.

mod zoo;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};
use tempfile::TempDir;
use zoo::{SETTINGS, broken, document, git, grown};

fn xtask(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask"))
        .arg("diff")
        .args(arguments)
        .env_remove("GIT_DIR")
        .env_remove("GIT_WORK_TREE")
        .env_remove("GIT_INDEX_FILE")
        .current_dir(folder)
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn shown(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Runs and checks the exit code; the answer is standard output.
fn run(folder: &Path, arguments: &[&str], code: i32) -> String {
    let output = xtask(folder, arguments);
    assert_eq!(output.status.code(), Some(code), "{}{}", shown(&output), said(&output));
    shown(&output)
}

/// A folder with `old.json`, `broken.json`, `grown.json`.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, document) in [("old", document()), ("broken", broken()), ("grown", grown())] {
        write(folder.path(), &format!("{name}.json"), &document.to_string());
    }
    folder
}

fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// A repository with the document committed as `main`, in the layout of this project.
fn project() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "discovery/zoo.v1.json", &document().to_string());
    write(folder.path(), "discovery/gen.toml", SETTINGS);
    git(folder.path(), &["init", "--quiet", "--initial-branch", "main"]);
    commit(folder.path());
    folder
}

fn commit(folder: &Path) {
    git(folder, &["add", "--all"]);
    git(folder, &["commit", "--quiet", "--message", "one"]);
}

const KEY: &str = "/schemas/Animal/properties/legs";

#[test]
fn the_exit_code_tells_whether_something_breaks() {
    let folder = folder();
    let path = folder.path();
    assert!(run(path, &["old.json", "old.json"], 0).contains("no change"));
    assert!(run(path, &["old.json", "grown.json"], 0).contains("schemas::Animal::tail: bool"));
    let text = run(path, &["old.json", "broken.json"], 1);
    for part in ["zoo v1  20260101 -> 20260202", "BREAKING  1", "property-removed", KEY] {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
    assert!(!text.contains('\u{1b}'), "no colours without a terminal");
}

#[test]
fn reports_have_three_forms_and_a_changelog() {
    let folder = folder();
    let path = folder.path();
    let json = run(path, &["old.json", "broken.json", "--format", "json"], 1);
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["refused"], true);
    let change = &json["apis"][0]["changes"][0];
    assert_eq!(change["rule"], "property-removed");
    assert_eq!(change["key"], KEY);
    assert_eq!(change["path"], "schemas::Animal::legs");
    assert_eq!((&change["wire"], &change["rust"]), (&json!("warning"), &json!("breaking")));
    assert_eq!(change["direction"], "response");
    assert_eq!(json["apis"][0]["bump"], json!({ "0.x": "minor", "1.x": "major" }));
    let markdown = run(path, &["old.json", "broken.json", "--format", "markdown"], 1);
    assert!(
        markdown.contains("**1 breaking change** (in Rust code)") && markdown.contains(KEY),
        "{markdown}"
    );
    let log = run(path, &["old.json", "broken.json", "--changelog"], 1);
    assert!(log.contains("## Unreleased") && log.contains("Migration: "), "{log}");
}

#[test]
fn everything_is_listed_with_all() {
    let folder = folder();
    let mut document = document();
    document["schemas"]["Animal"]["description"] = json!("An animal.");
    document["schemas"]["Unused"] = json!({ "type": "object" });
    write(folder.path(), "prose.json", &document.to_string());
    let text = run(folder.path(), &["old.json", "prose.json"], 0);
    assert!(text.contains("1 without effect, 1 description"), "{text}");
    assert!(!text.contains("/schemas/Animal/description"), "{text}");
    let text = run(folder.path(), &["old.json", "prose.json", "--all"], 0);
    assert!(text.contains("/schemas/Animal/description"), "{text}");
    assert!(text.contains("NO EFFECT  1") && text.contains("/schemas/Unused"), "{text}");
}

#[test]
fn allowed_breaks_pass_and_stale_lines_do_not() {
    let folder = folder();
    let path = folder.path();
    let with = |lines: &str, new: &str| {
        write(path, "allow.txt", lines);
        xtask(path, &["old.json", new, "--allow", "allow.txt"])
    };
    let good = with(&format!("# why\nproperty-removed {KEY} nobody counts legs\n"), "broken.json");
    assert_eq!(good.status.code(), Some(0), "{}", said(&good));
    assert!(shown(&good).contains("allowed: nobody counts legs"), "{}", shown(&good));

    let other = with("property-removed /other it is gone\n", "broken.json");
    assert_eq!(other.status.code(), Some(2));
    let text = said(&other);
    assert!(text.contains("allow.txt: line 1: `property-removed /other` allows nothing"), "{text}");
    assert!(text.contains("help: remove the line"), "{text}");

    let stale = with(&format!("property-removed {KEY} nobody counts legs\n"), "grown.json");
    assert_eq!(stale.status.code(), Some(2), "nothing breaks any more");

    let bad = with("property-removd /a x\nproperty-removed /a\n", "broken.json");
    assert_eq!(bad.status.code(), Some(2));
    let text = said(&bad);
    assert!(text.contains("allow.txt: line 1: there is no rule `property-removd`"), "{text}");
    assert!(text.contains("did you mean `property-removed`?"), "{text}");
    assert!(text.contains("allow.txt: line 2: the reason is missing"), "{text}");
    assert!(shown(&bad).is_empty(), "no report from half a list");
}

#[test]
fn the_rules_are_listed() {
    let folder = tempfile::tempdir().unwrap();
    let text = run(folder.path(), &["--rules"], 0);
    for part in ["property-removed", "limit-in-prose", "What never matters", "flatPath"] {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
}

#[test]
fn revisions_of_git_are_read() {
    let project = project();
    let path = project.path();
    write(path, "discovery/zoo.v1.json", &broken().to_string());
    let text = run(path, &["main:discovery/zoo.v1.json", "discovery/zoo.v1.json"], 1);
    assert!(text.contains("schemas::Animal::legs"), "{text}");
    commit(path);
    run(path, &["main~1:discovery/zoo.v1.json", "main:discovery/zoo.v1.json"], 1);
    run(path, &["main~1:./discovery/zoo.v1.json", "main~1:discovery/zoo.v1.json"], 0);
}

#[test]
fn a_base_is_compared_with_what_is_there() {
    let project = project();
    let path = project.path();
    assert!(run(path, &["--base", "main"], 0).contains("no change"));
    write(path, "discovery/zoo.v1.json", &broken().to_string());
    assert!(run(path, &["--base", "main"], 1).contains("property-removed"));
    // From a folder below, paths count from there.
    let below = path.join("discovery");
    assert!(run(&below, &["--base", "main", "--config", "gen.toml"], 1).contains("legs"));
    let absolute = path.canonicalize().unwrap().join("discovery/gen.toml");
    assert!(
        run(path, &["--base", "main", "--config", absolute.to_str().unwrap()], 1).contains("legs")
    );
}

#[test]
fn the_settings_may_lie_anywhere_in_the_repository() {
    let project = project();
    let path = project.path();
    write(path, "discovery/zoo.v1.json", &broken().to_string());
    write(path, "other/place/file", "");
    let absolute = path.join("discovery/gen.toml");
    let absolute = absolute.to_str().unwrap();
    for config in [absolute, "../../discovery/gen.toml"] {
        let arguments = ["--base", "main", "--config", config];
        let text = run(&path.join("other/place"), &arguments, 1);
        assert!(text.contains("property-removed"), "{config}: {text}");
    }
    // In another repository there is such a revision, and no such file.
    let other = self::project();
    refused(
        other.path(),
        &["--base", "main", "--config", absolute],
        &["gen.toml is outside of the repository", "help: run this inside of the repository"],
    );
}

#[test]
fn what_git_cannot_read_is_not_taken_for_absent() {
    let project = project();
    let path = project.path();
    let blob = git(path, &["rev-parse", "main:discovery/zoo.v1.json"]);
    let (folder, file) = blob.split_at(2);
    fs::remove_file(path.join(".git/objects").join(folder).join(file)).unwrap();
    refused(path, &["--base", "main"], &["git cannot read main:discovery/zoo.v1.json"]);
}

#[test]
fn what_the_generator_made_in_another_way_then_is_told_by_itself() {
    let project = project();
    let path = project.path();
    let made = Command::new(env!("CARGO_BIN_EXE_xtask")).arg("gen").current_dir(path).output();
    assert!(made.unwrap().status.success());
    let listing = path.join("generated/api.txt");
    let text = fs::read_to_string(&listing).unwrap();
    let line = text.lines().find(|line| line.contains(" field ")).unwrap();
    let other = format!("{line}; read-only");
    fs::write(&listing, text.replace(&format!("{line}\n"), &format!("{other}\n"))).unwrap();
    commit(path);
    // The version is that of then, and such a change needs another one.
    let said = run(path, &["--base", "main"], 1);
    let expected = format!("GENERATOR OR SETTINGS  2 lines of api.txt\n  -{other}\n  +{line}\n");
    assert!(said.contains(&expected) && said.contains("is not enough"), "{said}");
    fs::write(&listing, text).unwrap();
    commit(path);
    assert!(run(path, &["--base", "main"], 0).contains("no change"));
}

#[test]
fn apis_that_come_and_go_are_told() {
    let project = project();
    let path = project.path();
    let mut park = document();
    park["name"] = json!("park");
    write(path, "discovery/park.v1.json", &park.to_string());
    let both =
        format!("{SETTINGS}{}", SETTINGS.replace("zoo", "park").replace("generated", "park"));
    write(path, "discovery/gen.toml", &both);
    let text = run(path, &["--base", "main"], 0);
    assert!(text.contains("api-added") && text.contains("zoo v1"), "{text}");
    commit(path);
    write(path, "discovery/gen.toml", SETTINGS);
    fs::remove_file(path.join("discovery/park.v1.json")).unwrap();
    let text = run(path, &["--base", "main"], 1);
    assert!(text.contains("api-removed") && text.contains("park v1"), "{text}");
}

#[test]
fn the_settings_of_the_document_are_used() {
    let project = project();
    let path = project.path();
    write(
        path,
        "discovery/gen.toml",
        &format!("{SETTINGS}[api.enums]\nAnyKind = [\"zoo.find:kind\"]\n"),
    );
    let mut new = document();
    new["methods"]["find"]["parameters"]["kind"]["enum"] = json!(["CAT", "DOG"]);
    write(path, "discovery/zoo.v1.json", &new.to_string());
    let arguments = ["main:discovery/zoo.v1.json", "discovery/zoo.v1.json"];
    assert!(run(path, &arguments, 0).contains("schemas::AnyKind::Dog"));
    fs::copy(path.join("discovery/zoo.v1.json"), path.join("other.json")).unwrap();
    assert!(run(path, &["other.json", "other.json"], 0).contains("no change"));
}

/// A bad input: exit code 2, every expected text on standard error, no report.
fn refused(folder: &Path, arguments: &[&str], expected: &[&str]) {
    let output = xtask(folder, arguments);
    let text = said(&output);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {text}");
    for part in expected {
        assert!(text.contains(part), "{arguments:?}: {part} is not in\n{text}");
    }
    assert!(shown(&output).is_empty(), "{arguments:?}");
}

#[test]
fn a_failed_comparison_never_reads_as_a_clean_one() {
    let project = project();
    let path = project.path();
    let file = "discovery/zoo.v1.json";
    write(path, "html.json", "<html>");
    write(path, "openapi.json", "{\"openapi\":\"3.0\"}");
    let mut bad = document();
    bad["methods"]["find"]["response"] = json!({ "$ref": "Animel" });
    bad["rootUrl"] = json!("ftp://zoo/");
    write(path, "bad.json", &bad.to_string());
    refused(path, &["no.json", file], &["cannot read the discovery document no.json", "help:"]);
    refused(path, &["html.json", file], &["html.json: no JSON", "help:"]);
    refused(path, &[file, "openapi.json"], &["openapi.json: this JSON is no discovery document"]);
    refused(
        path,
        &[file, "bad.json"],
        &["bad.json: /rootUrl: `ftp://zoo/` is no base URL", "help:"],
    );
    refused(path, &["nothing:at.json", file], &["git has no `nothing:at.json`", "help:"]);
    refused(path, &["main:no.json", file], &["git has no `main:no.json`", "help:"]);
    refused(path, &["--base", "nothing"], &["git knows no revision `nothing`", "help:"]);
    refused(path, &["--base=--output=x"], &["`--output=x` is no revision"]);
    refused(path, &["--allow", "no.txt", file, file], &["cannot read no.txt"]);
    refused(path, &["--config", "no.toml", file, file], &["cannot read no.toml"]);
    refused(path, &["--base", "main", file, file], &["cannot be used with"]);
    refused(path, &[file], &["<NEW>"]);
    refused(path, &[], &["<OLD>"]);
    fs::remove_file(path.join(file)).unwrap();
    refused(path, &["--base", "main"], &["cannot read the discovery document", "gen.toml"]);
    let outside = tempfile::tempdir().unwrap();
    refused(outside.path(), &["--base", "main"], &["git knows no revision `main` here"]);
}

#[test]
fn no_argument_reaches_a_shell_or_an_option_of_git() {
    let project = project();
    let path = project.path();
    let file = "discovery/zoo.v1.json";
    for spec in
        ["main:$(touch touched)", "--output=touched:x", "main:`touch touched`;touch touched"]
    {
        let output = xtask(path, &["--", spec, file]);
        assert_eq!(output.status.code(), Some(2), "{spec}: {}", said(&output));
    }
    let touched: Vec<PathBuf> = fs::read_dir(path)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.to_string_lossy().contains("touched"))
        .collect();
    assert!(touched.is_empty(), "{touched:?}");
}
