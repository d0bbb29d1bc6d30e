//! What staff do at HQ, a verb a file: read the queue and a case, sign, settle, accept, override, advise, keep what was typed.
//!
//! Every verb asks for permission first, and answers only when what it did is on disk.

mod accept;
mod advice;
mod assign;
mod case;
mod draft;
mod glass;
mod names;
mod override_level;
mod queue;
mod row;
mod settle;
mod shown;
mod sign;
mod signed_text;

pub use accept::{Accept, Accepting};
pub use advice::NewAdvice;
pub use assign::Holder;
pub use case::{CasePage, May, Phone};
pub use draft::Draft;
pub use glass::{Glass, GlassReview};
pub use names::{Names, Who};
pub use override_level::Override;
pub use queue::{Queue, Shredded};
pub use row::{Deadline, OpenAsk, QueueRow, ReviewState};
pub use settle::Settle;
pub use shown::{ShownId, stamp_words};
pub use sign::{ReviewForm, Sign, Signing};
pub use signed_text::SignedText;

use mooring_casefile::{CaseId, Edit, EditError, Now};

use crate::access::Session;
use crate::caseboard::{Board, By, LoadError, WriteError};
use crate::headquarters::Headquarters;
use crate::refused::Refused;

/// No text that is typed at HQ is longer.
const LONGEST_TEXT: usize = 20_000;

impl Headquarters {
    /// Writes one edit for a member of staff, and tells the pages.
    fn write(
        &self,
        board: &mut Board,
        by: &Session,
        case: CaseId,
        edit: &Edit,
        now: Now,
    ) -> Result<(), Refused> {
        board.write(
            self.office(),
            case,
            edit,
            By {
                person: by.staff,
                roles: by.roles,
            },
            now,
        )?;
        self.announce(case);
        Ok(())
    }
}

fn checked_text(text: &str, missing: &str) -> Result<String, Refused> {
    let text = text.trim();
    match text.len() {
        0 => Err(Refused::invalid(missing)),
        1..=LONGEST_TEXT => Ok(text.to_owned()),
        _ => Err(Refused::invalid(
            "That is too long: 20,000 characters at most.",
        )),
    }
}

impl From<LoadError> for Refused {
    fn from(error: LoadError) -> Self {
        match error {
            LoadError::Ledger(error) => error.into(),
            LoadError::Rebuild(_) => Self::Internal { code: "rebuild" },
        }
    }
}

impl From<WriteError> for Refused {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::NoCase => Self::NotFound,
            WriteError::Load(error) => error.into(),
            WriteError::Edit(error) => error.into(),
        }
    }
}

impl From<EditError> for Refused {
    fn from(error: EditError) -> Self {
        match error {
            EditError::NothingNew => Self::invalid("That is so already."),
            EditError::WrongHalf => Self::Internal { code: "wrong-half" },
            EditError::NotFound => {
                Self::invalid("What this refers to is not in the case; load the page again.")
            }
            EditError::NotAllowed => Self::forbidden(
                "That takes a psychiatrist, or a clinician other than the author of the answer.",
            ),
            EditError::NoReason => Self::invalid("A reason is needed."),
            EditError::Malformed => {
                Self::invalid("This does not fit together; load the page again.")
            }
            EditError::TooLong => Self::invalid("That is too long."),
            EditError::ActorTaken => Self::Internal {
                code: "actor-taken",
            },
            EditError::Internal => Self::Internal { code: "edit" },
        }
    }
}
