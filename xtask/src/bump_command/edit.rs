//! A new version in all the places that say the old one.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use semver::{Comparator, Op, Version, VersionReq};
use serde_json::Value;
use toml_edit::{DocumentMut, Item, TableLike, value};

use crate::cargo;
use crate::revision::local;

/// What has to be written: paths as seen from the current folder, and their new texts.
#[derive(Debug, Default)]
pub(super) struct Edits(pub(super) BTreeMap<PathBuf, String>);

/// A package in a change of its version.
struct Bump<'a> {
    folder: &'a Path,
    package: &'a str,
    old: &'a Version,
    new: &'a Version,
}

/// Adds what has to be written for the package of a folder. The answer is the packages of its
/// workspace that depend on it, where the new version is not compatible with the old one.
///
/// # Errors
/// A manifest cannot be read, or asks for versions in a way that nobody but its owner can change.
pub(super) fn add(
    edits: &mut Edits,
    folder: &Path,
    package: &str,
    old: &Version,
    new: &Version,
) -> Result<Vec<String>> {
    let workspace = Workspace::of(folder)?;
    let bump = Bump { folder: &folder.canonicalize()?, package, old, new };
    let mut dependents = Vec::new();
    let own = folder.join("Cargo.toml");
    edits.edit(&own, |manifest| {
        manifest["package"]["version"] = kept(&manifest["package"]["version"], new.to_string());
        Ok(true)
    })?;
    for manifest in &workspace.manifests {
        if manifest.canonicalize()? == own.canonicalize()? {
            continue;
        }
        let is_dependent = edits.edit(manifest, |text| bump.requirements(text, manifest))?;
        if is_dependent && !is_compatible(old, new) {
            dependents.extend(name_of(manifest)?);
        }
    }
    let lock = workspace.root.join("Cargo.lock");
    if lock.exists() {
        edits.edit(&lock, |lock| Ok(bump.lock(lock)))?;
    }
    edits.readme(&folder.join("README.md"), &bump)?;
    Ok(dependents)
}

impl Edits {
    /// Changes a TOML file; the answer is that of the function, whether it changed anything.
    fn edit(
        &mut self,
        path: &Path,
        change: impl FnOnce(&mut DocumentMut) -> Result<bool>,
    ) -> Result<bool> {
        let text = self.read(path)?;
        let mut document: DocumentMut =
            text.parse().with_context(|| format!("{} is no TOML", path.display()))?;
        let is_changed = change(&mut document)?;
        if is_changed {
            self.0.insert(local(path), document.to_string());
        }
        Ok(is_changed)
    }

    /// The line with which users depend on the crate.
    fn readme(&mut self, path: &Path, bump: &Bump<'_>) -> Result<()> {
        if !path.exists() {
            return Ok(());
        }
        let text = self.read(path)?;
        let Bump { package, old, new, .. } = bump;
        let edited = text
            .replace(&format!("{package} = \"{old}\""), &format!("{package} = \"{new}\""))
            .replace(
                &format!("{package} = {{ version = \"{old}\""),
                &format!("{package} = {{ version = \"{new}\""),
            );
        if edited != text {
            self.0.insert(local(path), edited);
        }
        Ok(())
    }

    /// A file as it will be.
    fn read(&self, path: &Path) -> Result<String> {
        self.0.get(&local(path)).map_or_else(|| read(path), |text| Ok(text.clone()))
    }
}

impl Bump<'_> {
    /// Changes what a manifest asks for; whether it asks for the crate at all.
    fn requirements(&self, manifest: &mut DocumentMut, path: &Path) -> Result<bool> {
        let mut is_dependent = false;
        for_each_dependency(manifest.as_table_mut(), &mut |name, dependency| {
            let Some(dependency) = dependency.as_table_like_mut() else { return Ok(()) };
            if !self.is_meant(name, dependency, path) {
                return Ok(());
            }
            is_dependent = true;
            let Some(version) = dependency.get_mut("version") else { return Ok(()) };
            let asked = version.as_str().unwrap_or_default().to_owned();
            let raised = raised(&asked, self.new).with_context(|| {
                format!(
                    "{}: {name}: version = {asked:?} does not take {}\n  help: change it by hand",
                    path.display(),
                    self.new
                )
            })?;
            *version = kept(version, raised);
            Ok(())
        })?;
        Ok(is_dependent)
    }

    /// Whether an entry of a manifest is the crate: by its path, since another may have its name.
    fn is_meant(&self, name: &str, dependency: &dyn TableLike, manifest: &Path) -> bool {
        let package = dependency.get("package").and_then(Item::as_str).unwrap_or(name);
        let folder = manifest.parent().unwrap_or(Path::new(""));
        let path = dependency.get("path").and_then(Item::as_str);
        let path = path.and_then(|path| folder.join(path).canonicalize().ok());
        package == self.package && path.as_deref() == Some(self.folder)
    }

    /// Changes the lock file's entry, and the entries that name its version.
    fn lock(&self, lock: &mut DocumentMut) -> bool {
        let Some(packages) = lock.get_mut("package").and_then(Item::as_array_of_tables_mut) else {
            return false;
        };
        let (old, new) = (self.old.to_string(), self.new.to_string());
        let mut is_changed = false;
        for package in packages.iter_mut() {
            let says = |key: &str| package.get(key).and_then(Item::as_str);
            // What comes from a registry has a source.
            let is_own = says("name") == Some(self.package)
                && says("version") == Some(old.as_str())
                && !package.contains_key("source");
            if is_own {
                package["version"] = kept(&package["version"], new.clone());
                is_changed = true;
            }
            let names = package.get_mut("dependencies").and_then(Item::as_array_mut);
            for name in names.into_iter().flat_map(toml_edit::Array::iter_mut) {
                if name.as_str() == Some(&format!("{} {old}", self.package)) {
                    let mut renamed: toml_edit::Value = format!("{} {new}", self.package).into();
                    *renamed.decor_mut() = name.decor().clone();
                    *name = renamed;
                }
            }
        }
        is_changed
    }
}

