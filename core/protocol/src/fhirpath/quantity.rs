//! Amounts: units that mean the same, and calendar units.

use crate::decimal::{Decimal, product};
use crate::value::Quantity;

/// The code system of UCUM's units.
pub(crate) const UCUM: &str = "http://unitsofmeasure.org";

/// `FHIRPath`'s word for a calendar unit, in the singular.
pub(crate) fn calendar_unit(word: &str) -> Option<&'static str> {
    Some(match word {
        "year" | "years" => "year",
        "month" | "months" => "month",
        "week" | "weeks" => "week",
        "day" | "days" => "day",
        "hour" | "hours" => "hour",
        "minute" | "minutes" => "minute",
        "second" | "seconds" => "second",
        "millisecond" | "milliseconds" => "millisecond",
        _ => return None,
    })
}

/// The calendar unit that an amount has, by word or by UCUM's code where both mean the same.
pub(crate) fn duration_unit(quantity: &Quantity) -> Option<&'static str> {
    calendar_unit(unit(quantity)).or_else(|| {
        Some(match unit(quantity) {
            "a" => "year",
            "mo" => "month",
            "wk" => "week",
            "d" => "day",
            "h" => "hour",
            "min" => "minute",
            "s" => "second",
            "ms" => "millisecond",
            _ => return None,
        })
    })
}

/// The unit: its code, or its words where it has no code.
pub(crate) fn unit(quantity: &Quantity) -> &str {
    if quantity.code.is_empty() {
        &quantity.unit
    } else {
        &quantity.code
    }
}

/// What a unit measures, and how many of the smallest unit of its kind it is. Only units that real forms mix.
fn scale(unit: &str) -> Option<(&'static str, &'static str)> {
    Some(match unit {
        "kg" => ("mass", "1000000"),
        "g" => ("mass", "1000"),
        "mg" => ("mass", "1"),
        "ug" => ("mass", "0.001"),
        "[lb_av]" => ("mass", "453592.37"),
        "[oz_av]" => ("mass", "28349.523125"),
        "km" => ("length", "1000000"),
        "m" => ("length", "1000"),
        "cm" => ("length", "10"),
        "mm" => ("length", "1"),
        "[in_i]" => ("length", "25.4"),
        "[ft_i]" => ("length", "304.8"),
        "L" | "l" => ("volume", "1000"),
        "dL" | "dl" => ("volume", "100"),
        "mL" | "ml" => ("volume", "1"),
        "wk" | "week" | "weeks" => ("time", "604800000"),
        "d" | "day" | "days" => ("time", "86400000"),
        "h" | "hour" | "hours" => ("time", "3600000"),
        "min" | "minute" | "minutes" => ("time", "60000"),
        "s" | "second" | "seconds" => ("time", "1000"),
        "ms" | "millisecond" | "milliseconds" => ("time", "1"),
        "a" | "year" | "years" => ("year", "12"),
        "mo" | "month" | "months" => ("year", "1"),
        _ => return None,
    })
}

/// Both amounts in one unit, in units of 10⁻¹⁸; nothing where that can't be told, as between pounds and degrees.
pub(crate) fn comparable(a: &Quantity, b: &Quantity) -> Option<(i128, i128)> {
    if !(a.comparator.is_empty() && b.comparator.is_empty()) {
        return None;
    }
    let (left, right) = (unit(a), unit(b));
    let one = |unit: &str| unit.is_empty() || unit == "1";
    if left == right || (one(left) && one(right)) {
        return Some((a.value.value(), b.value.value()));
    }
    let ((kind, left), (other, right)) = (scale(left)?, scale(right)?);
    if kind != other {
        return None;
    }
    let scaled = |value: &Decimal, by: &str| product(value.value(), Decimal::parse(by)?.value());
    Some((scaled(&a.value, left)?, scaled(&b.value, right)?))
}

/// An amount with this unit, as expressions write it.
pub(crate) fn with_unit(value: Decimal, unit: &str) -> Quantity {
    let system = if calendar_unit(unit).is_some() || unit.is_empty() {
        ""
    } else {
        UCUM
    };
    Quantity {
        value,
        comparator: String::new(),
        unit: unit.to_owned(),
        system: system.to_owned(),
        code: unit.to_owned(),
    }
}
