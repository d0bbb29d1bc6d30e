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
    /// The name and the hazards of a case in standby were read.
    ShowStandby(CaseId),
    /// A case was dropped, because it is over for this phone.
    Drop(CaseId),
    /// A case was dropped, because HQ shredded it.
    Shred(CaseId),
}

impl Act {
    const fn number(self) -> i64 {
        match self {
            Self::Unlock => 1,
            Self::List => 2,
            Self::Show(_) => 3,
            Self::Exchange => 4,
            Self::BreakGlass(_) => 5,
            Self::ShowStandby(_) => 6,
            Self::Drop(_) => 7,
            Self::Shred(_) => 8,
        }
    }

    fn case(self) -> Option<CaseId> {
        match self {
            Self::Show(case)
            | Self::BreakGlass(case)
            | Self::ShowStandby(case)
            | Self::Drop(case)
            | Self::Shred(case) => Some(case),
            Self::Unlock | Self::List | Self::Exchange => None,
        }
    }
}

pub(crate) fn put(tx: &Transaction<'_>, at_ms: i64, act: Act) -> Result<()> {
    tx.prepare_cached("INSERT INTO audit (at_ms, act, case_id) VALUES (?1, ?2, ?3)")?
        .execute((at_ms, act.number(), act.case().map(CaseId::bytes)))?;
    Ok(())
}
