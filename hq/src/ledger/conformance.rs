//! What every ledger must do, whatever engine lies below: one suite, run over the trait.

use mooring_casefile::{Actor, CaseId, ChangeId, DeviceId, Half, PersonId, RecordId, Role, Roles};

use super::{
    Alert, AlertOutcome, Appended, Audit, Code, CodeUse, Decision, DeviceRow, DraftRow, Entry,
    Fate, FeedEntry, FeedItem, Hash, Leaf, Ledger, LedgerError, Mark, Moves, NewAssignment,
    NewPush, NewRun, Part, ProtocolRow, ReviewRow, SessionRow, ShownRow, StaffRow,
};

/// Runs every check, each over a new and empty ledger.
pub(super) fn check_all(fresh: &mut dyn FnMut() -> Box<dyn Ledger>) {
    let checks: &[(&str, fn(&dyn Ledger))] = &[
        ("a push lands whole and once", a_push_lands_whole_and_once),
        (
            "a push of an unknown phone lands not at all",
            a_push_of_an_unknown_phone_lands_not_at_all,
        ),
        (
            "a push that does not follow lands not at all",
            a_push_that_does_not_follow_lands_not_at_all,
        ),
        (
            "parts come back in order and go with their push",
            parts_come_back_in_order_and_go_with_their_push,
        ),
        (
            "a nonce is spent once until it expires",
            a_nonce_is_spent_once_until_it_expires,
        ),
        (
            "a merged run is fed once, in the order of decisions",
            a_merged_run_is_fed_once_in_the_order_of_decisions,
        ),
        (
            "a case assigned later comes from its beginning",
            a_case_assigned_later_comes_from_its_beginning,
        ),
        (
            "a range of the feed never changes",
            a_range_of_the_feed_never_changes,
        ),
        (
            "marks tell merged and what lies beyond",
            marks_tell_merged_and_what_lies_beyond,
        ),
        ("a merged run stays merged", a_merged_run_stays_merged),
        ("a case keeps its first key", a_case_keeps_its_first_key),
        (
            "a code works once and in time",
            a_code_works_once_and_in_time,
        ),
        (
            "staff names are unique whatever their case",
            staff_names_are_unique_whatever_their_case,
        ),
        (
            "a new password ends every session",
            a_new_password_ends_every_session,
        ),
        (
            "failures count until a success",
            failures_count_until_a_success,
        ),
        ("a protocol is fed once", a_protocol_is_fed_once),
        (
            "a page as shown is never rewritten",
            a_page_as_shown_is_never_rewritten,
        ),
        ("a rung is claimed once", a_rung_is_claimed_once),
        (
            "a draft is replaced, an audit row is not",
            a_draft_is_replaced_an_audit_row_is_not,
        ),
    ];
    for (name, check) in checks {
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
                assignments: vec![],
            },
            20,
        )
        .unwrap();
}

fn assign(ledger: &dyn Ledger, device: DeviceId, case: CaseId) {
    let assignment = NewAssignment {
        device,
        case,
        body: vec![1],
    };
    ledger
        .decide(
            &Moves {
                decisions: vec![],
                assignments: vec![assignment],
            },
            20,
        )
        .unwrap();
}

fn fed_runs(entries: &[FeedEntry]) -> Vec<(u64, u64)> {
    let run = |entry: &FeedEntry| match &entry.item {
        FeedItem::Run(row) => Some((entry.cursor, row.run.last_seq)),
        FeedItem::Directory(_) | FeedItem::Protocol(_) | FeedItem::Assignment { .. } => None,
    };
    entries.iter().filter_map(run).collect()
}

