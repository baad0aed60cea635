//! `cargo xtask corpus` as its users meet it: a process, its exit code, its output.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};
use tempfile::TempDir;

/// Runs the task; crates are checked below the test's own folder.
fn corpus(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask"))
        .arg("corpus")
        .arg(folder)
        .args(arguments)
        .env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")))
        .output()
        .unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn document(name: &str, host: &str) -> Value {
    json!({
        "kind": "discovery#restDescription", "name": name, "version": "v1",
        "rootUrl": format!("https://{host}/"),
        "schemas": {"A": {"type": "object", "properties": {"b": {"type": "string"}}}},
        "methods": {"get": {
            "id": format!("{name}.get"), "httpMethod": "GET", "path": "v1/a", "response": {"$ref": "A"},
        }},
    })
}

fn folder(documents: &[(&str, &Value)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, document) in documents {
        fs::write(folder.path().join(format!("{name}.json")), document.to_string()).unwrap();
    }
    fs::write(folder.path().join("notes.txt"), "no document").unwrap();
    folder
}

/// Many good documents, so that not all are listed.
fn good(count: usize) -> TempDir {
    let names: Vec<String> = (0..count).map(|index| format!("good{index:02}")).collect();
    let documents: Vec<Value> =
        names.iter().map(|name| document(name, "good.googleapis.com")).collect();
    let pairs: Vec<(&str, &Value)> = names.iter().map(String::as_str).zip(&documents).collect();
    folder(&pairs)
}

#[test]
fn good_documents_are_counted_and_the_slowest_listed() {
    let folder = good(12);
    let output = corpus(folder.path(), &["--jobs", "2"]);
    let text = out(&output);
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert_eq!(text.lines().filter(|line| line.ends_with("  good")).count(), 10, "{text}");
    assert!(text.contains("... and 2 more that are fine"), "{text}");
    assert!(text.contains("12 documents: 12 schemas, 12 methods, "), "{text}");
    assert!(text.ends_with("0 warnings; 0 fall short\n"), "{text}");

    let all = out(&corpus(folder.path(), &["--all", "--jobs", "3"]));
    let listed: Vec<&str> =
        all.lines().filter_map(|line| line.strip_suffix("  good")?.split(' ').next()).collect();
    assert_eq!(listed.len(), 12, "{all}");
    assert!(listed.is_sorted(), "{all}");
}

#[test]
fn what_falls_short_is_listed_with_its_reasons() {
    let mut missing = document("missing", "missing.googleapis.com");
    missing["methods"]["get"]["response"]["$ref"] = json!("B");
    let list = json!({"kind": "discovery#directoryList", "items": []});
    let folder = folder(&[
        ("missing.v1", &missing),
        ("elsewhere.v1", &document("elsewhere", "elsewhere.example")),
        ("good.v1", &document("good", "good.googleapis.com")),
        ("index", &list),
        ("odd", &json!([1])),
    ]);
    let output = corpus(folder.path(), &[]);
    let text = out(&output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert_eq!(text.matches("FALLS SHORT").count(), 3, "{text}");
    for expected in [
        "missing.v1 gives no crate:",
        "there is no schema `B`",
        "elsewhere.v1 gives no crate:",
        "`--allow-host elsewhere.example`",
        "odd gives no crate:",
        "a list of documents, passed over",
        "4 documents: 1 schemas, 1 methods",
        "3 fall short",
    ] {
        assert!(text.contains(expected), "{expected} is not in\n{text}");
    }
}

#[test]
fn programs_read_json() {
    let folder =
        folder(&[("b", &document("b", "b.googleapis.com")), ("a", &document("a", "a.example"))]);
    let output = corpus(folder.path(), &["--json"]);
    assert_eq!(output.status.code(), Some(1));
    let value: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(value["good"], false);
    assert_eq!(value["documents"][0]["document"], "a");
    assert_eq!(value["documents"][0]["verdict"], "bad");
    assert_eq!(value["documents"][0]["errors"].as_array().unwrap().len(), 1);
    let good = &value["documents"][1];
    assert_eq!(
        (&good["verdict"], &good["schemas"], &good["methods"]),
        (&json!("good"), &json!(1), &json!(1))
    );
    assert!(good["files"].as_u64().unwrap() > 10, "{good}");
    assert!(good["bytes"].as_u64().unwrap() > 10_000, "{good}");
    let is_linux = cfg!(target_os = "linux");
    assert!(!is_linux || good["peak_kib"].as_u64().unwrap() > 1_000, "{good}");
    assert_eq!(value["checked"], json!([]));
}

#[test]
fn a_sample_is_checked_by_cargo_and_the_seed_picks_it() {
    let folder = good(4);
    let checked = |seed: &str| {
        let output = corpus(folder.path(), &["--check-sample", "1", "--seed", seed, "--json"]);
        let value: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(0), "{value}");
        assert_eq!(value["checked"].as_array().unwrap().len(), 1, "{value}");
        assert_eq!(value["checked"][0]["compiles"], true, "{value}");
        value["checked"][0]["document"].as_str().unwrap().to_owned()
    };
    let picked = checked("5");
    assert_eq!(checked("5"), picked);
    let crates = Path::new(env!("CARGO_TARGET_TMPDIR")).join("corpus/crates");
    assert!(crates.join(format!("{picked}-v1/src/hub.rs")).is_file());
    assert!(!crates.join(format!("{picked}-v1/src/runtime")).exists(), "the runtime is shared");
}

#[test]
fn what_cannot_be_downloaded_is_told_before_anything_is_built() {
    let (folder, home) = (good(1), tempfile::tempdir().unwrap());
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .arg("corpus")
        .arg(folder.path())
        .args(["--check", "good00"])
        .env("CARGO_TARGET_DIR", home.path().join("target"))
        .env("CARGO_HOME", home.path())
        .env("CARGO_NET_OFFLINE", "true")
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("cannot download what generated crates depend on"), "{said}");
    assert!(said.contains("help: "), "{said}");
}

