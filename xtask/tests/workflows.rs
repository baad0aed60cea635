//! The workflows, run on this machine, with a server in the place of Google's and a repository in the
//! place of GitHub's.
#![cfg(unix)]

mod actions;
mod origin;
mod zoo;

use std::fs;
use std::path::Path;
use std::process::Command;

use actions::{Outcome, Runner, workflow};
use origin::Origin;
use serde_json::{Value, json};
use yaml_rust2::Yaml;
use zoo::{FILE, SETTINGS, broken, document, git};

const BRANCH: &str = "discovery-update";

/// A later revision with one property less and one schema more.
fn rebuilt() -> Value {
    let mut document = broken();
    let animal = &mut document["schemas"]["Animal"]["properties"];
    animal["cage"] = json!({ "$ref": "Cage" });
    document["schemas"]["Cage"] =
        json!({ "type": "object", "properties": { "size": { "type": "string" } } });
    document
}

/// A repository in the layout of this project, released as 0.1.0.
fn repository() -> Runner {
    let runner = Runner::new();
    let seed = runner.path("seed");
    for folder in ["discovery", "generated"] {
        fs::create_dir_all(seed.join(folder)).unwrap();
    }
    fs::write(seed.join(FILE), format!("{:#}\n", document())).unwrap();
    fs::write(seed.join("discovery/gen.toml"), SETTINGS).unwrap();
    xtask(&seed, &["gen"]);
    let manifest = fs::read_to_string(seed.join("generated/Cargo.toml")).unwrap();
    fs::write(seed.join("generated/Cargo.toml"), manifest.replace("\n[workspace]\n", "\n"))
        .unwrap();
    fs::write(
        seed.join("Cargo.toml"),
        "[workspace]\nmembers = [\"generated\"]\nresolver = \"3\"\n",
    )
    .unwrap();
    git(&seed, &["init", "--quiet", "--initial-branch", "main"]);
    git(&seed, &["add", "--all"]);
    git(&seed, &["commit", "--quiet", "--message", "one"]);
    git(&seed, &["tag", "zoo-v1-v0.1.0"]);
    let origin = runner.origin().display().to_string();
    git(&seed, &["clone", "--quiet", "--bare", ".", &origin]);
    git(&seed, &["remote", "add", "origin", &origin]);
    runner
}

fn xtask(folder: &Path, arguments: &[&str]) {
    let status = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(arguments)
        .current_dir(folder)
        .stdout(std::process::Stdio::null())
        .status()
        .unwrap();
    assert!(status.success(), "{arguments:?}");
}

/// Google, with one answer; and what GitHub tells of itself.
fn google(runner: &mut Runner, answer: &str) -> Origin {
    for (name, value) in [
        ("github.server_url", "https://github.com"),
        ("github.repository", "zoo/keeper"),
        ("github.run_id", "77"),
        ("github.token", "secret-token"),
    ] {
        runner.context.insert(name.to_owned(), value.to_owned());
    }
    runner.google(answer)
}

/// Both jobs of the weekly update; how the second one ended.
fn update(runner: &mut Runner) -> Outcome {
    let discovery = workflow("discovery.yml");
    assert_eq!(runner.job(&discovery, "update"), Outcome::Success, "{}", runner.said);
    runner.job(&discovery, "propose")
}

fn at_origin(runner: &Runner, arguments: &[&str]) -> String {
    git(&runner.origin(), arguments)
}

