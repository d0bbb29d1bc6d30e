//! Staff, phones, codes and sessions.

use mooring_casefile::{DeviceId, PersonId, RecordId, Roles};

use super::Hash;

/// A staff member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffRow {
    /// Who.
    pub id: PersonId,
    /// The name that they sign in with and that others read.
    pub name: String,
    /// What they may do.
    pub roles: Roles,
    /// The password's Argon2id PHC string; none if they can't sign in at HQ.
    pub password: Option<String>,
    /// When they were added.
    pub added_ms: i64,
}

/// An enrolled phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceRow {
    /// Which phone.
    pub id: DeviceId,
    /// Whose it is: one device, one person.
    pub person: PersonId,
    /// Its certificate, as signed.
    pub certificate: Vec<u8>,
    /// When it enrolled.
    pub enrolled_ms: i64,
    /// When a verified envelope of its last came in.
    pub heard_ms: Option<i64>,
}

/// An enrolment code: what is derived one way from its secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Code {
    /// What a request names it by.
    pub ticket: [u8; 16],
    /// What a request is proved with.
    pub key: [u8; 32],
    /// For whom.
    pub person: PersonId,
    /// After this it is worth nothing.
    pub expires_ms: i64,
}

/// What became of trying to use a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeUse {
    /// It was good, is now used, and was this person's.
    Good(PersonId),
    /// No such code.
    Unknown,
    /// Its time was over.
    Expired,
    /// It had been used; by this very device if so said.
    Used {
        /// The device that enrolled with it.
        device: DeviceId,
    },
}

/// A sign-in that goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// SHA-256 of the cookie's value.
    pub token_hash: Hash,
    /// What a signature names.
    pub sign_in: RecordId,
    /// Whose.
    pub staff: PersonId,
    /// The token that every form carries.
    pub csrf: String,
    /// When it began.
    pub begun_ms: i64,
    /// When it was last used.
    pub seen_ms: i64,
}

/// What a person has besides the password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecondFactorRow {
    /// Whose.
    pub staff: PersonId,
    /// The secret, sealed.
    pub sealed: Vec<u8>,
    /// When it was made.
    pub begun_ms: i64,
    /// When its person showed a code of it; until then it does not count.
    pub confirmed_ms: Option<i64>,
    /// The last step of which a code was used.
    pub last_step: i64,
}

/// A sign-in that has the password and waits for a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HalfSignIn {
    /// SHA-256 of the cookie's value.
    pub token_hash: Hash,
    /// Whose.
    pub staff: PersonId,
    /// When it began.
    pub begun_ms: i64,
}
