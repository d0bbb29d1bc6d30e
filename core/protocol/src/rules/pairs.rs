//! Ratings before and after, as pairs that a view can show.

use crate::guide::{Change, Pair, Rating};
use crate::item::Words;
use crate::rules::when::Facts;
use crate::value::Value;

/// A pair of ratings by whole numbers.
#[derive(Debug, Clone)]
pub(crate) struct PairRule {
    pub(crate) id: String,
    pub(crate) title: Words,
    pub(crate) before: usize,
    pub(crate) after: usize,
    /// What calm and awake is; lower is no success.
    pub(crate) calm: i64,
}

impl PairRule {
    /// The pair as these answers give it.
    pub(crate) fn pair(&self, facts: Facts) -> Pair {
        let before = ratings(facts, self.before).into_iter().next();
        let after = ratings(facts, self.after);
        Pair {
            id: self.id.clone(),
            title: self.title.clone(),
            change: change(before.as_ref(), after.last(), self.calm),
            before,
            after,
        }
    }
}

/// The ratings at this question, in the order of their repeats: an id made later sorts later.
fn ratings(facts: Facts, node: usize) -> Vec<Rating> {
    let mut ratings = Vec::new();
    for (number, entry) in facts.view.form.entries_of(node) {
        if !facts.enabled.counts(number).not_ruled_out() {
            continue;
        }
        for slot in facts.view.form.slots_of(entry) {
            let values = slot.candidates.iter().filter_map(|one| match &one.value {
                Some(Value::Integer(value)) => Some(*value),
                Some(_) | None => None,
            });
            let values: Vec<i64> = values.collect();
            if let (Some(lowest), Some(highest)) = (values.iter().min(), values.iter().max()) {
                ratings.push(Rating {
                    path: slot.path.clone(),
                    lowest: *lowest,
                    highest: *highest,
                });
            }
        }
    }
    ratings
}

fn change(before: Option<&Rating>, after: Option<&Rating>, calm: i64) -> Change {
    let Some(after) = after else {
        return Change::Unknown;
    };
    // Drowsiness may be a body in danger, so it stands above every success, and needs no rating before.
    if after.lowest < calm {
        return Change::BelowCalm;
    }
    let Some(before) = before else {
        return Change::Unknown;
    };
    let exact = before.lowest == before.highest && after.lowest == after.highest;
    match (after.highest < before.lowest, after.lowest > before.highest) {
        (true, _) => Change::Calmer,
        (false, true) => Change::Higher,
        (false, false) if exact => Change::Same,
        (false, false) => Change::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::AnswerPath;

    fn rating(values: &[i64]) -> Option<Rating> {
        Some(Rating {
            path: AnswerPath::new("q"),
            lowest: *values.iter().min()?,
            highest: *values.iter().max()?,
        })
    }

    #[test]
    fn a_change_is_said_only_where_all_values_agree_on_it() {
        for (before, after, expected) in [
            (&[6][..], &[4][..], Change::Calmer),
            (&[5], &[6], Change::Higher),
            (&[5], &[5], Change::Same),
            (&[5, 6], &[4], Change::Calmer),
            (&[5, 6], &[5], Change::Unknown),
            (&[], &[5], Change::Unknown),
            (&[5], &[], Change::Unknown),
            (&[6], &[3], Change::BelowCalm),
            (&[], &[2, 4], Change::BelowCalm),
        ] {
            let found = change(rating(before).as_ref(), rating(after).as_ref(), 4);
            assert_eq!(found, expected, "{before:?} {after:?}");
        }
    }
}