#[test]
fn a_new_document_becomes_a_pull_request() {
    let mut runner = repository();
    let google = google(&mut runner, &rebuilt().to_string());
    assert_eq!(update(&mut runner), Outcome::Success, "{}", runner.said);
    assert_eq!(google.requests(), ["zoo.googleapis.com/$discovery/rest?version=v1"]);

    let log = runner.noted("log");
    let order = [
        "cargo xtask fetch --yes",
        "cargo xtask gen",
        "cargo xtask bump",
        "cargo xtask diff",
        "cargo test --workspace",
        "cargo xtask propose prepare",
        "cargo xtask propose open",
        "gh pr create",
    ];
    let places: Vec<usize> = order.iter().map(|step| log.find(step).expect(step)).collect();
    assert!(places.is_sorted(), "{log}");
    assert!(log.contains("--base main --head discovery-update"), "{log}");
    assert!(log.contains("--title Take revision 20260202 of zoo v1 "), "{log}");

    let changed = at_origin(&runner, &["diff", "--name-only", "main", BRANCH]);
    for file in [FILE, "generated/Cargo.toml", "generated/api.txt", "generated/src/schemas/cage.rs"]
    {
        assert!(changed.lines().any(|line| line == file), "{file} is not in\n{changed}");
    }
    let manifest = at_origin(&runner, &["show", &format!("{BRANCH}:generated/Cargo.toml")]);
    assert!(manifest.contains("version = \"0.2.0\""), "{manifest}");
    let author = at_origin(&runner, &["log", "-1", "--format=%an %s", BRANCH]);
    assert_eq!(author, "github-actions[bot] Take revision 20260202 of zoo v1");

    let body = runner.noted("body");
    for part in [
        "### zoo v1 <sub>20260101 \u{2192} 20260202</sub>",
        "**1 breaking change**: 0 on the wire, 1 in Rust code; 1 allowed.",
        "Allowed: `version 0.2.0 follows 0.1.0`",
        "Crate `zoo-v1` 0.1.0 \u{2192} 0.2.0 ok, since `zoo-v1-v0.1.0`.",
        "The tests passed in [this run](https://github.com/zoo/keeper/actions/runs/77)",
        "A draft for the changelog",
    ] {
        assert!(body.contains(part), "{part} is not in\n{body}");
    }
    assert!(!runner.said.contains("secret-token"), "{}", runner.said);
}

#[test]
fn what_the_tests_do_not_bear_is_proposed_with_a_word() {
    let mut runner = repository();
    let _google = google(&mut runner, &rebuilt().to_string());
    runner.tell("tests", "101");
    assert_eq!(update(&mut runner), Outcome::Success, "{}", runner.said);
    let body = runner.noted("body");
    assert!(body.contains("\u{274c} The tests **failed** in [this run]"), "{body}");
}

#[test]
fn what_nobody_sees_is_not_proposed() {
    let mut only_revision = document();
    only_revision["revision"] = json!("20260202");
    only_revision["etag"] = json!("x");
    for document in [document(), only_revision] {
        let mut runner = repository();
        let _google = google(&mut runner, &document.to_string());
        assert_eq!(update(&mut runner), Outcome::Skipped);
        assert!(!runner.noted("log").contains("gh "));
    }
}

#[test]
fn a_bad_answer_proposes_nothing() {
    let mut runner = repository();
    let _google = google(&mut runner, "<html>Sign in</html>");
    let discovery = workflow("discovery.yml");
    assert_eq!(runner.job(&discovery, "update"), Outcome::Failure);
    assert!(runner.said.contains("no JSON"), "{}", runner.said);
    assert!(!runner.noted("log").contains("cargo xtask gen"));
}

#[test]
fn the_next_week_brings_the_pull_request_up_to_date() {
    let mut runner = repository();
    let first = google(&mut runner, &rebuilt().to_string());
    assert_eq!(update(&mut runner), Outcome::Success, "{}", runner.said);
    drop(first);
    let before = at_origin(&runner, &["rev-parse", BRANCH]);
    runner.tell("list", "[{\"number\": 5}]");

    assert_eq!(update(&mut runner), Outcome::Success, "{}", runner.said);
    assert!(runner.said.contains("discovery-update is up to date"), "{}", runner.said);
    assert_eq!(at_origin(&runner, &["rev-parse", BRANCH]), before);
    assert!(runner.noted("log").contains("gh pr edit 5 --title"));

    let mut later = rebuilt();
    later["revision"] = json!("20260303");
    let _second = google(&mut runner, &later.to_string());
    assert_eq!(update(&mut runner), Outcome::Success, "{}", runner.said);
    assert_eq!(at_origin(&runner, &["rev-list", "--count", &format!("main..{BRANCH}")]), "1");
    assert!(at_origin(&runner, &["show", &format!("{BRANCH}:{FILE}")]).contains("20260303"));
    assert_eq!(runner.noted("log").matches("gh pr create").count(), 1);
}

