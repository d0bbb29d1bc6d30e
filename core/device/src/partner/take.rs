//! Taking a case from a partner: the whole bundle is checked before anything is written, and what it holds goes through the guard like
//! everything that was not written here.

use super::refused;
use crate::device::Device;
use crate::error::{Error, Forbidden, Refused, Result};
use crate::exchange::{Holds, Source, Tally, arrive};
use crate::vault::sql::audit::{self, Act};
use crate::vault::sql::partner_tokens::{self, TokenRow};
use crate::vault::sql::{assignments, proofs};
use mooring_casefile::{CaseId, DeviceId, Now, PersonId, RecordId};
use mooring_exchange::{Access, OpenedBundle, RunHeader, in_turn, open_bundle, token_of};
use mooring_identity::{RecipientKey, Secret};

/// How long a token is good, by the clock since the phone started: nobody can set that one.
const GOOD_FOR_MS: u64 = 10 * 60_000;

/// What came of a partner's bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenBundle {
    /// Which case.
    pub case: CaseId,
    /// Whose phone gave it.
    pub from: DeviceId,
    /// Its person.
    pub person: PersonId,
    /// Their name, as HQ certified it.
    pub name: String,
    /// Runs that are part of the case now.
    pub merged_runs: u64,
    /// Runs that wait for what they build on.
    pub waiting_runs: u64,
    /// Runs that the guard did not let in.
    pub held_runs: u64,
    /// Runs that did not prove themselves.
    pub left_out: u64,
    /// Advice that is new on this phone.
    pub new_advice: Vec<RecordId>,
}

impl Device {
    /// Takes a bundle that answers a token of this phone. Unless it holds, nothing is changed and the token stays good.
    pub fn take_bundle(&mut self, bundle: &[u8], now: Now) -> Result<TakenBundle> {
        let (open, seams) = self.opened(now)?;
        let nonce = token_of(bundle).map_err(|error| refused(error.into()))?;
        let token = open
            .vault
            .look(|connection| Ok(partner_tokens::get(connection, &nonce)?))?
            .filter(|token| is_good(token, now))
            .ok_or(Error::Refused(Refused::Token))?;
        let key = Secret::parse(token.seed.as_slice()).ok_or(Error::Internal("partner-token"))?;
        let key = RecipientKey::from_seed(key);
        let me = open.me.attribution.device;
        let opened =
            open_bundle(bundle, &token.token, (me, &key), &open.trust()?).map_err(refused)?;
        let OpenedBundle {
            from: giver,
            case,
            runs,
            left_out,
            ..
        } = opened;
        // A proof speaks for all of an actor's changes; they are merged in turn with those that they build on.
        let given = runs.iter().flat_map(|given| {
            let pieces = in_turn(given.run.clone()).into_iter();
            pieces.map(|piece| (piece, given.who))
        });
        let access = open
            .vault
            .look(|connection| Ok(assignments::access(connection, case)?))?;
        if access == Access::Shredded {
            return Err(Error::Forbidden(Forbidden::Ended));
        }
        let given_now = access == Access::Open && !open.knows(case)?;
        let holds = Holds { access, given_now };
        let from = (Source::Partner, holds);
        let arrived = arrive(open, case, given.collect(), from, seams, now)?;
        open.vault.write(now, |tx| {
            arrived.store(tx, now)?;
            for given in &runs {
                // What this phone wrote itself it can prove by itself.
                if given.who.device != me && !arrived.holds_back(&given.run) {
                    proofs::from_partner(tx, &RunHeader::of(&given.run), &given.proof.encode())?;
                }
            }
            partner_tokens::forget(tx, &nonce)?;
            Ok(audit::put(tx, now.wall_ms, Act::Take(case))?)
        })?;
        let mut tally = Tally::default();
        arrived.count(&mut tally);
        arrived.put_back(open);
        // It was handed over on this visit: it stays readable when the lease is in doubt.
        open.visit.cases.insert(case);
        Ok(TakenBundle {
            case,
            from: DeviceId::new(giver.device),
            person: PersonId::new(giver.person),
            name: giver.name,
            merged_runs: tally.merged_runs,
            waiting_runs: tally.waiting_runs,
            held_runs: tally.held_runs,
            left_out,
            new_advice: tally.new_advice.into_iter().map(|(_, id)| id).collect(),
        })
    }
}

/// A token does not outlive a start of the phone: without that clock nobody could say how old it is.
fn is_good(token: &TokenRow, now: Now) -> bool {
    token.boot_id == now.boot_id && now.uptime_ms.saturating_sub(token.uptime_ms) < GOOD_FOR_MS
}
