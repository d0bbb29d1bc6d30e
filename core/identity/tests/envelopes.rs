//! An envelope is believed only as it was sealed, by whom, for whom, and now.

use mooring_identity::*;

const AGENCY: AgencyId = AgencyId([9; 32]);

fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed(Secret::take(&mut [seed; 32]))
}

fn envelope(direction: Direction) -> Envelope {
    Envelope {
        direction,
        agency: AGENCY,
        device: [1; 16],
        nonce: [2; 16],
        time_ms: 1_000_000,
        challenge: vec![],
    }
}

#[test]
fn a_sealed_body_comes_back() {
    let bytes = envelope(Direction::Request).seal(b"body", &key(1));
    let (read, body) = Envelope::parse(&bytes)
        .unwrap()
        .verify(Direction::Request, AGENCY, &key(1).verify_key())
        .unwrap();
    assert_eq!(
        (read, body),
        (envelope(Direction::Request), b"body".as_slice())
    );
}

#[test]
fn a_request_sent_back_as_a_reply_is_not_believed() {
    let bytes = envelope(Direction::Request).seal(b"body", &key(1));
    let open = Envelope::parse(&bytes).unwrap();
    assert_eq!(
        open.verify(Direction::Reply, AGENCY, &key(1).verify_key())
            .unwrap_err(),
        IdentityError::WrongAddressee
    );
}

#[test]
fn another_agency_or_key_is_not_believed() {
    let bytes = envelope(Direction::Request).seal(b"body", &key(1));
    let open = || Envelope::parse(&bytes).unwrap();
    let (right, wrong) = (key(1).verify_key(), key(2).verify_key());
    assert_eq!(
        open()
            .verify(Direction::Request, AgencyId([8; 32]), &right)
            .unwrap_err(),
        IdentityError::WrongAddressee
    );
    assert_eq!(
        open()
            .verify(Direction::Request, AGENCY, &wrong)
            .unwrap_err(),
        IdentityError::Forged
    );
}

#[test]
fn every_bit_is_signed() {
    let bytes = envelope(Direction::Request).seal(b"body", &key(1));
    for at in 0..bytes.len() {
        for bit in 0..8 {
            let mut bad = bytes.clone();
            bad[at] ^= 1 << bit;
            let believed = Envelope::parse(&bad).and_then(|open| {
                open.verify(Direction::Request, AGENCY, &key(1).verify_key())
                    .map(|_| ())
            });
            assert!(believed.is_err(), "byte {at} bit {bit}");
        }
    }
}

#[track_caller]
fn check(envelope: &Envelope, now_ms: i64, expected: Freshness) {
    assert_eq!(envelope.freshness(now_ms, &key(7).verify_key()), expected);
}

fn answered(challenge: Challenge, by: &SigningKey) -> Envelope {
    let challenge = Signed::sign(challenge, by).bytes().to_vec();
    Envelope {
        time_ms: 0,
        challenge,
        ..envelope(Direction::Request)
    }
}

fn challenge() -> Challenge {
    Challenge {
        agency: AGENCY,
        device: [1; 16],
        time_ms: 50_000_000,
        salt: [4; 16],
    }
}

#[test]
fn five_minutes_either_way_are_fresh_and_more_is_not() {
    let envelope = envelope(Direction::Request);
    check(&envelope, 1_300_000, Freshness::Fresh);
    check(&envelope, 1_300_001, Freshness::Skewed);
    check(&envelope, 700_000, Freshness::Fresh);
    check(&envelope, 699_999, Freshness::Skewed);
    check(&envelope, i64::MIN, Freshness::Skewed);
}

#[test]
fn a_wrong_clock_is_made_good_by_hqs_own_challenge_while_it_is_young() {
    check(
        &answered(challenge(), &key(7)),
        50_100_000,
        Freshness::Fresh,
    );
    check(
        &answered(challenge(), &key(7)),
        51_000_000,
        Freshness::Skewed,
    );
}

#[test]
fn a_challenge_made_by_another_or_for_another_counts_for_nothing() {
    check(
        &answered(challenge(), &key(8)),
        50_100_000,
        Freshness::Skewed,
    );
    check(
        &answered(
            Challenge {
                device: [5; 16],
                ..challenge()
            },
            &key(7),
        ),
        50_100_000,
        Freshness::Skewed,
    );
    check(
        &answered(
            Challenge {
                agency: AgencyId([1; 32]),
                ..challenge()
            },
            &key(7),
        ),
        50_100_000,
        Freshness::Skewed,
    );
}
