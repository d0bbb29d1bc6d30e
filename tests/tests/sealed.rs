//! What a phone sends sealed, with its vault locked, wiped or revoked: HQ takes it, holds it or keeps it, and never loses or doubles it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops where it goes wrong"
)]

use std::collections::BTreeMap;
use std::fs;

use mooring_casefile::{AssessmentId, CaseId, Half, Role};
use mooring_exchange::{OutboxHead, OutboxRecord, OutboxUpload};
use mooring_hq::{CasePage, OutboxRefusal, Session};
use mooring_identity::{RecipientKey, os_random};
use mooring_tests::{World, doctor, settle_all};

struct Story {
    world: World,
    reyes: Session,
    case: CaseId,
    interview: AssessmentId,
}

impl Story {
    /// Two phones that share a case in which an interview has begun; then the first has no signal.
    fn new(seed: u64) -> Self {
        let mut world = World::with_phones(seed, &[Role::Clinician, Role::Peer]);
        let reyes = doctor(&world);
        let case = world.shared_case("M., 34");
        let (phone, now) = world.phone(0);
        let interview = phone.start(case, "suicide-risk-interview", now);
        settle_all(&mut world);
        world.phones[0].link.up = false;
        Self {
            world,
            reyes,
            case,
            interview,
        }
    }

    fn say(&mut self, link: &str) {
        self.world.pass_s(1);
        let (case, interview) = (self.case, self.interview);
        let (phone, now) = self.world.phone(0);
        phone.say(case, interview, link, true, now);
    }

    /// Lets what was answered be sealed, as an app does a few times a minute.
    fn tick(&mut self) {
        self.world.pass_s(1);
        let (phone, now) = self.world.phone(0);
        phone.device().tick(now).unwrap();
    }

    fn lock(&mut self) {
        self.world.phones[0].lock();
    }

    fn unlock(&mut self) {
        self.world.pass_s(1);
        let (phone, now) = self.world.phone(0);
        phone.unlock(now);
    }

    fn signal(&mut self) {
        self.world.phones[0].link.up = true;
    }

    fn only_here(&self) -> u64 {
        self.world.phones[0].outbox().only_here().unwrap()
    }

    fn page(&self, case: CaseId) -> CasePage {
        let now = self.world.now();
        self.world.hq().look_case(&self.reyes, case, now).unwrap()
    }

    /// What HQ shows for a question of the interview.
    fn shown(&self, link: &str) -> Vec<String> {
        let page = self.page(self.case);
        let assessment = page.view.assessment(self.interview).unwrap();
        let path = link.parse().unwrap();
        let item = assessment.items.iter().find(|item| item.path == path);
        let values = item.into_iter().flat_map(|item| &item.values);
        values.map(|value| value.words.clone()).collect()
    }

    /// How many changes HQ's case has of the field.
    fn at_hq(&self) -> u64 {
        let marks = self.page(self.case).file.marks(Half::Field);
        marks.values().map(|(seq, _)| *seq).sum()
    }

    fn held(&self, case: CaseId) -> Vec<String> {
        self.page(case)
            .held
            .into_iter()
            .map(|run| run.code)
            .collect()
    }

    /// HQ, the other phone and the log agree, and nothing is in the case twice.
    #[track_caller]
    fn agree(&mut self) {
        settle_all(&mut self.world);
        let version = self.page(self.case).version.field;
        let (phone, now) = self.world.phone(1);
        assert_eq!(phone.show(self.case, now).view.version.field, version);
        assert_eq!(self.world.hq().rebuild(), Ok(vec![]));
        let rebuilt = self.world.hq().rebuild_from_log().unwrap();
        assert_eq!((rebuilt.differ, rebuilt.unproven), (vec![], vec![]));
    }

    /// Each record that lies on the phone, as an upload of its own.
    fn uploads(&self) -> Vec<(usize, Vec<u8>)> {
        let folder = self.world.phones[0].folder().join("outbox");
        let files = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path());
        let files = files.filter(|file| file.extension().is_some_and(|end| end == "sealed"));
        let mut records: Vec<_> = files
            .map(|file| OutboxRecord::parse(&fs::read(file).unwrap()).unwrap())
            .collect();
        records.sort_by_key(|record| record.head().made_ms);
        records.iter().map(one_upload).collect()
    }
}

fn one_upload(record: &OutboxRecord) -> (usize, Vec<u8>) {
    let mut upload = OutboxUpload::default();
    assert!(upload.add(record.encode()));
    (record.changes().len(), upload.encode())
}

#[test]
fn hq_shows_what_a_locked_phone_sent_and_the_same_by_an_exchange_doubles_nothing() {
    let mut story = Story::new(40);
    story.say("wish");
    story.say("thoughts");
    let before = story.at_hq();
    story.lock();
    assert_eq!(story.only_here(), 2);
    story.signal();
    assert_eq!(story.world.upload(0).unwrap().named, 2);
    assert_eq!((story.only_here(), story.at_hq()), (0, before + 2));
    assert_eq!(story.shown("thoughts"), ["yes"]);
    assert_eq!(story.world.upload(0), None, "what HQ has is not sent again");
    story.unlock();
    story.say("method");
    assert_eq!(story.only_here(), 1);
    let done = story.world.exchange(0);
    assert_eq!(done.fault(), None);
    assert_eq!((story.only_here(), story.at_hq()), (0, before + 3));
    story.agree();
}

