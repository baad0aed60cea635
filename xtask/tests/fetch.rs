//! `cargo xtask fetch` as its users meet it: a process, real TLS, its exit code, the files.

mod origin;
mod zoo;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use origin::{Origin, answer, not_found, ok};
use serde_json::{Value, json};
use tempfile::TempDir;
use zoo::{FILE, SETTINGS, document, grown};

/// As `cargo xtask gen` writes it.
fn canonical(document: &Value) -> String {
    format!("{document:#}\n")
}

/// A project that holds the document.
fn project() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("discovery")).unwrap();
    fs::write(folder.path().join(FILE), canonical(&document())).unwrap();
    fs::write(folder.path().join("discovery/gen.toml"), SETTINGS).unwrap();
    folder
}

/// A server, the proxy in front of it, and the file with its authority: Google, for a test.
struct Google {
    origin: Origin,
    proxy: String,
    folder: TempDir,
}

impl Google {
    fn answering(answer: impl Fn(&str) -> Option<Vec<u8>> + Send + Sync + 'static) -> Self {
        let origin = Origin::start(answer);
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("ca.pem"), &origin.pem).unwrap();
        Self { proxy: origin.proxy(), origin, folder }
    }

    /// One document at every address.
    fn with(document: &Value) -> Self {
        let text = document.to_string();
        Self::answering(move |_| Some(ok(&text)))
    }

    fn ca(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    fn command(&self, project: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command
            .arg("fetch")
            .args(arguments)
            .arg("--ca")
            .arg(self.ca())
            .env_remove("NO_PROXY")
            .env_remove("no_proxy")
            .env("HTTPS_PROXY", &self.proxy)
            .stdin(Stdio::null())
            .current_dir(project);
        command
    }

    /// Runs and checks the exit code; the answer is all that was said.
    fn fetch(&self, project: &Path, arguments: &[&str], code: i32) -> String {
        let output = self.command(project, arguments).output().unwrap();
        let said = text(&output);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        said
    }
}

fn text(output: &Output) -> String {
    let all = [&output.stdout[..], &output.stderr[..]].concat();
    String::from_utf8_lossy(&all).into_owned()
}

fn is_unchanged(project: &Path) -> bool {
    fs::read_to_string(project.join(FILE)).unwrap() == canonical(&document())
        && fs::read_dir(project.join("discovery")).unwrap().count() == 2
}

#[test]
fn a_change_is_shown_and_written_when_agreed() {
    let google = Google::with(&grown());
    let project = project();
    let path = project.path();

    let said = google.fetch(path, &[], 1);
    assert!(said.contains("schemas::Animal::tail: bool"), "{said}");
    assert!(said.contains("zoo v1  20260101 -> 20260202"), "{said}");
    assert!(said.contains("nothing was written: --yes writes discovery/zoo.v1.json"), "{said}");
    assert!(is_unchanged(path));

    for flag in ["--check", "--dry-run"] {
        assert!(google.fetch(path, &[flag], 1).contains("tail"));
        assert!(is_unchanged(path));
    }

    let said = google.fetch(path, &["zoo:v1", "--yes"], 0);
    assert!(said.contains("tail") && said.contains("next: cargo xtask gen\n"), "{said}");
    assert_eq!(fs::read_to_string(path.join(FILE)).unwrap(), canonical(&grown()));
    assert_eq!(
        google.origin.requests()[0],
        "zoo.googleapis.com/$discovery/rest?version=v1",
        "through the proxy of the environment"
    );

    for arguments in [&["--yes"][..], &["--check"], &[]] {
        assert!(google.fetch(path, arguments, 0).contains("is up to date"));
    }
}

#[test]
fn apis_without_a_host_of_their_own_are_found() {
    let text = grown().to_string();
    let google = Google::answering(move |place| {
        Some(if place.starts_with("www.") { ok(&text) } else { not_found() })
    });
    let project = project();
    google.fetch(project.path(), &["--yes"], 0);
    assert!(!is_unchanged(project.path()));
    assert_eq!(google.origin.requests()[1], "www.googleapis.com/discovery/v1/apis/zoo/v1/rest");
}

#[test]
fn a_new_document_goes_where_it_is_told() {
    let google = Google::with(&document());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let said = google.fetch(path, &["zoo:v1"], 2);
    assert!(said.contains("no document of the settings is that of zoo:v1"), "{said}");
    assert!(said.contains("help: say where it goes: `--out zoo.v1.json`"), "{said}");
    assert!(google.origin.requests().is_empty());

    let said = google.fetch(path, &["zoo:v1", "--out", "zoo.v1.json", "--check"], 1);
    assert!(said.contains("1 methods, 1 schemas, new file zoo.v1.json"), "{said}");
    assert!(!path.join("zoo.v1.json").exists());

    let said = google.fetch(path, &["zoo:v1", "--out", "docs/zoo.v1.json"], 0);
    assert!(said.contains("next: cargo xtask gen --document docs/zoo.v1.json --out"), "{said}");
    let written = fs::read_to_string(path.join("docs/zoo.v1.json")).unwrap();
    assert_eq!(written, canonical(&document()));
}

