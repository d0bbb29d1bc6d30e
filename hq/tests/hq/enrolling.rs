//! Enrolment over a wire that somebody else holds: not a byte may be another one, in either direction.

use mooring_casefile::Role;
use mooring_identity::{
    EnrolRefusal, Enrolling, EnrolmentCode, IdentityError, RootStatement, SigningKey,
};

use crate::world::{Seeded, World, at};

/// A phone that asks, always with the same chance, so that each reply is to this very request.
fn asking(world: &World, code: &str) -> Enrolling {
    let ticket = EnrolmentCode::parse(code).unwrap().derive_ticket();
    let root = RootStatement::open(world.hq.root()).unwrap();
    let key = SigningKey::make(&mut Seeded(70));
    Enrolling::begin(&ticket, root, &key, at(1).wall_ms, &mut Seeded(71))
}

#[test]
fn with_any_byte_of_request_or_reply_altered_nobody_is_enrolled_and_the_code_stays_good() {
    let world = World::new();
    let person = world.add("J. Okafor", Role::Responder);
    let code = world
        .hq
        .make_code(person, "https://127.0.0.1:1", at(0))
        .unwrap()
        .text;
    let request = asking(&world, &code).request().encode();
    for index in 0..request.len() {
        let mut altered = request.clone();
        altered[index] ^= 1 << (index % 8);
        assert!(world.hq.enrol(&altered, at(1)).is_err(), "byte {index}");
        let cut = world.hq.enrol(&request[..index], at(1));
        assert!(cut.is_err(), "cut at {index}");
    }
    for version in 1..=u8::MAX {
        let mut later = request.clone();
        later[0] = version;
        assert_eq!(world.hq.enrol(&later, at(1)), Err(EnrolRefusal::TooNew));
    }
    let reply = world.hq.enrol(&request, at(1)).unwrap();
    for index in 0..reply.len() {
        let mut altered = reply.clone();
        altered[index] ^= 1 << (index % 8);
        let taken = asking(&world, &code).finish(&altered);
        assert!(taken.is_err(), "byte {index}");
    }
    for version in 1..=u8::MAX {
        let mut later = reply.clone();
        later[0] = version;
        let taken = asking(&world, &code).finish(&later);
        assert_eq!(taken.unwrap_err(), IdentityError::TooNew);
    }
    assert!(asking(&world, &code).finish(&reply).is_ok());
}
