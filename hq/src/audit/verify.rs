//! Checking the whole chain and every checkpoint, and naming the first thing that is wrong.

use std::collections::BTreeMap;

use mooring_casefile::DeviceId;
use mooring_identity::{AuditCheckpoint, KeySet, Signed};

use super::book::{AuditBook, PAGE};
use super::checkpoint::EVERY;
use super::phones::{JOINED, Joined};
use crate::ledger::{AuditRow, CHAIN_BEGINS, CheckpointRow, Hash, LedgerError};

/// A chain without a fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// How many rows it has.
    pub rows: i64,
    /// How many checkpoints hold.
    pub checkpoints: usize,
    /// How many rows of phones it joins.
    pub phone_rows: u64,
    /// What HQ noticed about them when they came.
    pub noted: Vec<Noted>,
}

/// What HQ noticed about a phone's own audit when it came: a restored phone makes a fork in all honesty, so it breaks no chain here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noted {
    /// The row of HQ's audit that says so.
    pub row: i64,
    /// Which phone.
    pub device: DeviceId,
    /// "gap", "fork" or "altered".
    pub what: String,
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
    /// A phone's row that was joined is not the one that is there now.
    #[error("row {row} joins row {position} of a phone's audit, which is missing or was changed")]
    PhoneRow {
        /// The row of HQ's chain.
        row: i64,
        /// The phone's row.
        position: u64,
    },
    /// A stretch that does not follow on what was joined before.
    #[error("row {row} joins a stretch of a phone's audit that does not follow on the one before")]
    PhoneStretch {
        /// The row of HQ's chain.
        row: i64,
    },
    /// Rows of phones that no row of the chain joins.
    #[error("{rows} rows of phones' audits were put in: no row of the chain joins them")]
    PhoneRowsBeyond {
        /// How many.
        rows: u64,
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
            phones: Phones::default(),
        };
        loop {
            let rows = self.ledger.audited(walk.last + 1, PAGE)?;
            if rows.is_empty() {
                break;
            }
            for row in &rows {
                let step = self.step(&mut walk, row);
                let joined = match step {
                    Ok(()) => walk.phones.join(self, row)?,
                    Err(broken) => Err(broken),
                };
                if let Err(broken) = joined {
                    return Ok(Err(broken));
                }
            }
        }
        let given = self.ledger.audit_numbers_given()?;
        let kept = self.ledger.count_phone_acts()?;
        if kept > walk.phones.rows {
            let rows = kept - walk.phones.rows;
            return Ok(Err(Broken::PhoneRowsBeyond { rows }));
        }
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
            phone_rows: walk.phones.rows,
            noted: walk.phones.noted,
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
    phones: Phones,
}

/// How far the phones' histories were walked.
#[derive(Default)]
struct Phones {
    /// The next position and the hash before it, for each phone and branch.
    next: BTreeMap<(DeviceId, i64), (u64, Hash)>,
    rows: u64,
    noted: Vec<Noted>,
}

impl Phones {
    fn join(
        &mut self,
        book: &AuditBook,
        row: &AuditRow,
    ) -> Result<Result<(), Broken>, LedgerError> {
        let (Some(device), true) = (row.said.device, row.said.verb == JOINED) else {
            return Ok(Ok(()));
        };
        let number = row.number;
        let Some(joined) = row.said.detail.as_deref().and_then(Joined::parse) else {
            return Ok(Err(Broken::PhoneStretch { row: number }));
        };
        let place = (device, joined.branch);
        let follows = (joined.first, joined.before);
        if self.next.get(&place).is_some_and(|next| *next != follows) {
            return Ok(Err(Broken::PhoneStretch { row: number }));
        }
        let mut hash = joined.before;
        for position in joined.first..=joined.last {
            let held = book.ledger.phone_act(device, joined.branch, position)?;
            let Some(held) = held.filter(|held| held.act.hash(position, &hash) == held.hash) else {
                return Ok(Err(Broken::PhoneRow {
                    row: number,
                    position,
                }));
            };
            hash = held.hash;
            self.rows += 1;
        }
        if hash != joined.head {
            return Ok(Err(Broken::PhoneRow {
                row: number,
                position: joined.last,
            }));
        }
        self.next.insert(place, (joined.last + 1, hash));
        self.noted.extend(row.said.code.clone().map(|what| Noted {
            row: number,
            device,
            what,
        }));
        Ok(Ok(()))
    }
}
