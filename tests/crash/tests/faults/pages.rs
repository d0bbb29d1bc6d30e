//! A damaged page stays in its case: every other case is read and written, and no byte is thrown away.

use mooring_crash::{Files, Phone};
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
    let name = phone.name();
    let (mut unopened, mut in_one, mut in_many, mut harmless) = (0, 0, 0, 0);
    let pages = files[&name].len() / PAGE;
    for page in 0..pages {
        let mut broken = files.clone();
        let at = page * PAGE + 1_000;
        broken.get_mut(&name).unwrap()[at] ^= 0x40;
        phone.disk.put(broken.clone());
        match phone.open() {
            Err(error) => {
                assert_eq!(error, Error::Vault(VaultFault::Corrupt), "page {page}");
                assert!(
                    phone.disk.files() == broken,
                    "page {page}: bytes have changed"
                );
                unopened += 1;
            }
            Ok(mut device) => {
                let damaged = damaged(&mut phone, &mut device, &interviews);
                match damaged.len() {
                    0 => harmless += 1,
                    1 => in_one += 1,
                    _ => in_many += 1,
                }
                if damaged.len() == 1 {
                    let mut other = interviews[(damaged[0] + 1) % CASES];
                    answer(&mut phone, &mut device, &mut other).unwrap();
                }
                drop(device);
                let kept = phone.disk.files()[&name][at];
                assert_eq!(kept, broken[&name][at], "page {page} was written over");
            }
        }
    }
    println!(
        "{pages} pages: {unopened} of all cases, {in_many} of several, {in_one} of one, {harmless} of none"
    );
    assert!(in_one > pages / 3, "hardly any page belongs to one case");
    assert!(
        unopened + in_many < in_one,
        "too much depends on single pages"
    );
    phone.disk.put(files);
    let mut device = phone.open().unwrap();
    assert!(damaged(&mut phone, &mut device, &interviews).is_empty());
}
