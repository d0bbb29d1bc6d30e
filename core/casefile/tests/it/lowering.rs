//! SAFETY rules 3 and 4: a missing answer never lowers, and nothing lowers in silence.

use mooring_casefile::{ConfirmKind, Edit, EditError};
use mooring_protocol::{Answer, Level};

use crate::world::{BRANDT, Books, ITO, OKAFOR, ROY, STERN, Visit, no, path, words, yes};

const NOTHING: &str = "Nothing endorsed in these answers";

fn high_by_okafor(people: &[u8]) -> (Visit, mooring_casefile::ChangeId) {
    let mut visit = Visit::of(people);
    visit.answer_all(OKAFOR);
    let high = visit.answer(OKAFOR, "attempt", yes());
    visit.meet();
    (visit, high)
}

#[test]
fn an_unfinished_assessment_is_not_yet_known() {
    let mut visit = Visit::of(&[OKAFOR]);
    visit.check("Not yet known", false);
    visit.answer(OKAFOR, "wish", no());
    visit.check("Not yet known", false);
    assert_eq!(visit.risk(OKAFOR).unfinished.len(), 1);
    visit.answer(OKAFOR, "attempt", yes());
    visit.check("At least imminent", false);
    visit.answer_all(OKAFOR);
    assert!(visit.risk(OKAFOR).unfinished.is_empty());
}

#[track_caller]
fn check_unfinished(answers: &[(&str, Answer)], unfinished: bool) {
    let mut visit = Visit::of(&[OKAFOR]);
    for (link, answer) in answers {
        visit.answer(OKAFOR, link, answer.clone());
    }
    assert_eq!(!visit.risk(OKAFOR).unfinished.is_empty(), unfinished);
}

#[test]
fn an_assessment_is_unfinished_while_something_that_a_level_hangs_on_was_not_asked() {
    let asked = [("wish", no()), ("thoughts", no()), ("attempt", no())];
    check_unfinished(&asked[..2], true);
    check_unfinished(&[asked.as_slice(), &[("support", no())]].concat(), false);
}

#[test]
fn what_was_put_off_is_unfinished_and_what_was_refused_is_not() {
    let but_one = |last| {
        let asked = ["wish", "thoughts", "support"].map(|link| (link, no()));
        [asked.as_slice(), &[("attempt", last)]].concat()
    };
    check_unfinished(&but_one(Answer::NotNow), true);
    check_unfinished(&but_one(Answer::Declined), false);
    check_unfinished(&but_one(Answer::Unsure), false);
}

#[test]
fn a_case_without_any_assessment_is_not_yet_known() {
    let visit = Visit::of(&[OKAFOR]);
    let empty = mooring_casefile::CaseFile::new(visit.phones[0].file.case());
    assert_eq!(empty.risk(&visit.books).shown().words(), "Not yet known");
}

#[test]
fn a_protocol_that_is_not_here_never_lowers() {
    let (visit, _) = high_by_okafor(&[OKAFOR]);
    let risk = visit.phones[0].file.risk(&Books::empty());
    assert!(risk.at_least);
    assert_eq!(risk.unknown_protocols, [visit.books.talk()]);
    assert_eq!(risk.shown().words(), "Not yet known");
}

#[test]
fn an_edit_that_raises_governs_at_once() {
    let mut visit = Visit::of(&[OKAFOR, BRANDT]);
    visit.answer_all(OKAFOR);
    visit.check(NOTHING, false);
    visit.answer(BRANDT, "attempt", yes());
    visit.check("Imminent", false);
    assert_eq!(visit.risk(OKAFOR).held, None);
}

#[test]
fn an_edit_that_lowers_is_saved_and_the_earlier_level_governs() {
    let (mut visit, high) = high_by_okafor(&[OKAFOR, BRANDT]);
    let low = visit.answer(OKAFOR, "attempt", no());
    visit.check("Imminent", false);
    visit.check_values("attempt", &[high, low], &[1], &[0]);
    let held = visit.risk(BRANDT).held.unwrap();
    assert_eq!(
        (held.was.words(), held.alone.words()),
        ("Imminent", NOTHING)
    );
    let ids: Vec<_> = held
        .values
        .iter()
        .map(|value| (value.id, value.words.as_str()))
        .collect();
    assert_eq!(ids, [(high, "yes")]);
}

