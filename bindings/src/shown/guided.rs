//! What a guided protocol comes to: its stages with what was tried, ratings before and after, and totals.

use super::{Reader, count};
use mooring_protocol::{AnswerPath, Change, Move, Outcome, Pair, Rating, Score, Stage};

/// A part of a guide.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct StageShown {
    /// Its id in its protocol.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What to try, in order. It is offered, never demanded.
    pub moves: Vec<MoveShown>,
    /// Whether something in it is neither tried nor skipped.
    pub open: bool,
}

/// One thing to try.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct MoveShown {
    /// The step that has its words.
    pub link: String,
    /// What it is.
    pub title: String,
    /// Words to offer, spoken.
    pub say: Vec<String>,
    /// What to watch for.
    pub watch: Vec<String>,
    /// Where "tried" is answered; nothing where it is only to be read.
    pub tried: Option<AnswerPath>,
    /// Where the effect is answered.
    pub effect: Option<AnswerPath>,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of one thing to try. Where answers differ, the worse one stands.
#[uniffi::remote(Enum)]
pub enum Outcome {
    /// Nobody said anything about it.
    NotYet,
    /// Passed over with one tap, or answered with no.
    Skipped,
    /// Tried and helped.
    Helped,
    /// Tried; nobody said what happened.
    Tried,
    /// Tried, no change.
    NoChange,
    /// Tried, and it got worse.
    Worse,
}

/// How something was before and after.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct PairShown {
    /// Its id in its protocol.
    pub id: String,
    /// What was rated.
    pub title: String,
    /// The first rating; nothing if there is none.
    pub before: Option<Rating>,
    /// The later ratings, oldest first.
    pub after: Vec<Rating>,
    /// What the last says beside the first.
    pub change: RatingChange,
    /// All of it in a line, as HQ reads it; nothing where nobody rated it.
    pub words: Option<String>,
}

/// One rating, with room for values that differ.
#[uniffi::remote(Record)]
pub struct Rating {
    /// Where it stands.
    pub path: AnswerPath,
    /// The lowest value that may be true.
    pub lowest: i64,
    /// The highest.
    pub highest: i64,
}

/// What the last rating says beside the first.
pub type RatingChange = Change;

/// What the last rating says beside the first.
#[uniffi::remote(Enum)]
pub enum RatingChange {
    /// One is missing, or people differ so that nobody can say.
    Unknown,
    /// Lower than before.
    Calmer,
    /// As before.
    Same,
    /// Higher than before.
    Higher,
    /// Under what is calm and awake: no success, but a reason to look at the body first.
    BelowCalm,
}

/// A total.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct TotalShown {
    /// Its name in its protocol.
    pub name: String,
    /// Its title; its name where the protocol gives none.
    pub title: String,
    /// The total in words: `9`, or `at least 4, at most 13`.
    pub words: String,
    /// How many scored questions are answered.
    pub answered: i64,
    /// Scored questions without an answer, or with several.
    pub missing: Vec<AnswerPath>,
}

impl Reader<'_> {
    pub(super) fn stage(&self, stage: Stage) -> StageShown {
        let open = stage.is_open();
        let Stage { id, title, moves } = stage;
        StageShown {
            id,
            title: self.words(&title),
            moves: moves.into_iter().map(|one| self.one_move(one)).collect(),
            open,
        }
    }

    fn one_move(&self, one: Move) -> MoveShown {
        let Move {
            link_id,
            title,
            say,
            watch,
            tried,
            effect,
            outcome,
        } = one;
        MoveShown {
            link: link_id,
            title: self.words(&title),
            say: say.iter().map(|words| self.words(words)).collect(),
            watch: watch.iter().map(|words| self.words(words)).collect(),
            tried,
            effect,
            outcome,
        }
    }

    pub(super) fn pair(&self, pair: Pair) -> PairShown {
        let words = pair.words();
        let Pair {
            id,
            title,
            before,
            after,
            change,
        } = pair;
        PairShown {
            id,
            title: self.words(&title),
            before,
            after,
            change,
            words,
        }
    }

    pub(super) fn total(&self, score: Score) -> TotalShown {
        let words = score.words();
        let Score {
            name,
            link_id: _, // The step of that question has it too.
            title,
            lowest: _, // Both are in the words.
            highest: _,
            answered,
            missing,
        } = score;
        let title = self.words(&title);
        TotalShown {
            title: if title.is_empty() {
                name.clone()
            } else {
                title
            },
            name,
            words,
            answered: count(answered),
            missing,
        }
    }
}
