//! One case as a screen shows it: everything known, and what HQ has of it.

use crate::device::Device;
use crate::error::Result;
use crate::sync::{SyncState, derive_sync};
use crate::vault::sql::audit::Act;
use crate::vault::sql::{proofs, receipts, unsent, waiting};
use mooring_casefile::{CaseId, CaseView, Now, PersonId, Shelf as _};
use std::collections::BTreeMap;

/// A case on a screen.
pub struct CaseShown {
    /// Everything known.
    pub view: CaseView,
    /// What HQ has of it, by HQ's receipts alone.
    pub sync: SyncState,
    /// The names of everybody who wrote in it, as far as the directory knows them.
    pub names: BTreeMap<PersonId, String>,
}

impl Device {
    /// Shows a case, unless the lease is over and it is none of this visit. That it was read is noted in the vault.
    pub fn show(&mut self, case: CaseId, now: Now) -> Result<CaseShown> {
        let (open, _) = self.opened(now)?;
        open.may_read(case, now)?;
        let (view, who) = open.with_case(case, |case, open| {
            (case.view(&open.shelf).clone(), case.file.who())
        })?;
        let people = who.iter().map(|(_, _, who)| who.person);
        let names = people
            .map(|person| (person, open.shelf.name(&person)))
            .collect();
        let (receipts, unsent, partner, waiting) =
            open.vault.read(now, Act::Show(case), |connection| {
                let waiting = waiting::of_case(connection, case)?;
                Ok((
                    receipts::of_case(connection, case)?,
                    unsent::count(connection, case)?,
                    proofs::not_at_hq(connection, case)?,
                    waiting,
                ))
            })?;
        let sync = derive_sync(
            &view,
            &receipts,
            unsent,
            partner,
            &waiting,
            (&open.me.attribution, &open.shelf),
        );
        Ok(CaseShown { view, sync, names })
    }
}
