//! Checking the whole chain and every checkpoint, and naming the first thing that is wrong.

use mooring_identity::{AuditCheckpoint, KeySet, Signed};

use super::book::{AuditBook, PAGE};
use super::checkpoint::EVERY;
use crate::ledger::{AuditRow, CHAIN_BEGINS, CheckpointRow, Hash, LedgerError};

/// A chain without a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verified {
    /// How many rows it has.
    pub rows: i64,
    /// How many checkpoints hold.
    pub checkpoints: usize,
}

/// The first thing that is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// A number is not there, though a later one is.
    #[error("row {row} is missing, and there are later ones: it was taken out")]
    Missing {
        /// Which.
        row: i64,
    },
    /// The end is gone.
    #[error(
        "rows up to {given} were written, and the audit ends at row {last}: the end was cut off"
    )]
    CutOff {
        /// The last that is there.
        last: i64,
        /// The last that was written.
        given: i64,
    },
    /// A row's hash does not follow from what it says and from the row before.
    #[error("row {row} does not fit its hash: what it says, or its place, was changed")]
    Altered {
        /// Which.
        row: i64,
    },
    /// A row without a hash.
    #[error(
        "row {row} has no hash: it is from before the chain, and HQ was not started since; or it was put in"
    )]
    Unchained {
        /// Which.
        row: i64,
    },
    /// The chain hangs together, and is another one than HQ signed.
    #[error("row {row} is not the one that HQ signed: it or rows before it were written anew")]
    Rewritten {
        /// Which.
        row: i64,
    },
    /// A checkpoint that HQ did not sign.
    #[error("the checkpoint at row {row} is not signed by a key of this agency")]
    Forged {
        /// Which.
        row: i64,
    },
    /// HQ would have signed by now.
    #[error("no signed checkpoint covers rows {from} to {last}: checkpoints were taken out")]
    Unsigned {
        /// From here.
        from: i64,
        /// To here.
        last: i64,
    },
}

impl AuditBook {
    /// Walks the chain from its first row to its last.
    pub fn verify(&self) -> Result<Result<Verified, Broken>, LedgerError> {
        let checkpoints = self.ledger.checkpoints()?;
        let mut walk = Walk {
            hash: CHAIN_BEGINS,
            last: 0,
            checkpoints: checkpoints.iter().peekable(),
            held: 0,
        };
        loop {
            let rows = self.ledger.audited(walk.last + 1, PAGE)?;
            if rows.is_empty() {
                break;
            }
            for row in &rows {
                if let Err(broken) = self.step(&mut walk, row) {
                    return Ok(Err(broken));
                }
            }
        }
        let given = self.ledger.audit_numbers_given()?;
        Ok(self.end(walk, &checkpoints, given))
    }

    fn step<'a>(
        &self,
        walk: &mut Walk<'a, impl Iterator<Item = &'a CheckpointRow>>,
        row: &AuditRow,
    ) -> Result<(), Broken> {
        let number = walk.last + 1;
        if row.number != number {
            return Err(Broken::Missing { row: number });
        }
        let hash = row.hash.ok_or(Broken::Unchained { row: number })?;
        if hash != row.said.hash(number, &walk.hash) {
            return Err(Broken::Altered { row: number });
        }
        if let Some(signed) = walk.checkpoints.next_if(|next| next.number == number) {
            let checkpoint = self.said(signed).ok_or(Broken::Forged { row: number })?;
            if checkpoint.hash != hash {
                return Err(Broken::Rewritten { row: number });
            }
            walk.held += 1;
        }
        (walk.last, walk.hash) = (number, hash);
        Ok(())
    }

    fn end<'a>(
        &self,
        mut walk: Walk<'a, impl Iterator<Item = &'a CheckpointRow>>,
        checkpoints: &[CheckpointRow],
        given: i64,
    ) -> Result<Verified, Broken> {
        let last = walk.last;
        if let Some(beyond) = walk.checkpoints.next() {
            let row = beyond.number;
            return Err(match self.said(beyond) {
                Some(_) if row > last => Broken::CutOff { last, given: row },
                Some(_) | None => Broken::Forged { row },
            });
        }
        if given > last {
            return Err(Broken::CutOff { last, given });
        }
        // One turn may have been missed by a process that died between the row and the signature; the next start makes it good.
        let signed = checkpoints.last().map_or(0, |newest| newest.number);
        if last - signed > 2 * EVERY {
            return Err(Broken::Unsigned {
                from: signed + 1,
                last,
            });
        }
        Ok(Verified {
            rows: last,
            checkpoints: walk.held,
        })
    }

    /// What a checkpoint says, if a key signed it that the agency's root vouched for, and it is about this row.
    fn said(&self, row: &CheckpointRow) -> Option<AuditCheckpoint> {
        let key_set =
            Signed::<KeySet>::open(&row.key_set, &self.keys.root.statement().root).ok()?;
        let signed = Signed::<AuditCheckpoint>::open(&row.signed, key_set.statement()).ok()?;
        let checkpoint = signed.into_statement();
        let about_this = checkpoint.agency == self.keys.agency()
            && i64::try_from(checkpoint.row) == Ok(row.number);
        about_this.then_some(checkpoint)
    }
}

struct Walk<'a, I: Iterator<Item = &'a CheckpointRow>> {
    hash: Hash,
    last: i64,
    checkpoints: std::iter::Peekable<I>,
    held: usize,
}
