//! SAFETY rule 7: a later assessment stands beside the earlier one until somebody who may accepts it.

use mooring_casefile::{Accepted, AssessmentId, EditError};

use crate::world::{BRANDT, ITO, OKAFOR, ROY, STERN, Visit, no, yes};

const NOTHING: &str = "Nothing endorsed in these answers";

/// Okafor's assessment says imminent; the later one by `by` says nothing.
fn two(by: u8) -> (Visit, AssessmentId, AssessmentId) {
    let mut visit = Visit::of(&[OKAFOR, BRANDT, ITO, ROY, STERN]);
    visit.answer_all(OKAFOR);
    visit.answer(OKAFOR, "attempt", yes());
    visit.meet();
    let (earlier, later) = (visit.assessment, visit.start(by));
    visit.assessment = later;
    visit.answer_all(by);
    visit.assessment = earlier;
    visit.meet();
    (visit, earlier, later)
}

fn accept(visit: &mut Visit, earlier: AssessmentId, later: AssessmentId) -> mooring_casefile::Edit {
    let (earlier, later) = (visit.seen(OKAFOR, earlier), visit.seen(OKAFOR, later));
    visit.accept(Accepted::Assessment {
        later,
        earlier: vec![earlier],
    })
}

#[test]
fn a_later_assessment_stands_beside_the_earlier_one() {
    let (mut visit, earlier, later) = two(BRANDT);
    visit.check("Imminent", false);
    let beside = visit.risk(OKAFOR).beside;
    assert_eq!(
        (beside[0].later, beside[0].earlier.as_slice()),
        (later, [earlier].as_slice())
    );
}

#[test]
fn a_later_assessment_that_is_worse_governs_at_once() {
    let (mut visit, _, later) = two(BRANDT);
    let confirm = {
        let high = visit.item(OKAFOR, "attempt").values[0].id;
        visit.answer(OKAFOR, "attempt", no());
        visit.confirm("attempt", &[high])
    };
    visit.write(OKAFOR, &confirm);
    visit.check(NOTHING, false);
    visit.answer_in(BRANDT, later, "attempt", yes());
    visit.check("Imminent", false);
}

#[track_caller]
fn check_accepted(assessed_by: u8, accepted_by: u8, counts: bool) {
    let (mut visit, earlier, later) = two(assessed_by);
    let accept = accept(&mut visit, earlier, later);
    let written = visit.try_write(accepted_by, &accept);
    assert_eq!(written.err(), (!counts).then_some(EditError::NotAllowed));
    visit.check(if counts { NOTHING } else { "Imminent" }, false);
}

#[test]
fn accepting_takes_a_psychiatrist_or_a_clinician_who_did_not_assess() {
    check_accepted(BRANDT, STERN, true);
    check_accepted(BRANDT, ITO, true);
    check_accepted(ITO, ITO, false);
    check_accepted(ITO, ROY, true);
    check_accepted(BRANDT, BRANDT, false);
    check_accepted(BRANDT, OKAFOR, false);
}

#[test]
fn what_changes_after_acceptance_makes_the_earlier_count_again() {
    for change_later in [false, true] {
        let (mut visit, earlier, later) = two(BRANDT);
        let accept = accept(&mut visit, earlier, later);
        visit.write(STERN, &accept);
        visit.check(NOTHING, false);
        let changed = if change_later { later } else { earlier };
        visit.answer_in(OKAFOR, changed, "wish", mooring_protocol::Answer::NotNow);
        visit.check("At least imminent", false);
    }
}

#[test]
fn acceptances_in_a_circle_replace_nothing() {
    let (mut visit, earlier, later) = two(BRANDT);
    let forth = accept(&mut visit, earlier, later);
    let back = accept(&mut visit, later, earlier);
    visit.write(STERN, &forth);
    visit.write(ROY, &back);
    visit.check("Imminent", false);
}
