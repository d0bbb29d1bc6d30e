//! A verified push goes into the log, whole; then its runs are merged. A process that dies in between merges at its next start.

use std::collections::{BTreeMap, BTreeSet};

use mooring_casefile::{Attribution, CaseId, Now, Roles};
use mooring_exchange::{Appended, Arrival, ArrivedRun};

use crate::headquarters::Headquarters;
use crate::ledger::{self, Leaf, LedgerError, NewPush, NewRun};
use crate::office::Office;

/// Two phones can bring the same new case at once; the one that comes second seals again.
const TRIES: usize = 4;

impl Headquarters {
    /// Appends, and once that is durable merges what arrived.
    pub(super) fn append(&self, arrival: &Arrival, now: Now) -> Result<Appended, LedgerError> {
        let office = self.office();
        match office.append_sealed(arrival, now)? {
            ledger::Appended::New(_) => {}
            ledger::Appended::Known(receipt) => return Ok(Appended::Already(receipt)),
            ledger::Appended::OutOfOrder(_) => {
                let peer = office
                    .peer(arrival.device)?
                    .ok_or(LedgerError::Inside(-7))?;
                return Ok(Appended::OutOfOrder(peer));
            }
        }
        let cases: BTreeSet<CaseId> = arrival
            .push
            .runs
            .iter()
            .map(|arrived| arrived.run.case)
            .collect();
        // A merge that fails takes nothing back: the runs are on disk, and are tried at the next arrival and the next start.
        if let Err(error) = self.board().take_in(office, &cases, now) {
            tracing::error!(code = "merge", %error, "arrived and kept, not merged yet");
        }
        for case in cases {
            self.announce(case);
        }
        Ok(Appended::Durable)
    }
}

impl Office {
    fn append_sealed(&self, arrival: &Arrival, now: Now) -> Result<ledger::Appended, LedgerError> {
        for _ in 1..TRIES {
            match self
                .ledger
                .append_push(&self.new_push(arrival)?, now.wall_ms)
            {
                Err(LedgerError::Conflict) => {}
                done => return done,
            }
        }
        Err(LedgerError::Busy)
    }

    fn new_push(&self, arrival: &Arrival) -> Result<NewPush, LedgerError> {
        let header = arrival.push.header.statement();
        let row = self
            .ledger
            .device(arrival.device)?
            .ok_or(LedgerError::Inside(-7))?;
        // Who wrote it is what the certificate says of the phone that signed, never what the run says.
        let roles = Roles::from_bits(self.certificate(&row.certificate)?.statement().roles);
        let who = Attribution {
            device: arrival.device,
            person: row.person,
            roles,
        };
        let gone = self.shredded_cases()?;
        let mut keys = BTreeMap::new();
        let mut runs = Vec::new();
        for arrived in &arrival.push.runs {
            let case = arrived.run.case;
            let sealed = if gone.contains(&case) {
                // It is receipted, or the phone would send it for ever; of what it says nothing is kept.
                Vec::new()
            } else if self.ledger.case_key(case)?.is_some() {
                self.seal_run(&arrived.run)?
            } else {
                self.seal_new_run(
                    &arrived.run,
                    keys.entry(case).or_insert_with(|| self.make_bytes()),
                )
            };
            runs.push(new_run(arrived, who, sealed));
        }
        Ok(NewPush {
            id: arrival.push_id,
            device: arrival.device,
            epoch: header.epoch,
            dev_seq: header.dev_seq,
            prev: header.prev,
            hash: header.hash(),
            statement: arrival.push.header.bytes().to_vec(),
            receipt: arrival.receipt.bytes().to_vec(),
            keys: keys.into_iter().collect(),
            runs,
            fate: self.fate_of_push(arrival.device, header.dev_seq)?,
        })
    }
}

fn new_run(arrived: &ArrivedRun, who: Attribution, sealed: Vec<u8>) -> NewRun {
    let run = &arrived.run;
    NewRun {
        case: run.case,
        half: run.half,
        actor: run.actor,
        first_seq: run.first_seq,
        last_seq: run.last_seq,
        last_change: run.last,
        device: who.device,
        person: who.person,
        roles: who.roles,
        leaf: Some(Leaf {
            index: arrived.index,
            salt: arrived.salt,
        }),
        sealed,
    }
}
