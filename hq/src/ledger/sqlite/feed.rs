//! The feed: its cursor is given inside the one write transaction, so it is in commit order and nothing is ever skipped.

use mooring_casefile::{CaseId, DeviceId};
use mooring_exchange::Access;
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::blobs::{case_blob, case_id, device_blob, signed, unsigned};
use super::holders::access_of;
use super::{engine, runs};
use crate::ledger::{FeedEntry, FeedItem, Hash, LedgerError, RunRow};

const RUN: i64 = 0;
const DIRECTORY: i64 = 1;
const PROTOCOL: i64 = 2;
pub(super) const ASSIGNMENT: i64 = 3;
pub(super) const KEY_SET: i64 = 4;
pub(super) const SEALING_KEYS: i64 = 5;
pub(super) const LEASE: i64 = 6;
pub(super) const ORDER: i64 = 7;

pub(super) fn feed_run(tx: &Transaction<'_>, run: i64, now_ms: i64) -> Result<(), LedgerError> {
    tx.execute(
        "INSERT INTO feed (kind, run, case_id, added_ms)
         SELECT ?1, id, case_id, ?3 FROM run WHERE id = ?2 ON CONFLICT (run) DO NOTHING",
        params![RUN, run, now_ms],
    )
    .map_err(engine)?;
    Ok(())
}

pub(super) fn feed_directory(
    tx: &Transaction<'_>,
    serial: u64,
    body: &[u8],
    now_ms: i64,
) -> Result<u64, LedgerError> {
    let serial = signed(serial)?;
    let cursor = tx
        .prepare_cached("INSERT INTO feed (kind, serial, body, added_ms) VALUES (?1, ?2, ?3, ?4)")
        .and_then(|mut insert| insert.insert(params![DIRECTORY, serial, body, now_ms]))
        .map_err(engine)?;
    unsigned(cursor)
}

