//! Where a document is.

use anyhow::{Result, bail};

/// What a caller asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// An API of Google's by name and version.
    Api(Identity),
    /// A document anywhere.
    Url(String),
}

/// Which API a document describes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Identity {
    /// `name` of the document.
    pub(super) name: String,
    /// `version` of the document.
    pub(super) version: String,
}

impl std::fmt::Display for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.name, self.version)
    }
}

impl Source {
    /// Reads `people:v1`, or a URL.
    ///
    /// # Errors
    /// It is neither.
    pub(super) fn parse(text: &str) -> Result<Self> {
        if text.contains("://") {
            if text.starts_with("https://") {
                return Ok(Self::Url(text.to_owned()));
            }
            bail!(
                "{text:?} is not fetched: it is not https\n  help: give an https URL, or api:version"
            );
        }
        match text.split_once(':') {
            Some((name, version)) if is_name(name) && is_version(version) => {
                let (name, version) = (name.to_owned(), version.to_owned());
                Ok(Self::Api(Identity { name, version }))
            }
            _ => bail!(
                "{text:?} is neither api:version nor a URL\n  help: write it as `people:v1`, or \
                 `https://people.googleapis.com/$discovery/rest?version=v1` in single quotes"
            ),
        }
    }

    /// Where to ask, one place after the other.
    pub(super) fn urls(&self) -> Vec<String> {
        match self {
            Self::Url(url) => vec![url.clone()],
            // Both places have most documents; the second also has those of older APIs, which have
            // no host of their own: https://developers.google.com/discovery/v1/reference/apis/getRest
            Self::Api(Identity { name, version }) => vec![
                format!("https://{name}.googleapis.com/$discovery/rest?version={version}"),
                format!("https://www.googleapis.com/discovery/v1/apis/{name}/{version}/rest"),
            ],
        }
    }

    /// What it is called in messages: a URL without its query, which may hold a key.
    pub(super) fn label(&self) -> String {
        match self {
            Self::Api(identity) => identity.to_string(),
            Self::Url(url) => url.split(['?', '#']).next().unwrap_or_default().to_owned(),
        }
    }
}

/// The name becomes a part of a host and nothing else.
fn is_name(text: &str) -> bool {
    let is_good = |c: char| c.is_ascii_alphanumeric() || c == '-';
    !text.is_empty() && text.chars().all(is_good)
}

/// The version becomes a part of a path and of a query and nothing else.
fn is_version(text: &str) -> bool {
    let is_good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    text.chars().any(|c| c.is_ascii_alphanumeric()) && text.chars().all(is_good)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_addresses_of_google() {
        let source = Source::parse("admin:directory_v1").unwrap();
        assert_eq!(source.label(), "admin:directory_v1");
        assert_eq!(
            source.urls(),
            [
                "https://admin.googleapis.com/$discovery/rest?version=directory_v1",
                "https://www.googleapis.com/discovery/v1/apis/admin/directory_v1/rest"
            ]
        );
    }

    #[test]
    fn urls_stay_as_they_are() {
        let url = "https://own.example/a?key=secret";
        let source = Source::parse(url).unwrap();
        assert_eq!(source.urls(), [url]);
        assert_eq!(source.label(), "https://own.example/a");
    }

    #[test]
    fn nothing_else_becomes_an_address() {
        for text in [
            "people",
            "people:",
            ":v1",
            "people:..",
            "evil.example/:v1",
            "a@evil.example:v1",
            "people:v1/../../x",
            "people:v1&key=a",
            "people:v1#",
            "http://people.googleapis.com/",
            "file:///etc/passwd",
            "a b:v1",
        ] {
            assert!(Source::parse(text).is_err(), "{text}");
        }
    }
}
