//! What must hold for every form, every rule and every answer: nothing missing lowers, nothing disabled counts, no order matters.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    clippy::wildcard_enum_match_arm,
    reason = "a test may stop at the first thing that is not as it should be"
)]

mod support;

use mooring_protocol::{
    Answer, AnswerPath, Level, Openness, Person, Protocol, Sheet, starter_pack,
};
use proptest::prelude::*;
use serde_json::{Value as Json, json};
use support::{no, yes};

const NOBODY_KNOWS: Person = Person { minor: None };
const QUESTIONS: usize = 7;
static PACK: std::sync::LazyLock<Vec<Protocol>> = std::sync::LazyLock::new(starter_pack);

/// What a question hangs on: an earlier question, whether by `=` or `!=`, and the value.
type Gate = Option<(prop::sample::Index, bool, bool)>;
/// A rule: its level, whether all parts or any, and for each part a question and the answer.
type Row = (usize, bool, Vec<(usize, bool)>);

fn form() -> impl Strategy<Value = (Vec<Gate>, Vec<Row>)> {
    let gates = prop::collection::vec(
        prop::option::of((any::<prop::sample::Index>(), any::<bool>(), any::<bool>())),
        QUESTIONS,
    );
    let parts = prop::collection::vec((0..QUESTIONS, any::<bool>()), 1..4);
    (
        gates,
        prop::collection::vec((0..4_usize, any::<bool>(), parts), 1..6),
    )
}

fn protocol((gates, rows): &(Vec<Gate>, Vec<Row>)) -> Protocol {
    let items: Vec<Json> = gates
        .iter()
        .enumerate()
        .map(|(number, gate)| {
            let mut item = json!({"linkId": format!("q{number}"), "type": "boolean"});
            if let (Some((earlier, equal, value)), true) = (gate, number > 0) {
                let operator = if *equal { "=" } else { "!=" };
                let question = format!("q{}", earlier.index(number));
                item["enableWhen"] =
                    json!([{"question": question, "operator": operator, "answerBoolean": value}]);
            }
            item
        })
        .collect();
    let rules: Vec<Json> = rows
        .iter()
        .enumerate()
        .map(|(number, (level, all, parts))| {
            let parts: Vec<Json> = parts.iter().map(|(q, yes)| json!({if *yes { "yes" } else { "no" }: format!("q{q}")})).collect();
            let level = ["low", "moderate", "high", "imminent"][*level];
            json!({"id": format!("r{number}"), "domain": "suicide", "level": level, "when": {if *all { "all" } else { "any" }: parts},
                   "reason": "a", "source": "b", "policy": true})
        })
        .collect();
    let questionnaire = json!({"resourceType": "Questionnaire", "item": items}).to_string();
    let rules = json!({"version": 0, "rules": rules}).to_string();
    Protocol::parse(questionnaire.as_bytes(), Some(rules.as_bytes())).unwrap()
}

fn candidate() -> impl Strategy<Value = Answer> {
    prop_oneof![3 => Just(yes()), 3 => Just(no()), 1 => Just(Answer::Declined), 1 => Just(Answer::Unsure), 1 => Just(Answer::NotNow)]
}

fn candidates(most: usize) -> impl Strategy<Value = Vec<Vec<Answer>>> {
    prop::collection::vec(prop::collection::vec(candidate(), 0..=most), QUESTIONS)
}

fn sheet(answers: &[Vec<Answer>]) -> Sheet {
    let each = answers.iter().enumerate();
    each.flat_map(|(number, all)| {
        all.iter()
            .map(move |answer| (AnswerPath::new(&format!("q{number}")), answer.clone()))
    })
    .collect()
}

fn level(protocol: &Protocol, sheet: &Sheet) -> (Level, bool) {
    let triage = protocol.triage(sheet, NOBODY_KNOWS);
    (triage.domains[0].level, triage.domains[0].at_least)
}

fn closed(protocol: &Protocol, sheet: &Sheet) -> Vec<AnswerPath> {
    let steps = protocol.flow(sheet).steps;
    steps
        .into_iter()
        .filter(|step| step.open == Openness::Closed && !step.answers.is_empty())
        .map(|step| step.path)
        .collect()
}

