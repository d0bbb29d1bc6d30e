//! What the guard holds back, and what it makes wait. A run that is not merged leaves the case file as it was.

use std::collections::BTreeMap;

use mooring_casefile::{
    Actor, Attribution, CaseFile, CaseId, DeviceId, Edit, Half, HeldReason, Merge, NewCase,
    PersonId, Role, Roles, Run,
};

use crate::{
    chunk::{chunk, content, with_last},
    world::{BRANDT, OKAFOR, START_MS, STERN, Visit, no, split, who_wrote, writer, yes},
};

/// Brandt's run of three changes, which Okafor does not have yet.
fn run_of_brandt() -> (Visit, Run, Attribution) {
    let mut visit = Visit::of(&[OKAFOR, BRANDT, STERN]);
    visit.answer(BRANDT, "wish", no());
    visit.answer(BRANDT, "thoughts", no());
    visit.answer(BRANDT, "attempt", yes());
    let file = visit.phone(BRANDT).file.clone();
    let runs = file.runs_since(Half::Field, &BTreeMap::new());
    let run = runs
        .into_iter()
        .find(|run| run.actor == writer(BRANDT).actor)
        .unwrap();
    let who = who_wrote(&file, &run);
    (visit, run, who)
}

#[track_caller]
fn check(alter: impl FnOnce(&mut Run, &mut Attribution), expected: &Merge) {
    let (mut visit, mut run, mut who) = run_of_brandt();
    let honest = (run.clone(), who);
    let file = &mut visit.phone(OKAFOR).file;
    let before = (
        file.version(),
        file.save(Half::Field),
        file.save(Half::Hq),
        file.who(),
    );
    alter(&mut run, &mut who);
    assert_eq!(file.merge(&run, &who), *expected);
    assert!(
        (
            file.version(),
            file.save(Half::Field),
            file.save(Half::Hq),
            file.who()
        ) == before
    );
    assert!(matches!(file.merge(&honest.0, &honest.1), Merge::Merged(new) if new.len() == 3));
}

const fn held(reason: HeldReason) -> Merge {
    Merge::Held(reason)
}

#[test]
fn an_honest_run_is_merged_once_and_known_afterwards() {
    let (mut visit, run, who) = run_of_brandt();
    let file = &mut visit.phone(OKAFOR).file;
    assert!(matches!(file.merge(&run, &who), Merge::Merged(new) if new.len() == 3));
    assert_eq!(file.merge(&run, &who), Merge::Known);
}

#[test]
fn a_run_that_begins_with_what_is_known_is_fine() {
    let (mut visit, run, who) = run_of_brandt();
    let file = &mut visit.phone(OKAFOR).file;
    let first = split(run.clone()).remove(0);
    assert!(matches!(file.merge(&first, &who), Merge::Merged(new) if new.len() == 1));
    assert!(matches!(file.merge(&run, &who), Merge::Merged(new) if new.len() == 2));
}

#[test]
fn a_run_with_unknown_dependencies_waits_and_says_what_for() {
    let (mut visit, run, who) = run_of_brandt();
    let file = &mut visit.phone(OKAFOR).file;
    let mut parts = split(run);
    let last = parts.remove(2);
    assert_eq!(
        file.merge(&last, &who),
        Merge::Waiting {
            missing: vec![parts[1].last]
        }
    );
    let mut empty = CaseFile::new(file.case());
    assert!(matches!(
        empty.merge(&parts[0], &who),
        Merge::Waiting { .. }
    ));
}

#[test]
fn a_run_of_another_case_is_held() {
    check(
        |run, _| run.case = CaseId::derive(START_MS, [9; 10]),
        &held(HeldReason::OtherCase),
    );
}

#[test]
fn the_beginning_of_another_case_is_held() {
    let (mut visit, _, _) = run_of_brandt();
    let other = CaseId::derive(START_MS, [9; 10]);
    let new = NewCase {
        case: other,
        title: "Elsewhere".to_owned(),
        minor: None,
    };
    let (_, change) = CaseFile::create(&new, &writer(BRANDT), visit.fate.now()).unwrap();
    let mut run = change.into_run();
    run.case = visit.phone(OKAFOR).file.case();
    let mut fresh = CaseFile::new(run.case);
    assert_eq!(
        fresh.merge(&run, &writer(BRANDT).who),
        held(HeldReason::OtherCase)
    );
}

