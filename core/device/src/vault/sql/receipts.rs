//! What HQ said, under its signature, that it holds: one row an actor of a half.

use super::row;
use mooring_casefile::{Actor, CaseId, ChangeId, Half};
use rusqlite::{Connection, Result, Row, Transaction};

/// What HQ holds of one actor, and what became of it there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReceiptRow {
    /// The case.
    pub case: CaseId,
    /// The half.
    pub half: Half,
    /// The actor.
    pub actor: Actor,
    /// The last number that HQ holds durably.
    pub last_seq: u64,
    /// The hash of that change.
    pub last_change: ChangeId,
    /// What became of it.
    pub fate: Fate,
    /// When the receipt came, by this phone's clock.
    pub at_ms: i64,
}

/// What became of a run at HQ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// On HQ's disk, not looked at yet.
    Received,
    /// In HQ's case file.
    Merged,
    /// HQ lacks something that it builds on.
    Waiting,
    /// Held for a person at HQ, with HQ's code.
    Held(u8),
}

impl Fate {
    const fn numbers(self) -> (i64, u8) {
        match self {
            Self::Received => (0, 0),
            Self::Merged => (1, 0),
            Self::Waiting => (2, 0),
            Self::Held(code) => (3, code),
        }
    }

    /// An unknown number reads as the least that a receipt promises.
    const fn of(number: i64, code: u8) -> Self {
        match number {
            1 => Self::Merged,
            2 => Self::Waiting,
            3 => Self::Held(code),
            _ => Self::Received,
        }
    }
}

pub(crate) fn put(tx: &Transaction<'_>, receipt: &ReceiptRow) -> Result<()> {
    let (state, reason) = receipt.fate.numbers();
    tx.prepare_cached(
        "INSERT INTO receipts (case_id, half, actor, last_seq, last_change, state, reason, at_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (case_id, half, actor) DO UPDATE SET
           last_seq = excluded.last_seq, last_change = excluded.last_change, state = excluded.state,
           reason = excluded.reason, at_ms = excluded.at_ms",
    )?
    .execute((
        receipt.case.bytes(),
        row::half_number(receipt.half),
        receipt.actor.bytes(),
        row::stored(receipt.last_seq),
        receipt.last_change.bytes(),
        state,
        reason,
        receipt.at_ms,
    ))?;
    Ok(())
}

pub(crate) fn of_case(connection: &Connection, case: CaseId) -> Result<Vec<ReceiptRow>> {
    connection
        .prepare_cached(
            "SELECT case_id, half, actor, last_seq, last_change, state, reason, at_ms FROM receipts
             WHERE case_id = ?1 ORDER BY half, actor",
        )?
        .query_map([case.bytes()], read)?
        .collect()
}

/// Those whose fate is still open: the next exchange asks about them.
pub(crate) fn open_ones(connection: &Connection) -> Result<Vec<ReceiptRow>> {
    connection
        .prepare_cached(
            "SELECT case_id, half, actor, last_seq, last_change, state, reason, at_ms FROM receipts
             WHERE state <> 1 ORDER BY case_id, half, actor",
        )?
        .query_map([], read)?
        .collect()
}

fn read(row: &Row<'_>) -> Result<ReceiptRow> {
    Ok(ReceiptRow {
        case: row::case(row, 0)?,
        half: row::half(row, 1)?,
        actor: row::actor(row, 2)?,
        last_seq: row::count(row, 3)?,
        last_change: row::change(row, 4)?,
        fate: Fate::of(row.get(5)?, row.get(6)?),
        at_ms: row.get(7)?,
    })
}
