//! Sending, replacing and withdrawing advice. It names the version that it was written on (rule 15).

use mooring_casefile::{CaseId, CaseView, Edit, Now, Operation, RecordId};

use super::{ShownId, checked_text};
use crate::access::Session;
use crate::headquarters::Headquarters;
use crate::refused::Refused;

/// Advice, as a form carries it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAdvice {
    /// The page that was read.
    pub shown: ShownId,
    /// The words.
    pub text: String,
    /// Until when it stands.
    pub expires_ms: Option<i64>,
    /// The advice that it takes the place of.
    pub replaces: Option<RecordId>,
}

impl Headquarters {
    /// Sends advice to the field: the phones' next exchange fetches it.
    pub fn send_advice(
        &self,
        by: &Session,
        case: CaseId,
        new: &NewAdvice,
        now: Now,
    ) -> Result<RecordId, Refused> {
        self.admit(by, Operation::Advise, "send-advice", Some(case), now)?;
        let text = checked_text(&new.text, "Nothing is written yet.")?;
        if new
            .expires_ms
            .is_some_and(|until_ms| until_ms <= now.wall_ms)
        {
            return Err(Refused::invalid("That time is over already."));
        }
        let written_on = self.office().find_shown(case, new.shown)?.version;
        let mut board = self.board();
        let (shelves, file) = (board.shelves(), board.file(case).ok_or(Refused::NotFound)?);
        if let Some(replaced) = new.replaces {
            stands(&file.view(shelves.as_ref()), replaced)?;
        }
        let id = self.make_record(now);
        let (expires_ms, replaces) = (new.expires_ms, new.replaces);
        let advice = mooring_casefile::NewAdvice {
            text,
            written_on,
            expires_ms,
            replaces,
        };
        self.write(&mut board, by, case, &Edit::Advice { id, advice }, now)?;
        Ok(id)
    }

    /// Takes advice back.
    pub fn withdraw_advice(
        &self,
        by: &Session,
        case: CaseId,
        advice: RecordId,
        reason: &str,
        now: Now,
    ) -> Result<(), Refused> {
        self.admit(by, Operation::Advise, "withdraw-advice", Some(case), now)?;
        let reason = checked_text(reason, "Say why: the team reads the reason.")?;
        let mut board = self.board();
        let (shelves, file) = (board.shelves(), board.file(case).ok_or(Refused::NotFound)?);
        stands(&file.view(shelves.as_ref()), advice)?;
        let edit = Edit::Withdraw {
            id: self.make_record(now),
            advice,
            reason,
        };
        self.write(&mut board, by, case, &edit, now)
    }
}

fn stands(view: &CaseView, advice: RecordId) -> Result<(), Refused> {
    let found = view
        .advice
        .iter()
        .find(|one| one.id == advice)
        .ok_or(Refused::NotFound)?;
    if found.withdrawn.is_none() && found.replaced_by.is_none() {
        Ok(())
    } else {
        Err(Refused::invalid(
            "That advice was withdrawn or replaced already.",
        ))
    }
}
