//! The values that items have without anybody answering them: the totals, exact or as far as they are known.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::POSSIBLE_RANGE;
use crate::answer::Answer;
use crate::decimal::Decimal;
use crate::item::{Item, ItemKind};
use crate::protocol::Protocol;
use crate::sheet::Sheet;
use crate::value::{Quantity, Value};

/// What was worked out for an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Worked {
    /// Its value.
    Exactly(Value),
    /// The lowest and the highest still possible: no value.
    Between(Decimal, Decimal),
}

impl Worked {
    /// The value, or the range, in words.
    pub(super) fn words(&self) -> String {
        match self {
            Self::Exactly(value) => value.words(),
            Self::Between(lowest, highest) => format!("at least {lowest}, at most {highest}"),
        }
    }

    /// Writes it into the response's item: a value as its answer, a range as a note without an answer.
    pub(super) fn write(&self, answers: &mut Vec<Json>, extensions: &mut Vec<Json>) {
        match self {
            Self::Exactly(value) => answers.push(Answer::Value(value.clone()).to_json()),
            Self::Between(lowest, highest) => extensions.push(json!({
                "url": POSSIBLE_RANGE,
                "valueRange": {
                    "low": {"value": crate::json::number(lowest)},
                    "high": {"value": crate::json::number(highest)},
                },
            })),
        }
    }
}

/// What was worked out, by the item's linkId.
pub(super) fn all(protocol: &Protocol, sheet: &Sheet) -> BTreeMap<String, Worked> {
    let scores = protocol.score(sheet).into_iter();
    let of = |score: crate::score::Score| {
        let link_id = score.link_id.clone()?;
        let item = protocol.find(&link_id)?;
        let worked = match score.exact().and_then(|total| typed(item, total)) {
            Some(value) => Worked::Exactly(value),
            None => Worked::Between(score.lowest, score.highest),
        };
        Some((link_id, worked))
    };
    scores.filter_map(of).collect()
}

/// A total in the item's own type; nothing where it does not fit, as 1.5 in an item for whole numbers.
fn typed(item: &Item, total: &Decimal) -> Option<Value> {
    if item.kind == ItemKind::Integer {
        let whole = total.as_str().parse::<i32>().ok()?;
        return Some(Value::Integer(whole.into()));
    }
    if item.kind == ItemKind::Quantity {
        return Some(Value::Quantity(Quantity {
            value: total.clone(),
            comparator: String::new(),
            unit: item.units.first().cloned().unwrap_or_default(),
            system: String::new(),
            code: String::new(),
        }));
    }
    (item.kind == ItemKind::Decimal).then(|| Value::Decimal(total.clone()))
}
