//! SAFETY rule 8: a level by judgment counts upward at once, and downward only once accepted.

use mooring_casefile::{Accepted, Edit, EditError, RecordId};
use mooring_protocol::Level;

use crate::world::{BRANDT, ITO, OKAFOR, ROY, STERN, Visit, no, yes};

const NOTHING: &str = "Nothing endorsed in these answers";

fn visit() -> Visit {
    let mut visit = Visit::of(&[OKAFOR, BRANDT, ITO, ROY, STERN]);
    visit.answer_all(OKAFOR);
    visit.meet();
    visit
}

fn accept(visit: &mut Visit, id: RecordId, over: &[RecordId]) -> Edit {
    let seen = vec![visit.seen(OKAFOR, visit.assessment)];
    visit.accept(Accepted::Override {
        id,
        seen,
        over: over.to_vec(),
    })
}

#[test]
fn an_override_upward_counts_at_once() {
    let mut visit = visit();
    visit.check(NOTHING, false);
    visit.override_level(BRANDT, Level::High);
    visit.check("High", false);
    let risk = visit.risk(OKAFOR);
    assert!(risk.domains[0].by_judgment);
    assert_eq!(risk.reasons[0].reason.text, "what I see");
    assert_eq!(risk.reasons[0].stamps[0].who.person.bytes()[0], BRANDT);
}

#[test]
fn an_override_downward_stands_beside_until_it_is_accepted() {
    let mut visit = visit();
    visit.answer(OKAFOR, "attempt", yes());
    let lower = visit.override_level(ITO, Level::Low);
    visit.check("Imminent", false);
    assert_eq!(visit.risk(OKAFOR).waiting_overrides[0].id, lower);
    let own = accept(&mut visit, lower, &[]);
    assert_eq!(visit.try_write(ITO, &own), Err(EditError::NotAllowed));
    assert_eq!(visit.try_write(BRANDT, &own), Err(EditError::NotAllowed));
    visit.write(ROY, &own);
    visit.check("Low", false);
    assert!(visit.risk(OKAFOR).waiting_overrides.is_empty());
}

#[test]
fn whatever_is_answered_after_acceptance_counts_again() {
    let mut visit = visit();
    visit.answer(OKAFOR, "attempt", yes());
    let lower = visit.override_level(BRANDT, Level::Low);
    visit.meet();
    let accept = accept(&mut visit, lower, &[]);
    visit.write(STERN, &accept);
    visit.check("Low", false);
    visit.answer(OKAFOR, "support", no());
    visit.check("Imminent", false);
}

#[test]
fn a_new_assessment_after_acceptance_counts_again() {
    let mut visit = visit();
    visit.answer(OKAFOR, "attempt", yes());
    let lower = visit.override_level(BRANDT, Level::Low);
    visit.meet();
    let accept = accept(&mut visit, lower, &[]);
    visit.write(STERN, &accept);
    visit.start(OKAFOR);
    visit.check("At least imminent", false);
}

#[test]
fn an_upward_override_goes_only_if_the_acceptance_names_it() {
    for named in [false, true] {
        let mut visit = visit();
        let upper = visit.override_level(BRANDT, Level::Imminent);
        let lower = visit.override_level(OKAFOR, Level::Low);
        visit.meet();
        let over = if named { vec![upper] } else { Vec::new() };
        let accept = accept(&mut visit, lower, &over);
        visit.write(STERN, &accept);
        visit.check(if named { "Low" } else { "Imminent" }, false);
    }
}
