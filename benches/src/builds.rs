//! What a program costs to build that calls batchUpdateContacts once.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};

use crate::child::{self, Cost};
use crate::table::{self, Target};

struct Program {
    name: &'static str,
    dependency: String,
    main: &'static str,
}

const OURS: &str = r#"use people_v1::PeopleService;
use people_v1::schemas::{BatchUpdateContactsRequest, Name, Person, PersonField, PersonUpdateField};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let hub = PeopleService::https(std::env::var("TOKEN").unwrap()).unwrap();
    let person = Person::default().set_etag("%E").set_names([Name::default().set_given_name("Ann")]);
    let request = BatchUpdateContactsRequest::default()
        .set_contacts([("people/c1", person)])
        .set_update_mask(PersonUpdateField::NAMES)
        .set_read_mask(PersonField::NAMES);
    let answer = hub.people().batch_update_contacts(&request).send().await.unwrap();
    println!("{:?}", answer.update_result.unwrap_or_default().keys());
}
"#;

const PEER: &str = r#"use std::collections::HashMap;

use google_people1::api::{BatchUpdateContactsRequest, Name, Person};
use google_people1::{FieldMask, PeopleService, hyper_rustls, hyper_util};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let connector = hyper_rustls::HttpsConnectorBuilder::new()
        .with_native_roots()
        .unwrap()
        .https_only()
        .enable_http2()
        .build();
    let client = hyper_util::client::legacy::Client::builder(hyper_util::rt::TokioExecutor::new()).build(connector);
    let hub = PeopleService::new(client, std::env::var("TOKEN").unwrap());
    let name = Name { given_name: Some("Ann".to_owned()), ..Name::default() };
    let person = Person { etag: Some("%E".to_owned()), names: Some(vec![name]), ..Person::default() };
    let request = BatchUpdateContactsRequest {
        contacts: Some(HashMap::from([("people/c1".to_owned(), person)])),
        update_mask: Some(FieldMask::new(&["names"])),
        read_mask: Some(FieldMask::new(&["names"])),
        ..BatchUpdateContactsRequest::default()
    };
    let (_, answer) = hub.people().batch_update_contacts(request).doit().await.unwrap();
    println!("{:?}", answer.update_result.unwrap_or_default().keys());
}
"#;

const COMMANDS: [(&str, &[&str]); 3] =
    [("check", &["check"]), ("debug", &["build"]), ("release", &["build", "--release"])];

/// How often a warm build is measured; the cheapest counts.
const WARM: u32 = 3;

struct Built {
    name: &'static str,
    packages: usize,
    /// Cold and warm, for each command.
    costs: Vec<(Cost, Cost)>,
    size: u64,
}

/// Builds both programs and prints what it cost. `root` is the checkout, `folder` for what is made.
pub fn run(root: &Path, folder: &Path) -> Result<()> {
    let people = root.join("generated");
    let people = people.to_str().context("the path of the checkout is no text")?;
    let ours = |name, more: &str| Program {
        name,
        dependency: format!("people-v1 = {{ path = {people:?}{more} }}"),
        main: OURS,
    };
    let peer = Program {
        name: "google-people1",
        dependency:
            "google-people1 = { version = \"7\", default-features = false, features = [\"ring\"] }"
                .to_owned(),
        main: PEER,
    };
    let bare = packages(&write(
        folder,
        &ours("people-v1-without-features", ", default-features = false"),
    )?)?;
    let built = [peer, ours("people-v1", "")]
        .iter()
        .map(|program| build(folder, program))
        .collect::<Result<Vec<_>>>()?;
    println!("{}\n", costs(&built));
    println!("{}", table::targets(&targets(&built, bare)));
    Ok(())
}

/// Writes the program into a folder of its own, with the versions that this program was built with.
fn write(folder: &Path, program: &Program) -> Result<PathBuf> {
    let folder = folder.join(program.name);
    fs::create_dir_all(folder.join("src"))?;
    let manifest = format!(
        "[package]\nname = \"user\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n{}\n\
         tokio = {{ version = \"1\", features = [\"macros\", \"rt\"] }}\n\n[profile.release]\nstrip = true\n",
        program.dependency
    );
    fs::write(folder.join("Cargo.toml"), manifest)?;
    fs::write(folder.join("src/main.rs"), program.main)?;
    // cargo takes out what the program does not need.
    fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.lock"), folder.join("Cargo.lock"))?;
    Ok(folder)
}

