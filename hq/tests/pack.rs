//! `mooring-hq pack` from outside: what an author types, what comes out, and with which code it ends.
#![expect(
    clippy::indexing_slicing,
    reason = "a test that does not get on should say where at once"
)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value as Json, json};

const PROGRAM: &str = env!("CARGO_BIN_EXE_mooring-hq");

fn pack(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(PROGRAM)
        .arg("pack")
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap()
}

fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn json_of(output: &Output) -> Json {
    serde_json::from_slice(&output.stdout).unwrap()
}

fn starter_pack() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../core/protocol/packs")
}

/// A folder with these files.
fn folder(files: &[(&str, &Json)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, json) in files {
        std::fs::write(folder.path().join(name), json.to_string()).unwrap();
    }
    folder
}

fn questionnaire() -> Json {
    json!({"resourceType": "Questionnaire", "id": "two", "title": "Two questions", "status": "active", "item": [
        {"linkId": "plan", "type": "boolean", "text": "A plan", "required": true},
        {"linkId": "more", "type": "string", "text": "More",
         "enableWhen": [{"question": "plan", "operator": "=", "answerBoolean": true}]},
    ]})
}

fn rules() -> Json {
    json!({"version": 0, "not_validated": true, "rules": [
        {"id": "plan", "domain": "suicide", "level": "high", "when": {"yes": "plan"},
         "reason": "A plan", "source": "policy", "policy": true}]})
}

fn response(answer: &Json) -> Json {
    json!({"resourceType": "QuestionnaireResponse", "status": "completed",
        "item": [{"linkId": "plan", "answer": [answer]}]})
}

#[track_caller]
fn check_ends(output: &Output, code: i32) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{}\n{said}", text(output));
}

#[test]
fn the_starter_pack_has_no_faults() {
    let output = pack(&starter_pack(), &["check", "."]);
    check_ends(&output, 0);
    assert!(text(&output).contains("0 faults"), "{}", text(&output));
}

#[test]
fn every_fault_is_listed_with_its_file_its_place_and_its_link_id() {
    let mut bad = questionnaire();
    bad["item"][1]["enableWhen"][0]["question"] = json!("q11");
    bad["item"][0]["type"] = json!("bolean");
    let folder = folder(&[
        ("two.questionnaire.json", &bad),
        ("lost.rules.json", &rules()),
    ]);
    let output = pack(folder.path(), &["check", "."]);
    check_ends(&output, 1);
    let text = text(&output);
    for part in [
        "two.questionnaire.json: item[0].type ('plan'): 'bolean' is no item type",
        "two.questionnaire.json: item[1].enableWhen[0].question ('more')",
        "lost.rules.json: file: rules without a Questionnaire",
        "3 faults",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    let json = json_of(&pack(folder.path(), &["check", ".", "--json"]));
    assert_eq!(json["faults"].as_array().unwrap().len(), 3);
}

#[test]
fn rules_are_checked_with_their_questionnaire() {
    let mut wrong = rules();
    wrong["rules"][0]["when"] = json!({"yes": "plann"});
    let files = folder(&[("q.json", &questionnaire()), ("r.json", &wrong)]);
    let output = pack(files.path(), &["check", "q.json", "--triage", "r.json"]);
    check_ends(&output, 1);
    assert!(text(&output).contains("plann"));
    check_ends(&pack(files.path(), &["check", "q.json"]), 0);
}

#[test]
fn a_run_says_everything_that_the_engine_made_of_the_response() {
    let answer = json!({"valueBoolean": true});
    let files = folder(&[
        ("q.json", &questionnaire()),
        ("rules.json", &rules()),
        ("r.json", &response(&answer)),
    ]);
    let arguments = [
        "run",
        "q.json",
        "--response",
        "r.json",
        "--triage",
        "rules.json",
        "--json",
    ];
    let output = pack(files.path(), &arguments);
    check_ends(&output, 0);
    let json = json_of(&output);
    assert_eq!(json["enabled"], json!(["plan", "more"]));
    assert_eq!(json["response"]["item"][0]["answer"], json!([answer]));
    assert_eq!(json["response"]["status"], "completed");
    let level = &json["levels"][0];
    assert_eq!(level["words"], "High");
    assert_eq!(
        (&level["level"], &level["at_least"]),
        (&json!("high"), &json!(false))
    );
    assert_eq!(level["reasons"][0]["linkIds"], json!(["plan"]));
    let words = text(&pack(files.path(), &arguments[..6]));
    assert!(words.contains("plan A plan: yes"), "{words}");
    assert!(words.contains("because: A plan (policy)"), "{words}");
}

#[test]
fn a_response_with_faults_is_run_all_the_same_and_ends_with_1() {
    let wrong = json!({"valueString": "no"});
    let files = folder(&[
        ("q.json", &questionnaire()),
        ("rules.json", &rules()),
        ("r.json", &response(&wrong)),
    ]);
    let arguments = [
        "run",
        "q.json",
        "--response",
        "r.json",
        "--triage",
        "rules.json",
        "--json",
    ];
    let output = pack(files.path(), &arguments);
    check_ends(&output, 1);
    let json = json_of(&output);
    assert_eq!(json["levels"][0]["words"], "Not yet known");
    assert_eq!(json["faults"][0]["at"], "item[0].answer[0]");
    assert_eq!(json["strays"][0]["answer"], wrong);
}

#[test]
fn what_cannot_be_used_is_refused_with_its_faults() {
    let files = folder(&[("q.json", &json!({"resourceType": "Patient"}))]);
    let output = pack(files.path(), &["run", "q.json", "--json"]);
    check_ends(&output, 1);
    assert_eq!(json_of(&output)["faults"][0]["at"], "resourceType");
}

#[test]
fn a_file_that_is_not_there_and_an_option_that_is_not_known_end_with_2() {
    let files = folder(&[]);
    check_ends(&pack(files.path(), &["run", "none.json"]), 2);
    check_ends(&pack(files.path(), &["check", "none.json"]), 2);
    check_ends(&pack(files.path(), &["run", "none.json", "--colour"]), 2);
}
