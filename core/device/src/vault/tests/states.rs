//! Each state a vault can be found in.

use super::*;
use mooring_identity::TRIES;

#[test]
fn the_right_pin_opens_it() {
    let closed = Closed::new();
    assert_eq!(address(&mut closed.open(PIN).unwrap()).unwrap(), b"kept");
}

#[test]
fn a_wrong_pin_says_how_many_tries_are_left() {
    let closed = Closed::new();
    check_refused(&closed, b"000000", Error::WrongPin { left: 9 });
    check_refused(&closed, b"000000", Error::WrongPin { left: 8 });
}

#[test]
fn the_right_pin_gives_all_tries_back() {
    let closed = Closed::new();
    check_refused(&closed, b"000000", Error::WrongPin { left: 9 });
    closed.open(PIN).unwrap();
    check_refused(&closed, b"000000", Error::WrongPin { left: 9 });
}

#[test]
fn a_restored_phone_says_that_the_key_is_missing() {
    let closed = Closed::new();
    let other = Closed {
        dir: closed.dir,
        keystore: Keystore::new(),
    };
    check_refused(&other, PIN, Error::Vault(VaultFault::KeyMissing));
}

#[test]
fn a_keystore_that_fails_uses_up_no_tries() {
    let closed = Closed::new();
    closed.keystore.fail_with(Some(KeyProviderError::Transient));
    for _ in 0..=TRIES {
        check_refused(&closed, PIN, Error::TryLater);
    }
    closed
        .keystore
        .fail_with(Some(KeyProviderError::Invalidated));
    check_refused(&closed, PIN, Error::Vault(VaultFault::KeyInvalidated));
    closed.keystore.fail_with(None);
    closed.open(PIN).unwrap();
}

#[test]
fn no_vault_is_told_from_a_damaged_one() {
    let closed = Closed::new();
    let empty = TempDir::new().unwrap();
    let absent = open(
        empty.path(),
        By::Pin(PIN),
        Older::Refuse,
        &mut closed.keystore.seams(),
        NOW,
    )
    .err();
    assert_eq!(absent, Some(Error::Vault(VaultFault::Absent)));
    assert_eq!(
        fs::read_dir(empty.path()).unwrap().count(),
        0,
        "asking made something"
    );
}

#[test]
fn a_damaged_header_is_corrupt() {
    let closed = Closed::new();
    let mut bytes = fs::read(closed.file(HEADER)).unwrap();
    bytes[40] ^= 1;
    fs::write(closed.file(HEADER), &bytes).unwrap();
    check_refused(&closed, PIN, Error::Vault(VaultFault::Corrupt));
}

#[test]
fn a_missing_header_or_database_is_corrupt_and_is_not_made_anew() {
    for gone in [HEADER, DATABASE] {
        let closed = Closed::new();
        fs::remove_file(closed.file(gone)).unwrap();
        check_refused(&closed, PIN, Error::Vault(VaultFault::Corrupt));
    }
}

#[test]
fn a_newer_header_asks_for_a_newer_app() {
    let closed = Closed::new();
    let mut bytes = fs::read(closed.file(HEADER)).unwrap();
    bytes[8] = 2;
    fs::write(closed.file(HEADER), &bytes).unwrap();
    check_refused(&closed, PIN, Error::UpdateApp);
}

#[test]
fn a_damaged_first_page_is_corrupt() {
    let closed = Closed::new();
    let mut bytes = fs::read(closed.file(DATABASE)).unwrap();
    bytes[100] ^= 1;
    fs::write(closed.file(DATABASE), &bytes).unwrap();
    check_refused(&closed, PIN, Error::Vault(VaultFault::Corrupt));
}

/// A kill leaves a WAL behind; refusing to open may not fold it in.
#[test]
fn a_damaged_vault_keeps_its_wal_too() {
    let closed = with_wal();
    let mut bytes = fs::read(closed.file(DATABASE)).unwrap();
    bytes[100] ^= 1;
    fs::write(closed.file(DATABASE), &bytes).unwrap();
    // The WAL may hold a whole first page, and then the vault opens: damage every frame of it as well.
    let wal = closed.file("mooring.db-wal");
    let mut bytes = fs::read(&wal).unwrap();
    bytes[32 + 24 + 100] ^= 1;
    fs::write(&wal, &bytes).unwrap();
    check_refused(&closed, PIN, Error::Vault(VaultFault::Corrupt));
}

#[test]
fn a_newer_schema_is_left_untouched_wal_and_all() {
    let closed = with_wal_of(|vault| {
        vault
            .connection
            .execute_batch("PRAGMA user_version = 999;")
            .unwrap();
    });
    check_refused(&closed, PIN, Error::UpdateApp);
}

#[test]
fn what_was_committed_before_a_kill_is_there() {
    let closed = with_wal();
    assert_eq!(address(&mut closed.open(PIN).unwrap()).unwrap(), b"after");
}

#[test]
fn a_second_opening_is_refused_while_the_first_is_there() {
    let closed = Closed::new();
    let first = closed.open(PIN).unwrap();
    assert_eq!(
        closed.open(PIN).err(),
        Some(Error::Vault(VaultFault::InUse))
    );
    drop(first);
    closed.open(PIN).unwrap();
}

#[test]
fn a_second_vault_is_not_made_over_the_first() {
    let closed = Closed::new();
    let before = closed.bytes();
    let again = create(
        closed.dir.path(),
        PIN,
        KdfParams::trying_out(),
        &mut closed.keystore.seams(),
    )
    .err();
    assert_eq!(again, Some(Error::Vault(VaultFault::Exists)));
    assert!(before == closed.bytes());
}

#[test]
fn what_a_cut_creation_left_behind_hinders_nobody() {
    let dir = TempDir::new().unwrap();
    fs::create_dir(dir.path().join("making-0000000000000000")).unwrap();
    create(
        dir.path(),
        PIN,
        KdfParams::trying_out(),
        &mut Keystore::new().seams(),
    )
    .unwrap();
}

/// A copy of the folder as a kill would leave it: with a WAL that nobody folded in.
fn with_wal() -> Closed {
    with_wal_of(|_| ())
}

fn with_wal_of(last: impl FnOnce(&mut Vault)) -> Closed {
    let closed = Closed::new();
    let mut vault = closed.open(PIN).unwrap();
    vault
        .write(NOW, |tx| {
            Ok(sql::facts::put(tx, sql::facts::Fact::Address, b"after")?)
        })
        .unwrap();
    last(&mut vault);
    let copy = TempDir::new().unwrap();
    fs::create_dir(copy.path().join(FOLDER)).unwrap();
    for entry in fs::read_dir(closed.dir.path().join(FOLDER)).unwrap() {
        let entry = entry.unwrap();
        fs::copy(
            entry.path(),
            copy.path().join(FOLDER).join(entry.file_name()),
        )
        .unwrap();
    }
    assert!(
        copy.path().join(FOLDER).join("mooring.db-wal").exists(),
        "no WAL was left"
    );
    fs::copy(closed.dir.path().join(MARK), copy.path().join(MARK)).unwrap();
    Closed {
        dir: copy,
        keystore: closed.keystore.clone(),
    }
}