fn a_push_lands_whole_and_once(ledger: &dyn Ledger) {
    enrol_two(ledger);
    let new = push(1, vec![run(case(1), 1, 1, 2), run(case(2), 1, 1, 1)]);
    append(ledger, &new);
    assert_eq!(
        ledger.append_push(&new, 11),
        Ok(Appended::Known(new.receipt.clone()))
    );
    assert_eq!(ledger.cases().unwrap(), [case(1), case(2)]);
    let rows = ledger.runs(case(1)).unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(
        (&rows[0].run, &rows[0].fate, rows[0].received_ms),
        (&new.runs[0], &Fate::Received, 10)
    );
    let kept = ledger.push(&new.id).unwrap().unwrap();
    assert_eq!(
        (kept.hash, kept.statement, kept.dev_seq),
        (new.hash, new.statement, 1)
    );
    assert_eq!(kept.receipt, new.receipt);
    assert_eq!(ledger.last_push(PHONE, 0).unwrap().unwrap().id, [1; 32]);
    assert_eq!(ledger.last_push(PHONE, 1), Ok(None));
    assert_eq!(ledger.undecided_cases().unwrap(), [case(1), case(2)]);
}

fn a_push_of_an_unknown_phone_lands_not_at_all(ledger: &dyn Ledger) {
    assert!(
        ledger
            .append_push(&push(1, vec![run(case(1), 1, 1, 1)]), 10)
            .is_err()
    );
    assert_eq!(ledger.cases(), Ok(vec![]));
    assert_eq!(ledger.push(&[1; 32]), Ok(None));
}

fn a_push_that_does_not_follow_lands_not_at_all(ledger: &dyn Ledger) {
    enrol_two(ledger);
    let second = push(2, vec![run(case(1), 1, 1, 1)]);
    assert_eq!(
        ledger.append_push(&second, 9),
        Ok(Appended::OutOfOrder(None))
    );
    append(ledger, &push(1, vec![]));
    let forked = NewPush {
        prev: [9; 32],
        ..second.clone()
    };
    let last = ledger.last_push(PHONE, 0).unwrap();
    assert_eq!(
        ledger.append_push(&forked, 9),
        Ok(Appended::OutOfOrder(last))
    );
    assert_eq!(ledger.cases(), Ok(vec![]));
    append(ledger, &second);
    assert_eq!(
        ledger.append_push(&push(1, vec![]), 9),
        Ok(Appended::Known(vec![1, 3])),
        "an old one is known"
    );
}

fn parts_come_back_in_order_and_go_with_their_push(ledger: &dyn Ledger) {
    enrol_two(ledger);
    let part = |push: u8, start: u64, byte: u8| Part {
        device: PHONE,
        push: [push; 32],
        start,
        total: 6,
        bytes: vec![byte; 3],
    };
    for part in [part(1, 3, 8), part(1, 0, 7), part(2, 0, 9), part(1, 0, 7)] {
        ledger.keep_part(&part, 10).unwrap();
    }
    assert_eq!(
        ledger.parts(PHONE, &[1; 32]).unwrap(),
        [part(1, 0, 7), part(1, 3, 8)]
    );
    assert_eq!(
        (ledger.parts_size(PHONE), ledger.parts_size(OTHER)),
        (Ok(9), Ok(0))
    );
    append(ledger, &push(1, vec![]));
    assert_eq!(ledger.parts(PHONE, &[1; 32]), Ok(vec![]));
    assert_eq!(ledger.parts_size(PHONE), Ok(3));
    ledger.forget_parts(PHONE, None).unwrap();
    assert_eq!(ledger.parts_size(PHONE), Ok(0));
}

fn a_nonce_is_spent_once_until_it_expires(ledger: &dyn Ledger) {
    assert_eq!(ledger.spend_nonce(PHONE, b"one", 100, 10), Ok(true));
    assert_eq!(ledger.spend_nonce(PHONE, b"one", 100, 100), Ok(false));
    assert_eq!(ledger.spend_nonce(OTHER, b"one", 100, 10), Ok(true));
    assert_eq!(ledger.spend_nonce(PHONE, b"one", 300, 101), Ok(true));
}