pub(super) fn directory(db: &Connection) -> Result<Option<(u64, Vec<u8>)>, LedgerError> {
    let row: Option<(i64, Vec<u8>)> = db
        .query_row(
            "SELECT serial, body FROM feed WHERE kind = ?1 ORDER BY cursor DESC LIMIT 1",
            [DIRECTORY],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()
        .map_err(engine)?;
    row.map(|(serial, body)| Ok((unsigned(serial)?, body)))
        .transpose()
}

pub(super) fn feed_protocol(
    tx: &Transaction<'_>,
    hash: &Hash,
    now_ms: i64,
) -> Result<(), LedgerError> {
    tx.execute(
        "INSERT INTO feed (kind, body, added_ms) VALUES (?1, ?2, ?3)",
        params![PROTOCOL, hash, now_ms],
    )
    .map_err(engine)?;
    Ok(())
}

pub(super) fn begin(tx: &Transaction<'_>, now_ms: i64) -> Result<(), LedgerError> {
    let floor = now_ms.saturating_mul(1_000);
    let raised = tx
        .execute(
            "UPDATE sqlite_sequence SET seq = max(seq, ?1) WHERE name = 'feed'",
            [floor],
        )
        .map_err(engine)?;
    // The engine makes the row with the first entry.
    if raised == 0 {
        tx.execute(
            "INSERT INTO sqlite_sequence (name, seq) VALUES ('feed', ?1)",
            [floor],
        )
        .map_err(engine)?;
    }
    Ok(())
}

pub(super) fn reach(db: &Connection, after: u64, rows: u64) -> Result<u64, LedgerError> {
    let after = signed(after)?;
    let cursor: Option<i64> = db
        .query_row(
            "SELECT max(cursor) FROM (SELECT cursor FROM feed WHERE cursor > ?1 ORDER BY cursor LIMIT ?2)",
            params![after, signed(rows)?],
            |row| row.get(0),
        )
        .map_err(engine)?;
    unsigned(cursor.unwrap_or(after))
}

pub(super) fn newest(db: &Connection) -> Result<u64, LedgerError> {
    let cursor: i64 = db
        .query_row("SELECT coalesce(max(cursor), 0) FROM feed", [], |row| {
            row.get(0)
        })
        .map_err(engine)?;
    unsigned(cursor)
}

/// One feed row before it is filled.
struct Row {
    cursor: i64,
    kind: i64,
    run: Option<i64>,
    case: Option<CaseId>,
    body: Vec<u8>,
    /// How this phone holds the case after the row, and how it did before.
    held: Option<Access>,
    before: Option<Access>,
}

impl Row {
    /// Whether this entry gives the case to a phone that did not hold it: then all that came earlier comes with it. A phone that
    /// drops a case only once HQ has everything of it may still hold what comes again; it merges as known.
    fn gives(&self) -> bool {
        self.held.is_some_and(holds) && !self.before.is_some_and(holds)
    }
}

/// Whether a phone that holds a case so gets what is fed of it.
const fn holds(access: Access) -> bool {
    match access {
        Access::Open | Access::Standby => true,
        Access::Ended | Access::Shredded => false,
    }
}

pub(super) fn feed(
    db: &Connection,
    device: DeviceId,
    after: u64,
    until: u64,
) -> Result<Vec<FeedEntry>, LedgerError> {
    let mut entries = Vec::new();
    for row in rows(db, device, signed(after)?, signed(until)?)? {
        let cursor = unsigned(row.cursor)?;
        match (row.kind, row.run, row.case) {
            (RUN, Some(run), _) => entries.extend(one_run(db, run)?.map(|run| FeedEntry {
                cursor,
                item: FeedItem::Run(Box::new(run)),
            })),
            (DIRECTORY, ..) => entries.push(FeedEntry {
                cursor,
                item: FeedItem::Directory(row.body),
            }),
            (KEY_SET, ..) => entries.push(FeedEntry {
                cursor,
                item: FeedItem::KeySet(row.body),
            }),
            (SEALING_KEYS, ..) => entries.push(FeedEntry {
                cursor,
                item: FeedItem::SealingKeys(row.body),
            }),
            (LEASE, ..) => entries.push(FeedEntry {
                cursor,
                item: FeedItem::Lease(row.body),
            }),
            (ORDER, ..) => entries.push(FeedEntry {
                cursor,
                item: FeedItem::Order(row.body),
            }),
            (PROTOCOL, ..) => {
                let hash =
                    Hash::try_from(row.body.as_slice()).map_err(|_| LedgerError::Inside(-3))?;
                entries.push(FeedEntry {
                    cursor,
                    item: FeedItem::Protocol(hash),
                });
            }
            (ASSIGNMENT, _, Some(case)) => {
                let gives = row.gives();
                entries.push(FeedEntry {
                    cursor,
                    item: FeedItem::Assignment {
                        case,
                        body: row.body,
                    },
                });
                let earlier = if gives {
                    earlier_runs(db, case, row.cursor)?
                } else {
                    Vec::new()
                };
                entries.extend(earlier.into_iter().map(|run| FeedEntry {
                    cursor,
                    item: FeedItem::Run(Box::new(run)),
                }));
            }
            _ => return Err(LedgerError::Inside(-3)),
        }
    }
    Ok(entries)
}

fn rows(
    db: &Connection,
    device: DeviceId,
    after: i64,
    until: i64,
) -> Result<Vec<Row>, LedgerError> {
    let mut statement = db
        .prepare_cached(
            "SELECT cursor, kind, run, case_id, body, CASE kind WHEN 3 THEN coalesce(access, 0) END,
                 CASE kind WHEN 3 THEN (SELECT coalesce(a.access, 0) FROM feed AS a
                     WHERE a.kind = 3 AND a.device = ?1 AND a.case_id = feed.case_id AND a.cursor < feed.cursor
                     ORDER BY a.cursor DESC LIMIT 1) END
             FROM feed
             WHERE cursor > ?2 AND cursor <= ?3 AND CASE kind
                 WHEN 0 THEN (SELECT coalesce(a.access, 0) FROM feed AS a
                     WHERE a.kind = 3 AND a.device = ?1 AND a.case_id = feed.case_id AND a.cursor < feed.cursor
                     ORDER BY a.cursor DESC LIMIT 1) IN (0, 1)
                     AND feed.case_id NOT IN (SELECT case_id FROM shredded)
                 WHEN 1 THEN cursor = (SELECT max(cursor) FROM feed WHERE kind = 1 AND cursor <= ?3)
                 WHEN 3 THEN device = ?1
                 WHEN 5 THEN cursor = (SELECT max(cursor) FROM feed WHERE kind = 5 AND cursor <= ?3)
                 WHEN 6 THEN device = ?1 AND cursor = (SELECT max(a.cursor) FROM feed AS a
                                     WHERE a.kind = 6 AND a.device = ?1 AND a.cursor <= ?3)
                 WHEN 7 THEN device = ?1
                 ELSE 1 END
             ORDER BY cursor",
        )
        .map_err(engine)?;
    let mut rows = statement
        .query(params![device_blob(device), after, until])
        .map_err(engine)?;
    let mut list = Vec::new();
    while let Some(row) = rows.next().map_err(engine)? {
        let case: Option<[u8; 16]> = row.get(3).map_err(engine)?;
        list.push(Row {
            cursor: row.get(0).map_err(engine)?,
            kind: row.get(1).map_err(engine)?,
            run: row.get(2).map_err(engine)?,
            case: case.map(case_id),
            body: row
                .get::<_, Option<Vec<u8>>>(4)
                .map_err(engine)?
                .unwrap_or_default(),
            held: access(row.get(5).map_err(engine)?)?,
            before: access(row.get(6).map_err(engine)?)?,
        });
    }
    Ok(list)
}

fn access(number: Option<i64>) -> Result<Option<Access>, LedgerError> {
    number.map(access_of).transpose()
}

fn one_run(db: &Connection, id: i64) -> Result<Option<RunRow>, LedgerError> {
    let sql = format!("SELECT {} FROM run WHERE run.id = ?1", runs::COLUMNS);
    Ok(runs::list(db, &sql, [id])?.pop())
}

fn earlier_runs(db: &Connection, case: CaseId, before: i64) -> Result<Vec<RunRow>, LedgerError> {
    let sql = format!(
        "SELECT {} FROM feed JOIN run ON run.id = feed.run
         WHERE feed.kind = 0 AND feed.case_id = ?1 AND feed.cursor < ?2
           AND feed.case_id NOT IN (SELECT case_id FROM shredded) ORDER BY feed.cursor",
        runs::COLUMNS
    );
    runs::list(db, &sql, params![case_blob(case), before])
}

pub(super) fn merged(db: &Connection, case: CaseId) -> Result<Vec<RunRow>, LedgerError> {
    earlier_runs(db, case, i64::MAX)
}
