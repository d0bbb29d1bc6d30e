//! What phones send sealed, over a link that proves nothing: kept durably, opened, and only then receipted.
//!
//! A record is believed for its device's signature alone. One that nobody signed is kept for a person; one that does not open is kept
//! whole. A receipt names only changes that HQ could read: it must not tell a phone to let go of what nobody here can open.

use std::collections::{BTreeMap, BTreeSet};

use mooring_casefile::{Attribution, CaseId, ChangeId, DeviceId, Half, Now, Roles, Run};
use mooring_exchange::{OutboxAnswer, OutboxReceipt, OutboxRecord, OutboxUpload};
use mooring_identity::{IdentityError, Order, Signed, VerifyKey, sha256};

use crate::caseboard::has_all;
use crate::fleet::known::renewed_bytes;
use crate::headquarters::Headquarters;
use crate::ledger::{
    DeviceRow, Fate, LedgerError, NewRun, NewSealed, SealedFate, ToPhone, Vouched,
};
use crate::office::Office;

/// Bytes that HQ keeps of one device's records that nobody vouches for.
const MOST_OF_ONE: u64 = 64 << 20;
/// The same of all: who knows the agency's public key can't fill its disk.
const MOST_OF_ALL: u64 = 1 << 30;
/// Two uploads can bring the same new case at once; the one that comes second seals again.
const TRIES: usize = 4;

/// Why nothing of an upload was taken. The phone keeps all of it, and sends it again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutboxRefusal {
    /// It is no upload, or none of its records can be read or is for this agency.
    Malformed,
    /// It was made by a later version than HQ's.
    TooNew,
    /// HQ has more than enough that nobody vouches for: a person has to look at it first.
    Full,
    /// HQ could not make it durable.
    TryLater,
}

impl OutboxRefusal {
    /// A stable code for the wire and the help desk.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Malformed => "outbox.malformed",
            Self::TooNew => "outbox.too_new",
            Self::Full => "outbox.full",
            Self::TryLater => "outbox.try_later",
        }
    }
}

impl Headquarters {
    /// Takes what a phone sends sealed. No other authentication is needed, and none is believed. The answer is an
    /// [`OutboxAnswer`]; all that it claims is on disk.
    pub fn take_outbox(&self, upload: &[u8], now: Now) -> Result<Vec<u8>, OutboxRefusal> {
        let office = self.office();
        let mut taken = Taken::default();
        office.refresh_keys().map_err(later)?;
        for record in OutboxUpload::parse(upload).map_err(unreadable)? {
            match record {
                Ok(record) if record.head().agency == office.agency() => {
                    self.take_record(&record, &mut taken, now).map_err(later)?;
                }
                Ok(_) => taken.refuse(OutboxRefusal::Malformed),
                Err(error) => taken.refuse(unreadable(error)),
            }
        }
        match taken.refusal {
            Some(refusal) if taken.devices.is_empty() => {
                tracing::warn!(code = refusal.code(), "refused");
                Err(refusal)
            }
            Some(_) | None => office.answer_outbox(&taken, now).map_err(later),
        }
    }

    fn take_record(
        &self,
        record: &OutboxRecord,
        taken: &mut Taken,
        now: Now,
    ) -> Result<(), LedgerError> {
        let office = self.office();
        let bytes = record.encode();
        let id = sha256(&bytes);
        let known = office.ledger.sealed(&id)?.map(|row| row.fate);
        if let Some(SealedFate::Taken | SealedFate::Held(_)) = known {
            taken.hold(record);
            return Ok(());
        }
        for _ in 1..TRIES {
            let judged = self.judge(record, &bytes, id)?;
            let is_new = known.is_none() && judged.fate != SealedFate::Taken;
            if is_new && !office.has_room(record.head().device, judged.size)? {
                taken.refuse(OutboxRefusal::Full);
                return Ok(());
            }
            match office.ledger.append_sealed(&judged, now.wall_ms) {
                Err(LedgerError::Conflict) => {}
                Err(error) => return Err(error),
                Ok(()) => {
                    self.took(record, &judged, taken, now);
                    return Ok(());
                }
            }
        }
        Err(LedgerError::Busy)
    }