fn a_merged_run_is_fed_once_in_the_order_of_decisions(ledger: &dyn Ledger) {
    enrol_two(ledger);
    assign(ledger, OTHER, case(1));
    let rows = append(
        ledger,
        &push(1, vec![run(case(1), 1, 1, 1), run(case(1), 2, 1, 5)]),
    );
    merge(ledger, rows[1]);
    merge(ledger, rows[0]);
    merge(ledger, rows[0]);
    let newest = ledger.newest().unwrap();
    let fed = fed_runs(&ledger.feed(OTHER, 0, newest).unwrap());
    assert_eq!(fed.iter().map(|(_, seq)| *seq).collect::<Vec<_>>(), [5, 1]);
    assert_eq!(
        fed_runs(&ledger.feed(PHONE, 0, newest).unwrap()),
        [],
        "not assigned, not fed"
    );
    let merged: Vec<u64> = ledger
        .merged(case(1))
        .unwrap()
        .iter()
        .map(|row| row.run.last_seq)
        .collect();
    assert_eq!(merged, [5, 1]);
    let row = ledger
        .append_own(
            &NewRun {
                half: Half::Hq,
                ..run(case(1), 9, 1, 7)
            },
            30,
        )
        .unwrap();
    let after = ledger
        .feed(OTHER, newest, ledger.newest().unwrap())
        .unwrap();
    assert_eq!(
        fed_runs(&after).len(),
        1,
        "HQ's own run {row} is fed at once"
    );
    assert_eq!(ledger.undecided_cases(), Ok(vec![]));
}

fn a_case_assigned_later_comes_from_its_beginning(ledger: &dyn Ledger) {
    enrol_two(ledger);
    let rows = append(
        ledger,
        &push(
            1,
            vec![
                run(case(1), 1, 1, 1),
                run(case(1), 1, 2, 2),
                run(case(2), 1, 1, 9),
            ],
        ),
    );
    merge(ledger, rows[0]);
    merge(ledger, rows[2]);
    let seen = ledger.newest().unwrap();
    assert_eq!(ledger.feed(OTHER, 0, seen), Ok(vec![]));
    assign(ledger, OTHER, case(1));
    assign(ledger, OTHER, case(1));
    merge(ledger, rows[1]);
    let entries = ledger.feed(OTHER, seen, ledger.newest().unwrap()).unwrap();
    assert!(matches!(entries[0].item, FeedItem::Assignment { case: of, .. } if of == case(1)));
    assert_eq!(
        fed_runs(&entries)
            .iter()
            .map(|(_, seq)| *seq)
            .collect::<Vec<_>>(),
        [1, 2]
    );
    assert_eq!(ledger.assigned(case(1)), Ok(vec![OTHER]));
}

fn a_range_of_the_feed_never_changes(ledger: &dyn Ledger) {
    enrol_two(ledger);
    ledger.feed_directory(1, b"one", 5).unwrap();
    assign(ledger, PHONE, case(1));
    ledger.feed_directory(2, b"two", 6).unwrap();
    assert_eq!(
        ledger.feed_directory(2, b"other", 6),
        Err(LedgerError::Conflict),
        "two at once: one goes again"
    );
    assert_eq!(ledger.directory(), Ok(Some((2, b"two".to_vec()))));
    let rows = append(
        ledger,
        &push(1, vec![run(case(1), 1, 1, 1), run(case(1), 1, 2, 2)]),
    );
    merge(ledger, rows[0]);
    let until = ledger.newest().unwrap();
    let before = ledger.feed(PHONE, 0, until).unwrap();
    let directories: Vec<_> = before
        .iter()
        .filter(|entry| matches!(entry.item, FeedItem::Directory(_)))
        .collect();
    assert_eq!(
        directories.len(),
        1,
        "only the newest directory of the range"
    );
    assert_eq!(directories[0].item, FeedItem::Directory(b"two".to_vec()));
    merge(ledger, rows[1]);
    ledger.feed_directory(3, b"three", 7).unwrap();
    assert_eq!(ledger.feed(PHONE, 0, until), Ok(before));
}

