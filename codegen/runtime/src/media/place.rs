//! Where uploads and downloads are: beside the methods, not below them.

use super::super::Hub;

/// The URL that upload paths stand below, with a slash at its end.
pub(super) fn root(hub: &Hub) -> String {
    parts(hub).0
}

/// The URL that stands before the paths of methods of the download service.
pub(super) fn download_service(hub: &Hub) -> String {
    let (root, service_path) = parts(hub);
    format!("{root}download/{service_path}")
}

/// The base URL without the service's path, and that path where the base URL ends with it.
fn parts(hub: &Hub) -> (String, &'static str) {
    let mut base = hub.base_url();
    if !base.ends_with('/') {
        base.push('/');
    }
    let path = hub.service.service_path;
    match base.strip_suffix(path) {
        Some(root) if root.ends_with('/') => (root.to_owned(), path),
        _ => (base, ""),
    }
}
