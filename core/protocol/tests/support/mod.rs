//! What the tests share: reading files, answering by linkId, and the questionnaires that stand beside the project.
#![allow(dead_code, unreachable_pub, reason = "each test file uses its part")]

use std::path::{Path, PathBuf};

use mooring_protocol::{Answer, Level, Openness, Person, Protocol, Sheet, Value};
use serde_json::{Value as Json, json};
use uuid::Uuid;

/// An assessment in the making.
pub struct Visit {
    pub protocol: Protocol,
    pub sheet: Sheet,
    next: u128,
}

impl Visit {
    pub fn new(protocol: Protocol) -> Self {
        Self {
            protocol,
            sheet: Sheet::new(),
            next: 1,
        }
    }

    /// A protocol of the starter pack.
    pub fn of(key: &str) -> Self {
        let found = mooring_protocol::starter_pack()
            .into_iter()
            .find(|protocol| protocol.key() == key);
        Self::new(found.unwrap())
    }

    /// Answers as a screen would; panics with the fault if the answer is not taken.
    #[track_caller]
    pub fn answer(&mut self, link_id: &str, raw: &Json) -> &mut Self {
        let next = &mut self.next;
        let mut fresh = || {
            *next += 1;
            Uuid::from_u128(*next)
        };
        let edits = self
            .protocol
            .accept(link_id, &[], raw, &mut fresh, &self.sheet);
        for (path, answer) in edits.unwrap_or_else(|fault| panic!("{fault}")) {
            self.sheet.set(path, answer);
        }
        self
    }

    #[track_caller]
    pub fn yes(&mut self, link_id: &str) -> &mut Self {
        self.answer(link_id, &json!({"valueBoolean": true}))
    }

    #[track_caller]
    pub fn no(&mut self, link_id: &str) -> &mut Self {
        self.answer(link_id, &json!({"valueBoolean": false}))
    }

    /// The level of the only domain, or the worst.
    #[track_caller]
    pub fn level(&self, person: Person) -> (Level, bool) {
        let triage = self.protocol.triage(&self.sheet, person);
        let worst = triage.domains.first().unwrap();
        (worst.level, worst.at_least)
    }

    /// Which of the steps with these linkIds are open.
    pub fn open(&self) -> Vec<String> {
        let flow = self.protocol.flow(&self.sheet);
        flow.steps
            .iter()
            .filter(|step| step.open == Openness::Open)
            .map(|step| step.link_id().to_owned())
            .collect()
    }
}

pub fn yes() -> Answer {
    Answer::Value(Value::Boolean(true))
}

pub fn no() -> Answer {
    Answer::Value(Value::Boolean(false))
}

/// The folder with real Questionnaires beside the project; nothing, said aloud, where it is not there. With CI=true it must be.
pub fn questionnaires() -> Option<PathBuf> {
    // Beside the checkout, or beside a folder that several checkouts lie in.
    let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().skip(3);
    let mut folders = above.map(|folder| folder.join("shared/questionnaires"));
    let found = folders.find(|folder| folder.is_dir());
    if found.is_none() {
        assert!(
            std::env::var("CI").as_deref() != Ok("true"),
            "no folder shared/questionnaires beside the checkout, and CI=true"
        );
        eprintln!("LEFT OUT: no folder shared/questionnaires; real questionnaires were not tried");
    }
    found
}

/// One of them.
#[track_caller]
pub fn real(name: &str) -> Option<Visit> {
    let bytes = std::fs::read(questionnaires()?.join(name)).unwrap();
    Some(Visit::new(
        Protocol::parse(&bytes, None).unwrap_or_else(|faults| panic!("{name}: {faults}")),
    ))
}
