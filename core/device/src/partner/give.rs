//! Giving a case to a partner: only one that is held open here, to a phone that HQ vouches for, and the case says to whom.

use super::refused;
use crate::device::{Device, Open};
use crate::error::{BadInput, Error, Forbidden, Missing, Result};
use crate::vault::sql::audit::{self, Act};
use crate::vault::sql::proofs::{self, ProofRow};
use crate::vault::sql::unsent;
use mooring_casefile::{Actor, CaseId, Edit, Half, Now, PersonId, Run};
use mooring_exchange::{
    Access, BundleDraft, RunHeader, RunProof, RunVoucher, ShownToken, seal_bundle,
};
use mooring_identity::Signed;
use std::collections::{BTreeMap, BTreeSet};

/// How the event in the case is called.
const SHARED: &str = "shared";

/// A case, sealed for a partner's phone.
#[derive(Clone, PartialEq, Eq)]
pub struct GivenBundle {
    /// To be carried to the phone that showed the token.
    pub bytes: Vec<u8>,
    /// Runs in it.
    pub runs: u64,
    /// Runs of others that this phone can't prove, and that stay out: HQ brings them.
    pub left_out: u64,
}

// The bytes are sealed, and still nobody's to print.
impl std::fmt::Debug for GivenBundle {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { runs, left_out, .. } = self;
        write!(out, "GivenBundle {{ runs: {runs}, left_out: {left_out} }}")
    }
}

impl Device {
    /// Seals a case to the phone that showed this token. That it was given, and to whom, is written into the case first: should the bytes
    /// never arrive, it says too much rather than too little.
    pub fn bundle_for(&mut self, case: CaseId, token: &[u8], now: Now) -> Result<GivenBundle> {
        let (open, seams) = self.opened(now)?;
        let papers = open.papers()?;
        open.may_read(case, now)?;
        open.may_give(case)?;
        let token = ShownToken::open(token, &open.trust()?).map_err(refused)?;
        if token.token().device == open.me.attribution.device {
            return Err(Error::BadInput(BadInput::Order));
        }
        let given = Edit::Event {
            id: seams.record_id(now),
            kind: SHARED.to_owned(),
            text: format!("given to {}, from phone to phone", token.certificate().name),
        };
        // Whoever is given the case is of its team: so HQ gives it to their phones in full as soon as it hears of it.
        let partner = PersonId::new(token.certificate().person);
        let joins = Edit::AddToTeam {
            id: seams.record_id(now),
            person: partner,
            text: format!("{} joins the team", token.certificate().name),
        };
        let me = BTreeSet::from([open.me.attribution.person]);
        open.change(case, now, |case, _| {
            let known = case.file.team(&me).contains(&partner);
            let joins = (!known).then_some(joins);
            Ok(std::iter::once(given)
                .chain(joins)
                .collect::<Vec<_>>()
                .into())
        })?;
        let (runs, left_out) = open.provable(case, &papers.certificate)?;
        let draft = BundleDraft {
            token: &token,
            from: open.me.attribution.device,
            certificate: &papers.certificate,
            key_set: &papers.key_set,
            case,
            runs: &runs,
            made_ms: now.wall_ms,
        };
        let bytes = seal_bundle(&draft, &open.key, seams.random.as_mut())
            .map_err(|error| refused(error.into()))?;
        // From here on its changes may have left the phone: none of them is taken back without a word.
        open.vault.write(now, |tx| {
            for (run, _) in &runs {
                unsent::pack_through(tx, case, run.half, run.actor, run.last_seq)?;
            }
            Ok(audit::put(tx, now.wall_ms, Act::Give(case))?)
        })?;
        Ok(GivenBundle {
            bytes,
            runs: runs.len() as u64,
            left_out,
        })
    }
}

impl Open {
    /// What HQ assigned as open; and what HQ has not said anything about yet: the creator holds a case open, and so does whoever they gave
    /// it to.
    fn may_give(&mut self, case: CaseId) -> Result<()> {
        if !self.knows(case)? {
            return Err(Error::NotFound(Missing::Case));
        }
        match self.access(case)? {
            Access::Open => Ok(()),
            // A broken glass is for reading, and nothing leaves by it.
            Access::Standby => Err(Error::Forbidden(Forbidden::Standby)),
            Access::Ended | Access::Shredded => Err(Error::Forbidden(Forbidden::Ended)),
        }
    }

    /// The runs of a case, each with what proves it; and how many nothing here proves.
    fn provable(
        &mut self,
        case: CaseId,
        certificate: &[u8],
    ) -> Result<(Vec<(Run, RunProof)>, u64)> {
        let proofs = self
            .vault
            .look(|connection| Ok(proofs::of_case(connection, case)?))?;
        let proofs: BTreeMap<(Half, Actor), ProofRow> = proofs
            .into_iter()
            .map(|row| ((row.half, row.actor), row))
            .collect();
        let (runs, who) = self.peek(case, |file| {
            let runs = Half::BOTH.map(|half| file.runs_since(half, &BTreeMap::new()));
            (runs, file.who())
        })?;
        let me = self.me.attribution.device;
        let own: Vec<_> = who
            .into_iter()
            .filter(|(half, _, who)| *half == Half::Field && who.device == me)
            .map(|(half, actor, _)| (half, actor))
            .collect();
        let (mut proved, mut left_out) = (Vec::new(), 0);
        for run in runs.into_iter().flatten() {
            let key = (run.half, run.actor);
            let proof = if own.contains(&key) {
                Some(self.vouch(run, certificate)?)
            } else {
                proofs.get(&key).and_then(|row| by_row(run, row))
            };
            match proof {
                Some(one) => proved.push(one),
                None => left_out += 1,
            }
        }
        Ok((proved, left_out))
    }

    /// This phone's own word for a run of its own. It stands beside the chain of pushes and moves nothing on.
    fn vouch(&self, run: Run, certificate: &[u8]) -> Result<(Run, RunProof)> {
        let enrolment = self
            .me
            .enrolment
            .as_ref()
            .ok_or(Error::Forbidden(Forbidden::NotEnrolled))?;
        let voucher = RunVoucher {
            agency: enrolment.agency,
            device: self.me.attribution.device,
            epoch: enrolment.certificate.epoch,
            header: RunHeader::of(&run),
        };
        let proof = RunProof::Device {
            certificate: certificate.to_vec(),
            voucher: Signed::sign(voucher, &self.key).bytes().to_vec(),
        };
        Ok((run, proof))
    }
}

/// The run as far as the stored proof reaches.
fn by_row(mut run: Run, row: &ProofRow) -> Option<(Run, RunProof)> {
    let keep = row.last_seq.checked_sub(run.first_seq)?.checked_add(1)?;
    let keep = usize::try_from(keep).ok()?;
    if keep > run.changes.len() {
        return None;
    }
    run.changes.truncate(keep);
    (run.last_seq, run.last) = (row.last_seq, row.last_change);
    RunProof::parse(&row.proof).ok().map(|proof| (run, proof))
}
