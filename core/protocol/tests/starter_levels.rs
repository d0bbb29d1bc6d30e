//! What example answers come to, protocol by protocol: one row a sheet.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test may stop at the first thing that is not as it should be"
)]

mod support;

use mooring_protocol::{ItemKind, Person, starter_pack};
use serde_json::{Value as Json, json};
use support::Visit;

const ADULT: Person = Person { minor: Some(false) };
const MINOR: Person = Person { minor: Some(true) };

/// One answer of a row: `link=yes`, `no`, `declined`, `unsure`, `later`, a number, or codes with `+` between them.
fn raw(key: &str, kind: ItemKind, multi: bool, said: &str) -> Json {
    let option = |code: &str| json!({"valueCoding": {"system": format!("urn:mooring:answers:{key}"), "code": code}});
    match (said, kind) {
        ("declined", _) => json!({"declined": true}),
        ("unsure", _) => json!({"unsure": true}),
        ("later", _) => json!({"notNow": true}),
        (_, ItemKind::Boolean) => json!({"valueBoolean": said == "yes"}),
        (_, ItemKind::Integer) => json!({"valueInteger": said.parse::<i64>().unwrap()}),
        (codes, _) if multi => codes.split('+').map(option).collect(),
        (code, _) => option(code),
    }
}

fn filled_in(key: &str, sheet: &str) -> Visit {
    let mut visit = Visit::of(key);
    for answer in sheet.split_whitespace() {
        let (link, said) = answer.split_once('=').unwrap();
        let item = visit.protocol.find(link).unwrap();
        let raw = raw(key, item.kind, item.is_multi_select(), said);
        visit.answer(link, &raw);
    }
    visit
}

#[track_caller]
fn check_as(person: Person, key: &str, sheet: &str, levels: &str, alerts: &[&str]) {
    let visit = filled_in(key, sheet);
    let triage = visit.protocol.triage(&visit.sheet, person);
    let found: Vec<String> = triage
        .domains
        .iter()
        .map(|one| format!("{} {}", one.domain.token(), one.shown().words()))
        .collect();
    assert_eq!(found.join("; "), levels, "{key}: {sheet}");
    let flow = visit.protocol.flow(&visit.sheet);
    let found: Vec<&str> = flow.alerts.iter().map(|one| one.rule.as_str()).collect();
    assert_eq!(found, alerts, "{key}: {sheet}");
}

#[track_caller]
fn check(key: &str, sheet: &str, levels: &str, alerts: &[&str]) {
    check_as(ADULT, key, sheet, levels, alerts);
}

#[test]
fn scene_safety() {
    let key = "scene-safety";
    let calm = "partner=yes way-out=yes check-in=yes weapon=no threat-now=no place=none-of-these dependent=no exposed=no";
    let none = "others Nothing endorsed in these answers; cannot-keep-safe Nothing endorsed in these answers";
    check(key, calm, none, &[]);
    check(
        key,
        "weapon=no",
        "others Not yet known; cannot-keep-safe Not yet known",
        &[],
    );
    check(
        key,
        &format!("{calm} weapon=unsure"),
        "others High; cannot-keep-safe Nothing endorsed in these answers",
        &["leave"],
    );
    check(
        key,
        &format!("{calm} exposed=yes partner=no"),
        "cannot-keep-safe High; others Nothing endorsed in these answers",
        &["no-way-out"],
    );
}

#[test]
fn suicide_risk_interview() {
    let key = "suicide-risk-interview";
    let now = "attempt-now=no overdose-now=no means-in-hand=no act-now=no";
    let none = &format!("{now} wish=no thoughts=no behavior=no");
    check(key, none, "suicide Nothing endorsed in these answers", &[]);
    check(key, &format!("{none} wish=yes"), "suicide Low", &[]);
    let thoughts = &format!("{now} wish=yes thoughts=yes method=no intent=no plan=no behavior=no");
    check(key, thoughts, "suicide Low", &[]);
    check(
        key,
        &format!("{thoughts} method=yes"),
        "suicide Moderate",
        &[],
    );
    check(
        key,
        &format!("{thoughts} intent=unsure"),
        "suicide High",
        &[],
    );
    check(
        key,
        &format!("{thoughts} plan=declined"),
        "suicide Not yet known",
        &[],
    );
    check(
        key,
        &format!("{thoughts} behavior=yes behavior-recent=no"),
        "suicide Moderate",
        &[],
    );
    check(
        key,
        &format!("{thoughts} behavior=yes behavior-recent=yes"),
        "suicide High",
        &[],
    );
    check(key, "means-in-hand=yes", "suicide At least imminent", &[]);
    check_as(
        MINOR,
        key,
        &format!("{none} thoughts=declined"),
        "suicide Not yet known",
        &[],
    );
}

