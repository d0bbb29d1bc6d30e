//! A night with one enrolled phone: wrong PINs, a visit, a lock, a visit without unlocking, and again, with what was acknowledged when.

use crate::hq::Hq;
use crate::keystore::Keystore;
use crate::{changes, folder, snapshot};
use mooring_casefile::{AssessmentId, CaseId, ChangeId, Now, Role, Roles};
use mooring_crash::{Event, Files, Recording};
use mooring_device::{Device, Error, LockedVisit, NewAnswer, Next, Result, Seams};
use mooring_identity::{KdfParams, RecipientKey, SoftwareKeyProvider, os_random};
use serde_json::json;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

pub(crate) const PIN: &[u8] = b"271828";
const WRONG: &[u8] = b"314159";
const START_MS: i64 = 1_760_000_000_000;
const ANSWERS: usize = 4;

/// What was acknowledged.
pub(crate) enum Done {
    WrongPin,
    RightPin,
    Answer(CaseId),
    Sealed(BTreeSet<ChangeId>),
}

/// Where answers go.
#[derive(Clone, Copy)]
pub(crate) struct Interview {
    pub(crate) case: CaseId,
    assessment: AssessmentId,
}

/// A night that was recorded.
pub(crate) struct Night {
    pub(crate) before: Files,
    pub(crate) after: Files,
    pub(crate) events: Vec<Event>,
    pub(crate) keystore: Keystore,
    pub(crate) interviews: Vec<Interview>,
    /// What was acknowledged, and how much had been done to the folder then.
    pub(crate) done: Vec<(usize, Done)>,
}

impl Night {
    /// Lets it happen.
    pub(crate) fn record() -> Self {
        let keystore = Keystore::new(SoftwareKeyProvider::make(&mut os_random()));
        let folder = folder();
        enrolled(folder.path(), &keystore).lock();
        let before = snapshot(folder.path());
        let recording = Arc::new(Recording::begin(folder.path()));
        keystore.follow(&recording);
        let mut story = Story {
            dir: folder.path(),
            keystore: &keystore,
            recording: &recording,
            interviews: Vec::new(),
            done: Vec::new(),
            ms: 100_000,
        };
        story.play();
        let (interviews, done) = (story.interviews, story.done);
        keystore.leave();
        Self {
            before,
            after: snapshot(folder.path()),
            events: recording.events(),
            keystore,
            interviews,
            done,
        }
    }
}

/// A phone that has joined and knows whom to seal to.
fn enrolled(dir: &Path, keystore: &Keystore) -> Device {
    let mut hq = Hq::new();
    let now = at(0);
    let cost = KdfParams::trying_out();
    let mut device = Device::create(dir, PIN, cost, seams(keystore), now).unwrap();
    let code = hq.make_code("Robin", Roles::NONE.with(Role::Responder));
    let step = device.begin_enrolment(&code, hq.root(), now).unwrap();
    let reply = hq.enrol(&step.request);
    device.finish_enrolment(&reply, now).unwrap();
    let keys = [(); 3].map(|()| RecipientKey::make(&mut os_random()).recipient());
    let [to, first, second] = keys;
    hq.publish(to, [first, second]);
    let mut next = device.begin_exchange(now).unwrap();
    while let Next::Send(request) = next {
        let reply = hq.exchange(&request, now.wall_ms);
        next = device.exchange_reply(reply, now).unwrap();
    }
    device
}

struct Story<'a> {
    dir: &'a Path,
    keystore: &'a Keystore,
    recording: &'a Recording,
    interviews: Vec<Interview>,
    done: Vec<(usize, Done)>,
    ms: i64,
}

