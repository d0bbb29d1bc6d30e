//! Who holds which case. What was decided about a person stands in the ledger; each phone of theirs gets a signed entry that says so.
//!
//! The one who begins a case and those whom the team adds hold it at once; HQ's staff give and end it. Whom nobody gave it, and who
//! goes out, holds it in standby, unless this agency says otherwise: see [`Standby`].

use std::collections::{BTreeMap, BTreeSet};

use mooring_casefile::{CaseFile, CaseId, DeviceId, Holding, Now, Operation, PersonId, Roles, may};
use mooring_exchange::{Access, Assignment};
use mooring_identity::Signed;

use crate::ledger::{HeldBy, HolderRow, LedgerError, Moves, NewAssignment};
use crate::office::{Office, Standby};
use crate::refused::Refused;

/// Who may break the glass holds in standby what it covers.
fn may_break_glass(roles: Roles) -> bool {
    may(Operation::BreakGlass, Holding::Standby, roles).at_all()
}

impl Office {
    /// What arrived for a case decides for its team: whoever is of it now, and was not before, holds it from now on. Members of before
    /// are left alone, since somebody at HQ may have ended it for them meanwhile.
    pub(crate) fn team_moves(
        &self,
        before: Option<&CaseFile>,
        after: &CaseFile,
        now: Now,
    ) -> Result<Moves, LedgerError> {
        let case = after.case();
        let decided = self.ledger.holders(case)?;
        let given: BTreeSet<PersonId> = decided
            .iter()
            .filter(|row| row.access == Access::Open)
            .map(|row| row.person)
            .collect();
        let known = before.map(|file| file.team(&given)).unwrap_or_default();
        let joined = after
            .team(&given)
            .difference(&known)
            .map(|person| HolderRow {
                case,
                person: *person,
                access: Access::Open,
                staff: None,
            })
            .collect();
        self.moves(case, joined, self.setup.standby, now)
    }

    /// The decisions, and the entries that follow from them, from those of before, and from the rule.
    fn moves(
        &self,
        case: CaseId,
        holders: Vec<HolderRow>,
        rule: Standby,
        now: Now,
    ) -> Result<Moves, LedgerError> {
        let all = self.ledger.holders(case)?;
        let decided: BTreeMap<PersonId, Access> = all
            .iter()
            .chain(&holders)
            .map(|row| (row.person, row.access))
            .collect();
        let held = self.ledger.held_by(case)?;
        let mut assignments = Vec::new();
        for device in self.ledger.devices()? {
            let has = access_of(&held, device.id);
            let wanted = match decided.get(&device.person) {
                Some(access) => Some(*access),
                None if has.is_none() => self.by_rule(rule, device.person, &held)?,
                None => None,
            };
            // What a phone never had need not be ended.
            let is_new = wanted != has && (has, wanted) != (None, Some(Access::Ended));
            if let (Some(access), true) = (wanted, is_new) {
                assignments.push(self.assign(device.id, case, access, now));
            }
        }
        Ok(Moves {
            assignments,
            holders,
            ..Moves::default()
        })
    }

    /// How somebody holds a case that nobody gave them. A case that no phone holds any more is over, and begins nowhere anew.
    fn by_rule(
        &self,
        rule: Standby,
        person: PersonId,
        held: &[HeldBy],
    ) -> Result<Option<Access>, LedgerError> {
        let over = !held.is_empty() && held.iter().all(|one| one.access == Access::Ended);
        match rule {
            Standby::None => Ok(None),
            Standby::All if over => Ok(None),
            Standby::All => {
                let staff = self.ledger.staff_member(person)?;
                let may_open = staff.is_some_and(|staff| may_break_glass(staff.roles));
                Ok(may_open.then_some(Access::Standby))
            }
        }
    }

    /// Writes the entries that are missing for every case: a new phone gets what its person holds.
    pub(crate) fn assign_all(&self, now: Now) -> Result<(), LedgerError> {
        for case in self.readable_cases()? {
            let moves = self.moves(case, Vec::new(), self.setup.standby, now)?;
            if !moves.assignments.is_empty() {
                self.ledger.decide(&moves, now.wall_ms)?;
            }
        }
        Ok(())
    }

    /// Gives a person a case, changes how they hold it, or ends it. `staff` is who decides; none where a rule does.
    pub(crate) fn give(
        &self,
        case: CaseId,
        person: PersonId,
        access: Access,
        staff: Option<PersonId>,
        now: Now,
    ) -> Result<(), LedgerError> {
        let row = HolderRow {
            case,
            person,
            access,
            staff,
        };
        // Only what was decided: this may be a process that knows nothing of the rule that the server runs by.
        let moves = self.moves(case, vec![row], Standby::None, now)?;
        self.ledger.decide(&moves, now.wall_ms)
    }

    /// Gives or ends a case by name, for the operator of this machine.
    pub fn assign_by_name(
        &self,
        case: CaseId,
        person: &str,
        access: Access,
        now: Now,
    ) -> Result<String, Refused> {
        let person = self.find_staff(person)?;
        self.check_case(case)?;
        self.note(None, assign_word(access), Some(case), None, now)?;
        self.give(case, person.id, access, None, now)?;
        Ok(person.name)
    }

    /// Whether HQ has the case, and it was not shredded.
    pub(crate) fn check_case(&self, case: CaseId) -> Result<(), Refused> {
        if self.ledger.case_key(case)?.is_some() {
            Ok(())
        } else {
            Err(Refused::NotFound)
        }
    }

    /// Ends a case on every phone: it is over, and whoever needs it gets it anew.
    pub(crate) fn end_everywhere(&self, case: CaseId, now: Now) -> Result<(), LedgerError> {
        let end = |row: HolderRow| HolderRow {
            access: Access::Ended,
            staff: None,
            ..row
        };
        let holders = self.ledger.holders(case)?.into_iter().map(end).collect();
        let held = self.ledger.held_by(case)?.into_iter();
        let assignments = held
            .filter(|one| one.access != Access::Ended)
            .map(|one| self.assign(one.device, case, Access::Ended, now))
            .collect();
        let moves = Moves {
            assignments,
            holders,
            ..Moves::default()
        };
        self.ledger.decide(&moves, now.wall_ms)
    }

    pub(crate) fn assign(
        &self,
        device: DeviceId,
        case: CaseId,
        access: Access,
        now: Now,
    ) -> NewAssignment {
        let assignment = Assignment {
            agency: self.agency(),
            case,
            device,
            access,
            made_ms: now.wall_ms,
        };
        NewAssignment {
            device,
            case,
            access,
            body: Signed::sign(assignment, self.keys.ring().online())
                .bytes()
                .to_vec(),
        }
    }
}

/// What the audit calls it.
pub(crate) const fn assign_word(access: Access) -> &'static str {
    match access {
        Access::Open => "assign-open",
        Access::Standby => "assign-standby",
        Access::Ended | Access::Shredded => "assign-end",
    }
}

fn access_of(held: &[HeldBy], device: DeviceId) -> Option<Access> {
    let one = held.iter().find(|one| one.device == device);
    one.map(|one| one.access)
}
