//! A new visit without unlocking: on disk before each call returns, sealed twice, and the same case once the vault is open.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that can't go on says so by stopping"
)]

mod world;

use mooring_casefile::AssessmentId;
use mooring_device::{Error, Forbidden, LockedVisit, NewAnswer, VaultFault, guides};
use serde_json::{Value, json};
use std::fs;
use world::sealing::Sealing;
use world::{PIN, Phone, seams};

/// An enrolled phone that knows whom to seal to, locked.
fn locked() -> Sealing {
    let mut world = Sealing::new();
    world.exchange();
    world.phone.device.lock();
    world
}

fn unlock(world: &mut Sealing) {
    let now = world.phone.pass(1_000);
    world.phone.device.unlock(PIN, now).unwrap();
}

fn answer(visit: &mut LockedVisit, assessment: AssessmentId, value: Value, world: &mut Sealing) {
    let now = world.phone.pass(1_000);
    let new = NewAnswer {
        case: visit.case(),
        assessment,
        link: "act-now".to_owned(),
        instance: Vec::new(),
        value,
        told: None,
    };
    visit.record_answer(&new, now).unwrap();
}

/// Three changes: the case, the interview, an answer.
fn capture(world: &mut Sealing) -> LockedVisit {
    let mut visit = world.begin("Pier 9");
    let now = world.phone.now();
    let assessment = visit.start("suicide-risk-interview", now).unwrap();
    answer(
        &mut visit,
        assessment,
        json!({ "valueBoolean": true }),
        world,
    );
    visit
}

#[test]
fn the_guides_open_without_unlocking() {
    let phone = Phone::new();
    let guides = guides(phone.now());
    assert!(guides.iter().any(|one| one.key == "suicide-risk-interview"));
    assert!(guides.iter().any(|one| one.key == "verbal-de-escalation"));
}

#[test]
fn what_was_captured_is_the_same_case_once_the_vault_is_open() {
    let mut world = locked();
    let mut visit = capture(&mut world);
    let (case, level) = (visit.case(), visit.view().risk.shown().words());
    assert_eq!(level, "At least imminent");
    unlock(&mut world);
    let now = world.phone.now();
    let listed = world.phone.device.list(now).unwrap();
    assert_eq!((listed[0].case, listed[0].level.as_str()), (case, level));
    assert_eq!(listed[0].unsent, 3);
    let shown = world.phone.device.show(case, now).unwrap();
    let me = world.phone.device.me().unwrap();
    assert_eq!(shown.view.created.unwrap().who.person, me.person);
    assert_eq!(world.files("captured").len(), 0);
    world.exchange();
    assert_eq!(world.hq.state.field_changes(case), 3);
    let now = world.phone.pass(30_000);
    world.phone.device.tick(now).unwrap();
    assert_eq!(world.files("outbox").len(), 0);
}

#[test]
fn a_phone_that_has_not_joined_says_so_and_one_without_a_vault_says_that() {
    let mut phone = Phone::new();
    phone.device.lock();
    let begin = |phone: &Phone| {
        let (dir, now) = (phone.dir.path(), phone.now());
        LockedVisit::begin(dir, "Pier 9", None, seams(&phone.keystore), now).err()
    };
    let not_joined = Error::Forbidden(Forbidden::NotEnrolled);
    assert_eq!(begin(&phone), Some(not_joined));
    fs::remove_dir_all(phone.dir.path().join("vault")).unwrap();
    assert_eq!(begin(&phone), Some(Error::Vault(VaultFault::Absent)));
}

#[test]
fn a_visit_shows_itself_and_says_that_hq_does_not_know_yet() {
    let mut world = locked();
    let mut visit = capture(&mut world);
    let shown = visit.show();
    assert_eq!(shown.view.title, "Pier 9");
    assert_eq!(shown.sync.unsent, 3);
    let words = "HQ does not know yet; on this phone only: 3 changes";
    assert_eq!(shown.sync.words, words);
    let by = shown.view.created.unwrap().who.person;
    assert_eq!(shown.names[&by], "this phone");
}

#[test]
fn each_change_is_on_disk_twice_before_its_call_returns() {
    let mut world = locked();
    let before = world.files("outbox").len();
    let _visit = capture(&mut world);
    assert_eq!(world.files("captured").len(), 3);
    assert_eq!(world.files("outbox").len(), before + 3);
    assert_eq!(world.only_here(), 3);
}

