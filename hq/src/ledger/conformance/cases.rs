//! What every ledger must do about whole cases: give, change and end them, and shred one for good.

use super::*;

pub(super) const CHECKS: &[Check] = &[
    (
        "a case that changes hands is fed from each giving on, and not after its end",
        a_case_that_changes_hands,
    ),
    (
        "the same entry twice is one entry",
        the_same_entry_twice_is_one_entry,
    ),
    (
        "the last decision about a person counts",
        the_last_decision_about_a_person_counts,
    ),
    (
        "a broken glass is reviewed once",
        a_broken_glass_is_reviewed_once,
    ),
    (
        "a shredded case has no key, feeds nothing but its tombstones, and never comes back",
        a_shredded_case_never_comes_back,
    ),
];

/// The entries about one phone as words: how it is given, and the last number of each run.
fn told(entries: &[FeedEntry]) -> Vec<String> {
    let word = |entry: &FeedEntry| match &entry.item {
        FeedItem::Run(row) => row.run.last_seq.to_string(),
        FeedItem::Assignment { .. } => "entry".to_owned(),
        FeedItem::Directory(_)
        | FeedItem::Protocol(_)
        | FeedItem::KeySet(_)
        | FeedItem::SealingKeys(_)
        | FeedItem::Lease(_)
        | FeedItem::Order(_) => "other".to_owned(),
    };
    entries.iter().map(word).collect()
}

fn five_runs(ledger: &dyn Ledger) -> Vec<i64> {
    let runs = (1..=5).map(|seq| run(case(1), 1, seq, seq)).collect();
    append(ledger, &push(1, runs))
}

fn a_case_that_changes_hands(ledger: &dyn Ledger) {
    enrol_two(ledger);
    let rows = five_runs(ledger);
    let mut ends = vec![0];
    merge(ledger, rows[0]);
    for (access, row) in [
        (Access::Standby, 1),
        (Access::Open, 2),
        (Access::Ended, 3),
        (Access::Open, 4),
    ] {
        give(ledger, OTHER, case(1), access);
        merge(ledger, rows[row]);
        ends.push(ledger.newest().unwrap());
    }
    let expected: [&[&str]; 4] = [
        &["entry", "1", "2"],
        &["entry", "3"],
        &["entry"],
        &["entry", "1", "2", "3", "4", "5"],
    ];
    for (span, expected) in ends.windows(2).zip(expected) {
        let fed = ledger.feed(OTHER, span[0], span[1]).unwrap();
        assert_eq!(told(&fed), expected);
    }
    let whole = told(&ledger.feed(OTHER, 0, ends[4]).unwrap());
    assert_eq!(whole, expected.concat(), "however the feed is cut");
    assert_eq!(ledger.feed(PHONE, 0, ends[4]), Ok(vec![]));
}

fn the_same_entry_twice_is_one_entry(ledger: &dyn Ledger) {
    enrol_two(ledger);
    for access in [Access::Standby, Access::Standby, Access::Open, Access::Open] {
        give(ledger, OTHER, case(1), access);
    }
    let fed = ledger.feed(OTHER, 0, ledger.newest().unwrap()).unwrap();
    assert_eq!(told(&fed), ["entry", "entry"]);
    let held = HeldBy {
        device: OTHER,
        access: Access::Open,
        at_ms: 20,
    };
    assert_eq!(ledger.held_by(case(1)), Ok(vec![held]));
}

fn the_last_decision_about_a_person_counts(ledger: &dyn Ledger) {
    let decided = |person: u8, access, staff| HolderRow {
        case: case(1),
        person: PersonId::new([person; 16]),
        access,
        staff,
    };
    let all = vec![
        decided(1, Access::Open, None),
        decided(2, Access::Open, None),
        decided(1, Access::Ended, Some(PERSON)),
    ];
    let moves = Moves {
        holders: all.clone(),
        ..Moves::default()
    };
    ledger.decide(&moves, 20).unwrap();
    assert_eq!(ledger.holders(case(1)).unwrap(), all[1..]);
    assert_eq!(ledger.holders(case(2)), Ok(vec![]));
}

fn a_broken_glass_is_reviewed_once(ledger: &dyn Ledger) {
    let review = GlassReviewRow {
        glass: RecordId::derive(1_764_000_000_000, [1; 10]),
        case: case(1),
        staff: PERSON,
        sealed: vec![1, 2],
        at_ms: 7,
    };
    ledger.review_glass(&review).unwrap();
    assert_eq!(ledger.review_glass(&review), Err(LedgerError::Conflict));
    assert_eq!(ledger.glass_reviews(), Ok(vec![review]));
}

fn a_shredded_case_never_comes_back(ledger: &dyn Ledger) {
    enrol_two(ledger);
    let mut first = push(
        1,
        vec![
            run(case(1), 1, 1, 1),
            run(case(1), 1, 2, 2),
            run(case(2), 1, 1, 3),
        ],
    );
    first.keys = vec![(case(1), [5; 32]), (case(2), [6; 32])];
    let rows = append(ledger, &first);
    give(ledger, OTHER, case(1), Access::Open);
    merge(ledger, rows[0]);
    let row = ShreddedRow {
        case: case(1),
        reason: "asked for by the person".into(),
        at_ms: 30,
    };
    let tombstone = |device| NewAssignment {
        device,
        case: case(1),
        access: Access::Shredded,
        body: vec![9],
    };
    for _ in 0..2 {
        ledger.shred(&row, &[tombstone(OTHER)]).unwrap();
    }
    assert_eq!(ledger.shredded(), Ok(vec![row]));
    assert_eq!(ledger.case_key(case(1)), Ok(None));
    assert_eq!(ledger.case_key(case(2)), Ok(Some([6; 32])), "no other");
    give(ledger, OTHER, case(1), Access::Open);
    let newest = ledger.newest().unwrap();
    let fed = ledger.feed(OTHER, 0, newest).unwrap();
    assert_eq!(
        told(&fed),
        ["entry", "entry"],
        "its first entry and its tombstone"
    );
    assert_eq!(ledger.undecided(case(1)), Ok(vec![]));
    let mut late = push(2, vec![run(case(1), 2, 1, 8)]);
    late.prev = first.hash;
    late.keys = vec![(case(1), [7; 32])];
    assert_eq!(ledger.append_push(&late, 40), Err(LedgerError::Conflict));
    assert_eq!(ledger.case_key(case(1)), Ok(None));
}
