//! What every feed must do: commit order, nothing skipped, nothing doubled.

use super::*;

pub(super) const CHECKS: &[Check] = &[
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
    ("a protocol is fed once", a_protocol_is_fed_once),
    (
        "a process that begins gives cursors above its clock and never lower ones than before",
        a_process_that_begins_gives_cursors_above_its_clock,
    ),
    ("a reach ends at a row", a_reach_ends_at_a_row),
];

fn fed_runs(entries: &[FeedEntry]) -> Vec<(u64, u64)> {
    let run = |entry: &FeedEntry| match &entry.item {
        FeedItem::Run(row) => Some((entry.cursor, row.run.last_seq)),
        FeedItem::Directory(_)
        | FeedItem::Protocol(_)
        | FeedItem::KeySet(_)
        | FeedItem::SealingKeys(_)
        | FeedItem::Lease(_)
        | FeedItem::Order(_)
        | FeedItem::Assignment { .. } => None,
    };
    entries.iter().filter_map(run).collect()
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
    let held = HeldBy {
        device: OTHER,
        access: Access::Open,
        at_ms: 20,
    };
    assert_eq!(ledger.held_by(case(1)), Ok(vec![held]));
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
        .iter()
        .filter_map(protocol_hash)
        .collect();
    assert_eq!(fed, [[1; 32]]);
}

fn protocol_hash(entry: &FeedEntry) -> Option<Hash> {
    match entry.item {
        FeedItem::Protocol(hash) => Some(hash),
        FeedItem::Directory(_)
        | FeedItem::Run(_)
        | FeedItem::KeySet(_)
        | FeedItem::SealingKeys(_)
        | FeedItem::Lease(_)
        | FeedItem::Order(_)
        | FeedItem::Assignment { .. } => None,
    }
}

fn a_process_that_begins_gives_cursors_above_its_clock(ledger: &dyn Ledger) {
    ledger.begin(5_000).unwrap();
    let first = ledger.feed_directory(1, &[1], 10).unwrap();
    assert_eq!(first, 5_000_001);
    ledger.begin(4_000).unwrap();
    assert_eq!(
        ledger.feed_directory(2, &[2], 10).unwrap(),
        first + 1,
        "a clock that went back takes nothing back"
    );
    ledger.begin(6_000).unwrap();
    assert_eq!(ledger.feed_directory(3, &[3], 10).unwrap(), 6_000_001);
}

fn a_reach_ends_at_a_row(ledger: &dyn Ledger) {
    let rows = [1, 2, 3].map(|serial| ledger.feed_directory(serial, &[1], 10).unwrap());
    assert_eq!(ledger.reach(0, 2).unwrap(), rows[1]);
    assert_eq!(ledger.reach(rows[0], 9).unwrap(), rows[2]);
    assert_eq!(ledger.reach(rows[2], 9).unwrap(), rows[2]);
}
