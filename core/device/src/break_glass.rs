//! Breaking the glass: reading, for four hours and with a reason, one case that this phone holds in standby, or that its lease closed.

use crate::case::deliveries;
use crate::device::Device;
use crate::error::{BadInput, Error, Forbidden, Missing, Result};
use crate::vault::sql::audit::Act;
use mooring_casefile::{CaseId, Edit, Event, Holding, Mark, Now, Operation, may};
use mooring_exchange::Access;

/// How long a broken glass lasts, by the clock that nobody can set.
const BROKEN_GLASS_MS: u64 = 4 * 60 * 60_000;

impl Device {
    /// Opens one case for four hours, with a reason: written into the case, so that HQ hears of it and a supervisor reviews it, and audited
    /// here. It needs no signal and nobody's leave, since a person in crisis can't wait for either. A new start of the app closes it again.
    pub fn break_glass(&mut self, case: CaseId, reason: &str, now: Now) -> Result<()> {
        let reason = reason.trim();
        if reason.is_empty() {
            return Err(Error::BadInput(BadInput::Reason));
        }
        let (open, seams) = self.opened(now)?;
        let holding = match open.access(case)? {
            Access::Open => Holding::Open,
            Access::Standby => Holding::Standby,
            Access::Ended | Access::Shredded => return Err(Error::Forbidden(Forbidden::Ended)),
        };
        // Before it is enrolled a phone holds nothing but what was begun on it.
        let allowed = may(Operation::BreakGlass, holding, open.me.attribution.roles).at_all();
        if open.me.enrolment.is_some() && !allowed {
            return Err(Error::Forbidden(Forbidden::NotYourRole));
        }
        if !open.knows(case)? {
            return Err(Error::NotFound(Missing::Case));
        }
        let until_ms = now.uptime_ms.saturating_add(BROKEN_GLASS_MS);
        open.change_any(case, now, |case, open| {
            let broken = Edit::Event {
                id: seams.record_id(now),
                kind: Event::BROKEN_GLASS.to_owned(),
                text: reason.to_owned(),
            };
            // What HQ advised is delivered now that somebody can read it.
            let advice = deliveries(case.view(&open.shelf), open.me.attribution.device);
            let delivered = advice.into_iter().map(|advice| Edit::AdviceMark {
                id: seams.record_id(now),
                advice,
                mark: Mark::Delivered,
            });
            Ok([broken]
                .into_iter()
                .chain(delivered)
                .collect::<Vec<_>>()
                .into())
        })?;
        open.vault.read(now, Act::BreakGlass(case), |_| Ok(()))?;
        open.visit.glass.insert(case, (now.boot_id, until_ms));
        Ok(())
    }
}
