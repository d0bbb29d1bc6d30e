//! What is wrong is refused with a type, and what was right beside it is still taken.

use mooring_casefile::{Half, Role};
use mooring_exchange::{
    Chunk, Effect, Ended, Event, MarkState, PushRefusal, Refusal, Reply, Request, RunFault,
};
use mooring_hq::Outcome;
use mooring_identity::{Direction, Random, SigningKey};

use crate::phone::Phone;
use crate::world::{MINUTE_MS, Seeded, World, at};

fn envelope(phone: &mut Phone, time_ms: i64) -> mooring_identity::Envelope {
    let mut nonce = [0; 16];
    phone.random.fill(&mut nonce);
    mooring_identity::Envelope {
        direction: Direction::Request,
        agency: phone.enrolled.root.statement().agency(),
        device: phone.who.device.bytes(),
        nonce,
        time_ms,
        challenge: Vec::new(),
    }
}

fn reply(phone: &Phone, bytes: &[u8]) -> Reply {
    let open = mooring_identity::Envelope::parse(bytes).unwrap();
    let agency = phone.enrolled.root.statement().agency();
    let (_, body) = open
        .verify(Direction::Reply, agency, phone.enrolled.key_set.statement())
        .unwrap();
    Reply::parse(body).unwrap()
}

/// Sends a body in a good envelope, and reads the answer.
fn send(world: &World, phone: &mut Phone, body: &[u8]) -> (Reply, Outcome) {
    let bytes = envelope(phone, at(5).wall_ms).seal(body, &phone.key);
    let answered = world.hq.exchange(&bytes, at(5));
    (reply(phone, &answered.bytes), answered.outcome)
}

fn world() -> (World, Phone) {
    let world = World::new();
    let phone = world.phone("J. Okafor", Role::Responder, at(0));
    (world, phone)
}

#[track_caller]
fn check_refused((reply, outcome): (Reply, Outcome), refusal: Refusal) {
    assert_eq!(
        (reply, outcome),
        (Reply::Refused(refusal), Outcome::Refused)
    );
}

#[test]
fn nonsense_is_malformed() {
    let (world, _) = world();
    let answered = world.hq.exchange(b"nonsense", at(5));
    assert_eq!(answered.outcome, Outcome::Refused);
}

#[test]
fn a_good_envelope_around_nonsense_is_malformed() {
    let (world, mut phone) = world();
    check_refused(send(&world, &mut phone, &[0, 9, 9]), Refusal::Malformed);
}

#[test]
fn a_later_version_is_too_new() {
    let (world, mut phone) = world();
    check_refused(send(&world, &mut phone, &[200]), Refusal::TooNew);
}

#[test]
fn an_oversized_request_is_too_large() {
    let (world, _) = world();
    let answered = world.hq.exchange(&vec![0; 6 << 20], at(5));
    assert_eq!(answered.outcome, Outcome::Refused);
}

#[test]
fn a_replayed_envelope_is_refused_and_does_nothing_twice() {
    let (world, mut phone) = world();
    let bytes = envelope(&mut phone, at(5).wall_ms).seal(&Request::default().encode(), &phone.key);
    assert_eq!(world.hq.exchange(&bytes, at(5)).outcome, Outcome::Answered);
    let again = world.hq.exchange(&bytes, at(6));
    assert_eq!(
        reply(&phone, &again.bytes),
        Reply::Refused(Refusal::Replayed)
    );
}

#[test]
fn a_replay_is_refused_after_a_restart_too() {
    let (world, mut phone) = world();
    let bytes = envelope(&mut phone, at(5).wall_ms).seal(&Request::default().encode(), &phone.key);
    world.hq.exchange(&bytes, at(5));
    let world = world.restart(at(6));
    let again = world.hq.exchange(&bytes, at(6));
    assert_eq!(
        reply(&phone, &again.bytes),
        Reply::Refused(Refusal::Replayed)
    );
}

#[test]
fn an_unknown_phone_and_a_foreign_key_are_refused() {
    let (world, mut phone) = world();
    phone.key = SigningKey::make(&mut Seeded(99));
    check_refused(
        send(&world, &mut phone, &Request::default().encode()),
        Refusal::Forged,
    );
    phone.who.device = mooring_casefile::DeviceId::new([9; 16]);
    check_refused(
        send(&world, &mut phone, &Request::default().encode()),
        Refusal::UnknownDevice,
    );
}

