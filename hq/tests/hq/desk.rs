//! Settling, accepting, overriding, advice, drafts, and the audit of reads.

use std::collections::BTreeMap;

use mooring_casefile::{CaseId, Edit, Mark, Place, Role};
use mooring_hq::{Accept, Accepting, NewAdvice, Override, Settle};
use mooring_protocol::{AnswerPath, Domain, Level};

use crate::phone::Phone;
use crate::world::{INTERVIEW, World, at};

fn world() -> (World, Phone) {
    let world = World::new();
    let phone = world.phone("J. Okafor", Role::Responder, at(0));
    (world, phone)
}

/// Two people differ about the plan; the answer that stands for "no" is the second's.
fn contested() -> (World, CaseId, Place, Vec<mooring_casefile::ValueView>) {
    let (world, mut okafor) = world();
    let mut brandt = world.phone("L. Brandt", Role::Clinician, at(0));
    let case = okafor.new_case("M., 34", at(1));
    let assessment = okafor.interview(case, &["thoughts"], at(1));
    okafor.exchange(&world.hq, at(2));
    brandt.exchange(&world.hq, at(2));
    okafor.answer(case, assessment, "wish", true, at(3));
    okafor.answer(case, assessment, "plan", true, at(3));
    brandt.answer(case, assessment, "method", true, at(3));
    let base = okafor.start(case, INTERVIEW, at(3));
    for phone in [&mut okafor, &mut brandt] {
        phone.exchange(&world.hq, at(4));
    }
    okafor.exchange(&world.hq, at(4));
    brandt.exchange(&world.hq, at(4));
    okafor.answer(case, base, "thoughts", true, at(5));
    okafor.exchange(&world.hq, at(6));
    brandt.answer(case, base, "thoughts", false, at(5));
    brandt.exchange(&world.hq, at(6));
    let by = world.psychiatrist(at(7));
    let page = world.hq.look_case(&by, case, at(7)).unwrap();
    let one = page.view.assessment(base).unwrap();
    let item = one.items.iter().find(|item| item.contested).unwrap();
    (
        world,
        case,
        Place::answer(base, AnswerPath::new("thoughts")),
        item.values.clone(),
    )
}

#[test]
fn a_contested_answer_shows_both_and_is_settled_by_who_may() {
    let (world, case, place, values) = contested();
    let by = world.psychiatrist(at(8));
    assert!(world.hq.queue(&by, at(8)).unwrap().rows[0].contested);
    assert_eq!(values.len(), 2);
    let settle = Settle {
        place,
        seen: values.iter().map(|value| value.id).collect(),
        choice: values[0].id,
        reason: "asked again, both present".into(),
    };
    world.add("S. Park", Role::Supervisor);
    let supervisor = world.sign_in("S. Park", at(8)).session;
    assert_eq!(
        world
            .hq
            .settle(&supervisor, case, &settle, at(8))
            .unwrap_err()
            .code(),
        "forbidden"
    );
    let without_reason = Settle {
        reason: " ".into(),
        ..settle.clone()
    };
    assert_eq!(
        world
            .hq
            .settle(&by, case, &without_reason, at(8))
            .unwrap_err()
            .code(),
        "invalid"
    );
    world.hq.settle(&by, case, &settle, at(9)).unwrap();
    assert!(
        !world
            .hq
            .look_case(&by, case, at(10))
            .unwrap()
            .risk
            .contested
    );
}

#[test]
fn an_override_upward_governs_at_once_and_downward_waits_until_it_is_accepted() {
    let (world, mut phone) = world();
    let case = phone.new_case("M., 34", at(1));
    phone.interview(case, &["thoughts", "method"], at(1));
    phone.exchange(&world.hq, at(2));
    let by = world.psychiatrist(at(3));
    let level = || {
        world
            .hq
            .look_case(&by, case, at(9))
            .unwrap()
            .risk
            .shown()
            .level
    };
    assert_eq!(level(), Level::Moderate);
    let over = |level| Override {
        domain: Domain::Suicide,
        level,
        reason: "seen in person".into(),
    };
    world
        .hq
        .override_level(&by, case, &over(Level::High), at(4))
        .unwrap();
    assert_eq!(level(), Level::High);
    world
        .hq
        .override_level(&by, case, &over(Level::Low), at(5))
        .unwrap();
    assert_eq!(level(), Level::High);
    let page = world.hq.look_case(&by, case, at(6)).unwrap();
    let waiting = page.risk.waiting_overrides[0].id;
    let accept = Accept {
        shown: page.shown,
        what: Accepting::Override(waiting),
        reason: "agreed with the team".into(),
    };
    world.hq.accept(&by, case, &accept, at(7)).unwrap();
    assert_eq!(level(), Level::Low);
    assert_eq!(world.hq.rebuild(), Ok(vec![]));
}

