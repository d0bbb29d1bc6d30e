//! Runs: appended sealed, decided once merged for ever, fed in commit order.

use mooring_casefile::{Actor, CaseId, Half};
use rusqlite::{Connection, OptionalExtension, Params, Row, Transaction, params};

use super::blobs::{
    actor_blob, actor_id, case_blob, case_id, change_blob, change_id, device_blob, device_id,
    fate_code, fate_number, half_number, half_of, make_fate, person_blob, person_id, roles_number,
    roles_of, signed, unsigned,
};
use super::{engine, feed, holders};
use crate::ledger::{Entry, Fate, Hash, Leaf, LedgerError, Mark, Moves, NewRun, RunRow};

/// The columns of a run, in the order in which `read` takes them.
pub(super) const COLUMNS: &str = "run.id, run.leaf, run.salt, run.case_id, run.half, run.actor, run.first_seq, run.last_seq, \
     run.last_change, run.device, run.person, run.roles, run.received_ms, run.sealed, run.state, run.code";

pub(super) fn case_key(db: &Connection, case: CaseId) -> Result<Option<[u8; 32]>, LedgerError> {
    db.prepare_cached("SELECT key FROM case_key WHERE case_id = ?1")
        .and_then(|mut ask| {
            ask.query_row([case_blob(case)], |row| row.get(0))
                .optional()
        })
        .map_err(engine)
}

/// `Conflict` where another push brought one a moment ago, or the case was shredded meanwhile: look again.
pub(super) fn add_key(
    tx: &Transaction<'_>,
    case: CaseId,
    key: &[u8; 32],
) -> Result<(), LedgerError> {
    let added = tx
        .execute(
            "INSERT INTO case_key (case_id, key) SELECT ?1, ?2
             WHERE NOT EXISTS (SELECT 1 FROM shredded WHERE case_id = ?1)",
            params![case_blob(case), key],
        )
        .map_err(engine)?;
    if added == 1 {
        Ok(())
    } else {
        Err(LedgerError::Conflict)
    }
}

pub(super) fn insert(
    tx: &Transaction<'_>,
    push: Option<&Hash>,
    run: &NewRun,
    fate: &Fate,
    now_ms: i64,
) -> Result<i64, LedgerError> {
    let mut insert = tx
        .prepare_cached(
            "INSERT INTO run (push, leaf, salt, case_id, half, actor, first_seq, last_seq, last_change,
                 device, person, roles, received_ms, sealed, state, code)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
        )
        .map_err(engine)?;
    insert
        .insert(params![
            push,
            run.leaf.map(|leaf| signed(leaf.index)).transpose()?,
            run.leaf.map(|leaf| leaf.salt),
            case_blob(run.case),
            half_number(run.half),
            actor_blob(&run.actor),
            signed(run.first_seq)?,
            signed(run.last_seq)?,
            change_blob(&run.last_change),
            device_blob(run.device),
            person_blob(run.person),
            roles_number(run.roles),
            now_ms,
            run.sealed,
            fate_number(fate),
            fate_code(fate)
        ])
        .map_err(engine)
}

pub(super) fn append_own(
    tx: &Transaction<'_>,
    run: &NewRun,
    now_ms: i64,
) -> Result<i64, LedgerError> {
    let id = insert(tx, None, run, &Fate::Merged, now_ms)?;
    feed::feed_run(tx, id, now_ms)?;
    Ok(id)
}

pub(super) fn decide(tx: &Transaction<'_>, moves: &Moves, now_ms: i64) -> Result<(), LedgerError> {
    // Assignments first: a case's first runs then come by themselves, right after it.
    for assignment in &moves.assignments {
        holders::feed_assignment(tx, assignment, now_ms)?;
    }
    for holder in &moves.holders {
        holders::add_holder(tx, holder, now_ms)?;
    }
    for decision in &moves.decisions {
        tx.execute(
            "UPDATE run SET state = ?2, code = ?3, decided_ms = ?4 WHERE id = ?1",
            params![
                decision.run,
                fate_number(&decision.fate),
                fate_code(&decision.fate),
                now_ms
            ],
        )
        .map_err(engine)?;
        match decision.entry {
            Entry::Feed => feed::feed_run(tx, decision.run, now_ms)?,
            Entry::None => {}
        }
    }
    Ok(())
}

pub(super) fn cases(db: &Connection) -> Result<Vec<CaseId>, LedgerError> {
    case_list(db, "SELECT DISTINCT case_id FROM run ORDER BY case_id")
}

pub(super) fn undecided_cases(db: &Connection) -> Result<Vec<CaseId>, LedgerError> {
    case_list(
        db,
        "SELECT DISTINCT case_id FROM run WHERE state IN (0, 2) ORDER BY case_id",
    )
}

fn case_list(db: &Connection, sql: &str) -> Result<Vec<CaseId>, LedgerError> {
    let mut rows = db.prepare_cached(sql).map_err(engine)?;
    let rows = rows
        .query_map([], |row| row.get::<_, [u8; 16]>(0))
        .map_err(engine)?;
    rows.map(|row| Ok(case_id(row.map_err(engine)?))).collect()
}

pub(super) fn runs(db: &Connection, case: CaseId) -> Result<Vec<RunRow>, LedgerError> {
    let sql = format!("SELECT {COLUMNS} FROM run WHERE run.case_id = ?1 ORDER BY run.id");
    list(db, &sql, [case_blob(case)])
}

