//! Broken glasses: who opened which case without having it, when and why, until a supervisor has reviewed it.

use std::collections::BTreeMap;

use mooring_casefile::{CaseId, Entry, Event, Now, Operation, PersonId, RecordId};

use super::checked_text;
use crate::access::Session;
use crate::caseboard::Shelves;
use crate::headquarters::Headquarters;
use crate::ledger::{GlassReviewRow, LedgerError};
use crate::office::Office;
use crate::refused::Refused;

/// One glass that was broken.
#[derive(Clone, PartialEq, Eq)]
pub struct Glass {
    /// For which case.
    pub case: CaseId,
    /// What the case is called.
    pub title: String,
    /// The record that says so.
    pub glass: RecordId,
    /// Who broke it.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// Why, in their words.
    pub reason: String,
    /// When, by their phone's clock.
    pub at_ms: i64,
    /// What a supervisor said of it; nothing until one did.
    pub review: Option<GlassReview>,
}

/// A supervisor's word about a broken glass.
#[derive(Clone, PartialEq, Eq)]
pub struct GlassReview {
    /// Their name.
    pub by: String,
    /// Their word.
    pub word: String,
    /// When.
    pub at_ms: i64,
}

impl Headquarters {
    /// Every broken glass: those that nobody reviewed first, the oldest of them at the top; then the reviewed ones, newest first.
    pub fn glasses(&self, by: &Session, now: Now) -> Result<Vec<Glass>, Refused> {
        self.admit(by, Operation::ReadQueue, "glasses", None, now)?;
        let mut board = self.board();
        board.refresh_shelves(self.office())?;
        let shelves = board.shelves();
        let cases: Vec<_> = board
            .surveys()
            .filter(|survey| !survey.glasses.is_empty())
            .map(|survey| (survey.case, survey.title.clone(), survey.glasses.clone()))
            .collect();
        drop(board);
        self.office().draw_glasses(cases, &shelves)
    }

    /// A supervisor reviews a broken glass with a word. Nobody reviews their own.
    pub fn review_glass(
        &self,
        by: &Session,
        case: CaseId,
        glass: RecordId,
        word: &str,
        now: Now,
    ) -> Result<(), Refused> {
        self.admit(
            by,
            Operation::ReviewBrokenGlass,
            "review-glass",
            Some(case),
            now,
        )?;
        let word = checked_text(word, "Say a word about it: it stands beside the reason.")?;
        let board = self.board();
        let survey = board.survey_of(case).ok_or(Refused::NotFound)?;
        let broken = survey.glasses.iter().find(|one| one.id == glass);
        let broken = broken.ok_or(Refused::NotFound)?;
        if broken.stamp.who.person == by.staff {
            return Err(Refused::forbidden("Somebody else reviews what you opened."));
        }
        let review = GlassReviewRow {
            glass,
            case,
            staff: by.staff,
            sealed: self.office().seal_glass(case, glass, word.as_bytes())?,
            at_ms: now.wall_ms,
        };
        match self.office().ledger.review_glass(&review) {
            Err(LedgerError::Conflict) => {
                Err(Refused::invalid("Somebody reviewed it a moment ago."))
            }
            done => Ok(done?),
        }
    }
}

impl Office {
    /// The same from the log, for the operator of this machine.
    pub fn broken_glasses(&self, now: Now) -> Result<Vec<Glass>, Refused> {
        self.note(None, "glasses", None, None, now)?;
        let shelves = Shelves::default().refreshed(self)?;
        let mut cases = Vec::new();
        for case in self.readable_cases()? {
            let file = crate::caseboard::load(self, case)?;
            cases.push((case, file.title(), file.broken_glasses()));
        }
        self.draw_glasses(cases, &shelves)
    }

    fn draw_glasses(
        &self,
        cases: Vec<(CaseId, String, Vec<Entry<Event>>)>,
        shelves: &Shelves,
    ) -> Result<Vec<Glass>, Refused> {
        let name = |person: PersonId| {
            use mooring_casefile::Shelf as _;
            shelves.name(&person)
        };
        let gone = self.shredded_cases()?;
        let mut reviews = BTreeMap::new();
        for row in self.ledger.glass_reviews()? {
            if !gone.contains(&row.case) {
                let word = self.open_glass(row.case, row.glass, &row.sealed)?;
                let review = GlassReview {
                    by: name(row.staff),
                    word: String::from_utf8(word)
                        .map_err(|_| Refused::Internal { code: "glass" })?,
                    at_ms: row.at_ms,
                };
                reviews.insert(row.glass, review);
            }
        }
        let mut all = Vec::new();
        for (case, title, glasses) in cases {
            all.extend(glasses.into_iter().map(|one| Glass {
                case,
                title: title.clone(),
                glass: one.id,
                person: one.stamp.who.person,
                name: name(one.stamp.who.person),
                reason: one.what.text,
                at_ms: one.stamp.at.wall_ms,
                review: reviews.remove(&one.id),
            }));
        }
        all.sort_by_key(|one| match &one.review {
            None => (false, one.at_ms),
            Some(review) => (true, review.at_ms.saturating_neg()),
        });
        Ok(all)
    }
}
