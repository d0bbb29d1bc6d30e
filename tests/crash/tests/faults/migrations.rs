//! A migration that is cut leaves the old schema or the new one, and the next start gets to the new one with everything there.

use std::path::Path;

use mooring_crash::{Cut, Cuts, Dice, Files, Phone, with_connection};
use mooring_device::Device;
use rusqlite::Connection;

/// Every migration of the vault, oldest first.
fn steps() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../core/device/migrations");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files
        .iter()
        .map(|file| std::fs::read_to_string(file).unwrap())
        .collect()
}

/// A vault as the app of that time left it.
fn of_version(phone: &mut Phone, version: usize) -> Files {
    let mut device = phone.open().unwrap();
    with_connection(&mut device, |connection| {
        connection
            .execute_batch("PRAGMA foreign_keys = OFF;")
            .unwrap();
        let tables: Vec<String> = connection
            .prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")
            .unwrap()
            .query_map([], |row| row.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        for table in tables {
            connection
                .execute_batch(&format!("DROP TABLE {table};"))
                .unwrap();
        }
        for step in &steps()[..version] {
            connection.execute_batch(step).unwrap();
        }
        connection
            .execute_batch(&format!("PRAGMA user_version = {version};"))
            .unwrap();
        if version > 0 {
            connection
                .execute_batch("INSERT INTO facts (name, value) VALUES ('a fact of then', x'2a');")
                .unwrap();
        }
    });
    device.lock();
    phone.disk.files()
}

fn schema(connection: &Connection) -> Vec<String> {
    connection
        .prepare("SELECT type || name || coalesce(sql, '') FROM sqlite_schema ORDER BY type, name")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect()
}

fn look(device: &mut Device) -> (i64, i64, Vec<String>) {
    with_connection(device, |connection| {
        let one = |sql| connection.query_row(sql, [], |row| row.get(0)).unwrap();
        (
            one("PRAGMA user_version"),
            one("SELECT count(*) FROM facts WHERE name = 'a fact of then' AND value = x'2a'"),
            schema(connection),
        )
    })
}

/// How many states of each migration.
fn count() -> usize {
    if std::env::var_os("MOORING_SLOW").is_some() {
        10_000
    } else {
        120
    }
}

#[test]
fn a_cut_in_any_migration_leaves_the_old_schema_or_the_new_one() {
    let newest = steps().len();
    let mut phone = Phone::new(6);
    let (version, _, fresh) = look(&mut phone.open().unwrap());
    assert_eq!(version, i64::try_from(newest).unwrap());
    let made = phone.disk.files();
    for from in 0..newest {
        phone.disk.put(made.clone());
        let old = of_version(&mut phone, from);
        phone.disk.put(old.clone());
        drop(phone.open().unwrap());
        let log = phone.disk.log();
        let kept = i64::from(from > 0);
        let mut cuts = Cuts::new(old, &log);
        let mut dice = Dice::new(17);
        while cuts.step().is_some() {
            for number in 0..count().div_ceil(log.len()) {
                let cut = Cut::ALL[number % Cut::ALL.len()];
                phone.disk.put(cuts.state(cut, &mut dice));
                let mut device = phone
                    .open()
                    .unwrap_or_else(|error| panic!("from {from}, {cut:?}: {error:?}"));
                assert_eq!(look(&mut device), (version, kept, fresh.clone()));
            }
        }
    }
}
