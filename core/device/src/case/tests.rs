//! One transaction an action: on a disk that fails, memory and list are what the disk has, and it works again afterwards.

use crate::device::{Device, Open};
use crate::error::{Error, NotSaved};
use crate::seams::Seams;
use crate::vault::Halt;
use crate::{NewAnswer, Saved};
use mooring_casefile::{AssessmentId, CaseId, CaseView, Now};
use mooring_identity::{KdfParams, SoftwareKeyProvider, os_random};
use serde_json::{Value, json};
use tempfile::TempDir;

const PIN: &[u8] = b"271828";

fn at(ms: i64) -> Now {
    Now {
        wall_ms: 1_760_000_000_000 + ms,
        uptime_ms: u64::try_from(ms).unwrap(),
        boot_id: [7; 16],
    }
}

struct Visit {
    device: Device,
    case: CaseId,
    assessment: AssessmentId,
    _dir: TempDir,
}

fn visit() -> Visit {
    let dir = TempDir::new().unwrap();
    let provider = Box::new(SoftwareKeyProvider::make(&mut os_random()));
    let seams = Seams {
        provider,
        random: Box::new(os_random()),
    };
    let mut device =
        Device::create(dir.path(), PIN, KdfParams::trying_out(), seams, at(0)).unwrap();
    let case = device.new_case("Pier 7", None, at(1)).unwrap();
    let assessment = device.start(case, "suicide-risk-interview", at(2)).unwrap();
    Visit {
        device,
        case,
        assessment,
        _dir: dir,
    }
}

impl Visit {
    fn answer(&mut self, link: &str, value: Value, ms: i64) -> Result<Saved, Error> {
        let (case, assessment) = (self.case, self.assessment);
        let new = NewAnswer {
            case,
            assessment,
            link: link.to_owned(),
            instance: Vec::new(),
            value,
            told: None,
        };
        self.device.record_answer(&new, at(ms))
    }

    fn note(&mut self, text: &str, ms: i64) -> Result<Saved, Error> {
        self.device.note_event(self.case, "note", text, at(ms))
    }

    fn view(&mut self) -> CaseView {
        self.device.show(self.case, at(100)).unwrap().view
    }

    fn open(&mut self) -> &mut Open {
        self.device.open.as_mut().unwrap()
    }

    /// As the disk has it, by a vault that was locked and opened again.
    fn view_from_disk(&mut self) -> CaseView {
        self.device.lock();
        self.device.unlock(PIN, at(101)).unwrap();
        self.view()
    }

    fn sql(&mut self, sql: &str) {
        self.open()
            .vault
            .look(|connection| connection.execute_batch(sql).map_err(Halt::from))
            .unwrap();
    }

    /// How many rows each table of a transaction has.
    fn rows(&mut self) -> Vec<i64> {
        let count = |table| format!("SELECT count(*) FROM {table}");
        let tables = ["cases", "changes", "actors", "unsent", "halves"];
        tables
            .iter()
            .map(|table| {
                let sql = count(table);
                self.open()
                    .vault
                    .look(|connection| Ok(connection.query_row(&sql, [], |row| row.get(0))?))
                    .unwrap()
            })
            .collect()
    }
}

#[track_caller]
fn check_not_saved(break_it: &str, mend_it: &str, expected: NotSaved) {
    let mut visit = visit();
    visit
        .answer("wish", json!({ "valueBoolean": true }), 10)
        .unwrap();
    let (view, rows) = (visit.view(), visit.rows());
    visit.sql(break_it);
    // Large, so that a full disk shows at once.
    assert_eq!(
        visit.note(&"w".repeat(100_000), 20).err(),
        Some(Error::NotSaved(expected))
    );
    assert!(view == visit.view(), "memory is ahead of the disk");
    assert_eq!(rows, visit.rows(), "something of it was written");
    visit.sql(mend_it);
    visit
        .answer("thoughts", json!({ "valueBoolean": true }), 30)
        .unwrap();
    let in_memory = visit.view();
    assert!(
        in_memory == visit.view_from_disk(),
        "memory and disk differ"
    );
}

#[test]
fn on_a_full_disk_an_answer_is_not_saved_and_the_case_is_as_it_was() {
    check_not_saved(
        "PRAGMA max_page_count = 1;",
        "PRAGMA max_page_count = 1000000;",
        NotSaved::NoSpace,
    );
}

#[test]
fn on_read_only_storage_an_answer_is_not_saved_and_the_case_is_as_it_was() {
    check_not_saved(
        "PRAGMA query_only = ON;",
        "PRAGMA query_only = OFF;",
        NotSaved::ReadOnly,
    );
}

