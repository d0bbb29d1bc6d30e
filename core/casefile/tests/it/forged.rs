//! Well-formed Automerge changes that no phone of ours writes: a malicious phone can make any of them.

use automerge::{
    Change, ExpandedChange, ObjType, ScalarValue,
    legacy::{Key, ObjectId, Op, OpId, OpType, SortedVec},
};
use mooring_casefile::{Edit, EditError, HeldReason, Merge, Run};

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

/// The path of a question in so many repeats, one in the other.
fn nested(depth: usize) -> String {
    "group:00000000-0000-7000-8000-000000000000/".repeat(depth) + "wish"
}

#[test]
fn the_name_of_a_place_has_a_length_and_a_depth() {
    for path in ["w".repeat(2_049), nested(17)] {
        check_op(|op| {
            op.key = Key::Map(path.as_str().into());
            op.pred = SortedVec::new();
        });
    }
}

#[test]
fn what_others_would_hold_is_not_written_in_the_first_place() {
    let mut visit = Visit::of(&[OKAFOR]);
    let assessment = visit.assessment;
    let mut answer = |path: String| {
        let answers = vec![(path.parse().unwrap(), yes())];
        let edit = Edit::Answer {
            assessment,
            answers,
            told: None,
        };
        let mut fate = visit.fate.clone();
        visit.phone(OKAFOR).clone().write(&edit, &mut fate).err()
    };
    assert_eq!(answer(nested(16)), None);
    assert_eq!(answer(nested(17)), Some(EditError::TooLong));
    assert_eq!(answer("w".repeat(2_048)), None);
    assert_eq!(answer("w".repeat(2_049)), Some(EditError::TooLong));
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

/// The last run of a phone's own actor, taken apart.
fn last_of(visit: &mut Visit, person: u8) -> (Run, ExpandedChange) {
    let runs = visit.phone(person).file.runs_since(
        mooring_casefile::Half::Field,
        &std::collections::BTreeMap::new(),
    );
    let run = runs
        .into_iter()
        .find(|run| run.actor == writer(person).actor)
        .unwrap();
    let forged = taken_apart(&run);
    (run, forged)
}

/// Where its dependencies alone have arrived, such a change could not be applied: it would part the replicas for ever.
#[test]
fn a_change_touches_only_what_it_says_it_builds_on() {
    let mut visit = Visit::of(&[OKAFOR, BRANDT]);
    let (id, protocol) = (visit.fate.assessment(), visit.books.talk());
    let key = "talk".to_owned();
    visit.answer(OKAFOR, "support", yes());
    visit.meet();
    visit.write(BRANDT, &Edit::Title("Elsewhere".to_owned()));
    let (run, mut forged) = last_of(&mut visit, BRANDT);
    // What Okafor begins now is behind all that Brandt's change names.
    let begun = visit.write(OKAFOR, &Edit::StartAssessment { id, protocol, key });
    let okafor = &visit.phone(OKAFOR).file;
    let answers = okafor
        .runs_since(
            mooring_casefile::Half::Field,
            &std::collections::BTreeMap::new(),
        )
        .into_iter()
        .find(|run| run.last == begun)
        .map(|run| taken_apart(&run))
        .unwrap();
    let made = answers.start_op.get() + answers.operations.len() as u64 - 1;
    forged.operations[0].obj = ObjectId::Id(OpId::new(made, &answers.actor_id));
    forged.operations[0].key = Key::Map("wish".into());
    forged.operations[0].action = text("0b0");
    forged.operations[0].pred = SortedVec::new();
    let forged = with_last(&run, Change::from(forged).raw_bytes().to_vec());
    let merged = visit.phone(OKAFOR).file.merge(&forged, &writer(BRANDT).who);
    assert_eq!(merged, Merge::Held(HeldReason::Layout));
}
