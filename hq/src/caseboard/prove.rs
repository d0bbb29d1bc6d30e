//! Proving the log: every run in it is one that its phone signed, or that HQ wrote in its own half. Who can write to the ledger's file,
//! and who has its keys as well, still can't sign for a phone.

use std::collections::BTreeMap;

use mooring_casefile::{CaseId, DeviceId, Half};
use mooring_exchange::{PushHeader, Receipt, RunHeader, RunKey};
use mooring_identity::{DeviceCertificate, MerkleTree, Signed, leaf_hash};

use crate::hex::hex;
use crate::ledger::{Hash, LedgerError, LoggedRun, PushRow};
use crate::office::Office;

/// Something in the log that no signature stands behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unproven {
    /// The row of the run; none where the push itself is not what its phone signed.
    pub run: Option<i64>,
    /// The run's case.
    pub case: Option<CaseId>,
    /// The push that it says it came with.
    pub push: Option<Hash>,
    /// What is wrong.
    pub why: Doubt,
}

impl Unproven {
    /// In plain words, by row numbers and ids alone.
    pub fn words(&self) -> String {
        let push = self.push.map(|push| hex(&push)).unwrap_or_default();
        let why = self.why.words();
        match (self.run, self.case) {
            (Some(run), Some(case)) => format!("run {run} of case {case} {why}"),
            (Some(_) | None, Some(_) | None) => format!("push {push} {why}"),
        }
    }
}

/// Why something in the log is not proved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// The push's statement is not one that its phone signed, or its row says something else.
    Signature,
    /// It does not follow the push before it.
    Chain,
    /// The runs are not those that were signed: one is another, is missing, or was added.
    Runs,
    /// The run says that somebody else wrote it than whose phone signed it.
    Writer,
    /// It came neither with a push nor sealed, and is none of HQ's own.
    NoPush,
}

impl Doubt {
    /// In plain words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Signature => "is not what its phone signed",
            Self::Chain => "does not follow the push before it",
            Self::Runs => "is not, with the runs beside it, what its phone signed",
            Self::Writer => "names another writer than whose phone signed it",
            Self::NoPush => "came neither with a push nor sealed, and is none of HQ's own",
        }
    }
}

type Runs = BTreeMap<Option<Hash>, Vec<LoggedRun>>;

impl Office {
    /// Everything in the log that no signature stands behind. It writes nothing.
    pub(super) fn unproven(&self) -> Result<Vec<Unproven>, LedgerError> {
        let mut runs = Runs::new();
        for run in self.ledger.logged_runs()? {
            runs.entry(run.push).or_default().push(run);
        }
        let alone = runs.remove(&None).unwrap_or_default();
        let mut unproven = self.unproven_alone(&alone)?;
        let mut ends = BTreeMap::new();
        for push in self.ledger.pushes()? {
            let of_push = runs.remove(&Some(push.id)).unwrap_or_default();
            unproven.extend(self.doubts(&push, &of_push, &mut ends)?);
        }
        // No push of that name is in the log.
        unproven.extend(runs.values().flatten().map(|run| doubt(run, Doubt::NoPush)));
        Ok(unproven)
    }

    /// `ends` has the last push of each phone and epoch so far.
    fn doubts(
        &self,
        push: &PushRow,
        runs: &[LoggedRun],
        ends: &mut BTreeMap<(DeviceId, u32), PushRow>,
    ) -> Result<Vec<Unproven>, LedgerError> {
        let about = |why| Unproven {
            run: None,
            case: None,
            push: Some(push.id),
            why,
        };
        let Some((header, certificate)) = self.signed_header(push)? else {
            return Ok(vec![about(Doubt::Signature)]);
        };
        let before = ends.insert((push.device, push.epoch), push.clone());
        let (next, prev) = before.map_or((1, [0; 32]), |last| (last.dev_seq + 1, last.hash));
        let mut doubts = Vec::new();
        if (header.dev_seq, header.prev) != (next, prev) {
            doubts.push(about(Doubt::Chain));
        }
        if !self.are_signed(&header, runs, &push.receipt) {
            doubts.push(about(Doubt::Runs));
            // Which of them it is the root does not tell: none of them is proved.
            doubts.extend(runs.iter().map(|run| doubt(run, Doubt::Runs)));
        }
        let strangers = runs
            .iter()
            .filter(|run| !is_writer(run, &certificate, push));
        doubts.extend(strangers.map(|run| doubt(run, Doubt::Writer)));
        Ok(doubts)
    }

    /// The push's header and the certificate of the phone that signed it; none where they don't hold or the row says otherwise.
    fn signed_header(
        &self,
        push: &PushRow,
    ) -> Result<Option<(PushHeader, DeviceCertificate)>, LedgerError> {
        let Some(device) = self.ledger.device(push.device)? else {
            return Ok(None);
        };
        let Ok(certificate) = self.certificate(&device.certificate) else {
            return Ok(None);
        };
        let certificate = certificate.into_statement();
        let Ok(header) = Signed::<PushHeader>::open(&push.statement, &certificate.key) else {
            return Ok(None);
        };
        let header = header.into_statement();
        let same = header.agency == self.agency()
            && header.hash() == push.hash
            && (header.device, header.epoch, header.dev_seq)
                == (push.device, push.epoch, push.dev_seq);
        Ok(same.then_some((header, certificate)))
    }

    /// Whether these are the runs under the signed root. Where HQ refused a run of the push its leaf is not here: then at least their
    /// number must be what HQ's own signed receipt says.
    fn are_signed(&self, header: &PushHeader, runs: &[LoggedRun], receipt: &[u8]) -> bool {
        let signed = header.runs as usize;
        if runs.len() == signed {
            let mut runs: Vec<_> = runs.iter().collect();
            runs.sort_by_key(|run| run.leaf.map(|leaf| leaf.index));
            let in_place = (0_u64..)
                .zip(&runs)
                .all(|(index, run)| run.leaf.is_some_and(|leaf| leaf.index == index));
            let leaves = runs.iter().filter_map(|run| leaf(run)).collect();
            return in_place && MerkleTree::new(leaves).root() == header.root;
        }
        let receipt = Signed::<Receipt>::open(receipt, &self.keys.ring().ever());
        receipt.is_ok_and(|receipt| runs.len() + receipt.statement().refused.len() == signed)
    }
}

/// What was hashed under the leaf's salt, from the row as it is now.
fn leaf(run: &LoggedRun) -> Option<Hash> {
    let header = RunHeader {
        key: RunKey {
            case: run.case,
            half: run.half,
            actor: run.actor,
        },
        first_seq: run.first_seq,
        last_seq: run.last_seq,
        last: run.last_change,
    };
    Some(leaf_hash(&run.leaf?.salt, &header.encode()))
}

/// A certificate of another epoch may have had other roles.
fn is_writer(run: &LoggedRun, certificate: &DeviceCertificate, push: &PushRow) -> bool {
    let same_roles = certificate.epoch != push.epoch || run.roles.bits() == certificate.roles;
    run.half == Half::Field
        && run.device == push.device
        && run.person.bytes() == certificate.person
        && same_roles
}

pub(super) fn not_hqs_own(run: &LoggedRun) -> Option<Unproven> {
    let own = run.half == Half::Hq && run.device == DeviceId::HQ && run.leaf.is_none();
    (!own).then(|| doubt(run, Doubt::NoPush))
}

pub(super) fn doubt(run: &LoggedRun, why: Doubt) -> Unproven {
    Unproven {
        run: Some(run.id),
        case: Some(run.case),
        push: run.push,
        why,
    }
}
