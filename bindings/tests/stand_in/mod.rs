//! A phone of the facade beside the HQ in one process that the core's own tests have, and a clock that only tests move.
#![allow(dead_code, reason = "each test program uses a part of it")]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test's own helpers may stop it"
)]

#[path = "../../../core/device/tests/world/mod.rs"]
mod world;

use mooring::{
    AnswerPlace, BlockingPhone, Carry, Given, Pin, Reading, SoftwareKeystore, Watch, WatchError,
};
use mooring_casefile::{Role, Roles};
use mooring_identity::{RecipientKey, os_random};
use mooring_protocol::{Answer, AnswerPath, Value};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use tempfile::TempDir;

const START_MS: i64 = 1_760_000_000_000;

/// An agency that has said whom its phones seal to, and a phone of it.
pub(crate) struct Team {
    pub(crate) hq: world::Hq,
    /// HQ's, and those of its two custodians.
    pub(crate) key: RecipientKey,
    pub(crate) custodians: [RecipientKey; 2],
    pub(crate) phone: Arc<BlockingPhone>,
    pub(crate) clock: Arc<Clock>,
    folder: TempDir,
}

/// A clock that tests move. A guess of the PIN takes six hundred of its milliseconds, so that none becomes dearer.
pub(crate) struct Clock(AtomicI64);

impl Clock {
    pub(crate) fn pass(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::Relaxed);
    }
}

impl Watch for Clock {
    fn read(&self) -> Result<Reading, WatchError> {
        let passed = self.0.fetch_add(600, Ordering::Relaxed);
        Ok(Reading {
            wall_ms: START_MS + passed,
            uptime_ms: passed,
            boot: "one".to_owned(),
        })
    }
}

impl Team {
    /// A phone that has joined, and knows whom to seal to.
    pub(crate) fn new() -> Self {
        let mut hq = world::Hq::new();
        let [key, first, second] = [(); 3].map(|()| RecipientKey::make(&mut os_random()));
        hq.publish(key.recipient(), [first.recipient(), second.recipient()]);
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(Clock(AtomicI64::new(0)));
        let phone = phone_in(&folder, "keys", &clock);
        join(&mut hq, &phone, "Robin");
        let mut team = Self {
            hq,
            key,
            custodians: [first, second],
            phone,
            clock,
            folder,
        };
        team.exchange();
        team
    }

    /// The same phone after a start of the app, with its keystore or with another one.
    pub(crate) fn start_again(&mut self, keys: &str) {
        self.phone = phone_in(&self.folder, keys, &self.clock);
    }

    pub(crate) fn exchange(&mut self) {
        let mut next = self.phone.begin_exchange(None).unwrap();
        while let Carry::Send { request } = next {
            let reply = self.hq.exchange(&request.body, START_MS);
            next = self.phone.exchange_reply(reply).unwrap();
        }
    }

    /// Another phone of the agency, in a folder of its own.
    pub(crate) fn partner(&mut self, name: &str) -> (Arc<BlockingPhone>, TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let phone = phone_in(&folder, "keys", &self.clock);
        join(&mut self.hq, &phone, name);
        (phone, folder)
    }

    /// Where the vault is.
    pub(crate) fn vault(&self) -> PathBuf {
        self.folder.path().join("phone/vault")
    }
}

/// A phone that belongs to no agency yet.
pub(crate) fn alone(folder: &TempDir, clock: &Arc<Clock>) -> Arc<BlockingPhone> {
    let phone = phone_in(folder, "keys", clock);
    phone.create(pin("2468")).unwrap();
    phone
}

fn join(hq: &mut world::Hq, phone: &BlockingPhone, name: &str) {
    phone.create(pin("2468")).unwrap();
    let code = hq.make_code(name, Roles::NONE.with(Role::Responder));
    let request = phone.begin_enrolment(code, hq.root().to_vec()).unwrap();
    phone.finish_enrolment(hq.enrol(&request.body)).unwrap();
}

fn phone_in(folder: &TempDir, keys: &str, clock: &Arc<Clock>) -> Arc<BlockingPhone> {
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let keystore = SoftwareKeystore::open(path(keys)).unwrap().keystore();
    BlockingPhone::new(path("phone"), keystore, clock.clone())
}

pub(crate) fn pin(text: &str) -> Arc<Pin> {
    Pin::of(text.bytes())
}

pub(crate) fn yes() -> Given {
    Given::One {
        answer: Answer::Value(Value::Boolean(true)),
    }
}

/// A question at the top of its assessment.
pub(crate) fn at(
    case: mooring_casefile::CaseId,
    assessment: mooring_casefile::AssessmentId,
    link: &str,
) -> AnswerPlace {
    AnswerPlace {
        case,
        assessment,
        path: AnswerPath::new(link),
    }
}
