//! Who may do what (rules 4, 6, 7 and 8), by verified attribution alone.

use crate::{
    file::{CaseFile, slot_of},
    history::{Slot, Write},
    ids::{AssessmentId, ChangeId, PersonId},
    may::{Holding, May, Operation, may},
    moment::Stamp,
    people::Attribution,
    record::{Acceptance, Accepted, ConfirmKind, Confirmation, Settlement},
    run::Half,
};

/// How long an author may undo without a reason.
const UNDO_MS: u64 = 60_000;

/// What stands behind a settlement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Weight {
    /// Neither an author of what was seen, nor a role that settles: it does not count.
    None,
    /// One of the authors: counts as long as nothing is lowered by it.
    Author,
    /// A psychiatrist, or a clinician other than the lower answer's author: counts in any direction.
    Role,
}

/// Whether this person may let something lower govern whose authors these are.
pub(crate) fn may_lower(who: &Attribution, lower_authors: &[PersonId]) -> bool {
    // What was written counts by its signature alone, so every phone comes to the same whatever it is assigned.
    match may(Operation::SettleDown, Holding::AtHq, who.roles) {
        May::Yes => true,
        May::Others => !lower_authors.contains(&who.person),
        May::No | May::AfterGlass | May::Own => false,
    }
}

impl CaseFile {
    /// What stands behind this settlement if this person signs it.
    pub(crate) fn weight_of(&self, settlement: &Settlement, who: &Attribution) -> Weight {
        let slot = slot_of(&settlement.place);
        let writes = self.history(Half::Field).writes(&slot);
        let Some(choice) = writes
            .iter()
            .find(|write| write.change == settlement.choice)
        else {
            return Weight::None;
        };
        let seen = || {
            writes
                .iter()
                .filter(|write| settlement.seen.contains(&write.change))
        };
        let chosen = seen().filter(|write| write.value.says_the_same(&choice.value));
        if may_lower(who, &self.authors(chosen)) {
            Weight::Role
        } else if self.authors(seen()).contains(&who.person) {
            Weight::Author
        } else {
            Weight::None
        }
    }

    pub(crate) fn may_settle_at_all(&self, settlement: &Settlement, who: &Attribution) -> bool {
        self.weight_of(settlement, who) != Weight::None
    }

    /// Whether this person may let these earlier values go, given all that was overwritten until now.
    pub(crate) fn may_confirm(&self, new: &Confirmation, who: &Attribution) -> bool {
        let slot = slot_of(&new.place);
        let writes = self.history(Half::Field).writes(&slot);
        let may = |earlier: &ChangeId| {
            let Some(earlier) = writes.iter().find(|write| write.change == *earlier) else {
                return false;
            };
            let later: Vec<_> = writes
                .iter()
                .filter(|write| write.op > earlier.op)
                .collect();
            match new.kind {
                ConfirmKind::Confirmed => self.may_let_go(earlier, &later, who),
                ConfirmKind::Undo => later.iter().any(|undo| self.is_undo(earlier, undo, who)),
            }
        };
        new.earlier.iter().all(may)
    }

    /// The answer's own author may, and whoever may lower what these others answered instead.
    pub(crate) fn may_let_go(
        &self,
        earlier: &Write,
        instead: &[&Write],
        who: &Attribution,
    ) -> bool {
        let own = self.author(earlier) == Some(who.person);
        own || may_lower(who, &self.authors(instead.iter().copied()))
    }

    /// Whether `undo` takes `slip` back: same author, same device, and both within the minute by clocks that are in range.
    /// That the slip had not left the phone is for the phone to know: it writes no undo otherwise.
    pub(crate) fn is_undo(&self, slip: &Write, undo: &Write, by: &Attribution) -> bool {
        let stamps = self.write_stamp(slip).zip(self.write_stamp(undo));
        stamps.is_some_and(|(slip, undo)| {
            let known = slip.at.is_known() && undo.at.is_known();
            let ordered = slip.at.wall_ms <= undo.at.wall_ms;
            let same = slip.who.same_writer(&undo.who) && slip.who.same_writer(by);
            known && ordered && same && slip.at.wall_ms.abs_diff(undo.at.wall_ms) <= UNDO_MS
        })
    }

    /// Whether this person may let a later assessment, or a downward override, govern.
    pub(crate) fn may_accept(&self, acceptance: &Acceptance, who: &Attribution) -> bool {
        match &acceptance.accepted {
            Accepted::Assessment { later, .. } => {
                may_lower(who, &self.authors_of_assessment(later.assessment))
            }
            Accepted::Override { id, .. } => {
                let named = self.overrides().filter(|said| said.id == *id);
                let authors: Vec<_> = named.map(|said| said.stamp.who.person).collect();
                may_lower(who, &authors)
            }
        }
    }

    fn authors_of_assessment(&self, assessment: AssessmentId) -> Vec<PersonId> {
        let slots = self.history(Half::Field).slots();
        let own =
            slots.filter(|(slot, _)| matches!(slot, Slot::Answer(of, _) if *of == assessment));
        self.authors(own.flat_map(|(_, writes)| writes))
    }

    pub(crate) fn author(&self, write: &Write) -> Option<PersonId> {
        self.write_stamp(write).map(|stamp| stamp.who.person)
    }

    pub(crate) fn write_stamp(&self, write: &Write) -> Option<Stamp> {
        self.stamp(Half::Field, write.change)
    }

    fn authors<'a>(&self, writes: impl Iterator<Item = &'a Write>) -> Vec<PersonId> {
        writes.filter_map(|write| self.author(write)).collect()
    }
}
