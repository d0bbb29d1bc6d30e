//! The fleet: what HQ says to phones, which are revoked, how far each has come, and what they sent sealed.

use mooring_casefile::{CaseId, ChangeId, DeviceId};

use super::{
    FedStatement, Hash, LedgerError, NewSealed, NewStatement, Revocation, RunRow, RunTally,
    SealedRow, SealedRun, ToPhone,
};

/// Phones, seen from HQ.
pub trait Fleet {
    /// Puts a statement into the feed and says where. `Conflict` if another with its number is there.
    fn feed_statement(&self, statement: &NewStatement, now_ms: i64) -> Result<u64, LedgerError>;

    /// The key sets in the feed, oldest first.
    fn key_sets(&self) -> Result<Vec<FedStatement>, LedgerError>;

    /// The highest numbers of a key set and of sealing keys in the feed; 0 where there is none.
    fn newest_serials(&self) -> Result<(u64, u64), LedgerError>;

    /// The newest statement of a kind to one phone.
    fn newest_to(
        &self,
        device: DeviceId,
        what: ToPhone,
    ) -> Result<Option<FedStatement>, LedgerError>;

    /// Revokes a phone for good: what is undecided of its later pushes is held from now on. `Conflict` if it was revoked before.
    fn revoke(&self, revocation: &Revocation) -> Result<(), LedgerError>;

    /// The phones that were revoked.
    fn revocations(&self) -> Result<Vec<Revocation>, LedgerError>;

    /// One phone's revocation.
    fn revocation(&self, device: DeviceId) -> Result<Option<Revocation>, LedgerError>;

    /// A phone has everything up to this cursor, by its own verified word. A lower one than before is noted as well: it was restored.
    fn came_to(&self, device: DeviceId, cursor: u64) -> Result<(), LedgerError>;

    /// How far a phone has come; 0 if it never said.
    fn cursor_of(&self, device: DeviceId) -> Result<u64, LedgerError>;

    /// What a phone was fed up to a cursor: cases, and how many changes of each.
    fn fed_to(&self, device: DeviceId, until: u64) -> Result<Vec<(CaseId, u64)>, LedgerError>;

    /// What a phone wrote, by case and fate.
    fn written_by(&self, device: DeviceId) -> Result<Vec<RunTally>, LedgerError>;

    /// Appends a record that came sealed, whole; its runs too. One that did not open before may be appended again.
    fn append_sealed(&self, record: &NewSealed, now_ms: i64) -> Result<(), LedgerError>;

    /// A record that came sealed.
    fn sealed(&self, id: &Hash) -> Result<Option<SealedRow>, LedgerError>;

    /// Those that are kept for a person or did not open, oldest first.
    fn sealed_aside(&self) -> Result<Vec<SealedRow>, LedgerError>;

    /// How many bytes of records HQ keeps that nobody vouches for: of one device, and of all.
    fn sealed_aside_size(&self, device: DeviceId) -> Result<(u64, u64), LedgerError>;

    /// Whether a record that HQ opened named this change.
    fn knows_sealed(&self, change: &ChangeId, vouched: Vouched) -> Result<bool, LedgerError>;

    /// Every run that came sealed.
    fn sealed_runs(&self) -> Result<Vec<SealedRun>, LedgerError>;

    /// The runs of a case that came sealed and that nobody vouches for.
    fn unvouched(&self, case: CaseId) -> Result<Vec<RunRow>, LedgerError>;
}

/// Which records count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Vouched {
    /// Those that a device signed.
    Signed,
    /// All that HQ opened.
    Any,
}
