//! Sealing what HQ lacks and the outbox does not have yet: at every tick and at every lock, never in the path of an answer.

use super::{Outbox, kept};
use crate::device::{Device, Open};
use crate::error::{BadInput, Error, Result};
use crate::exchange::{by_case, of_case};
use crate::outside::Outside;
use crate::seams::Seams;
use crate::vault::sql::facts::{self, Fact};
use crate::vault::sql::unsent::{self, Mark};
use crate::vault::sql::{cases, sealed};
use mooring_casefile::{ChangeId, Now, Run};
use mooring_exchange::{OutboxHead, OutboxRecord};
use mooring_identity::SealingKeys;
use std::collections::BTreeSet;

/// Raw bytes in one record, before another is begun.
const ENOUGH: usize = 512 << 10;

impl Device {
    /// How many changes are on this phone only: neither in a receipt of HQ nor in its word about what came sealed.
    pub fn only_here(&mut self, now: Now) -> Result<u64> {
        let open = self.open.as_mut().ok_or(Error::Locked)?;
        open.take_over_said(now)?;
        Ok(open.vault.only_here())
    }
}

impl Open {
    /// Seals what is not sealed yet, removes what HQ has, and says how many changes were sealed.
    pub(crate) fn seal_outbox(&mut self, seams: &mut Seams, now: Now) -> Result<u64> {
        self.take_over_said(now)?;
        let Some(keys) = self.sealing_keys()? else {
            return Ok(0);
        };
        let mut outbox = Outbox::open(self.vault.dir())?;
        let marks = self.vault.look(|connection| Ok(unsent::all(connection)?))?;
        let mut sealed = outbox.sealed();
        let mut count = 0;
        for record in self.records(&marks, &sealed, &keys, seams, now)? {
            outbox.add(&record, seams.random.as_mut())?;
            sealed.extend(record.changes());
            count += record.changes().len() as u64;
        }
        if marks.iter().all(|mark| mark.change.is_some()) {
            let kept = self.vault.look(|connection| Ok(kept::load(connection)?))?;
            let unsent = marks.iter().filter_map(|mark| mark.change);
            let unsent = unsent.chain(kept).collect();
            outbox.sweep(&unsent, self.me.attribution.device)?;
        }
        Ok(count)
    }

    /// The same, or nothing goes on: an enrolled phone destroys nothing that HQ lacks and that does not lie sealed.
    pub(crate) fn seal_all(&mut self, seams: &mut Seams, now: Now) -> Result<()> {
        self.seal_outbox(seams, now)?;
        let sealed = Outbox::open(self.vault.dir())?.sealed();
        let marks = self.vault.look(|connection| Ok(unsent::all(connection)?))?;
        let all = marks
            .iter()
            .all(|mark| mark.change.is_some_and(|change| sealed.contains(&change)));
        if all || self.me.enrolment.is_none() {
            Ok(())
        } else {
            Err(Error::BadInput(BadInput::Order))
        }
    }

    fn records(
        &mut self,
        marks: &[Mark],
        sealed: &BTreeSet<ChangeId>,
        keys: &SealingKeys,
        seams: &mut Seams,
        now: Now,
    ) -> Result<Vec<OutboxRecord>> {
        let Some(head) = self.outbox_head(keys, now) else {
            return Ok(Vec::new());
        };
        let mut records = Vec::new();
        for runs in batches(self.unsealed(marks, sealed)?) {
            let made = OutboxRecord::seal(head, &runs, keys.hq, &self.key, seams.random.as_mut());
            let record = made.map_err(|_| Error::Internal("outbox"))?;
            // Of a change whose hash no mark knows it shows only now that it lies here sealed.
            if record
                .changes()
                .iter()
                .any(|change| !sealed.contains(change))
            {
                records.push(record);
            }
        }
        Ok(records)
    }

    fn outbox_head(&self, keys: &SealingKeys, now: Now) -> Option<OutboxHead> {
        let enrolment = self.me.enrolment.as_ref()?;
        Some(OutboxHead {
            agency: enrolment.agency,
            device: self.me.attribution.device,
            epoch: enrolment.certificate.epoch,
            made_ms: now.wall_ms,
            serial: keys.serial,
        })
    }

    /// The worst case first.
    fn unsealed(&mut self, marks: &[Mark], sealed: &BTreeSet<ChangeId>) -> Result<Vec<Run>> {
        let left: Vec<_> = marks
            .iter()
            .filter(|mark| mark.change.is_none_or(|change| !sealed.contains(&change)))
            .copied()
            .collect();
        let mut runs = Vec::new();
        for (case, marks) in by_case(&left) {
            // A case that can't be read holds up none of the others.
            match self.peek(case, |file| of_case(file, &marks)) {
                Ok(found) => runs.extend(found),
                Err(Error::CaseDamaged(_) | Error::UpdateApp) => {}
                Err(other) => return Err(other),
            }
        }
        Ok(runs)
    }

    /// Takes over what HQ said about sealed changes while the vault was locked.
    pub(crate) fn take_over_said(&mut self, now: Now) -> Result<()> {
        let outbox = Outbox::open(self.vault.dir())?;
        if outbox.said().is_empty() {
            return Ok(());
        }
        self.vault.write(now, |tx| {
            for change in outbox.said() {
                sealed::put(tx, *change)?;
            }
            kept::forget(tx, outbox.said())?;
            sealed::forget_receipted(tx)?;
            Ok(cases::recount_all_unsent(tx)?)
        })?;
        outbox.forget_said()
    }

    /// Writes what must be known while the vault is locked beside it.
    pub(crate) fn keep_outside(&mut self, seams: &mut Seams) -> Result<()> {
        let sealing_keys = self
            .vault
            .look(|connection| Ok(facts::get(connection, Fact::SealingKeys)?))?;
        let key_set = self
            .vault
            .look(|connection| Ok(facts::get(connection, Fact::KeySet)?))?;
        let (Some(enrolment), Some(key_set)) = (&self.me.enrolment, key_set) else {
            return Ok(());
        };
        let outside = Outside {
            vault_id: self.vault.id(),
            vault: self.vault.recipient(),
            agency: enrolment.agency,
            device: self.me.attribution.device,
            address: enrolment.address.clone(),
            tls_ca_der: enrolment.tls_ca_der.clone(),
            root: enrolment.root,
            key_set,
            sealing_keys: sealing_keys.unwrap_or_default(),
        };
        outside.keep(
            self.vault.dir(),
            seams.provider.as_mut(),
            seams.random.as_mut(),
        )
    }
}

fn batches(runs: Vec<Run>) -> Vec<Vec<Run>> {
    let (mut batches, mut room) = (Vec::<Vec<Run>>::new(), 0);
    for run in runs {
        let size = run.changes.iter().map(Vec::len).sum::<usize>();
        match batches.last_mut() {
            Some(batch) if size <= room => {
                room -= size;
                batch.push(run);
            }
            Some(_) | None => {
                room = ENOUGH.saturating_sub(size);
                batches.push(vec![run]);
            }
        }
    }
    batches
}
