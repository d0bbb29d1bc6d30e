//! What can go wrong, grouped by what an app does about it. No text from below is ever carried: it could quote an answer.

use mooring_casefile::CaseId;
use mooring_protocol::{AnswerFault, Faults};

/// The result of every verb.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A failed verb: the variant says what the app does next, [`Error::code`] is what a help desk asks for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Ask for the PIN.
    #[error("the vault is locked")]
    Locked,
    /// Ask again, and say how many tries are left.
    #[error("wrong PIN, {left} tries left")]
    WrongPin {
        /// Tries left before the PIN stops opening this vault.
        left: u8,
    },
    /// Say how long to wait before the next try; the guides, the numbers and a new visit need none.
    #[error("too many wrong PINs, wait {} s", wait_ms.div_ceil(1000))]
    Wait {
        /// How long.
        wait_ms: u64,
    },
    /// The finger or face was not shown, or not known: ask again, or ask for the PIN.
    #[error("not shown, or not known")]
    Canceled,
    /// Tell the person; nothing was changed or deleted, and only they may set the vault aside.
    #[error("the vault did not open: {0}")]
    Vault(VaultFault),
    /// Ask for a newer app: this file or message was written by one.
    #[error("this was written by a newer version: update the app")]
    UpdateApp,
    /// Say "not saved"; what was there before is still there.
    #[error("not saved: {0}")]
    NotSaved(NotSaved),
    /// The thing named is not in this vault.
    #[error("no such {0}")]
    NotFound(Missing),
    /// Show it beside the field that was typed.
    #[error("not accepted: {0}")]
    BadInput(BadInput),
    /// Show it beside the question: it says what the question takes, and never what was answered.
    #[error("{0}")]
    BadAnswer(Box<AnswerFault>),
    /// Show where the file is wrong.
    #[error("{0}")]
    BadProtocol(Box<Faults>),
    /// Say who may do it instead.
    #[error("not yours to do: {0}")]
    Forbidden(Forbidden),
    /// This one case can't be read; every other works, and its bytes are kept.
    #[error("this case is damaged on this phone; its bytes are kept")]
    CaseDamaged(CaseId),
    /// What arrived from HQ or from a partner's phone, or claims to, was not taken.
    #[error("what came was not taken: {0}")]
    Refused(Refused),
    /// Nothing is wrong: try again in a moment.
    #[error("busy, try again")]
    TryLater,
    /// A fault of ours; the code says where.
    #[error("an internal fault ({0})")]
    Internal(&'static str),
}

/// Why a vault did not open. A wrong key and damage look alike, so none of these may lead to deleting anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VaultFault {
    /// There is none in this folder.
    #[error("there is no vault here")]
    Absent,
    /// There is one already.
    #[error("there is a vault here already")]
    Exists,
    /// The platform keystore no longer has the secret: a restored or reset phone.
    #[error("this phone's keystore no longer has its key")]
    KeyMissing,
    /// The secret was invalidated, as when biometrics change.
    #[error("this phone's key was invalidated")]
    KeyInvalidated,
    /// Ten wrong PINs in a row; the PIN opens it no longer.
    #[error("too many wrong PINs")]
    PinBlocked,
    /// The header or a page is damaged, or the key is another's.
    #[error("it is damaged, or the key is another's")]
    Corrupt,
    /// Another process has it open.
    #[error("another process has it open")]
    InUse,
    /// It is older than what this phone has seen: commits are missing. Tell the person, then open it all the same
    /// ([`crate::Older::GoOn`]): the next exchange brings back what HQ has.
    #[error("it is older than what this phone has seen")]
    RolledBack,
    /// It was never set up to open that way, or this phone can't: ask for the PIN.
    #[error("it does not open that way")]
    NotSetUp,
}

/// Why nothing was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotSaved {
    /// The disk is full.
    #[error("no space left")]
    NoSpace,
    /// The folder or the disk can't be written.
    #[error("the storage is read-only")]
    ReadOnly,
    /// The disk reported an error.
    #[error("the storage reported an error")]
    Io,
}

/// What was asked for and is not here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Missing {
    /// No case of this id.
    #[error("case")]
    Case,
    /// No assessment of this id in the case.
    #[error("assessment")]
    Assessment,
    /// No protocol of this key or hash on the shelf.
    #[error("protocol")]
    Protocol,
    /// No question of this link in the protocol.
    #[error("question")]
    Question,
    /// Nothing was answered there.
    #[error("answer")]
    Answer,
    /// No advice, override or other record of this id.
    #[error("record")]
    Record,
    /// Nobody of this id in HQ's directory.
    #[error("person")]
    Person,
}

/// What is wrong with what was typed or handed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadInput {
    /// An id that can't be read.
    #[error("this is no id")]
    Id,
    /// A reason is asked for and is empty.
    #[error("a reason is needed")]
    Reason,
    /// Longer than the limit, or empty where something is needed.
    #[error("too long, or empty")]
    Length,
    /// A PIN shorter than allowed.
    #[error("the PIN is too short")]
    Pin,
    /// An enrolment code that can't be read.
    #[error("this is no enrolment code")]
    EnrolmentCode,
    /// A settlement that does not name exactly what is contested now.
    #[error("the values have changed: look again")]
    Stale,
    /// Not possible in the present state, as enrolling twice.
    #[error("not possible now")]
    Order,
}

