//! The one error that crosses, by what an app does about it, each with the code that a help desk asks for. Numbers and ids
//! only: no text from below, which could quote an answer, and no personal data.

use mooring_casefile::CaseId;
use mooring_device::{BadInput, Error, Refused};

/// A panic below: the phone was locked, nothing that was acknowledged is lost.
pub(crate) const CODE_PANIC: i32 = 201;
/// A value that is none, whatever the question: a decimal without digits.
const CODE_VALUE: i32 = 203;
/// The other side of the language border did what its contract does not allow.
const CODE_CALLBACK: i32 = 202;

/// What went wrong, by what an app does next. `code` is stable and means one thing forever: see the list for help desks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum MooringError {
    /// Ask for the PIN.
    #[error("locked ({code})")]
    Locked {
        /// For the help desk.
        code: i32,
    },
    /// Ask for the PIN again, and say how many tries are left.
    #[error("wrong PIN ({code})")]
    WrongPin {
        /// For the help desk.
        code: i32,
        /// Tries left before the PIN opens this vault no longer.
        tries_left: i32,
    },
    /// Say how long to wait before the next try; the guides, the numbers and a new visit need none.
    #[error("wait ({code})")]
    Wait {
        /// For the help desk.
        code: i32,
        /// How long, in milliseconds.
        wait_ms: i64,
    },
    /// The finger or face was not shown, or not known: ask again, or ask for the PIN.
    #[error("not shown, or not known ({code})")]
    Canceled {
        /// For the help desk.
        code: i32,
    },
    /// The vault did not open. Tell the person; nothing was changed or deleted, and only they may set it aside.
    #[error("the vault did not open ({code})")]
    Vault {
        /// For the help desk.
        code: i32,
        /// Why.
        why: WontOpen,
    },
    /// Offer the update: this was written by a newer version, and nothing was touched.
    #[error("update the app ({code})")]
    UpdateApp {
        /// For the help desk.
        code: i32,
    },
    /// Say "not saved" beside what was typed, and keep it there. What was saved before is still there.
    #[error("not saved ({code})")]
    NotSaved {
        /// For the help desk.
        code: i32,
        /// Why.
        why: NotWritten,
    },
    /// Go back to the list: the thing named is not on this phone.
    #[error("not found ({code})")]
    NotFound {
        /// For the help desk.
        code: i32,
        /// What was asked for.
        what: NotHere,
    },
    /// Show it beside the field that was typed.
    #[error("not accepted ({code})")]
    BadInput {
        /// For the help desk.
        code: i32,
        /// What is wrong.
        what: NotAccepted,
    },
    /// Show it beside the question: what was said is not what it takes.
    #[error("not an answer to this question ({code})")]
    BadAnswer {
        /// For the help desk.
        code: i32,
    },
    /// Show where the file is wrong.
    #[error("the questionnaire or its rules have faults ({code})")]
    BadProtocol {
        /// For the help desk.
        code: i32,
        /// What is wrong and where: places of the file and what was expected there.
        faults: Vec<String>,
    },
    /// Say who may do it instead.
    #[error("not allowed ({code})")]
    Forbidden {
        /// For the help desk.
        code: i32,
        /// Who may.
        who: NotAllowed,
    },
    /// Show this one case as damaged; every other works, and its bytes are kept.
    #[error("a case is damaged ({code})")]
    CaseDamaged {
        /// For the help desk.
        code: i32,
        /// Which.
        case: CaseId,
    },
    /// What came from HQ was not taken: say so, keep working offline.
    #[error("HQ's answer was not taken ({code})")]
    Refused {
        /// For the help desk.
        code: i32,
        /// Why.
        why: NotTaken,
    },
    /// Nothing is wrong: try again in a moment.
    #[error("try later ({code})")]
    TryLater {
        /// For the help desk.
        code: i32,
    },
    /// A fault of ours: show the code. What was acknowledged is safe.
    #[error("internal ({code})")]
    Internal {
        /// For the help desk.
        code: i32,
    },
}

/// Why a vault did not open. A wrong key and damage look alike: none of these is a reason to delete anything.
pub type WontOpen = mooring_device::VaultFault;

/// Why a vault did not open. A wrong key and damage look alike: none of these is a reason to delete anything.
#[uniffi::remote(Enum)]
pub enum WontOpen {
    /// There is none in this folder.
    Absent,
    /// There is one already.
    Exists,
    /// The platform keystore no longer has the secret: a restored or reset phone.
    KeyMissing,
    /// The secret was invalidated, as when biometrics change.
    KeyInvalidated,
    /// Ten wrong PINs in a row; the PIN opens it no longer.
    PinBlocked,
    /// The header or a page is damaged, or the key is another's.
    Corrupt,
    /// Another process has it open.
    InUse,
    /// It is older than what this phone has seen: commits are missing.
    RolledBack,
    /// It was never set up to open that way, or this phone can't: ask for the PIN.
    NotSetUp,
}

/// Why nothing was written.
pub type NotWritten = mooring_device::NotSaved;

/// Why nothing was written.
#[uniffi::remote(Enum)]
pub enum NotWritten {
    /// The disk is full.
    NoSpace,
    /// The folder or the disk can't be written.
    ReadOnly,
    /// The disk reported an error.
    Io,
}

/// What was asked for and is not on this phone.
pub type NotHere = mooring_device::Missing;

