//! The schema, forward only. A landed migration is never edited: a test keeps the hash of each.

use crate::error::{Error, Result};
use crate::vault::fault::from_sqlite;
use rusqlite::{Connection, TransactionBehavior};

/// Every step, oldest first; the schema's version is how many were taken.
pub(crate) const MIGRATIONS: &[(&str, &str)] = &[
    (
        "0001_vault",
        include_str!("../../migrations/0001_vault.sql"),
    ),
    (
        "0002_assignments",
        include_str!("../../migrations/0002_assignments.sql"),
    ),
    (
        "0003_commits",
        include_str!("../../migrations/0003_commits.sql"),
    ),
    (
        "0004_sealed_at_hq",
        include_str!("../../migrations/0004_sealed_at_hq.sql"),
    ),
    (
        "0005_audit_chain",
        include_str!("../../migrations/0005_audit_chain.sql"),
    ),
    (
        "0006_partner",
        include_str!("../../migrations/0006_partner.sql"),
    ),
];

/// Brings the schema up to date, each step in a transaction of its own: a cut leaves the old or the new, never between.
/// A schema of a newer version is left as it is.
pub(crate) fn migrate(connection: &mut Connection) -> Result<()> {
    migrate_to(connection, MIGRATIONS.len())
}

/// The schema's version in this file, refused if a newer app wrote it. Reads only.
pub(crate) fn version(connection: &Connection) -> Result<usize> {
    let stored: i64 = connection
        .query_row("PRAGMA user_version", [], |row| row.get(0))
        .map_err(|error| from_sqlite(&error))?;
    match usize::try_from(stored) {
        Ok(known) if known <= MIGRATIONS.len() => Ok(known),
        Ok(_) | Err(_) => Err(Error::UpdateApp),
    }
}

pub(crate) fn migrate_to(connection: &mut Connection, target: usize) -> Result<()> {
    let from = version(connection)?;
    for (step, (_, sql)) in MIGRATIONS.iter().enumerate().take(target).skip(from) {
        take_step(connection, sql, step + 1).map_err(|error| from_sqlite(&error))?;
    }
    Ok(())
}

fn take_step(connection: &mut Connection, sql: &str, version: usize) -> rusqlite::Result<()> {
    let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    tx.execute_batch(sql)?;
    tx.execute_batch(&format!("PRAGMA user_version = {version};"))?;
    tx.commit()
}
