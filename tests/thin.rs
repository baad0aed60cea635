//! Thin stays thin: what the API calls things stands in the generated crate only.

use std::fs;
use std::path::Path;

use people_contacts::Field;

#[test]
fn the_facade_has_no_wire_names_and_no_paths_of_its_own() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut names: Vec<String> = Field::ALL.iter().map(ToString::to_string).collect();
    names.extend(
        ["updateMask", "readMask", "resourceName", "v1/", "https://people.googleapis.com"]
            .map(str::to_owned),
    );
    for entry in fs::read_dir(source).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        // Tests compare with what is on the wire; docs may link.
        let code = text.split("#[cfg(test)]").next().unwrap();
        for (number, line) in
            (1..).zip(code.lines().filter(|line| !line.trim_start().starts_with("//")))
        {
            for name in &names {
                let quoted = format!("\"{name}\"");
                assert!(!line.contains(&quoted), "{}:{number}: {quoted}", path.display());
            }
        }
    }
}
