//! A damaged page: what can be read is kept, what HQ has comes back, and the damaged file stays.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test that can't go on says so by stopping"
)]

mod world;

use mooring_casefile::Role;
use mooring_device::{By, Device, Error, Older, Outbox, VaultFault};
use mooring_identity::{RecipientKey, os_random};
use serde_json::json;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use tempfile::TempDir;
use world::{Hq, Interview, PIN, Phone, another, seams};

const PAGE: usize = 4096;
const CASES: usize = 5;
/// Answers of each case that HQ has, and those that it lacks.
const AT_HQ: usize = 9;
const ONLY_HERE: usize = 3;

/// A phone at rest, with cases that HQ knows in part. What HQ lacks lies sealed beside the vault, if the phone knows for whom.
fn at_rest(seals: Option<&RecipientKey>) -> (Hq, Phone, Vec<Interview>) {
    let mut hq = Hq::new();
    let mut phone = Phone::enrolled(&mut hq, "Robin", Role::Responder);
    if let Some(key) = seals {
        let custodians = [(); 2].map(|()| RecipientKey::make(&mut os_random()).recipient());
        hq.publish(key.recipient(), custodians);
    }
    let interviews: Vec<_> = (0..CASES).map(|_| phone.interview()).collect();
    for numbers in [0..AT_HQ, AT_HQ..AT_HQ + ONLY_HERE] {
        for number in numbers.clone() {
            for interview in &interviews {
                let said = words(number, interview);
                phone
                    .answer(interview, "own-words", json!({ "valueString": said }))
                    .unwrap();
            }
        }
        if numbers.start == 0 {
            phone.exchange(&mut hq);
        }
    }
    phone.device.lock();
    (hq, phone, interviews)
}

/// Now and then longer than a page holds beside others: its overflow page can then be damaged by itself.
fn words(number: usize, interview: &Interview) -> String {
    let length = if number % 4 == 1 { 3_900 } else { 40 };
    let mut said = format!("{number} ");
    let mut mixed = u64::try_from(number).unwrap() ^ u64::from(interview.case.bytes()[15]) << 8;
    while said.len() < length {
        mixed = mixed.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        write!(said, "{mixed:016x}").unwrap();
    }
    said
}

/// The numbers of the answers that a case has.
fn numbers(phone: &mut Phone, interview: &Interview) -> Result<BTreeSet<usize>, Error> {
    let now = phone.now();
    let shown = phone.device.show(interview.case, now)?;
    let Some(assessment) = shown.view.assessment(interview.assessment) else {
        return Ok(BTreeSet::new());
    };
    let items = assessment.items.iter();
    let values = items.flat_map(|item| item.earlier.iter().chain(&item.values));
    Ok(values
        .filter(|value| value.answer.is_some())
        .map(|value| value.words.split(' ').next().unwrap().parse().unwrap())
        .collect())
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let place = to.join(entry.file_name());
        if entry.path().is_dir() {
            fs::create_dir(&place).unwrap();
            copy(&entry.path(), &place);
        } else {
            fs::copy(entry.path(), place).unwrap();
        }
    }
}

/// The phone as it was, with one bit of this page another one; none where the vault does not open so.
fn with_damage(phone: &Phone, page: usize) -> Option<Phone> {
    let dir = TempDir::new().unwrap();
    copy(phone.dir.path(), dir.path());
    let file = dir.path().join("vault/mooring.db");
    let mut bytes = fs::read(&file).unwrap();
    bytes[page * PAGE + 1_000] ^= 0x40;
    fs::write(&file, bytes).unwrap();
    let keystore = another(&phone.keystore);
    let seams = seams(&keystore);
    let opened = Device::open_by(dir.path(), By::Pin(PIN), Older::GoOn, seams, phone.now());
    match opened {
        Ok(device) => Some(Phone {
            device,
            dir,
            keystore,
            ms: phone.ms,
        }),
        Err(error) => {
            assert_eq!(error, Error::Vault(VaultFault::Corrupt), "page {page}");
            None
        }
    }
}

/// The pages: the slow suite flips each, the other every fourth.
fn pages(phone: &Phone) -> impl Iterator<Item = usize> {
    let step = if std::env::var_os("MOORING_SLOW").is_some() {
        1
    } else {
        4
    };
    let length = fs::metadata(phone.dir.path().join("vault/mooring.db"))
        .unwrap()
        .len();
    (0..usize::try_from(length).unwrap() / PAGE).step_by(step)
}

fn is_damaged(phone: &mut Phone, interview: &Interview) -> bool {
    match numbers(phone, interview) {
        Ok(_) => false,
        Err(Error::CaseDamaged(_) | Error::NotFound(_) | Error::Vault(VaultFault::Corrupt)) => true,
        Err(error) => panic!("{error:?}"),
    }
}