#[test]
fn a_url_is_fetched_from_any_host() {
    let google = Google::with(&grown());
    let url = google.origin.url("/zoo.json?key=secret");
    let project = project();
    let said = google.fetch(project.path(), &[&url, "--yes"], 0);
    assert!(!said.contains("secret"), "{said}");
    assert_eq!(google.origin.requests(), ["localhost/zoo.json?key=secret"]);
    assert_eq!(fs::read_to_string(project.path().join(FILE)).unwrap(), canonical(&grown()));

    let unknown = tempfile::tempdir().unwrap();
    let said = google.fetch(unknown.path(), &[&url], 2);
    assert!(said.contains("no document of the settings is that of zoo:v1"), "{said}");
}

#[test]
fn the_settings_may_name_the_address() {
    let google = Google::with(&grown());
    let project = project();
    let settings = format!("{SETTINGS}url = \"{}\"\n", google.origin.url("/own"));
    fs::write(project.path().join("discovery/gen.toml"), settings).unwrap();
    google.fetch(project.path(), &["--yes"], 0);
    assert_eq!(google.origin.requests(), ["localhost/own"]);
    assert!(!is_unchanged(project.path()));
}

#[test]
fn an_older_revision_is_kept_out_unless_asked_for() {
    let mut older = grown();
    older["revision"] = json!("20251231");
    let google = Google::with(&older);
    let project = project();
    for arguments in [&["--yes"][..], &["--check"]] {
        let said = google.fetch(project.path(), arguments, 0);
        assert!(said.contains("20251231 is older than 20260101"), "{said}");
        assert!(said.contains("which is kept; --allow-older takes it"), "{said}");
        assert!(is_unchanged(project.path()));
    }
    google.fetch(project.path(), &["--yes", "--allow-older"], 0);
    assert_eq!(fs::read_to_string(project.path().join(FILE)).unwrap(), canonical(&older));
}

#[test]
fn all_documents_are_here_before_one_is_written() {
    let (zoo, mut park) = (grown(), document());
    park["name"] = json!("park");
    let parks = park.to_string();
    let google = Google::answering(move |place| {
        Some(if place.starts_with("zoo.") { ok(zoo.to_string()) } else { not_found() })
    });
    let project = project();
    let path = project.path();
    let both =
        format!("{SETTINGS}{}", SETTINGS.replace("zoo", "park").replace("../generated", "../park"));
    fs::write(path.join("discovery/gen.toml"), both).unwrap();
    let said = google.fetch(path, &["--yes"], 2);
    assert!(said.contains("cannot fetch park:v1; all files are as before"), "{said}");
    assert!(said.contains("404 NOT_FOUND"), "{said}");
    assert!(is_unchanged(path));

    // The settings know what the file will be before it is there.
    let zoos = grown().to_string();
    let google = Google::answering(move |place| {
        Some(ok(if place.starts_with("zoo.") { &zoos } else { &parks }))
    });
    google.fetch(path, &["--yes"], 0);
    assert_eq!(fs::read_to_string(path.join(FILE)).unwrap(), canonical(&grown()));
    assert!(path.join("discovery/park.v1.json").exists());
}

/// An answer that is not taken: exit code 2, these words, no file touched.
fn refused(answer: Vec<u8>, words: &[&str]) {
    let google = Google::answering(move |_| Some(answer.clone()));
    let project = project();
    let said = google.fetch(project.path(), &["--yes"], 2);
    for word in words {
        assert!(said.contains(word), "{word} is not in\n{said}");
    }
    assert!(is_unchanged(project.path()));
}

