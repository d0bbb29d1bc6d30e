//! What leads through a visit: stages, times to look again, before and after; and what is refused in a file that says so wrongly.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test may stop at the first thing that is not as it should be"
)]

mod support;

use mooring_protocol::{
    AnswerPath, Change, FaultKind, Level, Outcome, Person, Protocol, Stage, starter_pack,
};
use serde_json::{Value as Json, json};
use support::Visit;

const MINUTE: i64 = 60_000;

fn code(key: &str, code: &str) -> Json {
    json!({"valueCoding": {"system": format!("urn:mooring:answers:{key}"), "code": code}})
}

fn stages_of(visit: &Visit) -> Vec<Stage> {
    visit.protocol.stages(&visit.sheet)
}

#[test]
fn verbal_de_escalation_has_three_stages_and_ten_moves_with_words_to_say() {
    let stages = stages_of(&Visit::of("verbal-de-escalation"));
    let ids: Vec<&str> = stages.iter().map(|stage| stage.id.as_str()).collect();
    assert_eq!(ids, ["engage", "together", "ease"]);
    let moves: Vec<_> = stages.iter().flat_map(|stage| &stage.moves).collect();
    assert_eq!(moves.len(), 10);
    for one in moves {
        assert!(
            !one.say.is_empty() && !one.watch.is_empty(),
            "{}",
            one.link_id
        );
        assert_eq!(one.outcome, Outcome::NotYet);
        assert!(one.title.translations.contains_key("es"));
    }
}

#[test]
fn a_move_is_skipped_with_one_tap_and_that_is_recorded() {
    let mut visit = Visit::of("verbal-de-escalation");
    let outcome = |visit: &Visit, link: &str| {
        let stages = stages_of(visit);
        let mut moves = stages.iter().flat_map(|stage| &stage.moves);
        moves.find(|one| one.link_id == link).unwrap().outcome
    };
    visit.answer("space-tried", &json!({"notNow": true}));
    assert_eq!(outcome(&visit, "space"), Outcome::Skipped);
    visit.yes("listen-tried");
    assert_eq!(outcome(&visit, "listen"), Outcome::Tried);
    visit.answer("listen-effect", &code("verbal-de-escalation", "helped"));
    assert_eq!(outcome(&visit, "listen"), Outcome::Helped);
    assert!(stages_of(&visit).iter().all(Stage::is_open));
    for link in ["provoke", "contact", "concise"] {
        visit.answer(&format!("{link}-tried"), &json!({"notNow": true}));
    }
    let open: Vec<bool> = stages_of(&visit).iter().map(Stage::is_open).collect();
    assert_eq!(
        open,
        [false, true, true],
        "nothing waits, and the first stage is through"
    );
}

#[test]
fn the_reminders_are_read_and_never_wait_for_an_answer() {
    let stages = stages_of(&Visit::of("trauma-reminders"));
    assert_eq!(stages[0].moves.len(), 6);
    assert!(!stages[0].is_open());
}

/// When each check is due, in minutes, with answers given at these minutes.
#[track_caller]
fn check(visit: &Visit, given: &[(&str, i64)], now: i64, due: &[(&str, i64)]) {
    let at = |path: &AnswerPath| {
        let of_link = given.iter().filter(|(link, _)| *link == path.link_id());
        of_link.map(|(_, minute)| minute * MINUTE).next_back()
    };
    let rechecks = visit.protocol.rechecks(&visit.sheet);
    let found: Vec<(&str, i64)> = rechecks
        .iter()
        .filter_map(|one| Some((one.id.as_str(), one.due_ms(&at, now * MINUTE)? / MINUTE)))
        .collect();
    assert_eq!(found, due);
}

