//! A script does without the PIN what a person can, and takes reading away: a visit, the outbox, a wipe, recovery, calls.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that can't go on says so by stopping"
)]

mod phone;

use phone::{PIN, Phone};
use serde_json::json;

fn phone() -> (tempfile::TempDir, Phone) {
    let dir = tempfile::tempdir().unwrap();
    let phone = Phone::with_vault("create", &dir.path().join("phone"));
    (dir, phone)
}

#[test]
fn the_state_of_a_phone_is_said_at_a_glance() {
    let mut nowhere = Phone::start();
    assert_eq!(
        nowhere.ok(json!({ "op": "state" }))["state"],
        json!("locked")
    );
    let (_dir, mut phone) = phone();
    phone.ok(json!({ "op": "new_case", "title": "Pier 7" }));
    let said = phone.ok(json!({ "op": "state" }));
    let expected = json!({ "ok": true, "state": "open_not_enrolled", "standing": "reads", "restored": false,
        "biometric": false, "only_here": 1 });
    assert_eq!(said, expected);
    phone.ok(json!({ "op": "lock" }));
    assert_eq!(phone.ok(json!({ "op": "state" }))["state"], json!("locked"));
    assert_eq!(
        phone.ok(json!({ "op": "only_here" }))["only_here"],
        json!(1)
    );
}

#[test]
fn another_pin_and_a_finger_open_the_same_vault() {
    let (_dir, mut phone) = phone();
    phone.fails(
        json!({ "op": "change_pin", "old": "000000", "new": "314159" }),
        "wrong_pin",
    );
    phone.ok(json!({ "op": "change_pin", "old": PIN, "new": "314159" }));
    phone.ok(json!({ "op": "allow_biometric", "pin": "314159" }));
    phone.ok(json!({ "op": "lock" }));
    phone.fails(json!({ "op": "unlock", "pin": PIN }), "wrong_pin");
    phone.ok(json!({ "op": "unlock", "by": "biometric" }));
    phone.ok(json!({ "op": "forbid_biometric" }));
    phone.ok(json!({ "op": "lock" }));
    phone.fails(json!({ "op": "unlock", "by": "biometric" }), "not_set_up");
    phone.fails(json!({ "op": "unlock" }), "malformed");
    phone.ok(json!({ "op": "unlock", "pin": "314159" }));
}

#[test]
fn a_wipe_takes_the_pin_and_leaves_no_vault() {
    let (dir, mut phone) = phone();
    phone.ok(json!({ "op": "new_case", "title": "Pier 7" }));
    phone.fails(json!({ "op": "wipe", "pin": "000000" }), "wrong_pin");
    phone.ok(json!({ "op": "list" }));
    assert_eq!(
        phone.ok(json!({ "op": "wipe", "pin": PIN }))["only_here"],
        json!(1)
    );
    phone.fails(json!({ "op": "list" }), "locked");
    phone.fails(
        json!({ "op": "unlock", "dir": dir.path().join("phone"), "pin": PIN }),
        "no_vault",
    );
}

#[test]
fn a_call_that_was_begun_does_not_lock() {
    let (_dir, mut phone) = phone();
    phone.ok(json!({ "op": "begin_call" }));
    let due = phone.ok(json!({ "op": "tick", "ms": 600_000 }));
    assert_eq!(
        (&due["locked"], &due["wiped"]),
        (&json!(false), &json!(false))
    );
    phone.ok(json!({ "op": "end_call" }));
    let due = phone.ok(json!({ "op": "tick", "ms": 120_000 }));
    assert_eq!(due["locked"], json!(true));
}

#[test]
fn the_glass_is_broken_with_a_reason_only() {
    let (_dir, mut phone) = phone();
    let case = phone.ok(json!({ "op": "new_case", "title": "Pier 7" }))["case"].clone();
    let silent = json!({ "op": "break_glass", "case": case, "reason": " " });
    phone.fails(silent, "bad_input");
    phone.ok(json!({ "op": "break_glass", "case": case, "reason": "he is on the bridge" }));
    let shown = phone.ok(json!({ "op": "show", "case": case }));
    assert_eq!(shown["events"][0]["kind"], json!("break-glass"));
}

#[test]
fn a_phone_that_never_joined_has_nobody_to_ask_and_nowhere_to_seal_to() {
    let (dir, mut phone) = phone();
    phone.ok(json!({ "op": "lock" }));
    let question = dir.path().join("question");
    phone.fails(
        json!({ "op": "recover", "question": question }),
        "not_set_up",
    );
    let nothing_asked = json!({ "op": "finish_recovery", "answer": question, "pin": PIN });
    phone.fails(nothing_asked, "file");
    assert_eq!(phone.ok(json!({ "op": "outbox" }))["taken"], json!(0));
    phone.fails(
        json!({ "op": "locked_visit", "title": "Pier 7" }),
        "forbidden",
    );
    phone.fails(
        json!({ "op": "locked_start", "protocol": "scene-safety" }),
        "not_found",
    );
    let mut nowhere = Phone::start();
    nowhere.fails(json!({ "op": "outbox" }), "malformed");
}