#[test]
fn the_work_of_others_is_left_alone() {
    let mut runner = repository();
    let _google = google(&mut runner, &rebuilt().to_string());
    let seed = runner.path("seed");
    git(&seed, &["checkout", "--quiet", "-b", BRANCH]);
    git(&seed, &["commit", "--quiet", "--allow-empty", "--message", "mine"]);
    git(&seed, &["push", "--quiet", "origin", BRANCH]);
    let before = at_origin(&runner, &["rev-parse", BRANCH]);
    assert_eq!(update(&mut runner), Outcome::Failure);
    assert!(
        runner.said.contains("a@example.com works on the branch discovery-update"),
        "{}",
        runner.said
    );
    assert_eq!(at_origin(&runner, &["rev-parse", BRANCH]), before);
}

#[test]
fn a_patch_of_other_files_is_refused() {
    let mut runner = repository();
    let _google = google(&mut runner, &rebuilt().to_string());
    let discovery = workflow("discovery.yml");
    assert_eq!(runner.job(&discovery, "update"), Outcome::Success, "{}", runner.said);
    let patch = runner.path("artifacts/proposal/update.patch");
    let good = fs::read_to_string(&patch).unwrap();
    for path in
        [".github/workflows/ci.yml", "xtask/src/main.rs", "generated/../build.rs", "generatedx"]
    {
        let more = format!(
            "diff --git a/{path} b/{path}\nnew file mode 100644\n--- /dev/null\n+++ b/{path}\n@@ -0,0 +1 @@\n+x\n"
        );
        fs::write(&patch, format!("{good}{more}")).unwrap();
        assert_eq!(runner.job(&discovery, "propose"), Outcome::Failure, "{path}");
        let is_told =
            ["which is no document", "invalid path"].iter().any(|part| runner.said.contains(part));
        assert!(is_told, "{}", runner.said);
    }
    assert!(!at_origin(&runner, &["branch"]).contains(BRANCH));
    assert!(!runner.noted("log").contains("gh "));
}

#[test]
fn a_patch_that_moves_or_is_no_plain_file_is_refused() {
    let mut runner = repository();
    let seed = runner.path("seed");
    fs::create_dir_all(seed.join(".github/workflows")).unwrap();
    fs::write(seed.join(".github/workflows/ci.yml"), "on: push\n").unwrap();
    git(&seed, &["add", "--all"]);
    git(&seed, &["commit", "--quiet", "--message", "a workflow"]);
    git(&seed, &["push", "--quiet", "origin", "main"]);
    let _google = google(&mut runner, &rebuilt().to_string());
    let discovery = workflow("discovery.yml");
    assert_eq!(runner.job(&discovery, "update"), Outcome::Success, "{}", runner.said);
    let patch = runner.path("artifacts/proposal/update.patch");
    let good = fs::read_to_string(&patch).unwrap();
    let (from, to) = (".github/workflows/ci.yml", "generated/ci.yml");
    let made = |mode: &str, line: &str| {
        format!(
            "diff --git a/generated/x b/generated/x\nnew file mode {mode}\n--- /dev/null\n+++ b/generated/x\n\
             @@ -0,0 +1 @@\n+{line}\n\\ No newline at end of file\n"
        )
    };
    let commit = "Subproject commit 0123456789012345678901234567890123456789";
    for (more, reason) in [
        (
            format!(
                "diff --git a/{from} b/{to}\nsimilarity index 100%\nrename from {from}\nrename to {to}\n"
            ),
            "changes `.github/workflows/ci.yml`, which is no document",
        ),
        (
            "diff --git a/generated/api.txt b/generated/x\nsimilarity index 100%\nold mode 100644\n\
             new mode 100755\ncopy from generated/api.txt\ncopy to generated/x\n"
                .to_owned(),
            "gives `generated/x` the mode 100755",
        ),
        (made("100755", "x"), "gives `generated/x` the mode 100755"),
        (made("120000", "../.github"), "gives `generated/x` the mode 120000"),
        (made("160000", commit), "gives `generated/x` the mode 160000"),
    ] {
        fs::write(&patch, format!("{good}{more}")).unwrap();
        assert_eq!(runner.job(&discovery, "propose"), Outcome::Failure, "{more}");
        assert!(runner.said.contains(reason), "{}", runner.said);
    }
    assert!(!at_origin(&runner, &["branch"]).contains(BRANCH));
    assert!(!runner.noted("log").contains("gh "));
}