fn marks_tell_merged_and_what_lies_beyond(ledger: &dyn Ledger) {
    enrol_two(ledger);
    let actor = Actor::new([1; 16]);
    assert_eq!(ledger.marks(case(1), Half::Field, &actor), Ok(vec![]));
    let runs = vec![
        run(case(1), 1, 1, 2),
        run(case(1), 1, 3, 4),
        run(case(1), 1, 5, 6),
    ];
    let rows = append(ledger, &push(1, runs));
    merge(ledger, rows[0]);
    let held = Decision {
        run: rows[2],
        fate: Fate::Held("fork".into()),
        entry: Entry::None,
    };
    let waiting = Decision {
        run: rows[1],
        fate: Fate::Waiting,
        entry: Entry::None,
    };
    ledger
        .decide(
            &Moves {
                decisions: vec![held, waiting],
                assignments: vec![],
            },
            20,
        )
        .unwrap();
    let mark = |seq: u8, fate| Mark {
        last_seq: seq.into(),
        last_change: ChangeId::new([seq; 32]),
        fate,
    };
    assert_eq!(
        ledger.marks(case(1), Half::Field, &actor).unwrap(),
        [mark(2, Fate::Merged), mark(6, Fate::Held("fork".into()))]
    );
    assert_eq!(
        ledger.undecided(case(1)).unwrap().len(),
        1,
        "a waiting run is tried again, a held one is not"
    );
    merge(ledger, rows[1]);
    merge(ledger, rows[2]);
    assert_eq!(
        ledger.marks(case(1), Half::Field, &actor).unwrap(),
        [mark(6, Fate::Merged)]
    );
    assert_eq!(ledger.marks(case(1), Half::Hq, &actor), Ok(vec![]));
    assert_eq!(
        ledger.run_ending(case(1), Half::Field, &actor, 4),
        Ok(Some(mark(4, Fate::Merged)))
    );
    assert_eq!(ledger.run_ending(case(1), Half::Field, &actor, 5), Ok(None));
    assert_eq!(ledger.actors(case(1), Half::Field), Ok(vec![actor]));
}

fn a_merged_run_stays_merged(ledger: &dyn Ledger) {
    enrol_two(ledger);
    let rows = append(ledger, &push(1, vec![run(case(1), 1, 1, 1)]));
    merge(ledger, rows[0]);
    let back = Decision {
        run: rows[0],
        fate: Fate::Received,
        entry: Entry::None,
    };
    assert!(
        ledger
            .decide(
                &Moves {
                    decisions: vec![back],
                    assignments: vec![]
                },
                21
            )
            .is_err()
    );
    assert_eq!(ledger.runs(case(1)).unwrap()[0].fate, Fate::Merged);
}

fn a_case_keeps_its_first_key(ledger: &dyn Ledger) {
    enrol_two(ledger);
    assert_eq!(ledger.case_key(case(1)), Ok(None));
    append(
        ledger,
        &NewPush {
            keys: vec![(case(1), [1; 32])],
            ..push(1, vec![run(case(1), 1, 1, 1)])
        },
    );
    let second = NewPush {
        keys: vec![(case(2), [2; 32]), (case(1), [3; 32])],
        ..push(2, vec![])
    };
    assert_eq!(ledger.append_push(&second, 10), Err(LedgerError::Conflict));
    assert_eq!(
        (ledger.case_key(case(1)), ledger.case_key(case(2))),
        (Ok(Some([1; 32])), Ok(None))
    );
    assert_eq!(
        ledger.push(&second.id),
        Ok(None),
        "it lands not at all, and is sealed again"
    );
}

