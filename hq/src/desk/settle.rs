//! Settling what people differ about, at HQ. Downward takes the role that rule 6 asks for.

use mooring_casefile::{
    Attribution, CaseFile, CaseId, ChangeId, DeviceId, Edit, MaySettle, Now, Operation, Place,
    RecordId, Settlement,
};

use super::checked_text;
use crate::access::Session;
use crate::caseboard::Shelves;
use crate::headquarters::Headquarters;
use crate::refused::Refused;

/// A settlement, as a form carries it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settle {
    /// Where people differ.
    pub place: Place,
    /// The values that were shown.
    pub seen: Vec<ChangeId>,
    /// The one that holds.
    pub choice: ChangeId,
    /// Why.
    pub reason: String,
}

impl Headquarters {
    /// Settles one place.
    pub fn settle(
        &self,
        by: &Session,
        case: CaseId,
        settle: &Settle,
        now: Now,
    ) -> Result<(), Refused> {
        self.admit(by, Operation::SettleUp, "settle", Some(case), now)?;
        let reason = checked_text(
            &settle.reason,
            "Say why: both who answered read the reason.",
        )?;
        let mut board = self.board();
        let (shelves, file) = (board.shelves(), board.file(case).ok_or(Refused::NotFound)?);
        let settlement = Settlement {
            place: settle.place.clone(),
            seen: settle.seen.clone(),
            choice: settle.choice,
            replaces: contradicting(&file, &shelves, &settle.place),
            reason,
        };
        let who = Attribution {
            device: DeviceId::HQ,
            person: by.staff,
            roles: by.roles,
        };
        may(file.may_settle(&settlement, &who, shelves.as_ref()))?;
        let Settlement {
            place,
            seen,
            choice,
            replaces,
            reason,
        } = settlement;
        let edit = Edit::Settle {
            id: self.make_record(now),
            place,
            seen,
            choice,
            replaces,
            reason,
        };
        self.write(&mut board, by, case, &edit, now)
    }
}

fn may(may: MaySettle) -> Result<(), Refused> {
    match may {
        MaySettle::Yes => Ok(()),
        MaySettle::NeedsRole => Err(Refused::forbidden(
            "This choice lowers the level: that takes a psychiatrist, or a clinician other than the lower answer's author.",
        )),
        MaySettle::No => Err(Refused::forbidden(
            "Only an author of these answers, a psychiatrist or a clinician settles this.",
        )),
    }
}

/// Settlements there that contradict each other, which this one decides between.
fn contradicting(file: &CaseFile, shelves: &Shelves, place: &Place) -> Vec<RecordId> {
    let Place::Answer { assessment, path } = place else {
        return Vec::new();
    };
    let view = file.view(shelves);
    let item = view
        .assessment(*assessment)
        .and_then(|one| one.items.iter().find(|item| item.path == *path));
    item.map(mooring_casefile::ItemView::contradicting)
        .unwrap_or_default()
}
