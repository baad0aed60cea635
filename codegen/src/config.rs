//! `discovery/gen.toml`: which documents, which methods, where to.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::settings::Settings;

/// The whole file.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// One crate each.
    pub api: Vec<ApiConfig>,
}

/// One `[[api]]`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApiConfig {
    /// The discovery document, relative to the file's folder.
    pub document: String,
    /// The crate's folder, relative to the file's folder.
    pub out: String,
    /// The package's name; `<name>-<version>` of the document where it is absent.
    pub package: Option<String>,
    /// Where the document is fetched from; Google's place for its API and version where it is absent.
    pub url: Option<String>,
    /// Method ids; all where it is absent.
    #[serde(default)]
    pub methods: Vec<String>,
    /// Shared enums, see [`Settings::enums`].
    #[serde(default)]
    pub enums: BTreeMap<String, Vec<String>>,
    /// Shared field masks, see [`Settings::masks`].
    #[serde(default)]
    pub masks: BTreeMap<String, Vec<String>>,
    /// The items of lists, see [`Settings::items`].
    #[serde(default)]
    pub items: BTreeMap<String, String>,
    /// Fixups by name, see [`fixups`](crate::fixups).
    #[serde(default)]
    pub fixups: Vec<String>,
    /// Hosts that the document may name, see [`Settings::allow_hosts`].
    #[serde(default, rename = "allow-hosts")]
    pub allow_hosts: Vec<String>,
}

impl Config {
    /// Reads the file's text.
    ///
    /// # Errors
    /// What TOML or the keys have wrong, with line and column.
    pub fn parse(text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|error| error.to_string())
    }
}

impl ApiConfig {
    /// What the generator is told; `prior` is the text of the crate's `api.txt`, if there is one.
    pub fn settings(&self, prior: Option<&str>) -> Settings {
        Settings {
            methods: self.methods.clone(),
            enums: self.enums.clone(),
            masks: self.masks.clone(),
            items: self.items.clone(),
            fixups: self.fixups.clone(),
            allow_hosts: self.allow_hosts.clone(),
            prior: prior.map(crate::surface::prior_names).unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_keys_are_errors_with_their_place() {
        let error =
            Config::parse("[[api]]\ndocument = \"a\"\nout = \"b\"\nmethod = []\n").unwrap_err();
        assert!(error.contains("line 4"), "{error}");
        assert!(error.contains("unknown field `method`"), "{error}");
    }
}
