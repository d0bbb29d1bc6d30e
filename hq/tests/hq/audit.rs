//! The audit's chain: what is written, and that whatever is done to it behind HQ's back is named.

use mooring_casefile::Role;
use mooring_hq::ledger::sqlite::SqliteLedger;
use mooring_hq::ledger::{CHAIN_BEGINS, Trail};
use mooring_hq::{AuditBook, Broken, Verified, Wanted};
use rusqlite::Connection;
use tempfile::TempDir;

use crate::world::{World, at};

/// A night whose audit has at least this many rows, two checkpoints in its middle, and one at its end.
const ROWS: i64 = 70;

fn night() -> TempDir {
    let world = World::new();
    let session = world.psychiatrist(at(0));
    let mut rows = 0;
    while rows < ROWS {
        world.hq.queue(&session, at(1)).unwrap();
        rows = lines(&world.folder).len().try_into().unwrap();
    }
    world.restart(at(2)).folder
}

fn lines(folder: &TempDir) -> Vec<String> {
    shown(folder, Wanted::default())
}

fn shown(folder: &TempDir, wanted: Wanted) -> Vec<String> {
    let mut lines = Vec::new();
    let book = AuditBook::open(folder.path(), None).unwrap();
    book.show(wanted, |line| lines.push(line.words)).unwrap();
    lines
}

fn verify(folder: &TempDir) -> Result<Verified, Broken> {
    AuditBook::open(folder.path(), None)
        .unwrap()
        .verify()
        .unwrap()
}