#[test]
fn the_author_lets_it_go_with_a_reason() {
    let (mut visit, high) = high_by_okafor(&[OKAFOR, BRANDT]);
    visit.answer(OKAFOR, "attempt", no());
    let Edit::Confirm {
        id,
        place,
        earlier,
        kind,
        ..
    } = visit.confirm("attempt", &[high])
    else {
        unreachable!()
    };
    let silent = Edit::Confirm {
        id,
        place,
        earlier,
        reason: " ".to_owned(),
        kind,
    };
    assert_eq!(visit.try_write(OKAFOR, &silent), Err(EditError::NoReason));
    let confirm = visit.confirm("attempt", &[high]);
    visit.write(OKAFOR, &confirm);
    visit.check(NOTHING, false);
    assert_eq!(visit.risk(BRANDT).held, None);
}

#[test]
fn a_retraction_that_lowers_is_held_in_the_same_way() {
    let (mut visit, high) = high_by_okafor(&[OKAFOR]);
    let retract = Edit::Retract {
        assessment: visit.assessment,
        path: path("attempt"),
        reason: "not said".to_owned(),
    };
    visit.write(OKAFOR, &retract);
    visit.check("At least imminent", false);
    let confirm = visit.confirm("attempt", &[high]);
    visit.write(OKAFOR, &confirm);
    visit.check("Not yet known", false);
}

#[test]
fn a_changed_gate_that_lowers_is_held_in_the_same_way() {
    let mut visit = Visit::of(&[OKAFOR]);
    visit.answer_all(OKAFOR);
    let gate = visit.answer(OKAFOR, "thoughts", yes());
    visit.answer(OKAFOR, "plan", yes());
    visit.check("High", false);
    visit.answer(OKAFOR, "thoughts", no());
    visit.check("High", false);
    let confirm = visit.confirm("thoughts", &[gate]);
    visit.write(OKAFOR, &confirm);
    visit.check(NOTHING, false);
}

/// Okafor answers a question whose gate nobody has answered yet; then somebody closes the gate.
fn closed_behind(by: u8) -> (Visit, mooring_casefile::ChangeId) {
    let mut visit = Visit::of(&[OKAFOR, BRANDT, ITO, ROY]);
    let plan = visit.answer(OKAFOR, "plan", yes());
    visit.check("At least high", false);
    visit.answer(by, "thoughts", no());
    (visit, plan)
}

#[test]
fn a_gate_that_closes_an_answer_lowers_nothing_until_the_answers_author_lets_it_go() {
    for by in [OKAFOR, BRANDT] {
        let (mut visit, plan) = closed_behind(by);
        visit.check("At least high", false);
        let held = visit.risk(OKAFOR).held.unwrap();
        assert_eq!(
            held.values.iter().map(|value| value.id).collect::<Vec<_>>(),
            [plan]
        );
        let confirm = visit.confirm("plan", &[plan]);
        visit.write(OKAFOR, &confirm);
        visit.check("Not yet known", false);
    }
}

#[test]
fn a_gate_closed_elsewhere_at_the_same_time_lowers_nothing_when_both_meet() {
    let mut visit = Visit::of(&[OKAFOR, BRANDT]);
    visit.answer(OKAFOR, "plan", yes());
    visit.answer(BRANDT, "thoughts", no());
    visit.check("At least high", false);
}

#[test]
fn a_clinician_lets_a_closed_answer_go_unless_the_gate_is_their_own() {
    for (by, lets_go, counts) in [(BRANDT, ITO, true), (ITO, ITO, false), (ITO, ROY, true)] {
        let (mut visit, plan) = closed_behind(by);
        visit.meet();
        let confirm = visit.confirm("plan", &[plan]);
        let _ = visit.try_write(lets_go, &confirm);
        visit.check(
            if counts {
                "Not yet known"
            } else {
                "At least high"
            },
            false,
        );
    }
}

