//! What the team asks and nobody has answered.

use std::collections::BTreeSet;

use mooring_casefile::{CaseFile, CaseView, PersonId, RecordId};

use super::{Shelves, Survey};

/// An open question of the team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OpenAsk {
    /// Its record.
    pub(crate) id: RecordId,
    /// The question.
    pub(crate) question: String,
    /// The number to call back.
    pub(crate) call_back: Option<String>,
    /// When it was asked, by the phone's clock.
    pub(crate) at_ms: i64,
    /// Who asks.
    pub(crate) by: PersonId,
}

impl Survey {
    /// A question is answered by a review or by advice whose author had it before them: by versions, because the clocks of
    /// phones can't say what came first.
    pub(super) fn note_answers(&mut self, file: &CaseFile, view: &CaseView, shelves: &Shelves) {
        if view.asks.iter().all(|ask| self.answered.contains(&ask.id)) {
            return;
        }
        let reviews = view.reviews.iter().map(|review| &review.what.version);
        for version in reviews.chain(view.advice.iter().map(|advice| &advice.written_on)) {
            if self.answering.contains(version) {
                continue;
            }
            if let Ok(then) = file.at(version) {
                self.answered
                    .extend(then.view(shelves).asks.iter().map(|ask| ask.id));
                self.answering.insert(version.clone());
            }
        }
    }
}

pub(super) fn open(view: &CaseView, answered: &BTreeSet<RecordId>) -> Vec<OpenAsk> {
    let open = view.asks.iter().filter(|ask| !answered.contains(&ask.id));
    open.map(|ask| OpenAsk {
        id: ask.id,
        question: ask.what.question.clone(),
        call_back: ask.what.call_back.clone(),
        at_ms: ask.stamp.at.wall_ms,
        by: ask.stamp.who.person,
    })
    .collect()
}