fn key(folder: &TempDir) -> [u8; 32] {
    let file = std::fs::read(folder.path().join("keys/ledger.key")).unwrap();
    file[1..].try_into().unwrap()
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

/// Does something to the file behind HQ's back, with everything that guards it taken away first.
pub(crate) fn tamper(folder: &TempDir, sql: &str) {
    let db = Connection::open(folder.path().join("ledger.db")).unwrap();
    let key = hex(&key(folder));
    db.execute_batch(&format!(
        "PRAGMA key = \"x'{key}'\";
         DROP TRIGGER audit_stays; DROP TRIGGER audit_is_fixed; DROP TRIGGER audit_hash_is_fixed;
         DROP TRIGGER audit_checkpoint_stays; DROP TRIGGER audit_checkpoint_is_fixed; {sql}"
    ))
    .unwrap();
}

#[track_caller]
fn check(sql: &str, expected: Broken) {
    let folder = night();
    assert!(verify(&folder).is_ok());
    tamper(&folder, sql);
    assert_eq!(verify(&folder), Err(expected), "{sql}");
}

#[test]
fn an_untouched_audit_holds_through_starts_and_is_not_changed_by_being_checked() {
    let folder = night();
    let before = lines(&folder);
    let rows = i64::try_from(before.len()).unwrap();
    let held = verify(&folder).unwrap();
    assert_eq!(held.rows, rows);
    assert!(held.checkpoints >= 3, "{held:?}");
    assert_eq!(verify(&folder), Ok(held));
    assert_eq!(lines(&folder), before);
}

#[test]
fn a_row_that_was_altered_is_named() {
    check(
        "UPDATE audit SET staff = x'01010101010101010101010101010101' WHERE id = 7",
        Broken::Altered { row: 7 },
    );
    check(
        "UPDATE audit SET at_ms = at_ms + 1 WHERE id = 41",
        Broken::Altered { row: 41 },
    );
    check(
        "UPDATE audit SET code = 'forbidden' WHERE id = 1",
        Broken::Altered { row: 1 },
    );
    check(
        "UPDATE audit SET hash = zeroblob(32) WHERE id = 9",
        Broken::Altered { row: 9 },
    );
    check(
        "UPDATE audit SET hash = NULL WHERE id = 9",
        Broken::Unchained { row: 9 },
    );
}

#[test]
fn a_row_that_was_taken_out_is_named_even_where_the_others_closed_ranks() {
    check(
        "DELETE FROM audit WHERE id = 12",
        Broken::Missing { row: 12 },
    );
    check(
        "DELETE FROM audit WHERE id = 12; UPDATE audit SET id = id - 1 WHERE id > 12",
        Broken::Altered { row: 12 },
    );
}

#[test]
fn rows_in_another_order_are_named() {
    check(
        "UPDATE audit SET id = 9999 WHERE id = 20; UPDATE audit SET id = 20 WHERE id = 21; UPDATE audit SET id = 21 WHERE id = 9999",
        Broken::Altered { row: 20 },
    );
}

#[test]
fn an_end_that_was_cut_off_is_named_by_the_count_and_by_the_last_checkpoint() {
    let folder = night();
    let rows = verify(&folder).unwrap().rows;
    tamper(
        &folder,
        &format!("DELETE FROM audit WHERE id > {}", rows - 3),
    );
    let cut = Broken::CutOff {
        last: rows - 3,
        given: rows,
    };
    assert_eq!(verify(&folder), Err(cut));
    let folder = night();
    tamper(
        &folder,
        "DELETE FROM audit WHERE id > 40; UPDATE sqlite_sequence SET seq = 40 WHERE name = 'audit'",
    );
    assert_eq!(
        verify(&folder),
        Err(Broken::CutOff {
            last: 40,
            given: 64
        })
    );
    let folder = night();
    tamper(&folder, "DELETE FROM audit");
    assert!(matches!(
        verify(&folder),
        Err(Broken::CutOff { last: 0, .. })
    ));
}

#[test]
fn a_chain_that_was_written_anew_is_not_the_one_that_was_signed() {
    let folder = night();
    let ledger = SqliteLedger::open(&folder.path().join("ledger.db"), &key(&folder)).unwrap();
    let rows = ledger.audited(1, 1_000).unwrap();
    drop(ledger);
    let mut sql = String::new();
    let mut before = CHAIN_BEGINS;
    for row in rows {
        let mut said = row.said;
        if row.number == 40 {
            said.verb = "nothing".into();
        }
        before = said.hash(row.number, &before);
        let hash = hex(&before);
        let (verb, number) = (said.verb, row.number);
        let row =
            format!("UPDATE audit SET verb = '{verb}', hash = x'{hash}' WHERE id = {number};");
        sql += &row;
    }
    tamper(&folder, &sql);
    assert_eq!(verify(&folder), Err(Broken::Rewritten { row: 64 }));
}

#[test]
fn checkpoints_that_were_taken_out_or_put_in_are_named() {
    let folder = night();
    let rows = verify(&folder).unwrap().rows;
    tamper(&folder, "DELETE FROM audit_checkpoint");
    assert_eq!(
        verify(&folder),
        Err(Broken::Unsigned {
            from: 1,
            last: rows
        })
    );
    check(
        "UPDATE audit_checkpoint SET signed = (SELECT signed FROM audit_checkpoint WHERE number = 64) WHERE number = 32",
        Broken::Forged { row: 32 },
    );
    check(
        "UPDATE audit_checkpoint SET signed = x'00' WHERE number = 64",
        Broken::Forged { row: 64 },
    );
}

#[test]
fn a_start_of_hq_does_not_make_good_what_was_tampered_with() {
    let folder = night();
    tamper(&folder, "DELETE FROM audit WHERE id > 68");
    let hq = mooring_hq::Headquarters::open_as(
        folder.path(),
        crate::world::setup(),
        at(5),
        Box::new(crate::world::Seeded(77)),
    )
    .unwrap();
    drop(hq.sign_in("A. Reyes", "wrong", at(5)));
    drop(hq);
    assert_eq!(verify(&folder), Err(Broken::Missing { row: 69 }));
}

#[test]
fn every_read_write_sign_in_and_refusal_leaves_a_row_and_none_says_what_was_read() {
    let world = World::new();
    let mut phone = world.phone("J. Okafor", Role::Responder, at(0));
    let case = phone.new_case("zebrafinch, 34", at(1));
    phone.exchange(&world.hq, at(2));
    let session = world.psychiatrist(at(3));
    world.add("B. Moe", Role::Supervisor);
    let supervisor = world.sign_in("B. Moe", at(3)).session;
    world.hq.queue(&session, at(3)).unwrap();
    world.hq.case(&session, case, at(3)).unwrap();
    let advice = mooring_casefile::RecordId::derive(1, [1; 10]);
    let withdrawn = world
        .hq
        .withdraw_advice(&supervisor, case, advice, "zebrafinch", at(4));
    assert!(withdrawn.is_err());
    assert!(world.hq.sign_in("A. Reyes", "zebrafinch", at(4)).is_err());
    let person = world.hq.find_staff("B. Moe").unwrap().id;
    world.hq.set_password(person, None, at(5)).unwrap();
    let device = world.hq.phones().unwrap()[0].device;
    world.hq.revoke(device, None, at(4)).unwrap();
    world.hq.order_wipe(device, at(4)).unwrap();
    let lines = lines(&world.folder);
    for expected in [
        "revoke device=",
        "order-wipe device=",
        "add-staff about=\"J. Okafor\"",
        "enrol-code about=\"J. Okafor\"",
        "sign-in by=\"A. Reyes\"",
        "queue by=\"A. Reyes\"",
        "case by=\"A. Reyes\"",
        "withdraw-advice by=\"B. Moe\"",
        "sign-in refused=wrong-password",
        "set-password about=\"B. Moe\"",
    ] {
        assert!(
            lines.iter().any(|line| line.starts_with(expected)),
            "{expected}: {lines:#?}"
        );
    }
    assert!(
        lines
            .iter()
            .any(|line| line.starts_with("withdraw-advice") && line.ends_with("refused=forbidden"))
    );
    assert!(!lines.iter().any(|line| line.contains("zebrafinch")));
    let of_case = Wanted {
        case: Some(case),
        since_ms: None,
    };
    assert_eq!(
        shown(&world.folder, of_case).len(),
        2,
        "the page, and the act that was refused"
    );
    let since = Wanted {
        case: None,
        since_ms: Some(at(5).wall_ms),
    };
    assert_eq!(
        shown(&world.folder, since),
        ["set-password about=\"B. Moe\""]
    );
    assert!(verify(&world.folder).is_ok());
}
