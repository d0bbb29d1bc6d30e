//! Runs from HQ that could not be merged yet, or not at all: kept whole, tried again at every arrival.

use super::row;
use mooring_casefile::{Attribution, CaseId, Run};
use mooring_identity::{Reader, Writer};
use rusqlite::{Connection, Result, Transaction};

/// A run that was kept, and whose it is.
pub(crate) struct WaitingRun {
    pub(crate) position: i64,
    pub(crate) run: Run,
    pub(crate) who: Attribution,
    /// Refused by the guard for good, as against lacking something.
    pub(crate) held: bool,
}

const VERSION: u8 = 0;
const MOST_CHANGES: usize = 1 << 20;
const LARGEST_CHANGE: usize = 4 << 20;

pub(crate) fn put(
    tx: &Transaction<'_>,
    run: &Run,
    who: &Attribution,
    held: bool,
    at_ms: i64,
) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO waiting_runs
           (case_id, half, actor, first_seq, last_seq, last_change, device, person, roles, held, changes, at_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
         ON CONFLICT (case_id, half, actor, first_seq, last_change) DO UPDATE SET held = excluded.held",
    )?
    .execute((
        run.case.bytes(),
        row::half_number(run.half),
        run.actor.bytes(),
        row::stored(run.first_seq),
        row::stored(run.last_seq),
        run.last.bytes(),
        who.device.bytes(),
        who.person.bytes(),
        who.roles.bits(),
        held,
        encode(&run.changes),
        at_ms,
    ))?;
    Ok(())
}

pub(crate) fn forget(tx: &Transaction<'_>, position: i64) -> Result<()> {
    tx.prepare_cached("DELETE FROM waiting_runs WHERE position = ?1")?
        .execute([position])?;
    Ok(())
}

pub(crate) fn of_case(connection: &Connection, case: CaseId) -> Result<Vec<WaitingRun>> {
    connection
        .prepare_cached(
            "SELECT position, case_id, half, actor, first_seq, last_seq, last_change, device, person, roles, held, changes
             FROM waiting_runs WHERE case_id = ?1 ORDER BY position",
        )?
        .query_map([case.bytes()], |row| {
            Ok(WaitingRun {
                position: row.get(0)?,
                run: Run {
                    case: row::case(row, 1)?,
                    half: row::half(row, 2)?,
                    actor: row::actor(row, 3)?,
                    first_seq: row::count(row, 4)?,
                    last_seq: row::count(row, 5)?,
                    last: row::change(row, 6)?,
                    // Bytes that no longer read as a list are an empty run, which the guard refuses: nothing is guessed.
                    changes: decode(&row.get::<_, Vec<u8>>(11)?).unwrap_or_default(),
                },
                who: row::attribution(row, 7)?,
                held: row.get(10)?,
            })
        })?
        .collect()
}

fn encode(changes: &[Vec<u8>]) -> Vec<u8> {
    let mut out = Writer::new();
    out.u8(VERSION).varint(changes.len() as u64);
    for change in changes {
        out.bytes(change);
    }
    out.finish()
}

fn decode(bytes: &[u8]) -> Option<Vec<Vec<u8>>> {
    let mut reader = Reader::new(bytes);
    reader.version(VERSION).ok()?;
    let count = reader.count(MOST_CHANGES, 1).ok()?;
    let changes = (0..count)
        .map(|_| reader.bytes(LARGEST_CHANGE).ok().map(<[u8]>::to_vec))
        .collect();
    reader.finish().ok()?;
    changes
}
