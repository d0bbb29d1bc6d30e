//! The log over `SQLite`: which function in which kind of transaction, and nothing else.

use mooring_casefile::{Actor, CaseId, DeviceId, Half};

use super::{SqliteLedger, feed, logged, parts, pushes, runs};
use crate::ledger::{
    Appended, FeedEntry, Hash, LedgerError, Log, LoggedRun, Mark, Moves, NewPush, NewRun, Part,
    PushRow, RunRow,
};

impl Log for SqliteLedger {
    fn spend_nonce(
        &self,
        device: DeviceId,
        nonce: &[u8],
        expires_ms: i64,
        now_ms: i64,
    ) -> Result<bool, LedgerError> {
        self.write(|tx| parts::spend_nonce(tx, device, nonce, expires_ms, now_ms))
    }

    fn keep_part(&self, part: &Part, now_ms: i64) -> Result<(), LedgerError> {
        self.write(|tx| parts::keep_part(tx, part, now_ms))
    }

    fn parts(&self, device: DeviceId, push: &Hash) -> Result<Vec<Part>, LedgerError> {
        self.read(|db| parts::parts(db, device, push))
    }

    fn parts_size(&self, device: DeviceId) -> Result<u64, LedgerError> {
        self.read(|db| parts::parts_size(db, device))
    }

    fn forget_parts(&self, device: DeviceId, push: Option<&Hash>) -> Result<(), LedgerError> {
        self.write(|tx| parts::forget_parts(tx, device, push))
    }

    fn case_key(&self, case: CaseId) -> Result<Option<[u8; 32]>, LedgerError> {
        self.read(|db| runs::case_key(db, case))
    }

    fn append_push(&self, push: &NewPush, now_ms: i64) -> Result<Appended, LedgerError> {
        self.write(|tx| pushes::append_push(tx, push, now_ms))
    }

    fn push(&self, hash: &Hash) -> Result<Option<PushRow>, LedgerError> {
        self.read(|db| pushes::push(db, hash))
    }

    fn pushes(&self) -> Result<Vec<PushRow>, LedgerError> {
        self.read(pushes::pushes)
    }

    fn logged_runs(&self) -> Result<Vec<LoggedRun>, LedgerError> {
        self.read(logged::logged_runs)
    }

    fn last_push(&self, device: DeviceId, epoch: u32) -> Result<Option<PushRow>, LedgerError> {
        self.read(|db| pushes::last_push(db, device, epoch))
    }

    fn append_own(&self, run: &NewRun, now_ms: i64) -> Result<i64, LedgerError> {
        self.write(|tx| runs::append_own(tx, run, now_ms))
    }

    fn decide(&self, moves: &Moves, now_ms: i64) -> Result<(), LedgerError> {
        self.write(|tx| runs::decide(tx, moves, now_ms))
    }

    fn cases(&self) -> Result<Vec<CaseId>, LedgerError> {
        self.read(runs::cases)
    }

    fn runs(&self, case: CaseId) -> Result<Vec<RunRow>, LedgerError> {
        self.read(|db| runs::runs(db, case))
    }

    fn merged(&self, case: CaseId) -> Result<Vec<RunRow>, LedgerError> {
        self.read(|db| feed::merged(db, case))
    }

    fn undecided(&self, case: CaseId) -> Result<Vec<RunRow>, LedgerError> {
        self.read(|db| runs::undecided(db, case))
    }

    fn undecided_cases(&self) -> Result<Vec<CaseId>, LedgerError> {
        self.read(runs::undecided_cases)
    }

    fn marks(&self, case: CaseId, half: Half, actor: &Actor) -> Result<Vec<Mark>, LedgerError> {
        self.read(|db| runs::marks(db, case, half, actor))
    }

    fn run_ending(
        &self,
        case: CaseId,
        half: Half,
        actor: &Actor,
        seq: u64,
    ) -> Result<Option<Mark>, LedgerError> {
        self.read(|db| runs::run_ending(db, case, half, actor, seq))
    }

    fn actors(&self, case: CaseId, half: Half) -> Result<Vec<Actor>, LedgerError> {
        self.read(|db| runs::actors(db, case, half))
    }

    fn feed_directory(&self, serial: u64, body: &[u8], now_ms: i64) -> Result<u64, LedgerError> {
        self.write(|tx| feed::feed_directory(tx, serial, body, now_ms))
    }

    fn directory(&self) -> Result<Option<(u64, Vec<u8>)>, LedgerError> {
        self.read(feed::directory)
    }

    fn begin(&self, now_ms: i64) -> Result<(), LedgerError> {
        self.write(|tx| feed::begin(tx, now_ms))
    }

    fn newest(&self) -> Result<u64, LedgerError> {
        self.read(feed::newest)
    }

    fn reach(&self, after: u64, rows: u64) -> Result<u64, LedgerError> {
        self.read(|db| feed::reach(db, after, rows))
    }

    fn feed(
        &self,
        device: DeviceId,
        after: u64,
        until: u64,
    ) -> Result<Vec<FeedEntry>, LedgerError> {
        self.read(|db| feed::feed(db, device, after, until))
    }
}
