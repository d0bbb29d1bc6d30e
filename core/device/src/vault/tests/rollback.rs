//! An older vault in this one's place opens cleanly, and says that it is older.

use super::*;
use sql::facts::{Fact, get, put};

const GO_ON: Older = Older::GoOn;

fn say(vault: &mut Vault, what: &[u8]) {
    vault
        .write(NOW, |tx| Ok(put(tx, Fact::Address, what)?))
        .unwrap();
}

fn copy_vault(closed: &Closed) -> TempDir {
    let copy = TempDir::new().unwrap();
    for entry in fs::read_dir(closed.dir.path().join(FOLDER)).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), copy.path().join(entry.file_name())).unwrap();
    }
    copy
}

fn put_back(closed: &Closed, copy: &TempDir) {
    let place = closed.dir.path().join(FOLDER);
    fs::remove_dir_all(&place).unwrap();
    fs::create_dir(&place).unwrap();
    for entry in fs::read_dir(copy.path()).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), place.join(entry.file_name())).unwrap();
    }
}

fn restored(vault: &mut Vault) -> bool {
    vault
        .look(|connection| Ok(get(connection, Fact::Restored)?.is_some()))
        .unwrap()
}

/// Refused with not a byte changed, again and again, until the person says to go on.
#[track_caller]
fn check_rolled_back(closed: &Closed, found: &[u8]) {
    for _ in 0..3 {
        check_refused(closed, PIN, Error::Vault(VaultFault::RolledBack));
    }
    let mut vault = closed.open_by(By::Pin(PIN), GO_ON, NOW).unwrap();
    assert!(restored(&mut vault));
    assert_eq!(address(&mut vault).unwrap(), found);
    drop(vault);
    closed.open(PIN).unwrap();
}

#[test]
fn a_vault_that_goes_on_is_not_older_than_itself() {
    let closed = Closed::new();
    for number in 0..5_u8 {
        let mut vault = closed.open(PIN).unwrap();
        say(&mut vault, &[number]);
        assert!(!restored(&mut vault));
    }
}

#[test]
fn an_older_folder_put_back_is_noticed() {
    let closed = Closed::new();
    let copy = copy_vault(&closed);
    say(&mut closed.open(PIN).unwrap(), b"later");
    put_back(&closed, &copy);
    check_rolled_back(&closed, b"kept");
}

#[test]
fn an_older_folder_put_back_with_its_mark_is_noticed_by_the_keystore() {
    let closed = Closed::new();
    let copy = copy_vault(&closed);
    let mark = fs::read(closed.dir.path().join(MARK)).unwrap();
    say(&mut closed.open(PIN).unwrap(), b"later");
    put_back(&closed, &copy);
    fs::write(closed.dir.path().join(MARK), mark).unwrap();
    check_rolled_back(&closed, b"kept");
}

#[test]
fn an_older_database_alone_is_noticed() {
    let closed = Closed::new();
    let old = fs::read(closed.file(DATABASE)).unwrap();
    say(&mut closed.open(PIN).unwrap(), b"later");
    fs::write(closed.file(DATABASE), old).unwrap();
    check_rolled_back(&closed, b"kept");
}

/// A copy of the folder as a kill would leave it after each of several commits.
fn killed_after(commits: u8) -> (Closed, Vec<u8>) {
    let closed = Closed::new();
    let mut vault = closed.open(PIN).unwrap();
    for number in 0..commits {
        say(&mut vault, &[number]);
    }
    let copy = copy_vault(&closed);
    let mark = fs::read(closed.dir.path().join(MARK)).unwrap();
    drop(vault);
    put_back(&closed, &copy);
    fs::write(closed.dir.path().join(MARK), mark).unwrap();
    let wal = fs::read(closed.file("mooring.db-wal")).unwrap();
    (closed, wal)
}

#[test]
fn what_a_kill_leaves_behind_is_not_older() {
    let (closed, _) = killed_after(3);
    assert_eq!(address(&mut closed.open(PIN).unwrap()).unwrap(), [2]);
}

#[test]
fn a_wal_cut_anywhere_is_noticed() {
    let (closed, wal) = killed_after(3);
    let page = 4096 + 24;
    let frames = (wal.len() - 32) / page;
    assert!(frames >= 6, "{frames} frames");
    for kept in 0..frames {
        let (cut, _) = killed_after(3);
        fs::write(cut.file("mooring.db-wal"), &wal[..0]).unwrap();
        // The cut WAL must be of this very vault.
        put_back(&cut, &copy_vault(&closed));
        fs::write(cut.file("mooring.db-wal"), &wal[..32 + kept * page]).unwrap();
        let mark = fs::read(closed.dir.path().join(MARK)).unwrap();
        fs::write(cut.dir.path().join(MARK), mark).unwrap();
        let same = Closed {
            dir: cut.dir,
            keystore: closed.keystore.clone(),
        };
        let said = same.open(PIN).err();
        assert_eq!(
            said,
            Some(Error::Vault(VaultFault::RolledBack)),
            "{kept} of {frames} frames"
        );
    }
}

#[test]
fn a_missing_or_foreign_mark_is_noticed() {
    let closed = Closed::new();
    closed.open(PIN).unwrap();
    fs::remove_file(closed.dir.path().join(MARK)).unwrap();
    check_rolled_back(&closed, b"kept");
    let other = Closed::new();
    fs::copy(other.dir.path().join(MARK), closed.dir.path().join(MARK)).unwrap();
    check_rolled_back(&closed, b"kept");
}

#[test]
fn a_vault_from_before_there_were_marks_is_not_older() {
    let closed = Closed::new();
    let vault = closed.open(PIN).unwrap();
    vault
        .connection
        .execute_batch("DROP TABLE commits; DROP TABLE sealed_at_hq; DROP TABLE proofs; DROP TABLE partner_tokens; PRAGMA user_version = 2;")
        .unwrap();
    drop(vault);
    fs::remove_file(closed.dir.path().join(MARK)).unwrap();
    // Its keystore counted nothing then.
    let wrapped = closed.keystore.0.lock().unwrap().0.export();
    let mut exported = wrapped.to_vec();
    let at = exported.len() - 8;
    exported[at..].fill(0);
    closed.keystore.0.lock().unwrap().0 = SoftwareKeyProvider::parse(&exported).unwrap();
    let mut vault = closed.open(PIN).unwrap();
    assert!(!restored(&mut vault));
    drop(vault);
    closed.open(PIN).unwrap();
}

#[test]
fn a_commit_that_failed_is_not_missed() {
    let closed = Closed::new();
    let mut vault = closed.open(PIN).unwrap();
    let failed = vault.write(NOW, |_| -> Result<(), Halt> {
        Err(Error::Internal("on-purpose").into())
    });
    assert!(failed.is_err());
    say(&mut vault, b"after");
    drop(vault);
    assert_eq!(address(&mut closed.open(PIN).unwrap()).unwrap(), b"after");
}
