//! Runs without what they hold, to be compared with what was signed.

use rusqlite::{Connection, Row};

use super::blobs::{
    actor_id, case_id, change_id, device_id, half_of, person_id, roles_of, unsigned,
};
use super::engine;
use crate::ledger::{Hash, Leaf, LedgerError, LoggedRun};

pub(super) fn logged_runs(db: &Connection) -> Result<Vec<LoggedRun>, LedgerError> {
    let mut statement = db
        .prepare_cached(
            "SELECT id, push, leaf, salt, case_id, half, actor, first_seq, last_seq, last_change, device, person, roles
             FROM run ORDER BY id",
        )
        .map_err(engine)?;
    let mut rows = statement.query([]).map_err(engine)?;
    let mut runs = Vec::new();
    while let Some(row) = rows.next().map_err(engine)? {
        runs.push(read(row)?);
    }
    Ok(runs)
}

fn read(row: &Row<'_>) -> Result<LoggedRun, LedgerError> {
    let (index, salt): (Option<i64>, Option<Hash>) =
        (row.get(2).map_err(engine)?, row.get(3).map_err(engine)?);
    let leaf = index.zip(salt).map(|(index, salt)| {
        let index = unsigned(index)?;
        Ok(Leaf { index, salt })
    });
    Ok(LoggedRun {
        id: row.get(0).map_err(engine)?,
        push: row.get(1).map_err(engine)?,
        leaf: leaf.transpose()?,
        case: case_id(row.get(4).map_err(engine)?),
        half: half_of(row.get(5).map_err(engine)?)?,
        actor: actor_id(row.get(6).map_err(engine)?),
        first_seq: unsigned(row.get(7).map_err(engine)?)?,
        last_seq: unsigned(row.get(8).map_err(engine)?)?,
        last_change: change_id(row.get(9).map_err(engine)?),
        device: device_id(row.get(10).map_err(engine)?),
        person: person_id(row.get(11).map_err(engine)?),
        roles: roles_of(row.get(12).map_err(engine)?)?,
    })
}
