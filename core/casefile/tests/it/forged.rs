//! Well-formed Automerge changes that no phone of ours writes: a malicious phone can make any of them.

use automerge::{
    Change, ExpandedChange, ObjType, ScalarValue,
    legacy::{Key, ObjectId, Op, OpId, OpType, SortedVec},
};
use mooring_casefile::{Edit, HeldReason, Merge, Run};

use crate::{
    chunk::with_last,
    world::{BRANDT, OKAFOR, Visit, no, writer, yes},
};

#[expect(
    clippy::disallowed_methods,
    reason = "an honest change is taken apart here to forge others"
)]
fn taken_apart(run: &Run) -> ExpandedChange {
    Change::from_bytes(run.changes.last().unwrap().clone())
        .unwrap()
        .decode()
}

/// Brandt overwrites an answer that Okafor gave; `alter` makes something else of that change.
#[track_caller]
fn check(alter: impl FnOnce(&mut ExpandedChange), expected: HeldReason) {
    let mut visit = Visit::of(&[OKAFOR, BRANDT]);
    visit.answer(OKAFOR, "attempt", yes());
    visit.meet();
    let id = visit.answer(BRANDT, "attempt", no());
    let file = visit.phone(BRANDT).file.clone();
    let runs = file.runs_since(
        mooring_casefile::Half::Field,
        &std::collections::BTreeMap::new(),
    );
    let run = runs.into_iter().find(|run| run.last == id).unwrap();
    let mut forged = taken_apart(&run);
    alter(&mut forged);
    let forged = with_last(&run, Change::from(forged).raw_bytes().to_vec());
    let target = &mut visit.phone(OKAFOR).file;
    let before = target.version();
    assert_eq!(
        target.merge(&forged, &writer(BRANDT).who),
        Merge::Held(expected)
    );
    assert_eq!(target.version(), before);
    assert!(matches!(
        target.merge(&run, &writer(BRANDT).who),
        Merge::Merged(_)
    ));
}

fn check_op(alter: impl FnOnce(&mut Op)) {
    check(
        |change| alter(&mut change.operations[0]),
        HeldReason::Layout,
    );
}

fn text(text: &str) -> OpType {
    OpType::Put(ScalarValue::Str(text.into()))
}

#[test]
fn a_change_that_is_put_together_again_unaltered_is_the_honest_one() {
    let mut visit = Visit::of(&[OKAFOR, BRANDT]);
    visit.answer(BRANDT, "attempt", no());
    let run = visit.phone(BRANDT).file.runs_since(
        mooring_casefile::Half::Field,
        &std::collections::BTreeMap::new(),
    );
    let run = run
        .into_iter()
        .find(|run| run.actor == writer(BRANDT).actor)
        .unwrap();
    assert_eq!(
        Change::from(taken_apart(&run)).raw_bytes(),
        run.changes.last().unwrap()
    );
}

#[test]
fn nothing_is_deleted() {
    check_op(|op| op.action = OpType::Delete);
}

#[test]
fn nothing_but_texts_is_written_where_answers_stand() {
    for scalar in [
        ScalarValue::Int(1),
        ScalarValue::Boolean(false),
        ScalarValue::Null,
        ScalarValue::counter(1),
    ] {
        check_op(|op| op.action = OpType::Put(scalar));
    }
    check_op(|op| op.action = OpType::Put(ScalarValue::Bytes(b"0b0".to_vec())));
    for object in [ObjType::Map, ObjType::List, ObjType::Text] {
        check_op(|op| op.action = OpType::Make(object));
    }
    for garbage in ["", "0", "0b7", "-b0"] {
        check_op(|op| op.action = text(garbage));
    }
}

#[test]
fn a_value_overwrites_exactly_what_its_writer_saw() {
    check_op(|op| op.pred = SortedVec::new());
    check_op(|op| {
        let own = op.pred.iter().next().unwrap().clone();
        op.pred = vec![own.clone(), OpId::new(1, own.actor())].into();
    });
}

#[test]
fn nothing_is_written_outside_of_the_known_places() {
    check_op(|op| op.key = Key::Map("attempt%41".into()));
    check_op(|op| op.obj = ObjectId::Root);
    check_op(|op| {
        (op.obj, op.key) = (ObjectId::Root, Key::Map("reviews".into()));
        (op.action, op.pred) = (OpType::Make(ObjType::Map), SortedVec::new());
    });
}

#[test]
fn one_place_is_written_once_in_a_change() {
    check(
        |change| {
            let again = change.operations[0].clone();
            change.operations.push(again);
        },
        HeldReason::Layout,
    );
}

#[test]
fn a_record_is_never_overwritten() {
    let mut visit = Visit::of(&[OKAFOR, BRANDT]);
    let (id, question) = (visit.fate.record(), "Which ward?".to_owned());
    let ask = visit.write(
        OKAFOR,
        &Edit::Ask {
            id,
            question: question.clone(),
            call_back: None,
        },
    );
    visit.meet();
    let id = visit.fate.record();
    let other = visit.write(
        BRANDT,
        &Edit::Ask {
            id,
            question: question.clone(),
            call_back: None,
        },
    );
    let runs = |visit: &mut Visit, of| {
        let file = visit.phone(BRANDT).file.clone();
        let runs = file.runs_since(
            mooring_casefile::Half::Field,
            &std::collections::BTreeMap::new(),
        );
        runs.into_iter().find(|run| run.last == of).unwrap()
    };
    let (first, second) = (runs(&mut visit, ask), runs(&mut visit, other));
    let (first, mut forged) = (taken_apart(&first), taken_apart(&second));
    let start = first.start_op.get();
    forged.operations[0].key = first.operations[0].key.clone();
    for preds in [
        SortedVec::new(),
        vec![OpId::new(start, &first.actor_id)].into(),
    ] {
        forged.operations[0].pred = preds;
        let run = with_last(&second, Change::from(forged.clone()).raw_bytes().to_vec());
        let merged = visit.phone(OKAFOR).file.merge(&run, &writer(BRANDT).who);
        assert_eq!(merged, Merge::Held(HeldReason::Layout));
    }
}

#[test]
fn numbers_and_times_are_those_that_an_honest_writer_has() {
    check(
        |change| change.start_op = 1_000.try_into().unwrap(),
        HeldReason::Layout,
    );
    check(|change| change.seq = 7, HeldReason::NotAsAnnounced);
    check(|change| change.time = 1, HeldReason::Time);
    check(|change| change.time = 0, HeldReason::Time);
    check(
        |change| change.message = Some("0!12 hello".to_owned()),
        HeldReason::Time,
    );
    check(|change| change.message = None, HeldReason::Layout);
    check(
        |change| change.message = Some("0".repeat(40)),
        HeldReason::Oversized,
    );
    check(|change| change.deps.clear(), HeldReason::Layout);
    check(|change| change.operations.clear(), HeldReason::Layout);
}