#[test]
fn an_answer_given_in_knowledge_of_a_closed_gate_does_not_count() {
    let mut visit = Visit::of(&[OKAFOR]);
    visit.answer_all(OKAFOR);
    visit.answer(OKAFOR, "plan", yes());
    visit.check(NOTHING, false);
}

#[track_caller]
fn check_lowered_by_another(by: u8, lets_go: u8, allowed: bool) {
    let (mut visit, high) = high_by_okafor(&[OKAFOR, BRANDT, ITO, ROY]);
    visit.answer(by, "attempt", no());
    visit.check("Imminent", false);
    let confirm = visit.confirm("attempt", &[high]);
    let written = visit.try_write(lets_go, &confirm);
    assert_eq!(written.err(), (!allowed).then_some(EditError::NotAllowed));
    visit.check(if allowed { NOTHING } else { "Imminent" }, false);
}

#[test]
fn lowering_anothers_answer_takes_its_author_or_a_role() {
    check_lowered_by_another(BRANDT, OKAFOR, true);
    check_lowered_by_another(BRANDT, BRANDT, false);
    check_lowered_by_another(BRANDT, ITO, true);
    check_lowered_by_another(ITO, ITO, false);
    check_lowered_by_another(ITO, ROY, true);
}

#[test]
fn a_forged_confirmation_without_part_or_role_lets_nothing_go() {
    // A phone whose software does not ask whether it may: it claims a role that its person does not have.
    let (mut visit, high) = high_by_okafor(&[OKAFOR, BRANDT]);
    visit.answer(BRANDT, "attempt", no());
    let confirm = visit.confirm("attempt", &[high]);
    let honest = visit.phone(BRANDT).writer;
    visit.phone(BRANDT).writer.who.roles =
        mooring_casefile::Roles::NONE.with(mooring_casefile::Role::Psychiatrist);
    visit.write(BRANDT, &confirm);
    let run = visit.phone(BRANDT).file.runs_since(
        mooring_casefile::Half::Field,
        &std::collections::BTreeMap::new(),
    );
    let run = run
        .into_iter()
        .find(|run| run.actor == honest.actor)
        .unwrap();
    let merged = visit.phone(OKAFOR).file.merge(&run, &honest.who);
    assert!(matches!(merged, mooring_casefile::Merge::Merged(_)));
    assert_eq!(visit.risk(OKAFOR).shown().words(), "Imminent");
}

#[test]
fn a_value_let_go_before_it_was_replaced_was_not_let_go() {
    let (mut visit, high) = high_by_okafor(&[OKAFOR, BRANDT]);
    visit.answer(OKAFOR, "attempt", no());
    visit.answer(OKAFOR, "attempt", yes());
    let confirm = visit.confirm("attempt", &[high]);
    visit.write(OKAFOR, &confirm);
    let second = visit.item(OKAFOR, "attempt").values[0].id;
    let early = visit.confirm("attempt", &[second]);
    let _ = visit.try_write(OKAFOR, &early);
    visit.meet();
    visit.answer(BRANDT, "attempt", no());
    visit.check("Imminent", false);
}

#[test]
fn a_psychiatrist_settles_between_what_stands_and_what_is_held() {
    for choose_earlier in [false, true] {
        let (mut visit, high) = high_by_okafor(&[OKAFOR, BRANDT, STERN]);
        let low = visit.answer(BRANDT, "attempt", no());
        visit.meet();
        let seen = visit.item(OKAFOR, "attempt").to_settle();
        assert_eq!(seen.len(), 2);
        let settle = visit.settle("attempt", &seen, if choose_earlier { high } else { low });
        visit.write(STERN, &settle);
        visit.check(if choose_earlier { "Imminent" } else { NOTHING }, false);
        visit.check_values(
            "attempt",
            &[high, low],
            &[usize::from(!choose_earlier)],
            &[],
        );
    }
}