#[test]
fn a_phone_whose_clock_is_wrong_gets_a_challenge_and_gets_through() {
    let (world, mut phone) = world();
    phone.new_case("M., 34", at(1));
    let push = phone.seal(at(1));
    let mut session = phone.start_session(push);
    let (hq_now, phone_now) = (at(5), at(600_000));
    let mut event = Event::Start;
    let summary = loop {
        let effects = phone.step(&mut session, event, phone_now);
        let mut next = None;
        let mut over = None;
        for effect in effects {
            match effect {
                Effect::Send(bytes) => {
                    next = Some(Event::Reply(world.hq.exchange(&bytes, hq_now).bytes));
                }
                Effect::Done(summary) => over = Some(summary),
                stored => phone.store(stored),
            }
        }
        if let Some(summary) = over {
            break summary;
        }
        event = next.unwrap_or(Event::Stored(None));
    };
    assert_eq!((summary.ended, summary.receipts), (Ended::Finished, 1));
}

fn chunk(bytes: &[u8], push_id: [u8; 32]) -> Vec<u8> {
    let total = u32::try_from(bytes.len()).unwrap();
    let chunk = Chunk {
        push_id,
        total,
        offset: 0,
        bytes: bytes.to_vec(),
    };
    Request {
        chunk: Some(chunk),
        ..Request::default()
    }
    .encode()
}

fn push_status(reply: Reply) -> mooring_exchange::PushStatus {
    match reply {
        Reply::Answer(answer) => answer.push,
        Reply::Refused(refusal) => panic!("{refusal:?}"),
    }
}

#[test]
fn a_malformed_push_is_refused_and_the_request_answered() {
    let (world, mut phone) = world();
    let bytes = b"no push at all".to_vec();
    let body = chunk(&bytes, mooring_identity::sha256(&bytes));
    let (reply, outcome) = send(&world, &mut phone, &body);
    assert_eq!(outcome, Outcome::Answered);
    assert!(matches!(
        push_status(reply),
        mooring_exchange::PushStatus::Refused(_)
    ));
}

#[test]
fn a_push_that_was_altered_on_its_way_is_refused() {
    let (world, mut phone) = world();
    phone.new_case("M., 34", at(1));
    let sealed = phone.seal(at(1)).unwrap();
    for position in [5, 40, sealed.bytes().len() - 3] {
        let mut bytes = sealed.bytes().to_vec();
        bytes[position] ^= 1;
        let body = chunk(&bytes, mooring_identity::sha256(&bytes));
        let (reply, _) = send(&world, &mut phone, &body);
        assert!(
            matches!(push_status(reply), mooring_exchange::PushStatus::Refused(_)),
            "byte {position}"
        );
    }
    let session = world.psychiatrist(at(5));
    assert!(world.hq.all_cases(&session, at(5)).unwrap().rows.is_empty());
}

#[test]
fn another_phones_push_is_refused() {
    let (world, mut phone) = world();
    let mut other = world.phone("L. Brandt", Role::Responder, at(0));
    phone.new_case("M., 34", at(1));
    let sealed = phone.seal(at(1)).unwrap();
    let body = chunk(sealed.bytes(), sealed.id());
    let (reply, _) = send(&world, &mut other, &body);
    assert!(matches!(
        push_status(reply),
        mooring_exchange::PushStatus::Refused(_)
    ));
}

#[test]
fn a_push_out_of_order_is_told_what_comes_next() {
    let (world, mut phone) = world();
    phone.new_case("M., 34", at(1));
    phone.dev_seq = 7;
    phone.exchange(&world.hq, at(2));
    assert_eq!(
        phone.refused,
        [PushRefusal::OutOfOrder {
            epoch: 0,
            next_seq: 1,
            prev: [0; 32]
        }]
    );
}

