//! Any history on several replicas, with runs lost, doubled and in any order: they converge, no value is dropped that may
//! not be, and nothing lowers without what SAFETY.md asks for.

use std::collections::{BTreeMap, BTreeSet};

use mooring_casefile::{ChangeId, Edit, EditError, Half, Merge, ValueStanding};
use mooring_protocol::{Answer, Level, Person, Sheet};
use proptest::prelude::*;

use crate::world::{
    BRANDT, Books, ITO, LINKS, OKAFOR, Phone, STERN, Visit, meet, no, path, split, who_wrote, yes,
};

const PEOPLE: [u8; 4] = [OKAFOR, BRANDT, ITO, STERN];

#[derive(Debug, Clone)]
enum Act {
    Answer {
        by: usize,
        link: usize,
        answer: usize,
    },
    Retract {
        by: usize,
        link: usize,
    },
    Settle {
        by: usize,
        link: usize,
        choice: usize,
    },
    LetGo {
        by: usize,
        link: usize,
    },
    Send {
        from: usize,
        to: usize,
        lost: u64,
        turn: usize,
    },
}

fn act() -> impl Strategy<Value = Act> {
    let person = 0..PEOPLE.len();
    let field = 0..3_usize;
    let link = 0..LINKS.len();
    prop_oneof![
        6 => (field.clone(), link.clone(), 0..5_usize).prop_map(|(by, link, answer)| Act::Answer { by, link, answer }),
        1 => (field.clone(), link.clone()).prop_map(|(by, link)| Act::Retract { by, link }),
        2 => (person.clone(), link.clone(), 0..4_usize).prop_map(|(by, link, choice)| Act::Settle { by, link, choice }),
        1 => (field, link).prop_map(|(by, link)| Act::LetGo { by, link }),
        5 => (person.clone(), person, any::<u64>(), 0..9_usize)
            .prop_map(|(from, to, lost, turn)| Act::Send { from, to, lost, turn }),
    ]
}

/// What the test itself knows of a written value: what stood when it was written, and whether that was contested.
struct Written {
    link: &'static str,
    saw: BTreeSet<ChangeId>,
    contested: bool,
}

#[derive(Default)]
struct Ledger {
    written: BTreeMap<ChangeId, Written>,
    /// Values named by any settlement.
    named: BTreeSet<ChangeId>,
    /// Changes that may lower: settlements by a role, confirmations.
    may_lower: BTreeSet<ChangeId>,
}

fn level(phone: &Phone, books: &Books) -> Level {
    phone.file.risk(books).level
}

fn known(phone: &Phone) -> BTreeSet<ChangeId> {
    let runs = Half::BOTH.map(|half| phone.file.runs_since(half, &BTreeMap::new()));
    runs.into_iter()
        .flatten()
        .flat_map(split)
        .map(|run| run.last)
        .collect()
}

fn do_act(visit: &mut Visit, ledger: &mut Ledger, act: &Act) -> Result<(), TestCaseError> {
    match act {
        Act::Answer { by, link, answer } => {
            let answer = [
                yes(),
                no(),
                Answer::Declined,
                Answer::Unsure,
                Answer::NotNow,
            ][*answer]
                .clone();
            let edit = Edit::Answer {
                assessment: visit.assessment,
                answers: vec![(path(LINKS[*link]), answer)],
                told: None,
            };
            write_value(visit, ledger, PEOPLE[*by], LINKS[*link], &edit)
        }
        Act::Retract { by, link } => {
            let edit = Edit::Retract {
                assessment: visit.assessment,
                path: path(LINKS[*link]),
                reason: "r".to_owned(),
            };
            write_value(visit, ledger, PEOPLE[*by], LINKS[*link], &edit)
        }
        Act::Settle { by, link, choice } => {
            settle(visit, ledger, PEOPLE[*by], LINKS[*link], *choice)
        }
        Act::LetGo { by, link } => {
            let item = visit.item(PEOPLE[*by], LINKS[*link]);
            let held = item
                .earlier
                .iter()
                .filter(|value| value.standing == ValueStanding::Held);
            let held: Vec<_> = held.map(|value| value.id).collect();
            let confirm = visit.confirm(LINKS[*link], &held);
            if let Ok(id) = visit.try_write(PEOPLE[*by], &confirm) {
                ledger.may_lower.insert(id);
            }
            Ok(())
        }
        Act::Send {
            from,
            to,
            lost,
            turn,
        } if from != to => send(visit, ledger, (*from, *to), *lost, *turn),
        Act::Send { .. } => Ok(()),
    }
}