#[test]
fn hq_takes_it_while_the_vault_is_locked_and_has_each_change_once() {
    let mut world = locked();
    let visit = capture(&mut world);
    let mut outbox = world.outbox();
    let upload = outbox.upload().unwrap().unwrap();
    let (receipt, unsigned) = world.hq.hold_sealed(&upload, &world.key);
    assert_eq!(
        unsigned, 3,
        "nobody vouches for it: HQ holds it for a person"
    );
    outbox.take_receipt(&receipt).unwrap();
    assert_eq!(world.only_here(), 0);
    unlock(&mut world);
    let now = world.phone.now();
    assert_eq!(world.phone.device.only_here(now), Ok(0));
    world.exchange();
    assert_eq!(world.hq.state.field_changes(visit.case()), 3);
}

#[test]
fn a_kill_in_the_middle_of_joining_joins_nothing_twice() {
    let mut world = locked();
    let visit = capture(&mut world);
    let copies: Vec<_> = world
        .files("captured")
        .into_iter()
        .map(|path| (path.clone(), fs::read(path).unwrap()))
        .collect();
    unlock(&mut world);
    for (path, bytes) in copies {
        fs::write(path, bytes).unwrap();
    }
    world.phone.restart();
    assert_eq!(world.files("captured").len(), 0);
    let now = world.phone.now();
    let shown = world.phone.device.show(visit.case(), now).unwrap();
    assert_eq!(shown.sync.unsent, 3);
}

#[test]
fn a_damaged_or_foreign_file_holds_up_no_other_and_stays() {
    let mut world = locked();
    let visit = capture(&mut world);
    let mut other = locked();
    let _theirs = capture(&mut other);
    let folder = world.phone.dir.path().join("captured");
    fs::copy(&other.files("captured")[0], folder.join("foreign.sealed")).unwrap();
    fs::write(folder.join("damaged.sealed"), b"damaged").unwrap();
    unlock(&mut world);
    let now = world.phone.now();
    world.phone.device.show(visit.case(), now).unwrap();
    assert_eq!(world.files("captured").len(), 2);
}

#[test]
fn nothing_of_it_can_be_read_and_no_file_that_somebody_wrote_says_whom_to_seal_to() {
    let mut world = locked();
    let _visit = capture(&mut world);
    for path in [world.files("captured"), world.files("outbox")].concat() {
        let bytes = fs::read(&path).unwrap();
        for canary in ["Pier 9", "act-now", "suicide"] {
            let words = canary.as_bytes();
            let found = bytes.windows(words.len()).any(|window| window == words);
            assert!(!found, "{canary} in {}", path.display());
        }
    }
    let outside = world.phone.dir.path().join("outside");
    let mut bytes = fs::read(&outside).unwrap();
    let last = bytes.len() - 40;
    bytes[last] ^= 1;
    fs::write(&outside, bytes).unwrap();
    let (dir, now) = (world.phone.dir.path(), world.phone.now());
    let said = LockedVisit::begin(dir, "Pier 9", None, seams(&world.phone.keystore), now).err();
    assert_eq!(said.map(|error| error.kind()), Some("refused"));
    let said = LockedVisit::begin(dir, " ", None, seams(&world.phone.keystore), now).err();
    assert_eq!(said.map(|error| error.kind()), Some("bad_input"));
}

#[test]
fn what_could_not_be_kept_is_not_built_upon() {
    let mut world = locked();
    let mut visit = world.begin("Pier 9");
    let now = world.phone.now();
    // A file in the place of the folder: nothing can be written there.
    let captured = world.phone.dir.path().join("captured");
    let aside = world.phone.dir.path().join("aside");
    fs::rename(&captured, &aside).unwrap();
    fs::write(&captured, b"in the way").unwrap();
    let said = visit.start("suicide-risk-interview", now).unwrap_err();
    assert!(
        matches!(said, Error::NotSaved(_) | Error::Vault(_)),
        "{said}"
    );
    assert_eq!(visit.view().assessments.len(), 0);
    fs::remove_file(&captured).unwrap();
    fs::rename(&aside, &captured).unwrap();
    visit.start("suicide-risk-interview", now).unwrap();
    let case = visit.case();
    unlock(&mut world);
    let now = world.phone.now();
    let shown = world.phone.device.show(case, now).unwrap();
    assert_eq!(shown.view.assessments.len(), 1);
}