/// A text in the place of another one, with the blanks and comments around it.
fn kept(item: &Item, text: String) -> Item {
    let mut new = value(text);
    if let (Some(old), Some(new)) = (item.as_value(), new.as_value_mut()) {
        *new.decor_mut() = old.decor().clone();
    }
    new
}

/// Calls a function with every dependency of a manifest.
fn for_each_dependency(
    manifest: &mut dyn TableLike,
    call: &mut dyn FnMut(&str, &mut Item) -> Result<()>,
) -> Result<()> {
    for key in ["dependencies", "dev-dependencies", "build-dependencies"] {
        let table = manifest.get_mut(key).and_then(Item::as_table_like_mut);
        for (name, dependency) in table.into_iter().flat_map(|table| table.iter_mut()) {
            call(name.get(), dependency)?;
        }
    }
    if let Some(workspace) = manifest.get_mut("workspace").and_then(Item::as_table_like_mut) {
        for_each_dependency(workspace, call)?;
    }
    let targets = manifest.get_mut("target").and_then(Item::as_table_like_mut);
    for (_, target) in targets.into_iter().flat_map(|targets| targets.iter_mut()) {
        if let Some(target) = target.as_table_like_mut() {
            for_each_dependency(target, call)?;
        }
    }
    Ok(())
}

/// A requirement that takes the new version: the same operator with the new version, or the
/// requirement as it is where it is a range that takes it.
fn raised(asked: &str, new: &Version) -> Option<String> {
    let requirement = VersionReq::parse(asked).ok()?;
    match requirement.comparators.as_slice() {
        [Comparator { op: Op::Caret | Op::Tilde | Op::Exact, .. }] => {
            let first = asked.trim().chars().next().filter(|c| matches!(c, '^' | '~' | '='));
            let operator = first.map(String::from).unwrap_or_default();
            Some(format!("{operator}{new}"))
        }
        _ => requirement.matches(new).then(|| asked.to_owned()),
    }
}

/// Whether Cargo takes the new version for the old one.
fn is_compatible(old: &Version, new: &Version) -> bool {
    VersionReq::parse(&old.to_string()).is_ok_and(|requirement| requirement.matches(new))
}

/// The `name` of a package.
fn name_of(manifest: &Path) -> Result<Option<String>> {
    let manifest: DocumentMut = read(manifest)?.parse()?;
    let name = manifest.get("package").and_then(|package| package.get("name"));
    Ok(name.and_then(Item::as_str).map(str::to_owned))
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

/// The workspace of a package.
struct Workspace {
    root: PathBuf,
    /// The manifests of its packages, and that of the workspace.
    manifests: Vec<PathBuf>,
}

impl Workspace {
    /// Asks Cargo, which needs no network for that.
    fn of(folder: &Path) -> Result<Self> {
        let output = cargo::command()
            .args([
                "metadata",
                "--no-deps",
                "--offline",
                "--format-version",
                "1",
                "--manifest-path",
            ])
            .arg(folder.join("Cargo.toml"))
            .output()
            .context("cannot start cargo")?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            bail!("cargo cannot read the workspace: {}", said.trim_end());
        }
        let told: Value = serde_json::from_slice(&output.stdout).context("cargo metadata")?;
        let root = told["workspace_root"].as_str().context("cargo metadata names no workspace")?;
        let root = PathBuf::from(root);
        let packages = told["packages"].as_array().into_iter().flatten();
        let mut manifests: Vec<PathBuf> = packages
            .filter_map(|package| package["manifest_path"].as_str().map(PathBuf::from))
            .collect();
        manifests.push(root.join("Cargo.toml"));
        manifests.sort_unstable();
        manifests.dedup();
        Ok(Self { root, manifests })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requirements_keep_their_operator() {
        let new = Version::new(0, 4, 0);
        for (asked, wanted) in [
            ("0.3.1", Some("0.4.0")),
            ("0.3", Some("0.4.0")),
            ("^0.3.1", Some("^0.4.0")),
            ("~0.3", Some("~0.4.0")),
            ("=0.3.1", Some("=0.4.0")),
            (" =0.3.1", Some("=0.4.0")),
            ("*", Some("*")),
            (">=0.3", Some(">=0.3")),
            (">=0.3, <0.5", Some(">=0.3, <0.5")),
            (">=0.3, <0.4", None),
            ("nothing", None),
        ] {
            assert_eq!(raised(asked, &new).as_deref(), wanted, "{asked}");
        }
    }
}