    /// It is on disk: what is vouched for goes into its case, what is held shows there.
    fn took(&self, record: &OutboxRecord, judged: &NewSealed, taken: &mut Taken, now: Now) {
        let office = self.office();
        match &judged.fate {
            SealedFate::Taken | SealedFate::Held(_) => taken.hold(record),
            SealedFate::Unopened(code) => {
                tracing::warn!(code, device = %record.head().device, "kept whole");
                taken.see(record);
            }
        }
        let cases = |of: fn(&Fate) -> bool| -> BTreeSet<CaseId> {
            let runs = judged.runs.iter().filter(move |(_, fate)| of(fate));
            runs.map(|(run, _)| run.case).collect()
        };
        let merging = cases(|fate| *fate == Fate::Received);
        let mut board = self.board();
        let merged = if merging.is_empty() {
            Ok(())
        } else {
            board.take_in(office, &merging, now)
        };
        if let Err(error) = merged {
            tracing::error!(code = "merge", %error, "arrived and kept, not merged yet");
        }
        // What is held makes nobody's phone hold a case: it is shown, and no more.
        for case in cases(|fate| *fate != Fate::Received) {
            if let Err(error) = board.reload(office, case) {
                tracing::error!(code = "survey", %case, %error);
            }
        }
        drop(board);
        for case in cases(|_| true) {
            self.announce(case);
        }
    }

    /// What is to be kept of a record, and as what.
    fn judge(
        &self,
        record: &OutboxRecord,
        bytes: &[u8],
        id: [u8; 32],
    ) -> Result<NewSealed, LedgerError> {
        let office = self.office();
        let whole = |code: &str| NewSealed {
            id,
            device: record.head().device,
            kept: bytes.to_vec(),
            size: bytes.len() as u64,
            fate: SealedFate::Unopened(code.to_owned()),
            changes: Vec::new(),
            keys: Vec::new(),
            runs: Vec::new(),
        };
        let Some(row) = office.ledger.device(record.head().device)? else {
            return Ok(whole("unknown-device"));
        };
        let who = office.writer_of(&row)?;
        if record.is_signed() && record.verify(office.agency(), &who.key).is_err() {
            return Ok(whole("forged"));
        }
        let runs = match office.open_record(record) {
            Ok(runs) if runs.iter().all(is_fit) => runs,
            Ok(_) => return Ok(whole("not-as-named")),
            Err(code) => return Ok(whole(code)),
        };
        let held = office.why_held(record)?;
        let worth = if held.is_none() {
            Vouched::Signed
        } else {
            Vouched::Any
        };
        let new = self.lacking(&runs, record.changes(), &who.said, worth)?;
        let SealedRows { keys, rows } = office.sealed_rows(&new, &who.said)?;
        let fate = held.map_or(Fate::Received, |code| Fate::Held(code.to_owned()));
        Ok(NewSealed {
            kept: record.proof(),
            fate: held.map_or(SealedFate::Taken, |code| SealedFate::Held(code.to_owned())),
            changes: record.changes().to_vec(),
            keys,
            runs: rows.into_iter().map(|run| (run, fate.clone())).collect(),
            ..whole("")
        })
    }

    /// Those runs that HQ does not have: neither in their case nor from an earlier record of at least this worth. The record names
    /// their changes in the same order.
    fn lacking(
        &self,
        runs: &[Run],
        changes: &[ChangeId],
        who: &Attribution,
        worth: Vouched,
    ) -> Result<Vec<Run>, LedgerError> {
        let office = self.office();
        let board = self.board();
        let mut changes = changes.iter();
        let mut lacking = Vec::new();
        for run in runs {
            let ids: Vec<_> = changes.by_ref().take(run.changes.len()).collect();
            let in_case = board
                .file(run.case)
                .is_some_and(|file| has_all(&file, run, who));
            if !in_case && !office.has_sealed(&ids, worth)? {
                lacking.push(run.clone());
            }
        }
        Ok(lacking)
    }
}

/// What came of an upload so far.
#[derive(Default)]
struct Taken {
    /// For each device, the changes that HQ now has.
    devices: BTreeMap<DeviceId, BTreeSet<ChangeId>>,
    refusal: Option<OutboxRefusal>,
}

impl Taken {
    fn see(&mut self, record: &OutboxRecord) -> &mut BTreeSet<ChangeId> {
        self.devices.entry(record.head().device).or_default()
    }

    fn hold(&mut self, record: &OutboxRecord) {
        self.see(record).extend(record.changes());
    }

    fn refuse(&mut self, refusal: OutboxRefusal) {
        self.refusal = Some(refusal);
    }
}

/// Whom a device's signature speaks for.
struct WriterOf {
    key: VerifyKey,
    said: Attribution,
}

/// Runs on their way into the log, and keys for cases that have none yet.
struct SealedRows {
    keys: Vec<(CaseId, [u8; 32])>,
    rows: Vec<NewRun>,
}

