//! What is read from a Questionnaire, wherever real files put it.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop at the first thing that is not as it should be"
)]

use mooring_protocol::{
    Answer, AnswerOption, AnswerPath, FaultKind, HelpKind, ItemKind, Openness, Protocol, Sheet,
    Value,
};
use serde_json::{Value as Json, json};
use uuid::Uuid;

fn read(questionnaire: &Json) -> Protocol {
    Protocol::parse(questionnaire.to_string().as_bytes(), None).unwrap()
}

/// The score of the only option of the only question, whatever the extension is called and wherever it stands.
#[track_caller]
fn scored(questionnaire: &Json) {
    let protocol = read(questionnaire);
    let option = &protocol.find("q").unwrap().options[0];
    assert_eq!(
        option.score.as_ref().unwrap().as_str(),
        "2",
        "{questionnaire}"
    );
}

#[test]
fn a_score_is_found_in_every_place_where_real_files_put_it() {
    for name in ["ordinalValue", "itemWeight"] {
        let score = json!([{"url": format!("http://hl7.org/fhir/StructureDefinition/{name}"), "valueDecimal": 2}]);
        let listed = |option: Json| json!({"resourceType": "Questionnaire", "item": [{"linkId": "q", "type": "choice", "answerOption": [option]}]});
        scored(&listed(
            json!({"extension": score, "valueCoding": {"code": "a"}}),
        ));
        scored(&listed(
            json!({"valueCoding": {"extension": score, "code": "a"}}),
        ));
        scored(&listed(
            json!({"valueInteger": 7, "_valueInteger": {"extension": score}}),
        ));
        let contained = |all: Json| {
            json!({"resourceType": "Questionnaire", "contained": all,
            "item": [{"linkId": "q", "type": "choice", "answerValueSet": "#v"}]})
        };
        let set = |rest: Json| {
            let mut set = json!({"resourceType": "ValueSet", "id": "v"});
            set.as_object_mut()
                .unwrap()
                .extend(rest.as_object().unwrap().clone());
            set
        };
        let with_score = json!({"system": "s", "concept": [{"code": "a", "extension": score}]});
        scored(&contained(json!([set(
            json!({"compose": {"include": [with_score]}})
        )])));
        scored(&contained(json!([set(
            json!({"expansion": {"contains": [{"system": "s", "code": "a", "extension": score}]}})
        )])));
        // The expansion leaves the score to the composition.
        scored(&contained(json!([set(
            json!({"compose": {"include": [with_score]}, "expansion": {"contains": [{"system": "s", "code": "a"}]}})
        )])));
        let system = json!({"resourceType": "CodeSystem", "url": "s", "concept": [{"code": "a", "extension": score}]});
        scored(&contained(json!([
            set(json!({"compose": {"include": [{"system": "s"}]}})),
            system
        ])));
        let property = json!({"resourceType": "CodeSystem", "url": "s", "concept": [{"code": "a", "property": [{"code": "itemWeight", "valueDecimal": 2}]}]});
        scored(&contained(json!([
            set(json!({"compose": {"include": [{"system": "s", "concept": [{"code": "a"}]}]}})),
            property
        ])));
    }
}

#[test]
fn texts_keep_their_translations() {
    let translation = json!({"url": "http://hl7.org/fhir/StructureDefinition/translation",
        "extension": [{"url": "lang", "valueCode": "es"}, {"url": "content", "valueString": "¿Plan?"}]});
    let protocol = read(&json!({"resourceType": "Questionnaire", "item": [
        {"linkId": "q", "type": "boolean", "text": "Plan?", "_text": {"extension": [translation]}}]}));
    let text = &protocol.find("q").unwrap().text;
    assert_eq!(
        (text.in_language("es"), text.in_language("fr")),
        ("¿Plan?", "Plan?")
    );
}

