//! After a lock nothing of a case, no key and no PIN is left in memory: all of this process that can be read is searched for their
//! bytes. Alone in its process, so that nothing but this test can put them there.

#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test's own helpers may stop it, and say what they found"
)]

use mooring::{
    AnswerPlace, BlockingPhone, Given, PhoneState, Pin, Reading, SoftwareKeystore, Watch,
    WatchError,
};
use mooring_casefile::CaseId;
use mooring_identity::{SoftwareKeyProvider, VaultHeader};
use mooring_protocol::{Answer, AnswerPath, Value};
use std::fs::{self, File};
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::sync::Arc;

/// What is looked for is kept turned over, so that the search never finds itself.
const TURN: u8 = 0x15;

/// Words that stand in the case, turned over: a title, an answer, a note's text, a question to HQ, a reason.
const WORDS: [&[u8; 24]; 5] = [
    b"|zq`ytg8vtas|f}8n`gv}8dd",
    b"dtnlpx8ypqpg}ty8vzgqty8f",
    b"vt`stgpz8gpqyty8|x`sx8tt",
    b"~tgx|n|8qzxygp8u|sc8fp}8",
    b"rpgpvs~p8e|`zyz8jxyn`8se",
];
const PIN: &[u8; 12] = b"\x93\x1c\xe4\x57\xa8\x3d\xf2\x61\xbb\x0e\xd5\x48";

struct Still;

impl Watch for Still {
    fn read(&self) -> Result<Reading, WatchError> {
        Ok(Reading {
            wall_ms: 1_800_000_000_000,
            uptime_ms: 1,
            boot: "one".to_owned(),
        })
    }
}

/// Bytes that must not be found, turned over.
struct Wanted {
    name: &'static str,
    turned: Vec<u8>,
}

impl Wanted {
    fn turned(name: &'static str, turned: &[u8]) -> Self {
        let turned = turned.to_vec();
        Self { name, turned }
    }

    fn plain(name: &'static str, plain: &[u8]) -> Self {
        let turned = plain.iter().map(|byte| byte ^ TURN).collect();
        Self { name, turned }
    }
}

fn word(turned: &[u8]) -> String {
    turned.iter().map(|byte| char::from(byte ^ TURN)).collect()
}

fn pin() -> Arc<Pin> {
    Pin::of(PIN.iter().map(|byte| byte ^ TURN))
}

/// Where each stands in what this process can read for itself alone.
fn found(wanted: &[Wanted]) -> Vec<(&'static str, String)> {
    let maps = fs::read_to_string("/proc/self/maps").unwrap();
    let memory = File::open("/proc/self/mem").unwrap();
    let mut found = Vec::new();
    for line in maps.lines() {
        let mut fields = line.split_whitespace();
        let (range, rights) = (fields.next().unwrap(), fields.next().unwrap());
        if !(rights.starts_with('r') && rights.ends_with('p')) || line.ends_with("[vvar]") {
            continue;
        }
        let (from, to) = range.split_once('-').unwrap();
        let from = u64::from_str_radix(from, 16).unwrap();
        let to = u64::from_str_radix(to, 16).unwrap();
        in_range(&memory, from, to, wanted, |name, at| {
            found.push((name, format!("{at:x} in {line}")));
        });
    }
    found
}

/// The library keeps panics quiet, so that what was found is said before.
#[track_caller]
fn check_gone(wanted: &[Wanted], when: &str) {
    let found = found(wanted);
    for (name, place) in &found {
        println!("{when}: {name} at {place}");
    }
    assert!(found.is_empty());
}

