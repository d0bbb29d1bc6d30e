//! The roll: staff, phones, enrolment codes, sign-ins.

use mooring_casefile::{DeviceId, PersonId, Roles};

use super::{Code, CodeUse, DeviceRow, Hash, LedgerError, SessionRow, StaffRow};

/// People and phones.
pub trait Roll {
    /// Adds a staff member; `Conflict` if the name is taken.
    fn add_staff(&self, staff: &StaffRow) -> Result<(), LedgerError>;

    /// Everyone, by name.
    fn staff(&self) -> Result<Vec<StaffRow>, LedgerError>;

    /// One staff member.
    fn staff_member(&self, id: PersonId) -> Result<Option<StaffRow>, LedgerError>;

    /// One staff member by name; case does not matter.
    fn staff_named(&self, name: &str) -> Result<Option<StaffRow>, LedgerError>;

    /// Sets a password and ends every sign-in of that person.
    fn set_password(&self, id: PersonId, phc: &str, now_ms: i64) -> Result<(), LedgerError>;

    /// Sets roles.
    fn set_roles(&self, id: PersonId, roles: Roles) -> Result<(), LedgerError>;

    /// Keeps a code.
    fn add_code(&self, code: &Code) -> Result<(), LedgerError>;

    /// A code by its ticket, and what it is worth now, without using it.
    fn look_up_code(
        &self,
        ticket: &[u8; 16],
        now_ms: i64,
    ) -> Result<Option<(Code, CodeUse)>, LedgerError>;

    /// Uses a code and enrols the phone, together or not at all.
    fn enrol(
        &self,
        ticket: &[u8; 16],
        device: &DeviceRow,
        now_ms: i64,
    ) -> Result<CodeUse, LedgerError>;

    /// Every phone, by when it enrolled.
    fn devices(&self) -> Result<Vec<DeviceRow>, LedgerError>;

    /// One phone.
    fn device(&self, id: DeviceId) -> Result<Option<DeviceRow>, LedgerError>;

    /// A verified envelope of this phone came in.
    fn heard_from(&self, id: DeviceId, now_ms: i64) -> Result<(), LedgerError>;

    /// Writes down a sign-in attempt: "wrong" before it is looked at, then "good", or "half" where a code has to follow.
    fn note_attempt(&self, name: &str, outcome: &str, now_ms: i64) -> Result<(), LedgerError>;

    /// When the failed attempts with this name since `since_ms` were, oldest first; a success wipes the slate, half a
    /// success only the attempt that it came of.
    fn failed_attempts(&self, name: &str, since_ms: i64) -> Result<Vec<i64>, LedgerError>;

    /// Begins a session.
    fn begin_session(&self, session: &SessionRow) -> Result<(), LedgerError>;

    /// A session that has not ended.
    fn session(&self, token_hash: &Hash) -> Result<Option<SessionRow>, LedgerError>;

    /// The session was used.
    fn touch_session(&self, token_hash: &Hash, now_ms: i64) -> Result<(), LedgerError>;

    /// The session is over.
    fn end_session(&self, token_hash: &Hash, now_ms: i64) -> Result<(), LedgerError>;
}
