//! Compaction: what HQ has receipted becomes a snapshot, in one transaction that also drops the changes it covers.

use crate::device::Open;
use crate::error::{Error, Result};
use crate::vault::sql::{changes, halves};
use mooring_casefile::{CaseId, Half, Now};

/// Changes outside a snapshot before another is worth its bytes.
const MANY: u64 = 64;

impl Open {
    /// Compacts every half with many changes, none of which HQ lacks. One half is one transaction: a cut leaves the old or the new.
    pub(crate) fn compact(&mut self, now: Now) -> Result<usize> {
        self.compact_over(MANY, now)
    }

    pub(crate) fn compact_over(&mut self, many: u64, now: Now) -> Result<usize> {
        let due = self
            .vault
            .look(|connection| Ok(changes::worth_compacting(connection, many)?))?;
        let mut done = 0;
        for (case, half) in due {
            match self.compact_half(case, half, now) {
                Ok(()) => done += 1,
                // A damaged case keeps all that it has, and holds up none of the others.
                Err(Error::CaseDamaged(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(done)
    }

    fn compact_half(&mut self, case: CaseId, half: Half, now: Now) -> Result<()> {
        let snapshot = self.with_case(case, |case, _| case.file.save(half))?;
        self.vault.write(now, |tx| {
            halves::put_snapshot(tx, case, half, &snapshot)?;
            changes::drop_covered(tx, case, half)?;
            Ok(())
        })
    }
}