#[test]
fn help_belongs_to_its_question_and_other_texts_are_steps_of_their_own() {
    let control = |code: &str| json!([{"url": "http://hl7.org/fhir/StructureDefinition/questionnaire-itemControl", "valueCodeableConcept": {"coding": [{"code": code}]}}]);
    let protocol = read(
        &json!({"resourceType": "Questionnaire", "item": [{"linkId": "q", "type": "boolean", "item": [
            {"linkId": "say", "type": "display", "text": "Say this", "extension": control("prompt")},
            {"linkId": "watch", "type": "display", "text": "Watch this", "extension": control("help")},
            {"linkId": "note", "type": "display", "text": "A note"},
        ]}]}),
    );
    let flow = protocol.flow(&Sheet::new());
    let help: Vec<(HelpKind, &str)> = flow.steps[0]
        .help
        .iter()
        .map(|help| (help.kind, help.words.plain.as_str()))
        .collect();
    assert_eq!(
        help,
        [(HelpKind::Say, "Say this"), (HelpKind::Watch, "Watch this")]
    );
    assert_eq!(
        (
            flow.steps.len(),
            flow.steps[1].link_id(),
            flow.steps[1].item
        ),
        (2, "note", ItemKind::Display)
    );
}

#[test]
fn a_condition_looks_at_the_same_repeat() {
    let gate = json!([{"question": "smokes", "operator": "=", "answerBoolean": true}]);
    let protocol = read(
        &json!({"resourceType": "Questionnaire", "item": [{"linkId": "person", "type": "group", "repeats": true, "item": [
        {"linkId": "smokes", "type": "boolean"}, {"linkId": "how-much", "type": "integer", "enableWhen": gate}]}]}),
    );
    let at = |n: u128| vec![("person".to_owned(), Uuid::from_u128(n))];
    let mut sheet = Sheet::new();
    for (n, smokes) in [(1, true), (2, false), (3, true)] {
        sheet.set(
            AnswerPath::within(at(n), "smokes"),
            Answer::Value(Value::Boolean(smokes)),
        );
    }
    let flow = protocol.flow(&sheet);
    let open: Vec<Openness> = flow
        .steps
        .iter()
        .filter(|step| step.link_id() == "how-much")
        .map(|step| step.open)
        .collect();
    assert_eq!(open, [Openness::Open, Openness::Closed, Openness::Open]);
}

#[test]
fn a_group_that_has_not_begun_is_shown_once_and_misses_nothing() {
    let protocol = read(
        &json!({"resourceType": "Questionnaire", "item": [{"linkId": "person", "type": "group", "repeats": true, "item": [
        {"linkId": "name", "type": "string", "required": true}]}]}),
    );
    let flow = protocol.flow(&Sheet::new());
    assert_eq!(
        (
            flow.steps.len(),
            flow.steps[1].not_yet_begun,
            flow.missing.len()
        ),
        (2, true, 0)
    );
}

#[test]
fn what_a_file_fills_in_is_offered_and_never_counted() {
    let protocol = read(&json!({"resourceType": "Questionnaire", "item": [
        {"linkId": "q", "type": "boolean", "required": true, "initial": [{"valueBoolean": false}]}]}));
    let flow = protocol.flow(&Sheet::new());
    assert_eq!((flow.answered, flow.missing.len()), (0, 1));
    assert_eq!(flow.steps[0].initial, [Value::Boolean(false)]);
}

#[test]
fn a_boolean_as_text_and_a_mistyped_comparison_load_with_a_warning() {
    let protocol = read(&json!({"resourceType": "Questionnaire", "item": [
        {"linkId": "d", "type": "date", "repeats": "true"},
        {"linkId": "c", "type": "choice", "answerOption": [{"valueCoding": {"code": "1"}}]},
        {"linkId": "by-date", "type": "string", "enableWhen": [{"question": "d", "operator": "=", "answerInteger": "2022-09"}]},
        {"linkId": "by-number", "type": "string", "enableWhen": [{"question": "c", "operator": "<", "answerDecimal": 2.1}]}]}));
    let places: Vec<&str> = protocol
        .warnings()
        .iter()
        .map(|warning| warning.at.as_str())
        .collect();
    assert_eq!(
        places,
        [
            "item[0].repeats",
            "item[2].enableWhen[0].answerInteger",
            "item[3].enableWhen[0].answerDecimal"
        ]
    );
    let flow = protocol.flow(&Sheet::new());
    let open: Vec<&str> = flow
        .steps
        .iter()
        .filter(|step| step.is_open())
        .map(mooring_protocol::Step::link_id)
        .collect();
    assert_eq!(
        open,
        ["d", "c", "by-number"],
        "what can never be compared stays open"
    );
}

