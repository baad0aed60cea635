//! The manifest of a generated crate names versions that exist: each requirement is met by what this
//! workspace is locked to, and therefore tested with.

use std::fs;
use std::path::Path;

use discovery_codegen::diagnostic::Diagnostics;
use discovery_codegen::generate;
use discovery_codegen::settings::Settings;
use semver::{Version, VersionReq};
use toml::{Table, Value};

#[test]
fn every_requirement_is_met_by_the_lock_file() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let json = fs::read(here.join("tests/golden/minimal/input.json")).unwrap();
    let made = generate(&json, &Settings::default(), None, &mut Diagnostics::default()).unwrap();
    let manifest: Table = made.files.get("Cargo.toml").unwrap().parse().unwrap();
    let lock: Table = fs::read_to_string(here.join("../Cargo.lock")).unwrap().parse().unwrap();
    let locked: Vec<(&str, Version)> = lock["package"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            (one["name"].as_str().unwrap(), one["version"].as_str().unwrap().parse().unwrap())
        })
        .collect();
    let dependencies = manifest["dependencies"].as_table().unwrap();
    assert!(dependencies.len() > 10, "{dependencies:?}");
    for (name, dependency) in dependencies {
        let wanted = match dependency {
            Value::String(wanted) => wanted,
            table => table["version"].as_str().unwrap(),
        };
        let wanted: VersionReq = wanted.parse().unwrap();
        let is_met = |(other, version): &(&str, Version)| other == name && wanted.matches(version);
        assert!(locked.iter().any(is_met), "{name} {wanted} is not locked");
    }
    assert_eq!(manifest["package"]["rust-version"].as_str(), Some(discovery_codegen::MSRV));
}
