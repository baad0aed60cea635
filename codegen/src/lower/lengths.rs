//! What is too long for a file system, found before anything is written.

use crate::api::Resource;
use crate::diagnostic::Diagnostics;

/// File systems take 255 bytes for a name; this leaves room for the extension and a temporary file.
pub(super) const LONGEST_NAME: usize = 200;

/// They take 1,024 bytes for a path, or more; this leaves room for the folder that the crate is in.
const LONGEST_PATH: usize = 700;

/// Adds an error for every resource whose file, or the path of it, would be too long.
pub(super) fn resources(resources: &[Resource], diagnostics: &mut Diagnostics) {
    below("src/resources", resources, diagnostics);
}

fn below(folder: &str, resources: &[Resource], diagnostics: &mut Diagnostics) {
    for resource in resources {
        let path = format!("{folder}/{}", resource.module);
        let problem = if resource.module.len() > LONGEST_NAME {
            let message =
                format!("the resource's module would have {} letters", resource.module.len());
            Some((message, format!("at most {LONGEST_NAME} can be a file's name")))
        } else if path.len() > LONGEST_PATH {
            let message =
                format!("the path of the resource's module would have {} letters", path.len());
            Some((message, format!("at most {LONGEST_PATH} can be a file's path in the crate")))
        } else {
            None
        };
        match problem {
            // What is inside would be too long as well.
            Some((message, help)) => diagnostics.error(&resource.pointer, message, help),
            None => below(&path, &resource.resources, diagnostics),
        }
    }
}