#[test]
fn a_second_beginning_is_held() {
    let (mut visit, _, _) = run_of_brandt();
    let new = NewCase {
        case: visit.phone(OKAFOR).file.case(),
        title: "Again".to_owned(),
        minor: None,
    };
    let (_, change) = CaseFile::create(&new, &writer(BRANDT), visit.fate.now()).unwrap();
    let merged = visit
        .phone(OKAFOR)
        .file
        .merge(&change.into_run(), &writer(BRANDT).who);
    assert_eq!(merged, held(HeldReason::SecondBeginning));
}

#[test]
fn a_device_can_not_write_an_hq_half_nor_headquarters_a_field_half() {
    check(|run, _| run.half = Half::Hq, &held(HeldReason::ForeignHalf));
    check(
        |_, who| who.device = DeviceId::HQ,
        &held(HeldReason::ForeignHalf),
    );
    let (mut visit, _, _) = run_of_brandt();
    let id = visit.fate.record();
    visit.write(STERN, &Edit::Opened { id });
    let run = visit
        .phone(STERN)
        .file
        .runs_since(Half::Hq, &BTreeMap::new())
        .remove(0);
    let file = &mut visit.phone(OKAFOR).file;
    assert_eq!(
        file.merge(&run, &writer(BRANDT).who),
        held(HeldReason::ForeignHalf)
    );
    assert!(matches!(
        file.merge(&run, &writer(STERN).who),
        Merge::Merged(_)
    ));
}

#[test]
fn a_field_change_sent_as_headquarters_own_is_held() {
    let (mut visit, mut run, _) = run_of_brandt();
    run.half = Half::Hq;
    let merged = visit.phone(OKAFOR).file.merge(&run, &writer(STERN).who);
    assert!(
        matches!(merged, Merge::Waiting { .. } | Merge::Held(_)),
        "{merged:?}"
    );
}

#[test]
fn an_actor_stays_with_its_device_and_person() {
    let (mut visit, run, who) = run_of_brandt();
    let file = &mut visit.phone(OKAFOR).file;
    let mut parts = split(run);
    assert!(matches!(
        file.merge(&parts.remove(0), &who),
        Merge::Merged(_)
    ));
    let other_person = Attribution {
        person: PersonId::new([9; 16]),
        ..who
    };
    let other_device = Attribution {
        device: DeviceId::new([9; 16]),
        ..who
    };
    for stranger in [other_person, other_device] {
        assert_eq!(
            file.merge(&parts[0], &stranger),
            held(HeldReason::ActorTaken)
        );
    }
    let demoted = Attribution {
        roles: Roles::NONE,
        ..who
    };
    assert!(matches!(file.merge(&parts[0], &demoted), Merge::Merged(_)));
}

#[test]
fn the_roles_of_an_actor_only_ever_shrink() {
    let (mut visit, run, who) = run_of_brandt();
    let file = &mut visit.phone(OKAFOR).file;
    let mut parts = split(run);
    assert!(matches!(
        file.merge(&parts.remove(0), &who),
        Merge::Merged(_)
    ));
    let promoted = Attribution {
        roles: who.roles.with(Role::Psychiatrist),
        ..who
    };
    assert!(matches!(
        file.merge(&parts.remove(0), &promoted),
        Merge::Merged(_)
    ));
    let now = file
        .who()
        .into_iter()
        .find(|(_, actor, _)| *actor == writer(BRANDT).actor)
        .unwrap()
        .2;
    assert_eq!(now.roles, who.roles);
}

#[test]
fn what_was_not_announced_is_held() {
    let reason = held(HeldReason::NotAsAnnounced);
    check(|run, _| run.actor = Actor::new([9; 16]), &reason);
    check(|run, _| (run.first_seq, run.last_seq) = (2, 4), &reason);
    check(|run, _| run.last_seq += 1, &reason);
    check(|run, _| (run.first_seq, run.last_seq) = (0, 2), &reason);
    check(|run, _| (run.first_seq, run.last_seq) = (3, 1), &reason);
    check(
        |run, _| run.last = mooring_casefile::ChangeId::new([9; 32]),
        &reason,
    );
    check(|run, _| run.changes.swap(0, 1), &reason);
    check(|run, _| run.changes.clear(), &reason);
}