#[test]
fn what_was_good_is_passed_over_until_it_changes() {
    let mut zoo = document("zoo", "zoo.googleapis.com");
    let checked = |zoo: &Value, arguments: &[&str]| {
        let folder = folder(&[("zoo", zoo)]);
        let arguments = [&["--check", "zoo", "--resume", "--json"], arguments].concat();
        let output = corpus(folder.path(), &arguments);
        let value: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(0), "{value}");
        value["checked"][0]["known_from_before"].clone()
    };
    // An earlier run of this test may have left its seal.
    zoo["description"] = json!(format!("Run {}.", std::process::id()));
    assert_eq!(checked(&zoo, &[]), json!(false));
    assert_eq!(checked(&zoo, &[]), json!(true));
    assert_eq!(checked(&zoo, &["--own-runtime"]), json!(false), "another way of checking");
    zoo["schemas"]["A"]["properties"]["c"] = json!({"type": "string"});
    assert_eq!(checked(&zoo, &[]), json!(false));
}

#[test]
fn packed_documents_are_read() {
    use std::io::Write as _;
    let one = document("one", "one.googleapis.com").to_string();
    let folder = tempfile::tempdir().unwrap();
    let packed = fs::File::create(folder.path().join("one.v1.json.gz")).unwrap();
    let mut packed = flate2::write::GzEncoder::new(packed, flate2::Compression::fast());
    packed.write_all(one.as_bytes()).unwrap();
    packed.finish().unwrap();
    let listed = |source: &Path| {
        let output = corpus(source, &["--json"]);
        let value: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!((output.status.code(), &value["good"]), (Some(0), &json!(true)), "{value}");
        let documents = value["documents"].as_array().unwrap().iter();
        documents.map(|one| one["document"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(listed(folder.path()), ["one.v1"]);

    // As in the wheel, and with a name that leads elsewhere.
    let wheel = folder.path().join("client.whl");
    let mut zip = zip::ZipWriter::new(fs::File::create(&wheel).unwrap());
    let cache = "googleapiclient/discovery_cache/documents";
    for name in [
        format!("{cache}/one.v1.json"),
        "../../../../two.v1.json".to_owned(),
        "notes.txt".to_owned(),
    ] {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(one.as_bytes()).unwrap();
    }
    zip.finish().unwrap();
    assert_eq!(listed(&wheel), ["one.v1", "two.v1"]);
    let unpacked = Path::new(env!("CARGO_TARGET_TMPDIR")).join("corpus/documents");
    assert!(unpacked.join("two.v1.json").is_file());

    fs::write(folder.path().join("no.whl"), "no zip").unwrap();
    let refused = corpus(&folder.path().join("no.whl"), &[]);
    let said = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(refused.status.code(), Some(2), "{said}");
    assert!(said.contains("no.whl is no wheel"), "{said}");
}

#[test]
fn every_method_of_a_sample_is_called() {
    let mut wrong = document("wrong", "wrong.googleapis.com");
    // No text has this pattern, so no call can be right.
    wrong["methods"]["get"]["parameters"] =
        json!({"day": {"type": "string", "location": "query", "pattern": "[^\\s\\S]"}});
    let right = document("right", "right.googleapis.com");
    let folder = folder(&[("right.v1", &right), ("wrong.v1", &wrong)]);

    let output = corpus(folder.path(), &["--call", "right.v1"]);
    let text = out(&output);
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert!(text.contains("right.v1 calls rightly: 1 methods, "), "{text}");
    assert!(text.ends_with(" requests; 0 do not call rightly\n"), "{text}");

    let output = corpus(folder.path(), &["--call-sample", "2", "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let value: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(value["good"], false);
    let [right, wrong] = value["called"].as_array().unwrap().as_slice() else { panic!("{value}") };
    assert_eq!((&right["document"], &right["good"]), (&json!("right.v1"), &json!(true)));
    assert_eq!((&right["methods"], &right["properties"]), (&json!(1), &json!(1)));
    assert_eq!((&wrong["document"], &wrong["good"]), (&json!("wrong.v1"), &json!(false)));
    let problem = wrong["problems"][0].as_str().unwrap();
    assert!(problem.contains("wrong.get#1: day: \"a\" does not have the pattern"), "{problem}");
}

#[test]
fn a_folder_without_documents_is_bad_input() {
    let empty = tempfile::tempdir().unwrap();
    for (output, expected) in [
        (corpus(empty.path(), &[]), "has no *.json"),
        (corpus(&empty.path().join("nothing"), &[]), "cannot read the folder"),
        (corpus(good(1).path(), &["--check", "other"]), "has no other.json"),
    ] {
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(expected), "{said}");
    }
}
