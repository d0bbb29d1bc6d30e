//! Dates and times of expressions: comparing them at the precision that they have, and adding to them.

use std::cmp::Ordering;

use chrono::{DateTime, Days, Months, NaiveDate, NaiveTime, TimeDelta};

/// Which of two dates or date-times is earlier; nothing where their precision leaves it open.
pub(crate) fn compare(left: &str, right: &str) -> Option<Ordering> {
    if let (Ok(a), Ok(b)) = (
        DateTime::parse_from_rfc3339(left),
        DateTime::parse_from_rfc3339(right),
    ) {
        return Some(a.cmp(&b));
    }
    by_parts(&parts(left), &parts(right))
}

/// Which of two times of day is earlier.
pub(crate) fn compare_times(left: &str, right: &str) -> Option<Ordering> {
    by_parts(&time_parts(left), &time_parts(right))
}

fn by_parts(left: &[u64], right: &[u64]) -> Option<Ordering> {
    let shared = left.len().min(right.len());
    let order = left.get(..shared)?.cmp(right.get(..shared)?);
    (order != Ordering::Equal || left.len() == right.len()).then_some(order)
}

/// Year, month, day, hour, minute, milliseconds: as many as are there. A zone is left out: it is only compared where both have one.
fn parts(text: &str) -> Vec<u64> {
    let (day, time) = text.split_once('T').unwrap_or((text, ""));
    let time = time.split(['Z', '+', '-']).next().unwrap_or("");
    let numbers = day.split('-').filter_map(|part| part.parse().ok());
    numbers.chain(time_parts(time)).collect()
}

fn time_parts(text: &str) -> Vec<u64> {
    let mut parts = text.split(':').filter(|part| !part.is_empty());
    let mut numbers: Vec<u64> = Vec::new();
    numbers.extend(parts.next().and_then(|hour| hour.parse::<u64>().ok()));
    numbers.extend(parts.next().and_then(|minute| minute.parse::<u64>().ok()));
    if let Some(second) = parts.next() {
        let (whole, fraction) = second.split_once('.').unwrap_or((second, ""));
        let millis: String = fraction.chars().chain("000".chars()).take(3).collect();
        if let (Ok(whole), Ok(millis)) = (whole.parse::<u64>(), millis.parse::<u64>()) {
            numbers.push(whole * 1_000 + millis);
        }
    }
    numbers
}

/// A date or date-time some whole calendar units later; nothing where it can't be told or leaves the calendar.
pub(crate) fn add(text: &str, count: i64, unit: &str) -> Option<String> {
    if let Ok(moment) = DateTime::parse_from_rfc3339(text) {
        let Some(step) = date_step(unit) else {
            let later = moment.checked_add_signed(delta(count, unit)?)?;
            return Some(written(&later, text));
        };
        let date = step(moment.naive_local().date(), count)?;
        let later = date.and_time(moment.time());
        let later = later.and_local_timezone(*moment.offset()).single()?;
        return in_calendar(date).then(|| written(&later, text));
    }
    let day = text.split('T').next()?;
    if day.len() != text.len() {
        return None;
    }
    add_to_date(day, count, unit)
}

type Step = fn(NaiveDate, i64) -> Option<NaiveDate>;

fn date_step(unit: &str) -> Option<Step> {
    Some(match unit {
        "year" => |date, count| months(date, count.checked_mul(12)?),
        "month" => months,
        "week" => |date, count| days(date, count.checked_mul(7)?),
        "day" => days,
        _ => return None,
    })
}

fn months(date: NaiveDate, count: i64) -> Option<NaiveDate> {
    let size = Months::new(u32::try_from(count.unsigned_abs()).ok()?);
    if count < 0 {
        date.checked_sub_months(size)
    } else {
        date.checked_add_months(size)
    }
}

fn days(date: NaiveDate, count: i64) -> Option<NaiveDate> {
    let size = Days::new(count.unsigned_abs());
    if count < 0 {
        date.checked_sub_days(size)
    } else {
        date.checked_add_days(size)
    }
}

fn delta(count: i64, unit: &str) -> Option<TimeDelta> {
    match unit {
        "hour" => TimeDelta::try_hours(count),
        "minute" => TimeDelta::try_minutes(count),
        "second" => TimeDelta::try_seconds(count),
        "millisecond" => TimeDelta::try_milliseconds(count),
        _ => None,
    }
}

/// A partial date keeps its precision.
fn add_to_date(text: &str, count: i64, unit: &str) -> Option<String> {
    let step = date_step(unit)?;
    let (full, form) = match (text.len(), unit) {
        (4, "year") => (format!("{text}-01-01"), "%Y"),
        (7, "year" | "month") => (format!("{text}-01"), "%Y-%m"),
        (10, _) => (text.to_owned(), "%Y-%m-%d"),
        _ => return None,
    };
    let date = NaiveDate::parse_from_str(&full, "%Y-%m-%d").ok()?;
    let later = step(date, count)?;
    in_calendar(later).then(|| later.format(form).to_string())
}

fn in_calendar(date: NaiveDate) -> bool {
    use chrono::Datelike;
    (1..=9_999).contains(&date.year())
}

/// With fractions of a second only where the first had some.
fn written(moment: &DateTime<chrono::FixedOffset>, like: &str) -> String {
    let form = if like.contains('.') {
        chrono::SecondsFormat::Millis
    } else {
        chrono::SecondsFormat::Secs
    };
    moment.to_rfc3339_opts(form, like.ends_with('Z'))
}

/// A time of day some units later, around midnight.
pub(crate) fn add_to_time(text: &str, count: i64, unit: &str) -> Option<String> {
    let time = NaiveTime::parse_from_str(text, "%H:%M:%S%.f").ok()?;
    let (later, _) = time.overflowing_add_signed(delta(count, unit)?);
    Some(later.format("%H:%M:%S%.f").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_compare_at_the_precision_that_both_have() {
        let check = |a, b, order| assert_eq!(compare(a, b), order, "{a} {b}");
        check("2020-01", "2020-01-05", None);
        check("2019", "2020-01-05", Some(Ordering::Less));
        check("2020-01-01T10:00", "2020-01-01", None);
        check(
            "2020-01-01T10:00:00Z",
            "2020-01-01T11:00:00+01:00",
            Some(Ordering::Equal),
        );
        assert_eq!(compare_times("10:30", "11"), Some(Ordering::Less));
        assert_eq!(compare_times("10:30", "10:30:00"), None);
    }

    #[test]
    fn adding_keeps_precision_and_stays_in_the_month() {
        let check = |text, count, unit, later: Option<&str>| {
            assert_eq!(add(text, count, unit).as_deref(), later, "{text}");
        };
        check("2020-02-28", 2, "day", Some("2020-03-01"));
        check("2020-01-31", 1, "month", Some("2020-02-29"));
        check("2020", 1, "year", Some("2021"));
        check("2020", 1, "day", None);
        check(
            "2020-03-31T10:00:00Z",
            -1,
            "month",
            Some("2020-02-29T10:00:00Z"),
        );
        check(
            "2020-03-31T23:30:00Z",
            45,
            "minute",
            Some("2020-04-01T00:15:00Z"),
        );
        check("9999-12-31", 1, "day", None);
        check("2020-01-01", i64::MAX, "year", None);
    }
}
