//! The suicide-risk interview, row by row: the published triage, the policy for imminent, and what missing answers do.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    clippy::wildcard_enum_match_arm,
    reason = "a test may stop at the first thing that is not as it should be"
)]

mod support;

use mooring_protocol::{Answer, AnswerPath, Domain, Level, Openness, Person, StepState};
use serde_json::json;
use support::{Visit, no, yes};

const NOBODY_KNOWS: Person = Person { minor: None };
const GATES: [&str; 3] = ["wish", "thoughts", "behavior"];
const NOW: [&str; 4] = ["attempt-now", "overdose-now", "means-in-hand", "act-now"];
const BEHIND_THOUGHTS: [&str; 3] = ["method", "intent", "plan"];

/// A finished interview: these yes, everything else that is asked no.
fn finished(yes: &[&str]) -> Visit {
    let mut visit = Visit::of("suicide-risk-interview");
    for link in NOW
        .into_iter()
        .chain(GATES)
        .chain(BEHIND_THOUGHTS)
        .chain(["behavior-recent"])
    {
        let asked = match link {
            "method" | "intent" | "plan" => yes.contains(&"thoughts"),
            "behavior-recent" => yes.contains(&"behavior"),
            _ => true,
        };
        if asked {
            let answer = if yes.contains(&link) {
                visit.yes(link)
            } else {
                visit.no(link)
            };
            let _ = answer;
        }
    }
    visit
}

#[track_caller]
fn check(yes: &[&str], level: Level) {
    assert_eq!(finished(yes).level(NOBODY_KNOWS), (level, false), "{yes:?}");
}

#[test]
fn every_row_of_the_published_triage() {
    check(&[], Level::NothingEndorsed);
    check(&["wish"], Level::Low);
    check(&["thoughts"], Level::Low);
    check(&["wish", "thoughts"], Level::Low);
    check(&["thoughts", "method"], Level::Moderate);
    check(&["thoughts", "intent"], Level::High);
    check(&["thoughts", "plan"], Level::High);
    check(&["thoughts", "method", "intent", "plan"], Level::High);
    check(&["behavior"], Level::Moderate);
    check(&["behavior", "behavior-recent"], Level::High);
    check(&["wish", "thoughts", "method", "behavior"], Level::Moderate);
}

#[test]
fn every_row_of_the_policy_for_imminent() {
    for link in NOW {
        check(&[link], Level::Imminent);
        check(&[link, "thoughts", "plan"], Level::Imminent);
    }
}

#[test]
fn all_no_reads_nothing_endorsed_and_never_low_or_no_risk() {
    let triage = finished(&[])
        .protocol
        .triage(&finished(&[]).sheet, NOBODY_KNOWS);
    assert_eq!(
        triage.domains[0].shown().words(),
        "Nothing endorsed in these answers"
    );
}

#[test]
fn an_untouched_interview_is_not_yet_known() {
    let visit = Visit::of("suicide-risk-interview");
    let triage = visit.protocol.triage(&visit.sheet, NOBODY_KNOWS);
    assert_eq!(triage.domains[0].shown().words(), "Not yet known");
}

#[test]
fn any_one_missing_answer_leaves_the_level_open_and_never_lowers_it() {
    let said: [Option<Answer>; 3] = [None, Some(Answer::Declined), Some(Answer::NotNow)];
    for link in NOW.into_iter().chain(GATES) {
        for answer in &said {
            for (endorsed, level) in [
                (&[][..], Level::NothingEndorsed),
                (&["attempt-now"], Level::Imminent),
            ] {
                if endorsed.contains(&link) {
                    continue;
                }
                let mut visit = finished(endorsed);
                visit.sheet.remove(&AnswerPath::new(link));
                if let Some(answer) = answer {
                    visit.sheet.set(AnswerPath::new(link), answer.clone());
                }
                assert_eq!(
                    visit.level(NOBODY_KNOWS),
                    (level, true),
                    "{link} {answer:?}"
                );
            }
        }
    }
}

