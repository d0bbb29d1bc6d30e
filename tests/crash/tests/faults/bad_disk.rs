//! A disk that is full, failing or read-only from any write on: typed errors, nothing half-written, and all well once it is
//! mended.

use mooring_crash::{Files, Phone, Trouble, TroubleKind};
use mooring_device::{Device, Error, NotSaved};

use crate::story::{Interview, answer, answers, begin, check};

/// A vault at rest, with something in it.
fn at_rest(phone: &mut Phone) -> (Files, Interview) {
    let mut device = phone.open().unwrap();
    let mut interview = begin(phone, &mut device).unwrap();
    for _ in 0..3 {
        answer(phone, &mut device, &mut interview).unwrap();
    }
    device.lock();
    (phone.disk.files(), interview)
}

/// Answers until all are acknowledged or the disk stands in the way; with what, if it does.
fn work(phone: &mut Phone, device: &mut Device, interview: &mut Interview) -> Option<Error> {
    for _ in 0..3 {
        if let Err(error) = answer(phone, device, interview) {
            return Some(error);
        }
    }
    // Folds the WAL in, which has many writes of its own, and says nothing if they fail.
    device.lock();
    None
}

const KINDS: [(TroubleKind, &[NotSaved]); 3] = [
    (TroubleKind::Full, &[NotSaved::NoSpace]),
    (TroubleKind::Failing, &[NotSaved::Io]),
    // SQLite reports a failed truncation or removal as an error of the device, whatever its cause.
    (TroubleKind::ReadOnly, &[NotSaved::ReadOnly, NotSaved::Io]),
];

/// Every kind of trouble at this write. The slow suite takes both that which stays and that which passes, the other one in turn.
fn troubles(after: usize) -> impl Iterator<Item = (Trouble, &'static [NotSaved])> {
    let slow = std::env::var_os("MOORING_SLOW").is_some();
    let lasts = [true, false].into_iter();
    let lasts = lasts.filter(move |lasting| slow || *lasting == after.is_multiple_of(2));
    KINDS.into_iter().flat_map(move |(kind, expected)| {
        lasts.clone().map(move |lasting| {
            let trouble = Trouble {
                kind,
                after,
                lasting,
            };
            (trouble, expected)
        })
    })
}

#[track_caller]
fn check_typed(error: &Error, expected: &[NotSaved], trouble: Trouble) {
    let typed = matches!(error, Error::NotSaved(why) if expected.contains(why));
    assert!(typed, "{trouble:?}: {error:?}");
}

#[test]
fn at_every_write_the_phone_says_not_saved_and_goes_on_once_the_disk_is_mended() {
    let mut phone = Phone::new(2);
    let (files, before) = at_rest(&mut phone);
    let (mut said, mut after) = (0, 0);
    loop {
        let mut met = 0;
        for (trouble, expected) in troubles(after) {
            phone.disk.put(files.clone());
            let mut interview = before;
            let mut device = phone.open().unwrap();
            phone.disk.break_it(trouble);
            if let Some(error) = work(&mut phone, &mut device, &mut interview) {
                check_typed(&error, expected, trouble);
                said += 1;
                check(&mut phone, &mut device, &interview);
            }
            met += phone.disk.mend();
            drop(device);
            let mut device = phone.open().unwrap();
            check(&mut phone, &mut device, &interview);
            answer(&mut phone, &mut device, &mut interview).unwrap();
            drop(device);
            let mut device = phone.open().unwrap();
            check(&mut phone, &mut device, &interview);
        }
        if met == 0 {
            break;
        }
        after += 1;
    }
    assert!(after > 30 && said > 30, "{after} writes, {said} failures");
}

#[test]
fn the_same_process_goes_on_once_the_disk_is_mended() {
    let mut phone = Phone::new(3);
    let (files, before) = at_rest(&mut phone);
    for after in 0..40 {
        for (trouble, expected) in troubles(after) {
            phone.disk.put(files.clone());
            let mut interview = before;
            let mut device = phone.open().unwrap();
            phone.disk.break_it(trouble);
            for _ in 0..3 {
                if let Err(error) = answer(&mut phone, &mut device, &mut interview) {
                    check_typed(&error, expected, trouble);
                }
            }
            phone.disk.mend();
            answer(&mut phone, &mut device, &mut interview).unwrap();
            check(&mut phone, &mut device, &interview);
            device.lock();
            drop(device);
            let mut device = phone.open().unwrap();
            check(&mut phone, &mut device, &interview);
        }
    }
}

#[test]
fn a_kill_right_after_the_failure_leaves_at_most_the_answer_in_flight() {
    let mut phone = Phone::new(4);
    let (files, before) = at_rest(&mut phone);
    for after in 0..40 {
        for (trouble, _) in troubles(after) {
            phone.disk.put(files.clone());
            let mut interview = before;
            let mut device = phone.open().unwrap();
            phone.disk.break_it(trouble);
            let failed = work(&mut phone, &mut device, &mut interview).is_some();
            let killed = phone.disk.files();
            drop(device);
            phone.disk.put(killed);
            let mut device = phone.open().unwrap();
            let there = answers(&mut phone, &mut device, &interview).unwrap();
            let most = interview.answers + usize::from(failed);
            assert!(
                there == (0..interview.answers).collect() || there == (0..most).collect(),
                "{trouble:?}: {} acknowledged, {there:?}",
                interview.answers
            );
        }
    }
}

#[test]
fn a_vault_that_can_not_be_opened_for_a_bad_disk_opens_once_it_is_mended() {
    let mut phone = Phone::new(5);
    let (files, before) = at_rest(&mut phone);
    for after in 0..12 {
        for (trouble, expected) in troubles(after) {
            phone.disk.put(files.clone());
            phone.disk.break_it(trouble);
            match phone.open() {
                Ok(mut device) => check(&mut phone, &mut device, &before),
                Err(error) => check_typed(&error, expected, trouble),
            }
            phone.disk.mend();
            let mut device = phone.open().unwrap();
            check(&mut phone, &mut device, &before);
        }
    }
}