fn translated(lang: &str, text: &str) -> Json {
    json!({"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/translation",
        "extension": [{"url": "lang", "valueCode": lang}, {"url": "content", "valueString": text}]}]})
}

#[test]
fn a_region_falls_back_on_its_language_and_then_on_the_files_own() {
    let words = |lang: &str| mooring_protocol::Words {
        plain: "Plan?".into(),
        translations: [(lang.to_owned(), "¿Plan?".to_owned())].into(),
    };
    for (there, asked, shown) in [
        ("es", "es", "¿Plan?"),
        ("es", "es-MX", "¿Plan?"),
        ("es-MX", "es", "¿Plan?"),
        ("es-MX", "es-AR", "¿Plan?"),
        ("es", "en", "Plan?"),
        ("es", "est", "Plan?"),
    ] {
        assert_eq!(words(there).in_language(asked), shown, "{there} {asked}");
    }
}

#[test]
fn a_protocol_says_its_languages_and_what_is_not_translated() {
    let text = |url: &str, words: &str, es: &str| json!({"url": url, "valueString": words, "_valueString": translated("es", es)});
    let protocol = read(
        &json!({"resourceType": "Questionnaire", "language": "en", "title": "T", "_title": translated("fr", "Titre"),
        "item": [
            {"linkId": "q", "type": "open-choice", "prefix": "a.", "_prefix": translated("es", "á."), "text": "Plan?", "_text": translated("es", "¿Plan?"),
             "extension": [text("http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-openLabel", "Other", "Otro"),
                text("http://hl7.org/fhir/StructureDefinition/entryFormat", "in words", "con palabras")],
             "answerOption": [{"valueCoding": {"code": "a", "display": "A", "_display": translated("es", "Á")}},
                {"valueString": "B", "_valueString": translated("es", "V")}, {"valueCoding": {"code": "c", "display": "C"}}]},
            {"linkId": "n", "type": "integer", "prefix": "2.", "text": "How many?", "answerOption": [{"valueInteger": 3}]}]}),
    );
    assert_eq!(protocol.languages(), ["en", "es", "fr"]);
    let missing = |language: &str| -> Vec<String> {
        let missing = protocol.untranslated(language);
        missing
            .iter()
            .map(|one| format!("{} {} {}", one.link_id, one.what, one.text))
            .collect()
    };
    assert_eq!(
        missing("es"),
        [" title T", "q option C", "n text How many?"]
    );
    assert_eq!(missing("en-US"), [] as [&str; 0]);
    let flow = protocol.flow(&Sheet::new());
    let step = &flow.steps[0];
    let shown = [
        &step.prefix,
        &step.text,
        step.open_label.as_ref().unwrap(),
        &step.entry_format,
        &step.options[0].words,
        &step.options[1].words,
    ];
    assert_eq!(
        shown.map(|words| words.in_language("es")),
        ["á.", "¿Plan?", "Otro", "con palabras", "Á", "V"]
    );
}

fn contained(sets: &Json, item: &Json) -> Protocol {
    read(&json!({"resourceType": "Questionnaire", "contained": sets, "item": [item]}))
}

fn choice() -> Json {
    json!({"linkId": "q", "type": "choice", "answerValueSet": "#set"})
}

/// The codes that are offered, and how many warnings the file gets.
#[track_caller]
fn offered(sets: &Json, expected: &[&str], warnings: usize) {
    let protocol = contained(sets, &choice());
    let question = protocol.find("q").unwrap();
    let keys: Vec<String> = question.options.iter().map(AnswerOption::key).collect();
    assert_eq!(keys, expected);
    assert_eq!(
        protocol.warnings().len(),
        warnings,
        "{:?}",
        protocol.warnings()
    );
    assert_eq!(question.options_known, warnings == 0);
}

