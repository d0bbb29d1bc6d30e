//! Two ends, connected by bytes: everything arrives once, whatever is cut, doubled or lost on the way.
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "the helpers of a test stop it where they fail"
)]

mod common;

use std::sync::LazyLock;

use common::hq::Ledger;
use common::phone::Vault;
use common::{PHONE, Seeded, heavy_run, visit};
use mooring_casefile::{Actor, DeviceId, Half, Run};
use mooring_exchange::*;

const OTHER: DeviceId = DeviceId::new([2; 16]);

fn ends() -> (Vault, Ledger) {
    (Vault::of(PHONE, 1), Ledger::with(&[(PHONE, 1), (OTHER, 2)]))
}

/// A phone with two pushes to send, the first in three chunks, and HQ with two pages for it, the first in two chunks.
fn busy() -> (Vault, Ledger) {
    static BUSY: LazyLock<(Vault, Ledger)> = LazyLock::new(|| {
        let (mut phone, mut hq) = ends();
        phone.unsent = vec![
            visit(1, 5),
            heavy_run(11, 3, 720_000),
            visit(5, 1),
            visit(2, 5),
        ];
        phone.runs_a_push = 2;
        phone.prepare().unwrap();
        hq.add(OTHER, visit(3, 5));
        hq.add(OTHER, heavy_run(21, 1, 1_100_000));
        hq.add(OTHER, visit(6, 2));
        hq.add(OTHER, visit(4, 5));
        (phone, hq)
    });
    BUSY.clone()
}

fn finish(phone: &mut Vault, hq: &mut Ledger) -> Summary {
    let summary = phone
        .exchange(|request| Some(hq.serve(request).unwrap()))
        .unwrap();
    assert_eq!(summary.ended, Ended::Finished);
    summary
}

/// After a last exchange without trouble: HQ has each run of the phone's once, the phone each of HQ's once, and receipts for all.
#[track_caller]
fn converges(mut phone: Vault, mut hq: Ledger) {
    let (fresh, Ledger { rows: theirs, .. }) = busy();
    let ours = [fresh.in_push, fresh.unsent].concat();
    (phone.fuel, hq.fuel) = (None, None);
    finish(&mut phone, &mut hq);
    let mut arrived: Vec<Run> = hq
        .rows
        .iter()
        .filter(|row| row.1.device == PHONE)
        .map(|row| row.2.clone())
        .collect();
    arrived.sort_by_key(RunKey::of);
    let mut sent = ours.clone();
    sent.sort_by_key(RunKey::of);
    assert!(arrived == sent, "HQ holds each run of the phone's once");
    assert_eq!(
        phone.pulled.len(),
        theirs.len(),
        "nothing is missing on the phone"
    );
    assert!(
        phone.pulled.values().all(|times| *times == 1),
        "no page was stored twice"
    );
    assert!(phone.unsent.is_empty() && phone.push.is_none());
    for run in ours {
        assert_eq!(
            phone.marks[&RunKey::of(&run)].last,
            run.last,
            "each run has its receipt"
        );
    }
    assert_eq!(phone.dev_seq, hq.peers[&PHONE].last_seq);
}

#[test]
fn one_exchange_brings_everything_both_ways() {
    let (mut phone, mut hq) = busy();
    let summary = finish(&mut phone, &mut hq);
    assert_eq!(
        (summary.receipts, summary.entries, summary.refused_runs),
        (2, 4, 0)
    );
    assert_eq!(hq.log, Vec::<&str>::new());
    converges(phone, hq);
}

#[test]
fn a_small_exchange_is_one_round_trip() {
    let (mut phone, mut hq) = ends();
    phone.unsent = vec![visit(1, 5)];
    hq.add(OTHER, visit(2, 5));
    let summary = finish(&mut phone, &mut hq);
    assert_eq!(
        (summary.requests, summary.receipts, summary.entries),
        (1, 1, 1)
    );
    assert_eq!(
        phone.marks.values().next().unwrap().state,
        MarkState::Merged,
        "the fate of what arrived comes at once"
    );
}

