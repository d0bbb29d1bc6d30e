//! A case as an app shows it: the core's view with names for people, one language for questions, the platform's own type for
//! moments, and signed counts. Taken over field by field: one that is forgotten here does not compile.

mod advice;
mod assessment;
mod case;
mod guided;
mod risk;
mod step;

pub use advice::{AdviceProgress, AdviceShown};
pub use assessment::{AssessmentShown, PlaceShown, ProblemShown, SettlementShown, ValueShown};
pub use case::{Asked, CaseShown, Happening, OverrideShown, ReviewShown, Sync};
pub use guided::{MoveShown, PairShown, RatingChange, StageShown, TotalShown};
pub use risk::{
    BesideShown, DomainShown, HeldLevel, HeldValueShown, RiskShown, Unfinished, WaitingLevel, Why,
};
pub use step::{Hint, Step, StepAnswer, StepOption, Warning};

use crate::rows::moment;
use mooring_casefile::{ChangeId, Moment, PersonId, Stamp};
use std::time::SystemTime;

/// Who entered something, and when.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct Said {
    /// The person, from the verified device.
    pub person: PersonId,
    /// The person's name in the agency's directory.
    pub by: String,
    /// When; nothing where the phone's clock was out of range.
    pub at: Option<SystemTime>,
    /// The change that wrote it.
    pub change: ChangeId,
}

/// In whose words a view is shown.
pub(crate) struct Reader<'a> {
    /// Gives a person's name.
    pub(crate) name: &'a dyn Fn(&PersonId) -> String,
    /// The language of questions, as far as a protocol has it.
    pub(crate) language: &'a str,
}

impl Reader<'_> {
    pub(crate) fn said(&self, stamp: Stamp) -> Said {
        let Stamp { who, at, change } = stamp;
        Said {
            person: who.person,
            by: (self.name)(&who.person),
            at: known(at),
            change,
        }
    }

    fn all_said(&self, stamps: &[Stamp]) -> Vec<Said> {
        stamps.iter().map(|stamp| self.said(*stamp)).collect()
    }

    fn words(&self, words: &mooring_protocol::Words) -> String {
        words.in_language(self.language).to_owned()
    }
}

fn known(at: Moment) -> Option<SystemTime> {
    at.is_known().then(|| moment(at.wall_ms))
}

/// A count, signed.
fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