/// A pull request with a document, as the merge that GitHub checks out.
fn pull_request(runner: &mut Runner, document: &Value) {
    let _google = google(runner, "");
    let seed = runner.path("seed");
    git(&seed, &["checkout", "--quiet", "-b", "change", "main"]);
    fs::write(seed.join(FILE), format!("{document:#}\n")).unwrap();
    git(&seed, &["commit", "--quiet", "--all", "--message", "change"]);
    git(&seed, &["checkout", "--quiet", "-b", "merge", "main"]);
    git(&seed, &["merge", "--quiet", "--no-ff", "--message", "merge", "change"]);
    git(&seed, &["push", "--quiet", "origin", "merge"]);
    let event = "github.event.workflow_run";
    for (name, value) in [
        ("checkout".to_owned(), "merge"),
        (format!("{event}.event"), "pull_request"),
        (format!("{event}.conclusion"), "success"),
        (format!("{event}.id"), "88"),
        (format!("{event}.head_repository.owner.login"), "stranger"),
        (format!("{event}.head_branch"), "change;touch x"),
        (format!("{event}.head_sha"), "0123456789abcdef"),
        (format!("{event}.html_url"), "https://github.com/zoo/keeper/actions/runs/88"),
    ] {
        runner.context.insert(name, value.to_owned());
    }
    runner.tell(
        "pulls",
        r#"[[{"number":4,"head":{"sha":"other"}}],[{"number":9,"head":{"sha":"0123456789abcdef"}}]]"#,
    );
}