#[test]
fn what_was_in_a_push_already_is_known_when_it_comes_sealed() {
    let mut story = Story::new(41);
    story.say("wish");
    story.tick();
    let sealed = story.uploads();
    story.signal();
    story.world.exchange(0);
    let before = story.at_hq();
    for (count, upload) in &sealed {
        assert_eq!(*count, 1);
        let now = story.world.now();
        story.world.hq().take_outbox(upload, now).unwrap();
        story.world.hq().take_outbox(upload, now).unwrap();
    }
    assert_eq!(story.at_hq(), before);
    assert!(story.held(story.case).is_empty());
    story.agree();
}

#[test]
fn a_record_that_overtook_another_waits_and_takes_nothing_from_what_is_to_be_sent() {
    let mut story = Story::new(42);
    story.say("wish");
    story.tick();
    story.say("thoughts");
    story.tick();
    let sealed = story.uploads();
    assert_eq!(sealed.len(), 2);
    let now = story.world.now();
    story.world.hq().take_outbox(&sealed[1].1, now).unwrap();
    assert_eq!(story.held(story.case), ["waiting"]);
    assert!(story.shown("thoughts").is_empty());
    // HQ has the second and not the first: an exchange must still bring the first.
    story.signal();
    story.world.kill_hq();
    story.world.start_hq();
    let (phone, now) = story.world.phone(0);
    phone.kill();
    phone.reopen(now);
    story.world.exchange(0);
    assert_eq!(story.shown("wish"), ["yes"]);
    assert_eq!(story.shown("thoughts"), ["yes"]);
    assert_eq!((story.only_here(), story.held(story.case).len()), (0, 0));
    story.agree();
}

#[test]
fn a_visit_without_unlocking_is_held_for_a_person_until_the_same_comes_signed() {
    let mut story = Story::new(43);
    story.lock();
    let (phone, now) = story.world.phone(0);
    let mut visit = phone.visit_locked("Pier 9", now);
    visit.start("suicide-risk-interview", now).unwrap();
    let case = visit.case();
    drop(visit);
    story.signal();
    assert_eq!(story.only_here(), 2);
    assert_eq!(story.world.upload(0).unwrap().named, 2);
    assert_eq!(story.only_here(), 0);
    assert_eq!(story.held(case), ["unsigned", "unsigned"]);
    assert!(
        story.page(case).file.is_empty(),
        "nobody vouches for it yet"
    );
    let queue = story
        .world
        .hq()
        .queue(&story.reyes, story.world.now())
        .unwrap();
    assert!(
        queue.rows.iter().any(|row| row.case == case),
        "somebody sees it"
    );
    let now = story.world.now();
    story.world.exchange(1);
    let (other, _) = story.world.phone(1);
    assert!(other.device().show(case, now).is_err());
    story.unlock();
    story.world.exchange(0);
    story.world.exchange(0);
    assert!(story.held(case).is_empty());
    assert_eq!(story.page(case).view.title, "Pier 9");
    assert_eq!(story.only_here(), 0);
    story.agree();
}

#[test]
fn an_order_to_wipe_reaches_a_locked_phone_and_what_hq_lacks_is_sent_first_and_afterwards() {
    let mut story = Story::new(44);
    story.say("wish");
    let (phone, now) = story.world.phone(0);
    let device = phone.device().me().unwrap().device;
    let folder = phone.folder().join("vault");
    story.world.hq().order_wipe(device, now).unwrap();
    story.lock();
    story.signal();
    let answered = story.world.upload(0).unwrap();
    assert!(answered.wiped && answered.named == 1);
    assert!(!folder.exists());
    assert_eq!(story.shown("wish"), ["yes"]);
    assert_eq!(story.only_here(), 0);
}

#[test]
fn an_order_to_wipe_comes_with_an_exchange_and_what_was_written_since_is_sent_after_the_wipe() {
    let mut story = Story::new(45);
    let (phone, now) = story.world.phone(0);
    let device = phone.device().me().unwrap().device;
    let folder = phone.folder().join("vault");
    story.world.hq().order_wipe(device, now).unwrap();
    story.signal();
    story.world.exchange(0);
    story.say("wish");
    let (phone, now) = story.world.phone(0);
    assert!(phone.device().tick(now).unwrap().wiped);
    assert!(!folder.exists());
    assert_eq!(story.only_here(), 1);
    assert_eq!(story.world.upload(0).unwrap().named, 1);
    assert_eq!(
        (story.only_here(), story.shown("wish")),
        (0, vec!["yes".into()])
    );
}

