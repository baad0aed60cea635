//! The version that a diff implies for the crate.

use semver::Version;

use super::{Bump, Diff, Rule, Verdict};

impl Diff {
    /// Which number of the crate's version must grow, for versions 0.x and for 1.x and later.
    ///
    /// Only what Rust code and programs see of the new crate counts: a break on the wire alone
    /// breaks programs of the old crate, and a compatible version is what mends them.
    pub fn bump(&self) -> Bumps {
        let breaks = self.changes.iter().any(|change| change.rust == Verdict::Breaking);
        let adds = self.changes.iter().any(|change| {
            change.rust >= Verdict::Additive
                || change.wire == Verdict::Breaking
                || calls_otherwise(change.rule)
        });
        let one = if breaks {
            Bump::Major
        } else if adds {
            Bump::Minor
        } else if self.docs.is_empty()
            && self.changes.iter().all(|change| change.rule == Rule::MetadataChanged)
        {
            // Not a line of the crate is another one.
            Bump::None
        } else {
            Bump::Patch
        };
        let one = one.max(self.listing.bump());
        // Before 1.0 the second number takes the place of the first, the third that of the others.
        let zero = match one {
            Bump::Major => Bump::Minor,
            Bump::Minor => Bump::Patch,
            other => other,
        };
        Bumps { zero, one }
    }
}

/// Whether programs do another thing with the new crate than with the old one.
fn calls_otherwise(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::DefaultScopeChanged
            | Rule::ApiVersionChanged
            | Rule::PathExpansionChanged
            | Rule::MediaDownloadServiceChanged
            | Rule::MtlsUrlChanged
    )
}

/// The implied bump.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bumps {
    /// For versions 0.x.
    pub zero: Bump,
    /// For versions 1.x and later.
    pub one: Bump,
}

impl Bumps {
    /// The lowest version that may follow this one, by the rules of Cargo: before 1.0 the first
    /// number that is not zero tells what is compatible.
    pub fn applied(self, version: &Version) -> Version {
        let Version { major, minor, patch, .. } = *version;
        match (major, minor) {
            (1.., _) => match self.one {
                Bump::Major => Version::new(major.saturating_add(1), 0, 0),
                Bump::Minor => Version::new(major, minor.saturating_add(1), 0),
                Bump::Patch => Version::new(major, minor, patch.saturating_add(1)),
                Bump::None => version.clone(),
            },
            (0, _) => match self.zero {
                Bump::None => version.clone(),
                Bump::Minor | Bump::Major if minor > 0 => {
                    Version::new(0, minor.saturating_add(1), 0)
                }
                _ => Version::new(0, minor, patch.saturating_add(1)),
            },
        }
    }
}

/// The version of the crate that is made of a document, and the one that it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrateVersion {
    /// The package.
    pub package: String,
    /// What it is compared with: the tag of its last release, or a revision where there is none.
    pub since: String,
    /// The version there.
    pub old: Version,
    /// The version now.
    pub new: Version,
    /// The lowest version that may follow the old one.
    pub needed: Version,
}

impl CrateVersion {
    /// Whether the version now may follow the old one. A pre-release of the needed one may.
    pub fn is_enough(&self) -> bool {
        let numbers = |version: &Version| (version.major, version.minor, version.patch);
        numbers(&self.new) >= numbers(&self.needed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_grow_by_the_rules_of_cargo() {
        let breaks = Bumps { zero: Bump::Minor, one: Bump::Major };
        let adds = Bumps { zero: Bump::Patch, one: Bump::Minor };
        let mends = Bumps { zero: Bump::Patch, one: Bump::Patch };
        let same = Bumps { zero: Bump::None, one: Bump::None };
        for (old, bumps, new) in [
            ("0.0.3", breaks, "0.0.4"),
            ("0.0.3", adds, "0.0.4"),
            ("0.3.1", breaks, "0.4.0"),
            ("0.3.1", adds, "0.3.2"),
            ("0.3.1", mends, "0.3.2"),
            ("0.3.1", same, "0.3.1"),
            ("1.2.3", breaks, "2.0.0"),
            ("1.2.3", adds, "1.3.0"),
            ("1.2.3", mends, "1.2.4"),
            ("1.2.3", same, "1.2.3"),
        ] {
            let old = Version::parse(old).unwrap();
            assert_eq!(bumps.applied(&old).to_string(), new, "{old} {bumps:?}");
        }
    }

    #[test]
    fn what_is_at_least_the_needed_version_is_enough() {
        for (new, is_enough) in [
            ("0.4.0", true),
            ("0.5.0", true),
            ("1.0.0", true),
            ("0.4.0-rc.1", true),
            ("0.3.9", false),
        ] {
            let [old, new, needed] =
                ["0.3.1", new, "0.4.0"].map(|text| Version::parse(text).unwrap());
            let (package, since) = ("zoo-v1".to_owned(), "zoo-v1-v0.3.1".to_owned());
            let version = CrateVersion { package, since, old, new, needed };
            assert_eq!(version.is_enough(), is_enough, "{version:?}");
        }
    }
}
