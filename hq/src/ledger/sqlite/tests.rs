//! What is true of this engine alone, and the suite that is true of every one.

use std::fs;
use std::path::Path;

use rusqlite::Connection;
use tempfile::TempDir;

use super::*;
use crate::ledger::conformance::{case, check_all, enrol_two, push, run};
use crate::ledger::{Appended, Cases, Log, Part, ShreddedRow};

const KEY: [u8; 32] = [7; 32];

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn file(folder: &TempDir) -> std::path::PathBuf {
    folder.path().join("ledger.db")
}

fn raw(file: &Path) -> Connection {
    let connection = Connection::open(file).unwrap();
    unlock(&connection, &KEY).unwrap();
    connection
}

#[test]
fn it_is_a_ledger() {
    let mut folders = Vec::new();
    check_all(&mut || {
        let folder = folder();
        let ledger = SqliteLedger::open(&file(&folder), &KEY).unwrap();
        folders.push(folder);
        Box::new(ledger)
    });
}

#[test]
fn a_ledger_that_does_not_open_stays_byte_for_byte_as_it_is() {
    let folder = folder();
    drop(SqliteLedger::open(&file(&folder), &KEY).unwrap());
    let before = fs::read(file(&folder)).unwrap();
    let opened = SqliteLedger::open(&file(&folder), &[8; 32]);
    assert_eq!(opened.err(), Some(LedgerError::WontOpen));
    assert_eq!(fs::read(file(&folder)).unwrap(), before);
    SqliteLedger::open(&file(&folder), &KEY).unwrap();
}

#[test]
fn nothing_in_the_file_can_be_read_without_the_key() {
    let folder = folder();
    let ledger = SqliteLedger::open(&file(&folder), &KEY).unwrap();
    enrol_two(&ledger);
    for entry in fs::read_dir(folder.path()).unwrap() {
        let bytes = fs::read(entry.unwrap().path()).unwrap();
        assert!(!bytes.windows(6).any(|window| window == b"Okafor"));
    }
}

#[test]
fn every_commit_is_synced_before_it_counts() {
    let folder = folder();
    let ledger = SqliteLedger::open(&file(&folder), &KEY).unwrap();
    let pragma = |name: &str| {
        ledger
            .read(|db| {
                db.query_row(&format!("PRAGMA {name}"), [], |row| {
                    row.get::<_, rusqlite::types::Value>(0)
                })
                .map_err(engine)
            })
            .unwrap()
    };
    assert_eq!(
        pragma("journal_mode"),
        rusqlite::types::Value::Text("wal".into())
    );
    assert_eq!(pragma("synchronous"), rusqlite::types::Value::Integer(2));
    assert_eq!(pragma("secure_delete"), rusqlite::types::Value::Integer(1));
    assert_eq!(pragma("foreign_keys"), rusqlite::types::Value::Integer(1));
}

#[test]
fn the_log_can_not_be_rewritten_even_by_hand() {
    let folder = folder();
    let ledger = SqliteLedger::open(&file(&folder), &KEY).unwrap();
    enrol_two(&ledger);
    ledger
        .append_push(&push(1, vec![run(case(1), 1, 1, 1)]), 5)
        .unwrap();
    ledger.feed_directory(1, b"d", 5).unwrap();
    let by_hand = raw(&file(&folder));
    for statement in [
        "DELETE FROM run",
        "DELETE FROM push",
        "DELETE FROM feed",
        "UPDATE run SET sealed = x'00'",
        "UPDATE run SET person = x'00'",
        "UPDATE push SET statement = x'00'",
        "UPDATE feed SET cursor = 99",
    ] {
        assert!(by_hand.execute(statement, []).is_err(), "{statement}");
    }
}

#[test]
fn two_processes_take_turns_and_see_each_other() {
    let folder = folder();
    let serve = SqliteLedger::open(&file(&folder), &KEY).unwrap();
    let admin = SqliteLedger::open(&file(&folder), &KEY).unwrap();
    enrol_two(&admin);
    let appended = serve.append_push(&push(1, vec![run(case(1), 1, 1, 1)]), 5);
    assert!(matches!(appended, Ok(Appended::New(_))));
    assert_eq!(admin.cases(), Ok(vec![case(1)]));
}

#[test]
fn what_fails_half_way_leaves_nothing() {
    let folder = folder();
    let ledger = SqliteLedger::open(&file(&folder), &KEY).unwrap();
    enrol_two(&ledger);
    let mut bad = push(1, vec![run(case(1), 1, 1, 1), run(case(2), 1, 1, 2)]);
    bad.runs[1].first_seq = u64::MAX;
    assert!(ledger.append_push(&bad, 5).is_err());
    assert_eq!(ledger.cases(), Ok(vec![]));
    assert_eq!(ledger.push(&bad.id), Ok(None));
}

/// A ledger of the real schema and settings, but for the encryption: so that what its files hold can be looked at.
fn plain(file: &Path) -> SqliteLedger {
    let mut connection = Connection::open(file).unwrap();
    connection
        .execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA secure_delete = ON; PRAGMA foreign_keys = ON;",
        )
        .unwrap();
    migrate::migrate(&mut connection).unwrap();
    SqliteLedger {
        connection: Mutex::new(connection),
    }
}

/// Whether these bytes stand in any file of the folder.
fn stands(folder: &TempDir, bytes: &[u8]) -> bool {
    fs::read_dir(folder.path()).unwrap().any(|entry| {
        let file = fs::read(entry.unwrap().path()).unwrap();
        file.windows(bytes.len()).any(|window| window == bytes)
    })
}

#[test]
fn no_file_holds_the_key_of_a_shredded_case_and_those_of_others_stay() {
    let folder = folder();
    let ledger = plain(&file(&folder));
    enrol_two(&ledger);
    let (gone, stays) = (
        *b"the-key-that-is-to-be-destroyed!",
        *b"the-key-of-somebody-else-stays-.",
    );
    let mut arrived = push(1, vec![run(case(1), 1, 1, 1), run(case(2), 1, 1, 1)]);
    arrived.keys = vec![(case(1), gone), (case(2), stays)];
    ledger.append_push(&arrived, 5).unwrap();
    let half_arrived = Part {
        device: arrived.device,
        push: [9; 32],
        start: 0,
        total: 99,
        bytes: b"half of a push, perhaps of that case".to_vec(),
    };
    ledger.keep_part(&half_arrived, 6).unwrap();
    assert!(stands(&folder, &gone) && stands(&folder, &half_arrived.bytes));
    let shredded = ShreddedRow {
        case: case(1),
        reason: "asked for".into(),
        at_ms: 7,
    };
    ledger.shred(&shredded, &[]).unwrap();
    assert!(!stands(&folder, &gone));
    assert!(!stands(&folder, &half_arrived.bytes));
    assert!(stands(&folder, &stays));
}

#[test]
fn a_shredded_case_gets_no_key_even_by_hand() {
    let folder = folder();
    let ledger = SqliteLedger::open(&file(&folder), &KEY).unwrap();
    let shredded = ShreddedRow {
        case: case(1),
        reason: "asked for".into(),
        at_ms: 7,
    };
    ledger.shred(&shredded, &[]).unwrap();
    let by_hand = raw(&file(&folder));
    let key = "INSERT INTO case_key (case_id, key) VALUES (?1, ?2)";
    let add = |id: mooring_casefile::CaseId| by_hand.execute(key, (id.bytes(), [7_u8; 32]));
    assert!(add(case(2)).is_ok());
    assert!(add(case(1)).is_err());
    assert!(by_hand.execute("DELETE FROM shredded", []).is_err());
}
