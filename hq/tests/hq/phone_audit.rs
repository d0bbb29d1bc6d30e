//! Phones' own audits at HQ: joined once, whatever is lost on the way, and what does not hang together is noticed.

use mooring_casefile::{CaseId, Role};
use mooring_exchange::{AUDIT_BEGINS, AuditAct, AuditActs, Effect, Event};
use mooring_hq::{AuditBook, Broken, Verified, Wanted};

use crate::audit::tamper;
use crate::phone::Phone;
use crate::world::{World, at};

const LOST: bool = true;

fn case() -> CaseId {
    CaseId::derive(at(0).wall_ms, [5; 10])
}

fn act(number: u8) -> AuditAct {
    AuditAct {
        at_ms: at(i64::from(number)).wall_ms,
        kind: 3,
        case: (number == 2).then(case),
    }
}

/// The rows `numbers` of one honest history, or of another that has another row 3.
fn acts(numbers: std::ops::RangeInclusive<u8>, third: u8) -> AuditActs {
    let mut hashes = vec![AUDIT_BEGINS];
    let mut all = Vec::new();
    for number in 1..=*numbers.end() {
        let mut act = act(number);
        if number == 3 {
            act.kind = third;
        }
        hashes.push(act.hash(u64::from(number), hashes.last().unwrap()));
        all.push(act);
    }
    let first = usize::from(*numbers.start());
    AuditActs {
        before: hashes[first - 1],
        first: first as u64,
        acts: all[first - 1..].to_vec(),
        head: *hashes.last().unwrap(),
    }
}

/// Sends them; whether the phone was told that HQ holds them.
fn send(world: &World, phone: &mut Phone, acts: &AuditActs, lost: bool) -> bool {
    let mut session = phone.start_session(None);
    session.carry(acts.clone());
    let mut event = Event::Start;
    let mut told = false;
    loop {
        let mut next = None;
        for effect in phone.step(&mut session, event, at(30)) {
            match effect {
                Effect::Send(bytes) => {
                    let reply = world.hq.exchange(&bytes, at(30)).bytes;
                    if lost {
                        return false;
                    }
                    next = Some(Event::Reply(reply));
                }
                Effect::Done(_) => return told,
                Effect::StoreAudit(mark) => {
                    assert_eq!(mark, acts.mark());
                    told = true;
                }
                stored => phone.store(stored),
            }
        }
        event = next.unwrap_or(Event::Stored(None));
    }
}

fn world() -> (World, Phone) {
    let world = World::new();
    let phone = world.phone("J. Okafor", Role::Responder, at(0));
    (world, phone)
}

fn verify(world: &World) -> Result<Verified, Broken> {
    AuditBook::open(world.folder.path(), None)
        .unwrap()
        .verify()
        .unwrap()
}

fn noted(world: &World) -> Vec<String> {
    let noted = verify(world).unwrap().noted;
    noted.into_iter().map(|noted| noted.what).collect()
}

fn rows(world: &World) -> u64 {
    verify(world).unwrap().phone_rows
}

#[test]
fn what_a_phone_did_is_joined_once_however_often_it_is_sent() {
    let (world, mut phone) = world();
    assert!(!send(&world, &mut phone, &acts(1..=2, 3), LOST));
    assert!(send(&world, &mut phone, &acts(1..=3, 3), !LOST));
    assert!(send(&world, &mut phone, &acts(1..=3, 3), !LOST));
    assert!(send(&world, &mut phone, &acts(4..=9, 3), !LOST));
    assert!(send(&world, &mut phone, &acts(2..=9, 3), !LOST));
    assert_eq!((rows(&world), noted(&world)), (9, vec![]));
    let mut of_case = Vec::new();
    let wanted = Wanted {
        case: Some(case()),
        since_ms: None,
    };
    let book = AuditBook::open(world.folder.path(), None).unwrap();
    book.show(wanted, |line| of_case.push(line.words)).unwrap();
    assert_eq!(of_case.len(), 1, "{of_case:?}");
    assert!(of_case[0].starts_with("on-phone read-case"));
}

#[test]
fn a_gap_is_noticed_and_what_came_is_kept() {
    let (world, mut phone) = world();
    assert!(send(&world, &mut phone, &acts(1..=2, 3), !LOST));
    assert!(send(&world, &mut phone, &acts(5..=6, 3), !LOST));
    assert!(send(&world, &mut phone, &acts(5..=6, 3), !LOST));
    assert!(send(&world, &mut phone, &acts(7..=8, 3), !LOST));
    assert_eq!((rows(&world), noted(&world)), (6, vec!["gap".to_owned()]));
}

#[test]
fn a_phone_whose_first_rows_never_came_is_noticed() {
    let (world, mut phone) = world();
    assert!(send(&world, &mut phone, &acts(3..=4, 3), !LOST));
    assert_eq!(noted(&world), ["gap"]);
}

#[test]
fn another_history_is_a_fork_and_both_are_kept() {
    let (world, mut phone) = world();
    assert!(send(&world, &mut phone, &acts(1..=4, 3), !LOST));
    assert!(send(&world, &mut phone, &acts(2..=6, 4), !LOST));
    assert!(send(&world, &mut phone, &acts(7..=7, 4), !LOST));
    assert_eq!(
        (rows(&world), noted(&world)),
        (4 + 4 + 1, vec!["fork".to_owned()])
    );
    let (world, mut phone) = self::world();
    assert!(send(&world, &mut phone, &acts(1..=4, 3), !LOST));
    assert!(send(&world, &mut phone, &acts(5..=6, 4), !LOST));
    assert_eq!(
        noted(&world),
        ["fork"],
        "even where only the row before tells"
    );
}

#[test]
fn a_row_that_was_altered_on_the_phone_is_noticed() {
    let (world, mut phone) = world();
    let mut altered = acts(1..=4, 3);
    altered.acts[1].case = None;
    assert!(send(&world, &mut phone, &altered, !LOST));
    assert_eq!(noted(&world), ["altered"]);
}

#[test]
fn one_phone_says_nothing_about_another() {
    let (world, mut phone) = world();
    let mut other = world.phone("K. Osei", Role::Responder, at(0));
    assert!(send(&world, &mut phone, &acts(1..=4, 3), !LOST));
    assert!(send(&world, &mut other, &acts(1..=2, 4), !LOST));
    assert_eq!((rows(&world), noted(&world)), (6, vec![]));
}

#[test]
fn what_is_done_to_phones_rows_behind_hqs_back_is_named() {
    let check = |sql: &str, expected: fn(&Broken) -> bool| {
        let (world, mut phone) = world();
        assert!(send(&world, &mut phone, &acts(1..=4, 3), !LOST));
        assert!(verify(&world).is_ok());
        tamper(
            &world.folder,
            &format!("DROP TRIGGER phone_audit_stays; DROP TRIGGER phone_audit_is_fixed; {sql}"),
        );
        let broken = verify(&world).unwrap_err();
        assert!(expected(&broken), "{sql}: {broken}");
    };
    let second = |broken: &Broken| matches!(broken, Broken::PhoneRow { position: 2, .. });
    check(
        "UPDATE phone_audit SET case_id = NULL WHERE position = 2",
        second,
    );
    check("DELETE FROM phone_audit WHERE position = 2", second);
    check("DELETE FROM phone_audit WHERE position = 4", |broken| {
        matches!(broken, Broken::PhoneRow { position: 4, .. })
    });
    check(
        "INSERT INTO phone_audit SELECT device, 7, position, at_ms, kind, case_id, hash FROM phone_audit",
        |broken| *broken == Broken::PhoneRowsBeyond { rows: 4 },
    );
}