fn a_code_works_once_and_in_time(ledger: &dyn Ledger) {
    enrol_two(ledger);
    let device = |id| DeviceRow {
        id,
        person: PERSON,
        certificate: vec![],
        enrolled_ms: 5,
        heard_ms: None,
    };
    let third = device(DeviceId::new([4; 16]));
    assert_eq!(
        ledger.enrol(&[40; 16], &third, 6),
        Ok(CodeUse::Used { device: PHONE })
    );
    assert_eq!(ledger.enrol(&[9; 16], &third, 6), Ok(CodeUse::Unknown));
    ledger
        .add_code(&Code {
            ticket: [5; 16],
            key: [6; 32],
            person: PERSON,
            expires_ms: 100,
        })
        .unwrap();
    assert_eq!(ledger.enrol(&[5; 16], &third, 101), Ok(CodeUse::Expired));
    assert_eq!(
        ledger.enrol(&[5; 16], &device(PHONE), 100),
        Err(LedgerError::Conflict),
        "that phone is enrolled"
    );
    let (code, worth) = ledger.look_up_code(&[5; 16], 100).unwrap().unwrap();
    assert_eq!(
        (code.key, worth),
        ([6; 32], CodeUse::Good(PERSON)),
        "a failed enrolment uses nothing"
    );
    assert_eq!(ledger.devices().unwrap().len(), 2);
    ledger.heard_from(PHONE, 77).unwrap();
    assert_eq!(ledger.device(PHONE).unwrap().unwrap().heard_ms, Some(77));
}

fn staff_names_are_unique_whatever_their_case(ledger: &dyn Ledger) {
    enrol_two(ledger);
    let again = StaffRow {
        id: PersonId::new([8; 16]),
        name: "j. okafor".into(),
        roles: Roles::NONE,
        password: None,
        added_ms: 2,
    };
    assert_eq!(ledger.add_staff(&again), Err(LedgerError::Conflict));
    assert_eq!(ledger.staff_named("J. OKAFOR").unwrap().unwrap().id, PERSON);
    ledger
        .set_roles(PERSON, Roles::NONE.with(Role::Clinician))
        .unwrap();
    assert!(
        ledger
            .staff_member(PERSON)
            .unwrap()
            .unwrap()
            .roles
            .has(Role::Clinician)
    );
    assert_eq!(ledger.staff().unwrap().len(), 1);
}

fn a_new_password_ends_every_session(ledger: &dyn Ledger) {
    enrol_two(ledger);
    let session = SessionRow {
        token_hash: [6; 32],
        sign_in: RecordId::derive(5, [1; 10]),
        staff: PERSON,
        csrf: "c".into(),
        begun_ms: 5,
        seen_ms: 5,
    };
    ledger.begin_session(&session).unwrap();
    ledger.touch_session(&[6; 32], 9).unwrap();
    assert_eq!(
        ledger.session(&[6; 32]),
        Ok(Some(SessionRow {
            seen_ms: 9,
            ..session.clone()
        }))
    );
    ledger.set_password(PERSON, "$phc", 10).unwrap();
    assert_eq!(ledger.session(&[6; 32]), Ok(None));
    assert_eq!(
        ledger
            .staff_member(PERSON)
            .unwrap()
            .unwrap()
            .password
            .as_deref(),
        Some("$phc")
    );
    let second = SessionRow {
        token_hash: [7; 32],
        sign_in: RecordId::derive(5, [2; 10]),
        ..session
    };
    ledger.begin_session(&second).unwrap();
    ledger.end_session(&[7; 32], 11).unwrap();
    assert_eq!(ledger.session(&[7; 32]), Ok(None));
}

fn failures_count_until_a_success(ledger: &dyn Ledger) {
    for (at, outcome) in [(1, "wrong"), (2, "good"), (3, "wrong"), (4, "wrong")] {
        ledger.note_attempt("Reyes", outcome, at).unwrap();
    }
    assert_eq!(ledger.failed_attempts("reyes", 0), Ok(vec![3, 4]));
    assert_eq!(ledger.failed_attempts("reyes", 4), Ok(vec![4]));
    assert_eq!(ledger.failed_attempts("else", 0), Ok(vec![]));
}

