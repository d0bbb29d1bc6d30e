//! A case from one phone to another, as two apps do it: a token on one screen, codes on the other, no HQ.
#![allow(
    clippy::unwrap_used,
    reason = "a test that can't go on says so by stopping"
)]

mod stand_in;

use mooring::{MooringError, NotAllowed, NotTaken, QrReader, qr_parts};
use stand_in::Team;

/// What a camera reads of a row of codes: in any order, some twice.
fn read(parts: &[String]) -> Vec<u8> {
    let reader = QrReader::new();
    let backwards = parts.iter().rev().chain(parts);
    let mut seen = backwards.map(|part| reader.take(part.clone()).unwrap());
    seen.find_map(|progress| progress.whole).unwrap()
}

#[test]
fn a_case_goes_from_phone_to_phone_by_codes_and_is_not_at_hq_by_that() {
    let mut team = Team::new();
    let (ben, _folder) = team.partner("Ben");
    let case = team.phone.new_case("Pier 9".to_owned(), None).unwrap();
    let token = ben.partner_token().unwrap();
    let partner = team.phone.partner_of(token.clone()).unwrap();
    assert_eq!(partner.name, "Ben");
    let given = team.phone.give_to_partner(case, token).unwrap();
    let taken = ben
        .take_from_partner(read(&qr_parts(given.bundle.clone()).unwrap()))
        .unwrap();
    assert_eq!((taken.case, taken.name.as_str()), (case, "Robin"));
    let shown = ben.show(case).unwrap();
    assert_eq!(shown.title, "Pier 9");
    assert!(shown.sync.words.starts_with("HQ does not know yet"));
    let again = ben.take_from_partner(given.bundle).map(drop);
    assert!(
        matches!(
            &again,
            Err(MooringError::Refused {
                code: 194,
                why: NotTaken::Token
            })
        ),
        "a token is good once: {again:?}"
    );
}

#[test]
fn a_code_of_something_else_is_refused_and_what_was_read_stays() {
    let parts = qr_parts(vec![7; 900]).unwrap();
    let (first, last) = (parts.first().unwrap(), parts.last().unwrap());
    let reader = QrReader::new();
    assert_eq!(reader.take(first.clone()).unwrap().whole, None);
    assert!(reader.take("HTTPS://EXAMPLE.ORG".to_owned()).is_err());
    let progress = reader.take(last.clone()).unwrap();
    assert_eq!((progress.read, progress.of), (2, 2));
    assert_eq!(progress.whole, Some(vec![7; 900]));
}

#[test]
fn a_phone_that_never_joined_gives_and_takes_nothing() {
    let team = Team::new();
    let folder = tempfile::tempdir().unwrap();
    let stranger = stand_in::alone(&folder, &team.clock);
    assert!(matches!(
        stranger.partner_token(),
        Err(MooringError::Forbidden {
            who: NotAllowed::NotEnrolled,
            ..
        })
    ));
}
