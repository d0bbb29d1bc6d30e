//! Totals that a response brings along: never believed, worked out again, and shown where the two disagree.

use std::collections::BTreeMap;

use super::calculated::Worked;
use crate::decimal::Decimal;
use crate::value::Value;

/// A total that the response states and its own answers do not bear out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disagreement {
    /// The total's item.
    pub link_id: String,
    /// Its place in the response.
    pub at: String,
    /// What the response states.
    pub stored: Value,
    /// What the answers come to; nothing while a part is missing.
    pub computed: Option<Value>,
    /// The lowest that the answers can come to.
    pub lowest: Option<Decimal>,
    /// The highest.
    pub highest: Option<Decimal>,
    /// What the answers come to, in words.
    pub words: String,
}

/// A calculated value as the response states it.
#[derive(Debug)]
pub(super) struct Stored {
    pub(super) link_id: String,
    pub(super) at: String,
    pub(super) value: Value,
}

/// Where they disagree.
pub(super) fn disagreements(
    stored: Vec<Stored>,
    worked: &BTreeMap<String, Worked>,
) -> Vec<Disagreement> {
    let of = |stored: Stored| {
        let worked = worked.get(&stored.link_id)?;
        let (computed, lowest, highest) = match worked {
            Worked::Exactly(value) if same(value, &stored.value) => return None,
            Worked::Exactly(value) => (
                Some(value.clone()),
                number(value).map(Decimal::from_units),
                number(value).map(Decimal::from_units),
            ),
            Worked::Between(lowest, highest) => (None, Some(lowest.clone()), Some(highest.clone())),
        };
        Some(Disagreement {
            link_id: stored.link_id,
            at: stored.at,
            stored: stored.value,
            computed,
            lowest,
            highest,
            words: worked.words(),
        })
    };
    stored.into_iter().filter_map(of).collect()
}

/// Two numbers are the same whatever their type and unit; anything else only if it is equal.
fn same(left: &Value, right: &Value) -> bool {
    match (number(left), number(right)) {
        (Some(left), Some(right)) => left == right,
        (None | Some(_), _) => left == right,
    }
}

fn number(value: &Value) -> Option<i128> {
    match value {
        Value::Integer(whole) => Some(Decimal::from(*whole).value()),
        Value::Decimal(number) => Some(number.value()),
        Value::Quantity(quantity) => Some(quantity.value.value()),
        Value::Boolean(_)
        | Value::String(_)
        | Value::Uri(_)
        | Value::Date(_)
        | Value::DateTime(_)
        | Value::Time(_)
        | Value::Coding(_) => None,
    }
}
