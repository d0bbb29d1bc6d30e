//! A night on one phone: cases, interviews and answers, each acknowledged, with restarts in between.

use std::collections::BTreeSet;

use mooring_casefile::{AssessmentId, CaseId};
use mooring_crash::{Phone, with_connection};
use mooring_device::{Device, NewAnswer, Result};
use serde_json::json;

/// Where answers go, and how many were acknowledged.
#[derive(Clone, Copy)]
pub(crate) struct Interview {
    pub(crate) case: CaseId,
    pub(crate) assessment: AssessmentId,
    pub(crate) answers: usize,
}

/// A case with an interview begun.
pub(crate) fn begin(phone: &mut Phone, device: &mut Device) -> Result<Interview> {
    let case = device.new_case("Pier 7", None, phone.now())?;
    let assessment = device.start(case, "suicide-risk-interview", phone.now())?;
    Ok(Interview {
        case,
        assessment,
        answers: 0,
    })
}

/// One answer more, of a length of its own.
pub(crate) fn answer(
    phone: &mut Phone,
    device: &mut Device,
    interview: &mut Interview,
) -> Result<()> {
    let new = NewAnswer {
        case: interview.case,
        assessment: interview.assessment,
        link: "own-words".to_owned(),
        instance: Vec::new(),
        value: json!({ "valueString": words(interview.answers) }),
        told: None,
    };
    device.record_answer(&new, phone.now())?;
    interview.answers += 1;
    Ok(())
}

fn words(number: usize) -> String {
    format!("answer {number}{}", " and so on".repeat(number * 97 % 170))
}

/// What a case says: the numbers of the answers that it has.
pub(crate) fn answers(
    phone: &mut Phone,
    device: &mut Device,
    interview: &Interview,
) -> Result<BTreeSet<usize>> {
    let shown = device.show(interview.case, phone.now())?;
    let Some(assessment) = shown.view.assessment(interview.assessment) else {
        return Ok(BTreeSet::new());
    };
    let items = assessment.items.iter();
    let values = items.flat_map(|item| item.earlier.iter().chain(&item.values));
    let number = |said: &str| {
        let number = said.split(' ').nth(1).unwrap().parse().unwrap();
        assert_eq!(said, words(number), "an answer has changed");
        number
    };
    Ok(values
        .filter(|value| value.answer.is_some())
        .map(|value| number(&value.words))
        .collect())
}

/// The answers are those that were acknowledged.
#[track_caller]
pub(crate) fn check(phone: &mut Phone, device: &mut Device, interview: &Interview) {
    let there = answers(phone, device, interview).unwrap();
    assert_eq!(there, (0..interview.answers).collect());
}

/// The changes on disk, in the order in which they came.
pub(crate) fn changes(device: &mut Device) -> rusqlite::Result<Vec<Vec<u8>>> {
    with_connection(device, |connection| {
        connection
            .prepare("SELECT change_id FROM changes ORDER BY position")?
            .query_map([], |row| row.get(0))?
            .collect()
    })
}
