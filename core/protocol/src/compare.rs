//! Comparing an answer with a value that a file names. Nothing where it can't be told.

use std::cmp::Ordering;

use crate::fhirpath::quantity;
use crate::item::Operator;
use crate::moment;
use crate::value::Value;

/// Whether the answer stands in this relation to the value; nothing if it can't be told.
pub(crate) fn holds(answer: &Value, operator: Operator, expected: &Value) -> Option<bool> {
    match operator {
        Operator::Exists => Some(true),
        Operator::Equal => equal(answer, expected),
        Operator::NotEqual => equal(answer, expected).map(|equal| !equal),
        Operator::Greater => order(answer, expected).map(Ordering::is_gt),
        Operator::Less => order(answer, expected).map(Ordering::is_lt),
        Operator::GreaterOrEqual => order(answer, expected).map(Ordering::is_ge),
        Operator::LessOrEqual => order(answer, expected).map(Ordering::is_le),
    }
}

fn equal(answer: &Value, expected: &Value) -> Option<bool> {
    match (answer, expected) {
        (Value::Boolean(a), Value::Boolean(b)) => Some(a == b),
        (Value::Coding(a), Value::Coding(b)) => Some(a.means(b)),
        // Real files compare a coded answer with its code or words as a string.
        (Value::Coding(a), Value::String(b)) => Some(a.code == *b || a.display == *b),
        // An answer in one's own words is none of the codes.
        (Value::String(_), Value::Coding(_)) => Some(false),
        (Value::String(a), Value::String(b)) | (Value::Uri(a), Value::Uri(b)) => Some(a == b),
        (Value::Quantity(a), Value::Quantity(b)) if a.comparator != b.comparator => None,
        _ => order(answer, expected).map(Ordering::is_eq),
    }
}

/// Which is more; nothing for things that have no order, or where units or precision leave it open.
pub(crate) fn order(answer: &Value, expected: &Value) -> Option<Ordering> {
    match (answer, expected) {
        (Value::Integer(a), Value::Integer(b)) => Some(a.cmp(b)),
        (Value::String(a), Value::String(b)) => Some(a.cmp(b)),
        (Value::Time(a), Value::Time(b)) => moment::compare_times(a, b),
        (Value::Date(a) | Value::DateTime(a), Value::Date(b) | Value::DateTime(b)) => {
            moment::compare(a, b)
        }
        (Value::Quantity(a), Value::Quantity(b)) => {
            quantity::comparable(a, b).map(|(a, b)| a.cmp(&b))
        }
        _ => Some(number(answer)?.cmp(&number(expected)?)),
    }
}

/// A bare number. A quantity is one too where a rule compares it with a number: the unit is the item's.
pub(crate) fn number(value: &Value) -> Option<i128> {
    match value {
        Value::Integer(n) => Some(crate::decimal::Decimal::from(*n).value()),
        Value::Decimal(n) => Some(n.value()),
        Value::Quantity(q) if q.comparator.is_empty() => Some(q.value.value()),
        Value::Quantity(_)
        | Value::Boolean(_)
        | Value::String(_)
        | Value::Uri(_)
        | Value::Date(_)
        | Value::DateTime(_)
        | Value::Time(_)
        | Value::Coding(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::Answer;

    #[track_caller]
    fn check(answer: &str, operator: Operator, expected: &str, holds_so: Option<bool>) {
        let value = |text: &str| Answer::decode(text).unwrap().value().unwrap().clone();
        assert_eq!(
            holds(&value(answer), operator, &value(expected)),
            holds_so,
            "{answer} {operator:?} {expected}"
        );
    }

    #[test]
    fn numbers_compare_across_their_types() {
        check("0i5", Operator::Equal, "0n5.0", Some(true));
        check("0n4.8", Operator::GreaterOrEqual, "0n4.80", Some(true));
        check("0q90||mmHg||", Operator::LessOrEqual, "0i90", Some(true));
        check("0q90|<|mmHg||", Operator::LessOrEqual, "0i90", None);
        check("0q90||mmHg||", Operator::Equal, "0q90||kPa||", None);
        check(
            "0q70000||g||",
            Operator::GreaterOrEqual,
            "0q70||kg||",
            Some(true),
        );
        check(
            "0q69999||g||",
            Operator::GreaterOrEqual,
            "0q70||kg||",
            Some(false),
        );
    }

    #[test]
    fn codes_are_equal_by_code_and_system() {
        check("0ca|b|x", Operator::Equal, "0ca|b|y", Some(true));
        check("0ca|b|x", Operator::Equal, "0cz|b|x", Some(false));
        check("0c|b|", Operator::Equal, "0cz|b|", Some(true));
        check("0c||yes", Operator::Equal, "0c||yes", Some(true));
        check("0sother", Operator::Equal, "0ca|b|", Some(false));
    }

    #[test]
    fn partial_dates_can_leave_it_open() {
        check("0d2022", Operator::Equal, "0d2022-09", None);
        check("0d2022-09", Operator::Equal, "0d2022-09", Some(true));
        check("0d2021", Operator::Less, "0d2022-09", Some(true));
        check("0t13:30:00", Operator::Greater, "0t10:30:00", Some(true));
        check("0t13:30:00.0", Operator::Equal, "0t13:30:00", Some(true));
    }
}
