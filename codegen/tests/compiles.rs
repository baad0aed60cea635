//! What is generated compiles, without a warning, as the complete crate that it is: every golden
//! document, and one method of the People API with exactly the types that it reaches.
//!
//! Each crate is checked by cargo with this workspace's lock file, so nothing is fetched that the
//! workspace does not need already.

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use common::{check, root};
use discovery_codegen::config::Config;
use discovery_codegen::diagnostic::Diagnostics;
use discovery_codegen::settings::Settings;
use discovery_codegen::{Generated, generate};

fn made(json: &[u8], settings: &Settings) -> Generated {
    let mut diagnostics = Diagnostics::default();
    let made = generate(json, settings, None, &mut diagnostics);
    let said: Vec<String> = diagnostics.iter().map(ToString::to_string).collect();
    made.unwrap_or_else(|| panic!("{said:#?}"))
}

#[test]
fn golden_documents_compile_without_a_warning() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let json = fs::read(path.join("input.json")).unwrap();
        check(path.file_name().unwrap().to_str().unwrap(), &made(&json, &Settings::default()));
    }
}

#[test]
fn one_method_of_people_compiles_with_exactly_its_types() {
    let discovery = root().join("discovery");
    let json = fs::read(discovery.join("people.v1.json")).unwrap();
    let config = Config::parse(&fs::read_to_string(discovery.join("gen.toml")).unwrap()).unwrap();
    let id = "people.people.batchUpdateContacts";
    let settings = Settings { methods: vec![id.to_owned()], ..config.api[0].settings(None) };
    let generated = made(&json, &settings);

    let people = &generated.api.resources;
    assert_eq!(people.len(), 1);
    let methods: Vec<&str> = people[0].methods.iter().map(|method| method.id.as_str()).collect();
    assert_eq!((methods, people[0].resources.len()), (vec![id], 0));

    let names: BTreeSet<&str> =
        generated.api.schemas.iter().map(|schema| schema.name.as_str()).collect();
    for reached in
        ["BatchUpdateContactsRequest", "BatchUpdateContactsErrorDetails", "Person", "Status", "Url"]
    {
        assert!(names.contains(reached), "{reached} is missing");
    }
    for other in
        ["ContactGroup", "SearchResponse", "BatchCreateContactsRequest", "ListConnectionsResponse"]
    {
        assert!(!names.contains(other), "{other} is not reached");
    }
    check("people-subset", &generated);
}
