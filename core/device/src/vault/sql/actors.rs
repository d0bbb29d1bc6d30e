//! Who each actor is. An own actor has no name here: it is whoever this phone is enrolled as.

use super::row;
use mooring_casefile::{Actor, Attribution, CaseId, Half};
use rusqlite::{Connection, Result, Transaction};

/// Who writes under an actor.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hand {
    /// This phone.
    Own,
    /// Another device, or HQ.
    Of(Attribution),
}

pub(crate) fn put(
    tx: &Transaction<'_>,
    case: CaseId,
    half: Half,
    actor: Actor,
    hand: Hand,
) -> Result<()> {
    let (device, person, roles) = match hand {
        Hand::Own => (None, None, None),
        Hand::Of(who) => (
            Some(who.device.bytes()),
            Some(who.person.bytes()),
            Some(i64::from(who.roles.bits())),
        ),
    };
    tx.prepare_cached(
        "INSERT INTO actors (case_id, half, actor, device, person, roles) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (case_id, half, actor) DO UPDATE SET
           device = excluded.device, person = excluded.person, roles = excluded.roles",
    )?
    .execute((case.bytes(), row::half_number(half), actor.bytes(), device, person, roles))?;
    Ok(())
}

pub(crate) fn of_case(connection: &Connection, case: CaseId) -> Result<Vec<(Half, Actor, Hand)>> {
    connection
        .prepare_cached("SELECT half, actor, device, person, roles FROM actors WHERE case_id = ?1 ORDER BY half, actor")?
        .query_map([case.bytes()], |row| {
            let hand = match row.get_ref(2)? {
                rusqlite::types::ValueRef::Null => Hand::Own,
                rusqlite::types::ValueRef::Integer(_)
                | rusqlite::types::ValueRef::Real(_)
                | rusqlite::types::ValueRef::Text(_)
                | rusqlite::types::ValueRef::Blob(_) => Hand::Of(row::attribution(row, 2)?),
            };
            Ok((row::half(row, 0)?, row::actor(row, 1)?, hand))
        })?
        .collect()
}

/// From enrolment on, what was written before it is the enrolled person's.
pub(crate) fn own_are(tx: &Transaction<'_>, who: Attribution) -> Result<usize> {
    tx.prepare_cached(
        "UPDATE actors SET device = ?1, person = ?2, roles = ?3 WHERE device IS NULL",
    )?
    .execute((who.device.bytes(), who.person.bytes(), who.roles.bits()))
}
