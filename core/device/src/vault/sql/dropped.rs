//! Dropping a case: every row that holds anything of it. What stays is that this phone does not hold it any more, and the audit.

use mooring_casefile::CaseId;
use rusqlite::{Result, Transaction};

/// In the order that their references ask for. The file is opened so that what is deleted is overwritten; in the WAL it stands until
/// the next checkpoint.
const TABLES: [&str; 9] = [
    "DELETE FROM sealed_at_hq WHERE change_id IN (SELECT change_id FROM unsent WHERE case_id = ?1)",
    "DELETE FROM unsent WHERE case_id = ?1",
    "DELETE FROM changes WHERE case_id = ?1",
    "DELETE FROM halves WHERE case_id = ?1",
    "DELETE FROM actors WHERE case_id = ?1",
    "DELETE FROM waiting_runs WHERE case_id = ?1",
    "DELETE FROM receipts WHERE case_id = ?1",
    "DELETE FROM proofs WHERE case_id = ?1",
    "DELETE FROM cases WHERE case_id = ?1",
];

pub(crate) fn case(tx: &Transaction<'_>, case: CaseId) -> Result<()> {
    for sql in TABLES {
        tx.prepare_cached(sql)?.execute([case.bytes()])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vault::database::settle_in;
    use crate::vault::migrate::migrate;
    use rusqlite::Connection;
    use std::path::Path;

    const CANARY: &[u8] = b"canary-in-a-cage";
    const GONE: [u8; 16] = [7; 16];

    /// A vault of the real schema and settings, but for the encryption: so that what its files hold can be looked at.
    fn plain(file: &Path) -> Connection {
        let mut connection = Connection::open(file).unwrap();
        settle_in(&connection).unwrap();
        migrate(&mut connection).unwrap();
        connection
    }

    /// Every table that can hold something of a case, with the canary in each column that can take it.
    fn fill(connection: &Connection, case: [u8; 16]) {
        let long: Vec<u8> = CANARY.iter().copied().cycle().take(9_600).collect();
        let (words, id) = (String::from_utf8(long.clone()).unwrap(), &long[..32]);
        let heads = &long[..64];
        let run = |sql: &str, with: &dyn rusqlite::ToSql| {
            connection.execute(sql, (case, with)).unwrap();
        };
        run("INSERT INTO cases (case_id, title, level_words, level_token, queue_rank, contested, unsent, created_ms, updated_ms)
             VALUES (?1, ?2, ?2, ?2, 1, 0, 1, 1, 1)", &words);
        run(
            "INSERT INTO halves (case_id, half, heads, snapshot, snapshot_heads) VALUES (?1, 0, ?2, ?2, ?2)",
            &heads,
        );
        connection
            .execute(
                "INSERT INTO changes (change_id, case_id, half, actor, seq, bytes) VALUES (?2, ?1, 0, ?3, 1, ?4)",
                (case, [case[0]; 32], &CANARY, &long),
            )
            .unwrap();
        connection
            .execute(
                "INSERT INTO unsent (case_id, half, actor, seq, change_id, packed) VALUES (?1, 0, ?2, 1, ?3, 0)",
                (case, &CANARY, [case[0]; 32]),
            )
            .unwrap();
        connection
            .execute(
                "INSERT INTO sealed_at_hq (change_id) VALUES (?1)",
                [[case[0]; 32]],
            )
            .unwrap();
        run(
            "INSERT INTO actors (case_id, half, actor) VALUES (?1, 0, ?2)",
            &CANARY,
        );
        connection
            .execute(
                "INSERT INTO receipts (case_id, half, actor, last_seq, last_change, state, reason, at_ms) VALUES (?1, 0, ?2, 1, ?3, 1, 0, 1)",
                (case, &CANARY, id),
            )
            .unwrap();
        connection
            .execute(
                "INSERT INTO waiting_runs (case_id, half, actor, first_seq, last_seq, last_change, device, person, roles, held, changes, at_ms)
                 VALUES (?1, 0, ?2, 1, 1, ?3, ?2, ?2, 0, 0, ?4, 1)",
                (case, &CANARY, id, &long),
            )
            .unwrap();
    }

    /// How often the canary's first half stands in any file of the folder: a page may end in its middle.
    fn found(folder: &Path) -> usize {
        let files = std::fs::read_dir(folder).unwrap();
        let bytes = files.map(|file| std::fs::read(file.unwrap().path()).unwrap());
        bytes
            .map(|bytes| {
                bytes
                    .windows(8)
                    .filter(|window| *window == &CANARY[..8])
                    .count()
            })
            .sum()
    }

    fn rows(connection: &Connection) -> i64 {
        let tables = [
            "cases",
            "halves",
            "changes",
            "unsent",
            "sealed_at_hq",
            "actors",
            "receipts",
            "waiting_runs",
        ];
        let count = |table: &str| -> i64 {
            connection
                .query_row(&format!("SELECT count(*) FROM {table}"), [], |row| {
                    row.get(0)
                })
                .unwrap()
        };
        tables.into_iter().map(count).sum()
    }

    #[test]
    fn no_byte_of_a_dropped_case_is_in_any_file_and_no_other_case_is_touched() {
        let folder = tempfile::tempdir().unwrap();
        let mut connection = plain(&folder.path().join("vault.db"));
        fill(&connection, GONE);
        assert!(found(folder.path()) > 1_000);
        assert_eq!(rows(&connection), 8);
        let tx = connection.transaction().unwrap();
        case(&tx, CaseId::from_uuid(uuid::Uuid::from_bytes(GONE))).unwrap();
        tx.commit().unwrap();
        connection
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
            .unwrap();
        assert_eq!((rows(&connection), found(folder.path())), (0, 0));
        fill(&connection, [8; 16]);
        let tx = connection.transaction().unwrap();
        case(&tx, CaseId::from_uuid(uuid::Uuid::from_bytes(GONE))).unwrap();
        tx.commit().unwrap();
        assert_eq!(rows(&connection), 8);
    }
}