fn a_protocol_is_fed_once(ledger: &dyn Ledger) {
    enrol_two(ledger);
    let protocol = ProtocolRow {
        hash: [1; 32],
        questionnaire: b"{}".to_vec(),
        rules: None,
    };
    ledger.add_protocol(&protocol, 1).unwrap();
    ledger.add_protocol(&protocol, 2).unwrap();
    assert_eq!(ledger.protocol(&[1; 32]), Ok(Some(protocol)));
    assert_eq!(ledger.protocol_hashes(), Ok(vec![[1; 32]]));
    let fed: Vec<Hash> = ledger
        .feed(PHONE, 0, 99)
        .unwrap()
        .into_iter()
        .filter_map(protocol_hash)
        .collect();
    assert_eq!(fed, [[1; 32]]);
}

fn protocol_hash(entry: FeedEntry) -> Option<Hash> {
    match entry.item {
        FeedItem::Protocol(hash) => Some(hash),
        FeedItem::Directory(_) | FeedItem::Run(_) | FeedItem::Assignment { .. } => None,
    }
}

fn a_page_as_shown_is_never_rewritten(ledger: &dyn Ledger) {
    let page = ShownRow {
        id: [1; 32],
        case: case(1),
        staff: PERSON,
        text_hash: [2; 32],
        sealed: vec![3],
        shown_ms: 4,
    };
    ledger.keep_shown(&page).unwrap();
    ledger
        .keep_shown(&ShownRow {
            sealed: vec![9],
            ..page.clone()
        })
        .unwrap();
    assert_eq!(ledger.shown(&[1; 32]), Ok(Some(page)));
    let review = ReviewRow {
        id: RecordId::derive(5, [1; 10]),
        case: case(1),
        shown: [1; 32],
        statement: vec![1],
        signed_ms: 5,
    };
    ledger.keep_review(&review).unwrap();
    assert_eq!(ledger.keep_review(&review), Err(LedgerError::Conflict));
    assert_eq!(ledger.reviews(case(1)), Ok(vec![review]));
}

fn a_rung_is_claimed_once(ledger: &dyn Ledger) {
    let rung = |rung| Alert {
        case: case(1),
        since_ms: 5,
        rung,
        level: "high".into(),
        claimed_ms: 9,
        outcome: None,
    };
    assert_eq!(ledger.claim_rung(&rung(0)), Ok(true));
    assert_eq!(ledger.claim_rung(&rung(0)), Ok(false));
    assert_eq!(ledger.claim_rung(&rung(1)), Ok(true));
    assert_eq!(
        ledger.claim_again(&rung(0), 9),
        Ok(true),
        "one that was cut off is claimed again"
    );
    assert_eq!(
        ledger.claim_again(
            &Alert {
                claimed_ms: 8,
                ..rung(0)
            },
            10
        ),
        Ok(false),
        "by one alone"
    );
    ledger.note_alert(&rung(0), AlertOutcome::Failed).unwrap();
    assert_eq!(
        ledger.claim_again(&rung(0), 10),
        Ok(false),
        "one that ended is over"
    );
    let after = ledger.alerts(case(1)).unwrap();
    assert_eq!(
        after,
        [
            Alert {
                outcome: Some(AlertOutcome::Failed),
                ..rung(0)
            },
            rung(1)
        ]
    );
}

fn a_draft_is_replaced_an_audit_row_is_not(ledger: &dyn Ledger) {
    let draft = |saved_ms| DraftRow {
        sealed: vec![1],
        saved_ms,
    };
    ledger.keep_draft(PERSON, case(1), &draft(1)).unwrap();
    ledger.keep_draft(PERSON, case(1), &draft(2)).unwrap();
    assert_eq!(ledger.draft(PERSON, case(1)), Ok(Some(draft(2))));
    assert_eq!(ledger.draft(PERSON, case(2)), Ok(None));
    let row = Audit {
        at_ms: 1,
        staff: Some(PERSON),
        sign_in: None,
        verb: "case".into(),
        case: Some(case(1)),
        code: None,
    };
    ledger.audit(&row).unwrap();
    ledger.audit(&row).unwrap();
    assert_eq!(ledger.audited(0, 9), Ok(vec![row.clone(), row.clone()]));
    assert_eq!(ledger.audited(2, 9), Ok(vec![row]));
}
