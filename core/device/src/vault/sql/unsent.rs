//! The unsent mark: one row for each own change that no receipt of HQ covers.

use super::row;
use mooring_casefile::{Actor, CaseId, Change, ChangeId, Half};
use rusqlite::{Connection, OptionalExtension, Result, Row, Transaction};

/// Where a mark stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Mark {
    pub(crate) case: CaseId,
    pub(crate) half: Half,
    pub(crate) actor: Actor,
    pub(crate) seq: u64,
    /// Not known of a change that HQ lost again and a snapshot covers here.
    pub(crate) change: Option<ChangeId>,
}

impl Mark {
    /// The mark of a change that was just made.
    pub(crate) const fn of(change: &Change) -> Self {
        Self {
            case: change.case,
            half: change.half,
            actor: change.actor,
            seq: change.seq,
            change: Some(change.id),
        }
    }
}

pub(crate) fn put(tx: &Transaction<'_>, mark: &Mark) -> Result<()> {
    tx.prepare_cached(
        "INSERT OR IGNORE INTO unsent (case_id, half, actor, seq, change_id, packed) VALUES (?1, ?2, ?3, ?4, ?5, 0)",
    )?
    .execute((
        mark.case.bytes(),
        row::half_number(mark.half),
        mark.actor.bytes(),
        row::stored(mark.seq),
        mark.change.map(ChangeId::bytes),
    ))?;
    Ok(())
}

/// HQ holds everything of this actor up to `last_seq`.
pub(crate) fn clear_through(
    tx: &Transaction<'_>,
    case: CaseId,
    half: Half,
    actor: Actor,
    last_seq: u64,
) -> Result<usize> {
    tx.prepare_cached(
        "DELETE FROM unsent WHERE case_id = ?1 AND half = ?2 AND actor = ?3 AND seq <= ?4",
    )?
    .execute((
        case.bytes(),
        row::half_number(half),
        actor.bytes(),
        row::stored(last_seq),
    ))
}

/// Everything that HQ lacks, the worst case first.
pub(crate) fn all(connection: &Connection) -> Result<Vec<Mark>> {
    connection
        .prepare_cached(
            "SELECT u.case_id, u.half, u.actor, u.seq, u.change_id FROM unsent AS u
             JOIN cases AS c ON c.case_id = u.case_id
             ORDER BY c.queue_rank, u.case_id, u.half, u.actor, u.seq",
        )?
        .query_map([], read)?
        .collect()
}

/// The mark of one number, if it stands.
pub(crate) fn one(
    connection: &Connection,
    case: CaseId,
    half: Half,
    actor: Actor,
    seq: u64,
) -> Result<Option<Mark>> {
    connection
        .prepare_cached(
            "SELECT case_id, half, actor, seq, change_id FROM unsent
             WHERE case_id = ?1 AND half = ?2 AND actor = ?3 AND seq = ?4",
        )?
        .query_row(
            (
                case.bytes(),
                row::half_number(half),
                actor.bytes(),
                row::stored(seq),
            ),
            read,
        )
        .optional()
}

fn read(row: &Row<'_>) -> Result<Mark> {
    let known = row.get::<_, Option<Vec<u8>>>(4)?.is_some();
    Ok(Mark {
        case: row::case(row, 0)?,
        half: row::half(row, 1)?,
        actor: row::actor(row, 2)?,
        seq: row::count(row, 3)?,
        change: if known {
            Some(row::change(row, 4)?)
        } else {
            None
        },
    })
}

/// How many changes are on this phone only, in a case.
pub(crate) fn count(connection: &Connection, case: CaseId) -> Result<u64> {
    connection
        .prepare_cached(
            "SELECT count(*) FROM unsent WHERE case_id = ?1 AND
               (change_id IS NULL OR change_id NOT IN (SELECT change_id FROM sealed_at_hq))",
        )?
        .query_row([case.bytes()], |row| row::count(row, 0))
}

/// Whether any change of a case is unsent.
pub(crate) fn any(connection: &Connection, case: CaseId) -> Result<bool> {
    connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM unsent WHERE case_id = ?1)")?
        .query_row([case.bytes()], |row| row.get(0))
}

/// Whether any change of this actor is unsent.
pub(crate) fn any_of(
    connection: &Connection,
    case: CaseId,
    half: Half,
    actor: Actor,
) -> Result<bool> {
    connection
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM unsent WHERE case_id = ?1 AND half = ?2 AND actor = ?3)",
        )?
        .query_row(
            (case.bytes(), row::half_number(half), actor.bytes()),
            |row| row.get(0),
        )
}

/// How many changes are on this phone only.
pub(crate) fn count_all(connection: &Connection) -> Result<u64> {
    connection
        .prepare_cached(
            "SELECT count(*) FROM unsent WHERE
               change_id IS NULL OR change_id NOT IN (SELECT change_id FROM sealed_at_hq)",
        )?
        .query_row([], |row| row::count(row, 0))
}

/// Everything up to `last_seq` of this actor is in a push from now on.
pub(crate) fn pack_through(
    tx: &Transaction<'_>,
    case: CaseId,
    half: Half,
    actor: Actor,
    last_seq: u64,
) -> Result<usize> {
    tx.prepare_cached("UPDATE unsent SET packed = 1 WHERE case_id = ?1 AND half = ?2 AND actor = ?3 AND seq <= ?4")?
        .execute((case.bytes(), row::half_number(half), actor.bytes(), row::stored(last_seq)))
}

/// Whether this change has surely not left the phone: in no receipt and in no push.
pub(crate) fn never_left(connection: &Connection, case: CaseId, change: ChangeId) -> Result<bool> {
    connection
        .prepare_cached(
            "SELECT count(*) FROM unsent WHERE case_id = ?1 AND change_id = ?2 AND packed = 0",
        )?
        .query_row((case.bytes(), change.bytes()), |row| {
            Ok(row::count(row, 0)? > 0)
        })
}

/// HQ lacks this change again, after a restore of its own: it has left the phone before, and goes once more.
pub(crate) fn recall(tx: &Transaction<'_>, mark: &Mark) -> Result<()> {
    tx.prepare_cached(
        "INSERT OR IGNORE INTO unsent (case_id, half, actor, seq, change_id, packed) VALUES (?1, ?2, ?3, ?4, ?5, 1)",
    )?
    .execute((
        mark.case.bytes(),
        row::half_number(mark.half),
        mark.actor.bytes(),
        row::stored(mark.seq),
        mark.change.map(ChangeId::bytes),
    ))?;
    Ok(())
}
