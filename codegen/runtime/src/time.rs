//! Points in time, dates and durations: the text as it stands on the wire, and typed access to it.

use std::fmt;
use std::time::SystemTime;

use chrono::{DateTime, FixedOffset, NaiveDate, SecondsFormat, TimeDelta, TimeZone, Utc};
use serde::de::Deserializer;
use serde::ser::Serializer;

use super::{QueryValue, Trail, Wire, rt};

/// A text that does not have the form its type asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidText {
    expected: &'static str,
    text: String,
}

impl InvalidText {
    /// The text in question.
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for InvalidText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is not {}", self.text, self.expected)
    }
}

impl std::error::Error for InvalidText {}

macro_rules! text_type {
    ($(#[$doc:meta])* $name:ident, $expected:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
        pub struct $name(String);

        impl $name {
            /// The text as it was received or as it will be sent.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            fn invalid(&self) -> InvalidText {
                InvalidText { expected: $expected, text: self.0.clone() }
            }
        }

        impl From<String> for $name {
            /// Takes the text as it is, unchecked.
            fn from(text: String) -> Self {
                Self(text)
            }
        }

        impl From<&str> for $name {
            /// Takes the text as it is, unchecked.
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl Wire for $name {
            fn decode<'de, D: Deserializer<'de>>(
                source: D,
                trail: &Trail,
            ) -> Result<Self, D::Error> {
                String::decode(source, trail).map(Self)
            }

            fn encode<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
                out.serialize_str(&self.0)
            }
        }

        rt::wire_serde!($name);

        impl QueryValue for $name {
            fn into_text(self) -> String {
                self.0
            }
        }
    };
}

text_type! {
    /// A point in time as RFC 3339 text, such as `2026-01-31T08:00:00.123456789Z`.
    ///
    /// The text is kept and sent as it is, with all its digits; two timestamps are equal when their
    /// texts are.
    Timestamp, "a point in time such as `2026-01-31T08:00:00Z`"
}

impl Timestamp {
    /// The point in time, with the offset the text has.
    pub fn to_datetime(&self) -> Result<DateTime<FixedOffset>, InvalidText> {
        DateTime::parse_from_rfc3339(&self.0).map_err(|_| self.invalid())
    }

    /// The point in time in UTC.
    pub fn to_utc(&self) -> Result<DateTime<Utc>, InvalidText> {
        self.to_datetime().map(|time| time.with_timezone(&Utc))
    }

    /// The point in time as the standard library has it. On some systems it has none before 1601.
    pub fn to_system_time(&self) -> Result<SystemTime, InvalidText> {
        let since = self.to_utc()?.signed_duration_since(DateTime::UNIX_EPOCH);
        let distance = since.abs().to_std().map_err(|_| self.invalid())?;
        let time = if since < TimeDelta::zero() {
            SystemTime::UNIX_EPOCH.checked_sub(distance)
        } else {
            SystemTime::UNIX_EPOCH.checked_add(distance)
        };
        time.ok_or_else(|| self.invalid())
    }
}

impl<Tz: TimeZone> From<DateTime<Tz>> for Timestamp {
    /// Written in UTC, with as many digits as the time needs, nanoseconds at most.
    fn from(time: DateTime<Tz>) -> Self {
        Self(time.with_timezone(&Utc).to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

impl From<SystemTime> for Timestamp {
    /// Written in UTC, with as many digits as the time needs. A time outside the years that
    /// [`DateTime`] can hold (more than 262,000 years from now) becomes the last or first it can.
    fn from(time: SystemTime) -> Self {
        let (seconds, nanos) = match time.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(after) => (i64::try_from(after.as_secs()).unwrap_or(i64::MAX), after.subsec_nanos()),
            Err(before) => {
                let before = before.duration();
                let whole = i64::try_from(before.as_secs()).unwrap_or(i64::MAX).saturating_neg();
                match before.subsec_nanos() {
                    0 => (whole, 0),
                    nanos => (whole.saturating_sub(1), 1_000_000_000 - nanos),
                }
            }
        };
        let limit = if seconds < 0 { DateTime::<Utc>::MIN_UTC } else { DateTime::<Utc>::MAX_UTC };
        Self::from(DateTime::from_timestamp(seconds, nanos).unwrap_or(limit))
    }
}

text_type! {
    /// A calendar date as text, such as `2026-01-31`, kept and sent as it is.
    Date, "a date such as `2026-01-31`"
}

impl Date {
    /// The date.
    pub fn to_naive_date(&self) -> Result<NaiveDate, InvalidText> {
        NaiveDate::parse_from_str(&self.0, "%Y-%m-%d").map_err(|_| self.invalid())
    }
}

impl From<NaiveDate> for Date {
    fn from(date: NaiveDate) -> Self {
        Self(date.format("%Y-%m-%d").to_string())
    }
}

text_type! {
    /// A span of time as text in seconds, such as `3.5s` or `-0.000000001s`.
    ///
    /// The text is kept and sent as it is.
    Duration, "a span of time such as `3.5s`"
}

impl Duration {
    /// The span as the standard library has it; a negative one is an error.
    pub fn to_std(&self) -> Result<std::time::Duration, InvalidText> {
        match self.parse() {
            Some((false, seconds, nanos)) => Ok(std::time::Duration::new(seconds, nanos)),
            Some((true, 0, 0)) => Ok(std::time::Duration::ZERO),
            _ => Err(self.invalid()),
        }
    }

    /// The span, which may be negative.
    pub fn to_delta(&self) -> Result<TimeDelta, InvalidText> {
        self.parse()
            .and_then(|(negative, seconds, nanos)| {
                let span = TimeDelta::new(i64::try_from(seconds).ok()?, nanos)?;
                Some(if negative { -span } else { span })
            })
            .ok_or_else(|| self.invalid())
    }

    /// Sign, seconds and nanoseconds. Digits below a nanosecond are an error, not cut.
    fn parse(&self) -> Option<(bool, u64, u32)> {
        let number = self.0.strip_suffix('s')?;
        let (negative, number) = match number.strip_prefix('-') {
            Some(number) => (true, number),
            None => (false, number),
        };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if !digits(whole) || !digits(fraction) || fraction.len() > 9 {
            return None;
        }
        let nanos = format!("{fraction:0<9}").parse().ok()?;
        Some((negative, whole.parse().ok()?, nanos))
    }

    fn from_parts(negative: bool, seconds: u64, nanos: u32) -> Self {
        let sign = if negative { "-" } else { "" };
        if nanos == 0 {
            return Self(format!("{sign}{seconds}s"));
        }
        let fraction = format!("{nanos:09}");
        Self(format!("{sign}{seconds}.{}s", fraction.trim_end_matches('0')))
    }
}

impl From<std::time::Duration> for Duration {
    /// Written with as many digits as the span needs.
    fn from(span: std::time::Duration) -> Self {
        Self::from_parts(false, span.as_secs(), span.subsec_nanos())
    }
}

impl From<TimeDelta> for Duration {
    /// Written with as many digits as the span needs.
    fn from(span: TimeDelta) -> Self {
        let size = span.abs();
        let seconds = size.num_seconds().unsigned_abs();
        let nanos = size.subsec_nanos().unsigned_abs();
        Self::from_parts(span < TimeDelta::zero(), seconds, nanos)
    }
}
