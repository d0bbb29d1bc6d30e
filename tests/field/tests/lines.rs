//! The lines that a script exchanges with the phone: every operation of a visit, and what a wrong line is told.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that can't go on says so by stopping"
)]

mod phone;

use phone::{PIN, Phone};
use serde_json::{Value, json};

/// A phone with a case and an interview.
fn visit() -> (tempfile::TempDir, Phone, Value, Value) {
    let dir = tempfile::tempdir().unwrap();
    let mut phone = Phone::with_vault("create", &dir.path().join("phone"));
    let case = phone.ok(json!({ "op": "new_case", "title": "Pier 7" }))["case"].clone();
    let start = json!({ "op": "start", "case": case, "protocol": "suicide-risk-interview" });
    let assessment = phone.ok(start)["assessment"].clone();
    (dir, phone, case, assessment)
}

#[test]
fn a_visit_in_lines() {
    let (_dir, mut phone, case, assessment) = visit();
    let answer = |link: &str, value: Value| json!({ "op": "answer", "case": case, "assessment": assessment, "link": link, "value": value });
    let saved = phone.ok(answer("act-now", json!({ "valueBoolean": true })));
    assert_eq!(
        (&saved["became"], &saved["risk"]["level"]),
        (&json!("saved"), &json!("imminent"))
    );
    assert_eq!(
        (&saved["risk"]["at_least"], &saved["risk"]["contested"]),
        (&json!(true), &json!(false))
    );
    assert!(saved["risk"]["reasons"][0]["text"].is_string());
    assert_eq!(
        phone.ok(answer("act-now", json!({ "valueBoolean": true })))["became"],
        json!("nothing new")
    );
    phone.ok(answer("wish", json!({ "declined": true })));
    let by_family = json!({ "op": "answer", "case": case, "assessment": assessment, "link": "thoughts",
        "value": { "valueBoolean": true }, "told": { "said_by": "family", "language": "es", "said_at_ms": 1_763_951_700_900_i64 } });
    phone.ok(by_family.clone());
    let mut by_nobody = by_family;
    by_nobody["told"]["said_by"] = json!("a neighbor");
    phone.fails(by_nobody, "malformed");
    phone.fails(
        answer("wish", json!({ "valueString": "canary" })),
        "bad_answer",
    );
    phone.ok(json!({ "op": "clock", "ahead_ms": 90_000 }));
    let retract = json!({ "op": "retract", "case": case, "assessment": assessment, "link": "act-now", "reason": "wrong person" });
    assert_eq!(
        phone.ok(retract)["risk"]["held"]["was"]["level"],
        json!("imminent")
    );
    let confirm = json!({ "op": "confirm", "case": case, "assessment": assessment, "link": "act-now", "reason": "wrong person" });
    assert!(phone.ok(confirm)["risk"]["held"].is_null());
    phone.ok(
        json!({ "op": "ask", "case": case, "question": "May he stay?", "call_back": "555 0100" }),
    );
    phone.ok(json!({ "op": "event", "case": case, "kind": "on-scene", "text": "Pier 7" }));
    let over = json!({ "op": "override", "case": case, "domain": "others", "level": "high", "reason": "a knife" });
    phone.ok(over);
    phone.fails(json!({ "op": "override", "case": case, "domain": "others", "level": "huge", "reason": "x" }), "malformed");
    let step = phone.ok(json!({ "op": "step", "case": case, "assessment": assessment }));
    assert!(step["next"].is_string());
    let shown = phone.ok(json!({ "op": "show", "case": case }));
    let items = shown["assessments"][0]["items"].as_array().unwrap();
    let told = items
        .iter()
        .find_map(|item| item["values"][0].get("told").filter(|told| !told.is_null()));
    assert_eq!(
        told,
        Some(
            &json!({ "said_by": "family", "asked_by": null, "language": "es", "said_at_ms": 1_763_951_700_000_i64 })
        )
    );
    assert!(
        shown["sync"]["words"]
            .as_str()
            .unwrap()
            .starts_with("HQ does not know yet")
    );
    assert_eq!(shown["asks"][0]["question"], json!("May he stay?"));
    assert_eq!(
        phone.ok(json!({ "op": "list" }))["cases"][0]["title"],
        json!("Pier 7")
    );
    phone.fails(json!({ "op": "exchange" }), "forbidden");
    phone.fails(
        json!({ "op": "enrol", "code": "MOOR1-NONSENSE" }),
        "bad_input",
    );
}