/// What was asked for and is not on this phone.
#[uniffi::remote(Enum)]
pub enum NotHere {
    /// No case of this id.
    Case,
    /// No assessment of this id in the case.
    Assessment,
    /// No protocol of this key or hash on the shelf.
    Protocol,
    /// No question of this link in the protocol.
    Question,
    /// Nothing was answered there.
    Answer,
    /// No advice, override or other record of this id.
    Record,
    /// Nobody of this id in HQ's directory.
    Person,
}

/// What is wrong with what was typed or handed in.
pub type NotAccepted = mooring_device::BadInput;

/// What is wrong with what was typed or handed in.
#[uniffi::remote(Enum)]
pub enum NotAccepted {
    /// An id that can't be read.
    Id,
    /// A reason is asked for and is empty.
    Reason,
    /// Longer than the limit, or empty where something is needed.
    Length,
    /// A PIN shorter than allowed.
    Pin,
    /// An enrolment code that can't be read.
    EnrolmentCode,
    /// The values have changed since they were shown: look again.
    Stale,
    /// Not possible in the present state, as enrolling twice.
    Order,
}

/// Who may do it instead.
pub type NotAllowed = mooring_device::Forbidden;

/// Who may do it instead.
#[uniffi::remote(Enum)]
pub enum NotAllowed {
    /// Nobody on this phone, before it is enrolled.
    NotEnrolled,
    /// A psychiatrist, or a clinician other than the author.
    NeedsRole,
    /// Only who wrote it.
    NotTheAuthor,
    /// Nobody before HQ gives a new lease, or a person breaks the glass.
    NeedsLease,
    /// Nobody before the glass is broken, with a reason: the case is held in standby.
    Standby,
    /// Nobody on this phone: HQ has ended the case for it.
    Ended,
    /// Only the team of the case.
    NotOfTheTeam,
    /// Somebody whose role opens cases.
    NotYourRole,
}

/// Why what came from HQ was not taken.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum NotTaken {
    /// The root does not have the fingerprint of the enrolment code.
    Fingerprint,
    /// A signature or certificate does not hold.
    Signature,
    /// Bytes that can't be read.
    Format,
    /// HQ refused the request.
    ByHq {
        /// HQ's own code.
        hq_code: String,
    },
}

impl MooringError {
    /// What an id that can't be read is answered with.
    pub(crate) fn no_id() -> Self {
        Error::BadInput(BadInput::Id).into()
    }

    /// What a value that can't be read is answered with, wherever the question is not at hand.
    pub(crate) const fn no_answer() -> Self {
        Self::BadAnswer { code: CODE_VALUE }
    }

    /// The number that a help desk asks for.
    pub const fn code(&self) -> i32 {
        match self {
            Self::Locked { code }
            | Self::WrongPin { code, .. }
            | Self::Wait { code, .. }
            | Self::Canceled { code }
            | Self::Vault { code, .. }
            | Self::UpdateApp { code }
            | Self::NotSaved { code, .. }
            | Self::NotFound { code, .. }
            | Self::BadInput { code, .. }
            | Self::BadAnswer { code }
            | Self::BadProtocol { code, .. }
            | Self::Forbidden { code, .. }
            | Self::CaseDamaged { code, .. }
            | Self::Refused { code, .. }
            | Self::TryLater { code }
            | Self::Internal { code } => *code,
        }
    }
}

impl From<Error> for MooringError {
    fn from(error: Error) -> Self {
        let code = i32::from(error.code());
        match error {
            Error::Locked => Self::Locked { code },
            Error::WrongPin { left } => Self::WrongPin {
                code,
                tries_left: i32::from(left),
            },
            Error::Wait { wait_ms } => Self::Wait {
                code,
                wait_ms: crate::rows::count(wait_ms),
            },
            Error::Canceled => Self::Canceled { code },
            Error::Vault(why) => Self::Vault { code, why },
            Error::UpdateApp => Self::UpdateApp { code },
            Error::NotSaved(why) => Self::NotSaved { code, why },
            Error::NotFound(what) => Self::NotFound { code, what },
            Error::BadInput(what) => Self::BadInput { code, what },
            Error::BadAnswer(_) => Self::BadAnswer { code },
            Error::BadProtocol(faults) => Self::BadProtocol {
                code,
                faults: in_lines(&faults.to_string()),
            },
            Error::Forbidden(who) => Self::Forbidden { code, who },
            Error::CaseDamaged(case) => Self::CaseDamaged { code, case },
            Error::Refused(why) => Self::Refused {
                code,
                why: not_taken(why),
            },
            Error::TryLater => Self::TryLater { code },
            Error::Internal(_) => Self::Internal { code },
        }
    }
}

fn in_lines(faults: &str) -> Vec<String> {
    faults.lines().map(ToOwned::to_owned).collect()
}

fn not_taken(why: Refused) -> NotTaken {
    match why {
        Refused::Fingerprint => NotTaken::Fingerprint,
        // No call of this facade takes what a partner gives; the code tells them apart.
        Refused::Signature | Refused::Token | Refused::Revoked => NotTaken::Signature,
        Refused::Format => NotTaken::Format,
        Refused::ByHq(code) => NotTaken::ByHq {
            hq_code: code.to_owned(),
        },
    }
}

impl From<uniffi::UnexpectedUniFFICallbackError> for MooringError {
    fn from(_: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Internal {
            code: CODE_CALLBACK,
        }
    }
}