fn write_value(
    visit: &mut Visit,
    ledger: &mut Ledger,
    by: u8,
    link: &'static str,
    edit: &Edit,
) -> Result<(), TestCaseError> {
    let item = visit.item(by, link);
    let before = level(visit.phone(by), &Books::new());
    match visit.try_write(by, edit) {
        Ok(id) => {
            let saw = item.values.iter().map(|value| value.id).collect();
            ledger.written.insert(
                id,
                Written {
                    link,
                    saw,
                    contested: item.contested,
                },
            );
        }
        Err(EditError::NothingNew | EditError::NotFound) => {}
        Err(other) => return Err(TestCaseError::fail(other.to_string())),
    }
    // An edit alone never lowers.
    prop_assert!(level(visit.phone(by), &Books::new()) >= before);
    Ok(())
}

fn settle(
    visit: &mut Visit,
    ledger: &mut Ledger,
    by: u8,
    link: &str,
    choice: usize,
) -> Result<(), TestCaseError> {
    let item = visit.item(by, link);
    let seen = item.to_settle();
    if seen.len() < 2 {
        return Ok(());
    }
    let Edit::Settle {
        id,
        place,
        seen,
        choice,
        reason,
        ..
    } = visit.settle(link, &seen, seen[choice % seen.len()])
    else {
        return Ok(());
    };
    let edit = Edit::Settle {
        id,
        place,
        seen: seen.clone(),
        choice,
        replaces: item.contradicting(),
        reason,
    };
    let before = level(visit.phone(by), &Books::new());
    let Ok(id) = visit.try_write(by, &edit) else {
        return Ok(());
    };
    ledger.named.extend(seen);
    if by == STERN || by == ITO {
        ledger.may_lower.insert(id);
    } else {
        // An author alone never lowers.
        prop_assert!(level(visit.phone(by), &Books::new()) >= before);
    }
    Ok(())
}

fn send(
    visit: &mut Visit,
    ledger: &Ledger,
    (from, to): (usize, usize),
    lost: u64,
    turn: usize,
) -> Result<(), TestCaseError> {
    let sender = visit.phones[from].clone();
    let receiver = &mut visit.phones[to];
    let before = (level(receiver, &visit.books), known(receiver));
    let runs = Half::BOTH.map(|half| sender.file.runs_since(half, &BTreeMap::new()));
    let mut parts: Vec<_> = runs.into_iter().flatten().flat_map(split).collect();
    let turn = turn % parts.len().max(1);
    parts.rotate_left(turn);
    let kept = parts
        .iter()
        .enumerate()
        .filter(|(n, _)| lost >> (n % 64) & 1 == 0)
        .map(|(_, run)| run);
    // Some come twice.
    for run in kept.clone().chain(kept.step_by(3)) {
        let merged = receiver.file.merge(run, &who_wrote(&sender.file, run));
        prop_assert!(!matches!(merged, Merge::Held(_)), "{merged:?}");
    }
    let new: BTreeSet<_> = known(receiver).difference(&before.1).copied().collect();
    if new.is_disjoint(&ledger.may_lower) {
        prop_assert!(
            level(receiver, &visit.books) >= before.0,
            "a merge lowered in silence"
        );
    }
    check_no_value_dropped(visit, ledger, to)
}

