//! What lists show. Counts are signed and moments are the platform's own type, so these are taken over field by field: one
//! that is forgotten here does not compile.

use mooring_casefile::CaseId;
use mooring_device::{Origin, ShelvedProtocol};
use mooring_protocol::ProtocolHash;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A case as a list shows it.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct CaseRow {
    /// The case.
    pub case: CaseId,
    /// What the team called it.
    pub title: String,
    /// The level in the words that phone, HQ and hand-off share.
    pub level: String,
    /// The level's token, for color and shape: `imminent`, `high`, `moderate`, `low`, `none` or `unknown`; `standby` where
    /// it may not be read.
    pub level_token: String,
    /// The level's place in a worst-first order: lower is worse.
    pub rank: i32,
    /// Whether people differ about something that matters.
    pub contested: bool,
    /// How many changes are on this phone only: until HQ's receipt, HQ does not know.
    pub unsent: i64,
    /// When it was made, by the clock of then.
    pub created: SystemTime,
    /// When it last changed here, by the clock of then.
    pub updated: SystemTime,
    /// The case is held in standby: break the glass to read more than its name and its hazards.
    pub standby: bool,
}

impl From<mooring_device::CaseRow> for CaseRow {
    fn from(row: mooring_device::CaseRow) -> Self {
        let mooring_device::CaseRow {
            case,
            title,
            level,
            level_token,
            rank,
            contested,
            unsent,
            created_ms,
            updated_ms,
            standby,
        } = row;
        let rank = i32::from(rank);
        let (created, updated) = (moment(created_ms), moment(updated_ms));
        Self {
            case,
            title,
            level,
            level_token,
            rank,
            contested,
            unsent: count(unsent),
            created,
            updated,
            standby,
        }
    }
}

/// A protocol on the shelf.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct ProtocolRow {
    /// Its hash: the version, exactly.
    pub hash: ProtocolHash,
    /// Its key, the same over its versions.
    pub key: String,
    /// Its title.
    pub title: String,
    /// Its version, as it says itself.
    pub version: String,
    /// Whether "not a validated instrument" must stand wherever it does.
    pub not_validated: bool,
    /// Where it came from.
    pub origin: Origin,
    /// What a reader should know of how it was read.
    pub warnings: Vec<String>,
}

/// Where a protocol came from.
#[uniffi::remote(Enum)]
pub enum Origin {
    /// The starter pack of the app.
    Starter,
    /// A file that somebody loaded on this phone.
    File,
    /// HQ.
    Hq,
}

impl From<ShelvedProtocol> for ProtocolRow {
    fn from(row: ShelvedProtocol) -> Self {
        let ShelvedProtocol {
            hash,
            key,
            title,
            version,
            not_validated,
            origin,
            warnings,
        } = row;
        Self {
            hash,
            key,
            title,
            version,
            not_validated,
            origin,
            warnings,
        }
    }
}

/// A count, signed.
pub(crate) fn count(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// The moment so many milliseconds from 1970; one that the platform can't hold is 1970 itself.
pub(crate) fn moment(wall_ms: i64) -> SystemTime {
    let distance = Duration::from_millis(wall_ms.unsigned_abs());
    let at = if wall_ms < 0 {
        UNIX_EPOCH.checked_sub(distance)
    } else {
        UNIX_EPOCH.checked_add(distance)
    };
    at.unwrap_or(UNIX_EPOCH)
}