pub(super) fn undecided(db: &Connection, case: CaseId) -> Result<Vec<RunRow>, LedgerError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM run WHERE run.case_id = ?1 AND run.state IN (0, 2) ORDER BY run.id"
    );
    list(db, &sql, [case_blob(case)])
}

// A mark says that HQ has everything up to its number. Of what came sealed, in any order, that is so only once it is merged: until then
// it counts for none, or the phone would not send what comes before it.
pub(super) fn marks(
    db: &Connection,
    case: CaseId,
    half: Half,
    actor: &Actor,
) -> Result<Vec<Mark>, LedgerError> {
    let mut rows = db
        .prepare_cached(
            "SELECT last_seq, last_change, state, code FROM run
             WHERE case_id = ?1 AND half = ?2 AND actor = ?3 AND (state = 1
                 OR NOT EXISTS (SELECT 1 FROM sealed_run WHERE sealed_run.run = run.id))
             ORDER BY last_seq DESC, id DESC",
        )
        .map_err(engine)?;
    let mut rows = rows
        .query(params![
            case_blob(case),
            half_number(half),
            actor_blob(actor)
        ])
        .map_err(engine)?;
    let mut marks: Vec<Mark> = Vec::new();
    while let Some(row) = rows.next().map_err(engine)? {
        let mark = read_mark(row)?;
        let merged = mark.fate == Fate::Merged;
        if merged || marks.is_empty() {
            marks.insert(0, mark);
        }
        if merged {
            break;
        }
    }
    Ok(marks)
}

pub(super) fn run_ending(
    db: &Connection,
    case: CaseId,
    half: Half,
    actor: &Actor,
    seq: u64,
) -> Result<Option<Mark>, LedgerError> {
    let mut rows = db
        .prepare_cached(
            "SELECT last_seq, last_change, state, code FROM run
             WHERE case_id = ?1 AND half = ?2 AND actor = ?3 AND last_seq = ?4 AND (state = 1
                 OR NOT EXISTS (SELECT 1 FROM sealed_run WHERE sealed_run.run = run.id))
             ORDER BY state = 1 DESC, id DESC LIMIT 1",
        )
        .map_err(engine)?;
    let mut rows = rows
        .query(params![
            case_blob(case),
            half_number(half),
            actor_blob(actor),
            signed(seq)?
        ])
        .map_err(engine)?;
    rows.next().map_err(engine)?.map(read_mark).transpose()
}

fn read_mark(row: &Row<'_>) -> Result<Mark, LedgerError> {
    Ok(Mark {
        last_seq: unsigned(row.get(0).map_err(engine)?)?,
        last_change: change_id(row.get(1).map_err(engine)?),
        fate: make_fate(row.get(2).map_err(engine)?, row.get(3).map_err(engine)?)?,
    })
}

pub(super) fn actors(db: &Connection, case: CaseId, half: Half) -> Result<Vec<Actor>, LedgerError> {
    let mut rows = db
        .prepare_cached(
            "SELECT DISTINCT actor FROM run WHERE case_id = ?1 AND half = ?2 ORDER BY actor",
        )
        .map_err(engine)?;
    let rows = rows
        .query_map(params![case_blob(case), half_number(half)], |row| {
            row.get::<_, [u8; 16]>(0)
        })
        .map_err(engine)?;
    rows.map(|row| Ok(actor_id(row.map_err(engine)?))).collect()
}

pub(super) fn list(
    db: &Connection,
    sql: &str,
    params: impl Params,
) -> Result<Vec<RunRow>, LedgerError> {
    let mut statement = db.prepare_cached(sql).map_err(engine)?;
    let mut rows = statement.query(params).map_err(engine)?;
    let mut list = Vec::new();
    while let Some(row) = rows.next().map_err(engine)? {
        list.push(read(row)?);
    }
    Ok(list)
}

fn read(row: &Row<'_>) -> Result<RunRow, LedgerError> {
    let (index, salt): (Option<i64>, Option<Hash>) =
        (row.get(1).map_err(engine)?, row.get(2).map_err(engine)?);
    let leaf = index.zip(salt).map(|(index, salt)| {
        Ok(Leaf {
            index: unsigned(index)?,
            salt,
        })
    });
    Ok(RunRow {
        id: row.get(0).map_err(engine)?,
        run: NewRun {
            leaf: leaf.transpose()?,
            case: case_id(row.get(3).map_err(engine)?),
            half: half_of(row.get(4).map_err(engine)?)?,
            actor: actor_id(row.get(5).map_err(engine)?),
            first_seq: unsigned(row.get(6).map_err(engine)?)?,
            last_seq: unsigned(row.get(7).map_err(engine)?)?,
            last_change: change_id(row.get(8).map_err(engine)?),
            device: device_id(row.get(9).map_err(engine)?),
            person: person_id(row.get(10).map_err(engine)?),
            roles: roles_of(row.get(11).map_err(engine)?)?,
            sealed: row.get(13).map_err(engine)?,
        },
        received_ms: row.get(12).map_err(engine)?,
        fate: make_fate(row.get(14).map_err(engine)?, row.get(15).map_err(engine)?)?,
    })
}
