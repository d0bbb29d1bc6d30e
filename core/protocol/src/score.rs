//! Sums of ordinal scores, as ranges: a total with a missing part is not a number.

use crate::decimal::Decimal;
use crate::item::Words;
use crate::path::AnswerPath;

/// A total: the lowest and the highest that are still possible.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Score {
    /// Its name: the rules' own, or the linkId of the file's total item.
    pub name: String,
    /// The total item, if the file has one.
    pub link_id: Option<String>,
    /// Its title.
    pub title: Words,
    /// The lowest total still possible.
    pub lowest: Decimal,
    /// The highest total still possible.
    pub highest: Decimal,
    /// How many scored questions are answered.
    pub answered: usize,
    /// Scored questions without an answer, or with several.
    pub missing: Vec<AnswerPath>,
}

impl Score {
    /// The total, if nothing is missing.
    pub fn exact(&self) -> Option<&Decimal> {
        (self.missing.is_empty() && self.lowest.value() == self.highest.value())
            .then_some(&self.lowest)
    }

    /// The total in words: `9`, or `at least 4, at most 13`.
    pub fn words(&self) -> String {
        match self.exact() {
            Some(total) => total.to_string(),
            None => format!("at least {}, at most {}", self.lowest, self.highest),
        }
    }
}
