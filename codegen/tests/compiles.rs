//! What is generated compiles, without a warning, as the complete crate that it is: every golden
//! document, and one method of the People API with exactly the types that it reaches.
//!
//! Each crate is checked by cargo with this workspace's lock file, so nothing is fetched that the
//! workspace does not need already.

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use common::{check, made_with, people};
use discovery_codegen::settings::Settings;

#[test]
fn golden_documents_compile_without_a_warning() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let json = fs::read(path.join("input.json")).unwrap();
        let name = path.file_name().unwrap().to_str().unwrap();
        check(name, &made_with(name, &json, &Settings::default()));
    }
}

#[test]
fn one_method_of_people_compiles_with_exactly_its_types() {
    let (json, settings) = people();
    let id = "people.people.batchUpdateContacts";
    let settings = Settings { methods: vec![id.to_owned()], ..settings };
    let generated = made_with("people", &json, &settings);

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
