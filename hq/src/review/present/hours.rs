//! Times as they are said at headquarters: "02:43", with the day where it is not today's.

use chrono::{DateTime, Datelike, Local, NaiveDateTime, Utc};

/// In which zone times are said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zone {
    /// Universal time, and it says so nowhere: for tests.
    Utc,
    /// The zone of the machine that headquarters runs on.
    Local,
}

/// A moment that is "now", and a zone.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hours {
    /// Now.
    pub(crate) now_ms: i64,
    /// The zone.
    pub(crate) zone: Zone,
}

impl Hours {
    /// "02:43", "yesterday 23:50", "Nov 21, 23:50", "Nov 21, 2025, 23:50". What no clock can have meant says so.
    pub(crate) fn at(self, ms: i64) -> String {
        let (Some(at), Some(now)) = (self.local(ms), self.local(self.now_ms)) else {
            return "time unknown".to_owned();
        };
        let days = now.date().signed_duration_since(at.date()).num_days();
        match days {
            0 => at.format("%H:%M").to_string(),
            1 => at.format("yesterday %H:%M").to_string(),
            -1 => at.format("tomorrow %H:%M").to_string(),
            _ if at.year() == now.year() => at.format("%b %-d, %H:%M").to_string(),
            _ => at.format("%b %-d, %Y, %H:%M").to_string(),
        }
    }

    /// A change's own time in seconds; 0 stands for a clock that was out of range.
    pub(crate) fn at_s(self, unix_s: i64) -> String {
        match unix_s {
            0 => "time unknown".to_owned(),
            s => self.at(s.saturating_mul(1_000)),
        }
    }

    /// How long ago.
    pub(crate) fn since(self, ms: i64) -> i64 {
        self.now_ms.saturating_sub(ms)
    }

    fn local(self, ms: i64) -> Option<NaiveDateTime> {
        let utc = DateTime::<Utc>::from_timestamp_millis(ms)?;
        Some(match self.zone {
            Zone::Utc => utc.naive_utc(),
            Zone::Local => utc.with_timezone(&Local).naive_local(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(ms: i64, said: &str) {
        // 2026-11-23 02:51 UTC
        let hours = Hours {
            now_ms: 1_795_402_260_000,
            zone: Zone::Utc,
        };
        assert_eq!(hours.at(ms), said);
    }

    #[test]
    fn a_time_says_its_day_only_where_it_is_not_today() {
        check(1_795_402_260_000, "02:51");
        check(1_795_392_000_000, "00:00");
        check(1_795_391_940_000, "yesterday 23:59");
        check(1_795_488_660_000, "tomorrow 02:51");
        check(1_795_000_000_000, "Nov 18, 11:06");
        check(1_700_000_000_000, "Nov 14, 2023, 22:13");
        check(i64::MAX, "time unknown");
    }

    #[test]
    fn a_clock_out_of_range_is_said_to_be_unknown() {
        let hours = Hours {
            now_ms: 0,
            zone: Zone::Utc,
        };
        assert_eq!(hours.at_s(0), "time unknown");
    }
}
