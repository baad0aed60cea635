//! All outcomes of a run.

use std::fmt;

use crate::outcome::Settled;
use crate::progress::Progress;

/// All outcomes of a run, in the order of the input: what `collect` of futures' `StreamExt` makes of
/// [`Updates`](crate::Updates).
#[derive(Clone, Debug, Default)]
pub struct Report {
    settled: Vec<Settled>,
    counts: Progress,
}

impl Report {
    /// The outcomes, in the order of the input.
    pub fn outcomes(&self) -> &[Settled] {
        &self.settled
    }

    /// The outcomes, to be taken out.
    pub fn into_outcomes(self) -> Vec<Settled> {
        self.settled
    }

    /// How many there are of each kind.
    pub fn counts(&self) -> Progress {
        self.counts
    }

    /// Whether every contact holds its change.
    pub fn is_complete(&self) -> bool {
        self.settled.iter().all(|settled| settled.outcome.is_updated())
    }
}

impl Extend<Settled> for Report {
    fn extend<I: IntoIterator<Item = Settled>>(&mut self, settled: I) {
        for settled in settled {
            self.counts.taken += 1;
            self.counts.count(&settled);
            // Outcomes come nearly in order: the place is near the end.
            let place = self.settled.partition_point(|earlier| earlier.index <= settled.index);
            self.settled.insert(place, settled);
        }
    }
}

impl FromIterator<Settled> for Report {
    fn from_iter<I: IntoIterator<Item = Settled>>(settled: I) -> Self {
        let mut report = Self::default();
        report.extend(settled);
        report
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Progress { updated, failed, conflicts, refused, unknown, not_sent, .. } = self.counts;
        write!(
            f,
            "{updated} updated, {failed} failed, {conflicts} in conflict, {refused} refused, \
             {unknown} unknown, {not_sent} not sent"
        )
    }
}
