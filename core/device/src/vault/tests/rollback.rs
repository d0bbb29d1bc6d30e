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

/// What a cut, a bad block or a stranger's hand can make of the mark, by a number below this.
const SPOILED: usize = 6;

fn spoil_mark(closed: &Closed, how: usize) {
    let path = closed.dir.path().join(MARK);
    let mut mark = fs::read(&path).unwrap();
    match how {
        0 => return fs::remove_file(path).unwrap(),
        1 => mark.clear(),
        2 => mark.truncate(mark.len() / 2),
        3 => mark[20] ^= 1,
        4 => mark.fill(0),
        _ => mark = fs::read(Closed::new().dir.path().join(MARK)).unwrap(),
    }
    fs::write(path, mark).unwrap();
}

#[test]
fn a_mark_that_was_torn_or_taken_away_alarms_nobody() {
    let closed = Closed::new();
    for how in 0..SPOILED {
        spoil_mark(&closed, how);
        let mut vault = closed.open(PIN).unwrap();
        assert!(!restored(&mut vault), "{how}");
        assert!(vault.unmarked());
        say(&mut vault, b"goes on");
        drop(vault);
        // And it is whole again.
        assert!(!closed.open(PIN).unwrap().unmarked());
    }
}

#[test]
fn a_mark_that_is_torn_after_the_first_opening_or_another_right_pin_alarms_nobody() {
    let closed = Closed::new();
    spoil_mark(&closed, 1);
    let mut vault = closed.open(PIN).unwrap();
    vault
        .check_pin(PIN, &mut closed.keystore.seams(), NOW)
        .unwrap();
    drop(vault);
    spoil_mark(&closed, 2);
    assert!(!restored(&mut closed.open(PIN).unwrap()));
}

#[test]
fn an_older_folder_without_a_mark_is_noticed_by_the_keystore() {
    for how in 0..SPOILED {
        let closed = Closed::new();
        let copy = copy_vault(&closed);
        say(&mut closed.open(PIN).unwrap(), b"later");
        put_back(&closed, &copy);
        spoil_mark(&closed, how);
        check_rolled_back(&closed, b"kept");
    }
}

#[test]
fn a_vault_from_before_there_were_marks_is_not_older() {
    let closed = Closed::new();
    let vault = closed.open(PIN).unwrap();
    vault
        .connection
        .execute_batch("DROP TABLE commits; DROP TABLE sealed_at_hq; ALTER TABLE audit DROP COLUMN hash; DROP TABLE proofs; DROP TABLE partner_tokens; PRAGMA user_version = 2;")
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