impl Story<'_> {
    fn play(&mut self) {
        let mut device = self.open();
        self.visit(&mut device);
        self.lock(&mut device);
        self.visit_without_unlocking();
        self.wrong_pin();
        self.unlock(&mut device);
        self.visit(&mut device);
        let now = self.now();
        device.tick(now).unwrap();
        self.lock(&mut device);
        drop(device);
        let mut device = self.open();
        self.visit(&mut device);
        self.lock(&mut device);
    }

    fn now(&mut self) -> Now {
        self.ms += 60_000;
        at(self.ms)
    }

    fn note(&mut self, done: Done) {
        self.done.push((self.recording.len(), done));
    }

    /// The process starts, and the person types a wrong PIN twice.
    fn open(&mut self) -> Device {
        self.wrong_pin();
        self.wrong_pin();
        let now = self.now();
        let device = Device::open(self.dir, PIN, seams(self.keystore), now).unwrap();
        self.note(Done::RightPin);
        device
    }

    fn wrong_pin(&mut self) {
        let now = self.now();
        let said = Device::open(self.dir, WRONG, seams(self.keystore), now);
        assert!(matches!(said.err(), Some(Error::WrongPin { .. })));
        self.note(Done::WrongPin);
    }

    fn unlock(&mut self, device: &mut Device) {
        let now = self.now();
        device.unlock(PIN, now).unwrap();
        self.note(Done::RightPin);
    }

    fn lock(&mut self, device: &mut Device) {
        device.lock();
        self.note(Done::Sealed(changes(self.dir).unwrap()));
    }

    fn visit(&mut self, device: &mut Device) {
        let now = self.now();
        let case = device.new_case("Pier 7", None, now).unwrap();
        let assessment = device.start(case, "suicide-risk-interview", now).unwrap();
        self.interviews.push(Interview { case, assessment });
        for number in 0..ANSWERS {
            let new = answer(case, assessment, number);
            let now = self.now();
            device.record_answer(&new, now).unwrap();
            self.note(Done::Answer(case));
        }
    }

    fn visit_without_unlocking(&mut self) {
        let now = self.now();
        let seams = seams(self.keystore);
        let mut visit = LockedVisit::begin(self.dir, "Pier 9", None, seams, now).unwrap();
        let case = visit.case();
        let assessment = visit.start("suicide-risk-interview", now).unwrap();
        self.interviews.push(Interview { case, assessment });
        for number in 0..ANSWERS {
            let new = answer(case, assessment, number);
            let now = self.now();
            visit.record_answer(&new, now).unwrap();
            self.note(Done::Answer(case));
        }
        self.note(Done::Sealed(changes(self.dir).unwrap()));
    }
}

fn answer(case: CaseId, assessment: AssessmentId, number: usize) -> NewAnswer {
    NewAnswer {
        case,
        assessment,
        link: "own-words".to_owned(),
        instance: Vec::new(),
        value: json!({ "valueString": format!("answer {number}") }),
        told: None,
    }
}

/// The numbers of the answers that a case has.
pub(crate) fn numbers(device: &mut Device, interview: &Interview) -> Result<BTreeSet<usize>> {
    let shown = device.show(interview.case, later())?;
    let Some(assessment) = shown.view.assessment(interview.assessment) else {
        return Ok(BTreeSet::new());
    };
    let items = assessment.items.iter();
    let values = items.flat_map(|item| item.earlier.iter().chain(&item.values));
    Ok(values
        .filter(|value| value.answer.is_some())
        .map(|value| value.words.split(' ').nth(1).unwrap().parse().unwrap())
        .collect())
}

pub(crate) fn seams(keystore: &Keystore) -> Seams {
    Seams {
        provider: Box::new(keystore.clone()),
        random: Box::new(os_random()),
    }
}

fn at(ms: i64) -> Now {
    Now {
        wall_ms: START_MS + ms,
        uptime_ms: ms.unsigned_abs(),
        boot_id: [7; 16],
    }
}

/// The morning after, with the phone started again long ago.
pub(crate) fn later() -> Now {
    Now {
        boot_id: [8; 16],
        ..at(36_000_000)
    }
}
