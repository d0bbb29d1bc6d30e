//! Whoever stands on the wire, or holds an enrolled phone in bad faith, gets nothing accepted and blocks nobody.

use mooring_casefile::{AssessmentId, CaseId, Half, Role, Run};
use mooring_exchange::{Effect, Event, MarkState};
use mooring_hq::Outcome;
use sha2::{Digest as _, Sha256};

use crate::phone::Phone;
use crate::world::{World, at};

fn first_request(phone: &mut Phone) -> (mooring_exchange::Session, Vec<u8>) {
    let push = phone.seal(at(1));
    let mut session = phone.start_session(push);
    let effects = phone.step(&mut session, Event::Start, at(2));
    let sent = effects.into_iter().find_map(|effect| match effect {
        Effect::Send(bytes) => Some(bytes),
        _ => None,
    });
    (session, sent.unwrap())
}

fn world() -> (World, Phone, CaseId) {
    let world = World::new();
    let mut phone = world.phone("J. Okafor", Role::Responder, at(0));
    let case = phone.new_case("M., 34", at(1));
    (world, phone, case)
}

/// The number of changes that HQ has of a case.
fn changes(world: &World, case: CaseId) -> u64 {
    let session = world.psychiatrist(at(9));
    let Ok(page) = world.hq.look_case(&session, case, at(9)) else {
        return 0;
    };
    let marks = page.file.marks(Half::Field);
    marks.into_values().map(|(seq, _)| seq).sum()
}

#[test]
fn a_request_with_any_byte_altered_is_refused_and_the_honest_one_is_taken() {
    let (world, mut phone, case) = world();
    let (_, request) = first_request(&mut phone);
    for index in 0..request.len() {
        let mut altered = request.clone();
        altered[index] ^= 1 << (index % 8);
        let answered = world.hq.exchange(&altered, at(2));
        assert_eq!(answered.outcome, Outcome::Refused, "byte {index}");
    }
    for version in 1..=u8::MAX {
        let mut altered = request.clone();
        altered[0] = version;
        assert_eq!(world.hq.exchange(&altered, at(2)).outcome, Outcome::Refused);
    }
    for length in (0..request.len()).step_by(7) {
        let cut = &request[..length];
        assert_eq!(world.hq.exchange(cut, at(2)).outcome, Outcome::Refused);
    }
    assert_eq!(changes(&world, case), 0);
    assert_eq!(
        world.hq.exchange(&request, at(2)).outcome,
        Outcome::Answered
    );
    assert_eq!(changes(&world, case), 1);
    assert_eq!(world.hq.exchange(&request, at(2)).outcome, Outcome::Refused);
}

#[test]
fn a_reply_with_any_byte_altered_is_not_believed() {
    let (world, mut phone, _) = world();
    let chance = phone.random.0;
    let push = phone.seal(at(1));
    let mut answered = None;
    let mut index = 0;
    loop {
        // The same chance again, so that each session waits for the answer to this very request.
        phone.random.0 = chance;
        let mut session = phone.start_session(push.clone());
        let effects = phone.step(&mut session, Event::Start, at(2));
        let reply = answered.get_or_insert_with(|| {
            let sent = effects.into_iter().find_map(|effect| match effect {
                Effect::Send(bytes) => Some(bytes),
                _ => None,
            });
            world.hq.exchange(&sent.unwrap(), at(2)).bytes
        });
        let mut altered = reply.clone();
        let Some(byte) = altered.get_mut(index) else {
            let stored = phone.step(&mut session, Event::Reply(reply.clone()), at(2));
            let receipt = |effect: &Effect| matches!(effect, Effect::StoreReceipt(_));
            assert!(stored.iter().any(receipt), "the honest reply is believed");
            break;
        };
        *byte ^= 1 << (index % 8);
        let effects = phone.step(&mut session, Event::Reply(altered), at(2));
        let nothing = effects
            .iter()
            .all(|effect| matches!(effect, Effect::Done(_)));
        assert!(nothing, "byte {index}");
        index += 1;
    }
    assert!(index > 500);
}

/// The change with one byte of its content altered, and the checksum that belongs to that.
fn altered(change: &[u8], index: usize) -> Vec<u8> {
    let mut change = change.to_vec();
    let at = 12 + index % (change.len() - 12);
    change[at] ^= 1 << (index % 8);
    let checksum = Sha256::digest(&change[8..]);
    change[4..8].copy_from_slice(&checksum[..4]);
    change
}

/// What a phone in bad faith sends in place of an honest run.
fn poisoned(honest: &Run, other: CaseId, number: usize) -> Run {
    let mut run = honest.clone();
    match number % 4 {
        0 => run.case = other,
        1 => run.half = Half::Hq,
        _ => {
            let change = altered(run.changes.last().unwrap(), number);
            run.last = mooring_casefile::ChangeId::new(Sha256::digest(&change[8..]).into());
            *run.changes.last_mut().unwrap() = change;
        }
    }
    run
}

fn answer(phone: &mut Phone, case: CaseId, assessment: AssessmentId, number: usize) {
    let value = serde_json::json!({ "valueString": format!("{number}") });
    phone.answer_with(case, assessment, "own-words", &value, at(3));
}

#[test]
fn beside_poison_every_honest_change_is_accepted() {
    let world = World::new();
    let mut honest = [
        world.phone("J. Okafor", Role::Responder, at(0)),
        world.phone("L. Brandt", Role::Clinician, at(0)),
    ];
    let mut bad = world.phone("X. Roy", Role::Responder, at(0));
    let case = honest[0].new_case("M., 34", at(1));
    let elsewhere = honest[1].new_case("K., 50", at(1));
    let assessment = honest[0].start(case, crate::world::INTERVIEW, at(1));
    for _ in 0..2 {
        for phone in &mut honest {
            phone.exchange(&world.hq, at(2));
        }
    }
    bad.exchange(&world.hq, at(2));
    let (mut sent, mut poison) = (0, 0);
    for number in 0..60 {
        for phone in &mut honest {
            answer(phone, case, assessment, number);
            sent += 1;
        }
        answer(&mut bad, case, assessment, 1_000 + number);
        let run = bad.unsent.pop().unwrap();
        bad.unsent = vec![poisoned(&run, elsewhere, number)];
        poison += 1;
        bad.exchange(&world.hq, at(3));
        for phone in &mut honest {
            phone.exchange(&world.hq, at(3));
        }
    }
    for phone in &mut honest {
        phone.exchange(&world.hq, at(4));
        let merged = phone.fates.values();
        assert!(merged.clone().all(|mark| mark.state == MarkState::Merged));
    }
    let session = world.psychiatrist(at(9));
    let marks = world.hq.look_case(&session, case, at(9)).unwrap();
    let marks = marks.file.marks(Half::Field);
    let accepted: u64 = honest.iter().map(|phone| marks[&phone.actor].0).sum();
    // Beside the answers: the case, and the interview.
    assert_eq!((accepted, poison), (sent + 2, 60));
    assert_eq!(world.hq.rebuild(), Ok(vec![]));
}