/// Every sheet with one candidate at each path.
fn combinations(sheet: &Sheet) -> Vec<Sheet> {
    let mut all = vec![Sheet::new()];
    for (path, answers) in sheet.iter() {
        let mut next = Vec::new();
        for answer in answers {
            next.extend(all.iter().cloned().map(|mut sheet| {
                sheet.set(path.clone(), answer.clone());
                sheet
            }));
        }
        all = next;
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// The one exception is an answer that closes the gate of something answered: that one is a changed gate, and whoever holds the
    /// history keeps the earlier level governing until its author confirms.
    #[test]
    fn answering_more_never_lowers_the_lower_bound(form in form(), answers in candidates(1), question in 0..QUESTIONS, more in candidate()) {
        let protocol = protocol(&form);
        let mut answers = answers;
        answers[question].clear();
        let before = sheet(&answers);
        answers[question].push(more);
        let after = sheet(&answers);
        prop_assume!(closed(&protocol, &after).iter().all(|path| closed(&protocol, &before).contains(path)
            || path.link_id() == format!("q{question}")));
        prop_assert!(level(&protocol, &after).0 >= level(&protocol, &before).0);
    }

    #[test]
    fn an_answer_to_an_open_step_always_counts(gates in form().prop_map(|(gates, _)| gates), answers in candidates(2)) {
        let rows = (0..QUESTIONS).map(|question| (0, true, vec![(question, true)])).collect();
        let protocol = protocol(&(gates, rows));
        let filled = sheet(&answers);
        for step in protocol.flow(&filled).steps.iter().filter(|step| step.is_open()) {
            let mut answered = filled.clone();
            answered.set(step.path.clone(), yes());
            let reasons = &protocol.triage(&answered, NOBODY_KNOWS).domains[0].reasons;
            prop_assert!(reasons.iter().any(|reason| reason.paths.contains(&step.path)), "{}", step.path);
        }
    }

    #[test]
    fn of_a_contested_sheet_the_worst_combination_governs(form in form(), answers in candidates(2)) {
        let protocol = protocol(&form);
        let contested = sheet(&answers);
        let all = combinations(&contested);
        let brute = all.iter().map(|sheet| level(&protocol, sheet));
        let (worst, open) = brute.fold((Level::NothingEndorsed, false), |(a, b), (level, at_least)| (a.max(level), b || at_least));
        prop_assert_eq!(level(&protocol, &contested), (worst, open));
    }

    #[test]
    fn a_step_is_open_if_it_is_in_any_combination(form in form(), answers in candidates(2)) {
        let protocol = protocol(&form);
        let contested = sheet(&answers);
        let all: Vec<Vec<_>> = combinations(&contested).iter().map(|sheet| protocol.flow(sheet).steps).collect();
        for (number, step) in protocol.flow(&contested).steps.iter().enumerate() {
            prop_assert_eq!(step.is_open(), all.iter().any(|steps| steps[number].is_open()), "{}", step.path);
        }
    }

    #[test]
    fn answers_of_closed_items_never_count(form in form(), answers in candidates(1)) {
        let protocol = protocol(&form);
        let mut filled = sheet(&answers);
        let before = protocol.triage(&filled, NOBODY_KNOWS);
        for path in closed(&protocol, &filled) {
            filled.set(path.clone(), yes());
            prop_assert_eq!(&protocol.triage(&filled, NOBODY_KNOWS), &before);
            filled.remove(&path);
            prop_assert_eq!(&protocol.triage(&filled, NOBODY_KNOWS), &before);
        }
    }

    #[test]
    fn the_order_of_answering_changes_nothing(form in form(), answers in candidates(2), seed in any::<u64>()) {
        let protocol = protocol(&form);
        let mut edits: Vec<(AnswerPath, Answer)> = sheet(&answers).iter()
            .flat_map(|(path, all)| all.iter().map(|answer| (path.clone(), answer.clone())).collect::<Vec<_>>()).collect();
        let forwards: Sheet = edits.iter().cloned().collect();
        edits.sort_by_key(|(path, answer)| (path.to_string().len() as u64 ^ seed, answer.encode().bytes().map(u64::from).sum::<u64>() ^ seed));
        edits.reverse();
        let otherwise: Sheet = edits.into_iter().collect();
        prop_assert_eq!(protocol.triage(&forwards, NOBODY_KNOWS), protocol.triage(&otherwise, NOBODY_KNOWS));
    }

    /// Asked as the flow asks, every protocol of the starter pack only ever rises, without exception.
    #[test]
    fn following_the_flow_the_starter_pack_never_lowers(pack in any::<prop::sample::Index>(), choices in prop::collection::vec((any::<prop::sample::Index>(), 0..6_u8), 1..25)) {
        let protocol = pack.get(&PACK[..]);
        let mut sheet = Sheet::new();
        let mut levels = Vec::new();
        for (which, choice) in choices {
            let flow = protocol.flow(&sheet);
            let open: Vec<_> = flow.steps.iter().filter(|step| step.is_open() && step.answers.is_empty() && !answer_to(step, choice).is_null()).collect();
            if open.is_empty() {
                break;
            }
            let step = open[which.index(open.len())];
            let mut next = 0;
            let mut fresh = || { next += 1; uuid::Uuid::from_u128(next) };
            let edits = protocol.accept(step.link_id(), step.path.ancestors(), &answer_to(step, choice), &mut fresh, &sheet).unwrap();
            for (path, answer) in edits {
                sheet.set(path, answer);
            }
            let triage = protocol.triage(&sheet, NOBODY_KNOWS);
            let mut now: Vec<_> = triage.domains.iter().map(|found| (found.domain, found.level)).collect();
            now.sort_unstable();
            if let Some(before) = levels.last() {
                let before: &Vec<_> = before;
                prop_assert!(now.iter().zip(before).all(|((_, now), (_, before))| now >= before));
            }
            levels.push(now);
        }
    }

    /// Whatever the numbers are, more than 4,096 combinations never say less than any one of them.
    #[test]
    fn too_many_combinations_never_say_less_than_one_of_them(picks in prop::collection::vec(any::<bool>(), 14), rule in prop::collection::vec(any::<bool>(), 14)) {
        let items: Vec<Json> = (0..14).map(|n| json!({"linkId": format!("q{n}"), "type": "boolean"})).collect();
        let parts: Vec<Json> = rule.iter().enumerate().map(|(n, yes)| json!({if *yes { "yes" } else { "no" }: format!("q{n}")})).collect();
        let rules = json!({"version": 0, "rules": [{"id": "r", "domain": "suicide", "level": "high", "when": {"all": parts},
            "reason": "a", "source": "b", "policy": false}]});
        let questionnaire = json!({"resourceType": "Questionnaire", "item": items}).to_string();
        let protocol = Protocol::parse(questionnaire.as_bytes(), Some(rules.to_string().as_bytes())).unwrap();
        let mut contested = Sheet::new();
        let mut one = Sheet::new();
        for (n, pick) in picks.iter().enumerate() {
            let path = AnswerPath::new(&format!("q{n}"));
            contested.add(path.clone(), yes());
            contested.add(path.clone(), no());
            one.set(path, if *pick { yes() } else { no() });
        }
        prop_assert_eq!(level(&protocol, &contested), (Level::High, true));
        prop_assert!(level(&protocol, &contested).0 >= level(&protocol, &one).0);
    }
}

/// An answer of the kind that the step takes.
fn answer_to(step: &mooring_protocol::Step, choice: u8) -> Json {
    use mooring_protocol::ItemKind as Kind;
    if step.kind != mooring_protocol::StepKind::Question {
        return Json::Null;
    }
    match (choice, step.item) {
        (0, _) => json!({"declined": true}),
        (1, _) => json!({"unsure": true}),
        (2, _) => json!({"notNow": true}),
        (n, Kind::Boolean) => json!({"valueBoolean": n > 3}),
        (n, Kind::Integer) => json!({"valueInteger": n + 2}),
        (_, Kind::Decimal) => json!({"valueDecimal": 36.5}),
        (_, Kind::Time) => json!({"valueTime": "10:30:00"}),
        (_, Kind::String | Kind::Text) => json!({"valueString": "x"}),
        (n, Kind::Choice | Kind::OpenChoice) => {
            let options = &step.options;
            Answer::Value(options[usize::from(n) % options.len()].value.clone()).to_json()
        }
        _ => Json::Null,
    }
}
