//! Totals that a response brings along: never believed, worked out again, and shown where the two disagree.

use std::collections::BTreeMap;

use super::calculated::Worked;
use crate::compare;
use crate::decimal::Decimal;
use crate::path::AnswerPath;
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
    pub(super) path: AnswerPath,
    pub(super) at: String,
    pub(super) value: Value,
}

/// Where they disagree, by what was worked out at each item.
pub(super) fn disagreements(
    stored: Vec<Stored>,
    worked: &BTreeMap<AnswerPath, Worked>,
) -> Vec<Disagreement> {
    let of = |stored: Stored| {
        let worked = worked.get(&stored.path.base())?;
        let (computed, lowest, highest) = match worked {
            Worked::Exactly(values) if values.iter().any(|value| same(value, &stored.value)) => {
                return None;
            }
            Worked::Exactly(values) => {
                let value = values.first();
                let number = value.and_then(compare::number).map(Decimal::from_units);
                (value.cloned(), number.clone(), number)
            }
            Worked::Between(lowest, highest) => (None, lowest.clone(), highest.clone()),
        };
        Some(Disagreement {
            link_id: stored.path.link_id().to_owned(),
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
    match (compare::number(left), compare::number(right)) {
        (Some(left), Some(right)) => left == right,
        (None | Some(_), _) => left == right,
    }
}