impl Office {
    fn writer_of(&self, row: &DeviceRow) -> Result<WriterOf, LedgerError> {
        let certificate = self.certificate(&row.certificate)?;
        let said = certificate.statement();
        Ok(WriterOf {
            key: said.key,
            said: Attribution {
                device: row.id,
                person: row.person,
                roles: Roles::from_bits(said.roles),
            },
        })
    }

    /// The runs of a record, by whichever of HQ's keys opens it; or why not.
    fn open_record(&self, record: &OutboxRecord) -> Result<Vec<Run>, &'static str> {
        let ring = self.keys.ring();
        let mut why = "sealed-to-another";
        for key in ring.opening() {
            match record.open(key) {
                Ok(runs) => return Ok(runs),
                Err(IdentityError::Sealed) => {}
                Err(
                    IdentityError::Malformed
                    | IdentityError::TooNew
                    | IdentityError::TooLarge
                    | IdentityError::Forged
                    | IdentityError::WrongAddressee,
                ) => why = "not-as-named",
            }
        }
        Err(why)
    }

    /// Why the changes of a record are kept for a person. It has no place in the push chain, so that of a revoked phone everything that
    /// comes is from afterwards.
    fn why_held(&self, record: &OutboxRecord) -> Result<Option<&'static str>, LedgerError> {
        if self.ledger.revocation(record.head().device)?.is_some() {
            return Ok(Some(Fate::REVOKED));
        }
        Ok((!record.is_signed()).then_some(Fate::UNSIGNED))
    }

    fn has_sealed(&self, changes: &[&ChangeId], worth: Vouched) -> Result<bool, LedgerError> {
        for change in changes {
            if !self.ledger.knows_sealed(change, worth)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn sealed_rows(&self, runs: &[Run], who: &Attribution) -> Result<SealedRows, LedgerError> {
        let gone = self.shredded_cases()?;
        let mut keys = BTreeMap::new();
        let mut rows = Vec::new();
        for run in runs {
            let sealed = if gone.contains(&run.case) {
                // As in a push: it is answered for, and of what it says nothing is kept.
                Vec::new()
            } else if self.ledger.case_key(run.case)?.is_some() {
                self.seal_run(run)?
            } else {
                self.seal_new_run(
                    run,
                    keys.entry(run.case).or_insert_with(|| self.make_bytes()),
                )
            };
            rows.push(NewRun {
                case: run.case,
                half: run.half,
                actor: run.actor,
                first_seq: run.first_seq,
                last_seq: run.last_seq,
                last_change: run.last,
                device: who.device,
                person: who.person,
                roles: who.roles,
                leaf: None,
                sealed,
            });
        }
        Ok(SealedRows {
            keys: keys.into_iter().collect(),
            rows,
        })
    }

    fn has_room(&self, device: DeviceId, size: u64) -> Result<bool, LedgerError> {
        let (own, all) = self.ledger.sealed_aside_size(device)?;
        Ok(own + size <= MOST_OF_ONE && all + size <= MOST_OF_ALL)
    }

    fn answer_outbox(&self, taken: &Taken, now: Now) -> Result<Vec<u8>, LedgerError> {
        let ring = self.keys.ring();
        let mut answer = OutboxAnswer {
            key_set: ring.key_set.bytes().to_vec(),
            ..OutboxAnswer::default()
        };
        for (device, changes) in &taken.devices {
            if !changes.is_empty() {
                let receipt = OutboxReceipt {
                    agency: self.agency(),
                    device: *device,
                    received_ms: now.wall_ms,
                    changes: changes.iter().copied().collect(),
                };
                let signed = Signed::sign(receipt, ring.online());
                answer.receipts.push(signed.bytes().to_vec());
            }
            // The set comes along, so that an order of before is readable under it.
            if let Some(order) = self.ledger.newest_to(*device, ToPhone::Order)? {
                let set = ring.key_set.statement();
                let order = renewed_bytes::<Order>(order.body, &ring, set);
                answer.orders.push(order);
            }
        }
        Ok(answer.encode())
    }
}

/// Whether a run can be a row at all. What is wrong with its changes the guard finds out.
fn is_fit(run: &Run) -> bool {
    run.half == Half::Field && run.first_seq <= run.last_seq && i64::try_from(run.last_seq).is_ok()
}

fn unreadable(error: IdentityError) -> OutboxRefusal {
    match error {
        IdentityError::TooNew => OutboxRefusal::TooNew,
        IdentityError::Malformed
        | IdentityError::TooLarge
        | IdentityError::Forged
        | IdentityError::WrongAddressee
        | IdentityError::Sealed => OutboxRefusal::Malformed,
    }
}

fn later(error: LedgerError) -> OutboxRefusal {
    tracing::error!(code = "ledger", %error, "an upload was not taken");
    OutboxRefusal::TryLater
}