/// Runs one exchange whose link breaks after so many bytes, in either direction; what was under way arrives in part or not at all.
fn cut_after(bytes: usize, delivers_parts: bool) -> (Vault, Ledger) {
    let (mut phone, mut hq) = busy();
    let mut left = bytes;
    let mut pass = move |message: &[u8]| -> Result<Vec<u8>, Vec<u8>> {
        if message.len() <= left {
            left -= message.len();
            return Ok(message.to_vec());
        }
        let part = message[..left].to_vec();
        left = 0;
        Err(part)
    };
    let link = |request: &[u8]| match pass(request) {
        Ok(request) => {
            let reply = hq.serve(&request).unwrap();
            match pass(&reply) {
                Ok(reply) => Some(reply),
                Err(part) => delivers_parts.then_some(part),
            }
        }
        Err(part) => {
            if delivers_parts {
                hq.serve(&part).unwrap();
            }
            None
        }
    };
    let summary = phone.exchange(link).unwrap();
    assert_ne!(summary.ended, Ended::Stuck);
    (phone, hq)
}

/// How many bytes each message has, in order: requests and replies.
fn messages() -> Vec<usize> {
    let (mut phone, mut hq) = busy();
    let mut sizes = Vec::new();
    let link = |request: &[u8]| {
        let reply = hq.serve(request).unwrap();
        sizes.extend([request.len(), reply.len()]);
        Some(reply)
    };
    phone.exchange(link).unwrap();
    sizes
}

#[test]
fn cut_at_every_chunk_boundary_it_converges_with_nothing_lost_or_doubled() {
    let sizes = messages();
    assert!(sizes.len() >= 8, "several chunks each way");
    let mut at = 0;
    for size in sizes {
        for cut in [at, at + 1, at + size - 1] {
            let (phone, hq) = cut_after(cut, true);
            converges(phone, hq);
        }
        at += size;
    }
}

#[test]
fn cut_at_200_random_bytes_it_converges_with_nothing_lost_or_doubled() {
    let total: usize = messages().iter().sum();
    let mut random = Seeded(4711);
    for number in 0..200 {
        let cut = usize::try_from(random.number(total as u64)).unwrap();
        let (phone, hq) = cut_after(cut, number % 2 == 0);
        converges(phone, hq);
    }
}

#[test]
fn a_phone_killed_before_any_store_converges() {
    for fuel in 0..16 {
        let (mut phone, mut hq) = busy();
        phone.fuel = Some(fuel);
        let _ = phone.exchange(|request| Some(hq.serve(request).unwrap()));
        converges(phone, hq);
    }
}

#[test]
fn an_hq_killed_before_any_store_converges() {
    for fuel in 0..16 {
        let (mut phone, mut hq) = busy();
        hq.fuel = Some(fuel);
        let _ = phone.exchange(|request| hq.serve(request).ok());
        converges(phone, hq);
    }
}

#[test]
fn parts_that_were_kept_are_not_fetched_again() {
    let resumed = |keeps_parts| {
        let (mut phone, mut hq) = busy();
        phone.keeps_parts = keeps_parts;
        let mut replies = 0;
        let _ = phone.exchange(|request| {
            replies += 1;
            (replies < 2).then(|| hq.serve(request).unwrap())
        });
        let received = finish(&mut phone, &mut hq).received;
        converges(phone, hq);
        received
    };
    assert!(resumed(true) + 1_000_000 < resumed(false));
}

#[test]
fn a_push_that_hq_holds_in_part_goes_on_from_there() {
    let (mut phone, mut hq) = busy();
    let mut sent = 0;
    let _ = phone.exchange(|request| {
        sent += 1;
        (sent < 3).then(|| hq.serve(request).unwrap())
    });
    let held = hq.chunks[&PHONE].1.len();
    assert_eq!(held, 2 * LARGEST_CHUNK);
    let again = finish(&mut phone, &mut hq).sent;
    assert!(again < busy_bytes() - 1_000_000, "{again}");
    converges(phone, hq);
}

fn busy_bytes() -> u64 {
    let (mut phone, mut hq) = busy();
    finish(&mut phone, &mut hq).sent
}

#[test]
fn a_link_that_delivers_every_request_twice_doubles_nothing() {
    let (mut phone, mut hq) = busy();
    let link = |request: &[u8]| {
        let first = hq.serve(request).unwrap();
        hq.serve(request).unwrap();
        Some(first)
    };
    assert_eq!(phone.exchange(link).unwrap().ended, Ended::Finished);
    assert!(hq.log.iter().all(|code| *code == "request.replayed") && !hq.log.is_empty());
    converges(phone, hq);
}