fn build(folder: &Path, program: &Program) -> Result<Built> {
    let folder = write(folder, program)?;
    let target = folder.join("target");
    if target.exists() {
        fs::remove_dir_all(&target)?;
    }
    ensure!(
        child::cargo(&folder).arg("fetch").arg("--quiet").status()?.success(),
        "cargo fetch failed"
    );
    let mut costs = Vec::new();
    for (_, arguments) in COMMANDS {
        let cargo = || {
            let mut cargo = child::cargo(&folder);
            cargo.args(arguments).args(["--offline", "--quiet"]).env("CARGO_TARGET_DIR", &target);
            // Flags of the one who measures would be measured, too.
            cargo.env_remove("RUSTFLAGS").env_remove("CARGO_BUILD_RUSTFLAGS");
            cargo
        };
        let cold = child::cost(&cargo())?;
        let mut warm: Option<Cost> = None;
        for round in 0..WARM {
            fs::write(folder.join("src/main.rs"), format!("{}// {round}\n", program.main))?;
            let cost = child::cost(&cargo())?;
            if warm.is_none_or(|least| cost.cpu < least.cpu) {
                warm = Some(cost);
            }
        }
        costs.push((cold, warm.unwrap_or_default()));
    }
    let size = fs::metadata(target.join("release/user"))?.len();
    Ok(Built { name: program.name, packages: packages(&folder)?, costs, size })
}

/// How many packages are compiled for the program, without itself.
fn packages(folder: &Path) -> Result<usize> {
    let tree = child::cargo(folder)
        .args([
            "tree",
            "--edges",
            "normal,build",
            "--prefix",
            "none",
            "--no-dedupe",
            "--format",
            "{p}",
        ])
        .output()?;
    ensure!(tree.status.success(), "cargo tree failed: {}", String::from_utf8_lossy(&tree.stderr));
    let tree = String::from_utf8_lossy(&tree.stdout).into_owned();
    let names: BTreeSet<_> = tree
        .lines()
        .map(|line| line.split(" (").next().unwrap_or(line))
        .filter(|line| !line.is_empty() && !line.starts_with("user "))
        .collect();
    Ok(names.len())
}

fn costs(built: &[Built]) -> String {
    let seconds = |time: Duration| format!("{:.1}", time.as_secs_f64());
    let mut rows = Vec::new();
    for program in built {
        for ((command, _), (cold, warm)) in COMMANDS.iter().zip(&program.costs) {
            rows.push(vec![
                (*command).to_owned(),
                program.name.to_owned(),
                program.packages.to_string(),
                seconds(cold.cpu),
                seconds(cold.wall),
                format!("{:.2}", warm.cpu.as_secs_f64()),
                format!("{:.2}", warm.wall.as_secs_f64()),
                if *command == "release" {
                    (program.size / 1024).to_string()
                } else {
                    String::new()
                },
            ]);
        }
    }
    rows.sort_by_key(|row| {
        COMMANDS.iter().position(|(command, _)| row.first().is_some_and(|cell| cell == command))
    });
    let heading = [
        "build",
        "program with",
        "packages",
        "cold, CPU s",
        "cold, wall s",
        "warm, CPU s",
        "warm, wall s",
        "stripped KiB",
    ];
    table::columns(&heading, &rows)
}

#[allow(clippy::cast_precision_loss)]
fn targets(built: &[Built], bare: usize) -> Vec<Target> {
    let [peer, ours] = built else { return Vec::new() };
    let warm = |built: &Built| built.costs.last().map_or(0.0, |(_, warm)| warm.cpu.as_secs_f64());
    vec![
        Target {
            what: "packages compiled, of google-people1",
            measured: ours.packages as f64 / peer.packages as f64,
            at_most: 1.0,
            is_exact: false,
        },
        Target {
            what: "packages compiled without default features",
            measured: bare as f64,
            at_most: 90.0,
            is_exact: false,
        },
        Target {
            what: "warm release build: CPU, of google-people1",
            measured: warm(ours) / warm(peer),
            at_most: 0.35,
            is_exact: false,
        },
        Target {
            what: "stripped program: bytes, of google-people1",
            measured: ours.size as f64 / peer.size as f64,
            at_most: 0.9,
            is_exact: false,
        },
    ]
}