/// Each value that a replica knows stands, or was replaced by a change that saw it standing alone, or a settlement names
/// it.
fn check_no_value_dropped(
    visit: &mut Visit,
    ledger: &Ledger,
    on: usize,
) -> Result<(), TestCaseError> {
    let all = known(&visit.phones[on]);
    for link in LINKS {
        let item = visit.item(PEOPLE[on], link);
        let standing: BTreeSet<_> = item.values.iter().map(|value| value.id).collect();
        let written =
            |(id, written): &(&ChangeId, &Written)| written.link == link && all.contains(id);
        for (id, _) in ledger.written.iter().filter(written) {
            let replaced = ledger
                .written
                .iter()
                .filter(written)
                .any(|(_, by)| by.saw.contains(id) && !by.contested);
            prop_assert!(
                standing.contains(id) || replaced || ledger.named.contains(id),
                "a value was dropped"
            );
            let shown = item
                .values
                .iter()
                .chain(&item.earlier)
                .any(|value| value.id == *id);
            prop_assert!(shown, "a value can't be found");
        }
    }
    Ok(())
}

/// The level by trying every combination of the values that govern, one at a time.
fn by_hand(visit: &mut Visit, person: u8) -> Level {
    let mut sheets = vec![Sheet::new()];
    for link in LINKS {
        let item = visit.item(person, link);
        let held = item
            .earlier
            .iter()
            .filter(|value| value.standing == ValueStanding::Held);
        let answers: BTreeSet<_> = item
            .values
            .iter()
            .chain(held)
            .filter_map(|value| value.answer.clone())
            .collect();
        if answers.is_empty() {
            continue;
        }
        let with = |sheet: &Sheet, answer: &Answer| {
            let mut sheet = sheet.clone();
            sheet.set(path(link), answer.clone());
            sheet
        };
        sheets = sheets
            .iter()
            .flat_map(|sheet| answers.iter().map(|answer| with(sheet, answer)))
            .collect();
    }
    let talk = mooring_casefile::Shelf::protocol(&visit.books, &visit.books.talk())
        .unwrap()
        .clone();
    let levels = sheets
        .iter()
        .flat_map(|sheet| talk.triage(sheet, Person { minor: None }).domains);
    levels
        .map(|one| one.level)
        .max()
        .unwrap_or(Level::NothingEndorsed)
}

#[test]
fn two_records_under_one_id_both_stay_and_replicas_agree() {
    let mut visit = Visit::of(&PEOPLE);
    let high = visit.answer(OKAFOR, "attempt", yes());
    let low = visit.answer(BRANDT, "attempt", no());
    meet(&mut visit.phones);
    // Somebody's phone takes an id that another phone is just using.
    let one = visit.settle("attempt", &[high, low], high);
    visit.write(BRANDT, &one);
    let Edit::Settle {
        id,
        place,
        seen,
        replaces,
        reason,
        ..
    } = one
    else {
        unreachable!()
    };
    visit.write(
        OKAFOR,
        &Edit::Settle {
            id,
            place,
            seen,
            choice: low,
            replaces,
            reason,
        },
    );
    meet(&mut visit.phones);
    let views: Vec<_> = visit
        .phones
        .iter()
        .map(|phone| phone.file.view(&visit.books))
        .collect();
    let of = |view: &mooring_casefile::CaseView| {
        view.assessments[0]
            .items
            .iter()
            .map(|item| item.settlements.len())
            .sum::<usize>()
    };
    assert!(views.iter().all(|view| *view == views[0] && of(view) == 2));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: if std::env::var_os("MOORING_SLOW").is_some() { 300 } else { 40 },
        failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn replicas_converge_and_nothing_is_lost_or_lowered(acts in prop::collection::vec(act(), 1..40)) {
        let mut visit = Visit::of(&PEOPLE);
        let mut ledger = Ledger::default();
        for act in &acts {
            do_act(&mut visit, &mut ledger, act)?;
        }
        meet(&mut visit.phones);
        let first = visit.phones[0].file.view(&visit.books);
        for phone in &visit.phones {
            prop_assert!(phone.file.view(&visit.books) == first, "replicas differ");
            prop_assert!(phone.file.canonical_text(&visit.books) == visit.phones[0].file.canonical_text(&visit.books));
        }
        check_no_value_dropped(&mut visit, &ledger, 0)?;
        let by_hand = by_hand(&mut visit, OKAFOR);
        // An answer that a gate closed behind its author's back counts beyond what every combination gives.
        let closed = first.risk.held.is_some_and(|held| held.values.iter().any(|value| value.place == visit.place("plan")));
        prop_assert!(by_hand == first.risk.level || (closed && by_hand < first.risk.level));
    }
}
