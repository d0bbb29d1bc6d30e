//! A disk that fails: typed, nothing half-written, and all well again afterwards.

use super::*;
use crate::error::NotSaved;
use sql::facts::{Fact, get, put};

#[track_caller]
fn check_not_saved(break_it: &str, mend_it: &str, expected: NotSaved) {
    let closed = Closed::new();
    let mut vault = closed.open(PIN).unwrap();
    vault.connection.execute_batch(break_it).unwrap();
    let big = vec![1; 200_000];
    let saved = vault.write(NOW, |tx| {
        put(tx, Fact::Address, b"half")?;
        Ok(put(tx, Fact::Root, &big)?)
    });
    assert_eq!(saved, Err(Error::NotSaved(expected)));
    assert_eq!(address(&mut vault).unwrap(), b"kept");
    let read = vault.read(NOW, Act::List, |connection| {
        Ok(get(connection, Fact::Address)?)
    });
    assert_eq!(read.unwrap().unwrap(), b"kept", "reading must go on");
    vault.connection.execute_batch(mend_it).unwrap();
    vault
        .write(NOW, |tx| Ok(put(tx, Fact::Address, b"later")?))
        .unwrap();
    assert_eq!(address(&mut vault).unwrap(), b"later");
}

#[test]
fn a_full_disk_says_not_saved_and_keeps_what_was() {
    check_not_saved(
        "PRAGMA max_page_count = 1;",
        "PRAGMA max_page_count = 1000000;",
        NotSaved::NoSpace,
    );
}

#[test]
fn read_only_storage_says_not_saved_and_keeps_what_was() {
    check_not_saved(
        "PRAGMA query_only = ON;",
        "PRAGMA query_only = OFF;",
        NotSaved::ReadOnly,
    );
}

#[test]
fn the_audit_row_of_a_read_on_a_full_disk_is_written_later() {
    let closed = Closed::new();
    let mut vault = closed.open(PIN).unwrap();
    let before = audit_rows(&mut vault);
    vault
        .connection
        .execute_batch("PRAGMA query_only = ON;")
        .unwrap();
    vault.read(NOW, Act::List, |_| Ok(())).unwrap();
    vault
        .connection
        .execute_batch("PRAGMA query_only = OFF;")
        .unwrap();
    assert_eq!(audit_rows(&mut vault), before);
    vault.write(NOW, |_| Ok(())).unwrap();
    assert_eq!(audit_rows(&mut vault), before + 1);
}

fn audit_rows(vault: &mut Vault) -> i64 {
    vault
        .look(|connection| {
            Ok(connection.query_row("SELECT count(*) FROM audit", [], |row| row.get(0))?)
        })
        .unwrap()
}

#[test]
fn every_setting_that_safety_rests_on_is_in_force() {
    let closed = Closed::new();
    let mut vault = closed.open(PIN).unwrap();
    for (pragma, expected) in [
        ("journal_mode", "wal"),
        ("synchronous", "2"),
        ("fullfsync", "1"),
        ("checkpoint_fullfsync", "1"),
        ("secure_delete", "1"),
        ("trusted_schema", "0"),
        ("foreign_keys", "1"),
        ("locking_mode", "exclusive"),
    ] {
        let value = vault.look(|connection| {
            Ok(
                connection.query_row(&format!("PRAGMA {pragma}"), [], |row| {
                    row.get::<_, i64>(0)
                        .map(|number| number.to_string())
                        .or_else(|_| row.get(0))
                })?,
            )
        });
        assert_eq!(value.unwrap(), expected, "{pragma}");
    }
    let defensive = vault
        .connection
        .db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_DEFENSIVE);
    assert!(defensive.unwrap());
}

#[test]
fn nothing_in_the_folder_can_be_read_without_the_key() {
    let closed = Closed::new();
    let mut vault = closed.open(PIN).unwrap();
    let canary = b"a canary that must not be seen";
    vault
        .write(NOW, |tx| Ok(put(tx, Fact::Address, canary)?))
        .unwrap();
    for (name, bytes) in closed.bytes() {
        assert!(
            !bytes.windows(canary.len()).any(|window| window == canary),
            "{name}"
        );
        assert!(
            !bytes.windows(13).any(|window| window == b"SQLite format"),
            "{name}"
        );
    }
}
