//! The program over real sockets and real TLS.

#[path = "../../tests/origin/mod.rs"]
mod origin;

use std::fs;
use std::io::Write as _;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicUsize, Ordering};

use flate2::Compression;
use flate2::write::GzEncoder;
use origin::{Origin, answer, not_found, ok};
use tempfile::NamedTempFile;

/// The program, trusting the server, without a proxy of the machine.
fn program(origin: &Origin) -> (Command, NamedTempFile) {
    let ca = NamedTempFile::new().unwrap();
    fs::write(ca.path(), &origin.pem).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_discovery-download"));
    command.arg("--ca").arg(ca.path());
    for name in ["HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy"] {
        command.env_remove(name);
    }
    (command, ca)
}

fn download(origin: &Origin, arguments: &[&str]) -> Output {
    let (mut command, _ca) = program(origin);
    command.args(arguments).output().unwrap()
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Runs and expects no text but these words.
fn fails(origin: &Origin, arguments: &[&str], words: &[&str]) {
    let output = download(origin, arguments);
    let said = text(&output);
    assert_eq!(output.status.code(), Some(2), "{said}");
    for word in words {
        assert!(said.contains(word), "{word} is not in\n{said}");
    }
}

#[test]
fn the_text_is_written_as_it_is() {
    let origin = Origin::start(|_| Some(ok("{ \"a\" :1}")));
    let output = download(&origin, &[&origin.url("/$discovery/rest?version=v1&labels=a%2Fb")]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output));
    assert_eq!(text(&output), "{ \"a\" :1}");
    assert_eq!(origin.requests(), ["localhost/$discovery/rest?version=v1&labels=a%2Fb"]);
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn gzip_is_understood_and_limited_after_decompression() {
    let long = vec![b' '; 1 << 20];
    let body = gzip(&long);
    let origin =
        Origin::start(move |_| Some(answer("200 OK", "content-encoding: gzip\r\n", &body)));
    let url = origin.url("/");
    assert_eq!(download(&origin, &[&url]).stdout, long);
    fails(&origin, &[&url, "--max-bytes", "1000"], &["has more than 1000 bytes"]);
}

#[test]
fn the_next_place_is_asked_where_the_first_has_nothing() {
    let origin = Origin::start(|place| {
        Some(if place.ends_with("/second") { ok("{}") } else { not_found() })
    });
    let (first, second) = (origin.url("/first"), origin.url("/second"));
    assert_eq!(text(&download(&origin, &[&first, &second])), "{}");
    assert_eq!(origin.requests(), ["localhost/first", "localhost/second"]);
    fails(&origin, &[&first, &first], &["/first: 404 NOT_FOUND: Requested entity was not found."]);
}

#[test]
fn another_error_is_not_a_reason_to_ask_elsewhere() {
    let origin = Origin::start(|_| Some(answer("403 Forbidden", "", "<h1>Go away</h1>")));
    let (first, second) = (origin.url("/first?key=secret"), origin.url("/second"));
    fails(&origin, &[&first, &second], &["/first: 403", "Go away"]);
    assert_eq!(origin.requests(), ["localhost/first?key=secret"]);
    assert!(!text(&download(&origin, &[&first])).contains("secret"));
}

#[test]
fn a_server_in_trouble_is_asked_again() {
    let asked = AtomicUsize::new(0);
    let origin = Origin::start(move |_| {
        let is_first = asked.fetch_add(1, Ordering::SeqCst) == 0;
        Some(if is_first { answer("503 Service Unavailable", "", "") } else { ok("{}") })
    });
    assert_eq!(text(&download(&origin, &[&origin.url("/")])), "{}");
    assert_eq!(origin.requests().len(), 2);
}

#[test]
fn redirects_are_not_followed() {
    let other = Origin::start(|_| Some(ok("{}")));
    let to = format!("location: {}\r\n", other.url("/there"));
    let origin = Origin::start(move |_| Some(answer("302 Found", &to, "")));
    fails(&origin, &[&origin.url("/")], &["302: redirects are not followed", "/there"]);
    assert!(other.requests().is_empty());
}

#[test]
fn a_cut_answer_is_no_text() {
    let origin = Origin::start(|_| {
        let mut bytes = ok("{\"name\":\"people\"}");
        bytes.truncate(bytes.len() - 4);
        Some(bytes)
    });
    fails(&origin, &[&origin.url("/"), "--timeout", "20"], &["the exchange broke off"]);
}

#[test]
fn silence_ends() {
    let origin = Origin::start(|_| None);
    fails(&origin, &[&origin.url("/"), "--timeout", "1"], &["within"]);
}

#[test]
fn strangers_are_not_trusted() {
    let (origin, other) = (Origin::start(|_| Some(ok("{}"))), Origin::start(|_| Some(ok("{}"))));
    fails(&other, &[&origin.url("/")], &["cannot connect", "certificate"]);
    assert!(origin.requests().is_empty());
}

#[test]
fn the_proxy_of_the_environment_is_used() {
    let origin = Origin::start(|_| Some(ok("{}")));
    let (mut command, _ca) = program(&origin);
    let output = command
        .env("HTTPS_PROXY", origin.proxy())
        .arg("https://people.googleapis.com/$discovery/rest?version=v1")
        .output()
        .unwrap();
    assert_eq!(text(&output), "{}");
    assert_eq!(origin.requests(), ["people.googleapis.com/$discovery/rest?version=v1"]);
}

#[test]
fn bad_addresses_and_files_are_explained() {
    let origin = Origin::start(|_| Some(ok("{}")));
    fails(&origin, &["people"], &["is no URL of the form https://host/path"]);
    fails(&origin, &["http://example.com/"], &["has http"]);
    fails(&origin, &["https://user:word@localhost/"], &["has a user name in it"]);
    for (file, words) in [("no.pem", "cannot read no.pem"), ("Cargo.toml", "no certificate")] {
        let program = env!("CARGO_BIN_EXE_discovery-download");
        let output = Command::new(program).args(["--ca", file, &origin.url("/")]).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert!(text(&output).contains(words), "{}", text(&output));
    }
    assert!(origin.requests().is_empty());
}