fn set(id: &str, compose: &Json) -> Json {
    json!({"resourceType": "ValueSet", "id": id, "url": format!("http://example.org/{id}"), "compose": compose})
}

fn concepts(codes: &[&str]) -> Json {
    let concepts: Vec<Json> = codes.iter().map(|code| json!({ "code": code })).collect();
    json!({"system": "s", "concept": concepts})
}

#[test]
fn what_a_value_set_takes_away_is_not_offered() {
    let without = |exclude: &Json| {
        json!([
            set(
                "set",
                &json!({"include": [concepts(&["a", "b", "c"])], "exclude": [exclude]})
            ),
            set("other", &json!({"include": [concepts(&["c"])]}))
        ])
    };
    offered(&without(&concepts(&["b"])), &["cs|a", "cs|c"], 0);
    offered(
        &without(&json!({"valueSet": ["#other"]})),
        &["cs|a", "cs|b"],
        0,
    );
    offered(&without(&json!({"system": "s"})), &[], 0);
    offered(
        &without(&json!({"system": "z"})),
        &["cs|a", "cs|b", "cs|c"],
        0,
    );
}

#[test]
fn a_value_set_holds_what_others_in_the_file_hold() {
    let others = json!([
        set(
            "set",
            &json!({"include": [{"valueSet": ["http://example.org/one|3"]}, concepts(&["a", "z"])]})
        ),
        set("one", &json!({"include": [concepts(&["a", "b"])]})),
    ]);
    offered(&others, &["cs|a", "cs|b", "cs|z"], 0);
    let in_both = json!([
        set("set", &json!({"include": [{"valueSet": ["#one", "#two"]}]})),
        set("one", &json!({"include": [concepts(&["a", "b"])]})),
        set("two", &json!({"include": [concepts(&["b", "c"])]})),
    ]);
    offered(&in_both, &["cs|b"], 0);
}

#[test]
fn a_filter_or_a_set_from_elsewhere_is_said_and_takes_nothing_away() {
    let protocol = contained(
        &json!([set(
            "set",
            &json!({"include": [concepts(&["a"])], "exclude": [
            {"system": "s", "filter": [{"property": "concept", "op": "is-a", "value": "a"}]}]})
        )]),
        &choice(),
    );
    assert_eq!(protocol.warnings().len(), 1);
    assert_eq!(protocol.find("q").unwrap().options.len(), 1);
    let elsewhere =
        json!({"include": [concepts(&["a"]), {"valueSet": ["http://example.org/far"]}]});
    offered(&json!([set("set", &elsewhere)]), &["cs|a"], 1);
}

#[test]
fn value_sets_that_name_each_other_end() {
    let around = json!([
        set("set", &json!({"include": [{"valueSet": ["#two"]}]})),
        set("two", &json!({"include": [{"valueSet": ["#set"]}]})),
    ]);
    let protocol = contained(&around, &choice());
    assert!(!protocol.warnings().is_empty());
    assert!(!protocol.find("q").unwrap().options_known);
}

#[test]
fn units_may_stand_in_a_value_set() {
    let extension = json!([{"url": "http://hl7.org/fhir/StructureDefinition/questionnaire-unitValueSet", "valueCanonical": "#units"}]);
    let item = json!({"linkId": "q", "type": "quantity", "extension": extension});
    let protocol = contained(
        &json!([set("units", &json!({"include": [concepts(&["kg", "g"])]}))]),
        &item,
    );
    assert_eq!(protocol.find("q").unwrap().units, ["kg", "g"]);
    assert_eq!(protocol.warnings().len(), 0);
    assert_eq!(contained(&json!([]), &item).warnings().len(), 1);
}

