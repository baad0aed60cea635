//! What is fixed about an API.

/// One API, as its discovery document describes it, and the crate that calls it.
#[derive(Debug)]
pub struct Service {
    /// The name, such as `people`.
    pub name: &'static str,
    /// The version, such as `v1`.
    pub version: &'static str,
    /// The title, such as `People API`.
    pub title: &'static str,
    /// Where the API is, such as `https://people.googleapis.com/`.
    pub root_url: &'static str,
    /// What stands before the path of every method; often empty.
    pub service_path: &'static str,
    /// Where the API is for clients with a certificate.
    pub mtls_root_url: Option<&'static str>,
    /// The wire names of the query parameters that every method has.
    pub parameters: &'static [&'static str],
    /// Whether requests and answers stand inside `{"data": ...}`.
    pub data_wrapper: bool,
    /// The name of the crate, for the `User-Agent`.
    pub package: &'static str,
    /// The version of the crate.
    pub package_version: &'static str,
}