#[test]
fn agitation_is_looked_at_again_in_ten_minutes_until_it_is_calm() {
    let mut visit = Visit::of("agitation");
    check(&visit, &[], 0, &[]);
    visit.answer("agitation-before", &json!({"valueInteger": 5}));
    check(&visit, &[("agitation-before", 3)], 4, &[("agitated", 13)]);
    visit.answer("agitation-now", &json!({"valueInteger": 6}));
    let given = [("agitation-before", 3), ("agitation-now", 14)];
    check(&visit, &given, 15, &[("agitated", 24)]);
    let mut calm = Visit::of("agitation");
    calm.answer("agitation-before", &json!({"valueInteger": 5}));
    calm.answer("agitation-now", &json!({"valueInteger": 4}));
    check(&calm, &given, 15, &[]);
    let mut drowsy = Visit::of("agitation");
    drowsy.answer("agitation-before", &json!({"valueInteger": 6}));
    drowsy.answer("agitation-now", &json!({"valueInteger": 3}));
    check(&drowsy, &given, 15, &[("drowsy", 24)]);
}

#[test]
fn somebody_is_asked_after_24_and_72_hours_until_that_is_answered() {
    let mut visit = Visit::of("follow-up");
    visit.no("visit-over");
    check(&visit, &[("visit-over", 0)], 1, &[]);
    visit.yes("visit-over");
    let given = [("visit-over", 10)];
    let both = [("after-24", 10 + 24 * 60), ("after-72", 10 + 72 * 60)];
    check(&visit, &given, 11, &both);
    visit.answer("reached-24", &json!({"notNow": true}));
    check(&visit, &given, 11, &both);
    visit.answer("reached-24", &code("follow-up", "nobody"));
    check(&visit, &given, 11, &both[1..]);
}

#[test]
fn naloxone_without_effect_is_looked_at_again_in_three_minutes() {
    let mut visit = Visit::of("substances");
    visit.answer("naloxone-effect", &code("substances", "no-change"));
    check(&visit, &[("naloxone-effect", 2)], 2, &[("naloxone", 5)]);
}

#[track_caller]
fn pair(key: &str, answers: &[(&str, i64)], change: Change, after: usize) {
    let mut visit = Visit::of(key);
    for (link, value) in answers {
        visit.answer(link, &json!({"valueInteger": value}));
    }
    let pairs = visit.protocol.pairs(&visit.sheet);
    assert_eq!(
        (pairs.len(), pairs[0].change, pairs[0].after.len()),
        (1, change, after)
    );
}

#[test]
fn agitation_before_and_after_stands_as_a_pair() {
    for key in ["agitation", "verbal-de-escalation"] {
        let after = if key == "agitation" {
            "agitation-now"
        } else {
            "agitation-after"
        };
        pair(key, &[], Change::Unknown, 0);
        pair(key, &[("agitation-before", 6)], Change::Unknown, 0);
        pair(
            key,
            &[("agitation-before", 6), (after, 4)],
            Change::Calmer,
            1,
        );
        pair(
            key,
            &[("agitation-before", 5), (after, 6)],
            Change::Higher,
            1,
        );
        pair(
            key,
            &[("agitation-before", 6), (after, 2)],
            Change::BelowCalm,
            1,
        );
    }
}

#[test]
fn a_repeat_that_nobody_began_leaves_the_level_open_unless_the_rules_say_that_it_may_be_absent() {
    let source = starter_pack()
        .into_iter()
        .find(|one| one.key() == "agitation")
        .unwrap();
    let (questionnaire, rules) = source.source();
    let mut rules: Json = serde_json::from_slice(rules.unwrap()).unwrap();
    let at_least = |rules: &Json| {
        let protocol = Protocol::parse(questionnaire, Some(rules.to_string().as_bytes())).unwrap();
        let mut visit = Visit::new(protocol);
        visit
            .answer("agitation-before", &json!({"valueInteger": 4}))
            .no("held");
        let triage = visit.protocol.triage(&visit.sheet, Person::default());
        assert!(
            triage
                .domains
                .iter()
                .all(|one| one.level == Level::NothingEndorsed)
        );
        triage.domains.iter().any(|one| one.at_least)
    };
    assert!(!at_least(&rules));
    rules.as_object_mut().unwrap().remove("may_be_absent");
    assert!(at_least(&rules));
}