#[test]
fn a_phone_that_gets_the_second_answer_first_sends_again_in_a_new_envelope() {
    let (mut phone, mut hq) = busy();
    let mut number = 0;
    let link = |request: &[u8]| {
        number += 1;
        if number == 2 {
            hq.serve(request).unwrap();
        }
        Some(hq.serve(request).unwrap())
    };
    assert_eq!(phone.exchange(link).unwrap().ended, Ended::Finished);
    converges(phone, hq);
}

#[test]
fn the_same_push_in_a_new_envelope_gets_its_receipt_again() {
    let (mut phone, mut hq) = ends();
    phone.unsent = vec![visit(1, 5)];
    phone.prepare().unwrap();
    let before = phone.clone();
    finish(&mut phone, &mut hq);
    let mut again = Vault {
        chance: 999_999,
        ..before
    };
    finish(&mut again, &mut hq);
    assert_eq!(phone.receipts, again.receipts);
    assert_eq!(hq.rows.len(), 1, "nothing was appended twice");
}

#[test]
fn a_wrong_clock_is_made_good_by_a_challenge() {
    let (mut phone, mut hq) = busy();
    phone.now_ms = -5_000_000_000_000;
    finish(&mut phone, &mut hq);
    assert_eq!(hq.log, ["request.skewed"]);
    converges(phone, hq);
}

#[test]
fn the_nonce_of_a_phone_whose_clock_is_ahead_is_kept_until_its_own_time_is_over() {
    let (mut phone, hq) = ends();
    let day = 86_400_000;
    phone.now_ms += day;
    let (mut ledger, mut kept) = (hq.clone(), None);
    let _ = phone.exchange(|request| {
        kept = Some(request.to_vec());
        Some(ledger.serve(request).unwrap())
    });
    let (key, mut random) = (common::hq_key(), Seeded(5));
    let mut means = Means {
        key: &key,
        random: &mut random,
        now_ms: hq.now_ms,
    };
    let mut session = Session::hq(common::AGENCY);
    session.on(Event::Request(kept.unwrap()), &mut means);
    let effects = session.on(Event::Known(Some(hq.peers[&PHONE])), &mut means);
    let [Effect::TakeNonce { until_ms, .. }] = effects.as_slice() else {
        panic!("its challenge is good")
    };
    assert!(*until_ms > hq.now_ms + day + 300_000);
}

#[test]
fn an_old_request_is_refused_even_after_its_nonce_was_forgotten() {
    let (mut phone, mut hq) = busy();
    let mut kept = Vec::new();
    let _ = phone.exchange(|request| {
        kept = request.to_vec();
        None
    });
    hq.now_ms += 300_001;
    hq.serve(&kept).unwrap();
    assert_eq!(
        (hq.log.as_slice(), hq.rows.len(), hq.chunks.len()),
        (["request.skewed"].as_slice(), 4, 0)
    );
}

#[test]
fn runs_that_are_refused_cost_the_others_nothing() {
    let (mut phone, mut hq) = ends();
    let foreign = Run {
        half: Half::Hq,
        ..visit(3, 2)
    };
    let mut damaged = visit(4, 2);
    damaged.changes[1][30] ^= 1;
    phone.unsent = vec![visit(1, 5), foreign, damaged, visit(2, 5)];
    let summary = finish(&mut phone, &mut hq);
    assert_eq!(
        (summary.receipts, summary.refused_runs, hq.rows.len()),
        (1, 2, 2)
    );
    assert_eq!(hq.log, ["run.foreign_half", "run.malformed"]);
    assert_eq!(phone.receipts[0].refused.len(), 2);
    assert_eq!(
        phone.receipts[0].marks.len(),
        2,
        "a receipt tells of what HQ holds and of nothing else"
    );
}

