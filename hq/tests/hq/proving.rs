//! Who writes to the ledger's file behind HQ's back, with its key in hand, is found out by what phones signed.

use mooring_casefile::Role;
use mooring_exchange::{Entry, OutboxHead, OutboxRecord, OutboxUpload};
use mooring_hq::{Doubt, Headquarters};
use mooring_identity::{SealingKeys, Signed};
use rusqlite::Connection;
use std::path::Path;

use crate::world::{INTERVIEW, Seeded, World, at};

/// The ledger itself, without the guards against rewriting it.
fn by_hand(folder: &Path) -> Connection {
    let connection = Connection::open(folder.join("ledger.db")).unwrap();
    let key = std::fs::read(folder.join("keys/ledger.key")).unwrap();
    // A byte of version comes first.
    let hex = crate::audit::hex(&key[1..]);
    connection
        .execute_batch(&format!("PRAGMA key = \"x'{hex}'\";"))
        .unwrap();
    let triggers: Vec<String> = connection
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    for trigger in triggers {
        connection
            .execute_batch(&format!("DROP TRIGGER {trigger};"))
            .unwrap();
    }
    connection
}

/// An agency with three pushes of two phones, and a run of HQ's own.
fn world() -> World {
    let world = World::new();
    let mut first = world.phone("J. Okafor", Role::Responder, at(0));
    let mut second = world.phone("L. Brandt", Role::Clinician, at(0));
    let case = first.new_case("M., 34", at(1));
    let assessment = first.start(case, INTERVIEW, at(1));
    first.exchange(&world.hq, at(2));
    second.new_case("K., 50", at(2));
    second.exchange(&world.hq, at(2));
    let value = serde_json::json!({ "valueString": "said" });
    first.answer_with(case, assessment, "own-words", &value, at(3));
    first.exchange(&world.hq, at(3));
    let session = world.psychiatrist(at(4));
    world.hq.case(&session, case, at(4)).unwrap();
    world
}

fn doubts(hq: &Headquarters) -> Vec<Doubt> {
    let rebuilt = hq.rebuild_from_log().unwrap();
    let mut doubts: Vec<_> = rebuilt.unproven.iter().map(|one| one.why).collect();
    doubts.dedup();
    doubts
}

#[track_caller]
fn check(sql: &str, expected: &[Doubt]) {
    let world = world();
    assert_eq!(doubts(&world.hq), [], "nothing was altered yet");
    let changed = by_hand(world.folder.path()).execute(sql, []).unwrap();
    assert!(changed > 0, "{sql}");
    assert_eq!(doubts(&world.hq), expected, "{sql}");
}

#[test]
fn a_run_that_says_something_else_than_was_signed_is_named() {
    for set in [
        "last_change = zeroblob(32)",
        "first_seq = first_seq + 1",
        "actor = zeroblob(16)",
        "salt = zeroblob(32)",
        "leaf = leaf + 1",
    ] {
        let one = "(SELECT min(id) FROM run WHERE push IS NOT NULL)";
        check(
            &format!("UPDATE run SET {set} WHERE id = {one}"),
            &[Doubt::Runs],
        );
    }
}

#[test]
fn a_run_laid_at_somebody_elses_door_is_named() {
    for set in [
        "person = zeroblob(16)",
        "roles = roles + 16",
        "device = zeroblob(16)",
    ] {
        let one = "(SELECT min(id) FROM run WHERE push IS NOT NULL)";
        check(
            &format!("UPDATE run SET {set} WHERE id = {one}"),
            &[Doubt::Writer],
        );
    }
}

#[test]
fn a_run_that_was_put_in_or_taken_out_is_noticed() {
    let columns = "case_id, half, actor, first_seq, last_seq, last_change, device, person, roles, received_ms, sealed, state";
    let from = "FROM run WHERE half = 0 ORDER BY id LIMIT 1";
    check(
        &format!("INSERT INTO run ({columns}) SELECT {columns} {from}"),
        &[Doubt::NoPush],
    );
    check(
        &format!(
            "INSERT INTO run (push, leaf, salt, {columns}) SELECT push, 1, salt, {columns} {from}"
        ),
        &[Doubt::Runs],
    );
}

#[test]
fn a_push_that_its_phone_did_not_sign_so_is_noticed() {
    let last = "WHERE rowid = (SELECT max(rowid) FROM push)";
    for set in [
        "statement = zeroblob(200)",
        "hash = zeroblob(32)",
        "epoch = epoch + 1",
    ] {
        check(
            &format!("UPDATE push SET {set} {last}"),
            &[Doubt::Signature],
        );
    }
}

/// The same agency, and a case that came sealed while its phone's vault was locked.
fn with_sealed() -> World {
    let world = world();
    let mut phone = world.phone("X. Roy", Role::Responder, at(5));
    phone.exchange(&world.hq, at(5));
    let keys = phone.pulled.iter().find_map(|entry| match &entry.entry {
        Entry::SealingKeys(bytes) => Some(bytes.clone()),
        _ => None,
    });
    let root = phone.enrolled.root.statement();
    let keys = Signed::<SealingKeys>::open(&keys.unwrap(), &root.root).unwrap();
    let keys = keys.into_statement();
    let head = OutboxHead {
        agency: root.agency(),
        device: phone.who.device,
        epoch: 0,
        made_ms: at(6).wall_ms,
        serial: keys.serial,
    };
    phone.new_case("K., 51", at(6));
    let record = OutboxRecord::seal(head, &phone.unsent, keys.hq, &phone.key, &mut Seeded(90));
    let mut upload = OutboxUpload::default();
    assert!(upload.add(record.unwrap().encode()));
    world.hq.take_outbox(&upload.encode(), at(6)).unwrap();
    world
}

#[test]
fn what_came_sealed_is_proved_by_its_record_alone() {
    assert_eq!(doubts(&with_sealed().hq), []);
    for (sql, expected) in [
        (
            "UPDATE sealed_record SET kept = zeroblob(300)",
            Doubt::Signature,
        ),
        (
            "UPDATE run SET last_change = zeroblob(32) WHERE id IN (SELECT run FROM sealed_run)",
            Doubt::Runs,
        ),
        (
            "UPDATE run SET person = zeroblob(16) WHERE id IN (SELECT run FROM sealed_run)",
            Doubt::Writer,
        ),
        ("DELETE FROM sealed_run", Doubt::NoPush),
    ] {
        let world = with_sealed();
        let changed = by_hand(world.folder.path()).execute(sql, []).unwrap();
        assert!(changed > 0, "{sql}");
        assert_eq!(doubts(&world.hq), [expected], "{sql}");
    }
}
