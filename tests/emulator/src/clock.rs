//! Time: elapsed time comes from tokio, so that a paused runtime pauses the emulator too; the
//! calendar date is that of the start plus what has elapsed.

use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::time::Instant;

const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The emulator's clock.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clock {
    start: Instant,
    /// The calendar time of `start`, since 1970.
    epoch: Duration,
}

impl Clock {
    pub(crate) fn starting_at(epoch: SystemTime) -> Self {
        let epoch = epoch.duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { start: Instant::now(), epoch }
    }

    /// The time since the start.
    pub(crate) fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }

    /// The calendar time after `ahead`, as HTTP headers spell it.
    pub(crate) fn http_date(&self, ahead: Duration) -> String {
        let at = self.epoch + self.elapsed() + ahead;
        let day = at.as_secs() / 86_400;
        let (year, month, date) = civil(day);
        let (h, m, s) = time_of_day(at);
        let week = DAYS[usize::try_from(day % 7).unwrap_or_default()];
        let month = MONTHS[usize::try_from(month - 1).unwrap_or_default()];
        format!("{week}, {date:02} {month} {year} {h:02}:{m:02}:{s:02} GMT")
    }

    /// The calendar time of a moment since the start, as RFC 3339 with microseconds.
    pub(crate) fn timestamp(&self, at: Duration) -> String {
        let at = self.epoch + at;
        let (year, month, day) = civil(at.as_secs() / 86_400);
        let (h, m, s) = time_of_day(at);
        let micros = at.subsec_micros();
        format!("{year:04}-{month:02}-{day:02}T{h:02}:{m:02}:{s:02}.{micros:06}Z")
    }
}

fn time_of_day(at: Duration) -> (u64, u64, u64) {
    let seconds = at.as_secs() % 86_400;
    (seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// Year, month and day of a day counted from 1970-01-01 in the Gregorian calendar.
fn civil(day: u64) -> (u64, u64, u64) {
    // Counting from 0000-03-01 puts the leap day at the end of a year, and every 400 years are
    // alike.
    let day = day + 719_468;
    let era = day / 146_097;
    let day_of_era = day % 146_097;
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let date = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    (era * 400 + year_of_era + u64::from(month <= 2), month, date)
}

#[cfg(test)]
mod tests {
    use super::{Clock, civil};
    use std::time::{Duration, UNIX_EPOCH};

    #[test]
    fn calendar_days() {
        assert_eq!(civil(0), (1970, 1, 1));
        assert_eq!(civil(11_016), (2000, 2, 29));
        assert_eq!(civil(19_782), (2024, 2, 29));
        assert_eq!(civil(20_781), (2026, 11, 24));
    }

    #[tokio::test(start_paused = true)]
    async fn spells_dates_and_follows_tokio() {
        let clock = Clock::starting_at(UNIX_EPOCH + Duration::from_secs(1_795_478_400));
        assert_eq!(clock.http_date(Duration::ZERO), "Tue, 24 Nov 2026 00:00:00 GMT");
        tokio::time::advance(Duration::from_secs(3661)).await;
        assert_eq!(clock.timestamp(clock.elapsed()), "2026-11-24T01:01:01.000000Z");
    }
}
