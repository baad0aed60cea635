//! Runs the jobs of `.github/workflows` on this machine: checkouts and artifacts are folders, `run:`
//! steps are run as they stand, by bash. `cargo xtask` is the program under test, `gh` and `rustup` are
//! scripts that note what they are asked.
// Each test uses a part of it.
#![allow(dead_code)]

mod expression;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::origin::{Origin, ok};
use crate::zoo::{git, text};
use tempfile::TempDir;
use yaml_rust2::{Yaml, YamlLoader};

/// Names and values.
pub(crate) type Context = BTreeMap<String, String>;

/// The folder of the workflows.
pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../.github/workflows")
}

/// A workflow of this project.
pub(crate) fn workflow(name: &str) -> Yaml {
    let text = fs::read_to_string(folder().join(name)).unwrap();
    YamlLoader::load_from_str(&text).unwrap().remove(0)
}

/// What a machine of GitHub has, and what the workflows leave there.
pub(crate) struct Runner {
    root: TempDir,
    /// Values of `${{ }}`, and what steps and jobs put out.
    pub(crate) context: Context,
    /// More variables of all steps.
    pub(crate) variables: Context,
    /// What the steps of the last job wrote.
    pub(crate) said: String,
    /// How many jobs were run.
    jobs: usize,
}

/// How a job ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Success,
    Failure,
    /// Its `if` said no.
    Skipped,
}

const CARGO: &str = r#"#!/bin/bash
echo "cargo $*" >> "$SHIMS/log"
case "$1" in
  xtask) shift; exec "$XTASK" "$@" ;;
  test) exit "$(cat "$SHIMS/tests")" ;;
  publish) exit 0 ;;
esac
# The jobs build the tasks in advance; here they are built.
[ "$*" = "build --locked --package xtask" ] && exit 0
exec "$REAL_CARGO" "$@"
"#;

const RUSTUP: &str = "#!/bin/bash\necho \"rustup $*\" >> \"$SHIMS/log\"\n";

const GH: &str = r#"#!/bin/bash
echo "gh $*" >> "$SHIMS/log"
[ -n "$GH_TOKEN" ] && [ "$GH_REPO" = "zoo/keeper" ] || { echo "gh: not logged in" >&2; exit 4; }
case "$*" in
  "pr list "*) cat "$SHIMS/list" ;;
  "pr create "*|"pr edit "*)
    while [ "$1" != "--body-file" ]; do shift; done
    cat "$2" > "$SHIMS/body" ;;
  *"GET"*"/pulls"*) cat "$SHIMS/pulls" ;;
  *"GET"*"/comments"*) cat "$SHIMS/comments" ;;
  *"--input -") cat > "$SHIMS/sent" ;;
  *) echo "gh: what?" >&2; exit 1 ;;
esac
"#;

