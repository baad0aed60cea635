//! The example `import_csv` as its users meet it: a process, killed and started again.

mod common;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Once;
use std::time::Duration;

use common::{TOKEN, World};
use people_emulator::{Fault, Matcher, Method, Phase};
use serde_json::Value;

/// The built example. A test run of this file alone has not built it.
fn program() -> PathBuf {
    static BUILT: Once = Once::new();
    BUILT.call_once(|| {
        let build = ["build", "--quiet", "--offline", "--example", "import_csv"];
        let folder = env!("CARGO_MANIFEST_DIR");
        let status = Command::new(env!("CARGO")).args(build).current_dir(folder).status().unwrap();
        assert!(status.success());
    });
    let test = std::env::current_exe().unwrap();
    let folder = test.parent().and_then(Path::parent).unwrap();
    folder.join("examples").join(format!("import_csv{}", std::env::consts::EXE_SUFFIX))
}

fn command(world: &World, folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(program());
    command
        .args(arguments)
        .current_dir(folder)
        .env("PEOPLE_TOKEN", TOKEN)
        .env("PEOPLE_URL", world.emulator.url())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

async fn run(world: &World, folder: &Path, arguments: &[&str]) -> (Output, String) {
    let mut command = command(world, folder, arguments);
    let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    let text = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    (output, text)
}

/// A file that updates the contacts and creates as many.
fn file(world: &World) -> String {
    let mut text = "resource_name,Vorname,nickname,email\n".to_owned();
    for (index, name) in world.names.iter().enumerate() {
        writeln!(text, "{name},Ann {index},\"a; b\",ann{index}@example.com").unwrap();
        writeln!(text, ",New {index},,new{index}@example.com").unwrap();
    }
    text
}

fn given_names(world: &World) -> Vec<String> {
    let people = world.book.snapshot().into_values();
    let mut names: Vec<String> = people
        .map(|person: Value| {
            person["fields"]["names"][0]["givenName"].as_str().unwrap_or_default().to_owned()
        })
        .collect();
    names.sort();
    names
}

fn expected(world: &World) -> Vec<String> {
    let count = world.names.len();
    let mut names: Vec<String> =
        (0..count).flat_map(|index| [format!("Ann {index}"), format!("New {index}")]).collect();
    names.sort();
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_update_and_create_and_bad_ones_are_told_with_their_line() {
    let world = World::with(5).await;
    let folder = tempfile::tempdir().unwrap();
    let mut text = file(&world);
    text.push_str("people/c99,Nobody,,\n,,,\ntoo,many,cells,here,x\n");
    fs::write(folder.path().join("a.csv"), text).unwrap();
    let arguments = ["a.csv", "--map", "Vorname=given_name"];

    let before = world.book.snapshot();
    let (output, said) =
        run(&world, folder.path(), &[&arguments[..], &["--dry-run"]].concat()).await;
    assert!(output.status.success(), "{said}");
    assert!(said.contains("5 to update, 5 to create") && said.contains("changes "), "{said}");
    assert_eq!(world.book.snapshot(), before, "a dry run changes nothing");

    let (output, said) = run(&world, folder.path(), &arguments).await;
    assert!(output.status.success(), "{said}");
    for line in ["line 12: there is no contact people/c99", "line 13: no cell", "line 14: "] {
        assert!(said.contains(line), "{line} is not in\n{said}");
    }
    assert_eq!(given_names(&world), expected(&world));
    let report = fs::read_to_string(folder.path().join("a.report.csv")).unwrap();
    assert_eq!(report.lines().count(), 1 + 13, "{report}");
    assert_eq!(world.nicknames(&world.names[0]), ["a", "b"]);

    let after = world.book.snapshot();
    let (output, said) = run(&world, folder.path(), &arguments).await;
    assert!(output.status.success(), "{said}");
    assert!(said.contains("0 to update, 0 to create"), "{said}");
    assert_eq!(world.book.snapshot(), after, "the second time there is nothing to do");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cell_without_text_leaves_its_field() {
    let world = World::with(1).await;
    let name = &world.names[0];
    let fields = serde_json::json!({
        "nicknames": [{"value": "Nan"}],
        "emailAddresses": [{"value": "ann@example.com"}],
        "phoneNumbers": [{"value": "+49301234567"}],
        "urls": [{"value": "https://ann.example/"}],
    });
    world.book.edit(name, fields);
    let before = world.book.fields(name).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let text = format!(
        "resource_name,nickname,email,phone,url,note\n{name},;, ; ;,\"\",;;,new; note\n{name},;,;,,,\n"
    );
    fs::write(folder.path().join("a.csv"), text).unwrap();
    let (output, said) = run(&world, folder.path(), &["a.csv"]).await;
    assert!(output.status.success(), "{said}");
    assert!(said.contains("line 3: no cell says anything"), "{said}");
    let after = world.book.fields(name).unwrap();
    for field in ["nicknames", "emailAddresses", "phoneNumbers", "urls"] {
        assert_eq!(after[field], before[field], "{field}");
    }
    assert_eq!(after["biographies"][0]["value"], "new; note");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_is_killed_can_be_started_again() {
    for round in 0..4_u64 {
        let world = World::with(420).await;
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.csv"), file(&world)).unwrap();
        let arguments = ["a.csv", "--map", "Vorname=given_name"];
        // Time to be killed before, between and after the commits of its requests.
        for method in [Method::BatchUpdateContacts, Method::BatchCreateContacts] {
            for nth in 1..=3 {
                for phase in [Phase::BeforeCommit, Phase::AfterCommit] {
                    world.emulator.when(
                        Matcher::method(method),
                        nth,
                        Fault::Delay(phase, Duration::from_millis(20)),
                    );
                }
            }
        }
        let mut child = command(&world, folder.path(), &arguments)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        tokio::time::sleep(Duration::from_millis(60 + 70 * round)).await;
        child.kill().unwrap();
        child.wait().unwrap();
        // What it had sent is carried out or not, and then it is quiet.
        tokio::time::sleep(Duration::from_millis(100)).await;
        world.emulator.clear_faults();
        let (output, said) = run(&world, folder.path(), &arguments).await;
        assert!(output.status.success(), "round {round}: {said}");
        assert_eq!(given_names(&world), expected(&world), "round {round}");
    }
}
