//! What was read, exported and unlocked. A write is audited by its own change.

use mooring_casefile::CaseId;
use rusqlite::{Result, Transaction};

/// An act that leaves no change behind. The numbers are stored and never reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    /// The vault was opened with the PIN.
    Unlock,
    /// The list of cases was read.
    List,
    /// One case was read.
    Show(CaseId),
    /// What HQ lacks was handed out to be sent.
    Exchange,
    /// The glass was broken for one case.
    BreakGlass(CaseId),
    /// One case was sealed for a partner's phone.
    Give(CaseId),
    /// One case was taken from a partner's phone.
    Take(CaseId),
}

impl Act {
    const fn number(self) -> i64 {
        match self {
            Self::Unlock => 1,
            Self::List => 2,
            Self::Show(_) => 3,
            Self::Exchange => 4,
            Self::BreakGlass(_) => 5,
            Self::Give(_) => 20,
            Self::Take(_) => 21,
        }
    }

    fn case(self) -> Option<CaseId> {
        match self {
            Self::Show(case) | Self::BreakGlass(case) | Self::Give(case) | Self::Take(case) => {
                Some(case)
            }
            Self::Unlock | Self::List | Self::Exchange => None,
        }
    }
}

pub(crate) fn put(tx: &Transaction<'_>, at_ms: i64, act: Act) -> Result<()> {
    tx.prepare_cached("INSERT INTO audit (at_ms, act, case_id) VALUES (?1, ?2, ?3)")?
        .execute((at_ms, act.number(), act.case().map(CaseId::bytes)))?;
    Ok(())
}
