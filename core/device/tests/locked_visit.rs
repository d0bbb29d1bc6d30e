//! A new visit without unlocking: on disk before each call returns, sealed twice, and the same case once the vault is open.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that can't go on says so by stopping"
)]

mod world;

use mooring_casefile::{AssessmentId, Role};
use mooring_device::{Error, LockedVisit, NewAnswer, Outbox, guides};
use mooring_identity::{RecipientKey, os_random};
use serde_json::{Value, json};
use std::fs;
use std::path::PathBuf;
use world::{Hq, PIN, Phone, seams};

struct World {
    hq: Hq,
    key: RecipientKey,
    phone: Phone,
}

impl World {
    /// An enrolled phone that knows whom to seal to, locked.
    fn new() -> Self {
        let mut hq = Hq::new();
        let mut phone = Phone::enrolled(&mut hq, "Robin", Role::Responder);
        let key = RecipientKey::make(&mut os_random());
        let custodians = [(); 2].map(|()| RecipientKey::make(&mut os_random()).recipient());
        hq.publish(key.recipient(), custodians);
        phone.exchange(&mut hq);
        phone.device.lock();
        Self { hq, key, phone }
    }

    fn begin(&self, title: &str) -> LockedVisit {
        let (dir, now) = (self.phone.dir.path(), self.phone.now());
        LockedVisit::begin(dir, title, None, seams(&self.phone.keystore), now).unwrap()
    }

    fn unlock(&mut self) {
        let now = self.phone.pass(1_000);
        self.phone.device.unlock(PIN, now).unwrap();
    }

    fn files(&self, folder: &str) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.phone.dir.path().join(folder)).into_iter();
        let paths = entries.flatten().map(|entry| entry.unwrap().path());
        paths
            .filter(|path| path.extension().is_some_and(|ending| ending == "sealed"))
            .collect()
    }

    fn only_here(&self) -> u64 {
        let outbox = Outbox::open(self.phone.dir.path()).unwrap();
        outbox.only_here().unwrap()
    }
}

fn answer(visit: &mut LockedVisit, assessment: AssessmentId, value: Value, world: &mut World) {
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
fn capture(world: &mut World) -> LockedVisit {
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
    let mut world = World::new();
    let mut visit = capture(&mut world);
    let (case, level) = (visit.case(), visit.view().risk.shown().words());
    assert_eq!(level, "At least imminent");
    world.unlock();
    let now = world.phone.now();
    let listed = world.phone.device.list(now).unwrap();
    assert_eq!((listed[0].case, listed[0].level.as_str()), (case, level));
    assert_eq!(listed[0].unsent, 3);
    let shown = world.phone.device.show(case, now).unwrap();
    let me = world.phone.device.me().unwrap();
    assert_eq!(shown.view.created.unwrap().who.person, me.person);
    assert_eq!(world.files("captured").len(), 0);
    world.phone.exchange(&mut world.hq);
    assert_eq!(world.hq.state.field_changes(case), 3);
    let now = world.phone.pass(30_000);
    world.phone.device.tick(now).unwrap();
    assert_eq!(world.files("outbox").len(), 0);
}

#[test]
fn each_change_is_on_disk_twice_before_its_call_returns() {
    let mut world = World::new();
    let before = world.files("outbox").len();
    let _visit = capture(&mut world);
    assert_eq!(world.files("captured").len(), 3);
    assert_eq!(world.files("outbox").len(), before + 3);
    assert_eq!(world.only_here(), 3);
}

#[test]
fn hq_takes_it_while_the_vault_is_locked_and_has_each_change_once() {
    let mut world = World::new();
    let visit = capture(&mut world);
    let mut outbox = Outbox::open(world.phone.dir.path()).unwrap();
    let upload = outbox.upload().unwrap().unwrap();
    let (receipt, unsigned) = world.hq.hold_sealed(&upload, &world.key);
    assert_eq!(
        unsigned, 3,
        "nobody vouches for it: HQ holds it for a person"
    );
    outbox.take_receipt(&receipt).unwrap();
    assert_eq!(world.only_here(), 0);
    world.unlock();
    let now = world.phone.now();
    assert_eq!(world.phone.device.only_here(now), Ok(0));
    world.phone.exchange(&mut world.hq);
    assert_eq!(world.hq.state.field_changes(visit.case()), 3);
}

#[test]
fn a_kill_in_the_middle_of_joining_joins_nothing_twice() {
    let mut world = World::new();
    let visit = capture(&mut world);
    let copies: Vec<_> = world
        .files("captured")
        .into_iter()
        .map(|path| (path.clone(), fs::read(path).unwrap()))
        .collect();
    world.unlock();
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
    let mut world = World::new();
    let visit = capture(&mut world);
    let mut other = World::new();
    let _theirs = capture(&mut other);
    let folder = world.phone.dir.path().join("captured");
    fs::copy(&other.files("captured")[0], folder.join("foreign.sealed")).unwrap();
    fs::write(folder.join("damaged.sealed"), b"damaged").unwrap();
    world.unlock();
    let now = world.phone.now();
    world.phone.device.show(visit.case(), now).unwrap();
    assert_eq!(world.files("captured").len(), 2);
}

#[test]
fn nothing_of_it_can_be_read_and_no_file_that_somebody_wrote_says_whom_to_seal_to() {
    let mut world = World::new();
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
    let mut world = World::new();
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
    world.unlock();
    let now = world.phone.now();
    let shown = world.phone.device.show(case, now).unwrap();
    assert_eq!(shown.view.assessments.len(), 1);
}
