//! Every step of HQ's schema, cut anywhere.

use crate::day::KEY;
use crate::{LEDGER, folder};
use mooring_crash::{Cut, Dice, Files, Recording, Volume, read_folder, write_folder};
use mooring_hq::ledger::sqlite::SqliteLedger;
use rusqlite::Connection;
use std::fmt::Write as _;
use std::path::Path;

/// Every step, oldest first.
fn steps() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../hq/src/ledger/sqlite/schema");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "sql"))
        .collect();
    files.sort();
    files
        .iter()
        .map(|file| std::fs::read_to_string(file).unwrap())
        .collect()
}

fn connect(file: &Path) -> Connection {
    let connection = Connection::open(file).unwrap();
    let mut hex = String::new();
    for byte in KEY {
        write!(hex, "{byte:02x}").unwrap();
    }
    connection
        .execute_batch(&format!(
            "PRAGMA key = \"x'{hex}'\"; PRAGMA cipher_log_level = NONE;"
        ))
        .unwrap();
    connection
}

/// A ledger as the program of that time left it.
fn of_version(version: usize) -> Files {
    let folder = folder();
    let connection = connect(&folder.path().join(LEDGER));
    for step in &steps()[..version] {
        connection.execute_batch(step).unwrap();
    }
    connection
        .execute_batch(&format!("PRAGMA user_version = {version};"))
        .unwrap();
    if version > 0 {
        connection
            .execute_batch(
                "INSERT INTO feed (cursor, kind, body, serial, added_ms) VALUES (41, 1, x'2a', 7, 5);",
            )
            .unwrap();
    }
    drop(connection);
    read_folder(folder.path())
}

/// The schema as it stands, and whether what was there before it still is.
fn look(file: &Path) -> (usize, Vec<String>, i64) {
    let connection = connect(file);
    let version: i64 = connection
        .query_row("PRAGMA user_version", [], |row| row.get(0))
        .unwrap();
    let schema: Vec<String> = connection
        .prepare("SELECT type || name || coalesce(sql, '') FROM sqlite_schema ORDER BY type, name")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let feed = "SELECT count(*) FROM feed WHERE cursor = 41 AND body = x'2a'";
    let kept = connection
        .query_row(feed, [], |row| row.get(0))
        .unwrap_or(0);
    (usize::try_from(version).unwrap(), schema, kept)
}

/// How many states of each step.
fn count() -> usize {
    if std::env::var_os("MOORING_SLOW").is_some() {
        5_000
    } else {
        120
    }
}

#[test]
fn a_cut_in_any_migration_of_the_ledger_leaves_the_old_schema_or_the_new_one() {
    let newest = steps().len();
    let schemas: Vec<_> = (0..=newest)
        .map(|version| {
            let folder = folder();
            write_folder(folder.path(), &of_version(version));
            look(&folder.path().join(LEDGER)).1
        })
        .collect();
    for from in 0..newest {
        let old = of_version(from);
        let folder = folder();
        write_folder(folder.path(), &old);
        let recording = Recording::begin(folder.path());
        drop(SqliteLedger::open(&folder.path().join(LEDGER), &KEY).unwrap());
        let events = recording.events();
        let kept = i64::from(from > 0);
        let mut volume = Volume::new(&old, &events);
        let mut dice = Dice::new(31);
        while volume.step().is_some() {
            for number in 0..count().div_ceil(events.len()) {
                let cut = Cut::ALL[number % Cut::ALL.len()];
                check(&volume.state(cut, &mut dice), from, kept, &schemas);
            }
        }
    }
}

/// As it was or a whole step further, and after the next start at the newest.
fn check(state: &Files, from: usize, kept: i64, schemas: &[Vec<String>]) {
    let folder = crate::folder();
    write_folder(folder.path(), state);
    let file = folder.path().join(LEDGER);
    let (version, schema, there) = look(&file);
    assert!(version >= from && schema == schemas[version], "between");
    assert_eq!(there, kept);
    drop(SqliteLedger::open(&file, &KEY).unwrap());
    let (version, schema, there) = look(&file);
    assert_eq!((version, there), (schemas.len() - 1, kept));
    assert!(schema == schemas[version]);
}
