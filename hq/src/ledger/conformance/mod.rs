//! What every ledger must do, whatever engine lies below: one suite, run over the trait.

mod cases;
mod comebacks;
mod desk;
mod feed;
mod fleet;
mod log;
mod roll;
mod second_factor;
mod trail;

use mooring_casefile::{Actor, CaseId, ChangeId, DeviceId, Half, PersonId, RecordId, Role, Roles};

use mooring_exchange::Access;

use super::{
    Alert, AlertOutcome, Appended, Audit, CHAIN_BEGINS, CheckpointRow, Code, CodeUse, Comeback,
    Decision, DeviceRow, DraftRow, Entry, Fate, FeedEntry, FeedItem, GlassReviewRow, HalfSignIn,
    Hash, HeldBy, HolderRow, Leaf, Ledger, LedgerError, Mark, Moves, NewAssignment, NewPush,
    NewRun, Part, ProtocolRow, ReviewRow, SecondFactorRow, Seen, SessionRow, ShownRow, ShreddedRow,
    StaffRow,
};

/// A check and what it holds a ledger to.
type Check = (&'static str, fn(&dyn Ledger));

/// Runs every check, each over a new and empty ledger.
pub(super) fn check_all(fresh: &mut dyn FnMut() -> Box<dyn Ledger>) {
    for (name, check) in [
        log::CHECKS,
        feed::CHECKS,
        fleet::CHECKS,
        roll::CHECKS,
        comebacks::CHECKS,
        cases::CHECKS,
        desk::CHECKS,
        trail::CHECKS,
        second_factor::CHECKS,
    ]
    .concat()
    {
        println!("{name}");
        check(fresh().as_ref());
    }
}

pub(super) const PERSON: PersonId = PersonId::new([1; 16]);

pub(super) const PHONE: DeviceId = DeviceId::new([2; 16]);

pub(super) const OTHER: DeviceId = DeviceId::new([3; 16]);

pub(super) fn case(number: u8) -> CaseId {
    CaseId::derive(1_764_000_000_000, [number; 10])
}

pub(super) fn run(case: CaseId, actor: u8, first_seq: u64, last_seq: u64) -> NewRun {
    NewRun {
        case,
        half: Half::Field,
        actor: Actor::new([actor; 16]),
        first_seq,
        last_seq,
        last_change: ChangeId::new([u8::try_from(last_seq).unwrap(); 32]),
        device: PHONE,
        person: PERSON,
        roles: Roles::NONE.with(Role::Responder),
        leaf: Some(Leaf {
            index: 0,
            salt: [7; 32],
        }),
        sealed: vec![actor, 9, 9],
    }
}

pub(super) fn push(id: u8, runs: Vec<NewRun>) -> NewPush {
    NewPush {
        id: [id; 32],
        device: PHONE,
        epoch: 0,
        dev_seq: u64::from(id),
        prev: if id == 1 { [0; 32] } else { [id + 99; 32] },
        hash: [id + 100; 32],
        statement: vec![id, id],
        receipt: vec![id, 3],
        keys: Vec::new(),
        runs,
        fate: Fate::Received,
    }
}

/// One person with two phones.
pub(super) fn enrol_two(ledger: &dyn Ledger) {
    let staff = StaffRow {
        id: PERSON,
        name: "J. Okafor".into(),
        roles: Roles::NONE.with(Role::Responder),
        password: None,
        added_ms: 1,
    };
    ledger.add_staff(&staff).unwrap();
    for (number, id) in [(40, PHONE), (41, OTHER)] {
        let code = Code {
            ticket: [number; 16],
            key: [number; 32],
            person: PERSON,
            expires_ms: 100,
        };
        ledger.add_code(&code).unwrap();
        let device = DeviceRow {
            id,
            person: PERSON,
            certificate: vec![number],
            enrolled_ms: 5,
            heard_ms: None,
        };
        assert_eq!(
            ledger.enrol(&code.ticket, &device, 5),
            Ok(CodeUse::Good(PERSON))
        );
    }
}

fn append(ledger: &dyn Ledger, push: &NewPush) -> Vec<i64> {
    match ledger.append_push(push, 10).unwrap() {
        Appended::New(rows) => rows,
        Appended::Known(_) | Appended::OutOfOrder(_) => panic!("it was new"),
    }
}

fn merge(ledger: &dyn Ledger, run: i64) {
    let decision = Decision {
        run,
        fate: Fate::Merged,
        entry: Entry::Feed,
    };
    ledger
        .decide(
            &Moves {
                decisions: vec![decision],
                ..Moves::default()
            },
            20,
        )
        .unwrap();
}

fn assign(ledger: &dyn Ledger, device: DeviceId, case: CaseId) {
    give(ledger, device, case, Access::Open);
}

fn give(ledger: &dyn Ledger, device: DeviceId, case: CaseId, access: Access) {
    let assignment = NewAssignment {
        device,
        case,
        access,
        body: vec![1],
    };
    ledger
        .decide(
            &Moves {
                assignments: vec![assignment],
                ..Moves::default()
            },
            20,
        )
        .unwrap();
}