/// Turned over as it is read, so that what is read here is not found the next time.
fn in_range(
    memory: &File,
    from: u64,
    to: u64,
    wanted: &[Wanted],
    mut tell: impl FnMut(&'static str, u64),
) {
    const PIECE: usize = 1 << 16;
    const OVERLAP: usize = 128;
    let mut piece = vec![0; PIECE + OVERLAP];
    let mut at = from;
    while at < to {
        let Ok(length) = memory.read_at(&mut piece, at) else {
            break;
        };
        let read = &mut piece[..length];
        for byte in &mut *read {
            *byte ^= TURN;
        }
        for (offset, byte) in read.iter().enumerate().take(PIECE) {
            for one in wanted {
                if *byte == one.turned[0] && read[offset..].starts_with(&one.turned) {
                    tell(one.name, at + offset as u64);
                }
            }
        }
        at += PIECE as u64;
    }
}

/// The keys of the vault in this folder, as its own code derives them.
fn keys(folder: &Path) -> Vec<Wanted> {
    let mut keystore = SoftwareKeyProvider::parse(&fs::read(folder.join("keys")).unwrap()).unwrap();
    let header = fs::read(folder.join("phone/vault/header")).unwrap();
    let header = VaultHeader::parse(&header).unwrap();
    let hardware = header.unwrap_hardware(&mut keystore).unwrap();
    let mut plain: Vec<u8> = PIN.iter().map(|byte| byte ^ TURN).collect();
    let key = header.unlock(&plain, &hardware).unwrap();
    plain.fill(0);
    let database = key.derive_database_key();
    let hex = |upper: bool| -> Vec<u8> {
        let digits = if upper {
            b"0123456789ABCDEF"
        } else {
            b"0123456789abcdef"
        };
        let each = database.expose().iter();
        each.flat_map(|byte| {
            [
                digits[usize::from(byte >> 4)],
                digits[usize::from(byte & 15)],
            ]
        })
        .collect()
    };
    vec![
        Wanted::plain("the keystore's secret", hardware.expose()),
        Wanted::plain("the database's key", database.expose()),
        Wanted::plain("the database's key in hex", &hex(false)),
        Wanted::plain("the database's key in upper hex", &hex(true)),
    ]
}

/// A visit with every word in it, shown and listed once.
fn visit(phone: &BlockingPhone) -> CaseId {
    let [title, answer, note, question, reason] = WORDS.map(|turned| word(turned));
    let case = phone.new_case(title, None).unwrap();
    let interview = "suicide-risk-interview".to_owned();
    let assessment = phone.start(case, interview).unwrap();
    let at = AnswerPlace {
        case,
        assessment,
        path: AnswerPath::new("own-words"),
    };
    let answer = Answer::Value(Value::String(answer));
    phone.answer(at.clone(), Given::One { answer }).unwrap();
    phone.note(case, "seen".to_owned(), note).unwrap();
    phone.ask(case, question, None).unwrap();
    phone.retract(at, reason).unwrap();
    drop(phone.show(case).unwrap());
    drop(phone.list().unwrap());
    case
}

#[test]
fn nothing_of_a_case_no_key_and_no_pin_is_in_memory_after_a_lock() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let keystore = SoftwareKeystore::open(path("keys")).unwrap().keystore();
    let phone = BlockingPhone::new(path("phone"), keystore, Arc::new(Still));
    assert_eq!(phone.create(pin()).unwrap(), PhoneState::OpenNotEnrolled);
    let names = ["title", "answer", "note", "question", "reason"];
    let mut wanted: Vec<_> = std::iter::zip(names, WORDS)
        .map(|(name, turned)| Wanted::turned(name, turned))
        .collect();
    wanted.push(Wanted::turned("PIN", PIN));
    wanted.extend(keys(folder.path()));

    let case = visit(&phone);
    let before = found(&wanted);
    for name in names.into_iter().chain(["the database's key"]) {
        let there = before.iter().any(|(found, _)| *found == name);
        println!("{name} is in memory while the vault is open: {there}");
        assert!(there);
    }
    phone.lock().unwrap();
    check_gone(&wanted, "after a lock");

    phone.unlock(pin()).unwrap();
    drop(phone.show(case).unwrap());
    phone.lock().unwrap();
    check_gone(&wanted, "after another lock");
}
