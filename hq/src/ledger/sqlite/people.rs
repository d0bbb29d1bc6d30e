//! Staff.

use mooring_casefile::{PersonId, Roles};
use rusqlite::{Connection, Params, Transaction, params};

use super::blobs::{person_blob, person_id, roles_number, roles_of};
use super::engine;
use crate::ledger::{LedgerError, StaffRow};

pub(super) fn add_staff(tx: &Transaction<'_>, staff: &StaffRow) -> Result<(), LedgerError> {
    tx.execute(
        "INSERT INTO staff (id, name, roles, password, added_ms) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![
            person_blob(staff.id),
            staff.name,
            roles_number(staff.roles),
            staff.password,
            staff.added_ms
        ],
    )
    .map_err(engine)?;
    Ok(())
}

pub(super) fn staff(db: &Connection) -> Result<Vec<StaffRow>, LedgerError> {
    list(
        db,
        "SELECT id, name, roles, password, added_ms FROM staff ORDER BY name",
        [],
    )
}

pub(super) fn staff_member(db: &Connection, id: PersonId) -> Result<Option<StaffRow>, LedgerError> {
    let sql = "SELECT id, name, roles, password, added_ms FROM staff WHERE id = ?1";
    Ok(list(db, sql, [person_blob(id)])?.pop())
}

pub(super) fn staff_named(db: &Connection, name: &str) -> Result<Option<StaffRow>, LedgerError> {
    let sql = "SELECT id, name, roles, password, added_ms FROM staff WHERE name = ?1";
    Ok(list(db, sql, [name])?.pop())
}

pub(super) fn set_password(
    tx: &Transaction<'_>,
    id: PersonId,
    phc: &str,
    now_ms: i64,
) -> Result<(), LedgerError> {
    tx.execute(
        "UPDATE staff SET password = ?2 WHERE id = ?1",
        params![person_blob(id), phc],
    )
    .map_err(engine)?;
    tx.execute(
        "UPDATE session SET ended_ms = ?2 WHERE staff = ?1 AND ended_ms IS NULL",
        params![person_blob(id), now_ms],
    )
    .map_err(engine)?;
    tx.execute(
        "DELETE FROM half_sign_in WHERE staff = ?1",
        [person_blob(id)],
    )
    .map_err(engine)?;
    Ok(())
}

pub(super) fn set_roles(
    tx: &Transaction<'_>,
    id: PersonId,
    roles: Roles,
) -> Result<(), LedgerError> {
    tx.execute(
        "UPDATE staff SET roles = ?2 WHERE id = ?1",
        params![person_blob(id), roles_number(roles)],
    )
    .map_err(engine)?;
    Ok(())
}

fn list(db: &Connection, sql: &str, params: impl Params) -> Result<Vec<StaffRow>, LedgerError> {
    let mut statement = db.prepare_cached(sql).map_err(engine)?;
    let mut rows = statement.query(params).map_err(engine)?;
    let mut list = Vec::new();
    while let Some(row) = rows.next().map_err(engine)? {
        list.push(StaffRow {
            id: person_id(row.get(0).map_err(engine)?),
            name: row.get(1).map_err(engine)?,
            roles: roles_of(row.get(2).map_err(engine)?)?,
            password: row.get(3).map_err(engine)?,
            added_ms: row.get(4).map_err(engine)?,
        });
    }
    Ok(list)
}
