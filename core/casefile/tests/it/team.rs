//! Who is of the team, and when a case is closed.

use std::collections::BTreeSet;

use mooring_casefile::{Edit, Event, Mark, NewAdvice, PersonId};

use crate::world::{BRANDT, ITO, OKAFOR, ROY, STERN, Visit, yes};

fn person(number: u8) -> PersonId {
    PersonId::new([number; 16])
}

fn add(visit: &mut Visit, by: u8, whom: u8) {
    let edit = Edit::AddToTeam {
        id: visit.fate.record(),
        person: person(whom),
        text: "joins the team".to_owned(),
    };
    visit.write(by, &edit);
}

fn note(visit: &mut Visit, by: u8, kind: &str) {
    let edit = Edit::Event {
        id: visit.fate.record(),
        kind: kind.to_owned(),
        text: "settled at home".to_owned(),
    };
    visit.write(by, &edit);
}

#[track_caller]
fn check_team(visit: &mut Visit, others: &[u8], expected: &[u8]) {
    let others: BTreeSet<_> = others.iter().map(|one| person(*one)).collect();
    let expected: BTreeSet<_> = expected.iter().map(|one| person(*one)).collect();
    assert_eq!(visit.phone(OKAFOR).file.team(&others), expected);
}

#[test]
fn the_creator_and_those_whom_members_added_are_the_team() {
    let mut visit = Visit::of(&[OKAFOR, BRANDT, ITO]);
    check_team(&mut visit, &[], &[OKAFOR]);
    add(&mut visit, OKAFOR, BRANDT);
    visit.meet();
    add(&mut visit, BRANDT, ITO);
    visit.meet();
    check_team(&mut visit, &[], &[OKAFOR, BRANDT, ITO]);
}

#[test]
fn whoever_is_no_member_adds_nobody_unless_headquarters_gave_them_the_case() {
    let mut visit = Visit::of(&[OKAFOR, BRANDT]);
    add(&mut visit, BRANDT, BRANDT);
    add(&mut visit, BRANDT, ROY);
    visit.meet();
    check_team(&mut visit, &[], &[OKAFOR]);
    check_team(&mut visit, &[BRANDT], &[OKAFOR, BRANDT, ROY]);
}

fn is_closed(visit: &mut Visit) -> bool {
    visit.phone(OKAFOR).file.closed().is_some()
}

#[test]
fn a_case_is_closed_by_saying_so_and_opens_with_the_next_thing_entered() {
    let mut visit = Visit::of(&[OKAFOR]);
    visit.answer(OKAFOR, "wish", yes());
    assert!(!is_closed(&mut visit), "nobody said so");
    note(&mut visit, OKAFOR, Event::CLOSED);
    assert!(is_closed(&mut visit));
    visit.answer(OKAFOR, "plan", yes());
    assert!(!is_closed(&mut visit));
    note(&mut visit, OKAFOR, Event::CLOSED);
    assert!(is_closed(&mut visit));
}

#[test]
fn what_another_entered_without_knowing_of_the_closing_opens_it() {
    let mut visit = Visit::of(&[OKAFOR, BRANDT]);
    visit.answer(BRANDT, "wish", yes());
    note(&mut visit, OKAFOR, Event::CLOSED);
    visit.meet();
    assert!(!is_closed(&mut visit));
}

#[test]
fn marks_of_advice_and_a_broken_glass_leave_it_closed() {
    let mut visit = Visit::of(&[OKAFOR, STERN]);
    let id = visit.fate.record();
    let advice = NewAdvice {
        text: "Stay".to_owned(),
        written_on: visit.phone(STERN).file.version(),
        expires_ms: None,
        replaces: None,
    };
    visit.write(STERN, &Edit::Advice { id, advice });
    visit.meet();
    note(&mut visit, OKAFOR, Event::CLOSED);
    let mark = Edit::AdviceMark {
        id: visit.fate.record(),
        advice: id,
        mark: Mark::Read,
    };
    visit.write(OKAFOR, &mark);
    note(&mut visit, OKAFOR, Event::BROKEN_GLASS);
    assert!(is_closed(&mut visit));
}
