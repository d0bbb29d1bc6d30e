//! Phones and an HQ in one process: a real session at both ends, a ledger in memory, and a clock that only tests move.
#![allow(dead_code, reason = "each test program uses a part of it")]

mod hq;
pub(crate) mod sealing;

pub(crate) use hq::Hq;

use mooring_casefile::{CaseId, Now, Role, Roles};
use mooring_device::{By, Device, Exchanged, NewAnswer, Next, Older, Result, Saved, Seams};
use mooring_identity::{KdfParams, SoftwareKeyProvider, os_random};
use serde_json::Value;
use std::sync::{Arc, Mutex};
use tempfile::TempDir;

pub(crate) const PIN: &[u8] = b"271828";
const START_MS: i64 = 1_760_000_000_000;

/// A keystore that outlives the process that uses it.
pub(crate) type Keystore = Arc<Mutex<SoftwareKeyProvider>>;

/// One that knows what this one knows now.
pub(crate) fn another(keystore: &Keystore) -> Keystore {
    let exported = keystore.lock().unwrap().export();
    Arc::new(Mutex::new(SoftwareKeyProvider::parse(&exported).unwrap()))
}

/// A phone, its folder, and its own clock.
pub(crate) struct Phone {
    pub(crate) device: Device,
    pub(crate) dir: TempDir,
    pub(crate) keystore: Keystore,
    pub(crate) ms: i64,
}

impl Phone {
    /// A phone with a vault, not enrolled.
    pub(crate) fn new() -> Self {
        let dir = TempDir::new().unwrap();
        let keystore = Arc::new(Mutex::new(SoftwareKeyProvider::make(&mut os_random())));
        let device = Device::create(
            dir.path(),
            PIN,
            KdfParams::trying_out(),
            seams(&keystore),
            now(START_MS),
        )
        .unwrap();
        Self {
            device,
            dir,
            keystore,
            ms: START_MS,
        }
    }

    /// Another vault in the same folder, after a wipe.
    pub(crate) fn set_up_again(&mut self) {
        self.device = Device::create(
            self.dir.path(),
            PIN,
            KdfParams::trying_out(),
            seams(&self.keystore),
            self.now(),
        )
        .unwrap();
    }

    /// A phone that joined.
    pub(crate) fn enrolled(hq: &mut Hq, name: &str, role: Role) -> Self {
        let mut phone = Self::new();
        phone.enrol(hq, name, role);
        phone
    }

    pub(crate) fn enrol(&mut self, hq: &mut Hq, name: &str, role: Role) {
        let code = hq.make_code(name, Roles::NONE.with(role));
        let step = self
            .device
            .begin_enrolment(&code, hq.root(), self.now())
            .unwrap();
        let reply = hq.enrol(&step.request);
        self.device.finish_enrolment(&reply, self.now()).unwrap();
    }

    pub(crate) fn now(&self) -> Now {
        now(self.ms)
    }

    pub(crate) fn pass(&mut self, ms: i64) -> Now {
        self.ms += ms;
        self.now()
    }

    /// As if the process had been killed and started again.
    pub(crate) fn restart(&mut self) {
        self.device.lock();
        self.device =
            Device::open(self.dir.path(), PIN, seams(&self.keystore), self.now()).unwrap();
    }

    /// The folder as a backup would hold it.
    pub(crate) fn back_up(&mut self) -> TempDir {
        self.device.lock();
        let backup = TempDir::new().unwrap();
        copy(&self.dir.path().join("vault"), backup.path());
        self.restart();
        backup
    }

    /// The backup in place of what is there.
    pub(crate) fn restore(&mut self, backup: &TempDir) {
        self.device.lock();
        let vault = self.dir.path().join("vault");
        std::fs::remove_dir_all(&vault).unwrap();
        std::fs::create_dir(&vault).unwrap();
        copy(backup.path(), &vault);
        let older = Device::open(self.dir.path(), PIN, seams(&self.keystore), self.now());
        assert_eq!(older.err().map(|error| error.code()), Some(117));
        self.device = Device::open_by(
            self.dir.path(),
            By::Pin(PIN),
            Older::GoOn,
            seams(&self.keystore),
            self.now(),
        )
        .unwrap();
    }

    /// A case with an interview begun.
    pub(crate) fn interview(&mut self) -> Interview {
        let now = self.now();
        let case = self.device.new_case("Pier 7", None, now).unwrap();
        self.begin(case)
    }

    pub(crate) fn begin(&mut self, case: CaseId) -> Interview {
        let assessment = self
            .device
            .start(case, "suicide-risk-interview", self.now())
            .unwrap();
        Interview { case, assessment }
    }

    pub(crate) fn answer(&mut self, at: &Interview, link: &str, value: Value) -> Result<Saved> {
        let now = self.pass(1_000);
        let Interview { case, assessment } = *at;
        let new = NewAnswer {
            case,
            assessment,
            link: link.to_owned(),
            instance: Vec::new(),
            value,
            told: None,
        };
        self.device.record_answer(&new, now)
    }

    /// A whole exchange over a link that works.
    pub(crate) fn exchange(&mut self, hq: &mut Hq) -> Exchanged {
        self.exchange_over(hq, |_| Link::Works).unwrap()
    }

    /// An exchange over a link that does as it is told at each request; none where it was cut.
    pub(crate) fn exchange_over(
        &mut self,
        hq: &mut Hq,
        link: impl Fn(u32) -> Link,
    ) -> Option<Exchanged> {
        let now = self.pass(1_000);
        let mut next = self.device.begin_exchange(now).unwrap();
        for number in 0.. {
            match next {
                Next::Done(done) => return Some(*done),
                Next::Send(request) => match link(number) {
                    Link::Works => {
                        let reply = hq.exchange(&request, now.wall_ms);
                        next = self.device.exchange_reply(reply, now).unwrap();
                    }
                    Link::LosesRequest => return None,
                    Link::LosesReply => {
                        hq.exchange(&request, now.wall_ms);
                        return None;
                    }
                },
            }
        }
        None
    }
}

/// What becomes of one request.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Link {
    Works,
    LosesRequest,
    LosesReply,
}

/// Where answers go.
#[derive(Clone, Copy)]
pub(crate) struct Interview {
    pub(crate) case: CaseId,
    pub(crate) assessment: mooring_casefile::AssessmentId,
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

pub(crate) fn seams(keystore: &Keystore) -> Seams {
    Seams {
        provider: Box::new(keystore.clone()),
        random: Box::new(os_random()),
    }
}

fn now(ms: i64) -> Now {
    Now {
        wall_ms: ms,
        uptime_ms: u64::try_from(ms - START_MS).unwrap(),
        boot_id: [7; 16],
    }
}