const FORM: &str = r#"{"resourceType": "Questionnaire", "status": "active", "item": [
 {"linkId": "g", "type": "group", "repeats": true, "item": [{"linkId": "in", "type": "boolean"}]},
 {"linkId": "t", "type": "boolean"},
 {"linkId": "e", "type": "choice", "answerOption": [{"valueCoding": {"code": "helped"}}, {"valueCoding": {"code": "worse"}}]},
 {"linkId": "n", "type": "integer"}]}"#;

#[track_caller]
fn refused(member: &str, value: &Json, kind: FaultKind, at: &str, message: &str) {
    let rules = json!({"version": 0, member: value}).to_string();
    let faults = Protocol::parse(FORM.as_bytes(), Some(rules.as_bytes()))
        .unwrap_err()
        .0;
    let found = faults.iter().any(|one| {
        one.kind == kind && one.at == format!("rules: {at}") && one.message.contains(message)
    });
    assert!(found, "{faults:?}");
}

#[test]
fn what_leads_is_refused_with_its_place_where_it_points_nowhere() {
    use FaultKind::{Missing, NoSuchTarget, NotAllowed, WrongType};
    let stage = |one: Json| json!([{"id": "a", "title": "A", "moves": [one]}]);
    refused(
        "stages",
        &stage(json!({"link": "x"})),
        NoSuchTarget,
        "stages[0].moves[0].link",
        "an item",
    );
    let twice = json!({"link": "t", "tried": "in"});
    refused(
        "stages",
        &stage(twice),
        WrongType,
        "stages[0].moves[0].tried",
        "outside every repeat",
    );
    let effect = json!({"link": "t", "effect": "e"});
    refused(
        "stages",
        &stage(effect),
        NoSuchTarget,
        "stages[0].moves[0].effect",
        "'no-change'",
    );
    let recheck = |change: Json| {
        let mut one = json!({"id": "r", "from": ["n"], "after_minutes": 10, "text": "T", "source": "S", "policy": true});
        one.as_object_mut()
            .unwrap()
            .extend(change.as_object().unwrap().clone());
        json!([one])
    };
    let minutes = recheck(json!({"after_minutes": 0}));
    refused(
        "rechecks",
        &minutes,
        Missing,
        "rechecks[0].after_minutes",
        "at least 1",
    );
    let from = recheck(json!({"from": ["gone"]}));
    refused(
        "rechecks",
        &from,
        NoSuchTarget,
        "rechecks[0].from[0]",
        "'gone'",
    );
    let kinds =
        recheck(json!({"from": ["n", "t"], "newest": {"op": ">=", "value": {"valueInteger": 1}}}));
    refused(
        "rechecks",
        &kinds,
        WrongType,
        "rechecks[0].newest",
        "one type",
    );
    let pair = json!([{"id": "p", "title": "P", "before": "n", "after": "t", "calm": 4}]);
    refused("pairs", &pair, WrongType, "pairs[0].after", "integer");
    refused(
        "may_be_absent",
        &json!(["t"]),
        NoSuchTarget,
        "may_be_absent[0]",
        "repeating group",
    );
    refused("ages", &json!({"from": 12}), Missing, "ages.text", "a text");
    let words = json!({"from": 12, "text": {"es": "Para todos"}});
    refused("ages", &words, Missing, "ages.text.en", "own language");
    let empty = json!({"text": {"en": "For all", "es": ""}});
    refused("ages", &empty, Missing, "ages.text.es", "says something");
    refused(
        "draft_languages",
        &json!([1]),
        WrongType,
        "draft_languages[0]",
        "a string",
    );
    refused("timers", &json!([]), NotAllowed, "timers", "not known here");
}