#[test]
fn a_foreign_half_is_refused_and_the_rest_of_the_push_is_taken() {
    let (world, mut phone) = world();
    let case = phone.new_case("M., 34", at(1));
    let mut forged = phone.unsent[0].clone();
    forged.half = Half::Hq;
    phone.unsent.push(forged);
    let summary = phone.exchange(&world.hq, at(2));
    assert_eq!((summary.receipts, summary.refused_runs), (1, 1));
    assert_eq!(phone.receipts[0].refused[0].fault, RunFault::ForeignHalf);
    let session = world.psychiatrist(at(3));
    let page = world.hq.case(&session, case, at(3)).unwrap();
    assert_eq!(page.file.marks(Half::Field).len(), 1);
    assert!(page.view.reviews.is_empty());
}

#[test]
fn a_poisoned_change_is_held_for_a_person_and_the_honest_ones_are_merged() {
    let (world, mut phone) = world();
    let case = phone.new_case("M., 34", at(1));
    let honest = phone.unsent.clone();
    let mut poisoned = honest[0].clone();
    poisoned.case = mooring_casefile::CaseId::derive(at(1).wall_ms, [7; 10]);
    phone.unsent = vec![poisoned.clone(), honest[0].clone()];
    let summary = phone.exchange(&world.hq, at(2));
    assert_eq!(summary.receipts, 1);
    let states: Vec<_> = phone
        .fates
        .iter()
        .map(|(key, mark)| (key.case == case, mark.state))
        .collect();
    assert!(states.contains(&(true, MarkState::Merged)), "{states:?}");
    assert!(
        states
            .iter()
            .any(|(honest, state)| !honest && matches!(state, MarkState::Held(_))),
        "{states:?}"
    );
    let session = world.psychiatrist(at(3));
    assert!(
        world
            .hq
            .queue(&session, at(3))
            .unwrap()
            .rows
            .iter()
            .any(|row| row.case == case)
    );
    let page = world.hq.look_case(&session, poisoned.case, at(3)).unwrap();
    assert_eq!(page.held.len(), 1);
    assert!(!page.held[0].words.is_empty());
}

#[test]
fn a_push_in_pieces_is_held_on_disk_and_goes_on_where_it_stopped() {
    let (world, mut phone) = world();
    let case = phone.new_case("M., 34", at(1));
    phone.interview(case, &["thoughts"], at(2));
    let sealed = phone.seal(at(2)).unwrap();
    let total = u32::try_from(sealed.bytes().len()).unwrap();
    let piece = |offset: u32, end: u32| {
        let bytes = sealed.bytes()[offset as usize..end as usize].to_vec();
        let chunk = Chunk {
            push_id: sealed.id(),
            total,
            offset,
            bytes,
        };
        Request {
            chunk: Some(chunk),
            ..Request::default()
        }
        .encode()
    };
    let held = |bytes| mooring_exchange::PushStatus::Held {
        push_id: sealed.id(),
        bytes,
    };
    assert_eq!(
        push_status(send(&world, &mut phone, &piece(0, 100)).0),
        held(100)
    );
    let world = world.restart(at(4));
    assert_eq!(
        push_status(send(&world, &mut phone, &piece(200, 300)).0),
        held(100),
        "a gap is not taken"
    );
    assert_eq!(
        push_status(send(&world, &mut phone, &piece(0, 100)).0),
        held(100),
        "a piece twice is one"
    );
    assert_eq!(
        push_status(send(&world, &mut phone, &piece(100, 250)).0),
        held(250)
    );
    let done = push_status(send(&world, &mut phone, &piece(250, total)).0);
    assert!(matches!(done, mooring_exchange::PushStatus::Receipted(_)));
    let again = push_status(send(&world, &mut phone, &piece(0, 100)).0);
    assert_eq!(
        again, done,
        "a piece of a push that is in the log gets its receipt"
    );
}

#[test]
fn an_envelope_older_than_the_window_is_skewed() {
    let (world, mut phone) = world();
    let bytes = envelope(&mut phone, at(5).wall_ms - 6 * MINUTE_MS)
        .seal(&Request::default().encode(), &phone.key);
    let answered = world.hq.exchange(&bytes, at(5));
    assert!(matches!(
        reply(&phone, &answered.bytes),
        Reply::Refused(Refusal::Skewed { .. })
    ));
}
