//! What a guided protocol comes to is on the phone as it is at HQ: stages, ratings before and after, and the day of an assessment.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that can't go on says so by stopping"
)]

mod stand_in;

use mooring::{AssessmentShown, Given, RatingChange};
use mooring_casefile::{AssessmentId, CaseId};
use mooring_protocol::{Answer, Outcome, Value};
use stand_in::{Team, at, pin, yes};

fn shown(team: &Team, case: CaseId, assessment: AssessmentId) -> AssessmentShown {
    let assessments = team.phone.show(case).unwrap().assessments;
    let mut found = assessments.into_iter().filter(|one| one.id == assessment);
    found.next().unwrap()
}

#[test]
fn what_was_tried_and_how_agitation_went_stand_with_the_guide() {
    let team = Team::new();
    let case = team.phone.new_case("Pier 7".to_owned(), None).unwrap();
    let key = "verbal-de-escalation".to_owned();
    let guide = team.phone.start(case, key).unwrap();
    let fresh = shown(&team, case, guide);
    assert!(fresh.stages.iter().all(|stage| !stage.title.is_empty()));
    assert!(fresh.stages.iter().any(|stage| stage.open));
    assert_eq!(fresh.pairs[0].words, None);
    let moves = fresh.stages.iter().flat_map(|stage| &stage.moves);
    let one = moves.clone().find(|one| one.tried.is_some()).unwrap();
    assert_eq!(one.outcome, Outcome::NotYet);
    let (link, tried) = (one.link.clone(), one.tried.clone().unwrap());
    let place = mooring::AnswerPlace {
        case,
        assessment: guide,
        path: tried,
    };
    team.phone.answer(place, yes()).unwrap();
    rate(&team, case, guide, "agitation-before", 6);
    let shown = shown(&team, case, guide);
    let moves = shown.stages.iter().flat_map(|stage| &stage.moves);
    let after = moves.clone().find(|one| one.link == link).unwrap();
    assert_eq!(after.outcome, Outcome::Tried);
    assert_eq!(shown.pairs[0].change, RatingChange::Unknown);
    assert_eq!(
        shown.pairs[0].words.as_deref(),
        Some("Agitation, 1 to 7: 6 once")
    );
}

fn rate(team: &Team, case: CaseId, guide: AssessmentId, link: &str, number: i64) {
    let given = Given::One {
        answer: Answer::Value(Value::Integer(number)),
    };
    team.phone.answer(at(case, guide, link), given).unwrap();
}

#[test]
fn today_is_the_day_on_which_an_assessment_was_begun_and_stays_so() {
    let team = Team::new();
    let questionnaire = r#"{
        "resourceType": "Questionnaire", "id": "own", "status": "active", "title": "Our own",
        "item": [
            {"linkId": "note", "type": "string", "text": "Note"},
            {"linkId": "day", "type": "date", "text": "Day", "readOnly": true, "extension": [{
                "url": "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression",
                "valueExpression": {"language": "text/fhirpath", "expression": "today()"}}]}
        ]}"#;
    let bytes = questionnaire.as_bytes().to_vec();
    team.phone.add_protocol(bytes, None).unwrap();
    let case = team.phone.new_case("Pier 7".to_owned(), None).unwrap();
    let own = team.phone.start(case, "own".to_owned()).unwrap();
    let day = |team: &Team| {
        let steps = shown(team, case, own).steps;
        let day = steps.into_iter().find(|step| step.link == "day");
        day.unwrap().worked_out
    };
    // The clock of these tests begins at 2025-10-09T08:53:20Z.
    assert_eq!(day(&team).as_deref(), Some("2025-10-09"));
    team.clock.pass(48 * 60 * 60_000);
    let words = Given::One {
        answer: Answer::Value(Value::String("two days later".to_owned())),
    };
    team.phone.answer(at(case, own, "note"), words).unwrap();
    team.phone.lock().unwrap();
    team.phone.unlock(pin("2468")).unwrap();
    assert_eq!(day(&team).as_deref(), Some("2025-10-09"));
}