#[test]
fn an_unfinished_interview_shows_at_least_high() {
    let mut visit = Visit::of("suicide-risk-interview");
    visit.yes("thoughts").yes("plan");
    let triage = visit.protocol.triage(&visit.sheet, NOBODY_KNOWS);
    assert_eq!(triage.domains[0].shown().words(), "At least high");
}

#[test]
fn the_question_about_three_months_left_open_is_moderate_at_least() {
    let mut visit = finished(&["behavior"]);
    visit.sheet.remove(&AnswerPath::new("behavior-recent"));
    assert_eq!(visit.level(NOBODY_KNOWS), (Level::Moderate, true));
}

#[test]
fn not_sure_counts_as_yes_for_intent_plan_and_behavior() {
    for (endorsed, link, level) in [
        (&["thoughts"][..], "intent", Level::High),
        (&["thoughts"], "plan", Level::High),
        (&["behavior"], "behavior-recent", Level::High),
        (&[], "attempt-now", Level::Imminent),
    ] {
        let mut visit = finished(endorsed);
        visit.answer(link, &json!({"unsure": true}));
        assert_eq!(visit.level(NOBODY_KNOWS), (level, false), "{link}");
    }
    let mut visit = finished(&[]);
    visit.answer("behavior", &json!({"unsure": true}));
    assert_eq!(
        visit.level(NOBODY_KNOWS),
        (Level::Moderate, true),
        "and its question about three months is asked"
    );
    assert!(visit.open().contains(&"behavior-recent".to_owned()));
}

#[test]
fn not_sure_about_other_questions_leaves_them_open() {
    for link in ["wish", "means-in-hand"] {
        let mut visit = finished(&[]);
        visit.answer(link, &json!({"unsure": true}));
        assert_eq!(
            visit.level(NOBODY_KNOWS),
            (Level::NothingEndorsed, true),
            "{link}"
        );
    }
}

#[test]
fn not_sure_about_the_thoughts_keeps_the_questions_behind_open() {
    let mut visit = finished(&[]);
    visit.answer("thoughts", &json!({"unsure": true}));
    let open = visit.open();
    assert!(
        BEHIND_THOUGHTS
            .iter()
            .all(|link| open.iter().any(|open| open == link))
    );
}

#[test]
fn a_minors_refusal_counts_as_a_positive_screen_and_stays_open() {
    for (minor, level) in [
        (Some(true), Level::Low),
        (Some(false), Level::NothingEndorsed),
        (None, Level::NothingEndorsed),
    ] {
        let mut visit = finished(&[]);
        visit.answer("wish", &json!({"declined": true}));
        assert_eq!(visit.level(Person { minor }), (level, true), "{minor:?}");
    }
}

#[test]
fn a_yes_behind_a_gate_that_nobody_answered_counts() {
    let mut visit = Visit::of("suicide-risk-interview");
    visit.yes("intent");
    assert_eq!(visit.level(NOBODY_KNOWS), (Level::High, true));
    let flow = visit.protocol.flow(&visit.sheet);
    let step = flow
        .steps
        .iter()
        .find(|step| step.link_id() == "intent")
        .unwrap();
    assert_eq!(step.open, Openness::Possible);
}

#[test]
fn a_yes_behind_a_closed_gate_never_counts() {
    let mut visit = finished(&[]);
    visit.sheet.set(AnswerPath::new("intent"), yes());
    assert_eq!(visit.level(NOBODY_KNOWS), (Level::NothingEndorsed, false));
}

#[test]
fn a_contested_gate_keeps_both_branches_open() {
    let mut visit = finished(&["thoughts", "intent"]);
    visit.sheet.add(AnswerPath::new("thoughts"), no());
    assert_eq!(visit.level(NOBODY_KNOWS), (Level::High, false));
    assert!(visit.open().contains(&"intent".to_owned()));
    let flow = visit.protocol.flow(&visit.sheet);
    let gate = flow
        .steps
        .iter()
        .find(|step| step.link_id() == "thoughts")
        .unwrap();
    assert_eq!(gate.state, StepState::Contested);
}