#[test]
fn an_acceptance_covers_what_was_shown_and_not_what_came_since() {
    let (world, mut phone) = world();
    let case = phone.new_case("M., 34", at(1));
    phone.interview(case, &["thoughts", "plan"], at(1));
    let later = phone.interview(case, &["wish"], at(2));
    phone.exchange(&world.hq, at(3));
    let by = world.psychiatrist(at(3));
    let page = world.hq.case(&by, case, at(3)).unwrap();
    assert_eq!(page.risk.level, Level::High);
    phone.answer(case, later, "behavior", true, at(4));
    phone.exchange(&world.hq, at(4));
    let accept = |shown| Accept {
        shown,
        what: Accepting::Assessment(later),
        reason: "asked again, calmer".into(),
    };
    world
        .hq
        .accept(&by, case, &accept(page.shown), at(5))
        .unwrap();
    assert_eq!(
        world.hq.look_case(&by, case, at(6)).unwrap().risk.level,
        Level::High,
        "it had changed meanwhile"
    );
    let fresh = world.hq.look_case(&by, case, at(6)).unwrap();
    world
        .hq
        .accept(&by, case, &accept(fresh.shown), at(7))
        .unwrap();
    assert!(world.hq.look_case(&by, case, at(8)).unwrap().risk.level < Level::High);
}

#[test]
fn advice_is_sent_replaced_withdrawn_and_comes_back_read() {
    let (world, mut phone) = world();
    let case = phone.new_case("M., 34", at(1));
    phone.exchange(&world.hq, at(1));
    let by = world.psychiatrist(at(2));
    let shown = world.hq.case(&by, case, at(2)).unwrap().shown;
    let send = |text: &str, expires_ms, replaces, minute| {
        let advice = NewAdvice {
            shown,
            text: text.into(),
            expires_ms,
            replaces,
        };
        world.hq.send_advice(&by, case, &advice, at(minute))
    };
    let first = send("Not home yet.", Some(at(60).wall_ms), None, 2).unwrap();
    let second = send("Go with her to the center.", None, Some(first), 3).unwrap();
    assert_eq!(
        send("again", None, Some(first), 3).unwrap_err().code(),
        "invalid",
        "it was replaced already"
    );
    assert_eq!(send("", None, None, 3).unwrap_err().code(), "invalid");
    assert_eq!(
        send("late", Some(at(1).wall_ms), None, 3)
            .unwrap_err()
            .code(),
        "invalid"
    );
    phone.exchange(&world.hq, at(4));
    let id = phone.record(at(5));
    phone.edit(
        case,
        &Edit::AdviceMark {
            id,
            advice: second,
            mark: Mark::Read,
        },
        at(5),
    );
    phone.exchange(&world.hq, at(5));
    world
        .hq
        .withdraw_advice(&by, case, second, "the center is full", at(6))
        .unwrap();
    let view = world.hq.look_case(&by, case, at(7)).unwrap().view;
    assert_eq!(view.advice[0].replaced_by, Some(second));
    assert_eq!(view.advice[1].furthest(), Some(Mark::Read));
    assert!(view.advice[1].withdrawn.is_some());
}

#[test]
fn what_was_typed_survives_a_restart_and_is_its_writers_alone() {
    let (world, mut phone) = world();
    let case = phone.new_case("M., 34", at(1));
    phone.exchange(&world.hq, at(1));
    let by = world.psychiatrist(at(2));
    let fields = |text: &str| BTreeMap::from([("impression".to_owned(), text.to_owned())]);
    world
        .hq
        .save_draft(&by, case, &fields("half a sentence"), at(2))
        .unwrap();
    world
        .hq
        .save_draft(
            &by,
            case,
            &BTreeMap::from([("plan".to_owned(), "call".to_owned())]),
            at(3),
        )
        .unwrap();
    let world = world.restart(at(4));
    let draft = world.hq.draft(&by, case).unwrap();
    assert_eq!(
        (
            draft.fields["impression"].as_str(),
            draft.fields["plan"].as_str()
        ),
        ("half a sentence", "call")
    );
    assert_eq!(draft.saved_ms, Some(at(3).wall_ms));
    world.hq.clear_draft(&by, case, &["plan"], at(5)).unwrap();
    assert_eq!(
        world.hq.draft(&by, case).unwrap().fields,
        fields("half a sentence")
    );
    world.add("C. Lind", Role::Clinician);
    let other = world.sign_in("C. Lind", at(5)).session;
    assert!(world.hq.draft(&other, case).unwrap().fields.is_empty());
}

#[test]
fn nothing_that_was_said_can_be_read_in_the_folder() {
    let (world, mut phone) = world();
    let case = phone.new_case("canary-title-7c1e", at(1));
    phone.exchange(&world.hq, at(1));
    let by = world.psychiatrist(at(2));
    world.hq.case(&by, case, at(2)).unwrap();
    let typed = BTreeMap::from([("impression".to_owned(), "canary-typed-7c1e".to_owned())]);
    world.hq.save_draft(&by, case, &typed, at(2)).unwrap();
    for folder in [
        world.folder.path().to_path_buf(),
        world.folder.path().join("keys"),
    ] {
        for entry in std::fs::read_dir(folder)
            .unwrap()
            .map(Result::unwrap)
            .filter(|entry| entry.path().is_file())
        {
            let bytes = std::fs::read(entry.path()).unwrap();
            assert!(
                !bytes.windows(7).any(|window| window == b"canary-"),
                "{:?}",
                entry.path()
            );
        }
    }
}
