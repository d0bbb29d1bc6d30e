//! Every protocol that was ever on this shelf; none may go while an assessment could name it.

use super::row;
use rusqlite::{Connection, Result, Transaction};

/// Where a protocol came from. The numbers are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The starter pack of the app.
    Starter,
    /// A file that somebody loaded on this phone.
    File,
    /// HQ.
    Hq,
}

impl Origin {
    const fn number(self) -> i64 {
        match self {
            Self::Starter => 0,
            Self::File => 1,
            Self::Hq => 2,
        }
    }

    const fn of(number: i64) -> Self {
        match number {
            0 => Self::Starter,
            1 => Self::File,
            _ => Self::Hq,
        }
    }
}

/// A protocol as it is stored: its sources, byte for byte.
pub(crate) struct ProtocolRow {
    pub(crate) hash: [u8; 32],
    pub(crate) key: String,
    pub(crate) questionnaire: Vec<u8>,
    pub(crate) rules: Option<Vec<u8>>,
    pub(crate) origin: Origin,
    pub(crate) added_ms: i64,
    /// Whether HQ is known to have it.
    pub(crate) at_hq: bool,
}

/// Puts it on the shelf; one that is there stays as it is.
pub(crate) fn put(tx: &Transaction<'_>, protocol: &ProtocolRow) -> Result<usize> {
    tx.prepare_cached(
        "INSERT OR IGNORE INTO protocols (hash, key, questionnaire, rules, origin, added_ms, at_hq)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute((
        protocol.hash,
        &protocol.key,
        &protocol.questionnaire,
        &protocol.rules,
        protocol.origin.number(),
        protocol.added_ms,
        protocol.at_hq,
    ))
}

/// The names of all, in the order in which they came: each is read by itself, so that damage stays in one.
pub(crate) fn hashes(connection: &Connection) -> Result<Vec<[u8; 32]>> {
    connection
        .prepare_cached("SELECT hash FROM protocols ORDER BY added_ms, key, hash")?
        .query_map([], |row| row::bytes(row, 0))?
        .collect()
}

pub(crate) fn one(connection: &Connection, hash: [u8; 32]) -> Result<ProtocolRow> {
    connection
        .prepare_cached(
            "SELECT hash, key, questionnaire, rules, origin, added_ms, at_hq FROM protocols WHERE hash = ?1",
        )?
        .query_row([hash], |row| {
            Ok(ProtocolRow {
                hash: row::bytes(row, 0)?,
                key: row.get(1)?,
                questionnaire: row.get(2)?,
                rules: row.get(3)?,
                origin: Origin::of(row.get(4)?),
                added_ms: row.get(5)?,
                at_hq: row.get(6)?,
            })
        })
}

/// HQ has it now.
pub(crate) fn is_at_hq(tx: &Transaction<'_>, hash: [u8; 32]) -> Result<()> {
    tx.prepare_cached("UPDATE protocols SET at_hq = 1 WHERE hash = ?1")?
        .execute([hash])?;
    Ok(())
}