/// Whichever table refuses, none of the others has anything of the action.
#[test]
fn whatever_fails_in_the_transaction_all_of_it_is_gone() {
    for table in ["cases", "changes", "actors", "unsent", "halves"] {
        let mut visit = visit();
        visit
            .answer("wish", json!({ "valueBoolean": true }), 10)
            .unwrap();
        let (view, rows) = (visit.view(), visit.rows());
        for (when, verb) in [("insert", "INSERT"), ("update", "UPDATE")] {
            visit.sql(&format!("CREATE TRIGGER fail_{when} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, ''); END;"));
        }
        assert!(
            visit
                .answer("thoughts", json!({ "valueBoolean": true }), 20)
                .is_err(),
            "{table}"
        );
        assert_eq!(rows, visit.rows(), "{table}");
        visit.sql("DROP TRIGGER fail_insert; DROP TRIGGER fail_update;");
        assert!(view == visit.view(), "{table}");
    }
}

#[test]
fn the_same_answer_again_writes_nothing() {
    let mut visit = visit();
    visit
        .answer("wish", json!({ "valueBoolean": true }), 10)
        .unwrap();
    let rows = visit.rows();
    let again = visit
        .answer("wish", json!({ "valueBoolean": true }), 20)
        .unwrap();
    assert!(again.changes.is_empty());
    assert_eq!(rows, visit.rows());
}

#[test]
fn compacting_keeps_the_case_and_drops_what_the_snapshot_covers() {
    let mut visit = visit();
    for (ms, link) in (10..).zip(["wish", "thoughts", "method", "intent"]) {
        visit
            .answer(link, json!({ "valueBoolean": true }), ms)
            .unwrap();
    }
    let view = visit.view();
    assert_eq!(
        visit.open().compact_over(1, at(50)).unwrap(),
        0,
        "HQ lacks them: they stay as they are"
    );
    visit.sql("DELETE FROM unsent;");
    assert_eq!(visit.open().compact_over(1, at(50)).unwrap(), 1);
    assert_eq!(
        visit.rows().get(1),
        Some(&0),
        "changes are left beside the snapshot"
    );
    assert!(view == visit.view_from_disk(), "the case changed");
    visit
        .answer("plan", json!({ "valueBoolean": true }), 60)
        .unwrap();
    let after = visit.view();
    assert!(
        after == visit.view_from_disk(),
        "a change after the snapshot is lost"
    );
}

#[test]
fn a_change_that_went_missing_is_noticed_and_stays_in_its_case() {
    let mut visit = visit();
    visit
        .answer("wish", json!({ "valueBoolean": true }), 10)
        .unwrap();
    let other = visit.device.new_case("Elm Street", None, at(20)).unwrap();
    visit.device.lock();
    visit.device.unlock(PIN, at(30)).unwrap();
    visit.sql("DELETE FROM changes WHERE position = 3;");
    let case = visit.case;
    assert_eq!(
        visit.device.show(case, at(40)).err(),
        Some(Error::CaseDamaged(case))
    );
    visit.device.show(other, at(50)).unwrap();
    assert_eq!(visit.device.list(at(60)).unwrap().len(), 2);
}

#[test]
fn a_damaged_page_of_one_case_leaves_the_others_readable() {
    let mut visit = visit();
    let other = visit.device.new_case("Elm Street", None, at(20)).unwrap();
    // A blob of its own pages.
    visit.note(&"w".repeat(60_000), 30).unwrap();
    visit.device.lock();
    let path = visit.device.folder().join("vault/mooring.db");
    let mut bytes = std::fs::read(&path).unwrap();
    // The last pages are those of the last blob.
    let at_byte = bytes.len() - 5 * 4096 + 100;
    bytes[at_byte] ^= 1;
    std::fs::write(&path, &bytes).unwrap();
    visit.device.unlock(PIN, at(40)).unwrap();
    let case = visit.case;
    assert_eq!(
        visit.device.show(case, at(50)).err(),
        Some(Error::CaseDamaged(case))
    );
    visit.device.show(other, at(60)).unwrap();
    let kept = std::fs::read(&path).unwrap();
    assert_eq!(
        kept.get(at_byte),
        bytes.get(at_byte),
        "the damaged page is kept"
    );
}

#[test]
fn the_actor_is_kept_across_a_lock_and_new_at_each_start() {
    let mut visit = visit();
    let before = visit.open().actor;
    visit.device.lock();
    visit.device.unlock(PIN, at(10)).unwrap();
    assert_eq!(visit.open().actor, before);
    let other = self::visit();
    assert_ne!(other.device.actor, before);
}
