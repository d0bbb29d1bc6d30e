//! A damaged page stays in its case: every other case is read and written, and no byte is thrown away.

use mooring_crash::{DATABASE, Files, Phone};
use mooring_device::{Device, Error, VaultFault};

use crate::story::{Interview, answer, answers, begin};

const PAGE: usize = 4096;
const CASES: usize = 6;

fn at_rest(phone: &mut Phone) -> (Files, Vec<Interview>) {
    let mut device = phone.open().unwrap();
    let mut interviews = Vec::new();
    for _ in 0..CASES {
        let mut interview = begin(phone, &mut device).unwrap();
        for _ in 0..12 {
            answer(phone, &mut device, &mut interview).unwrap();
        }
        interviews.push(interview);
    }
    device.lock();
    (phone.disk.files(), interviews)
}

/// The cases that can't be read. One that can has all of its answers.
fn damaged(phone: &mut Phone, device: &mut Device, interviews: &[Interview]) -> Vec<usize> {
    let mut damaged = Vec::new();
    for (number, interview) in interviews.iter().enumerate() {
        match answers(phone, device, interview) {
            Ok(there) => assert_eq!(there, (0..interview.answers).collect(), "case {number}"),
            Err(Error::CaseDamaged(_) | Error::Vault(VaultFault::Corrupt)) => damaged.push(number),
            Err(other) => panic!("case {number}: {other:?}"),
        }
    }
    damaged
}

#[test]
fn a_damaged_page_stays_in_its_case_and_is_kept() {
    let mut phone = Phone::new(7);
    let (files, interviews) = at_rest(&mut phone);
    let (mut unopened, mut in_one, mut in_many, mut harmless, mut unwritable) = (0, 0, 0, 0, 0);
    let pages = files[DATABASE].len() / PAGE;
    for page in 0..pages {
        let mut broken = files.clone();
        let at = page * PAGE + 1_000;
        broken.get_mut(DATABASE).unwrap()[at] ^= 0x40;
        phone.disk.put(broken);
        let mut there = interviews.clone();
        match phone.open() {
            Err(error) => {
                assert_eq!(error, Error::Vault(VaultFault::Corrupt), "page {page}");
                unopened += 1;
            }
            Ok(mut device) => match damaged(&mut phone, &mut device, &interviews)[..] {
                [] => harmless += 1,
                [one] => {
                    in_one += 1;
                    let other = &mut there[(one + 1) % CASES];
                    match answer(&mut phone, &mut device, other) {
                        Ok(()) => {}
                        // The page at which all new changes are written is damaged: said, and not saved.
                        Err(Error::Vault(VaultFault::Corrupt)) => unwritable += 1,
                        Err(error) => panic!("page {page}: {error:?}"),
                    }
                }
                _ => in_many += 1,
            },
        }
        // Nothing was thrown away: with that one bit as it was, all of it is there, and what was written since.
        let mut mended = phone.disk.files();
        let byte = &mut mended.get_mut(DATABASE).unwrap()[at];
        if *byte != files[DATABASE][at] {
            *byte ^= 0x40;
        }
        phone.disk.put(mended);
        let mut device = phone.open().unwrap();
        let damaged = damaged(&mut phone, &mut device, &there);
        assert!(damaged.is_empty(), "page {page}: {damaged:?} for ever");
    }
    println!(
        "{pages} pages: {unopened} of all cases, {in_many} of several, {in_one} of one, \
         {harmless} of none; with {unwritable} nothing can be written"
    );
    assert!(
        unwritable < 8,
        "a damaged case keeps others from being written"
    );
    // The first pages hold what all cases need; a page can be shared by neighbors.
    assert!(in_one > 15, "damage does not stay in its case");
    assert!(in_one + harmless > 2 * in_many, "damage spreads");
    assert!(unopened * 10 < pages, "too much depends on single pages");
}
