//! What every part of a case page needs: the case, who reads it, and how to say who did something and when.

use std::collections::BTreeMap;

use mooring_casefile::{AssessmentId, Difference, Moment, PersonId, Shelf, Stamp, ValueView};

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
        each_once(stamps.iter().map(|stamp| self.who(stamp)))
    }

    /// Who entered a value and how it was told: "J. Okafor, entered 03:20, said 02:35 · said by family".
    pub(crate) fn source(&self, value: &ValueView) -> String {
        let Some(told) = &value.told else {
            return self.who(&value.stamp);
        };
        let who = match told.said_at_s {
            Some(said) => format!(
                "{}, entered {}, said {}",
                self.name(value.stamp.who.person),
                self.at(value.stamp.at),
                self.hours.at_s(said)
            ),
            None => self.who(&value.stamp),
        };
        let said_by = told.said_by.map(|by| by.words().to_owned());
        let asked_by = told.asked_by.as_ref().map(|who| format!("asked by {who}"));
        let language = told
            .language
            .as_deref()
            .map(|tag| format!("in {}", language(tag)));
        let parts = [Some(who), said_by, asked_by, language];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }

    /// The same of several values, each once.
    pub(crate) fn sources<'v>(&self, values: impl IntoIterator<Item = &'v ValueView>) -> String {
        each_once(values.into_iter().map(|value| self.source(value)))
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

/// A language's English name, for the ones most asked for at crisis lines; its tag for all others.
fn language(tag: &str) -> &str {
    match tag.split('-').next().unwrap_or(tag) {
        "ar" => "Arabic",
        "en" => "English",
        "es" => "Spanish",
        "fr" => "French",
        "hmn" => "Hmong",
        "ht" => "Haitian Creole",
        "ko" => "Korean",
        "pt" => "Portuguese",
        "ru" => "Russian",
        "so" => "Somali",
        "tl" => "Tagalog",
        "vi" => "Vietnamese",
        "zh" => "Chinese",
        _ => tag,
    }
}

fn each_once(all: impl Iterator<Item = String>) -> String {
    let mut said: Vec<String> = Vec::new();
    for words in all {
        if !said.contains(&words) {
            said.push(words);
        }
    }
    said.join("; ")
}