#[test]
fn hostile_answers_are_refused() {
    refused(
        answer("200 OK", "content-type: text/html\r\n", "<html>Sign in</html>"),
        &["zoo:v1: no JSON", "help:"],
    );
    refused(ok(r#"{"error":{"code":404}}"#), &["this JSON is no discovery document"]);
    refused(ok(r#"{"kind":"discovery#directoryList","items":[]}"#), &["no discovery document"]);
    refused(answer("403 Forbidden", "", "<h1>Nobody may</h1>"), &["403", "Nobody may"]);
    refused(ok("[".repeat(100_000)), &["no JSON"]);
    refused(ok([b'"', 0xff, b'"']), &["no JSON"]);
    refused(ok(""), &["no JSON"]);
    refused(
        answer("302 Found", "location: https://evil.example/\r\n", ""),
        &["redirects are not followed", "evil.example"],
    );
    let whole = grown().to_string();
    let mut cut = ok(&whole);
    cut.truncate(cut.len() - 40);
    refused(cut, &["the exchange broke off"]);
    refused(ok(&whole[..whole.len() - 40]), &["no JSON", "EOF"]);
}

#[test]
fn documents_that_are_not_what_was_asked_for_are_refused() {
    let with = |key: &str, value: Value| {
        let mut document = grown();
        document[key] = value;
        ok(document.to_string())
    };
    refused(with("name", json!("park")), &["is the document of park:v1 instead of zoo:v1"]);
    refused(with("version", json!("v2")), &["is the document of zoo:v2 instead of zoo:v1"]);
    refused(with("rootUrl", json!("https://evil.example/")), &["/rootUrl", "is not https on"]);
    refused(with("schemas", json!({})), &["there is no schema `Animal`"]);
}

#[test]
fn another_host_must_be_allowed() {
    let mut own = grown();
    own["rootUrl"] = json!("https://own.example/");
    let google = Google::with(&own);
    let project = project();
    google.fetch(project.path(), &["--yes", "--allow-host", "own.example"], 0);
    assert_eq!(fs::read_to_string(project.path().join(FILE)).unwrap(), canonical(&own));
}

#[test]
fn a_server_nobody_trusts_is_not_asked() {
    let google = Google::with(&grown());
    let project = project();
    fs::copy(Google::with(&grown()).ca(), google.ca()).unwrap();
    let said = google.fetch(project.path(), &["--yes"], 2);
    assert!(said.contains("invalid peer certificate"), "{said}");
    assert!(google.origin.requests().is_empty());
}

#[test]
fn bad_arguments_ask_nobody() {
    let google = Google::with(&grown());
    let project = project();
    let path = project.path();
    for (arguments, words) in [
        (&["people"][..], "is neither api:version nor a URL"),
        (&["evil.example/:v1"], "is neither api:version nor a URL"),
        (&["http://zoo.googleapis.com/"], "it is not https"),
        (&["--out", "a.json"], "required"),
        (&["zoo:v1", "park:v1", "--out", "a.json"], "--out is one file"),
        (&["--yes", "--check"], "cannot be used with"),
        (&["--config", "no.toml"], "cannot read no.toml"),
    ] {
        let said = google.fetch(path, arguments, 2);
        assert!(said.contains(words), "{arguments:?}: {words} is not in\n{said}");
    }
    fs::write(path.join(FILE), "{\"name\":\"zoo/../x\",\"version\":\"v1\"}").unwrap();
    assert!(google.fetch(path, &[], 2).contains("is neither api:version"));
    fs::write(path.join(FILE), "<html>").unwrap();
    let said = google.fetch(path, &["--yes"], 2);
    assert!(said.contains("cannot be compared with it"), "{said}");
    assert_eq!(fs::read_to_string(path.join(FILE)).unwrap(), "<html>");
}

/// `script` gives the process a terminal.
#[cfg(target_os = "linux")]
#[test]
fn on_a_terminal_the_answer_decides() {
    use std::io::Write as _;

    let google = Google::with(&grown());
    for (answer, code) in [("n\n", 1), ("\n", 1), ("what?\n", 1), ("y\n", 0), ("YES\n", 0)] {
        let project = project();
        let command = google.command(project.path(), &["zoo:v1"]);
        let line: Vec<String> = std::iter::once(command.get_program())
            .chain(command.get_args())
            .map(|word| format!("'{}'", word.to_str().unwrap()))
            .collect();
        let child = Command::new("script")
            .args(["--quiet", "--return", "--command", &line.join(" "), "/dev/null"])
            .env("HTTPS_PROXY", &google.proxy)
            .env_remove("NO_PROXY")
            .env_remove("no_proxy")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .current_dir(project.path())
            .spawn();
        let mut child = match child {
            Ok(child) => child,
            Err(error) => {
                assert!(std::env::var_os("CI").is_none(), "`script` is missing: {error}");
                eprintln!("!! `script` (util-linux) is missing: NOBODY IS ASKED ON A TERMINAL");
                return;
            }
        };
        child.stdin.take().unwrap().write_all(answer.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        let said = text(&output);
        assert_eq!(output.status.code(), Some(code), "{answer:?}: {said}");
        assert!(said.contains("write discovery/zoo.v1.json? [y/N]"), "{said}");
        assert_eq!(is_unchanged(project.path()), code == 1, "{answer:?}: {said}");
    }
}
