//! `discovery/gen.toml`: which documents, which methods, where to.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use serde::Deserialize;

use crate::settings::Settings;

/// The whole file.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// One crate each.
    #[serde(default)]
    pub api: Vec<ApiConfig>,
    /// Crates that are nothing but the runtime, for others to share.
    #[serde(default)]
    pub runtime: Vec<RuntimeConfig>,
}

/// One `[[runtime]]`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuntimeConfig {
    /// The package's name.
    pub package: String,
    /// The crate's folder, relative to the file's folder.
    pub out: String,
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
    /// The package whose runtime this crate shares: that of another `[[api]]`, or of a
    /// `[[runtime]]`.
    pub runtime: Option<String>,
    /// Gives this crate's runtime media for crates outside of this file, see [`Settings::media`]; those
    /// of this file that share it get it without.
    #[serde(default)]
    pub media: bool,
}

impl Config {
    /// Reads the file's text.
    ///
    /// # Errors
    /// What TOML or the keys have wrong, with line and column.
    pub fn parse(text: &str) -> Result<Self, String> {
        let config: Self = toml::from_str(text).map_err(|error| error.to_string())?;
        config.check_folders()?;
        for api in &config.api {
            if let Some(wanted) = &api.runtime
                && config.runtime_folder(wanted).is_none()
            {
                return Err(format!(
                    "the runtime `{wanted}` of {}: no other `[[api]]` with `package = \"{wanted}\"` and a runtime of \
                     its own, and no such `[[runtime]]`",
                    api.out
                ));
            }
            if api.media && api.runtime.is_some() {
                return Err(format!(
                    "`media` of {}: its runtime is another crate's; write it there",
                    api.out
                ));
            }
        }
        Ok(config)
    }

    /// Every crate has a folder of its own: what is not of one crate is removed from its `src`.
    fn check_folders(&self) -> Result<(), String> {
        let apis = self.api.iter().map(|api| &api.out);
        let outs: Vec<&String> = apis.chain(self.runtime.iter().map(|one| &one.out)).collect();
        for (index, one) in outs.iter().enumerate() {
            for other in &outs[index + 1..] {
                let folders = (tidy(Path::new(one)), tidy(Path::new(other)));
                if folders.0 == folders.1 {
                    return Err(format!(
                        "two crates have the folder {one}: give each an `out` of its own"
                    ));
                }
                let is_inside =
                    |inner: &Path, outer: &Path| inner.starts_with(tidy(&outer.join("src")));
                if is_inside(&folders.0, &folders.1) || is_inside(&folders.1, &folders.0) {
                    return Err(format!(
                        "the folders {one} and {other}: a crate inside of the `src` of another one would be \
                         removed; give it an `out` beside it"
                    ));
                }
            }
        }
        Ok(())
    }

    /// The folder, relative to the file's, of the crate whose package has this name and that contains
    /// a runtime.
    pub fn runtime_folder(&self, package: &str) -> Option<&str> {
        let alone = self.runtime.iter().find(|one| one.package == package);
        let has_own =
            |api: &&ApiConfig| api.package.as_deref() == Some(package) && api.runtime.is_none();
        let out = alone.map(|one| &one.out);
        out.or_else(|| self.api.iter().find(has_own).map(|api| &api.out)).map(String::as_str)
    }
}

/// `discovery/../generated` as `generated`, and where nothing is left `.`. Lexical: fine for paths of the settings.
pub fn tidy(path: &Path) -> PathBuf {
    let mut tidy = PathBuf::new();
    for part in path.components() {
        let can_pop = matches!(tidy.components().next_back(), Some(Component::Normal(_)));
        if part == Component::ParentDir && can_pop {
            tidy.pop();
        } else if part != Component::CurDir {
            tidy.push(part);
        }
    }
    // An empty path is no folder, for those who ask the system.
    if tidy.as_os_str().is_empty() { PathBuf::from(".") } else { tidy }
}

impl ApiConfig {
    /// What the generator is told, without the runtime, which only those who see the other crates can
    /// tell; `prior` is the text of the crate's `api.txt`, if there is one.
    pub fn settings(&self, prior: Option<&str>) -> Settings {
        Settings {
            methods: self.methods.clone(),
            enums: self.enums.clone(),
            masks: self.masks.clone(),
            items: self.items.clone(),
            fixups: self.fixups.clone(),
            allow_hosts: self.allow_hosts.clone(),
            runtime: None,
            media: self.media,
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

    #[test]
    fn media_are_said_where_the_runtime_is() {
        let text = "[[api]]\ndocument = \"a\"\nout = \"b\"\npackage = \"b\"\nmedia = true\n";
        let config = Config::parse(text).unwrap();
        assert!(config.api[0].settings(None).media);
        let both = format!("{text}[[runtime]]\npackage = \"r\"\nout = \"r\"\n")
            .replace("media", "runtime = \"r\"\nmedia");
        let error = Config::parse(&both).unwrap_err();
        assert!(error.contains("`media` of b: its runtime is another crate's"), "{error}");
    }

    #[test]
    fn every_crate_has_a_folder_of_its_own() {
        let api = |out: &str| format!("[[api]]\ndocument = \"a\"\nout = \"{out}\"\n");
        let runtime = |out: &str| format!("[[runtime]]\npackage = \"r\"\nout = \"{out}\"\n");
        for (one, other) in [("../a", "../b"), ("a", "a/b"), ("a", "a/source"), ("a", "ab/src")] {
            assert!(Config::parse(&(api(one) + &api(other))).is_ok(), "{one} {other}");
        }
        for (one, other, words) in [
            ("a", "a", "two crates have the folder a"),
            ("../a", "./x/../../a/", "two crates have the folder ../a"),
            ("a", "a/src", "inside of the `src`"),
            (".", "src/a", "inside of the `src`"),
            ("a", "a/src/b/c", "inside of the `src`"),
        ] {
            let both = [(one, other), (other, one)];
            for text in both.map(|(a, b)| [api(a) + &api(b), api(a) + &runtime(b)]).concat() {
                let error = Config::parse(&text).unwrap_err();
                assert!(error.contains(words) || error.contains("two crates"), "{error}");
            }
        }
    }

    #[test]
    fn a_shared_runtime_is_one_of_the_files_crates() {
        let api = |package: &str, more: &str| {
            format!(
                "[[api]]\ndocument = \"a\"\nout = \"../{package}\"\npackage = \"{package}\"\n{more}\n"
            )
        };
        let two = api("one", "") + &api("two", "runtime = \"one\"");
        assert_eq!(Config::parse(&two).unwrap().runtime_folder("one"), Some("../one"));
        let alone = "[[runtime]]\npackage = \"base\"\nout = \"../base\"\n".to_owned();
        let alone = alone + &api("two", "runtime = \"base\"");
        assert_eq!(Config::parse(&alone).unwrap().runtime_folder("base"), Some("../base"));
        for bad in [
            api("two", "runtime = \"one\""),
            api("two", "runtime = \"two\""),
            two + &api("three", "runtime = \"two\""),
        ] {
            let error = Config::parse(&bad).unwrap_err();
            assert!(error.contains("and no such `[[runtime]]`"), "{error}");
        }
    }
}