/// Runs the workflow that may write, which has the code of main.
fn comment(runner: &mut Runner) -> String {
    runner.context.remove("checkout");
    let outcome = runner.job(&workflow("api-comment.yml"), "comment");
    assert_eq!(outcome, Outcome::Success, "{}", runner.said);
    let sent: Value = serde_json::from_str(&runner.noted("sent")).unwrap_or_default();
    sent["body"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn a_pull_request_is_commented() {
    let mut runner = repository();
    let mut document = document();
    document["schemas"]["Animal"]["properties"]["tail"] = json!({ "type": "boolean" });
    pull_request(&mut runner, &document);
    // The version was not raised: the check is red, and the report is there.
    assert_eq!(runner.job(&workflow("api-diff.yml"), "diff"), Outcome::Failure);
    let body = comment(&mut runner);
    for part in [
        "<!-- cargo xtask comment -->\n## What changes for callers",
        "\u{274c} **Nothing breaks.**",
        "is not enough, since `zoo-v1-v0.1.0`: 0.1.1 by `cargo xtask bump`",
        "`schemas::Animal::tail",
        "of 012345678, [by the code of this pull request](https://github.com/zoo/keeper/actions/runs/88)",
    ] {
        assert!(body.contains(part), "{part} is not in\n{body}");
    }
    let log = runner.noted("log");
    assert!(log.contains("gh api --method POST repos/{owner}/{repo}/issues/9/comments"), "{log}");
    assert!(log.contains("--raw-field head=stranger:change;touch x"), "{log}");

    // The next commit changes the comment, and that of nobody else.
    let own = json!([[
        { "id": 1, "user": { "login": "stranger" }, "body": body },
        { "id": 2, "user": { "login": "github-actions[bot]" }, "body": "other" },
    ], [{ "id": 3, "user": { "login": "github-actions[bot]" }, "body": body }]]);
    runner.tell("comments", &own.to_string());
    comment(&mut runner);
    let log = runner.noted("log");
    assert!(log.contains("gh api --method PATCH repos/{owner}/{repo}/issues/comments/3"), "{log}");
    assert_eq!(log.matches("--method POST").count(), 1);
}

#[test]
fn a_version_that_is_raised_enough_is_green() {
    let mut runner = repository();
    let seed = runner.path("seed");
    let manifest = fs::read_to_string(seed.join("generated/Cargo.toml")).unwrap();
    fs::write(seed.join("generated/Cargo.toml"), manifest.replace("0.1.0", "0.2.0")).unwrap();
    pull_request(&mut runner, &rebuilt());
    assert_eq!(runner.job(&workflow("api-diff.yml"), "diff"), Outcome::Success, "{}", runner.said);
    assert!(comment(&mut runner).contains("0.1.0 \u{2192} 0.2.0 ok, since `zoo-v1-v0.1.0`"));
}

#[test]
fn a_failed_comparison_is_said() {
    let mut runner = repository();
    let mut bad = document();
    bad["schemas"] = json!({});
    pull_request(&mut runner, &bad);
    assert_eq!(runner.job(&workflow("api-diff.yml"), "diff"), Outcome::Failure);
    assert!(runner.said.contains("there is no schema `Animal`"), "{}", runner.said);
    let body = comment(&mut runner);
    assert!(body.contains("**The comparison failed.**"), "{body}");
}

#[test]
fn a_report_that_was_overtaken_is_not_commented() {
    let mut runner = repository();
    pull_request(&mut runner, &rebuilt());
    runner.job(&workflow("api-diff.yml"), "diff");
    runner.tell("pulls", r#"[[{"number":9,"head":{"sha":"later"}}]]"#);
    assert_eq!(comment(&mut runner), "");
    runner
        .context
        .insert("github.event.workflow_run.conclusion".to_owned(), "cancelled".to_owned());
    let outcome = runner.job(&workflow("api-comment.yml"), "comment");
    assert_eq!(outcome, Outcome::Skipped);
}

/// All workflows by name.
fn all() -> Vec<(String, Yaml)> {
    let names = fs::read_dir(actions::folder()).unwrap();
    let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.map(|name| (name.clone(), workflow(&name))).collect()
}

fn jobs(workflow: &Yaml) -> impl Iterator<Item = &Yaml> {
    workflow["jobs"].as_hash().unwrap().values()
}

fn steps(job: &Yaml) -> impl Iterator<Item = &Yaml> {
    job["steps"].as_vec().unwrap().iter()
}

/// Whether a node grants a right to write.
fn may_write(node: &Yaml) -> bool {
    node["permissions"]
        .as_hash()
        .into_iter()
        .flatten()
        .any(|(_, right)| right.as_str() == Some("write"))
}

#[test]
fn workflows_can_read_unless_they_say_more() {
    for (name, workflow) in all() {
        let rights = workflow["permissions"].as_hash();
        let rights = rights.unwrap_or_else(|| panic!("{name}: no permissions"));
        assert!(rights.values().all(|right| right.as_str() == Some("read")), "{name}");
    }
}

#[test]
fn no_text_of_others_becomes_a_script_and_no_action_is_unpinned() {
    for (name, workflow) in all() {
        for step in jobs(&workflow).flat_map(steps) {
            let script = step["run"].as_str().unwrap_or_default();
            assert!(!script.contains("${{"), "{name}: `{script}`: pass values by `env`");
            if let Some(action) = step["uses"].as_str() {
                let version = action.rsplit(['@', ':']).next().unwrap().trim_start_matches('v');
                assert!(version.starts_with(|c: char| c.is_ascii_digit()), "{name}: {action}");
            }
        }
    }
}

#[test]
fn who_may_write_runs_the_code_of_main_alone() {
    let mut writers = 0;
    for (name, workflow) in all() {
        let is_open = !workflow["on"]["pull_request"].is_badvalue();
        assert!(workflow["on"]["pull_request_target"].is_badvalue(), "{name}");
        for job in jobs(&workflow) {
            let can_write = may_write(job);
            writers += usize::from(can_write);
            assert!(!(is_open && can_write), "{name}: a pull request's own code could write");
            for step in steps(job) {
                let script = step["run"].as_str().unwrap_or_default();
                let has_token = !step["env"]["GH_TOKEN"].is_badvalue();
                assert!(can_write || !has_token, "{name}: `{script}`");
                if can_write {
                    let is_known = script.is_empty()
                        || ["rustup ", "cargo build --locked --package xtask", "cargo xtask "]
                            .iter()
                            .any(|start| script.starts_with(start));
                    assert!(is_known, "{name}: `{script}` runs where a token can write");
                    let checkout = step["with"]["ref"].as_str().unwrap_or("main");
                    assert_eq!(checkout, "main", "{name}");
                }
            }
        }
    }
    assert_eq!(writers, 2);
}
