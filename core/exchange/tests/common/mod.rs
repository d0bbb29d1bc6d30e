//! What the tests share: real changes, made-up chunks, and two ends with stores in memory.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    clippy::wildcard_imports,
    reason = "each test file uses a part of this; a helper stops its test where it fails"
)]

pub mod hq;
pub mod phone;

use mooring_casefile::{
    Actor, AssessmentId, Attribution, CaseFile, CaseId, Change, ChangeId, DeviceId, Edit, Half,
    NewCase, Now, PersonId, Role, Roles, Run, Writer,
};
use mooring_identity::{AgencyId, KeySet, Random, Secret, SigningKey};
use mooring_protocol::{Answer, AnswerPath, ProtocolHash};
use sha2::{Digest, Sha256};

pub const AGENCY: AgencyId = AgencyId([0xa9; 32]);
pub const PHONE: DeviceId = DeviceId::new([1; 16]);
pub const NOW_MS: i64 = 1_764_000_000_000;

/// A test's chance: SHA-256 of a counter.
pub struct Seeded(pub u64);

impl Seeded {
    pub fn number(&mut self, below: u64) -> u64 {
        let mut bytes = [0; 8];
        self.fill(&mut bytes);
        u64::from_le_bytes(bytes) % below
    }
}

impl Random for Seeded {
    fn fill(&mut self, out: &mut [u8]) {
        for part in out.chunks_mut(32) {
            self.0 += 1;
            part.copy_from_slice(&Sha256::digest(self.0.to_le_bytes())[..part.len()]);
        }
    }
}

pub fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed(Secret::take(&mut [seed; 32]))
}

pub fn hq_key() -> SigningKey {
    key(200)
}

pub fn key_set() -> KeySet {
    KeySet {
        agency: AGENCY,
        serial: 1,
        made_ms: 0,
        keys: vec![hq_key().verify_key()],
    }
}

pub fn responder(device: DeviceId) -> Attribution {
    Attribution {
        device,
        person: PersonId::new([7; 16]),
        roles: Roles::NONE.with(Role::Responder),
    }
}

/// A visit as the case file writes it: a case, an assessment and its answers, by one actor.
pub fn visit(number: u64, answers: u64) -> Run {
    let mut random = Seeded(number << 20);
    let (mut actor, mut chance) = ([0; 16], [0; 10]);
    random.fill(&mut actor);
    random.fill(&mut chance);
    let by = Writer {
        actor: Actor::new(actor),
        who: responder(PHONE),
    };
    let mut wall_ms = NOW_MS + i64::try_from(number).unwrap() * 4_000_123;
    let mut now = |random: &mut Seeded| {
        wall_ms += 3_000 + i64::try_from(random.number(37_000)).unwrap();
        Now {
            wall_ms,
            uptime_ms: 1,
            boot_id: [5; 16],
        }
    };
    let case = CaseId::derive(NOW_MS, chance);
    random.fill(&mut chance);
    let assessment = AssessmentId::derive(NOW_MS, chance);
    let new = NewCase {
        case,
        title: format!("Person {number}"),
        minor: Some(false),
    };
    let (mut file, first) = CaseFile::create(&new, &by, now(&mut random)).unwrap();
    let protocol = ProtocolHash([3; 32]);
    let start = Edit::StartAssessment {
        id: assessment,
        protocol,
        key: "suicide-risk-interview".into(),
    };
    let mut changes = vec![first, file.apply(&start, &by, now(&mut random)).unwrap()];
    for question in 0..answers {
        let path = AnswerPath::new(&format!("question-{question}"));
        let edit = Edit::Answer {
            assessment,
            answers: vec![(path, answer(question, &mut random))],
            told: None,
        };
        changes.push(file.apply(&edit, &by, now(&mut random)).unwrap());
    }
    run_of(changes)
}

/// What an answer is, mostly: yes or no; each tenth in words.
pub fn answer(question: u64, random: &mut Seeded) -> Answer {
    const WORDS: [&str; 12] = [
        "pacing",
        "calm",
        "tearful",
        "agitated",
        "quiet",
        "speaking softly",
        "offered water",
        "sister present",
        "wants to go home",
        "slept two hours",
        "no weapon seen",
        "door open",
    ];
    let raw = if question % 10 == 9 {
        let mut word = || WORDS[usize::try_from(random.number(12)).unwrap()];
        serde_json::json!({ "valueString": format!("{} and {}", word(), word()) })
    } else {
        serde_json::json!({ "valueBoolean": random.number(3) == 0 })
    };
    Answer::from_json(&raw).unwrap()
}

pub fn run_of(changes: Vec<Change>) -> Run {
    let (first, last) = (changes.first().unwrap(), changes.last().unwrap());
    Run {
        case: first.case,
        half: first.half,
        actor: first.actor,
        first_seq: first.seq,
        last_seq: last.seq,
        last: last.id,
        changes: changes.into_iter().map(|change| change.bytes).collect(),
    }
}

/// A change chunk made by hand: no document would take it, but it is one to whoever only carries it.
pub fn chunk(actor: [u8; 16], seq: u64, deps: &[[u8; 32]], rest: &[u8]) -> (Vec<u8>, ChangeId) {
    // 1,764,000,000 as signed LEB128.
    chunk_at(&[0x80, 0xda, 0x91, 0xc9, 0x06], actor, seq, deps, rest)
}

/// The same with these bytes for its time.
pub fn chunk_at(
    time: &[u8],
    actor: [u8; 16],
    seq: u64,
    deps: &[[u8; 32]],
    rest: &[u8],
) -> (Vec<u8>, ChangeId) {
    let mut body = vec![u8::try_from(deps.len()).unwrap()];
    body.extend(deps.iter().flatten());
    body.push(16);
    body.extend(actor);
    leb(seq, &mut body);
    leb(seq * 2, &mut body);
    body.extend(time);
    body.extend(b"\x03042");
    body.extend(rest);
    let mut hashed = vec![1];
    leb(body.len() as u64, &mut hashed);
    hashed.extend(body);
    let hash: [u8; 32] = Sha256::digest(&hashed).into();
    let mut out = vec![0x85, 0x6f, 0x4a, 0x83];
    out.extend(&hash[..4]);
    out.extend(hashed);
    (out, ChangeId::new(hash))
}

fn leb(mut value: u64, out: &mut Vec<u8>) {
    while value > 0x7f {
        out.push(u8::try_from(value & 0x7f).unwrap() | 0x80);
        value >>= 7;
    }
    out.push(u8::try_from(value).unwrap());
}

/// A run of made-up chunks, each with so many bytes that do not pack.
pub fn heavy_run(number: u8, changes: u64, bytes_each: usize) -> Run {
    let mut random = Seeded(u64::from(number) << 40);
    let actor = [number; 16];
    let (mut deps, mut made, mut last) = (Vec::new(), Vec::new(), ChangeId::new([0; 32]));
    for seq in 1..=changes {
        let mut rest = vec![0; bytes_each];
        random.fill(&mut rest);
        let (bytes, id) = chunk(actor, seq, &deps, &rest);
        (deps, last) = (vec![id.bytes()], id);
        made.push(bytes);
    }
    Run {
        case: CaseId::derive(NOW_MS, [number; 10]),
        half: Half::Field,
        actor: Actor::new(actor),
        first_seq: 1,
        last_seq: changes,
        last,
        changes: made,
    }
}
