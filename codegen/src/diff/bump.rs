//! The version that a diff implies for the crate.

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
