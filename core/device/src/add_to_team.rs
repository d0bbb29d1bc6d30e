//! Adding a colleague to the team of a case: HQ gives it to their phones in full as soon as it hears of it.

use crate::case::Saved;
use crate::device::Device;
use crate::error::{Error, Forbidden, Missing, Result};
use mooring_casefile::{CaseId, Edit, Now, PersonId};
use mooring_exchange::Access;
use std::collections::BTreeSet;

impl Device {
    /// Adds somebody whom the directory knows. Who only broke the glass adds nobody: HQ would not follow it.
    pub fn add_to_team(&mut self, case: CaseId, person: PersonId, now: Now) -> Result<Saved> {
        let (open, seams) = self.opened(now)?;
        let enrolment = open
            .me
            .enrolment
            .as_ref()
            .ok_or(Error::Forbidden(Forbidden::NotEnrolled))?;
        let mut staff = enrolment.directory.staff.iter();
        let name = staff
            .find(|one| one.person == person.bytes())
            .map(|one| one.name.clone())
            .ok_or(Error::NotFound(Missing::Person))?;
        if open.access(case)? == Access::Standby {
            return Err(Error::Forbidden(Forbidden::NotOfTheTeam));
        }
        let me: BTreeSet<PersonId> = [open.me.attribution.person].into();
        open.change(case, now, |case, _| {
            if case.file.team(&me).contains(&person) {
                return Ok(Vec::new().into());
            }
            let edit = Edit::AddToTeam {
                id: seams.record_id(now),
                person,
                text: format!("{name} joins the team"),
            };
            Ok(vec![edit].into())
        })
    }
}
