//! Nobody opens a case in time: the ladder runs, each rung once.

use mooring_casefile::Role;
use mooring_hq::Summons;

use crate::world::{World, at};

/// An imminent case must be opened within this many minutes.
fn deadline() -> i64 {
    i64::from(mooring_protocol::pack::deadlines().imminent)
}

fn imminent() -> (World, mooring_casefile::CaseId, crate::phone::Phone) {
    let world = World::new();
    let mut phone = world.phone("J. Okafor", Role::Responder, at(0));
    let case = phone.new_case("J., about 25", at(0));
    phone.interview(case, &["act-now"], at(0));
    phone.exchange(&world.hq, at(0));
    (world, case, phone)
}

const NOBODY: [u32; 0] = [];

fn rungs(summons: &[Summons]) -> Vec<u32> {
    summons.iter().map(Summons::rung).collect()
}

#[test]
fn each_rung_runs_once_when_it_is_due() {
    let (world, case, _) = imminent();
    assert_eq!(rungs(&world.hq.tick(at(deadline() - 1)).unwrap()), NOBODY);
    let summons = world.hq.tick(at(deadline())).unwrap();
    assert_eq!(rungs(&summons), [0]);
    assert_eq!(
        (summons[0].case(), summons[0].command.as_slice()),
        (case, ["first".to_owned(), "rung".into()].as_slice())
    );
    assert_eq!(rungs(&world.hq.tick(at(deadline())).unwrap()), NOBODY);
    assert_eq!(rungs(&world.hq.tick(at(2 * deadline())).unwrap()), [1]);
    assert_eq!(rungs(&world.hq.tick(at(9 * deadline())).unwrap()), NOBODY);
}

#[test]
fn a_command_is_told_ids_and_a_level_and_nothing_that_was_said() {
    let (world, case, _) = imminent();
    let summons = world.hq.tick(at(deadline())).unwrap();
    let told: Vec<_> = summons[0]
        .environment
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let since = at(0).wall_ms.to_string();
    let case = case.to_string();
    let expected = [
        ("MOORING_CASE", case.as_str()),
        ("MOORING_LEVEL", "imminent"),
        ("MOORING_RUNG", "0"),
        ("MOORING_WAITING_SINCE_MS", since.as_str()),
    ];
    assert_eq!(told, expected);
}

#[test]
fn a_case_that_was_opened_in_time_summons_nobody() {
    let (world, case, _) = imminent();
    let session = world.psychiatrist(at(1));
    world.hq.case(&session, case, at(1)).unwrap();
    assert_eq!(rungs(&world.hq.tick(at(9 * deadline())).unwrap()), NOBODY);
}

#[test]
fn a_level_that_rises_after_the_opening_waits_to_be_opened_again() {
    let world = World::new();
    let mut phone = world.phone("J. Okafor", Role::Responder, at(0));
    let case = phone.new_case("M., 34", at(0));
    phone.interview(case, &["thoughts"], at(0));
    phone.exchange(&world.hq, at(0));
    let session = world.psychiatrist(at(1));
    world.hq.case(&session, case, at(1)).unwrap();
    phone.interview(case, &["act-now"], at(3));
    phone.exchange(&world.hq, at(3));
    assert_eq!(
        rungs(&world.hq.tick(at(3 + deadline() - 1)).unwrap()),
        NOBODY
    );
    assert_eq!(rungs(&world.hq.tick(at(3 + deadline())).unwrap()), [0]);
    world.hq.case(&session, case, at(4 + deadline())).unwrap();
    assert_eq!(rungs(&world.hq.tick(at(9 * deadline())).unwrap()), NOBODY);
}

#[test]
fn a_restart_does_not_repeat_what_ended_and_repeats_what_was_cut_off() {
    let (world, _, _) = imminent();
    let summons = world.hq.tick(at(deadline())).unwrap();
    world
        .hq
        .summons_ended(&summons[0], mooring_hq::ledger::AlertOutcome::Failed)
        .unwrap();
    let world = world.restart(at(deadline() + 1));
    assert_eq!(rungs(&world.hq.tick(at(deadline() + 1)).unwrap()), NOBODY);
    assert_eq!(rungs(&world.hq.tick(at(2 * deadline())).unwrap()), [1]);
    let world = world.restart(at(2 * deadline() + 1));
    assert_eq!(
        rungs(&world.hq.tick(at(2 * deadline() + 1)).unwrap()),
        [1],
        "it never ended: better twice than never"
    );
    assert_eq!(
        rungs(&world.hq.tick(at(2 * deadline() + 2)).unwrap()),
        NOBODY
    );
}

#[test]
fn a_row_says_by_when_it_must_be_opened_and_who_opened_it() {
    let (world, case, _) = imminent();
    let session = world.psychiatrist(at(1));
    let row = |now| world.hq.queue(&session, now).unwrap().rows.remove(0);
    let waiting = row(at(deadline() + 1)).deadline.unwrap();
    assert_eq!(
        (waiting.due_ms, waiting.overdue, waiting.rungs_run),
        (at(deadline()).wall_ms, true, 0)
    );
    world.hq.tick(at(deadline() + 1)).unwrap();
    assert_eq!(row(at(deadline() + 1)).deadline.unwrap().rungs_run, 1);
    world.hq.case(&session, case, at(deadline() + 2)).unwrap();
    let opened = row(at(deadline() + 3));
    assert_eq!(opened.deadline, None);
    assert_eq!(
        opened.opened.map(|opening| opening.person),
        Some(session.staff)
    );
}
