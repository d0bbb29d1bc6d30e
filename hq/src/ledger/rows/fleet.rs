//! What HQ says to phones and keeps about them: statements of the feed, revocations, records that came sealed.

use mooring_casefile::{CaseId, ChangeId, DeviceId};

use super::{Fate, Hash, NewRun};

/// A signed statement on its way into the feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NewStatement {
    /// The root's, about the online keys: for every phone.
    KeySet {
        /// Its number.
        serial: u64,
        /// The statement.
        body: Vec<u8>,
    },
    /// The root's, about whom phones seal to: for every phone.
    SealingKeys {
        /// Its number.
        serial: u64,
        /// The statement.
        body: Vec<u8>,
    },
    /// How long one phone may read.
    Lease {
        /// Which phone.
        device: DeviceId,
        /// The statement.
        body: Vec<u8>,
    },
    /// What one phone shall do.
    Order {
        /// Which phone.
        device: DeviceId,
        /// The statement.
        body: Vec<u8>,
    },
}

/// Statements to one phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ToPhone {
    /// How long it may read.
    Lease,
    /// What it shall do.
    Order,
}

/// A statement in the feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FedStatement {
    /// Its place.
    pub cursor: u64,
    /// The statement.
    pub body: Vec<u8>,
    /// When it was fed, by HQ's clock.
    pub added_ms: i64,
}

/// Since when and from which push on a phone's word is kept for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Revocation {
    /// Which phone.
    pub device: DeviceId,
    /// Its last push that counts.
    pub last_seq: u64,
    /// When it was revoked.
    pub at_ms: i64,
}

/// What became of a record that came sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SealedFate {
    /// Its runs are in the log.
    Taken,
    /// Its runs are in the log, held for a person; the code says why.
    Held(String),
    /// It does not open, or nobody knows whose it is: kept whole; the code says why.
    Unopened(String),
}

/// A record that came sealed, on its way into the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSealed {
    /// SHA-256 of the record.
    pub id: Hash,
    /// The device that it names.
    pub device: DeviceId,
    /// Its proof, or all of it where it was not opened.
    pub kept: Vec<u8>,
    /// How large the record was.
    pub size: u64,
    /// What became of it.
    pub fate: SealedFate,
    /// The changes that it names.
    pub changes: Vec<ChangeId>,
    /// Keys for cases that have none yet.
    pub keys: Vec<(CaseId, [u8; 32])>,
    /// Those of its runs that HQ did not have, and what becomes of each.
    pub runs: Vec<(NewRun, Fate)>,
}

/// A record that came sealed, as it is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedRow {
    /// SHA-256 of the record.
    pub id: Hash,
    /// The device that it names.
    pub device: DeviceId,
    /// How large it was.
    pub size: u64,
    /// What became of it.
    pub fate: SealedFate,
    /// When it came.
    pub received_ms: i64,
}

/// How many runs of one case and one phone have one fate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunTally {
    /// Which case.
    pub case: CaseId,
    /// The fate.
    pub fate: Fate,
    /// How many changes they have.
    pub changes: u64,
}

/// A run that came sealed, and what is kept of its record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedRun {
    /// The run's row.
    pub run: i64,
    /// The record's proof.
    pub kept: Vec<u8>,
    /// Whether the run is part of its case.
    pub is_fed: bool,
}
