//! A simulated phone: the real device over a real vault, with words short enough for a story.

use std::path::{Path, PathBuf};

use mooring_casefile::{AssessmentId, CaseId, ItemView, Now, PersonId, Risk};
use mooring_device::{
    AnswerAt, By, CaseShown, Device, Exchanged, LockedVisit, NewAnswer, NewSettlement, Next, Older,
    Outbox, Result, Saved, Seams, UploadAnswered,
};
use mooring_hq::Headquarters;
use mooring_identity::{KdfParams, SoftwareKeyProvider};
use mooring_protocol::AnswerPath;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{Link, Seeded};

const PIN: &[u8] = b"493817";

/// A phone.
pub struct Phone {
    /// The device; nothing while the process is dead.
    device: Option<Device>,
    dir: PathBuf,
    keystore: Vec<u8>,
    seed: u64,
    starts: u64,
    /// The wire to HQ.
    pub link: Link,
    /// Whose phone it is.
    pub person: PersonId,
    /// How far its clock is off.
    pub skew_ms: i64,
}

impl Phone {
    /// A new phone with a vault in this folder, not yet enrolled.
    pub fn create(dir: &Path, person: PersonId, seed: u64, now: Now) -> Self {
        let keystore = SoftwareKeyProvider::make(&mut Seeded::new(seed))
            .export()
            .to_vec();
        let mut phone = Self {
            device: None,
            dir: dir.to_owned(),
            keystore,
            seed,
            starts: 0,
            link: Link::clear(),
            person,
            skew_ms: 0,
        };
        let seams = phone.seams();
        let cost = KdfParams::trying_out();
        phone.device = Some(Device::create(dir, PIN, cost, seams, now).unwrap());
        phone
    }

    /// The keystore and chance, as a new process of the app has them.
    pub fn seams(&mut self) -> Seams {
        self.starts += 1;
        Seams {
            provider: Box::new(SoftwareKeyProvider::parse(&self.keystore).unwrap()),
            random: Box::new(Seeded::new(self.seed * 1_000 + self.starts)),
        }
    }

    /// Joins the agency with an enrolment code.
    pub fn enrol(&mut self, hq: &Headquarters, code: &str, now: Now) {
        let device = self.device();
        let step = device.begin_enrolment(code, hq.root(), now).unwrap();
        let reply = hq.enrol(&step.request, now).unwrap();
        device.finish_enrolment(&reply, now).unwrap();
    }

    /// The process is killed; what was acknowledged is on disk.
    pub fn kill(&mut self) {
        self.device = None;
    }

    /// The process starts again, under a new actor.
    pub fn reopen(&mut self, now: Now) {
        let seams = self.seams();
        self.device = Some(Device::open(&self.dir, PIN, seams, now).unwrap());
    }

    /// A copy of its whole folder, as a backup holds it. The process is stopped for it and started again.
    pub fn back_up(&mut self, now: Now) -> TempDir {
        self.kill();
        let backup = TempDir::new().unwrap();
        copy_all(&self.dir, backup.path());
        self.reopen(now);
        backup
    }

    /// A backup in place of what is there, and the person's word to open it all the same.
    pub fn restore(&mut self, backup: &TempDir, what: Backup, now: Now) {
        self.kill();
        let (from, to) = match what {
            Backup::Vault => (backup.path().join("vault"), self.dir.join("vault")),
            Backup::Everything => (backup.path().to_owned(), self.dir.clone()),
        };
        std::fs::remove_dir_all(&to).unwrap();
        copy_all(&from, &to);
        let seams = self.seams();
        let opened = Device::open_by(&self.dir, By::Pin(PIN), Older::GoOn, seams, now);
        self.device = Some(opened.unwrap());
    }

    /// Another phone with everything that this one has, its keys among it.
    #[must_use]
    pub fn cloned(&mut self, dir: &Path, now: Now) -> Self {
        self.kill();
        copy_all(&self.dir, dir);
        let mut clone = Self {
            device: None,
            dir: dir.to_owned(),
            keystore: self.keystore.clone(),
            seed: self.seed + 500,
            starts: 0,
            link: Link::clear(),
            person: self.person,
            skew_ms: 0,
        };
        self.reopen(now);
        clone.reopen(now);
        clone
    }

    /// The vault locks: what HQ lacks is sealed first.
    pub fn lock(&mut self) {
        self.device().lock();
    }

    /// The vault opens again, in the same process.
    pub fn unlock(&mut self, now: Now) {
        self.device().unlock(PIN, now).unwrap();
    }

    /// Its folder.
    pub fn folder(&self) -> &Path {
        &self.dir
    }

    /// What it has sealed for HQ.
    pub fn outbox(&self) -> Outbox {
        Outbox::open(&self.dir).unwrap()
    }

    /// A new visit without unlocking.
    pub fn visit_locked(&mut self, title: &str, now: Now) -> LockedVisit {
        let seams = self.seams();
        LockedVisit::begin(&self.dir, title, None, seams, now).unwrap()
    }

