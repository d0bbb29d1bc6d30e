//! The schema only goes forward, and what has landed is never edited.

use super::migrate::{MIGRATIONS, migrate, migrate_to};
use super::*;
use mooring_identity::sha256;

/// The SHA-256 of each landed migration. Never change a line: add one.
const LANDED: &[(&str, &str)] = &[
    (
        "0001_vault",
        "b85d2a1943c88303d043d2bc3c867594ab1771ebc9111dce71211ceec7fa2537",
    ),
    (
        "0002_assignments",
        "30e64ef56b997b1d566d47e495778bccb708343219cb3f20e4d8ac9b358c788b",
    ),
    (
        "0003_commits",
        "67566909a959c17b723f37132eb08ef44cbba3b4e1cffc031e397a23435cf495",
    ),
    (
        "0004_sealed_at_hq",
        "2845ccb4e55a18808a9d4b6adea800c071f72ad4b54aca86fe18661249ecb778",
    ),
    (
        "0005_audit_chain",
        "324fe78e47388102e0de8d6d2fb338280f61489d87e453d532557d845f48f249",
    ),
    (
        "0006_partner",
        "576d38c93dbcee573463ee2cdee7fec29cc76d9578bf18a1688bebb9e236f763",
    ),
];

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

#[test]
fn no_landed_migration_was_edited() {
    let now: Vec<_> = MIGRATIONS
        .iter()
        .map(|(name, sql)| (*name, hex(&sha256(sql.as_bytes()))))
        .collect();
    let landed: Vec<_> = LANDED
        .iter()
        .map(|(name, hash)| (*name, (*hash).to_owned()))
        .collect();
    assert_eq!(now, landed);
}

fn schema(connection: &Connection) -> Vec<String> {
    connection
        .prepare("SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_schema ORDER BY type, name")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap()
}

#[test]
fn every_older_schema_upgrades_to_the_same_one() {
    let mut fresh = Connection::open_in_memory().unwrap();
    migrate(&mut fresh).unwrap();
    for from in 0..=MIGRATIONS.len() {
        let mut old = Connection::open_in_memory().unwrap();
        migrate_to(&mut old, from).unwrap();
        migrate(&mut old).unwrap();
        assert_eq!(schema(&old), schema(&fresh), "from version {from}");
        assert_eq!(migrate::version(&old).unwrap(), MIGRATIONS.len());
    }
}

#[test]
fn every_table_is_strict() {
    let mut fresh = Connection::open_in_memory().unwrap();
    migrate(&mut fresh).unwrap();
    let lax: i64 = fresh
        .query_row("SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0 AND name <> 'sqlite_schema'", [], |row| row.get(0))
        .unwrap();
    assert_eq!(lax, 0);
}

#[test]
fn a_step_that_fails_leaves_the_schema_before_it() {
    let mut old = Connection::open_in_memory().unwrap();
    old.execute_batch("CREATE TABLE audit (in_the_way INTEGER) STRICT;")
        .unwrap();
    let before = schema(&old);
    assert!(migrate(&mut old).is_err());
    assert_eq!(schema(&old), before);
    assert_eq!(migrate::version(&old).unwrap(), 0);
}
