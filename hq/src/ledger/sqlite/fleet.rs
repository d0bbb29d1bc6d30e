//! The fleet over `SQLite`: which function in which kind of transaction, and nothing else.

use mooring_casefile::{CaseId, ChangeId, DeviceId};

use super::{SqliteLedger, revocations, sealed, statements};
use crate::ledger::{
    FedStatement, Fleet, Hash, LedgerError, NewSealed, NewStatement, Revocation, RunRow, RunTally,
    SealedRow, SealedRun, ToPhone, Vouched,
};

impl Fleet for SqliteLedger {
    fn feed_statement(&self, statement: &NewStatement, now_ms: i64) -> Result<u64, LedgerError> {
        self.write(|tx| statements::feed(tx, statement, now_ms))
    }

    fn key_sets(&self) -> Result<Vec<FedStatement>, LedgerError> {
        self.read(statements::key_sets)
    }

    fn newest_serials(&self) -> Result<(u64, u64), LedgerError> {
        self.read(statements::newest_serials)
    }

    fn newest_to(
        &self,
        device: DeviceId,
        what: ToPhone,
    ) -> Result<Option<FedStatement>, LedgerError> {
        self.read(|db| statements::newest_to(db, device, what))
    }

    fn revoke(&self, revocation: &Revocation) -> Result<(), LedgerError> {
        self.write(|tx| revocations::revoke(tx, revocation))
    }

    fn revocations(&self) -> Result<Vec<Revocation>, LedgerError> {
        self.read(revocations::all)
    }

    fn revocation(&self, device: DeviceId) -> Result<Option<Revocation>, LedgerError> {
        self.read(|db| revocations::of(db, device))
    }

    fn came_to(&self, device: DeviceId, cursor: u64) -> Result<(), LedgerError> {
        self.write(|tx| statements::came_to(tx, device, cursor))
    }

    fn cursor_of(&self, device: DeviceId) -> Result<u64, LedgerError> {
        self.read(|db| statements::cursor_of(db, device))
    }

    fn fed_to(&self, device: DeviceId, until: u64) -> Result<Vec<(CaseId, u64)>, LedgerError> {
        self.read(|db| revocations::fed_to(db, device, until))
    }

    fn written_by(&self, device: DeviceId) -> Result<Vec<RunTally>, LedgerError> {
        self.read(|db| revocations::written_by(db, device))
    }

    fn append_sealed(&self, record: &NewSealed, now_ms: i64) -> Result<(), LedgerError> {
        self.write(|tx| sealed::append(tx, record, now_ms))
    }

    fn sealed(&self, id: &Hash) -> Result<Option<SealedRow>, LedgerError> {
        self.read(|db| sealed::one(db, id))
    }

    fn sealed_aside(&self) -> Result<Vec<SealedRow>, LedgerError> {
        self.read(sealed::aside)
    }

    fn sealed_aside_size(&self, device: DeviceId) -> Result<(u64, u64), LedgerError> {
        self.read(|db| sealed::aside_size(db, device))
    }

    fn knows_sealed(&self, change: &ChangeId, vouched: Vouched) -> Result<bool, LedgerError> {
        self.read(|db| sealed::knows(db, change, vouched))
    }

    fn sealed_runs(&self) -> Result<Vec<SealedRun>, LedgerError> {
        self.read(sealed::runs)
    }

    fn unvouched(&self, case: CaseId) -> Result<Vec<RunRow>, LedgerError> {
        self.read(|db| sealed::unvouched(db, case))
    }
}
