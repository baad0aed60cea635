//! Methods with many required parameters.

use discovery_codegen::diagnostic::Diagnostics;
use discovery_codegen::generate;
use discovery_codegen::settings::Settings;
use serde_json::{Map, json};

/// The file of a method that takes so many arguments.
fn made(count: usize) -> String {
    let names: Vec<String> = (0..count).map(|index| format!("p{index}")).collect();
    let path: Vec<String> = names.iter().map(|name| format!("{{{name}}}")).collect();
    let parameter = json!({"type": "string", "location": "path", "required": true});
    let parameters: Map<_, _> = names.into_iter().map(|name| (name, parameter.clone())).collect();
    let document = json!({
        "kind": "discovery#restDescription", "name": "many", "version": "v1",
        "rootUrl": "https://many.googleapis.com/",
        "resources": {"a": {"methods": {"get": {
            "id": "many.a.get", "httpMethod": "GET", "path": path.join("/"),
            "parameters": parameters,
        }}}},
    });
    let json = document.to_string().into_bytes();
    let made = generate(&json, &Settings::default(), None, &mut Diagnostics::default()).unwrap();
    made.files.get("src/resources/a.rs").unwrap().to_owned()
}

#[test]
fn clippy_is_told_of_them_where_it_would_warn() {
    let allows = |count| made(count).contains("#[allow(clippy::too_many_arguments)]");
    assert_eq!([allows(6), allows(7)], [false, true]);
}