    /// Sends all that is sealed; nothing where there is nothing to send, or no signal.
    pub fn upload(&mut self, hq: &Headquarters, world: Now) -> Option<UploadAnswered> {
        let mut outbox = self.outbox();
        let upload = outbox.upload().unwrap()?;
        if !self.link.up {
            return None;
        }
        let answer = hq.take_outbox(&upload, world).unwrap();
        Some(outbox.take_answer(&answer, &mut self.seams()).unwrap())
    }

    /// The device itself.
    pub fn device(&mut self) -> &mut Device {
        self.device.as_mut().expect("the phone's process runs")
    }

    /// The time as this phone has it.
    pub fn now(&self, world: Now) -> Now {
        Now {
            wall_ms: world.wall_ms + self.skew_ms,
            ..world
        }
    }

    /// Starts an assessment.
    pub fn start(&mut self, case: CaseId, protocol: &str, now: Now) -> AssessmentId {
        let now = self.now(now);
        self.device().start(case, protocol, now).unwrap()
    }

    /// Answers in the form of the JSON lines: `{"valueBoolean": true}`, or an array, or `{"declined": true}`.
    pub fn answer(
        &mut self,
        case: CaseId,
        assessment: AssessmentId,
        link: &str,
        value: Value,
        now: Now,
    ) -> Saved {
        self.try_answer(case, assessment, link, value, now).unwrap()
    }

    /// The same where it may be refused.
    pub fn try_answer(
        &mut self,
        case: CaseId,
        assessment: AssessmentId,
        link: &str,
        value: Value,
        now: Now,
    ) -> Result<Saved> {
        let now = self.now(now);
        let new = NewAnswer {
            case,
            assessment,
            link: link.to_owned(),
            instance: Vec::new(),
            value,
            told: None,
        };
        self.device().record_answer(&new, now)
    }

    /// Answers yes or no.
    pub fn say(
        &mut self,
        case: CaseId,
        assessment: AssessmentId,
        link: &str,
        yes: bool,
        now: Now,
    ) -> Saved {
        self.answer(case, assessment, link, json!({ "valueBoolean": yes }), now)
    }

    /// Lets earlier values of a question go.
    pub fn confirm(
        &mut self,
        case: CaseId,
        assessment: AssessmentId,
        link: &str,
        now: Now,
    ) -> Result<Saved> {
        let now = self.now(now);
        let at = at(case, assessment, link);
        self.device().confirm(&at, "asked again, slowly", now)
    }

    /// Takes an answer back.
    pub fn retract(
        &mut self,
        case: CaseId,
        assessment: AssessmentId,
        link: &str,
        now: Now,
    ) -> Result<Saved> {
        let now = self.now(now);
        let at = at(case, assessment, link);
        self.device().retract(&at, "asked the wrong person", now)
    }

    /// Settles a question for the value whose words these are.
    pub fn settle_for(
        &mut self,
        case: CaseId,
        assessment: AssessmentId,
        link: &str,
        words: &str,
        now: Now,
    ) -> Result<Saved> {
        let item = self.item(case, assessment, link, now);
        let choice = item
            .values
            .iter()
            .find(|value| value.words.eq_ignore_ascii_case(words))
            .unwrap()
            .id;
        let now = self.now(now);
        let settlement = NewSettlement {
            at: at(case, assessment, link),
            seen: item.to_settle(),
            choice,
            reason: "talked it over with both".to_owned(),
        };
        self.device().settle(&settlement, now)
    }

    /// Everything that the phone knows of a case.
    pub fn show(&mut self, case: CaseId, now: Now) -> CaseShown {
        let now = self.now(now);
        self.device().show(case, now).unwrap()
    }

    /// What the case comes to on this phone.
    pub fn risk(&mut self, case: CaseId, now: Now) -> Risk {
        self.show(case, now).view.risk
    }

    /// One question of an assessment.
    pub fn item(
        &mut self,
        case: CaseId,
        assessment: AssessmentId,
        link: &str,
        now: Now,
    ) -> ItemView {
        let view = self.show(case, now).view;
        let path: AnswerPath = link.parse().unwrap();
        let assessment = view.assessment(assessment).unwrap();
        assessment
            .items
            .iter()
            .find(|item| item.path == path)
            .unwrap()
            .clone()
    }

    /// One exchange over its wire; what came of it, whether or not it reached its end.
    pub fn exchange(&mut self, hq: &Headquarters, world: Now) -> Exchanged {
        let now = self.now(world);
        let mut next = self.device().begin_exchange(now).unwrap();
        loop {
            match next {
                Next::Done(done) => return *done,
                Next::Send(bytes) => {
                    let reply = self.link.carry(hq, bytes, world);
                    let device = self.device.as_mut().expect("the phone's process runs");
                    next = match reply {
                        Some(reply) => device.exchange_reply(reply, now).unwrap(),
                        None => device.exchange_cut(now).unwrap(),
                    };
                }
            }
        }
    }
}

/// What a backup puts back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backup {
    /// The vault alone: the mark beside it tells that it is older.
    Vault,
    /// The whole folder, the mark with it: nobody notices.
    Everything,
}

/// Copies a folder with all that is in it.
pub(crate) fn copy_all(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_all(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn at(case: CaseId, assessment: AssessmentId, link: &str) -> AnswerAt {
    AnswerAt {
        case,
        assessment,
        path: link.parse().unwrap(),
    }
}
