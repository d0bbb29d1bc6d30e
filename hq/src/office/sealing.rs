//! Sealing what is personal under its case's key, so that one case can be shredded without touching another.

use mooring_casefile::{CaseId, Half, PersonId, RecordId, Run};
use mooring_exchange::{decode_run, encode_run};
use mooring_identity::{Purpose, SealKey, Secret, Writer};
use zeroize::Zeroizing;

use super::Office;
use crate::ledger::{LedgerError, NewRun};

const RUN: Purpose = Purpose::new("mooring.hq.ledger.run");
const PAGE: Purpose = Purpose::new("mooring.hq.ledger.shown");
const DRAFT: Purpose = Purpose::new("mooring.hq.ledger.draft");
const GLASS: Purpose = Purpose::new("mooring.hq.ledger.glass");

/// What was sealed does not open: the key was shredded, or the row is damaged.
pub(crate) const UNREADABLE: LedgerError = LedgerError::Inside(-5);

impl Office {
    fn key_of(&self, case: CaseId, purpose: Purpose) -> Result<SealKey, LedgerError> {
        let mut key = self.ledger.case_key(case)?.ok_or(UNREADABLE)?;
        Ok(SealKey::new(Secret::take(&mut key), purpose))
    }

    /// Seals a run of a case that HQ has.
    pub(crate) fn seal_run(&self, run: &Run) -> Result<Vec<u8>, LedgerError> {
        let key = self.key_of(run.case, RUN)?;
        Ok(self.seal_run_under(&key, run))
    }

    /// Seals a run of a case that HQ is about to have, under the key that comes with it.
    pub(crate) fn seal_new_run(&self, run: &Run, key: &[u8; 32]) -> Vec<u8> {
        self.seal_run_under(&SealKey::new(Secret::take(&mut key.clone()), RUN), run)
    }

    fn seal_run_under(&self, key: &SealKey, run: &Run) -> Vec<u8> {
        let plain = Zeroizing::new(encode_run(run));
        self.with_random(|random| key.seal(&place_of(run), &plain, random))
    }

    pub(crate) fn open_run(&self, row: &NewRun) -> Result<Run, LedgerError> {
        // The row says where the run stands; the seal binds it to that place.
        let place = Run {
            case: row.case,
            half: row.half,
            actor: row.actor,
            first_seq: row.first_seq,
            last_seq: row.last_seq,
            last: row.last_change,
            changes: Vec::new(),
        };
        let plain = self
            .key_of(row.case, RUN)?
            .open(&place_of(&place), &row.sealed)
            .map_err(|_| UNREADABLE)?;
        decode_run(&plain).map_err(|_| UNREADABLE)
    }

    pub(crate) fn seal_page(
        &self,
        case: CaseId,
        page: &[u8; 32],
        plain: &[u8],
    ) -> Result<Vec<u8>, LedgerError> {
        let key = self.key_of(case, PAGE)?;
        Ok(self.with_random(|random| key.seal(page, plain, random)))
    }

    pub(crate) fn open_page(
        &self,
        case: CaseId,
        page: &[u8; 32],
        sealed: &[u8],
    ) -> Result<Vec<u8>, LedgerError> {
        let plain = self
            .key_of(case, PAGE)?
            .open(page, sealed)
            .map_err(|_| UNREADABLE)?;
        Ok(plain.to_vec())
    }

    pub(crate) fn seal_draft(
        &self,
        case: CaseId,
        staff: PersonId,
        plain: &[u8],
    ) -> Result<Vec<u8>, LedgerError> {
        let key = self.key_of(case, DRAFT)?;
        Ok(self.with_random(|random| key.seal(staff.as_bytes(), plain, random)))
    }

    pub(crate) fn open_draft(
        &self,
        case: CaseId,
        staff: PersonId,
        sealed: &[u8],
    ) -> Result<Vec<u8>, LedgerError> {
        let plain = self
            .key_of(case, DRAFT)?
            .open(staff.as_bytes(), sealed)
            .map_err(|_| UNREADABLE)?;
        Ok(plain.to_vec())
    }

    pub(crate) fn seal_glass(
        &self,
        case: CaseId,
        glass: RecordId,
        plain: &[u8],
    ) -> Result<Vec<u8>, LedgerError> {
        let key = self.key_of(case, GLASS)?;
        Ok(self.with_random(|random| key.seal(&glass.bytes(), plain, random)))
    }

    pub(crate) fn open_glass(
        &self,
        case: CaseId,
        glass: RecordId,
        sealed: &[u8],
    ) -> Result<Vec<u8>, LedgerError> {
        let plain = self
            .key_of(case, GLASS)?
            .open(&glass.bytes(), sealed)
            .map_err(|_| UNREADABLE)?;
        Ok(plain.to_vec())
    }
}

fn place_of(run: &Run) -> Vec<u8> {
    let half = match run.half {
        Half::Field => 0,
        Half::Hq => 1,
    };
    let mut place = Writer::new();
    place
        .fixed(&run.case.bytes())
        .u8(half)
        .fixed(&run.actor.bytes())
        .u64(run.first_seq)
        .u64(run.last_seq);
    place.fixed(&run.last.bytes());
    place.finish()
}
