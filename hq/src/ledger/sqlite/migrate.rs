//! Schemas, forward only: each step is one transaction, and a file from a newer program is left untouched.

use rusqlite::{Connection, TransactionBehavior};

use super::{LedgerError, engine};

/// Every landed migration in order. They are never edited; a test keeps their hashes.
const STEPS: &[&str] = &[
    include_str!("schema/0001.sql"),
    include_str!("schema/0002.sql"),
];

/// Brings a ledger to the newest schema.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), LedgerError> {
    let known = u32::try_from(STEPS.len()).map_err(|_| LedgerError::Inside(-2))?;
    loop {
        // Immediate, so that two processes that open a new ledger at once take turns.
        let tx = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(engine)?;
        let found: u32 = tx
            .query_row("PRAGMA user_version", [], |row| row.get(0))
            .map_err(engine)?;
        if found > known {
            return Err(LedgerError::TooNew { found, known });
        }
        let Some(step) = usize::try_from(found).ok().and_then(|at| STEPS.get(at)) else {
            return Ok(());
        };
        tx.execute_batch(step).map_err(engine)?;
        tx.pragma_update(None, "user_version", found + 1)
            .map_err(engine)?;
        tx.commit().map_err(engine)?;
    }
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::*;
    use crate::hex::hex;

    /// What each schema looked like on the day it landed, made by its own program and only read afterwards.
    const LANDED: &[&str] = &[
        include_str!("schema/landed-0001.txt"),
        include_str!("schema/landed-0002.txt"),
    ];

    fn schema(connection: &Connection) -> String {
        let mut rows = connection
            .prepare("SELECT type, name, coalesce(sql, '') FROM sqlite_schema ORDER BY type, name")
            .unwrap();
        let rows = rows.query_map([], |row| {
            let (kind, name, sql): (String, String, String) =
                (row.get(0)?, row.get(1)?, row.get(2)?);
            Ok(format!("{kind} {name}\n{sql}\n"))
        });
        rows.unwrap().map(Result::unwrap).collect()
    }

    fn set_version(connection: &Connection, version: usize) {
        let version = u32::try_from(version).unwrap();
        connection
            .pragma_update(None, "user_version", version)
            .unwrap();
    }

    fn at_version(version: usize) -> Connection {
        let connection = Connection::open_in_memory().unwrap();
        for step in STEPS.iter().take(version) {
            connection.execute_batch(step).unwrap();
        }
        set_version(&connection, version);
        connection
    }

    #[test]
    fn every_older_schema_upgrades_to_the_newest() {
        for version in 0..=STEPS.len() {
            let mut old = at_version(version);
            migrate(&mut old).unwrap();
            assert_eq!(schema(&old), schema(&at_version(STEPS.len())));
        }
    }

    #[test]
    fn every_schema_is_what_it_was_when_it_landed() {
        assert_eq!(LANDED.len(), STEPS.len());
        for (at, landed) in LANDED.iter().enumerate() {
            assert_eq!(schema(&at_version(at + 1)), *landed, "schema {}", at + 1);
        }
    }

    #[test]
    fn landed_migrations_are_never_edited() {
        let hashes: Vec<String> = STEPS
            .iter()
            .map(|step| hex(&Sha256::digest(step.as_bytes())))
            .collect();
        assert_eq!(
            hashes,
            [
                "23a1a52184a3f1ab534bc91b29cd6cfc16a61751884a03a949ae50c11637e82f",
                "09c664cff2bab3262d44e67fab833f4045cf2788d01cb7f78f7fe68ae6e52f89",
            ]
        );
    }

    #[test]
    fn a_ledger_from_a_newer_program_is_left_untouched() {
        let mut newer = at_version(STEPS.len());
        set_version(&newer, STEPS.len() + 1);
        let before = schema(&newer);
        assert_eq!(
            migrate(&mut newer),
            Err(LedgerError::TooNew {
                found: u32::try_from(STEPS.len()).unwrap() + 1,
                known: u32::try_from(STEPS.len()).unwrap()
            })
        );
        assert_eq!(schema(&newer), before);
    }
}