#[test]
fn danger_to_others() {
    let key = "danger-to-others";
    let calm = "hurting-now=no in-hand=no speaks-of-hurting=no signs=none-of-these rising=no";
    check(key, calm, "others Nothing endorsed in these answers", &[]);
    check(key, &format!("{calm} signs=hands"), "others Moderate", &[]);
    check(
        key,
        &format!("{calm} signs=hands rising=yes"),
        "others High",
        &[],
    );
    check(
        key,
        &format!("{calm} signs=closing-in"),
        "others High",
        &["leave"],
    );
    let speaks = &format!("{calm} speaks-of-hurting=yes will-now=no who-or-how=no");
    check(key, speaks, "others Moderate", &[]);
    check(
        key,
        &format!("{speaks} who-or-how=yes other-safe=not-reached"),
        "others High",
        &["warn"],
    );
    check(
        key,
        &format!("{speaks} will-now=unsure"),
        "others Imminent",
        &["leave"],
    );
    check(
        key,
        &format!("{speaks} in-hand=yes"),
        "others Imminent",
        &["leave"],
    );
    check(
        key,
        &format!("{calm} rising=later"),
        "others Not yet known",
        &[],
    );
    check(
        key,
        "hurting-now=yes",
        "others At least imminent",
        &["leave"],
    );
}

#[test]
fn agitation() {
    let key = "agitation";
    let none =
        "medical Nothing endorsed in these answers; others Nothing endorsed in these answers";
    check(key, "agitation-before=4 held=no", none, &[]);
    check(
        key,
        "agitation-before=6 held=no",
        "others High; medical Nothing endorsed in these answers",
        &["step-back"],
    );
    check(
        key,
        "agitation-before=5 agitation-now=7 held=yes",
        "medical High; others High",
        &["step-back", "held"],
    );
    let asleep = "medical Not yet known; others Nothing endorsed in these answers";
    check(key, "agitation-before=3 held=no", asleep, &["drowsy"]);
    let explained = "agitation-before=3 held=no sleep-explained=yes";
    check(key, explained, none, &["drowsy"]);
    let unsure = "agitation-before=3 held=no sleep-explained=unsure";
    let high = "medical High; others Nothing endorsed in these answers";
    check(key, unsure, high, &["drowsy"]);
    check(
        key,
        "agitation-before=6 agitation-now=1 held=no sleep-explained-now=yes",
        "medical Imminent; others High",
        &["step-back", "drowsy"],
    );
}

#[test]
fn substances() {
    let key = "substances";
    let well = "awake=clear breath=normal signs=none-of-these too-much=no withdrawal=none-of-these";
    check(key, well, "medical Nothing endorsed in these answers", &[]);
    check(key, &format!("{well} awake=voice"), "medical Imminent", &[]);
    check(
        key,
        &format!("{well} breath=stopped"),
        "medical Imminent",
        &["breathe"],
    );
    check(
        key,
        &format!("{well} too-much=unsure"),
        "medical Imminent",
        &[],
    );
    check(
        key,
        &format!("{well} withdrawal=shaking"),
        "medical High",
        &[],
    );
    check(
        key,
        &format!("{well} withdrawal=seizure+none-of-these"),
        "medical Imminent",
        &[],
    );
    check(
        key,
        &format!("{well} naloxone-effect=no-change"),
        "medical Imminent",
        &[],
    );
    check(
        key,
        "awake=clear breath=slow",
        "medical At least imminent",
        &[],
    );
}

#[test]
fn what_asks_about_needs_and_means() {
    check(
        "social-needs",
        "safe-people=safe",
        "cannot-keep-safe Nothing endorsed in these answers",
        &[],
    );
    check(
        "social-needs",
        "safe-people=danger-now",
        "cannot-keep-safe High",
        &["alone"],
    );
    check(
        "social-needs",
        "safe-people=declined",
        "cannot-keep-safe Not yet known",
        &[],
    );
    check(
        "means-safety",
        "reach-now=no",
        "suicide Nothing endorsed in these answers",
        &[],
    );
    check("means-safety", "reach-now=unsure", "suicide Imminent", &[]);
    check(
        "means-safety",
        "reach-now=no thing-step=nothing",
        "suicide Nothing endorsed in these answers",
        &["not-agreed"],
    );
}

#[test]
fn what_gives_no_level_still_says_what_comes_first() {
    check("decision-capacity", "knows-facts=no", "", &["doubt"]);
    check("decision-capacity", "says-choice=yes finding=able", "", &[]);
    check("safety-plan", "would-use=no", "", &["would-not-use"]);
    check(
        "hand-off",
        "said-back=no stays-until=nobody",
        "",
        &["not-said-back", "nobody"],
    );
    check(
        "follow-up",
        "reached-24=person thoughts-24=unsure",
        "",
        &["thoughts"],
    );
    check(
        "follow-up",
        "reached-24=person how-24=worse",
        "",
        &["worse"],
    );
    check("follow-up", "reached-72=nobody", "", &["not-reached"]);
    check("strengths-and-supports", "holding=people", "", &[]);
    check("consent-and-choices", "visit-ok=no", "", &[]);
    check("trauma-reminders", "touch=no", "", &[]);
}

#[test]
fn every_question_may_be_skipped_with_one_answer() {
    for protocol in starter_pack() {
        let mut visit = Visit::new(protocol);
        let flow = visit.protocol.flow(&visit.sheet);
        for step in flow.steps {
            if step.item.is_question() {
                visit.answer(step.link_id(), &json!({"notNow": true}));
            }
        }
    }
}
