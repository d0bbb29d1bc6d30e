//! Real Questionnaires, where they stand beside the project: each loads, or is refused for the stated reason.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    clippy::wildcard_enum_match_arm,
    reason = "a test may stop at the first thing that is not as it should be"
)]

mod support;

use mooring_protocol::{FaultKind, Protocol, StepKind};
use serde_json::json;
use support::{questionnaires, real};

/// Why a file is refused; nothing for one that loads.
fn expected(name: &str, resource: &str) -> &'static [FaultKind] {
    match (name, resource) {
        (_, "QuestionnaireResponse") => &[FaultKind::NotReadable],
        // An enableWhen on a linkId that is not in the file.
        (
            "lforms__questionnaire-enableWhen-missing-linkId.json"
            | "fhircore__patient-registration-questionnaire.json",
            _,
        ) => &[FaultKind::NoSuchTarget],
        // One linkId twice.
        ("android-fhir__layout_paginated.json", _) => &[FaultKind::Duplicate],
        _ => &[],
    }
}

#[test]
fn every_file_loads_or_is_refused_for_the_stated_reason() {
    let Some(folder) = questionnaires() else {
        return;
    };
    let mut read = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.extension().is_none_or(|ending| ending != "json") {
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        let json: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        let faults = Protocol::parse(&bytes, None)
            .err()
            .map_or_else(Vec::new, |faults| faults.0);
        let kinds: Vec<FaultKind> = faults.iter().map(|fault| fault.kind).collect();
        assert_eq!(
            kinds,
            expected(&name, json["resourceType"].as_str().unwrap()),
            "{name}: {faults:?}"
        );
        read += 1;
    }
    assert!(read > 50, "only {read} files");
}

#[test]
fn an_enable_when_on_a_missing_link_id_is_refused_in_the_words_of_its_own_project() {
    let Some(folder) = questionnaires() else {
        return;
    };
    let bytes =
        std::fs::read(folder.join("lforms__questionnaire-enableWhen-missing-linkId.json")).unwrap();
    let faults = Protocol::parse(&bytes, None).unwrap_err();
    let expected = "Question with linkId 'q3' contains enableWhen pointing to a question with linkId 'q11' that does not exist.";
    let messages: Vec<&str> = faults
        .0
        .iter()
        .map(|fault| fault.message.as_str())
        .collect();
    assert_eq!(messages, [expected]);
}

#[test]
fn options_that_stand_elsewhere_are_named_as_missing() {
    let Some(visit) = real("sdc__questionnaire-sdc-test-required-field.json") else {
        return;
    };
    let warnings: Vec<String> = visit
        .protocol
        .warnings()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert!(
        matches!(warnings.as_slice(), [one] if one.contains("http://sqlonfhir-r4") && one.contains("missing")),
        "{warnings:?}"
    );
}

/// The one expression in all these files that is no FHIRPath has a quote too many in its pattern.
#[test]
fn every_expression_of_the_real_files_is_understood_but_one_that_is_malformed() {
    let Some(folder) = questionnaires() else {
        return;
    };
    let mut not_understood = Vec::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        let Ok(protocol) = mooring_protocol::Protocol::parse(&bytes, None) else {
            continue;
        };
        let said = protocol.warnings().iter();
        let said = said
            .filter(|w| w.message.contains("not understood") || w.message.contains("not known"));
        not_understood.extend(said.filter_map(|w| w.link_id.clone()));
    }
    assert_eq!(not_understood, ["patient_email"]);
}

#[test]
fn a_file_to_attach_is_shown_and_not_dropped() {
    let Some(visit) = real("sdc__Questionnaire-CardiologyForm.json") else {
        return;
    };
    let flow = visit.protocol.flow(&visit.sheet);
    let step = flow
        .steps
        .iter()
        .find(|step| step.link_id() == "supportingdocumentation_attachment")
        .unwrap();
    assert_eq!(step.kind, StepKind::NotSupported);
}

#[test]
fn hidden_items_and_all_below_them_are_absent_from_the_flow() {
    let Some(visit) = real("lforms__questionnaire-hidden-extension.json") else {
        return;
    };
    let flow = visit.protocol.flow(&visit.sheet);
    let shown: Vec<&str> = flow
        .steps
        .iter()
        .map(mooring_protocol::Step::link_id)
        .collect();
    let mut hidden = 0;
    let mut stack: Vec<(&mooring_protocol::Item, bool)> = visit
        .protocol
        .items()
        .iter()
        .map(|item| (item, false))
        .collect();
    while let Some((item, above)) = stack.pop() {
        let is_hidden = above || item.hidden;
        assert_eq!(
            shown.contains(&item.link_id.as_str()),
            !is_hidden,
            "{}",
            item.link_id
        );
        hidden += usize::from(is_hidden);
        stack.extend(item.items.iter().map(|item| (item, is_hidden)));
    }
    assert!(hidden > 3);
}

#[test]
fn a_value_below_the_least_is_refused_and_says_so() {
    let Some(visit) = real("smart-forms__QBehaviorValueConstraints-qMinValue.json") else {
        return;
    };
    let accept = |link: &str, age: i32| {
        visit
            .protocol
            .accept(
                link,
                &[],
                &json!({ "valueInteger": age }),
                &mut || unreachable!(),
                &visit.sheet,
            )
            .map_err(|fault| fault.to_string())
    };
    assert!(accept("age-filled", 25).is_ok());
    assert_eq!(
        accept("age-feedback", 15).unwrap_err(),
        "question 'age-feedback': below the least value allowed, 18"
    );
}
