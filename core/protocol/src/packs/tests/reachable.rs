//! Every rule of the starter pack can come true: for each, answers are made that call for it.

use std::collections::BTreeMap;

use super::super::starter_pack;
use crate::answer::Answer;
use crate::item::{Item, Operator};
use crate::level::Level;
use crate::path::AnswerPath;
use crate::protocol::Protocol;
use crate::rules::when::When;
use crate::sheet::Sheet;
use crate::triage::Person;
use crate::value::Value;

/// What must stand at each linkId.
type Wanted = BTreeMap<String, Value>;

fn node_link(protocol: &Protocol, node: usize) -> String {
    protocol.plan.nodes[node].link_id.clone()
}

/// A value in this relation to the expected one.
fn value(operator: Operator, expected: &Value) -> Value {
    let by = match operator {
        Operator::Greater => 1,
        Operator::Less => -1,
        Operator::Equal
        | Operator::GreaterOrEqual
        | Operator::LessOrEqual
        | Operator::NotEqual
        | Operator::Exists => 0,
    };
    if let Value::Integer(number) = expected {
        return Value::Integer(number + by);
    }
    expected.clone()
}

fn want(protocol: &Protocol, when: &When, wanted: &mut Wanted) {
    match when {
        When::All(parts) => parts.iter().for_each(|part| want(protocol, part, wanted)),
        When::Any(parts) => want(protocol, &parts[0], wanted),
        When::AtLeast(count, parts) => {
            parts[..*count]
                .iter()
                .for_each(|part| want(protocol, part, wanted));
        }
        When::Answer {
            node,
            operator,
            values,
        } => {
            let link = node_link(protocol, *node);
            open(protocol, &link, wanted);
            wanted.insert(link, value(*operator, &values[0]));
        }
        When::Not(_) | When::Score { .. } => {
            panic!("no rule of the starter pack is made so: teach this test first")
        }
    }
}

/// Whatever stands before the question, on every floor above it.
fn open(protocol: &Protocol, link: &str, wanted: &mut Wanted) {
    let item = protocol.find(link).unwrap();
    let above = protocol
        .plan
        .index(link)
        .and_then(|node| protocol.plan.nodes[node].parent);
    if let Some(above) = above {
        open(protocol, &node_link(protocol, above), wanted);
    }
    if let Some(first) = item.conditions.first() {
        open(protocol, &first.question, wanted);
        let gate = value(first.operator, &first.expected);
        wanted.entry(first.question.clone()).or_insert(gate);
    }
}

fn path(protocol: &Protocol, item: &Item, value: &Value) -> (AnswerPath, Answer) {
    let node = protocol.plan.index(&item.link_id).unwrap();
    let id = uuid::Uuid::from_u128(1);
    let mut chain = Vec::new();
    let mut above = protocol.plan.nodes[node].parent;
    while let Some(node) = above {
        let node = &protocol.plan.nodes[node];
        if node.repeats_below {
            chain.insert(0, (node.link_id.clone(), id));
        }
        above = node.parent;
    }
    if item.is_multi_select() {
        let key = crate::item::option_key(value);
        let chosen = Answer::Value(Value::Boolean(true));
        return (
            AnswerPath::within(chain, &item.link_id).option(&key),
            chosen,
        );
    }
    (
        AnswerPath::within(chain, &item.link_id),
        Answer::Value(value.clone()),
    )
}

fn sheet(protocol: &Protocol, wanted: &Wanted) -> Sheet {
    let answers = wanted
        .iter()
        .map(|(link, value)| path(protocol, protocol.find(link).unwrap(), value));
    answers.collect()
}

#[test]
fn every_level_can_be_reached_by_the_answers_that_its_rule_speaks_of() {
    for protocol in starter_pack() {
        for rule in &protocol.rules.levels {
            let mut wanted = Wanted::new();
            want(&protocol, &rule.when, &mut wanted);
            let sheet = sheet(&protocol, &wanted);
            let triage = protocol.triage(&sheet, Person::default());
            let found = triage
                .domains
                .iter()
                .find(|found| found.domain == rule.domain)
                .unwrap();
            let holds = found.reasons.iter().any(|reason| reason.rule == rule.id);
            assert!(
                holds && found.level >= rule.level,
                "{} {}: {sheet:?}",
                protocol.key(),
                rule.id
            );
        }
    }
}

#[test]
fn every_alert_can_come_and_nothing_comes_before_an_answer() {
    for protocol in starter_pack() {
        let empty = protocol.flow(&Sheet::new());
        assert_eq!(empty.alerts, [], "{}", protocol.key());
        assert_eq!(protocol.rechecks(&Sheet::new()), [], "{}", protocol.key());
        for rule in &protocol.rules.alerts {
            let mut wanted = Wanted::new();
            want(&protocol, &rule.when, &mut wanted);
            let alerts = protocol.flow(&sheet(&protocol, &wanted)).alerts;
            assert!(
                alerts.iter().any(|alert| alert.rule == rule.id),
                "{} {}",
                protocol.key(),
                rule.id
            );
        }
    }
}

#[test]
fn an_empty_sheet_is_never_a_level_by_itself() {
    for protocol in starter_pack() {
        for domain in protocol.triage(&Sheet::new(), Person::default()).domains {
            let open = domain.level == Level::NothingEndorsed && domain.at_least;
            assert!(open, "{} {:?}", protocol.key(), domain.domain);
        }
    }
}

#[test]
fn imminent_has_guidance_that_begins_with_emergency_services() {
    for protocol in starter_pack() {
        for rule in protocol
            .rules
            .levels
            .iter()
            .filter(|rule| rule.level == Level::Imminent)
        {
            let mut guidance = protocol.rules.guidance.iter();
            let first =
                guidance.find(|one| one.domain == rule.domain && one.level == Level::Imminent);
            let text = first
                .map(|one| one.text.plain.to_lowercase())
                .unwrap_or_default();
            let named = ["emergency medical services", "emergency services first"];
            let first = named.iter().any(|words| text.contains(words));
            assert!(first, "{} {}", protocol.key(), rule.id);
            assert!(
                text.contains("without, radio"),
                "{} {}",
                protocol.key(),
                rule.id
            );
        }
    }
}
