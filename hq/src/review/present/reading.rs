//! What every part of a case page needs: the case, who reads it, and how to say who did something and when.

use std::collections::BTreeMap;

use mooring_casefile::{AssessmentId, Difference, Moment, PersonId, Shelf, Stamp};

use mooring_protocol::AnswerPath;

use super::hours::Hours;
use crate::{CasePage, Session};

/// One reading of one case.
pub(crate) struct Reading<'a> {
    pub(crate) hours: Hours,
    pub(crate) by: &'a Session,
    pub(crate) page: &'a CasePage,
    /// What was typed here before.
    pub(crate) typed: &'a BTreeMap<String, String>,
    /// Which of the page's small forms was just tried: it stays open.
    pub(crate) pressed: &'a str,
}

impl Reading<'_> {
    /// A person's name; the reader is "you".
    pub(crate) fn name(&self, person: PersonId) -> String {
        if person == self.by.staff {
            "you".to_owned()
        } else {
            self.page.shelf.name(&person)
        }
    }

    /// "J. Okafor, 02:33".
    pub(crate) fn who(&self, stamp: &Stamp) -> String {
        format!("{}, {}", self.name(stamp.who.person), self.at(stamp.at))
    }

    /// A change's own time; a phone's clock that can't be right says so.
    pub(crate) fn at(&self, moment: Moment) -> String {
        if moment.is_known() {
            self.hours.at_s(moment.unix_s)
        } else {
            "time unknown".to_owned()
        }
    }

    /// Several people, each once: "J. Okafor, 02:33; L. Brandt, 02:36".
    pub(crate) fn all(&self, stamps: &[Stamp]) -> String {
        let mut said: Vec<String> = Vec::new();
        for words in stamps.iter().map(|stamp| self.who(stamp)) {
            if !said.contains(&words) {
                said.push(words);
            }
        }
        said.join("; ")
    }

    /// Whether an answer is different from when the case was last reviewed.
    pub(crate) fn news(&self, assessment: AssessmentId, path: &AnswerPath) -> Option<String> {
        let changed = |one: &&Difference| {
            one.assessment == Some(assessment)
                && one.path.as_ref().is_some_and(|at| at.base() == path.base())
        };
        let found = self.page.since_review.iter().find(changed);
        found.map(|_| "changed since the review".to_owned())
    }

    /// What was typed in a field.
    pub(crate) fn typed(&self, field: &str) -> String {
        self.typed.get(field).cloned().unwrap_or_default()
    }
}