#[test]
fn an_edit_after_a_value_was_chosen_again_replaces_it_as_any_other() {
    let (mut visit, high) = high_by_okafor(&[OKAFOR, BRANDT, ROY]);
    let low = visit.answer(BRANDT, "attempt", no());
    visit.meet();
    let settle = visit.settle("attempt", &[high, low], high);
    visit.write(ROY, &settle);
    visit.meet();
    let last = visit.answer(OKAFOR, "attempt", Answer::Unsure);
    visit.meet();
    visit.check_values("attempt", &[high, low, last], &[2], &[0]);
    visit.check("At least imminent", false);
}

#[track_caller]
fn check_undo(seconds: i64, undone_by: u8, counts: bool) {
    let mut visit = Visit::of(&[OKAFOR, BRANDT]);
    visit.answer_all(OKAFOR);
    let slip = visit.answer(OKAFOR, "attempt", yes());
    visit.meet();
    visit.fate.seconds += seconds - 1;
    visit.answer(undone_by, "attempt", no());
    let undo = visit.undo("attempt", slip);
    let written = visit.try_write(undone_by, &undo);
    assert_eq!(written.is_ok(), counts);
    visit.check(if counts { NOTHING } else { "Imminent" }, false);
}

#[test]
fn the_authors_own_undo_within_the_minute_needs_no_reason() {
    check_undo(5, OKAFOR, true);
    check_undo(60, OKAFOR, true);
    check_undo(61, OKAFOR, false);
    check_undo(5, BRANDT, false);
}

#[test]
fn an_undo_with_a_clock_in_doubt_does_not_count() {
    let mut visit = Visit::of(&[OKAFOR]);
    visit.answer_all(OKAFOR);
    visit.fate.seconds = -crate::world::START_MS / 1_000 + 5;
    let slip = {
        let now = mooring_casefile::Now {
            wall_ms: 1,
            uptime_ms: 0,
            boot_id: [0; 16],
        };
        let edit = Edit::Answer {
            assessment: visit.assessment,
            answers: vec![(path("attempt"), yes())],
            told: None,
        };
        let writer = visit.phone(OKAFOR).writer;
        visit
            .phone(OKAFOR)
            .file
            .apply(&edit, &writer, now)
            .unwrap()
            .id
    };
    visit.fate.seconds = 500;
    visit.answer(OKAFOR, "attempt", no());
    let undo = visit.undo("attempt", slip);
    assert_eq!(visit.try_write(OKAFOR, &undo), Err(EditError::NotAllowed));
}

#[test]
fn an_answer_where_none_was_given_may_close_what_was_open() {
    let mut visit = Visit::of(&[OKAFOR, BRANDT]);
    visit.answer_all(OKAFOR);
    visit.answer(OKAFOR, "wish", Answer::NotNow);
    visit.check(words(Level::NothingEndorsed, true), false);
    visit.answer(BRANDT, "wish", no());
    visit.check(NOTHING, false);
}

#[test]
fn whoever_stops_being_a_minor_lowers_and_is_held() {
    let mut visit = Visit::of(&[OKAFOR]);
    visit.answer_all(OKAFOR);
    visit.write(OKAFOR, &Edit::Minor(true));
    visit.answer(OKAFOR, "wish", Answer::Declined);
    let as_minor = visit.risk(OKAFOR).level;
    assert!(as_minor > Level::NothingEndorsed);
    visit.write(OKAFOR, &Edit::Minor(false));
    let risk = visit.risk(OKAFOR);
    assert_eq!(risk.level, as_minor);
    let held = risk.held.unwrap();
    let (id, place, earlier) = (
        visit.fate.record(),
        held.values[0].place.clone(),
        vec![held.values[0].id],
    );
    let reason = "birthday".to_owned();
    visit.write(
        OKAFOR,
        &Edit::Confirm {
            id,
            place,
            earlier,
            reason,
            kind: ConfirmKind::Confirmed,
        },
    );
    assert!(visit.risk(OKAFOR).level < as_minor);
}
