//! How this phone holds a case: in full, or in standby until a person breaks the glass.
//!
//! A case in standby is here whole, so that it can be opened with no signal; until then no verb gives more of it than its name and what
//! is dangerous there. No verb hands a case out to anyone but HQ; one that does later must ask [`Open::may_read`] first, as all do.

use crate::device::{Device, Open};
use crate::error::{Error, Forbidden, Missing, Result};
use crate::vault::sql::audit::Act;
use crate::vault::sql::{assignments, proofs};
use mooring_casefile::{CaseId, CaseView, Now};
use mooring_exchange::Access;
use mooring_protocol::{Domain, StripField};
use std::collections::BTreeSet;

/// What can be read of a case in standby.
#[derive(Clone, PartialEq, Eq)]
pub struct StandbyCard {
    /// The case.
    pub case: CaseId,
    /// What the team called it.
    pub title: String,
    /// What is dangerous to those who go there, in the words of rules and answers.
    pub hazards: Vec<String>,
}

impl Device {
    /// The name and the hazards of a case, which need no broken glass. That they were read is noted in the vault.
    pub fn standby_card(&mut self, case: CaseId, now: Now) -> Result<StandbyCard> {
        let (open, _) = self.opened(now)?;
        match open.access(case)? {
            Access::Standby => {}
            Access::Open => open.may_read(case, now)?,
            Access::Ended | Access::Shredded => return Err(Error::Forbidden(Forbidden::Ended)),
        }
        if !open.knows(case)? {
            return Err(Error::NotFound(Missing::Case));
        }
        let card = open.with_case(case, |case, open| card(case.view(&open.shelf)))?;
        open.vault.read(now, Act::ShowStandby(case), |_| Ok(()))?;
        Ok(card)
    }
}

fn card(view: &CaseView) -> StandbyCard {
    let to_others = view
        .risk
        .reasons
        .iter()
        .filter(|reason| reason.domain == Domain::Others);
    let mut hazards: Vec<String> = Vec::new();
    let mut add = |words: String| {
        if !hazards.contains(&words) {
            hazards.push(words);
        }
    };
    to_others.for_each(|reason| add(reason.reason.text.clone()));
    let means = view
        .strip
        .iter()
        .filter(|(field, _)| *field == StripField::MeansAtHand);
    for entry in means.flat_map(|(_, entries)| entries) {
        add(entry.fact.answers.join(" / "));
    }
    StandbyCard {
        case: view.case,
        title: view.title.clone(),
        hazards,
    }
}

impl Open {
    /// How this phone holds a case: by HQ's last word, unless somebody of the team handed it over on the scene and HQ does not know yet.
    pub(crate) fn access(&mut self, case: CaseId) -> Result<Access> {
        let said = self
            .vault
            .look(|connection| Ok(assignments::access(connection, case)?))?;
        if said == Access::Standby && self.was_handed_over(case)? {
            return Ok(Access::Open);
        }
        Ok(said)
    }

    /// Whether a partner gave the case, with changes that HQ lacks, and its team has this phone's person in it.
    fn was_handed_over(&mut self, case: CaseId) -> Result<bool> {
        let partner = self
            .vault
            .look(|connection| Ok(proofs::not_at_hq(connection, case)?))?;
        if partner.not_at_hq == 0 || !self.knows(case)? {
            return Ok(false);
        }
        let me = self.me.attribution.person;
        self.peek(case, |file| file.team(&BTreeSet::new()).contains(&me))
    }

    /// Whether the glass is broken for a case, now.
    pub(crate) fn is_broken(&self, case: CaseId, now: Now) -> bool {
        let glass = self.visit.glass.get(&case);
        glass
            .is_some_and(|(boot_id, until_ms)| *boot_id == now.boot_id && now.uptime_ms < *until_ms)
    }
}
