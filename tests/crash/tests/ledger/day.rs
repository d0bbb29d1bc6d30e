//! A day at HQ: pushes, decisions, HQ's own runs and reviews, with what was acknowledged when.

use crate::{LEDGER, folder};
use mooring_casefile::{Actor, CaseId, ChangeId, DeviceId, Half, PersonId, RecordId, Role, Roles};
use mooring_crash::{Event, Files, Recording, read_folder};
use mooring_hq::ledger::sqlite::SqliteLedger;
use mooring_hq::ledger::{
    Appended, Code, Decision, Desk as _, DeviceRow, Entry, Fate, Leaf, Log as _, Moves, NewPush,
    NewRun, ReviewRow, Roll as _, ShownRow, StaffRow,
};

pub(crate) const KEY: [u8; 32] = [7; 32];
const PERSON: PersonId = PersonId::new([1; 16]);
const PHONE: DeviceId = DeviceId::new([2; 16]);
const PUSHES: u8 = 14;
const CASES: u8 = 3;

/// What was acknowledged.
pub(crate) enum Done {
    Pushed(Box<NewPush>),
    Merged(CaseId, Vec<u8>),
    Reviewed(ReviewRow),
}

/// A day that was recorded.
pub(crate) struct Day {
    pub(crate) before: Files,
    pub(crate) events: Vec<Event>,
    /// What was acknowledged, and how much had been done to the folder then.
    pub(crate) done: Vec<(usize, Done)>,
}

impl Day {
    /// Lets it happen.
    pub(crate) fn record() -> Self {
        let folder = folder();
        let file = folder.path().join(LEDGER);
        enrol(&SqliteLedger::open(&file, &KEY).unwrap());
        let before = read_folder(folder.path());
        let recording = Recording::begin(folder.path());
        let mut done = Vec::new();
        let mut ledger = SqliteLedger::open(&file, &KEY).unwrap();
        for number in 1..=PUSHES {
            if number % 5 == 0 {
                drop(ledger);
                ledger = SqliteLedger::open(&file, &KEY).unwrap();
            }
            for one in hour(&ledger, number) {
                let acknowledged = one();
                done.push((recording.len(), acknowledged));
            }
        }
        let events = recording.events();
        Self {
            before,
            events,
            done,
        }
    }
}

/// One person with one phone.
fn enrol(ledger: &SqliteLedger) {
    let staff = StaffRow {
        id: PERSON,
        name: "J. Okafor".into(),
        roles: Roles::NONE.with(Role::Responder),
        password: None,
        added_ms: 1,
    };
    ledger.add_staff(&staff).unwrap();
    let code = Code {
        ticket: [4; 16],
        key: [4; 32],
        person: PERSON,
        expires_ms: 100,
    };
    ledger.add_code(&code).unwrap();
    let device = DeviceRow {
        id: PHONE,
        person: PERSON,
        certificate: vec![4],
        enrolled_ms: 5,
        heard_ms: None,
    };
    ledger.enrol(&code.ticket, &device, 5).unwrap();
}

type Act<'l> = Box<dyn FnOnce() -> Done + 'l>;

/// One push, what became of it, an opening by HQ, and a review.
fn hour(ledger: &SqliteLedger, number: u8) -> Vec<Act<'_>> {
    let push = push(number);
    let again = push.clone();
    let own = run(number, 100 + number);
    let page = ShownRow {
        id: [number; 32],
        case: case(number),
        staff: PERSON,
        text_hash: [2; 32],
        sealed: vec![number; 900],
        shown_ms: 4,
    };
    let review = ReviewRow {
        id: RecordId::derive(5, [number; 10]),
        case: case(number),
        shown: [number; 32],
        statement: vec![number; 200],
        signed_ms: 5,
    };
    vec![
        Box::new(move || {
            let appended = ledger.append_push(&push, 10).unwrap();
            assert!(matches!(appended, Appended::New(_)));
            Done::Pushed(Box::new(push))
        }),
        Box::new(move || {
            let run = &again.runs[0];
            ledger.decide(&merge(ledger, run), 20).unwrap();
            Done::Merged(run.case, run.sealed.clone())
        }),
        Box::new(move || {
            ledger.append_own(&own, 30).unwrap();
            Done::Merged(own.case, own.sealed)
        }),
        Box::new(move || {
            ledger.keep_shown(&page).unwrap();
            ledger.keep_review(&review).unwrap();
            Done::Reviewed(review)
        }),
    ]
}

fn merge(ledger: &SqliteLedger, run: &NewRun) -> Moves {
    let undecided = ledger.undecided(run.case).unwrap();
    let row = undecided.iter().find(|row| row.run == *run).unwrap();
    Moves {
        decisions: vec![Decision {
            run: row.id,
            fate: Fate::Merged,
            entry: Entry::Feed,
        }],
        ..Moves::default()
    }
}

fn case(number: u8) -> CaseId {
    CaseId::derive(1_764_000_000_000, [number % CASES; 10])
}

fn run(number: u8, actor: u8) -> NewRun {
    NewRun {
        case: case(number),
        half: Half::Field,
        actor: Actor::new([actor; 16]),
        first_seq: 1,
        last_seq: 1,
        last_change: ChangeId::new([actor; 32]),
        device: PHONE,
        person: PERSON,
        roles: Roles::NONE.with(Role::Responder),
        leaf: Some(Leaf {
            index: 0,
            salt: [7; 32],
        }),
        sealed: vec![actor; 700],
    }
}

fn push(number: u8) -> NewPush {
    let key = |number| (case(number), [number; 32]);
    let keys = match number {
        1 => vec![key(1), key(2)],
        2 => vec![key(3)],
        _ => Vec::new(),
    };
    NewPush {
        id: [number; 32],
        device: PHONE,
        epoch: 0,
        dev_seq: u64::from(number),
        prev: if number == 1 {
            [0; 32]
        } else {
            [number + 99; 32]
        },
        hash: [number + 100; 32],
        statement: vec![number; 150],
        receipt: vec![number; 150],
        keys,
        fate: Fate::Received,
        runs: vec![run(number, number), run(number + 1, 50 + number)],
    }
}
