//! Time as it comes in and as a change carries it: the core has no clock of its own.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{ids::ChangeId, people::Attribution};

/// The clock reading that comes in with every verb.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Now {
    /// Milliseconds since 1970 by the wall clock, right or wrong.
    pub wall_ms: i64,
    /// Milliseconds since the device started.
    pub uptime_ms: u64,
    /// Which start of the device that was.
    pub boot_id: [u8; 16],
}

/// The years in which a change's own time may lie, 2020 to 2099, in Unix seconds.
pub(crate) const YEARS: std::ops::RangeInclusive<i64> = 1_577_836_800..=4_102_444_799;

/// When a change was entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Moment {
    /// Unix seconds, 0 where the clock was out of range.
    pub unix_s: i64,
    /// The raw clock, in milliseconds, whatever it said.
    pub wall_ms: i64,
}

impl Moment {
    /// The moment that a change entered now will carry.
    pub fn of(now: Now) -> Self {
        let seconds = now.wall_ms.div_euclid(1_000);
        let unix_s = if YEARS.contains(&seconds) { seconds } else { 0 };
        Self {
            unix_s,
            wall_ms: now.wall_ms,
        }
    }

    /// Whether the clock was in range.
    pub const fn is_known(self) -> bool {
        self.unix_s != 0
    }

    /// The raw clock beside the change's own time: the milliseconds where the time is known, else the whole reading.
    /// The first character is the version.
    pub(crate) fn note(self) -> String {
        if self.is_known() {
            format!("0{}", self.wall_ms.rem_euclid(1_000))
        } else {
            format!("0!{}", self.wall_ms)
        }
    }

    /// Reads a change's time and note back; `None` where the two don't fit together.
    pub(crate) fn parse(unix_s: i64, note: &str) -> Option<Self> {
        let rest = note.strip_prefix('0')?;
        let wall_ms = match rest.strip_prefix('!') {
            Some(raw) => raw.parse().ok()?,
            None => unix_s
                .checked_mul(1_000)?
                .checked_add(rest.parse().ok().filter(|ms| (0..1_000).contains(ms))?)?,
        };
        let moment = Self::of(Now {
            wall_ms,
            uptime_ms: 0,
            boot_id: [0; 16],
        });
        // One moment has one spelling, so that a note can carry nothing else.
        (moment.unix_s == unix_s && moment.note() == note).then_some(moment)
    }

    /// "02:34 UTC", or "at an unknown time".
    pub fn clock(self) -> String {
        if !self.is_known() {
            return "at an unknown time".to_owned();
        }
        let day = self.unix_s.rem_euclid(86_400);
        format!("{:02}:{:02} UTC", day / 3_600, day % 3_600 / 60)
    }
}

/// "2025-11-24T16:00:03Z", or the raw clock in so many words.
impl fmt::Display for Moment {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.is_known() {
            return write!(out, "unknown time (clock said {} ms)", self.wall_ms);
        }
        let (year, month, day) = civil(self.unix_s.div_euclid(86_400));
        let second = self.unix_s.rem_euclid(86_400);
        let (hour, minute) = (second / 3_600, second % 3_600 / 60);
        write!(
            out,
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{:02}Z",
            second % 60
        )
    }
}

/// The Gregorian date of a day count from 1970-01-01, by the era method (400-year cycles starting in March).
const fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let january_first = if month < 10 { month + 3 } else { month - 9 };
    (
        year + era * 400 + (january_first <= 2) as i64,
        january_first,
        day,
    )
}

/// Who wrote something, when, and in which change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Stamp {
    /// The verified writer.
    pub who: Attribution,
    /// When it was entered.
    pub at: Moment,
    /// The change that carries it.
    pub change: ChangeId,
}

#[cfg(test)]
mod tests {
    use super::{Moment, Now};

    #[track_caller]
    fn check(wall_ms: i64, unix_s: i64, note: &str, shown: &str) {
        let moment = Moment::of(Now {
            wall_ms,
            uptime_ms: 0,
            boot_id: [0; 16],
        });
        assert_eq!((moment.unix_s, moment.note().as_str()), (unix_s, note));
        assert_eq!(Moment::parse(unix_s, note), Some(moment));
        assert_eq!(moment.to_string(), shown);
    }

    #[test]
    fn an_ordinary_clock_gives_its_second_and_keeps_its_milliseconds() {
        check(
            1_764_000_003_250,
            1_764_000_003,
            "0250",
            "2025-11-24T16:00:03Z",
        );
    }

    #[test]
    fn a_clock_in_another_century_gives_no_time_and_is_kept_raw() {
        check(12_345, 0, "0!12345", "unknown time (clock said 12345 ms)");
        check(-1, 0, "0!-1", "unknown time (clock said -1 ms)");
        check(
            i64::MAX,
            0,
            "0!9223372036854775807",
            "unknown time (clock said 9223372036854775807 ms)",
        );
    }

    #[test]
    fn leap_days_are_days() {
        check(
            1_709_164_800_000,
            1_709_164_800,
            "00",
            "2024-02-29T00:00:00Z",
        );
        check(
            4_102_444_799_999,
            4_102_444_799,
            "0999",
            "2099-12-31T23:59:59Z",
        );
    }

    #[test]
    fn a_note_that_says_something_else_is_refused() {
        for note in [
            "",
            "1250",
            "01000",
            "0250 ",
            "0+25",
            "0025",
            "0!1764000003250",
        ] {
            assert_eq!(Moment::parse(1_764_000_003, note), None, "{note:?}");
        }
        assert_eq!(Moment::parse(0, "0250"), None);
    }
}