#[test]
fn a_locked_phone_says_so_and_opens_again() {
    let (dir, mut phone, case, _) = visit();
    phone.ok(json!({ "op": "lock" }));
    phone.fails(json!({ "op": "show", "case": case }), "locked");
    phone.fails(json!({ "op": "unlock", "pin": "000000" }), "wrong_pin");
    phone.ok(json!({ "op": "unlock", "pin": PIN }));
    phone.ok(json!({ "op": "show", "case": case }));
    assert_eq!(
        phone.ok(json!({ "op": "tick", "ms": 120_000 }))["locked"],
        json!(true)
    );
    phone.fails(json!({ "op": "list" }), "locked");
    phone.ok(json!({ "op": "unlock", "dir": dir.path().join("phone"), "pin": PIN }));
}

#[test]
fn states_of_a_vault_have_names() {
    let (dir, mut phone, ..) = visit();
    let mut second = Phone::start();
    second.fails(
        json!({ "op": "unlock", "dir": dir.path().join("phone"), "pin": PIN }),
        "in_use",
    );
    second.fails(
        json!({ "op": "unlock", "dir": dir.path().join("nowhere"), "pin": PIN }),
        "no_vault",
    );
    second.fails(
        json!({ "op": "create", "dir": dir.path().join("phone"), "pin": PIN }),
        "in_use",
    );
    second.fails(
        json!({ "op": "create", "dir": dir.path().join("other"), "pin": "1" }),
        "bad_input",
    );
    second.fails(json!({ "op": "list" }), "locked");
    phone.ok(json!({ "op": "quit" }));
    phone.child.wait().unwrap();
    second.fails(
        json!({ "op": "create", "dir": dir.path().join("phone"), "pin": PIN }),
        "vault_exists",
    );
    let aside =
        second.ok(json!({ "op": "set_aside", "dir": dir.path().join("phone") }))["dir"].clone();
    second.ok(json!({ "op": "unlock", "dir": aside, "pin": PIN }));
}

#[test]
fn a_wrong_line_is_told_what_is_wrong_and_never_ends_the_phone() {
    let mut phone = Phone::start();
    for line in [
        "nonsense",
        "{",
        "[]",
        "null",
        "{}",
        r#"{"op":"fly"}"#,
        r#"{"op":"show"}"#,
        r#"{"op":"show","case":7}"#,
        "\u{1}\u{0}",
    ] {
        let reply = phone.line(line);
        assert_eq!(
            (&reply["ok"], &reply["error"]["kind"]),
            (&json!(false), &json!("malformed")),
            "{line}"
        );
    }
    phone.bytes(b"\xff\xfe not text\n");
    assert_eq!(phone.line("")["error"]["kind"], json!("malformed"));
    let canary = r#"{"op":"create","dir":7,"pin":"canary"}"#;
    assert!(!phone.line(canary).to_string().contains("canary"));
}

#[test]
fn the_end_of_the_input_is_a_good_end() {
    let mut phone = Phone::start();
    phone.end_input();
    assert!(phone.child.wait().unwrap().success());
}

#[test]
fn a_questionnaire_from_a_file_can_be_administered() {
    let (dir, mut phone, case, _) = visit();
    let file = dir.path().join("own.json");
    let questionnaire = json!({
        "resourceType": "Questionnaire", "id": "own", "status": "active", "title": "Our own",
        "item": [{ "linkId": "slept", "type": "boolean", "text": "Slept last night" }],
    });
    std::fs::write(&file, questionnaire.to_string()).unwrap();
    let added = phone.ok(json!({ "op": "add_protocol", "file": file }));
    assert_eq!(added["protocol"]["origin"], json!("file"));
    let assessment =
        phone.ok(json!({ "op": "start", "case": case, "protocol": "own" }))["assessment"].clone();
    phone.ok(json!({ "op": "answer", "case": case, "assessment": assessment, "link": "slept", "value": { "valueBoolean": false } }));
    phone.fails(
        json!({ "op": "add_protocol", "file": dir.path().join("none.json") }),
        "file",
    );
}

#[test]
fn a_phone_without_an_agency_has_nothing_sealed_to_send_and_says_what_is_on_it_alone() {
    let (dir, mut phone, _, _) = visit();
    phone.ok(json!({ "op": "lock" }));
    let sent = phone.ok(json!({ "op": "outbox", "dir": dir.path().join("phone") }));
    assert_eq!(
        (&sent["taken"], &sent["wiped"], &sent["only_here"]),
        (&json!(0), &json!(false), &json!(2))
    );
}
