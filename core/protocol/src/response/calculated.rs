//! The values that items have without anybody answering them: totals and other expressions, exact or as far as they are known.

use serde_json::{Map, Value as Json, json};

use super::POSSIBLE_RANGE;
use super::standing::Laid;
use super::value::says_something;
use crate::answer::Answer;
use crate::decimal::Decimal;
use crate::item::{Item, ItemKind};
use crate::path::AnswerPath;
use crate::protocol::Protocol;
use crate::score::Score;
use crate::sheet::Sheet;
use crate::value::{Quantity, Value};
use crate::worked::Derived;

/// A calculated value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calculated {
    /// The item, in its repeat.
    pub path: AnswerPath,
    /// Its value; several, or none, where the expression gives so. Empty while it is not complete.
    pub values: Vec<Value>,
    /// Whether nothing still to come can change it.
    pub complete: bool,
    /// The lowest that it can still come to, where it is a number with such an end.
    pub lowest: Option<Decimal>,
    /// The highest.
    pub highest: Option<Decimal>,
    /// It in words: `9`, or `at least 4, at most 13`.
    pub words: String,
}

impl Calculated {
    /// An expression that can't be worked out here: neither 0 nor no, but not known.
    fn unknown(path: AnswerPath) -> Self {
        Self {
            path,
            values: Vec::new(),
            complete: false,
            lowest: None,
            highest: None,
            words: "can't be worked out here".to_owned(),
        }
    }
}

impl Protocol {
    /// Every calculated value that applies, hidden ones too, in the order of the file.
    pub fn calculated(&self, sheet: &Sheet) -> Vec<Calculated> {
        let laid = Laid::new(self, sheet);
        let of = |standing: super::standing::Standing<'_>| {
            if !standing.is_enabled {
                return None;
            }
            let Some(worked) = standing.worked else {
                return standing
                    .item
                    .is_calculated()
                    .then(|| Calculated::unknown(standing.path));
            };
            let words = worked.words();
            let (values, complete, lowest, highest) = match worked {
                Worked::Exactly(values) => {
                    let number = values.first().and_then(crate::compare::number);
                    let number = number.map(Decimal::from_units);
                    (values, true, number.clone(), number)
                }
                Worked::Between(lowest, highest) => (Vec::new(), false, lowest, highest),
            };
            let path = standing.path;
            Some(Calculated {
                path,
                values,
                complete,
                lowest,
                highest,
                words,
            })
        };
        laid.entries.into_iter().filter_map(of).collect()
    }
}

/// What was worked out for an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Worked {
    /// Its value, or values.
    Exactly(Vec<Value>),
    /// The lowest and the highest still possible, as far as they have an end: no value.
    Between(Option<Decimal>, Option<Decimal>),
}

impl Worked {
    /// What an expression gives, else a sum; nothing where it can't be worked out at all.
    pub(super) fn new(item: &Item, derived: Option<&Derived>, sum: Option<&Score>) -> Option<Self> {
        if let Some(sum) = sum {
            return Some(match sum.exact().and_then(|total| typed(item, total)) {
                Some(value) => Self::Exactly(vec![value]),
                None => Self::Between(Some(sum.lowest.clone()), Some(sum.highest.clone())),
            });
        }
        let derived = derived.filter(|derived| !derived.failed)?;
        if derived.sure && !derived.contested {
            return Some(Self::Exactly(derived.values.clone()));
        }
        let range = derived.range.unwrap_or_default();
        let end = |units: Option<i128>| units.map(Decimal::from_units);
        Some(Self::Between(end(range.low), end(range.high)))
    }

    /// The value, or the range, in words.
    pub(super) fn words(&self) -> String {
        match self {
            Self::Exactly(values) => {
                let words: Vec<String> = values.iter().map(Value::words).collect();
                words.join(", ")
            }
            Self::Between(Some(lowest), Some(highest)) => {
                format!("at least {lowest}, at most {highest}")
            }
            Self::Between(Some(lowest), None) => format!("at least {lowest}"),
            Self::Between(None, Some(highest)) => format!("at most {highest}"),
            Self::Between(None, None) => "not yet known".to_owned(),
        }
    }

    /// Writes it into the response's item: a value as its answer, a range as a note without an answer.
    pub(super) fn write(&self, item: &Item, answers: &mut Vec<Json>, extensions: &mut Vec<Json>) {
        match self {
            Self::Exactly(values) => {
                // More than the item may have would be no valid response.
                let most = if item.repeats { usize::MAX } else { 1 };
                let written = values
                    .iter()
                    .filter(|value| says_something(value))
                    .take(most);
                answers.extend(written.map(|value| Answer::Value(value.clone()).to_json()));
            }
            Self::Between(None, None) => {}
            Self::Between(lowest, highest) => {
                let mut range = Map::new();
                for (name, end) in [("low", lowest), ("high", highest)] {
                    if let Some(end) = end {
                        let end = json!({"value": crate::json::number(end)});
                        range.insert(name.to_owned(), end);
                    }
                }
                extensions.push(json!({"url": POSSIBLE_RANGE, "valueRange": range}));
            }
        }
    }
}

/// A total in the item's own type; nothing where it does not fit, as 1.5 in an item for whole numbers.
fn typed(item: &Item, total: &Decimal) -> Option<Value> {
    if item.kind == ItemKind::Integer {
        let whole = total.as_str().parse::<i32>().ok()?;
        return Some(Value::Integer(whole.into()));
    }
    if item.kind == ItemKind::Quantity {
        let unit = item.unit_codes.first().cloned().unwrap_or_default();
        return Some(Value::Quantity(Quantity {
            value: total.clone(),
            comparator: String::new(),
            unit: unit.words().to_owned(),
            system: unit.system,
            code: unit.code,
        }));
    }
    (item.kind == ItemKind::Decimal).then(|| Value::Decimal(total.clone()))
}
