//! What was read, exported and unlocked, as a chain. A write is audited by its own change.

use super::row;
use mooring_casefile::CaseId;
use mooring_exchange::{AUDIT_BEGINS, AuditAct};
use rusqlite::{Connection, OptionalExtension, Result, Row, Transaction};

/// An act that leaves no change behind. The numbers are stored and never reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    /// The vault was opened with the PIN.
    Unlock,
    /// The list of cases was read.
    List,
    /// One case was read.
    Show(CaseId),
    /// What HQ lacks was handed out to be sent.
    Exchange,
    /// The glass was broken for one case.
    BreakGlass(CaseId),
    /// A wrong PIN was tried. While the vault is locked nothing can be written, so it stands before the opening that followed.
    WrongPin,
    /// The name and the hazards of a case in standby were read.
    ShowStandby(CaseId),
    /// A case was dropped, because it is over for this phone.
    Drop(CaseId),
    /// A case was dropped, because HQ shredded it.
    Shred(CaseId),
    /// One case was sealed for a partner's phone.
    Give(CaseId),
    /// One case was taken from a partner's phone.
    Take(CaseId),
}

impl Act {
    const fn number(self) -> u8 {
        match self {
            Self::Unlock => 1,
            Self::List => 2,
            Self::Show(_) => 3,
            Self::Exchange => 4,
            Self::BreakGlass(_) => 5,
            Self::WrongPin => 6,
            Self::ShowStandby(_) => 7,
            Self::Drop(_) => 8,
            Self::Shred(_) => 9,
            Self::Give(_) => 20,
            Self::Take(_) => 21,
        }
    }

    fn case(self) -> Option<CaseId> {
        match self {
            Self::Show(case)
            | Self::BreakGlass(case)
            | Self::ShowStandby(case)
            | Self::Drop(case)
            | Self::Shred(case)
            | Self::Give(case)
            | Self::Take(case) => Some(case),
            Self::Unlock | Self::List | Self::Exchange | Self::WrongPin => None,
        }
    }
}

pub(crate) fn put(tx: &Transaction<'_>, at_ms: i64, act: Act) -> Result<()> {
    chain_older_rows(tx)?;
    let (position, before) = last(tx)?;
    let position = position.saturating_add(1);
    let row = AuditAct {
        at_ms,
        kind: act.number(),
        case: act.case(),
    };
    tx.prepare_cached(
        "INSERT INTO audit (position, at_ms, act, case_id, hash) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute((
        row::stored(position),
        at_ms,
        row.kind,
        row.case.map(CaseId::bytes),
        row.hash(position, &before),
    ))?;
    Ok(())
}

/// A row as it travels, with its hash as it was stored.
pub(super) struct Stored {
    pub(super) position: u64,
    pub(super) act: AuditAct,
    pub(super) hash: Option<[u8; 32]>,
}

pub(super) fn after(connection: &Connection, position: u64, limit: usize) -> Result<Vec<Stored>> {
    connection
        .prepare_cached(
            "SELECT position, at_ms, act, case_id, hash FROM audit WHERE position > ?1 ORDER BY position LIMIT ?2",
        )?
        .query_map((row::stored(position), row::stored(limit as u64)), stored)?
        .collect()
}

/// The hash of one row; none where there is no such row.
pub(super) fn hash_of(connection: &Connection, position: u64) -> Result<Option<[u8; 32]>> {
    let hash: Option<Option<[u8; 32]>> = connection
        .prepare_cached("SELECT hash FROM audit WHERE position = ?1")?
        .query_row([row::stored(position)], |row| row.get(0))
        .optional()?;
    Ok(hash.flatten())
}

fn last(connection: &Connection) -> Result<(u64, [u8; 32])> {
    let last = connection
        .prepare_cached("SELECT position, hash FROM audit ORDER BY position DESC LIMIT 1")?
        .query_row([], |row| Ok((row::count(row, 0)?, row::bytes(row, 1)?)))
        .optional()?;
    Ok(last.unwrap_or((0, AUDIT_BEGINS)))
}

fn chain_older_rows(tx: &Transaction<'_>) -> Result<()> {
    let older: Vec<Stored> = tx
        .prepare_cached(
            "SELECT position, at_ms, act, case_id, hash FROM audit WHERE hash IS NULL ORDER BY position",
        )?
        .query_map([], stored)?
        .collect::<Result<_>>()?;
    for Stored { position, act, .. } in older {
        let before = hash_of(tx, position.saturating_sub(1))?.unwrap_or(AUDIT_BEGINS);
        tx.prepare_cached("UPDATE audit SET hash = ?2 WHERE position = ?1")?
            .execute((row::stored(position), act.hash(position, &before)))?;
    }
    Ok(())
}

fn stored(row: &Row<'_>) -> Result<Stored> {
    let case: Option<[u8; 16]> = row.get(3)?;
    Ok(Stored {
        position: row::count(row, 0)?,
        act: AuditAct {
            at_ms: row.get(1)?,
            kind: row.get(2)?,
            case: case.map(row::case_of),
        },
        hash: row.get(4)?,
    })
}