impl Runner {
    pub(crate) fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        let runner = Self {
            context: Context::new(),
            variables: Context::new(),
            said: String::new(),
            jobs: 0,
            root,
        };
        for folder in ["shims", "temp", "artifacts"] {
            fs::create_dir(runner.path(folder)).unwrap();
        }
        for (name, text) in [("cargo", CARGO), ("rustup", RUSTUP), ("gh", GH)] {
            runner.tell(name, text);
            let mode = fs::Permissions::from_mode(0o755);
            fs::set_permissions(runner.path("shims").join(name), mode).unwrap();
        }
        for (name, text) in
            [("tests", "0"), ("list", "[]"), ("pulls", "[[]]"), ("comments", "[[]]")]
        {
            runner.tell(name, text);
        }
        runner
    }

    pub(crate) fn path(&self, below: &str) -> PathBuf {
        self.root.path().join(below)
    }

    /// The bare repository that checkouts come from.
    pub(crate) fn origin(&self) -> PathBuf {
        self.path("origin.git")
    }

    /// Tells the scripts what to answer: a file that they read.
    pub(crate) fn tell(&self, name: &str, text: &str) {
        fs::write(self.path("shims").join(name), text).unwrap();
    }

    /// What a script noted.
    pub(crate) fn noted(&self, name: &str) -> String {
        fs::read_to_string(self.path("shims").join(name)).unwrap_or_default()
    }

    /// Google, for all steps from now on, with one answer.
    pub(crate) fn google(&mut self, answer: &str) -> Origin {
        let answer = answer.to_owned();
        let origin = Origin::start(move |_| Some(ok(&answer)));
        let pem = self.path("ca.pem");
        fs::write(&pem, &origin.pem).unwrap();
        for (name, value) in [
            ("HTTPS_PROXY", origin.proxy()),
            ("NO_PROXY", String::new()),
            ("no_proxy", String::new()),
            // The roots of the machine.
            ("SSL_CERT_FILE", pem.display().to_string()),
        ] {
            self.variables.insert(name.to_owned(), value);
        }
        origin
    }

    /// Runs a script; whether it went well.
    pub(crate) fn run(&mut self, script: &str, folder: &Path) -> bool {
        self.said.clear();
        self.script(&[], script, None, folder)
    }

    /// Runs a job; its outputs are in the context then.
    pub(crate) fn job(&mut self, workflow: &Yaml, name: &str) -> Outcome {
        let job = &workflow["jobs"][name];
        assert!(!job.is_badvalue(), "there is no job {name}");
        if let Some(condition) = job["if"].as_str()
            && !expression::is_true(condition, &self.context)
        {
            return Outcome::Skipped;
        }
        self.jobs += 1;
        self.said.clear();
        self.context.insert("runner.temp".to_owned(), self.path("temp").display().to_string());
        let workspace = self.path(&format!("work-{}", self.jobs));
        fs::create_dir(&workspace).unwrap();
        let mut outcome = Outcome::Success;
        for step in job["steps"].as_vec().unwrap() {
            let is_due = match step["if"].as_str() {
                None => outcome == Outcome::Success,
                Some(condition) => {
                    (outcome == Outcome::Success || condition.contains("cancelled()"))
                        && expression::is_true(condition, &self.context)
                }
            };
            if !is_due {
                continue;
            }
            let is_good = self.step(&[workflow, job, step], &workspace);
            if !is_good && step["continue-on-error"].as_bool() != Some(true) {
                outcome = Outcome::Failure;
            }
        }
        let outputs = job["outputs"].as_hash();
        for (key, value) in outputs.into_iter().flatten() {
            let value = expression::filled(value.as_str().unwrap(), &self.context);
            let key = key.as_str().unwrap();
            self.context.insert(format!("needs.{name}.outputs.{key}"), value);
        }
        outcome
    }

    /// Runs a step, the last of these; whether it went well.
    fn step(&mut self, nodes: &[&Yaml], workspace: &Path) -> bool {
        let step = nodes[nodes.len() - 1];
        let id = step["id"].as_str();
        let is_good = match (step["run"].as_str(), step["uses"].as_str()) {
            (Some(script), None) => self.script(nodes, script, id, workspace),
            (None, Some(action)) => self.action(action, &step["with"], workspace),
            _ => panic!("a step is either `run` or `uses`"),
        };
        if let Some(id) = id {
            let outcome = if is_good { "success" } else { "failure" };
            self.context.insert(format!("steps.{id}.outcome"), outcome.to_owned());
        }
        is_good
    }

    fn script(
        &mut self,
        nodes: &[&Yaml],
        script: &str,
        id: Option<&str>,
        workspace: &Path,
    ) -> bool {
        let file = self.path("script.sh");
        fs::write(&file, script).unwrap();
        let outputs = self.path("outputs");
        fs::write(&outputs, "").unwrap();
        let path = std::env::var("PATH").unwrap();
        let mut command = Command::new("bash");
        command.arg("-e").arg(&file).current_dir(workspace);
        // Where the tests run inside a hook of git, these would be the project's own repository.
        for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "CARGO", "GH_TOKEN", "GH_REPO"] {
            command.env_remove(name);
        }
        command
            .env("PATH", format!("{}:{path}", self.path("shims").display()))
            .env("SHIMS", self.path("shims"))
            .env("XTASK", env!("CARGO_BIN_EXE_xtask"))
            .env("REAL_CARGO", std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .env("RUNNER_TEMP", self.path("temp"))
            .env("GITHUB_OUTPUT", &outputs)
            .envs(&self.variables);
        for node in nodes {
            for (name, value) in node["env"].as_hash().into_iter().flatten() {
                let value = expression::filled(value.as_str().unwrap(), &self.context);
                command.env(name.as_str().unwrap(), value);
            }
        }
        let output = command.output().unwrap();
        self.said.push_str(&text(&output));
        for line in fs::read_to_string(&outputs).unwrap().lines() {
            let (key, value) = line.split_once('=').unwrap();
            let id = id.expect("a step with outputs has an id");
            self.context.insert(format!("steps.{id}.outputs.{key}"), value.to_owned());
        }
        output.status.success()
    }

    fn action(&mut self, action: &str, with: &Yaml, workspace: &Path) -> bool {
        let given = |key: &str| Some(expression::filled(with[key].as_str()?, &self.context));
        let name = given("name").unwrap_or_default();
        let artifact = self.path("artifacts").join(&name);
        match action {
            "actions/checkout@v4" => {
                assert_eq!(with["persist-credentials"].as_bool(), Some(false));
                let mut arguments = vec!["clone".to_owned(), "--quiet".to_owned()];
                if with["fetch-depth"].as_i64() != Some(0) {
                    arguments.extend(["--depth".to_owned(), "1".to_owned()]);
                }
                // A pull request's merge stands for what GitHub checks out.
                let branch = given("ref").or_else(|| self.context.get("checkout").cloned());
                let branch = branch.unwrap_or_else(|| "main".to_owned());
                arguments.extend(["--branch".to_owned(), branch]);
                let url = format!("file://{}", self.origin().display());
                arguments.extend([url, ".".to_owned()]);
                git(workspace, &arguments.iter().map(String::as_str).collect::<Vec<_>>());
                true
            }
            "actions/upload-artifact@v4" => {
                let from = workspace.join(given("path").unwrap());
                if !from.exists() {
                    return with["if-no-files-found"].as_str() != Some("error");
                }
                let _ = fs::remove_dir_all(&artifact);
                fs::create_dir(&artifact).unwrap();
                copy(&from, &artifact);
                true
            }
            "actions/download-artifact@v4" => {
                let to = PathBuf::from(given("path").unwrap());
                // Each job has a machine of its own.
                let _ = fs::remove_dir_all(&to);
                if !artifact.exists() {
                    return false;
                }
                fs::create_dir_all(&to).unwrap();
                copy(&artifact, &to);
                true
            }
            _ => panic!("{action} is not known here"),
        }
    }
}

/// Copies a file, or the files of a folder, into another one.
fn copy(from: &Path, to: &Path) {
    if from.is_file() {
        fs::copy(from, to.join(from.file_name().unwrap())).unwrap();
        return;
    }
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}