#[test]
fn what_a_phone_sends_after_it_was_revoked_is_held_and_neither_merged_nor_dropped() {
    let mut story = Story::new(46);
    story.say("wish");
    let (phone, now) = story.world.phone(0);
    let device = phone.device().me().unwrap().device;
    let before = story.at_hq();
    story.world.hq().revoke(device, None, now).unwrap();
    story.signal();
    let done = story.world.exchange(0);
    assert_eq!((done.fault(), done.sent_changes), (None, 1));
    assert_eq!(story.held(story.case), ["revoked"]);
    assert_eq!((story.at_hq(), story.shown("wish").len()), (before, 0));
    story.say("thoughts");
    story.lock();
    assert_eq!(story.world.upload(0).unwrap().named, 1);
    assert_eq!(story.held(story.case), ["revoked", "revoked"]);
    // A restart takes nothing in either.
    story.world.kill_hq();
    story.world.start_hq();
    assert_eq!(story.held(story.case), ["revoked", "revoked"]);
    let phones = story.world.hq().phones().unwrap();
    let listed = phones.iter().find(|phone| phone.device == device).unwrap();
    assert!(listed.revoked_at_seq.is_some() && listed.held == 2);
}

#[test]
fn a_revoked_phone_is_fed_its_orders_and_nothing_else() {
    let mut story = Story::new(47);
    let (phone, now) = story.world.phone(0);
    let device = phone.device().me().unwrap().device;
    story.world.hq().revoke(device, None, now).unwrap();
    story.signal();
    let (other, now) = story.world.phone(1);
    other.say(story.case, story.interview, "wish", true, now);
    story.world.exchange(1);
    // Long enough for a new lease, were it any other phone.
    story.world.pass_s(24 * 60 * 60);
    let done = story.world.exchange(0);
    assert_eq!((done.fault(), done.summary.entries), (None, 0));
    let now = story.world.now();
    story.world.hq().order_wipe(device, now).unwrap();
    let done = story.world.exchange(0);
    assert_eq!(done.summary.entries, 1);
    let (phone, now) = story.world.phone(0);
    assert!(phone.device().tick(now).unwrap().wiped);
}

#[test]
fn what_hq_cannot_open_is_kept_and_never_receipted() {
    let mut story = Story::new(48);
    story.say("wish");
    story.tick();
    let genuine = {
        let folder = story.world.phones[0].folder().join("outbox");
        let mut files = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path());
        let file = files.find(|file| file.extension().is_some_and(|end| end == "sealed"));
        OutboxRecord::parse(&fs::read(file.unwrap()).unwrap()).unwrap()
    };
    // Somebody names the phone's own change, so that HQ may tell the phone that it has it, and seals it to nobody here.
    let stranger = RecipientKey::make(&mut os_random()).recipient();
    let head: OutboxHead = *genuine.head();
    let file = story.page(story.case).file;
    let runs = file.runs_since(Half::Field, &BTreeMap::new());
    let claimed = OutboxRecord::seal_unsigned(head, &runs, stranger, &mut os_random()).unwrap();
    let now = story.world.now();
    let answer = story
        .world
        .hq()
        .take_outbox(&one_upload(&claimed).1, now)
        .unwrap();
    let answer = mooring_exchange::OutboxAnswer::parse(&answer).unwrap();
    assert!(answer.receipts.is_empty());
    let mut forged = genuine.encode();
    *forged.last_mut().unwrap() ^= 1;
    let forged = OutboxRecord::parse(&forged).unwrap();
    story
        .world
        .hq()
        .take_outbox(&one_upload(&forged).1, now)
        .unwrap();
    let codes: Vec<_> = story.world.hq().sealed_aside().unwrap();
    let mut codes: Vec<_> = codes.into_iter().map(|record| record.code).collect();
    codes.sort();
    assert_eq!(codes, ["forged", "sealed-to-another"]);
    assert!(story.shown("wish").is_empty());
    // The genuine one is none the worse for it.
    story.signal();
    story.lock();
    assert_eq!(story.world.upload(0).unwrap().named, 1);
    assert_eq!(story.shown("wish"), ["yes"]);
}

#[test]
fn what_is_no_upload_is_refused_by_name_and_one_bad_record_costs_no_other() {
    let mut story = Story::new(49);
    story.say("wish");
    story.tick();
    let now = story.world.now();
    let said = |upload: &[u8]| story.world.hq().take_outbox(upload, now);
    assert_eq!(said(b""), Err(OutboxRefusal::Malformed));
    assert_eq!(said(&[9, 0]), Err(OutboxRefusal::TooNew));
    let (_, good) = story.uploads().remove(0);
    let mut cut = OutboxUpload::default();
    assert!(cut.add(vec![0, 1, 2]));
    assert_eq!(said(&cut.encode()), Err(OutboxRefusal::Malformed));
    for at in 0..good.len() {
        let mut bad = good.clone();
        bad[at] ^= 1;
        if let Ok(answer) = said(&bad) {
            let answer = mooring_exchange::OutboxAnswer::parse(&answer).unwrap();
            assert!(answer.receipts.is_empty(), "byte {at}");
        }
    }
    assert!(story.shown("wish").is_empty());
    said(&good).unwrap();
    assert_eq!(story.shown("wish"), ["yes"]);
}