#[test]
fn of_contested_answers_the_worst_governs() {
    let mut visit = finished(&[]);
    visit.sheet.add(AnswerPath::new("act-now"), yes());
    assert_eq!(visit.level(NOBODY_KNOWS), (Level::Imminent, false));
}

#[test]
fn a_refusal_beside_a_no_leaves_the_level_open() {
    let mut visit = finished(&[]);
    visit.sheet.add(AnswerPath::new("wish"), Answer::Declined);
    assert_eq!(visit.level(NOBODY_KNOWS), (Level::NothingEndorsed, true));
}

#[test]
fn reasons_name_the_rule_the_source_and_the_answers() {
    let mut visit = finished(&["thoughts", "plan"]);
    visit.yes("means-in-hand");
    let triage = visit.protocol.triage(&visit.sheet, NOBODY_KNOWS);
    let found: Vec<(&str, Level, bool)> = triage.domains[0]
        .reasons
        .iter()
        .map(|r| (r.rule.as_str(), r.level, r.policy))
        .collect();
    assert_eq!(
        found,
        [
            ("means-in-hand", Level::Imminent, true),
            ("plan", Level::High, false),
            ("thoughts", Level::Low, false)
        ]
    );
    let plan = &triage.domains[0].reasons[1];
    assert!(plan.source.contains("cssrs.columbia.edu"));
    let words = visit.protocol.words_for(&plan.paths[0], &yes());
    assert_eq!(
        words,
        "A worked-out plan that they mean to carry out, past month: yes"
    );
}

#[test]
fn danger_to_life_starts_with_emergency_medical_services() {
    let visit = finished(&["attempt-now"]);
    let guidance = visit.protocol.triage(&visit.sheet, NOBODY_KNOWS).guidance;
    assert!(
        guidance[0]
            .text
            .contains("emergency medical services first")
    );
    let sight: Vec<_> = guidance
        .iter()
        .filter(|g| g.text.contains("sight of the person"))
        .collect();
    assert!(
        !sight.is_empty()
            && sight
                .iter()
                .all(|g| g.text.contains("only from where you are safe"))
    );
}

#[test]
fn an_answer_that_fits_nowhere_leaves_every_level_open() {
    let mut visit = finished(&[]);
    visit.sheet.set(AnswerPath::new("no-such-question"), yes());
    assert_eq!(visit.level(NOBODY_KNOWS), (Level::NothingEndorsed, true));
    assert_eq!(visit.protocol.flow(&visit.sheet).unplaced.len(), 1);
}

#[test]
fn a_value_of_a_wrong_type_answers_nothing() {
    let mut visit = finished(&[]);
    let text = mooring_protocol::Value::String("no".to_owned());
    visit
        .sheet
        .set(AnswerPath::new("wish"), Answer::Value(text));
    assert_eq!(visit.level(NOBODY_KNOWS), (Level::NothingEndorsed, true));
}

#[test]
fn the_interview_speaks_of_suicide_only() {
    let visit = finished(&[]);
    let domains: Vec<Domain> = visit
        .protocol
        .triage(&visit.sheet, NOBODY_KNOWS)
        .domains
        .iter()
        .map(|d| d.domain)
        .collect();
    assert_eq!(domains, [Domain::Suicide]);
}

/// Two phones that differ in every answer: 2,048 combinations, and the one worst of them governs.
#[test]
fn two_phones_that_differ_in_every_answer_are_as_bad_as_the_worst_combination() {
    let mut visit = finished(&[]);
    for link in NOW
        .into_iter()
        .chain(GATES)
        .chain(BEHIND_THOUGHTS)
        .chain(["behavior-recent"])
    {
        visit.sheet.set(AnswerPath::new(link), no());
        visit.sheet.add(AnswerPath::new(link), yes());
    }
    assert_eq!(visit.level(NOBODY_KNOWS), (Level::Imminent, false));
    for link in NOW {
        visit.sheet.set(AnswerPath::new(link), no());
    }
    assert_eq!(visit.level(NOBODY_KNOWS), (Level::High, false));
}
