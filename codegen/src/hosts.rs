//! Where a document may send requests, and with them the tokens of users.
//!
//! A crate sends access tokens to the hosts that its document names. A document that is not
//! Google's, or was changed on its way, must not choose them unseen.

use crate::diagnostic::Diagnostics;
use crate::discovery::{Authority, Document, child};
use crate::settings::Settings;

/// Google's APIs are at this domain and below it.
const DOMAIN: &str = "googleapis.com";

/// Adds an error for every base URL of a document that is not `https` on `googleapis.com` or below
/// it, unless [`Settings::allow_hosts`] lists its host.
pub fn check(document: &Document, settings: &Settings, diagnostics: &mut Diagnostics) {
    one("/rootUrl", &document.root_url, settings, diagnostics);
    one("/mtlsRootUrl", &document.mtls_root_url, settings, diagnostics);
    for (index, endpoint) in document.endpoints.iter().enumerate() {
        let pointer = child(&child("/endpoints", &index.to_string()), "endpointUrl");
        one(&pointer, &endpoint.url, settings, diagnostics);
    }
}

fn one(pointer: &str, url: &str, settings: &Settings, diagnostics: &mut Diagnostics) {
    // An absent URL, or one of another form, is reported where it is read.
    let Some((scheme, rest)) = url.split_once("://") else { return };
    let place = rest.split('/').next().unwrap_or_default();
    let Some(authority) = Authority::parse(place) else { return };
    let is_allowed = settings.allow_hosts.iter().any(|own| own.eq_ignore_ascii_case(place));
    if is_allowed || (scheme == "https" && is_google(authority)) {
        return;
    }
    let message = format!("`{url}` is not https on {DOMAIN} or below it: tokens would go there");
    let help = format!(
        "if you trust this place, allow it: `allow-hosts = [\"{place}\"]` in the settings, or \
         `--allow-host {place}`"
    );
    diagnostics.error(pointer, message, help);
}

/// Whether this is Google's, at the port of https.
fn is_google(authority: Authority) -> bool {
    if authority.port.is_some() {
        return false;
    }
    let host = authority.host.to_ascii_lowercase();
    let Some(below) = host.strip_suffix(DOMAIN) else { return false };
    below.is_empty() || below.ends_with('.')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discovery::Endpoint;

    fn said(root: &str, mtls: &str, endpoint: &str, allowed: &[&str]) -> Vec<String> {
        let document = Document {
            root_url: root.to_owned(),
            mtls_root_url: mtls.to_owned(),
            endpoints: vec![
                Endpoint::default(),
                Endpoint { url: endpoint.to_owned(), ..Endpoint::default() },
            ],
            ..Document::default()
        };
        let allow_hosts = allowed.iter().map(|host| (*host).to_owned()).collect();
        let settings = Settings { allow_hosts, ..Settings::default() };
        let mut diagnostics = Diagnostics::default();
        check(&document, &settings, &mut diagnostics);
        diagnostics.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn hosts_of_google_pass() {
        let none: [&str; 0] = [];
        assert_eq!(
            said(
                "https://googleapis.com/",
                "https://people.mtls.googleapis.com/",
                "https://People.GoogleAPIs.com/a/",
                &[]
            ),
            none
        );
        assert_eq!(said("https://www.googleapis.com/", "", "", &[]), none);
    }

    #[test]
    fn other_hosts_are_refused_at_their_place() {
        let evil = "https://evilgoogleapis.com/";
        let found =
            said("https://googleapis.com.evil.example/", "http://a.googleapis.com/", evil, &[]);
        assert_eq!(found.len(), 3, "{found:#?}");
        for (one, pointer) in
            found.iter().zip(["/rootUrl", "/mtlsRootUrl", "/endpoints/1/endpointUrl"])
        {
            assert!(one.starts_with(&format!("error: {pointer}: ")), "{one}");
        }
        assert!(found[2].contains("`allow-hosts = [\"evilgoogleapis.com\"]`"), "{}", found[2]);
        assert!(found[2].contains("`--allow-host evilgoogleapis.com`"), "{}", found[2]);
        assert_eq!(said("https://a.googleapis.com:8443/", "", "", &[]).len(), 1);
    }

    #[test]
    fn an_allowed_host_is_exactly_that_host() {
        let allowed = ["127.0.0.1:80", "Own.example"];
        let none: [&str; 0] = [];
        assert_eq!(said("http://127.0.0.1:80/", "https://own.example/x/", "", &allowed), none);
        assert_eq!(said("http://127.0.0.1:81/", "https://a.own.example/", "", &allowed).len(), 2);
    }
}
