//! Releases: the tags of git `PACKAGE-vX.Y.Z`, and the version that a crate needs after the last one.

use anyhow::{Result, bail};
use discovery_codegen::config::ApiConfig;
use discovery_codegen::diff::{CrateVersion, Diff};
use semver::Version;

use crate::git;
use crate::manifest::Package;
use crate::revision::{Project, Revision};

/// The version of an API's crate, and the one that it needs after its last release, or after `base`
/// where it has none; `diff` is what changed since `base`. Nothing where the crate has no version of
/// its own, or was not there.
///
/// # Errors
/// A manifest or a document is bad, or there is no git.
pub(crate) fn check(
    project: &Project,
    api: &ApiConfig,
    base: &Revision<'_>,
    diff: &Diff,
) -> Result<Option<CrateVersion>> {
    let Some(now) = Package::read(&project.place(&api.out))? else { return Ok(None) };
    let (since, old, bumps) = match last(&now.name)? {
        Some((tag, version)) => {
            let Some(diff) = project.at(&tag)?.compare_if_there(api)? else {
                // Compared with nothing, all would be new, and nothing could break.
                bail!(
                    "{tag} is a release of {}, and has no document of that API\n  help: in the settings, leave \
                     `document`, `out` or `package` of its entry as they were at {tag}; a crate that begins anew \
                     needs another name",
                    now.name
                );
            };
            (tag, version, diff.bump())
        }
        None => match base.package(api)? {
            Some(before) => (base.name.clone(), before.version, diff.bump()),
            None => return Ok(None),
        },
    };
    let needed = bumps.applied(&old);
    Ok(Some(CrateVersion { package: now.name, since, old, new: now.version, needed }))
}

/// The tag and the version of a package's last release before here. Pre-releases promise nothing, so
/// they are none.
fn last(package: &str) -> Result<Option<(String, Version)>> {
    let prefix = format!("{package}-v");
    let tags = git::tags(&format!("{prefix}*"))?;
    let version = |tag: &str| Version::parse(tag.strip_prefix(&prefix)?).ok();
    let releases = tags.into_iter().filter_map(|tag| Some((version(&tag)?, tag)));
    let last = releases.filter(|(version, _)| version.pre.is_empty()).max();
    Ok(last.map(|(version, tag)| (tag, version)))
}