/// Who may do it instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Forbidden {
    /// Enrol this phone first.
    #[error("this phone is not enrolled")]
    NotEnrolled,
    /// A psychiatrist, or a clinician other than the author.
    #[error("a psychiatrist, or a clinician other than the author, may")]
    NeedsRole,
    /// Only who wrote it.
    #[error("only its author may")]
    NotTheAuthor,
    /// The lease is over, or the clock is in doubt, and the case is none of this visit: HQ gives a new lease, or a person breaks the glass.
    #[error("this phone's lease is over: exchange with HQ, or break the glass")]
    NeedsLease,
    /// The case is held in standby: its name and hazards can be read, all else once a person breaks the glass.
    #[error("this case is held in standby: break the glass, with a reason")]
    Standby,
    /// HQ has ended the case for this phone: it is dropped once HQ has everything of it.
    #[error("this phone holds the case no longer: ask HQ")]
    Ended,
    /// Only the team, and those to whom HQ gave the case, add others.
    #[error("only the team of the case may")]
    NotOfTheTeam,
    /// Somebody whose role opens cases.
    #[error("your role opens no case")]
    NotYourRole,
}

/// Why what came from HQ, or from a partner's phone, was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The root does not have the fingerprint of the enrolment code.
    #[error("this is not the HQ of the enrolment code")]
    Fingerprint,
    /// A signature or certificate does not hold.
    #[error("its signature does not hold")]
    Signature,
    /// Bytes that can't be read.
    #[error("it can't be read")]
    Format,
    /// HQ refused our request; the code is HQ's own.
    #[error("HQ refused it ({0})")]
    ByHq(&'static str),
    /// A partner's bundle answers no token that this phone shows: it was used, it is older than ten minutes, or it is another phone's.
    #[error("its token is over, used, or another phone's")]
    Token,
    /// HQ has revoked that partner's phone, or knows it under a later certificate.
    #[error("HQ does not vouch for that phone any more")]
    Revoked,
}

impl Error {
    /// The stable name of the failure, for scripts and apps.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Locked => "locked",
            Self::WrongPin { .. } => "wrong_pin",
            Self::Wait { .. } => "wait",
            Self::Canceled => "canceled",
            Self::Vault(fault) => fault.kind(),
            Self::UpdateApp => "update_app",
            Self::NotSaved(NotSaved::NoSpace) => "no_space",
            Self::NotSaved(NotSaved::ReadOnly) => "read_only",
            Self::NotSaved(NotSaved::Io) => "storage_error",
            Self::NotFound(_) => "not_found",
            Self::BadInput(_) => "bad_input",
            Self::BadAnswer(_) => "bad_answer",
            Self::BadProtocol(_) => "bad_protocol",
            Self::Forbidden(_) => "forbidden",
            Self::CaseDamaged(_) => "case_damaged",
            Self::Refused(_) => "refused",
            Self::TryLater => "try_later",
            Self::Internal(_) => "internal",
        }
    }

    /// The stable code for a help desk; a number is never given a second meaning.
    pub const fn code(&self) -> u16 {
        match self {
            Self::Locked => 100,
            Self::WrongPin { .. } => 101,
            Self::Wait { .. } => 102,
            Self::Canceled => 103,
            Self::Vault(VaultFault::Absent) => 110,
            Self::Vault(VaultFault::Exists) => 111,
            Self::Vault(VaultFault::KeyMissing) => 112,
            Self::Vault(VaultFault::KeyInvalidated) => 113,
            Self::Vault(VaultFault::PinBlocked) => 114,
            Self::Vault(VaultFault::Corrupt) => 115,
            Self::Vault(VaultFault::InUse) => 116,
            Self::Vault(VaultFault::RolledBack) => 117,
            Self::Vault(VaultFault::NotSetUp) => 118,
            Self::UpdateApp => 120,
            Self::NotSaved(NotSaved::NoSpace) => 130,
            Self::NotSaved(NotSaved::ReadOnly) => 131,
            Self::NotSaved(NotSaved::Io) => 132,
            Self::NotFound(what) => 140 + *what as u16,
            Self::BadInput(what) => 150 + *what as u16,
            Self::BadAnswer(_) => 160,
            Self::BadProtocol(_) => 161,
            Self::Forbidden(who) => 170 + *who as u16,
            Self::CaseDamaged(_) => 180,
            Self::Refused(Refused::Fingerprint) => 190,
            Self::Refused(Refused::Signature) => 191,
            Self::Refused(Refused::Format) => 192,
            Self::Refused(Refused::ByHq(_)) => 193,
            Self::Refused(Refused::Token) => 194,
            Self::Refused(Refused::Revoked) => 195,
            Self::TryLater => 198,
            Self::Internal(_) => 199,
        }
    }
}

impl VaultFault {
    const fn kind(self) -> &'static str {
        match self {
            Self::Absent => "no_vault",
            Self::Exists => "vault_exists",
            Self::KeyMissing => "key_missing",
            Self::KeyInvalidated => "key_invalidated",
            Self::PinBlocked => "pin_blocked",
            Self::Corrupt => "corrupt",
            Self::InUse => "in_use",
            Self::RolledBack => "rolled_back",
            Self::NotSetUp => "not_set_up",
        }
    }
}
