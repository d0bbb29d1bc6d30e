//! The same answers come to the same on a phone, at HQ, and in what HQ's author's tool says of the response that holds them.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops where it goes wrong"
)]

use mooring_casefile::Role;
use mooring_hq::pack::{Asked, run};
use mooring_protocol::{AnswerPath, Flow, StepState, starter_pack};
use mooring_tests::World;
use serde_json::{Value, json};

/// What a person answered, and where.
type Answers<'a> = &'a [(&'a str, Value)];

/// The response that another system would send of these answers.
fn response(answers: Answers) -> Vec<u8> {
    let absent = |code: &str| json!([{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": code}]);
    let items: Vec<Value> = answers
        .iter()
        .map(|(link, value)| match value {
            said if said.get("declined").is_some() => {
                json!({"linkId": link, "extension": absent("asked-declined")})
            }
            said if said.get("unsure").is_some() => {
                json!({"linkId": link, "extension": absent("asked-unknown")})
            }
            value => json!({"linkId": link, "answer": [value]}),
        })
        .collect();
    json!({"resourceType": "QuestionnaireResponse", "status": "in-progress", "item": items})
        .to_string()
        .into_bytes()
}

/// What of a flow does not hang on where it was worked out.
fn shown(flow: &Flow) -> Vec<(&AnswerPath, bool, StepState)> {
    let steps = flow.steps.iter();
    steps
        .map(|step| (&step.path, step.is_open(), step.state))
        .collect()
}

#[track_caller]
fn check(key: &str, answers: Answers) {
    let protocol = starter_pack()
        .into_iter()
        .find(|protocol| protocol.key() == key)
        .unwrap();
    let (questionnaire, rules) = protocol.source();
    let bytes = response(answers);
    let ran = run(Asked {
        questionnaire,
        rules,
        response: Some(&bytes),
        ..Asked::default()
    })
    .unwrap();
    assert_eq!(ran.faults(), []);

    let mut world = World::with_phones(41, &[Role::Clinician]);
    let case = world.shared_case("R., 29");
    let (phone, now) = world.phone(0);
    let assessment = phone.start(case, key, now);
    for (link, value) in answers {
        phone.answer(case, assessment, link, value.clone(), now);
    }
    let view = phone.show(case, now).view;
    let on_phone = view.assessment(assessment).unwrap();
    let flow = on_phone.flow.as_ref().unwrap();
    assert_eq!(shown(flow), shown(&ran.flow));
    assert_eq!(
        (flow.answered, flow.total, &flow.missing),
        (ran.flow.answered, ran.flow.total, &ran.flow.missing)
    );
    let level = on_phone.level.unwrap();
    assert_eq!(level.words(), ran.triage.domains[0].shown().words());
}

#[test]
fn an_imminent_risk_is_the_same_everywhere() {
    let yes = json!({"valueBoolean": true});
    check(
        "suicide-risk-interview",
        &[
            ("wish", yes.clone()),
            ("thoughts", yes.clone()),
            ("intent", json!({"unsure": true})),
            ("act-now", yes),
        ],
    );
}

#[test]
fn an_unfinished_interview_is_the_same_everywhere() {
    check(
        "suicide-risk-interview",
        &[
            ("wish", json!({"valueBoolean": false})),
            ("thoughts", json!({"declined": true})),
        ],
    );
}
