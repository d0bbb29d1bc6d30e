//! Values that expressions give when a response is read: by the moment of reading, and where they can't be had at all.

#![allow(
    clippy::unwrap_used,
    reason = "a test may stop at the first thing that is not as it should be"
)]

use mooring_protocol::Protocol;
use serde_json::json;

#[test]
fn what_cannot_be_worked_out_is_neither_zero_nor_left_unsaid() {
    let calculated = |expression: &str| {
        json!([{"url": "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression",
            "valueExpression": {"language": "text/fhirpath", "expression": expression}}])
    };
    let form = json!({"resourceType": "Questionnaire", "item": [
        {"linkId": "year", "type": "string", "readOnly": true, "extension": calculated("today().toString().substring(0, 4)")},
        {"linkId": "far", "type": "integer", "readOnly": true, "extension": calculated("%patient.age")},
    ]});
    let protocol = Protocol::parse(form.to_string().as_bytes(), None).unwrap();
    let response = json!({"resourceType": "QuestionnaireResponse", "status": "in-progress"});
    let words = |now: Option<&str>| -> Vec<(String, bool)> {
        let bytes = response.to_string();
        let import = protocol
            .read_response(bytes.as_bytes(), now, &mut || unreachable!())
            .unwrap();
        let calculated = protocol.calculated(&import.sheet).into_iter();
        calculated
            .map(|found| (found.words, found.complete))
            .collect()
    };
    let unknown = || ("can't be worked out here".to_owned(), false);
    assert_eq!(words(None), [unknown(), unknown()]);
    assert_eq!(
        words(Some("2026-03-01T14:05:00Z")),
        [("2026".to_owned(), true), unknown()]
    );
}
