//! Bugs to be planted by the tests, which must find them. Outside of tests there are none.

/// A bug that a bulk updater may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(test), allow(dead_code))]
pub(crate) enum Bug {
    /// A lost request is sent again without reading first.
    BlindResend,
    /// The others of a batch are forgotten when some are set aside.
    LostRemainder,
    /// A lost answer counts as a success.
    BlindSuccess,
    /// A field of the mask is missing in what is sent.
    AbsentField,
    /// What someone else wrote is overwritten.
    Overwrite,
    /// One contact that holds the change proves that all were written, whatever the others have.
    Coincidence,
    /// The last outcome of a batch is lost.
    DroppedOutcome,
    /// What is given back after a success has the etag from before.
    StaleEtag,
    /// A lost creation is sent again.
    DoubleCreate,
}

#[cfg(not(test))]
pub(crate) const fn is(_: Bug) -> bool {
    false
}

#[cfg(test)]
pub(crate) use tests::{is, with};

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::Bug;

    thread_local! {
        static PLANTED: Cell<Option<Bug>> = const { Cell::new(None) };
    }

    impl Bug {
        /// The bugs of updates.
        pub(crate) const ALL: &[Self] = &[
            Self::BlindResend,
            Self::LostRemainder,
            Self::BlindSuccess,
            Self::AbsentField,
            Self::Overwrite,
            Self::Coincidence,
            Self::DroppedOutcome,
            Self::StaleEtag,
        ];
    }

    pub(crate) fn is(bug: Bug) -> bool {
        PLANTED.get() == Some(bug)
    }

    pub(crate) fn with<T>(bug: Bug, run: impl FnOnce() -> T) -> T {
        PLANTED.set(Some(bug));
        let result = run();
        PLANTED.set(None);
        result
    }
}
