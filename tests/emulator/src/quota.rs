//! Quotas: units per minute and book, in a window that slides over the last sixty seconds.

use crate::error::{ApiError, Code};
use serde_json::json;
use std::collections::VecDeque;
use std::time::Duration;

const WINDOW: Duration = Duration::from_secs(60);

/// What a call costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cost {
    pub(crate) reads: u32,
    pub(crate) writes: u32,
}

/// What a book has used lately.
#[derive(Debug, Default)]
pub(crate) struct Quota {
    reads: VecDeque<(Duration, u32)>,
    writes: VecDeque<(Duration, u32)>,
}

impl Quota {
    /// Charges a call, or refuses it and charges nothing.
    pub(crate) fn charge(
        &mut self,
        now: Duration,
        cost: Cost,
        reads_per_minute: Option<u32>,
        writes_per_minute: Option<u32>,
    ) -> Result<(), ApiError> {
        if exceeds(&mut self.writes, now, cost.writes, writes_per_minute) {
            return Err(refusal("Critical write requests", "critical_write", "CriticalWrites"));
        }
        if exceeds(&mut self.reads, now, cost.reads, reads_per_minute) {
            let title = "Critical read requests (Contact and Profile Reads)";
            return Err(refusal(title, "critical_read", "CriticalReads"));
        }
        self.writes.push_back((now, cost.writes));
        self.reads.push_back((now, cost.reads));
        Ok(())
    }
}

fn exceeds(
    used: &mut VecDeque<(Duration, u32)>,
    now: Duration,
    cost: u32,
    limit: Option<u32>,
) -> bool {
    while used.front().is_some_and(|(at, _)| now.saturating_sub(*at) >= WINDOW) {
        used.pop_front();
    }
    let Some(limit) = limit else { return false };
    cost > 0 && used.iter().map(|(_, units)| units).sum::<u32>() + cost > limit
}

fn refusal(title: &str, metric: &str, limit: &str) -> ApiError {
    ApiError::new(
        Code::ResourceExhausted,
        format!(
            "Quota exceeded for quota metric '{title}' and limit '{title} per minute per user' \
             of service 'people.googleapis.com' for consumer 'project_number:123456789012'."
        ),
    )
    .info(
        "RATE_LIMIT_EXCEEDED",
        "googleapis.com",
        &json!({
            "service": "people.googleapis.com",
            "consumer": "projects/123456789012",
            "quota_metric": format!("people.googleapis.com/{metric}_requests"),
            "quota_limit": format!("{limit}PerMinutePerProjectPerUser"),
        }),
    )
}

#[cfg(test)]
mod tests {
    use super::{Cost, Quota};
    use std::time::Duration;

    #[test]
    fn units_come_back_after_a_minute() {
        let mut quota = Quota::default();
        let cost = Cost { reads: 6, writes: 6 };
        let at = |seconds| Duration::from_secs(seconds);
        assert!(quota.charge(at(0), cost, None, Some(12)).is_ok());
        assert!(quota.charge(at(30), cost, None, Some(12)).is_ok());
        let error = quota.charge(at(59), cost, None, Some(12)).unwrap_err();
        assert!(error.message.contains("'Critical write requests'"));
        assert!(quota.charge(at(60), cost, None, Some(12)).is_ok());
        let error = quota.charge(at(60), cost, Some(12), None).unwrap_err();
        assert!(error.message.contains("Critical read requests (Contact"));
    }
}
