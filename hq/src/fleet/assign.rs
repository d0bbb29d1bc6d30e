//! Who holds which case. In this version every phone is assigned every case, through the same signed entries that later
//! say otherwise.

use mooring_casefile::{CaseId, DeviceId, Now};
use mooring_exchange::{Access, Assignment};
use mooring_identity::Signed;

use crate::ledger::{LedgerError, Moves, NewAssignment};
use crate::office::Office;

impl Office {
    /// The entries that are missing for one case.
    pub(crate) fn missing_assignments(
        &self,
        case: CaseId,
        now: Now,
    ) -> Result<Vec<NewAssignment>, LedgerError> {
        let held = self.ledger.assigned(case)?;
        let devices = self.ledger.devices()?;
        let missing = devices
            .iter()
            .map(|row| row.id)
            .filter(|device| !held.contains(device));
        Ok(missing
            .map(|device| self.assign(device, case, now))
            .collect())
    }

    /// Writes the entries that are missing for every case: a new phone gets what is there.
    pub(crate) fn assign_all(&self, now: Now) -> Result<(), LedgerError> {
        for case in self.ledger.cases()? {
            let assignments = self.missing_assignments(case, now)?;
            if !assignments.is_empty() {
                self.ledger.decide(
                    &Moves {
                        decisions: Vec::new(),
                        assignments,
                    },
                    now.wall_ms,
                )?;
            }
        }
        Ok(())
    }

    fn assign(&self, device: DeviceId, case: CaseId, now: Now) -> NewAssignment {
        let assignment = Assignment {
            agency: self.agency(),
            case,
            device,
            access: Access::Open,
            made_ms: now.wall_ms,
        };
        NewAssignment {
            device,
            case,
            body: Signed::sign(assignment, self.keys.ring().online())
                .bytes()
                .to_vec(),
        }
    }
}
