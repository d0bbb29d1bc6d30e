//! What a verb at HQ answers when it does not do what it was asked: typed for code, in words for people.

use mooring_casefile::Moment;

use crate::ledger::LedgerError;

/// Why nothing was done. Nothing was saved either, unless the words say so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.words())]
pub enum Refused {
    /// No session, or it ended after fifteen idle minutes.
    SignedOut,
    /// Name and password do not go together; which of them is wrong is not said.
    WrongPassword,
    /// The code of the second factor is not right, or was used before.
    WrongCode,
    /// Too many wrong tries with this name.
    TooManyTries {
        /// How long to wait.
        again_in_ms: i64,
    },
    /// This person's roles do not allow it.
    Forbidden {
        /// Why, in words.
        why: String,
    },
    /// This agency asks for a second factor, and this person has none.
    SecondFactorFirst,
    /// There is no such thing.
    NotFound,
    /// The case was destroyed for good.
    Shredded {
        /// When.
        at_ms: i64,
    },
    /// What was given does not fit.
    Invalid {
        /// What is wrong with it, in words.
        why: String,
    },
    /// Trying again is safe and may help.
    TryLater,
    /// HQ itself failed; the code is for the log.
    Internal {
        /// A stable code.
        code: &'static str,
    },
}

impl Refused {
    /// A stable code for logs and tests.
    pub fn code(&self) -> &'static str {
        match self {
            Self::SignedOut => "signed-out",
            Self::WrongPassword => "wrong-password",
            Self::WrongCode => "wrong-code",
            Self::TooManyTries { .. } => "too-many-tries",
            Self::Forbidden { .. } => "forbidden",
            Self::SecondFactorFirst => "second-factor-first",
            Self::NotFound => "not-found",
            Self::Shredded { .. } => "shredded",
            Self::Invalid { .. } => "invalid",
            Self::TryLater => "try-later",
            Self::Internal { code } => code,
        }
    }

    /// What happened, that nothing is lost, and what to do.
    pub fn words(&self) -> String {
        match self {
            Self::SignedOut => "You are signed out. Sign in again; what you typed is kept.".into(),
            Self::WrongPassword => "That name and password do not go together.".into(),
            Self::WrongCode => "That code is not right, or it was used before. Each works once: wait for the next one.".into(),
            Self::TooManyTries { again_in_ms } => {
                format!(
                    "Too many wrong tries. Try again in {} seconds.",
                    (again_in_ms + 999) / 1000
                )
            }
            Self::Forbidden { why } | Self::Invalid { why } => why.clone(),
            Self::SecondFactorFirst => "This agency asks for a second factor. Set yours up first.".into(),
            Self::NotFound => "HQ has nothing by that name.".into(),
            Self::Shredded { at_ms } => {
                format!("This case was shredded on {}.", day(*at_ms))
            }
            Self::TryLater => "HQ is busy. Nothing was changed; try again.".into(),
            Self::Internal { code } => {
                format!(
                    "HQ could not do this ({code}). Nothing was changed, and what you typed is kept."
                )
            }
        }
    }

    pub(crate) fn forbidden(why: &str) -> Self {
        Self::Forbidden {
            why: why.to_owned(),
        }
    }

    pub(crate) fn invalid(why: &str) -> Self {
        Self::Invalid {
            why: why.to_owned(),
        }
    }
}

/// The time in UTC, "2026-06-14T02:35:00Z".
pub fn stamp_ms(wall_ms: i64) -> String {
    let unix_s = wall_ms.div_euclid(1_000);
    Moment { unix_s, wall_ms }.to_string()
}

/// The day in UTC, "2026-06-14".
pub(crate) fn day(wall_ms: i64) -> String {
    stamp_ms(wall_ms).chars().take(10).collect()
}

impl From<LedgerError> for Refused {
    fn from(error: LedgerError) -> Self {
        match error {
            LedgerError::Busy => Self::TryLater,
            LedgerError::Disk => Self::Internal { code: "disk" },
            LedgerError::WontOpen => Self::Internal {
                code: "ledger-wont-open",
            },
            LedgerError::TooNew { .. } => Self::Internal {
                code: "ledger-too-new",
            },
            LedgerError::Conflict => Self::Internal {
                code: "ledger-conflict",
            },
            LedgerError::Inside(_) => Self::Internal { code: "ledger" },
        }
    }
}
