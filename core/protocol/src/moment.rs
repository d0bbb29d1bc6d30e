//! Dates and times as FHIR writes them: partial dates are allowed, and two of different precision may not compare.

use std::cmp::Ordering;

use chrono::{DateTime, NaiveDate, NaiveTime};

/// The date, if it is one: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
pub(crate) fn date(text: &str) -> Option<String> {
    let full = match text.len() {
        4 => format!("{text}-01-01"),
        7 => format!("{text}-01"),
        10 => text.to_owned(),
        _ => return None,
    };
    if !text.chars().all(|c| c.is_ascii_digit() || c == '-') {
        return None;
    }
    NaiveDate::parse_from_str(&full, "%Y-%m-%d")
        .ok()
        .map(|_| text.to_owned())
}

/// The date-time, if it is one: a date, or a date and a time with a zone.
pub(crate) fn date_time(text: &str) -> Option<String> {
    if text.len() > 40 || !(text.contains('T') || date(text).is_some()) {
        return None;
    }
    (date(text).is_some() || DateTime::parse_from_rfc3339(text).is_ok()).then(|| text.to_owned())
}

/// The time, if it is one: `hh:mm:ss` with an optional fraction.
pub(crate) fn time(text: &str) -> Option<String> {
    if text.len() < 8 || text.len() > 20 {
        return None;
    }
    NaiveTime::parse_from_str(text, "%H:%M:%S%.f")
        .ok()
        .map(|_| text.to_owned())
}

/// Whether it is a time as expressions write it: `10`, `10:30`, `10:30:00.5`.
pub(crate) fn is_partial_time(text: &str) -> bool {
    let full = match text.len() {
        2 => format!("{text}:00:00"),
        5 => format!("{text}:00"),
        _ => text.to_owned(),
    };
    time(&full).is_some()
}

/// Whether it is a date and time as expressions write it: the time may be partial and have no zone.
pub(crate) fn is_partial_date_time(text: &str) -> bool {
    let Some((day, rest)) = text.split_once('T') else {
        return false;
    };
    let zone = rest.find(['Z', '+', '-']).unwrap_or(rest.len());
    let Some((time, zone)) = rest.split_at_checked(zone) else {
        return false;
    };
    let zone_is_right = zone.is_empty()
        || DateTime::parse_from_rfc3339(&format!("2000-01-01T00:00:00{zone}")).is_ok();
    date(day).is_some() && is_partial_time(time) && zone_is_right
}

/// Which of two times of day is earlier.
pub(crate) fn compare_times(left: &str, right: &str) -> Option<Ordering> {
    let parse = |text| NaiveTime::parse_from_str(text, "%H:%M:%S%.f").ok();
    Some(parse(left)?.cmp(&parse(right)?))
}

/// Which of two dates or date-times is earlier; nothing where their precision leaves it open (`2022` against `2022-09`).
pub(crate) fn compare(left: &str, right: &str) -> Option<Ordering> {
    if let (Ok(a), Ok(b)) = (
        DateTime::parse_from_rfc3339(left),
        DateTime::parse_from_rfc3339(right),
    ) {
        return Some(a.cmp(&b));
    }
    let (a, b) = (day(left)?, day(right)?);
    let shared = a.len().min(b.len());
    let order = a.get(..shared)?.cmp(b.get(..shared)?);
    let same_precision = left.len() == right.len();
    (order != Ordering::Equal || same_precision).then_some(order)
}

/// The date part of a date or date-time.
fn day(text: &str) -> Option<&str> {
    text.split('T').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_times_are_checked() {
        for good in ["2022", "2022-09", "2024-02-29"] {
            assert!(date(good).is_some(), "{good}");
        }
        for bad in [
            "22",
            "2022-13",
            "2023-02-29",
            "2022-9-1",
            "+022",
            "2022-09-20T10:00:00Z",
        ] {
            assert!(date(bad).is_none(), "{bad}");
        }
        assert!(date_time("2022-09-20T10:30:00+02:00").is_some());
        assert!(
            date_time("2022-09-20T10:30:00").is_none(),
            "a time of day needs a zone"
        );
        assert!(time("10:30:00").is_some());
        assert!(time("10:30").is_none());
    }

    #[test]
    fn two_dates_of_different_precision_compare_only_where_it_makes_no_difference() {
        assert_eq!(compare("2022", "2023-01"), Some(Ordering::Less));
        assert_eq!(compare("2022", "2022-09"), None);
        assert_eq!(compare("2022-09", "2022-09"), Some(Ordering::Equal));
        assert_eq!(
            compare("2022-09-20T10:00:00Z", "2022-09-20T12:00:00+02:00"),
            Some(Ordering::Equal)
        );
        assert_eq!(compare("2022-09-20", "2022-09-20T12:00:00+02:00"), None);
    }
}
