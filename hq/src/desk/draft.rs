//! What was typed and not sent: kept for its writer through everything, sealed under the case's key.

use std::collections::BTreeMap;

use mooring_casefile::{CaseId, Now, Operation};

use super::LONGEST_TEXT;
use crate::access::Session;
use crate::headquarters::Headquarters;
use crate::ledger::DraftRow;
use crate::refused::Refused;

const MOST_FIELDS: usize = 1_000;
const LONGEST_KEY: usize = 256;

/// What one person has typed on one case.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// The fields, by the page's own names.
    pub fields: BTreeMap<String, String>,
    /// When they were last kept.
    pub saved_ms: Option<i64>,
}

impl Headquarters {
    /// Keeps these fields; others that were kept stay.
    pub fn save_draft(
        &self,
        by: &Session,
        case: CaseId,
        fields: &BTreeMap<String, String>,
        now: Now,
    ) -> Result<(), Refused> {
        by.may(Operation::ReadCase)?;
        let too_long =
            |(key, text): (&String, &String)| key.len() > LONGEST_KEY || text.len() > LONGEST_TEXT;
        if fields.iter().any(too_long) {
            return Err(Refused::invalid(
                "That is too long to be kept: 20,000 characters a field at most.",
            ));
        }
        self.change_draft(by, case, now, |kept| kept.extend(fields.clone()))
    }

    /// What this person has typed on this case.
    pub fn draft(&self, by: &Session, case: CaseId) -> Result<Draft, Refused> {
        let Some(row) = self.office().ledger.draft(by.staff, case)? else {
            return Ok(Draft::default());
        };
        let plain = self.office().open_draft(case, by.staff, &row.sealed)?;
        let fields =
            serde_json::from_slice(&plain).map_err(|_| Refused::Internal { code: "draft" })?;
        Ok(Draft {
            fields,
            saved_ms: Some(row.saved_ms),
        })
    }

    /// Forgets fields that have served.
    pub fn clear_draft(
        &self,
        by: &Session,
        case: CaseId,
        keys: &[&str],
        now: Now,
    ) -> Result<(), Refused> {
        self.change_draft(by, case, now, |kept| {
            kept.retain(|key, _| !keys.contains(&key.as_str()));
        })
    }

    fn change_draft(
        &self,
        by: &Session,
        case: CaseId,
        now: Now,
        change: impl FnOnce(&mut BTreeMap<String, String>),
    ) -> Result<(), Refused> {
        // Under the board's lock: two tabs of one person must not undo each other.
        let board = self.board();
        board.file(case).ok_or(Refused::NotFound)?;
        let mut fields = self.draft(by, case)?.fields;
        let before = fields.clone();
        change(&mut fields);
        if fields == before {
            return Ok(());
        }
        if fields.len() > MOST_FIELDS {
            return Err(Refused::invalid("That is more than can be kept."));
        }
        let plain = serde_json::to_vec(&fields).map_err(|_| Refused::Internal { code: "draft" })?;
        let sealed = self.office().seal_draft(case, by.staff, &plain)?;
        Ok(self.office().ledger.keep_draft(
            by.staff,
            case,
            &DraftRow {
                sealed,
                saved_ms: now.wall_ms,
            },
        )?)
    }
}
