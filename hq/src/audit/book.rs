//! Reading the audit of a data folder without writing to it: no row, no checkpoint.

use std::path::Path;

use mooring_casefile::CaseId;

use super::phones::{JOINED, Joined};
use crate::keys::Keys;
use crate::ledger::sqlite::SqliteLedger;
use crate::ledger::{AuditRow, Ledger, LedgerError};
use crate::office::OpenError;

/// Rows are read by the page: an audit of years does not go into memory.
pub(super) const PAGE: u32 = 1_000;

/// The audit of one data folder, opened to be read.
pub struct AuditBook {
    pub(super) ledger: Box<dyn Ledger>,
    pub(super) keys: Keys,
}

/// Which rows are wanted.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted {
    /// Of one case only.
    pub case: Option<CaseId>,
    /// From this time on.
    pub since_ms: Option<i64>,
}

/// One row in words that name who and what, and no content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditLine {
    /// Its number.
    pub number: i64,
    /// When.
    pub at_ms: i64,
    /// The rest.
    pub words: String,
}

impl AuditBook {
    /// Opens the audit. Nothing is signed here: a start of HQ would sign whatever it found.
    pub fn open(data: &Path, key_file: Option<&Path>) -> Result<Self, OpenError> {
        let file = data.join("ledger.db");
        if !Keys::exist(data) {
            return Err(OpenError::KeysMissing);
        }
        let keys = Keys::open(data, key_file)?;
        let ledger = Box::new(SqliteLedger::open(&file, keys.ledger.expose())?);
        Ok(Self { ledger, keys })
    }

    /// Calls `each` with every row that is wanted, in order.
    pub fn show(&self, wanted: Wanted, mut each: impl FnMut(AuditLine)) -> Result<(), LedgerError> {
        let mut from = 0;
        loop {
            let rows = self.ledger.audited(from, PAGE)?;
            let Some(last) = rows.last() else {
                return Ok(());
            };
            from = last.number + 1;
            for row in &rows {
                if is_wanted(row, wanted) {
                    each(self.line(row)?);
                }
                self.show_phone(row, wanted, &mut each)?;
            }
        }
    }

    /// What a phone wrote down, under the row that joins it.
    fn show_phone(
        &self,
        row: &AuditRow,
        wanted: Wanted,
        each: &mut impl FnMut(AuditLine),
    ) -> Result<(), LedgerError> {
        let joined = row.said.detail.as_deref().and_then(Joined::parse);
        let (Some(joined), Some(device), true) = (joined, row.said.device, row.said.verb == JOINED)
        else {
            return Ok(());
        };
        for position in joined.first..=joined.last {
            let Some(held) = self.ledger.phone_act(device, joined.branch, position)? else {
                return Ok(());
            };
            let act = held.act;
            let of_case = wanted.case.is_none_or(|case| act.case == Some(case));
            if of_case && wanted.since_ms.is_none_or(|since| act.at_ms >= since) {
                let case = act
                    .case
                    .map_or_else(String::new, |case| format!(" case={case}"));
                let what = act.words();
                each(AuditLine {
                    number: row.number,
                    at_ms: act.at_ms,
                    words: format!("on-phone {what}{case} device={device} position={position}"),
                });
            }
        }
        Ok(())
    }

    fn line(&self, row: &AuditRow) -> Result<AuditLine, LedgerError> {
        let said = &row.said;
        let mut words = vec![said.verb.clone()];
        let mut put = |name: &str, value: Option<String>| {
            words.extend(value.map(|value| format!("{name}={value}")));
        };
        let name = |id| -> Result<Option<String>, LedgerError> {
            let staff = self.ledger.staff_member(id)?;
            Ok(Some(staff.map_or_else(
                || id.to_string(),
                |staff| format!("{:?}", staff.name),
            )))
        };
        put("by", said.staff.map_or(Ok(None), name)?);
        put("sign-in", said.sign_in.map(|id| id.to_string()));
        put("about", said.about.map_or(Ok(None), name)?);
        put("case", said.case.map(|id| id.to_string()));
        put("device", said.device.map(|id| id.to_string()));
        put("detail", said.detail.clone());
        put("refused", said.code.clone());
        Ok(AuditLine {
            number: row.number,
            at_ms: said.at_ms,
            words: words.join(" "),
        })
    }
}

fn is_wanted(row: &AuditRow, wanted: Wanted) -> bool {
    let of_case = wanted.case.is_none_or(|case| row.said.case == Some(case));
    let in_time = wanted.since_ms.is_none_or(|since| row.said.at_ms >= since);
    of_case && in_time
}
