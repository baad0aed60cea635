//! A crate's own `Cargo.toml`: it belongs to people, so what it lacks is only said.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use semver::Version;
use toml::Table;

/// Features and dependencies of the wanted manifest that the folder's one does not have, as lines to
/// be added under their table.
///
/// # Errors
/// The folder's manifest cannot be read or is no TOML.
pub(crate) fn lacks(folder: &Path, wanted: &str) -> Result<Vec<String>> {
    let path = folder.join("Cargo.toml");
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
    };
    let own: Table = text.parse().with_context(|| format!("{} is no TOML", path.display()))?;
    let wanted: Table = wanted.parse().context("the generated manifest is no TOML")?;
    let mut lacks = Vec::new();
    for table in ["features", "dependencies"] {
        let entries = |manifest: &Table| {
            manifest.get(table).and_then(|table| table.as_table().cloned()).unwrap_or_default()
        };
        let has = entries(&own);
        for (key, value) in entries(&wanted) {
            if !has.contains_key(&key) {
                lacks.push(format!("[{table}] {key} = {value}"));
            }
        }
    }
    Ok(lacks)
}

/// Name and version of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: Version,
}

impl Package {
    /// The package of a folder; nothing where there is no manifest, or where name or version are not
    /// its own, as with `version.workspace = true`.
    ///
    /// # Errors
    /// The manifest cannot be read or is not valid.
    pub(crate) fn read(folder: &Path) -> Result<Option<Self>> {
        let path = folder.join("Cargo.toml");
        match fs::read_to_string(&path) {
            Ok(text) => Self::parse(&text).with_context(|| format!("{}", path.display())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
        }
    }

    /// The same from the manifest's text.
    ///
    /// # Errors
    /// The text is no TOML, or the version is none.
    pub(crate) fn parse(text: &str) -> Result<Option<Self>> {
        let manifest: Table = text.parse().context("this is no TOML")?;
        let own = |key: &str| manifest.get("package")?.get(key)?.as_str();
        let (Some(name), Some(version)) = (own("name"), own("version")) else { return Ok(None) };
        let version = Version::parse(version)
            .with_context(|| format!("package.version: {version:?} is no version"))?;
        Ok(Some(Self { name: name.to_owned(), version }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_entries_are_named_and_others_are_free() {
        let folder = tempfile::tempdir().unwrap();
        assert!(lacks(folder.path(), "[dependencies]\na = \"1\"\n").unwrap().is_empty());
        fs::write(folder.path().join("Cargo.toml"), "[dependencies]\na = \"2\"\nown = \"1\"\n")
            .unwrap();
        let wanted = "[dependencies]\na = \"1\"\nb = \"1\"\n\n[features]\nf = [\"a\"]\n";
        assert_eq!(
            lacks(folder.path(), wanted).unwrap(),
            ["[features] f = [\"a\"]", "[dependencies] b = \"1\""]
        );
    }
}