#[test]
fn a_choice_of_r5_is_read_as_one_of_r4_and_said() {
    let item = |constraint: Option<&str>| {
        let mut item = json!({"linkId": "q", "type": "coding", "answerOption": [{"valueCoding": {"code": "a"}}]});
        if let Some(constraint) = constraint {
            item["answerConstraint"] = json!(constraint);
        }
        contained(&json!([]), &item)
    };
    let kind = |constraint| {
        let protocol = item(constraint);
        assert_eq!(protocol.warnings().len(), 1);
        let question = protocol.find("q").unwrap();
        (question.kind, question.options_known)
    };
    assert_eq!(kind(None), (ItemKind::Choice, true));
    assert_eq!(kind(Some("optionsOnly")), (ItemKind::Choice, true));
    assert_eq!(kind(Some("optionsOrType")), (ItemKind::Choice, false));
    assert_eq!(kind(Some("optionsOrString")), (ItemKind::OpenChoice, true));
}

#[test]
fn sets_that_name_each_other_over_and_over_are_read_once_each() {
    let again = |name: &str| {
        let names = vec![name; 60];
        let includes = vec![json!({"valueSet": names}); 60];
        json!({ "include": includes })
    };
    let around = json!([set("set", &again("#two")), set("two", &again("#set"))]);
    assert!(
        !contained(&around, &choice())
            .find("q")
            .unwrap()
            .options_known
    );
    // A long chain, each naming the next, is read whole.
    let mut chain: Vec<Json> = (1..3_000)
        .map(|number| {
            let next = json!({"include": [{"valueSet": [format!("#s{}", number + 1)]}]});
            set(&format!("s{number}"), &next)
        })
        .collect();
    chain.push(set("s3000", &json!({"include": [concepts(&["a"])]})));
    chain.push(set("set", &json!({"include": [{"valueSet": ["#s1"]}]})));
    offered(&json!(chain), &["cs|a"], 0);
}

#[test]
fn too_many_options_in_sets_that_name_sets_are_refused() {
    let codes: Vec<String> = (0..2_000).map(|number| number.to_string()).collect();
    let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
    let includes = vec![json!({"valueSet": ["#large"]}); 600];
    let file = json!({"resourceType": "Questionnaire", "item": [choice()], "contained": [
        set("large", &json!({"include": [concepts(&codes)]})), set("set", &json!({"include": includes}))]});
    let faults = Protocol::parse(file.to_string().as_bytes(), None)
        .unwrap_err()
        .0;
    assert!(faults.iter().any(|fault| fault.kind == FaultKind::TooMuch));
}

#[test]
fn a_code_is_the_same_in_two_sets_whatever_they_call_it() {
    let called = |id: &str, words: &str| {
        set(
            id,
            &json!({"include": [{"system": "s", "concept": [{"code": "a", "display": words}]}]}),
        )
    };
    let both = json!([
        set("set", &json!({"include": [{"valueSet": ["#one", "#two"]}]})),
        called("one", "A"),
        called("two", "Ah")
    ]);
    offered(&both, &["cs|a"], 0);
    let either = json!([
        set(
            "set",
            &json!({"include": [{"valueSet": ["#one"]}, {"valueSet": ["#two"]}]})
        ),
        called("one", "A"),
        called("two", "Ah")
    ]);
    offered(&either, &["cs|a"], 0);
}

#[test]
fn an_exclusion_takes_only_what_is_in_all_that_it_names() {
    let without = |exclude: &Json| {
        json!([
            set(
                "set",
                &json!({"include": [concepts(&["a", "b", "c"])], "exclude": [exclude]})
            ),
            set("one", &json!({"include": [concepts(&["a", "b"])]})),
            set("two", &json!({"include": [concepts(&["b", "c"])]}))
        ])
    };
    offered(
        &without(&json!({"valueSet": ["#one", "#two"]})),
        &["cs|a", "cs|c"],
        0,
    );
    let listed = json!({"system": "s", "concept": [{"code": "a"}], "valueSet": ["#two"]});
    offered(&without(&listed), &["cs|a", "cs|b", "cs|c"], 0);
}