#[test]
fn a_push_out_of_order_says_how_to_make_it_again() {
    let (mut phone, mut hq) = ends();
    phone.unsent = vec![visit(1, 5)];
    let restored = phone.clone();
    finish(&mut phone, &mut hq);
    // A phone restored from a backup writes on and uses a number again.
    let mut phone = Vault {
        unsent: vec![visit(2, 5)],
        chance: 77,
        ..restored
    };
    finish(&mut phone, &mut hq);
    let PushRefusal::OutOfOrder {
        epoch, next_seq, ..
    } = phone.refusals[0]
    else {
        panic!("another refusal")
    };
    assert_eq!(
        (epoch, next_seq, hq.log.as_slice()),
        (0, 2, ["push.out_of_order"].as_slice())
    );
    assert_eq!(
        (hq.rows.len(), phone.receipts.len()),
        (2, 1),
        "and made again it was taken, in the same exchange"
    );
}

#[test]
fn an_unknown_or_foreign_device_gets_nothing() {
    let (phone, mut hq) = busy();
    let mut stranger = Vault {
        device: DeviceId::new([9; 16]),
        ..phone.clone()
    };
    let mut impostor = Vault { seed: 3, ..phone };
    for (vault, refusal) in [
        (&mut stranger, Refusal::UnknownDevice),
        (&mut impostor, Refusal::Forged),
    ] {
        let summary = vault
            .exchange(|request| Some(hq.serve(request).unwrap()))
            .unwrap();
        assert_eq!(summary.ended, Ended::Refused(refusal));
        assert_eq!(
            (summary.entries, hq.rows.len(), vault.pulled.len()),
            (0, 4, 0)
        );
    }
}

#[test]
fn hq_that_cannot_store_says_try_later_and_nothing_is_lost() {
    let (mut phone, mut hq) = busy();
    let summary = phone
        .exchange(|request| {
            let (key, mut random) = (common::hq_key(), Seeded(5));
            let mut means = Means {
                key: &key,
                random: &mut random,
                now_ms: hq.now_ms,
            };
            let mut session = Session::hq(common::AGENCY);
            session.on(Event::Request(request.to_vec()), &mut means);
            session.on(Event::Known(Some(hq.peers[&PHONE])), &mut means);
            session.on(Event::NonceTaken(true), &mut means);
            let effects = session.on(Event::Failed, &mut means);
            effects.into_iter().find_map(|effect| {
                if let Effect::Send(bytes) = effect {
                    Some(bytes)
                } else {
                    None
                }
            })
        })
        .unwrap();
    assert_eq!(summary.ended, Ended::Refused(Refusal::TryLater));
    hq.log.clear();
    converges(phone, hq);
}

#[test]
fn no_altered_byte_of_a_request_is_taken_and_no_altered_reply_is_stored() {
    let (mut phone, mut hq) = ends();
    phone.unsent = vec![visit(1, 1)];
    hq.add(OTHER, visit(2, 1));
    let mut session = phone.session().unwrap();
    let effects = phone.step(&mut session, Event::Start);
    let [Effect::Send(request)] = effects.as_slice() else {
        panic!("a request")
    };
    for at in 0..request.len() {
        let mut bad = request.clone();
        bad[at] ^= 1 << (at % 8);
        let mut copy = hq.clone();
        copy.serve(&bad).unwrap();
        assert_eq!((copy.rows.len(), copy.nonces.len()), (1, 0), "byte {at}");
    }
    let reply = hq.clone().serve(request).unwrap();
    for at in 0..reply.len() {
        let mut bad = reply.clone();
        bad[at] ^= 1 << (at % 8);
        let mut copy = Vault {
            chance: 0,
            ..phone.clone()
        };
        let summary = copy.exchange(|_| Some(bad.clone())).unwrap();
        assert!(matches!(summary.ended, Ended::BadReply(_)), "byte {at}");
        assert!(copy.push.is_some() && copy.pulled.is_empty());
    }
}

#[test]
fn a_reply_to_another_request_is_not_believed() {
    let (mut phone, mut hq) = busy();
    let mut first = None;
    let _ = phone.clone().exchange(|request| {
        first = Some(hq.serve(request).unwrap());
        None
    });
    phone.chance += 5;
    let summary = phone.exchange(|_| first.clone()).unwrap();
    assert_eq!(
        summary.ended,
        Ended::BadReply(mooring_identity::IdentityError::WrongAddressee)
    );
    hq.log.clear();
    converges(phone, hq);
}

