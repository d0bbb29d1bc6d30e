//! A phone that says that it came back: HQ hears it under that phone's own key only, and what looks like two phones is told.
#![allow(
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "the helpers of a test stop it where they fail"
)]

mod common;

use common::{AGENCY, NOW_MS, PHONE, Seeded, heavy_run, hq_key, key};
use mooring_casefile::DeviceId;
use mooring_exchange::*;
use mooring_identity::{Direction, Envelope, Signed, SigningKey};

fn said(device: DeviceId, by: &SigningKey) -> Vec<u8> {
    let said = Restored {
        agency: AGENCY,
        device,
        epoch: 0,
        dev_seq: 1,
        push: [5; 32],
        made_ms: NOW_MS,
    };
    Signed::sign(said, by).bytes().to_vec()
}

/// The effects of HQ's end once it believes the envelope.
fn effects(request: &Request, epoch: u32) -> (Session, Vec<Effect>) {
    let envelope = Envelope {
        direction: Direction::Request,
        agency: AGENCY,
        device: PHONE.bytes(),
        nonce: [1; 16],
        time_ms: NOW_MS,
        challenge: Vec::new(),
    };
    let bytes = envelope.seal(&request.encode(), &key(1));
    let mut session = Session::hq(AGENCY);
    let peer = Peer {
        key: key(1).verify_key(),
        epoch,
        last_seq: 0,
        last_push: [0; 32],
    };
    let mut effects = Vec::new();
    for event in [
        Event::Request(bytes),
        Event::Known(Some(peer)),
        Event::NonceTaken(true),
    ] {
        effects = on(&mut session, event);
    }
    (session, effects)
}

fn on(session: &mut Session, event: Event) -> Vec<Effect> {
    let mut means = Means {
        key: &hq_key(),
        random: &mut Seeded(1),
        now_ms: NOW_MS,
    };
    session.on(event, &mut means)
}

fn came_back(restored: Vec<u8>) -> Request {
    Request {
        restored: Some(restored),
        ..Request::default()
    }
}

#[test]
fn hq_hears_it_under_the_phones_own_key_and_answers_with_the_certificate() {
    let (mut session, first) = effects(&came_back(said(PHONE, &key(1))), 0);
    assert!(matches!(first.as_slice(), [Effect::Renew { device, .. }] if *device == PHONE));
    let next = on(&mut session, Event::Renewed(Some(vec![7])));
    assert!(matches!(next.as_slice(), [Effect::BuildPage { .. }]));
    let sent = on(&mut session, Event::PageBuilt(None));
    let Some(Effect::Send(reply)) = sent.first() else {
        return;
    };
    let open = Envelope::parse(reply).unwrap();
    let (_, body) = open
        .verify(Direction::Reply, AGENCY, &common::key_set())
        .unwrap();
    assert!(matches!(
        Reply::parse(body),
        Ok(Reply::Answer(Answer { certificate: Some(bytes), .. })) if bytes == [7]
    ));
}

#[test]
fn nobody_else_says_it_for_a_phone() {
    for forged in [
        said(PHONE, &key(2)),
        said(DeviceId::new([2; 16]), &key(1)),
        vec![1, 2, 3],
    ] {
        let (_, effects) = effects(&came_back(forged), 0);
        let [Effect::Log { code, .. }, Effect::BuildPage { .. }] = effects.as_slice() else {
            unreachable!("the rest of the request is answered: {effects:?}");
        };
        assert_eq!(*code, "restored.forged");
    }
}

#[test]
fn an_unknown_push_under_an_epoch_that_was_given_up_is_told_as_two_phones() {
    for (epoch, told) in [(0, false), (1, true)] {
        let draft = PushDraft {
            agency: AGENCY,
            device: PHONE,
            epoch: 0,
            dev_seq: 9,
            prev: [3; 32],
            created_ms: NOW_MS,
        };
        let runs = [heavy_run(1, 4, 20)];
        let push = SealedPush::make(&draft, &runs, &key(1), &mut Seeded(1)).unwrap();
        let chunk = Chunk {
            push_id: push.id(),
            total: u32::try_from(push.bytes().len()).unwrap(),
            offset: 0,
            bytes: push.bytes().to_vec(),
        };
        let request = Request {
            chunk: Some(chunk),
            ..Request::default()
        };
        let (mut session, first) = effects(&request, epoch);
        assert!(matches!(first.as_slice(), [Effect::FindReceipt { .. }]));
        let next = on(&mut session, Event::ReceiptFound(None));
        let twice = next
            .iter()
            .any(|effect| matches!(effect, Effect::SeenTwice { .. }));
        assert_eq!(twice, told);
        // One that HQ has already was sent again: that is no second phone.
        let (mut session, _) = effects(&request, epoch);
        let next = on(&mut session, Event::ReceiptFound(Some(vec![1])));
        assert!(
            !next
                .iter()
                .any(|effect| matches!(effect, Effect::SeenTwice { .. }))
        );
    }
}
