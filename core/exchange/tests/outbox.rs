//! Sealed records: HQ's key opens them, their device's key vouches for them, and every byte counts.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that can't go on says so by stopping"
)]

mod common;

use common::{heavy_run, key};
use mooring_casefile::{DeviceId, Run};
use mooring_exchange::{OutboxHead, OutboxRecord, OutboxUpload};
use mooring_identity::{AgencyId, IdentityError, RecipientKey, Secret, SigningKey, os_random};

const HEAD: OutboxHead = OutboxHead {
    agency: AgencyId([9; 32]),
    device: DeviceId::new([1; 16]),
    epoch: 2,
    made_ms: 3,
    serial: 4,
};

fn hq() -> RecipientKey {
    RecipientKey::from_seed(Secret::take(&mut [40; 32]))
}

fn device() -> SigningKey {
    key(1)
}

fn runs() -> Vec<Run> {
    vec![heavy_run(1, 4, 20), heavy_run(2, 2, 20)]
}

fn record() -> OutboxRecord {
    let to = hq().recipient();
    OutboxRecord::seal(HEAD, &runs(), to, &device(), &mut os_random()).unwrap()
}

#[test]
fn what_was_sealed_is_opened_by_hq_and_names_its_changes() {
    let record = OutboxRecord::parse(&record().encode()).unwrap();
    let by = device().verify_key();
    assert_eq!(record.verify(HEAD.agency, &by), Ok(()));
    assert!(record.open(&hq()).unwrap() == runs());
    let last = runs().last().unwrap().last;
    assert_eq!(record.changes().last(), Some(&last));
}

#[test]
fn neither_another_agency_nor_another_device_nor_another_key_believes_or_opens_it() {
    let record = record();
    let by = device().verify_key();
    let wrong = record.verify(AgencyId([8; 32]), &by);
    assert_eq!(wrong, Err(IdentityError::WrongAddressee));
    let other = SigningKey::make(&mut os_random()).verify_key();
    let forged = record.verify(HEAD.agency, &other);
    assert_eq!(forged, Err(IdentityError::Forged));
    let other = RecipientKey::make(&mut os_random());
    assert_eq!(record.open(&other).unwrap_err(), IdentityError::Sealed);
}

#[test]
fn any_flipped_bit_is_noticed_before_anything_is_opened_and_any_cut_is_no_panic() {
    let bytes = record().encode();
    let by = device().verify_key();
    for at in 0..bytes.len() {
        let mut bad = bytes.clone();
        bad[at] ^= 1;
        let believed =
            OutboxRecord::parse(&bad).is_ok_and(|record| record.verify(HEAD.agency, &by).is_ok());
        assert!(!believed, "byte {at}");
        assert!(OutboxRecord::parse(&bytes[..at]).is_err(), "cut at {at}");
    }
}

#[test]
fn what_nobody_signed_is_opened_and_never_believed() {
    let to = hq().recipient();
    let record = OutboxRecord::seal_unsigned(HEAD, &runs(), to, &mut os_random()).unwrap();
    let record = OutboxRecord::parse(&record.encode()).unwrap();
    assert!(!record.is_signed());
    let said = record.verify(HEAD.agency, &device().verify_key());
    assert_eq!(said, Err(IdentityError::Forged));
    assert!(record.open(&hq()).unwrap() == runs());
}

#[test]
fn nothing_of_the_changes_can_be_read_in_a_record() {
    let bytes = record().encode();
    for change in runs().iter().flat_map(|run| &run.changes) {
        let words = &change[8..40];
        assert!(!bytes.windows(words.len()).any(|window| window == words));
    }
}

#[test]
fn one_record_that_cannot_be_read_costs_none_of_the_others() {
    let mut upload = OutboxUpload::default();
    assert!(upload.is_empty());
    assert!(upload.add(vec![7; 40]));
    assert!(upload.add(record().encode()));
    let read = OutboxUpload::parse(&upload.encode()).unwrap();
    assert_eq!(read[0], Err(IdentityError::TooNew));
    assert!(read[1].as_ref().unwrap().open(&hq()).is_ok());
}

#[test]
fn an_upload_that_has_enough_leaves_the_rest_to_the_next() {
    let mut upload = OutboxUpload::default();
    assert!(upload.add(vec![0; 2 << 20]), "one is always taken");
    assert!(!upload.add(vec![0; 1]));
}
