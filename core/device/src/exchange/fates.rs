//! What became of what HQ received; and after a restore of either side, what it lost.

use super::receipt;
use crate::device::Open;
use crate::error::Result;
use crate::vault::Vault;
use crate::vault::sql::receipts::{self, ReceiptRow};
use crate::vault::sql::unsent::{self, Mark};
use crate::vault::sql::{cases, sealed};
use mooring_casefile::Now;
use mooring_exchange::{Have, MarkState, RunKey, RunMark};
use rusqlite::Transaction;
use std::collections::BTreeMap;

/// Those whose last known state was not final.
pub(super) fn to_ask(vault: &mut Vault) -> Result<Vec<RunKey>> {
    let open = vault.look(|connection| Ok(receipts::open_ones(connection)?))?;
    Ok(open.iter().map(key).collect())
}

/// All that HQ ever receipted, once after each opening: HQ may have been restored from an older backup meanwhile.
pub(super) fn to_check(open: &mut Open) -> Result<Vec<Have>> {
    if open.checked_marks {
        return Ok(Vec::new());
    }
    let all = open
        .vault
        .look(|connection| Ok(receipts::all(connection)?))?;
    Ok(all
        .iter()
        .map(|row| Have {
            key: key(row),
            last_seq: row.last_seq,
            last: row.last_change,
        })
        .collect())
}

/// Stores what HQ says of each. Where HQ holds less than it receipted, those changes are unsent again.
pub(super) fn store(open: &mut Open, marks: &[RunMark], now: Now) -> Result<()> {
    open.vault.write(now, |tx| {
        for mark in furthest(marks) {
            let Some(known) = receipts::one(tx, mark.key.case, mark.key.half, mark.key.actor)?
            else {
                continue;
            };
            if mark.state == MarkState::Unknown || mark.last_seq < known.last_seq {
                recall(tx, &known, mark)?;
                cases::recount_unsent(tx, known.case)?;
            } else {
                receipt::store_mark(tx, mark, known.at_ms)?;
                cases::recount_unsent(tx, known.case)?;
            }
        }
        sealed::forget_receipted(tx)?;
        Ok(())
    })
}

/// HQ may say of one writer how far it has merged, and what waits or is held beyond: it has everything up to the furthest of them.
fn furthest(marks: &[RunMark]) -> impl Iterator<Item = &RunMark> {
    let mut furthest: BTreeMap<RunKey, &RunMark> = BTreeMap::new();
    for mark in marks {
        let known = furthest.entry(mark.key).or_insert(mark);
        if mark.last_seq >= known.last_seq {
            *known = mark;
        }
    }
    furthest.into_values()
}

fn recall(tx: &Transaction<'_>, known: &ReceiptRow, mark: &RunMark) -> rusqlite::Result<()> {
    let held = if mark.state == MarkState::Unknown {
        0
    } else {
        mark.last_seq
    };
    for seq in held.saturating_add(1)..=known.last_seq {
        let change = (seq == known.last_seq).then_some(known.last_change);
        unsent::recall(
            tx,
            &Mark {
                case: known.case,
                half: known.half,
                actor: known.actor,
                seq,
                change,
            },
        )?;
    }
    receipts::forget(tx, known.case, known.half, known.actor)
}

const fn key(row: &ReceiptRow) -> RunKey {
    RunKey {
        case: row.case,
        half: row.half,
        actor: row.actor,
    }
}
