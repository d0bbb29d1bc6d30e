//! Proving the runs that came with no push: HQ's own, and those that came sealed, by what was kept of their records.

use std::collections::BTreeMap;

use mooring_casefile::Half;
use mooring_exchange::OutboxProof;

use super::prove::{Doubt, Unproven, doubt, not_hqs_own};
use crate::ledger::{LedgerError, LoggedRun, SealedRun};
use crate::office::Office;

impl Office {
    /// Those of these runs that no signature stands behind.
    pub(super) fn unproven_alone(&self, runs: &[LoggedRun]) -> Result<Vec<Unproven>, LedgerError> {
        let sealed = self.ledger.sealed_runs()?.into_iter();
        let sealed: BTreeMap<i64, SealedRun> = sealed.map(|run| (run.run, run)).collect();
        let mut unproven = Vec::new();
        for run in runs {
            match sealed.get(&run.id) {
                None => unproven.extend(not_hqs_own(run)),
                Some(record) => {
                    let why = self.doubt_of(run, record)?;
                    unproven.extend(why.map(|why| doubt(run, why)));
                }
            }
        }
        Ok(unproven)
    }

    /// What is wrong with a run that came sealed. One that nobody signed is proved by nothing, and is therefore in no case.
    fn doubt_of(&self, run: &LoggedRun, record: &SealedRun) -> Result<Option<Doubt>, LedgerError> {
        let Ok(proof) = OutboxProof::parse(&record.kept) else {
            return Ok(Some(Doubt::Signature));
        };
        if !names(&proof, run) {
            return Ok(Some(Doubt::Runs));
        }
        let Some(device) = self.ledger.device(run.device)? else {
            return Ok(Some(Doubt::Writer));
        };
        let Ok(certificate) = self.certificate(&device.certificate) else {
            return Ok(Some(Doubt::Signature));
        };
        let said = certificate.statement();
        let is_writer = run.half == Half::Field
            && proof.head.device == run.device
            && run.person.bytes() == said.person
            && run.roles.bits() == said.roles;
        if !is_writer {
            return Ok(Some(Doubt::Writer));
        }
        let holds = if proof.is_signed() {
            proof.verify(self.agency(), &said.key).is_ok()
        } else {
            !record.is_fed
        };
        Ok((!holds).then_some(Doubt::Signature))
    }
}

/// Whether the record names the run's last change, and as many before it as the run has.
fn names(proof: &OutboxProof, run: &LoggedRun) -> bool {
    let place = proof
        .changes
        .iter()
        .position(|change| *change == run.last_change);
    let before = run.last_seq.checked_sub(run.first_seq);
    place.is_some_and(|place| before.is_some_and(|before| place as u64 >= before))
}
