//! The crate whose runtime another one shares, as its folder tells.

use std::fs;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use discovery_codegen::runtime;
use discovery_codegen::settings::RuntimeCrate;
use toml::Table;

/// The version of a crate that is made for the first time.
pub(crate) const FIRST: &str = "0.1.0";

/// The crate in a folder, for one that is made in `out`.
///
/// # Errors
/// The folder holds no crate with a runtime, or with another runtime than the one that is generated
/// now: the code that is made beside it would not fit.
pub(crate) fn of_folder(folder: &Path, out: &Path) -> Result<RuntimeCrate> {
    let shared = of_manifest(folder, out)?.with_context(|| {
        format!(
            "{} has no Cargo.toml\n  help: --runtime takes the folder of a generated crate",
            folder.display()
        )
    })?;
    let has_media = folder.join("src/runtime/media.rs").exists();
    for (path, text) in runtime::files(&shared.library, has_media) {
        let path = folder.join(path);
        match fs::read_to_string(&path) {
            Ok(found) if found == text => {}
            Ok(_) => bail!(
                "{} is not what is generated now\n  help: generate {} again first",
                path.display(),
                folder.display()
            ),
            Err(error) => bail!(
                "{} has no runtime of its own that fits: cannot read {}: {error}\n  help: --runtime takes a crate that \
                 was generated without --runtime; an older one has to be generated again first",
                folder.display(),
                path.display()
            ),
        }
    }
    Ok(RuntimeCrate { has_media, ..shared })
}

/// The crate of another entry of the settings, which is made in the same run and may not be there yet:
/// it gets the media that those who share it need.
///
/// # Errors
/// Its manifest cannot be read.
pub(crate) fn of_package(package: &str, folder: &Path, out: &Path) -> Result<RuntimeCrate> {
    let found = of_manifest(folder, out)?;
    Ok(found.unwrap_or_else(|| RuntimeCrate {
        package: package.to_owned(),
        library: library(package),
        version: FIRST.to_owned(),
        path: Some(relative(out, folder)),
        has_media: true,
    }))
}

fn library(package: &str) -> String {
    package.replace('-', "_")
}

fn of_manifest(folder: &Path, out: &Path) -> Result<Option<RuntimeCrate>> {
    let path = folder.join("Cargo.toml");
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
    };
    let manifest: Table = text.parse().with_context(|| format!("{} is no TOML", path.display()))?;
    let said = |table: &str, key: &str| manifest.get(table)?.get(key)?.as_str();
    let package =
        said("package", "name").with_context(|| format!("{} names no package", path.display()))?;
    Ok(Some(RuntimeCrate {
        package: package.to_owned(),
        library: said("lib", "name").map_or_else(|| library(package), str::to_owned),
        // A version of the workspace is not in this file.
        version: said("package", "version").unwrap_or("*").to_owned(),
        path: Some(relative(out, folder)),
        has_media: true,
    }))
}

/// The way from one folder to another, with `/`. Lexical: neither has to exist.
fn relative(from: &Path, to: &Path) -> String {
    let parts = |path: &Path| -> Vec<PathBuf> {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let tidy = discovery_codegen::config::tidy(&path);
        let parts = tidy.components().filter(|part| *part != Component::CurDir);
        parts.map(|part| PathBuf::from(part.as_os_str())).collect()
    };
    let (from, to) = (parts(from), parts(to));
    let common = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = from[common..].iter().map(|_| "..".to_owned());
    let down = to[common..].iter().map(|part| part.to_string_lossy().into_owned());
    let way: Vec<String> = up.chain(down).collect();
    if way.is_empty() { ".".to_owned() } else { way.join("/") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_between_folders() {
        for (from, to, way) in [
            ("/a/b", "/a/c", "../c"),
            ("/a/b/../c", "/a/c/d", "d"),
            ("out/x", "generated", "../../generated"),
            ("a", "a", "."),
        ] {
            assert_eq!(relative(Path::new(from), Path::new(to)), way);
        }
    }

    #[test]
    fn the_manifest_tells_name_and_version() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("../other");
        let package = of_package("people-v1", folder.path(), &out).unwrap();
        assert_eq!((package.library.as_str(), package.version.as_str()), ("people_v1", FIRST));
        let manifest =
            "[package]\nname = \"own-name\"\nversion = \"3.2.1\"\n[lib]\nname = \"own\"\n";
        fs::write(folder.path().join("Cargo.toml"), manifest).unwrap();
        let package = of_package("people-v1", folder.path(), &out).unwrap();
        assert_eq!((package.package.as_str(), package.library.as_str()), ("own-name", "own"));
        assert_eq!(package.version, "3.2.1");
        let error = format!("{:#}", of_folder(folder.path(), &out).unwrap_err());
        assert!(error.contains("has no runtime of its own"), "{error}");
    }
}