#[test]
fn a_fork_is_held_and_blocks_nobody_else() {
    let (mut visit, run, who) = run_of_brandt();
    let mut clone = visit.phone(OKAFOR).clone();
    clone.writer = writer(BRANDT);
    clone
        .write(&Edit::Title("Restored".to_owned()), &mut visit.fate)
        .unwrap();
    let forked = clone.file.runs_since(Half::Field, &BTreeMap::new());
    let forked = forked
        .into_iter()
        .find(|run| run.actor == writer(BRANDT).actor)
        .unwrap();
    let file = &mut visit.phone(OKAFOR).file;
    assert!(matches!(file.merge(&run, &who), Merge::Merged(_)));
    assert_eq!(file.merge(&forked, &who), held(HeldReason::Fork));
    assert_eq!(file.merge(&run, &who), Merge::Known);
}

#[track_caller]
fn check_bytes(alter: impl FnOnce(Vec<u8>) -> Vec<u8>, reason: HeldReason) {
    check(
        |run, _| *run = with_last(run, alter(run.changes.last().unwrap().clone())),
        &held(reason),
    );
}

#[test]
fn only_raw_whole_change_chunks_pass() {
    for kind in [0, 2, 3, 4] {
        check_bytes(
            |bytes| chunk(kind, &content(&bytes)),
            HeldReason::NotAChange,
        );
    }
    check_bytes(|_| Vec::new(), HeldReason::NotAChange);
    check_bytes(
        |bytes| bytes[..bytes.len() - 1].to_vec(),
        HeldReason::NotAChange,
    );
    check_bytes(|bytes| [bytes, vec![0]].concat(), HeldReason::NotAChange);
    check_bytes(
        |bytes| [&bytes[..4], &[0; 4], &bytes[8..]].concat(),
        HeldReason::NotAChange,
    );
    check_bytes(
        |bytes| chunk(1, &[content(&bytes), b"extra".to_vec()].concat()),
        HeldReason::NotAChange,
    );
    check_bytes(|_| chunk(1, &vec![0; 5 << 20]), HeldReason::Oversized);
}

#[test]
fn a_whole_saved_document_does_not_pass_as_a_change() {
    let saved = run_of_brandt().0.phones[0].file.save(Half::Field).bytes[1..].to_vec();
    check_bytes(|_| saved, HeldReason::NotAChange);
}

#[test]
fn too_many_changes_in_one_run_are_held() {
    check(
        |run, _| {
            run.changes = vec![run.changes[0].clone(); 5_000];
            run.last_seq = 5_000;
        },
        &held(HeldReason::Oversized),
    );
}

/// The run with its last change's text altered, as a later version of this software might have written it.
fn of_a_later_version(run: &Run, now: &str, later: &str) -> Run {
    let altered = content(run.changes.last().unwrap());
    let at = altered
        .windows(now.len())
        .position(|window| window == now.as_bytes())
        .unwrap();
    let altered = [&altered[..at], later.as_bytes(), &altered[at + now.len()..]].concat();
    with_last(run, chunk(1, &altered))
}

#[test]
fn a_value_of_a_later_version_is_kept_and_leaves_the_level_open() {
    let (mut visit, run, who) = run_of_brandt();
    let later = of_a_later_version(&run, "0b1", "2b1");
    let file = &mut visit.phone(OKAFOR).file;
    assert!(matches!(file.merge(&later, &who), Merge::Merged(_)));
    visit.answer(OKAFOR, "support", yes());
    let risk = visit.risk(OKAFOR);
    assert_eq!(risk.shown().words(), "Not yet known");
    let view = visit.phone(OKAFOR).file.clone().view(&visit.books);
    assert_eq!(view.unreadable, 1);
}

#[test]
fn what_no_version_writes_is_held() {
    let (mut visit, run, who) = run_of_brandt();
    for garbage in ["0b7", "\u{0}b1", "0 1"] {
        let garbage = of_a_later_version(&run, "0b1", garbage);
        assert_eq!(
            visit.phone(OKAFOR).file.merge(&garbage, &who),
            held(HeldReason::Layout)
        );
    }
}
