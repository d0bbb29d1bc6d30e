//! A small agency: a protocol of five questions, people with roles, phones that exchange runs.

use std::collections::BTreeMap;

use mooring_casefile::{
    Actor, AssessmentId, Attribution, CaseFile, Change, ChangeId, DeviceId, Edit, EditError, Half,
    Merge, Now, PersonId, RecordId, Role, Roles, Run, Shelf, Writer,
};
use mooring_protocol::{Answer, AnswerPath, Level, Protocol, ProtocolHash, ShownLevel, Value};

pub(crate) use crate::visit::Visit;

/// 2025-11-24 02:34:00 UTC.
pub(crate) const START_MS: i64 = 1_763_951_640_000;

const QUESTIONS: &str = r#"{"resourceType":"Questionnaire","id":"talk","title":"A talk","status":"active","item":[
 {"linkId":"wish","text":"Wish","type":"boolean"},
 {"linkId":"thoughts","text":"Thoughts","type":"boolean"},
 {"linkId":"plan","text":"Plan","type":"boolean","enableWhen":[{"question":"thoughts","operator":"=","answerBoolean":true}]},
 {"linkId":"attempt","text":"Attempt","type":"boolean"},
 {"linkId":"support","text":"Somebody stays","type":"boolean"}]}"#;

const RULES: &str = r#"{"version":0,"protocol":"talk","not_validated":true,
 "minor_refusal_counts_as":[{"link":"wish"}],
 "rules":[
 {"id":"attempt","domain":"suicide","level":"imminent","when":{"yes":"attempt"},"reason":"Attempt","source":"test","policy":true},
 {"id":"plan","domain":"suicide","level":"high","when":{"yes":"plan"},"reason":"Plan","source":"test","policy":true},
 {"id":"thoughts","domain":"suicide","level":"moderate","when":{"yes":"thoughts"},"reason":"Thoughts","source":"test","policy":true},
 {"id":"alone","domain":"suicide","level":"moderate","when":{"no":"support"},"reason":"Nobody stays","source":"test","policy":true},
 {"id":"wish","domain":"suicide","level":"low","when":{"yes":"wish"},"reason":"Wish","source":"test","policy":true}]}"#;

/// The five questions.
pub(crate) const LINKS: [&str; 5] = ["wish", "thoughts", "plan", "attempt", "support"];

pub(crate) struct Books(BTreeMap<ProtocolHash, Protocol>);

impl Books {
    pub(crate) fn new() -> Self {
        let talk = Protocol::parse(QUESTIONS.as_bytes(), Some(RULES.as_bytes())).unwrap();
        Self([(talk.hash(), talk)].into())
    }

    pub(crate) fn empty() -> Self {
        Self(BTreeMap::new())
    }

    pub(crate) fn talk(&self) -> ProtocolHash {
        *self.0.keys().next().unwrap()
    }
}

impl Shelf for Books {
    fn protocol(&self, hash: &ProtocolHash) -> Option<&Protocol> {
        self.0.get(hash)
    }

    fn name(&self, person: &PersonId) -> String {
        let names = ["", "J. Okafor", "L. Brandt", "M. Ito", "P. Stern", "C. Roy"];
        names
            .get(usize::from(person.bytes()[0]))
            .unwrap_or(&"somebody")
            .to_string()
    }
}

/// J. Okafor, a responder.
pub(crate) const OKAFOR: u8 = 1;
/// L. Brandt, a responder.
pub(crate) const BRANDT: u8 = 2;
/// M. Ito, a clinician.
pub(crate) const ITO: u8 = 3;
/// P. Stern, a psychiatrist at headquarters.
pub(crate) const STERN: u8 = 4;
/// C. Roy, a clinician and a supervisor.
pub(crate) const ROY: u8 = 5;

pub(crate) fn writer(person: u8) -> Writer {
    let roles = match person {
        ITO => Roles::NONE.with(Role::Clinician),
        STERN => Roles::NONE.with(Role::Psychiatrist),
        ROY => Roles::NONE.with(Role::Clinician).with(Role::Supervisor),
        _ => Roles::NONE.with(Role::Responder),
    };
    let device = if person == STERN {
        DeviceId::HQ
    } else {
        DeviceId::new([person; 16])
    };
    let who = Attribution {
        device,
        person: PersonId::new([person; 16]),
        roles,
    };
    Writer {
        actor: Actor::new([0xa0 + person; 16]),
        who,
    }
}

/// Time and chance of a test: both only ever count up.
#[derive(Clone, Default)]
pub(crate) struct Fate {
    pub(crate) seconds: i64,
    drawn: u64,
}

