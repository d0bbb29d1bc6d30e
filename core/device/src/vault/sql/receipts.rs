//! What HQ said, under its signature, that it holds: one row an actor of a half.

use super::row;
use mooring_casefile::{Actor, CaseId, ChangeId, Half};
use rusqlite::{Connection, OptionalExtension, Result, Row, Transaction};

/// What HQ holds of one actor, and what became of it there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ReceiptRow {
    /// The case.
    pub(crate) case: CaseId,
    /// The half.
    pub(crate) half: Half,
    /// The actor.
    pub(crate) actor: Actor,
    /// The last number that HQ holds durably.
    pub(crate) last_seq: u64,
    /// The hash of that change.
    pub(crate) last_change: ChangeId,
    /// What became of it.
    pub(crate) fate: Fate,
    /// When the receipt came, by this phone's clock.
    pub(crate) at_ms: i64,
}

/// What became of a run at HQ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fate {
    /// On HQ's disk, not looked at yet.
    Received,
    /// In HQ's case file.
    Merged,
    /// HQ lacks something that it builds on.
    Waiting,
    /// Held for a person at HQ, with HQ's code.
    Held(u16),
}

impl Fate {
    const fn numbers(self) -> (i64, u16) {
        match self {
            Self::Received => (0, 0),
            Self::Merged => (1, 0),
            Self::Waiting => (2, 0),
            Self::Held(code) => (3, code),
        }
    }

    /// An unknown number reads as the least that a receipt promises.
    const fn of(number: i64, code: u16) -> Self {
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

/// All, as HQ's marks are compared with after a restore.
pub(crate) fn all(connection: &Connection) -> Result<Vec<ReceiptRow>> {
    connection
        .prepare_cached(
            "SELECT case_id, half, actor, last_seq, last_change, state, reason, at_ms FROM receipts
             ORDER BY case_id, half, actor",
        )?
        .query_map([], read)?
        .collect()
}

pub(crate) fn one(
    connection: &Connection,
    case: CaseId,
    half: Half,
    actor: Actor,
) -> Result<Option<ReceiptRow>> {
    connection
        .prepare_cached(
            "SELECT case_id, half, actor, last_seq, last_change, state, reason, at_ms FROM receipts
             WHERE case_id = ?1 AND half = ?2 AND actor = ?3",
        )?
        .query_row((case.bytes(), row::half_number(half), actor.bytes()), read)
        .optional()
}

/// HQ no longer holds what it receipted.
pub(crate) fn forget(tx: &Transaction<'_>, case: CaseId, half: Half, actor: Actor) -> Result<()> {
    tx.prepare_cached("DELETE FROM receipts WHERE case_id = ?1 AND half = ?2 AND actor = ?3")?
        .execute((case.bytes(), row::half_number(half), actor.bytes()))?;
    Ok(())
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
