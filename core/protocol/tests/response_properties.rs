//! What must hold for every set of answers and for every response, however broken: nothing lowers on the way out and back in.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    clippy::wildcard_enum_match_arm,
    reason = "a test may stop at the first thing that is not as it should be"
)]

mod support;

use std::sync::LazyLock;

use mooring_protocol::{
    Answer, AnswerPath, Import, Item, Person, Protocol, Responding, Sheet, Status, starter_pack,
};
use proptest::prelude::*;
use serde_json::{Value as Json, json};
use uuid::Uuid;

static PACK: LazyLock<Vec<Protocol>> = LazyLock::new(starter_pack);

/// An answer to any question of a protocol: which question, what to say, and whether it stands beside what is there.
type Pick = (prop::sample::Index, u8, bool);

fn picks() -> impl Strategy<Value = (usize, Vec<Pick>)> {
    let pick = (any::<prop::sample::Index>(), any::<u8>(), any::<bool>());
    (0..PACK.len(), prop::collection::vec(pick, 0..40))
}

fn questions<'i>(items: &'i [Item], found: &mut Vec<&'i Item>) {
    for item in items {
        if item.kind.is_question() {
            found.push(item);
        }
        questions(&item.items, found);
    }
}

/// Something that a screen could send for this question.
fn raw(item: &Item, what: u8) -> Json {
    let option = |number: u8| {
        let options = &item.options;
        options
            .get(usize::from(number) % options.len().max(1))
            .map(|option| Answer::Value(option.value.clone()).to_json())
    };
    match (what % 8, option(what / 8)) {
        (0, _) => json!({"declined": true}),
        (1, _) => json!({"unsure": true}),
        (2, _) => json!({"notNow": true}),
        (_, Some(option)) => option,
        (3 | 4, None) => json!({"valueBoolean": true}),
        (5, None) => json!({"valueBoolean": false}),
        (6, None) => json!({"valueInteger": what / 32}),
        (_, None) => json!({"valueString": "said"}),
    }
}

fn fresh(next: &mut u128) -> Uuid {
    *next += 1;
    Uuid::from_u128(*next)
}

fn sheet(protocol: &Protocol, picks: &[Pick]) -> Sheet {
    let mut all = Vec::new();
    questions(protocol.items(), &mut all);
    let (mut sheet, mut next) = (Sheet::new(), 0x1000);
    for (which, what, beside) in picks {
        let item = which.get(&all);
        let raw = raw(item, *what);
        let taken = protocol.accept(&item.link_id, &[], &raw, &mut || fresh(&mut next), &sheet);
        for (path, answer) in taken.unwrap_or_default() {
            if *beside {
                sheet.add(path, answer);
            } else {
                sheet.set(path, answer);
            }
        }
        if what % 31 == 0 {
            sheet.add(AnswerPath::new("from-elsewhere"), Answer::Unsure);
        }
    }
    sheet
}

fn respond(protocol: &Protocol, sheet: &Sheet) -> Json {
    let how = Responding {
        status: Status::Completed,
        header: None,
        language: None,
    };
    protocol.respond(sheet, how)
}

fn read(protocol: &Protocol, response: &Json) -> Import {
    let mut next = 0;
    protocol
        .read_response(response.to_string().as_bytes(), None, &mut || {
            fresh(&mut next)
        })
        .unwrap()
}

/// What the answers come to, for an adult, a minor, and where nobody knows.
fn levels(protocol: &Protocol, sheet: &Sheet) -> Vec<(String, String, bool)> {
    let people = [None, Some(true), Some(false)];
    let of = |minor| protocol.triage(sheet, Person { minor }).domains;
    let mut levels: Vec<_> = people
        .into_iter()
        .flat_map(of)
        .map(|found| {
            (
                found.domain.token().to_owned(),
                format!("{:?}", found.level),
                found.at_least,
            )
        })
        .collect();
    levels.sort();
    levels
}

/// Anything that JSON can be, small.
fn junk() -> impl Strategy<Value = Json> {
    prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        "[ -~]{0,12}".prop_map(Json::from),
        Just(json!([])),
        Just(json!({})),
        Just(json!([{"linkId": "nowhere", "answer": [{"valueString": "x"}]}])),
        Just(json!({"code": "none-of-them"})),
    ]
}

/// Puts something else in one place of the response.
fn damage(json: &mut Json, at: &mut usize, junk: &Json) {
    if *at == 0 {
        *json = junk.clone();
    }
    *at = at.wrapping_sub(1);
    match json {
        Json::Array(all) => all.iter_mut().for_each(|one| damage(one, at, junk)),
        Json::Object(all) => all.values_mut().for_each(|one| damage(one, at, junk)),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn what_goes_out_and_comes_back_has_the_same_levels((number, picks) in picks()) {
        let protocol = &PACK[number];
        let sheet = sheet(protocol, &picks);
        let response = respond(protocol, &sheet);
        let import = read(protocol, &response);
        prop_assert_eq!(levels(protocol, &import.sheet), levels(protocol, &sheet));
        prop_assert_eq!(respond(protocol, &import.sheet), response);
    }

    #[test]
    fn a_damaged_response_is_refused_or_read_and_never_stops_the_reader(
        (number, picks) in picks(), at in 1_usize..400, junk in junk(),
    ) {
        let protocol = &PACK[number];
        let mut damaged = respond(protocol, &sheet(protocol, &picks));
        damage(&mut damaged, &mut at.clone(), &junk);
        let mut next = 0;
        let read = protocol.read_response(damaged.to_string().as_bytes(), None, &mut || fresh(&mut next));
        if let Ok(import) = read {
            levels(protocol, &import.sheet);
            respond(protocol, &import.sheet);
        }
    }

    #[test]
    fn an_answer_that_cannot_be_read_leaves_every_level_open_and_is_kept(
        (number, picks) in picks(), which in any::<prop::sample::Index>(),
    ) {
        let protocol = &PACK[number];
        let mut response = respond(protocol, &sheet(protocol, &picks));
        let mut values = Vec::new();
        values_in(&mut response, &mut values);
        prop_assume!(!values.is_empty());
        let which = which.index(values.len());
        let unreadable = json!({"valueReference": {"reference": "Patient/1"}});
        *values.swap_remove(which) = unreadable.clone();
        let import = read(protocol, &response);
        prop_assert!(!import.faults.is_empty());
        prop_assert_eq!(&import.strays[0].answer, &unreadable);
        prop_assert!(levels(protocol, &import.sheet).iter().all(|(_, _, open)| *open));
    }
}

/// Every answer with a value.
fn values_in<'j>(json: &'j mut Json, found: &mut Vec<&'j mut Json>) {
    match json {
        Json::Array(all) => all.iter_mut().for_each(|one| values_in(one, found)),
        Json::Object(members) => {
            for (name, member) in members {
                if name != "answer" {
                    values_in(member, found);
                    continue;
                }
                let answers = member.as_array_mut().into_iter().flatten();
                found.extend(answers.filter(|answer| answer.to_string().contains("\"value")));
            }
        }
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
    }
}
