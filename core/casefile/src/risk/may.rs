//! Asking before acting: whether a settlement would lower, and whether a person may do it.

use crate::{
    file::{CaseFile, slot_of},
    ids::ChangeId,
    people::Attribution,
    reading::Weight,
    record::{Place, Settlement},
    run::Half,
    shelf::Shelf,
};

/// Whether a settlement would count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MaySettle {
    /// It would.
    Yes,
    /// It lowers a level: that takes a psychiatrist, or a clinician other than the lower answer's author.
    NeedsRole,
    /// Neither an author of what was seen, nor a role that settles.
    No,
}

impl CaseFile {
    /// Whether choosing this value among those seen would lower any level; then rule 6 asks for a role.
    pub fn settling_lowers(
        &self,
        place: &Place,
        seen: &[ChangeId],
        choice: ChangeId,
        shelf: &dyn Shelf,
    ) -> bool {
        let writes = self.history(Half::Field).writes(&slot_of(place));
        let Some(chosen) = writes.iter().find(|write| write.change == choice) else {
            return true;
        };
        let rejected = writes.iter().filter(|write| seen.contains(&write.change));
        let rejected = rejected.filter(|write| !write.value.says_the_same(&chosen.value));
        let answers: Vec<_> = rejected
            .filter_map(|write| write.value.answer().cloned())
            .collect();
        let reading = self.read(shelf);
        match place {
            Place::Minor => answers.contains(&mooring_protocol::Answer::Value(
                mooring_protocol::Value::Boolean(true),
            )),
            Place::Answer { assessment, path } => {
                let one = reading.find(*assessment);
                one.is_none_or(|one| one.would_lower(path, &answers, reading.person_all))
            }
        }
    }

    /// Whether a settlement by this person would count, given all that is known now.
    pub fn may_settle(
        &self,
        settlement: &Settlement,
        who: &Attribution,
        shelf: &dyn Shelf,
    ) -> MaySettle {
        match self.weight_of(settlement, who) {
            Weight::None => MaySettle::No,
            Weight::Role => MaySettle::Yes,
            Weight::Author => {
                let lowers = self.settling_lowers(
                    &settlement.place,
                    &settlement.seen,
                    settlement.choice,
                    shelf,
                );
                if lowers {
                    MaySettle::NeedsRole
                } else {
                    MaySettle::Yes
                }
            }
        }
    }
}
