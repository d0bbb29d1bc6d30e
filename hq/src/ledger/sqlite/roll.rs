//! The roll over `SQLite`: which function in which kind of transaction, and nothing else.

use mooring_casefile::{DeviceId, PersonId, Roles};

use super::{SqliteLedger, people, phones, sign_ins};
use crate::ledger::{Code, CodeUse, DeviceRow, Hash, LedgerError, Roll, SessionRow, StaffRow};

impl Roll for SqliteLedger {
    fn add_staff(&self, staff: &StaffRow) -> Result<(), LedgerError> {
        self.write(|tx| people::add_staff(tx, staff))
    }

    fn staff(&self) -> Result<Vec<StaffRow>, LedgerError> {
        self.read(people::staff)
    }

    fn staff_member(&self, id: PersonId) -> Result<Option<StaffRow>, LedgerError> {
        self.read(|db| people::staff_member(db, id))
    }

    fn staff_named(&self, name: &str) -> Result<Option<StaffRow>, LedgerError> {
        self.read(|db| people::staff_named(db, name))
    }

    fn set_password(&self, id: PersonId, phc: &str, now_ms: i64) -> Result<(), LedgerError> {
        self.write(|tx| people::set_password(tx, id, phc, now_ms))
    }

    fn set_roles(&self, id: PersonId, roles: Roles) -> Result<(), LedgerError> {
        self.write(|tx| people::set_roles(tx, id, roles))
    }

    fn add_code(&self, code: &Code) -> Result<(), LedgerError> {
        self.write(|tx| phones::add_code(tx, code))
    }

    fn look_up_code(
        &self,
        ticket: &[u8; 16],
        now_ms: i64,
    ) -> Result<Option<(Code, CodeUse)>, LedgerError> {
        self.read(|db| phones::look_up_code(db, ticket, now_ms))
    }

    fn enrol(
        &self,
        ticket: &[u8; 16],
        device: &DeviceRow,
        now_ms: i64,
    ) -> Result<CodeUse, LedgerError> {
        self.write(|tx| phones::enrol(tx, ticket, device, now_ms))
    }

    fn devices(&self) -> Result<Vec<DeviceRow>, LedgerError> {
        self.read(phones::devices)
    }

    fn device(&self, id: DeviceId) -> Result<Option<DeviceRow>, LedgerError> {
        self.read(|db| phones::device(db, id))
    }

    fn heard_from(&self, id: DeviceId, now_ms: i64) -> Result<(), LedgerError> {
        self.write(|tx| phones::heard_from(tx, id, now_ms))
    }

    fn note_attempt(&self, name: &str, outcome: &str, now_ms: i64) -> Result<(), LedgerError> {
        self.write(|tx| sign_ins::note_attempt(tx, name, outcome, now_ms))
    }

    fn failed_attempts(&self, name: &str, since_ms: i64) -> Result<Vec<i64>, LedgerError> {
        self.read(|db| sign_ins::failed_attempts(db, name, since_ms))
    }

    fn begin_session(&self, session: &SessionRow) -> Result<(), LedgerError> {
        self.write(|tx| sign_ins::begin_session(tx, session))
    }

    fn session(&self, token_hash: &Hash) -> Result<Option<SessionRow>, LedgerError> {
        self.read(|db| sign_ins::session(db, token_hash))
    }

    fn touch_session(&self, token_hash: &Hash, now_ms: i64) -> Result<(), LedgerError> {
        self.write(|tx| sign_ins::touch_session(tx, token_hash, now_ms))
    }

    fn end_session(&self, token_hash: &Hash, now_ms: i64) -> Result<(), LedgerError> {
        self.write(|tx| sign_ins::end_session(tx, token_hash, now_ms))
    }
}
