//! What a person said stands in no complaint of the phone: not in an error's reply, not on its standard error, and in no file's name.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that can't go on says so by stopping"
)]

use serde_json::{Value, json};
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// No such words stand anywhere else.
const CANARY: &str = "zebrafinch";

/// All that a phone says to these lines, on standard output and standard error.
fn play(lines: &[Value]) -> (String, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_mooring-field"))
        .env("RUST_BACKTRACE", "full")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    for line in lines {
        let line = line
            .as_str()
            .map_or_else(|| line.to_string(), str::to_owned);
        writeln!(input, "{line}").unwrap();
    }
    drop(input);
    let said = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(said.stdout), text(said.stderr))
}

fn scan_names(folder: &Path) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        assert!(!path.to_str().unwrap().contains(CANARY));
        if path.is_dir() {
            scan_names(&path);
        }
    }
}

#[test]
fn no_complaint_of_the_phone_tells_what_a_person_said() {
    let dir = tempfile::tempdir().unwrap();
    let vault = dir.path().join("phone");
    let made = play(&[
        json!({ "op": "create", "dir": vault, "pin": "271828" }),
        json!({ "op": "new_case", "title": format!("{CANARY}, 34") }),
    ]);
    let case: Value = serde_json::from_str(made.0.lines().last().unwrap()).unwrap();
    let case = &case["case"];
    let (open, wrong) = (
        json!({ "op": "unlock", "dir": vault, "pin": "271828" }),
        format!("{CANARY}1"),
    );
    let answer = |assessment: &Value, link: &str, value: Value| json!({ "op": "answer", "case": case, "assessment": assessment, "link": link, "value": value });
    let start = json!({ "op": "start", "case": case, "protocol": "suicide-risk-interview" });
    let begun = play(&[open.clone(), start]);
    let assessment: Value = serde_json::from_str(begun.0.lines().last().unwrap()).unwrap();
    let assessment = &assessment["assessment"];
    let (said, complained) = play(&[
        json!({ "op": "unlock", "dir": vault, "pin": wrong }),
        open,
        answer(assessment, "own-words", json!({ "valueString": CANARY })),
        answer(assessment, "wish", json!({ "valueString": CANARY })),
        answer(
            assessment,
            "no-such-question",
            json!({ "valueBoolean": true }),
        ),
        json!({ "op": "start", "case": case, "protocol": CANARY }),
        json!({ "op": "show", "case": CANARY }),
        json!({ "op": CANARY }),
        json!(format!("{{\"op\":\"new_case\",\"title\":\"{CANARY}")),
        json!(format!("nonsense about {CANARY}")),
        json!({ "op": "new_case", "title": format!("{CANARY} ").repeat(200) }),
        json!({ "op": "retract", "case": case, "assessment": assessment, "link": "wish", "reason": CANARY }),
        json!({ "op": "add_protocol", "file": dir.path().join(CANARY) }),
        json!({ "op": "enrol", "hq": "127.0.0.1:1", "code": CANARY }),
        json!({ "op": "exchange" }),
        json!({ "op": "show", "case": case }),
    ]);
    let replies: Vec<Value> = said
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(replies.len(), 16);
    let (good, refused): (Vec<_>, Vec<_>) =
        replies.iter().partition(|reply| reply["ok"] == json!(true));
    assert!(
        good.iter().any(|reply| reply.to_string().contains(CANARY)),
        "the case itself does show it"
    );
    assert!(refused.len() > 10, "{}", refused.len());
    for reply in refused {
        assert!(!reply.to_string().contains(CANARY), "{reply}");
    }
    assert!(!complained.contains(CANARY), "{complained}");
    scan_names(dir.path());
}
