//! `mooring-hq pack` from outside: what an author types, what comes out, and with which code it ends.
#![allow(
    clippy::unwrap_used,
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
fn the_starter_pack_has_no_fault_and_an_index_is_held_against_its_folder() {
    let starter = Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/protocol/packs");
    let output = pack(&starter, &["check", "."]);
    check_ends(&output, 0);
    let index = std::fs::read_to_string(starter.join("pack.json")).unwrap();
    let index: Json = serde_json::from_str(&index).unwrap();
    let alone = folder(&[
        ("pack.json", &index),
        ("two.questionnaire.json", &questionnaire()),
    ]);
    let output = pack(alone.path(), &["check", "."]);
    check_ends(&output, 1);
    let missing = "pack.json: file: names the protocol 'scene-safety'";
    assert!(text(&output).contains(missing), "{}", text(&output));
    let broken = folder(&[("pack.json", &json!({ "version": 0 }))]);
    let output = pack(broken.path(), &["check", "."]);
    check_ends(&output, 1);
    assert!(text(&output).contains("fault   pack.json: "));
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

/// Walks the two questions with these lines on a plain pipe.
fn walk(lines: &str) -> String {
    use std::io::Write;
    let files = folder(&[("q.json", &questionnaire()), ("rules.json", &rules())]);
    let mut child = Command::new(PROGRAM)
        .args(["pack", "show", "q.json", "--triage", "rules.json"])
        .current_dir(files.path())
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(lines.as_bytes()).unwrap();
    drop(input);
    let output = child.wait_with_output().unwrap();
    check_ends(&output, 0);
    text(&output)
}

#[track_caller]
fn check_walk(lines: &str, parts: &[&str]) {
    let shown = walk(lines);
    let mut rest = shown.as_str();
    for part in parts {
        let Some((_, after)) = rest.split_once(part) else {
            assert!(rest.contains(part), "no '{part}' from here on in\n{shown}");
            return;
        };
        rest = after;
    }
}

#[test]
fn a_walk_shows_a_step_at_a_time_and_why_the_level_stands() {
    let parts = [
        "Not a validated instrument.",
        "[1/1] A plan",
        "| Suicide: High",
        "because: A plan (policy)",
        "[2/2] More",
        "| Suicide: High",
    ];
    check_walk("y\nsome words\n", &parts);
}

#[test]
fn one_can_go_back_skip_refuse_and_be_unsure_and_none_of_it_lowers_a_level() {
    check_walk("/s\n", &["[1/1] A plan", "Suicide: Not yet known"]);
    check_walk("/d\n", &["[1/1] A plan", "Suicide: Not yet known"]);
    check_walk(
        "/u\n",
        &["[1/1] A plan", "Suicide: Not yet known", "[2/2] More"],
    );
    check_walk(
        "y\n/b\nn\n",
        &["Suicide: High", "[1/2] A plan", "Nothing endorsed"],
    );
}

#[test]
fn what_was_not_understood_is_asked_again() {
    check_walk(
        "perhaps\n/x\ny\n/q\n",
        &[
            "expected y/n",
            "[1/1] A plan",
            "expected /b back",
            "Suicide: High",
        ],
    );
}

#[test]
fn the_end_of_the_input_ends_the_walk_with_the_levels() {
    check_walk("", &["[1/1] A plan", "Suicide: Not yet known"]);
}

#[test]
fn a_pack_is_built_with_hqs_key_and_verified_by_the_agencys_fingerprint() {
    let files = folder(&[("two.questionnaire.json", &questionnaire())]);
    let data = tempfile::tempdir().unwrap();
    let setup = mooring_hq::Setup::default();
    let now = mooring_casefile::Now {
        wall_ms: 1_764_000_000_000,
        uptime_ms: 1,
        boot_id: [1; 16],
    };
    let random = Box::new(mooring_identity::os_random());
    let office = mooring_hq::Office::open(data.path(), setup, now, random).unwrap();
    let agency = office.agency().to_string();
    let key = data.path().join("keys/online.key");
    let out = data.path().join("agency.pack");
    let (key, out) = (key.to_str().unwrap(), out.to_str().unwrap());
    let arguments = ["build", ".", "--key", key, "-o", out, "--serial", "3"];
    check_ends(&pack(files.path(), &arguments), 0);
    let again = pack(files.path(), &arguments);
    check_ends(&again, 2);
    let verified = pack(files.path(), &["verify", out, "--agency", &agency]);
    check_ends(&verified, 0);
    assert!(text(&verified).contains("serial 3"), "{}", text(&verified));
    let other = "0".repeat(64);
    check_ends(&pack(files.path(), &["verify", out, "--agency", &other]), 1);
    let mut bytes = std::fs::read(out).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(out, bytes).unwrap();
    check_ends(&pack(files.path(), &["verify", out]), 1);
}