#[test]
fn a_captive_portals_page_is_a_bad_reply() {
    let (mut phone, hq) = busy();
    let summary = phone
        .exchange(|_| Some(b"<html>Please sign in</html>".to_vec()))
        .unwrap();
    assert!(matches!(summary.ended, Ended::BadReply(_)));
    converges(phone, hq);
}

#[test]
fn an_hq_that_never_gets_on_does_not_hold_a_phone_forever() {
    let (mut phone, mut hq) = busy();
    let link = |request: &[u8]| {
        hq.chunks.clear();
        hq.rows.clear();
        Some(hq.serve(request).unwrap())
    };
    let summary = phone.exchange(link).unwrap();
    assert_eq!(summary.ended, Ended::Stuck);
    assert!(summary.requests < 20);
}

#[test]
fn chunks_that_rotted_at_hq_are_dropped_and_the_push_is_made_and_sent_again() {
    let (mut phone, mut hq) = busy();
    let mut sent = 0;
    let link = |request: &[u8]| {
        sent += 1;
        if let (3, Some((_, held))) = (sent, hq.chunks.get_mut(&PHONE)) {
            held[1000] ^= 1;
        }
        Some(hq.serve(request).unwrap())
    };
    assert_eq!(phone.exchange(link).unwrap().ended, Ended::Finished);
    assert_eq!(
        (phone.refusals.as_slice(), hq.log.as_slice()),
        (
            [PushRefusal::Malformed].as_slice(),
            ["push.malformed"].as_slice()
        )
    );
    converges(phone, hq);
}

#[test]
fn a_receipt_for_another_push_is_not_taken_for_ours() {
    let (mut phone, mut hq) = ends();
    phone.unsent = vec![visit(1, 5)];
    finish(&mut phone, &mut hq);
    let old = hq.receipt(&phone.prev).bytes().to_vec();
    phone.unsent = vec![visit(2, 5)];
    let link = |request: &[u8]| {
        let (key, mut random) = (common::hq_key(), Seeded(5));
        let mut means = Means {
            key: &key,
            random: &mut random,
            now_ms: hq.now_ms,
        };
        let mut session = Session::hq(common::AGENCY);
        session.on(Event::Request(request.to_vec()), &mut means);
        session.on(Event::Known(Some(hq.peers[&PHONE])), &mut means);
        session.on(Event::NonceTaken(true), &mut means);
        session.on(Event::Appended(Appended::Already(old.clone())), &mut means);
        session.on(Event::FatesFound(vec![]), &mut means);
        let effects = session.on(Event::PageBuilt(None), &mut means);
        effects.into_iter().find_map(|effect| {
            if let Effect::Send(bytes) = effect {
                Some(bytes)
            } else {
                None
            }
        })
    };
    let ended = phone.exchange(link).unwrap().ended;
    assert_eq!(
        ended,
        Ended::BadReply(mooring_identity::IdentityError::WrongAddressee)
    );
    assert!(
        phone.push.is_some() && phone.receipts.len() == 1,
        "the screen never says that HQ has what it has not"
    );
}

#[test]
fn more_than_one_request_can_ask_is_asked_in_several_and_none_is_left_out() {
    let (mut phone, mut hq) = ends();
    let run = visit(1, 1);
    let key = |number: u32| {
        let mut actor = [0; 16];
        actor[..4].copy_from_slice(&number.to_be_bytes());
        RunKey {
            actor: Actor::new(actor),
            ..RunKey::of(&run)
        }
    };
    phone.ask = (0..12_000).map(key).collect();
    phone.check = (12_000..23_000)
        .map(|number| Have {
            key: key(number),
            last_seq: 1,
            last: run.last,
        })
        .collect();
    let summary = finish(&mut phone, &mut hq);
    assert_eq!((summary.requests, phone.marks.len()), (3, 23_000));
}

#[test]
fn what_became_of_waiting_runs_is_asked_and_told() {
    let (mut phone, mut hq) = ends();
    hq.add(PHONE, visit(1, 5));
    phone.ask = vec![RunKey::of(&visit(1, 5)), RunKey::of(&visit(2, 5))];
    finish(&mut phone, &mut hq);
    assert_eq!(
        phone.marks[&RunKey::of(&visit(1, 5))].state,
        MarkState::Merged
    );
    assert_eq!(
        phone.marks[&RunKey::of(&visit(2, 5))].state,
        MarkState::Unknown
    );
}