impl Fate {
    pub(crate) fn now(&mut self) -> Now {
        self.seconds += 1;
        let uptime_ms = u64::try_from(self.seconds).unwrap() * 1_000;
        Now {
            wall_ms: START_MS + self.seconds * 1_000,
            uptime_ms,
            boot_id: [7; 16],
        }
    }

    pub(crate) fn chance(&mut self) -> [u8; 10] {
        self.drawn += 1;
        let mut chance = [0; 10];
        chance[2..].copy_from_slice(&self.drawn.to_be_bytes());
        chance
    }

    pub(crate) fn record(&mut self) -> RecordId {
        RecordId::derive(START_MS, self.chance())
    }

    pub(crate) fn assessment(&mut self) -> AssessmentId {
        AssessmentId::derive(START_MS, self.chance())
    }
}

pub(crate) fn yes() -> Answer {
    Answer::Value(Value::Boolean(true))
}

pub(crate) fn no() -> Answer {
    Answer::Value(Value::Boolean(false))
}

pub(crate) fn path(link: &str) -> AnswerPath {
    AnswerPath::new(link)
}

/// One writer's copy of the case.
#[derive(Clone)]
pub(crate) struct Phone {
    pub(crate) file: CaseFile,
    pub(crate) writer: Writer,
}

impl Phone {
    pub(crate) fn of(person: u8, file: &CaseFile) -> Self {
        Self {
            file: file.clone(),
            writer: writer(person),
        }
    }

    pub(crate) fn write(&mut self, edit: &Edit, fate: &mut Fate) -> Result<Change, EditError> {
        self.file.apply(edit, &self.writer, fate.now())
    }

    /// Takes in everything that the other has, by runs.
    pub(crate) fn pull(&mut self, other: &Self) {
        for half in Half::BOTH {
            for run in other.runs_for(self, half) {
                let merged = self.file.merge(&run, &who_wrote(&other.file, &run));
                assert!(
                    matches!(merged, Merge::Merged(_) | Merge::Known),
                    "{merged:?}"
                );
            }
        }
    }

    fn runs_for(&self, receiver: &Self, half: Half) -> Vec<Run> {
        let marks = receiver
            .file
            .marks(half)
            .into_iter()
            .map(|(actor, (seq, _))| (actor, seq))
            .collect();
        in_order(self.file.runs_since(half, &marks), receiver, self)
    }
}

/// Runs in an order in which none has to wait.
fn in_order(mut runs: Vec<Run>, receiver: &Phone, sender: &Phone) -> Vec<Run> {
    let mut probe = receiver.file.clone();
    let mut ordered = Vec::new();
    while !runs.is_empty() {
        let before = runs.len();
        let mut left = Vec::new();
        for run in runs {
            // Runs of several actors can depend on each other crosswise: then change by change.
            match probe.merge(&run, &who_wrote(&sender.file, &run)) {
                Merge::Waiting { .. } => left.extend(split(run)),
                Merge::Merged(_) | Merge::Known | Merge::Held(_) => ordered.push(run),
            }
        }
        runs = left;
        assert!(runs.len() < before.max(2) * 1_000, "no progress");
    }
    ordered
}

pub(crate) fn split(run: Run) -> Vec<Run> {
    let (case, half, actor) = (run.case, run.half, run.actor);
    let single = |(seq, bytes): (u64, Vec<u8>)| {
        let last = id_of(&bytes);
        Run {
            case,
            half,
            actor,
            first_seq: seq,
            last_seq: seq,
            last,
            changes: vec![bytes],
        }
    };
    (run.first_seq..).zip(run.changes).map(single).collect()
}

/// A change's hash: SHA-256 over the chunk's kind, length and content.
pub(crate) fn id_of(bytes: &[u8]) -> ChangeId {
    use sha2::{Digest as _, Sha256};
    ChangeId::new(Sha256::digest(&bytes[8..]).into())
}

pub(crate) fn who_wrote(file: &CaseFile, run: &Run) -> Attribution {
    let all = file.who();
    all.iter()
        .find(|(half, actor, _)| (*half, *actor) == (run.half, run.actor))
        .unwrap()
        .2
}

pub(crate) fn meet(phones: &mut [Phone]) {
    for _ in 0..2 {
        for one in 0..phones.len() {
            for other in 0..phones.len() {
                if one != other {
                    let from = phones[other].clone();
                    phones[one].pull(&from);
                }
            }
        }
    }
}

pub(crate) fn words(level: Level, at_least: bool) -> &'static str {
    ShownLevel { level, at_least }.words()
}