#[test]
fn after_a_salvage_every_case_is_read_and_all_that_hq_has_is_back() {
    let lost = flip_each_page(None);
    assert!(lost > 0, "what was nowhere else can't be back");
}

#[test]
fn with_what_lies_sealed_for_hq_a_salvage_loses_nothing() {
    assert_eq!(
        flip_each_page(Some(&RecipientKey::make(&mut os_random()))),
        0
    );
}

/// Gives how many answers are gone for good.
fn flip_each_page(seals: Option<&RecipientKey>) -> usize {
    let (mut hq, phone, interviews) = at_rest(seals);
    let (mut unopened, mut harmless, mut beyond, mut salvaged, mut lost) = (0, 0, 0, 0, 0);
    for page in pages(&phone) {
        let Some(mut phone) = with_damage(&phone, page) else {
            unopened += 1;
            continue;
        };
        let damaged: Vec<_> = interviews
            .iter()
            .map(|interview| is_damaged(&mut phone, interview))
            .collect();
        if !damaged.contains(&true) {
            harmless += 1;
            continue;
        }
        let now = phone.pass(1_000);
        let done = match phone.device.salvage(now) {
            Ok(done) => done,
            Err(Error::Vault(VaultFault::Corrupt)) => {
                beyond += 1;
                continue;
            }
            Err(error) => panic!("page {page}: {error:?}"),
        };
        salvaged += 1;
        assert!(done.kept.is_file(), "the damaged file is kept");
        assert_eq!(phone.device.restored(), Ok(true), "and the screen says so");
        let all: BTreeSet<_> = (0..AT_HQ + ONLY_HERE).collect();
        for (interview, damaged) in interviews.iter().zip(&damaged) {
            if !damaged && !done.cases.contains(&interview.case) {
                assert_eq!(
                    numbers(&mut phone, interview).as_ref(),
                    Ok(&all),
                    "page {page}"
                );
            }
        }
        let before = hq.state.clone();
        if let Some(key) = seals {
            phone.device.lock();
            send_sealed(&mut hq, &phone, key);
            let now = phone.pass(1_000);
            phone.device.unlock(PIN, now).unwrap();
        }
        lost += pull_again(&mut hq, &mut phone, &interviews, page);
        hq.state = before;
    }
    println!(
        "{unopened} pages keep the vault closed, {harmless} damage no case, {beyond} are beyond salvage, {salvaged} were \
         salvaged; {lost} answers that HQ had not are gone from the vault"
    );
    assert!(salvaged > 5 && beyond <= 2);
    lost
}

/// Sends what lies sealed, and brings back HQ's word.
fn send_sealed(hq: &mut Hq, phone: &Phone, key: &RecipientKey) {
    let mut outbox = Outbox::open(phone.dir.path()).unwrap();
    if let Some(upload) = outbox.upload().unwrap() {
        let receipt = hq.take_sealed(&upload, key);
        outbox.take_receipt(&receipt).unwrap();
    }
}

/// After the exchanges every answer that HQ had is there, and the phone goes on. Gives how many of the others are not.
fn pull_again(hq: &mut Hq, phone: &mut Phone, interviews: &[Interview], page: usize) -> usize {
    for _ in 0..3 {
        phone.exchange(hq);
    }
    let mut lost = 0;
    for interview in interviews {
        let there = numbers(phone, interview);
        let there = there.unwrap_or_else(|error| panic!("page {page}: {error:?}"));
        assert!(
            there.is_superset(&(0..AT_HQ).collect()),
            "page {page}: {there:?}"
        );
        lost += AT_HQ + ONLY_HERE - there.len();
        phone
            .answer(interview, "own-words", json!({ "valueString": "99 more" }))
            .unwrap();
        assert!(numbers(phone, interview).unwrap().contains(&99));
    }
    assert_eq!(phone.device.restored(), Ok(false));
    // And over the next start.
    phone.restart();
    for interview in interviews {
        assert!(
            numbers(phone, interview).unwrap().contains(&99),
            "page {page}"
        );
    }
    lost
}

#[test]
fn a_whole_vault_comes_out_of_a_salvage_as_it_was() {
    let (mut hq, mut phone, interviews) = at_rest(None);
    let now = phone.now();
    phone.device.unlock(PIN, now).unwrap();
    let done = phone.device.salvage(now).unwrap();
    assert!(done.cases.is_empty());
    let all: BTreeSet<_> = (0..AT_HQ + ONLY_HERE).collect();
    for interview in &interviews {
        assert_eq!(numbers(&mut phone, interview), Ok(all.clone()));
    }
    for _ in 0..3 {
        phone.exchange(&mut hq);
    }
    assert_eq!(phone.device.only_here(now), Ok(0));
}
