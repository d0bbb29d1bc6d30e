//! The lease: what may be read while HQ has not been heard of for too long, and the glass that a person can break.

use crate::error::MooringError;
use crate::listen::Changed;
use crate::phone::BlockingPhone;
use mooring_casefile::{CaseId, PersonId};
use mooring_device::{StandbyCard, Standing};

/// What may be read now.
pub type MayRead = Standing;

/// What may be read now.
#[uniffi::remote(Enum)]
pub enum MayRead {
    /// Everything that is on this phone.
    Reads,
    /// The guides, new cases and this visit: the lease is over.
    LeaseOver,
    /// The same: the clock was set back.
    ClockInDoubt,
}

/// What can be read of a case in standby.
#[uniffi::remote(Record)]
pub struct StandbyCard {
    /// The case.
    pub case: CaseId,
    /// What the team called it.
    pub title: String,
    /// What is dangerous to those who go there, in the words of rules and answers.
    pub hazards: Vec<String>,
}

/// Somebody of the agency.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct Colleague {
    /// Who.
    pub person: PersonId,
    /// Their name.
    pub name: String,
}

#[uniffi::export]
impl BlockingPhone {
    /// What may be read now. A phone to which HQ has given no lease yet reads everything.
    pub fn may_read(&self) -> Result<MayRead, MooringError> {
        self.opened(|device, now| device.standing(now))
    }

    /// Opens one case of before for four hours, with a reason: written into the case, so that HQ hears of it.
    pub fn break_glass(&self, case_id: CaseId, reason: String) -> Result<(), MooringError> {
        self.opened(|device, now| device.break_glass(case_id, &reason, now))?;
        self.listeners().tell(Changed::Case { case: case_id });
        Ok(())
    }

    /// The name and the hazards of a case held in standby: they need no broken glass.
    pub fn standby_card(&self, case_id: CaseId) -> Result<StandbyCard, MooringError> {
        self.opened(|device, now| device.standby_card(case_id, now))
    }

    /// Everybody in HQ's directory, by name.
    pub fn colleagues(&self) -> Result<Vec<Colleague>, MooringError> {
        let names = self.opened(|device, _| device.names())?;
        let mut all: Vec<_> = names
            .into_iter()
            .map(|(person, name)| Colleague { person, name })
            .collect();
        all.sort_by(|one, two| one.name.cmp(&two.name));
        Ok(all)
    }

    /// Adds somebody of HQ's directory to the team of a case: HQ gives it to their phones when it hears of it.
    pub fn add_to_team(&self, case_id: CaseId, person: PersonId) -> Result<(), MooringError> {
        self.opened(|device, now| device.add_to_team(case_id, person, now))?;
        self.listeners().tell(Changed::Case { case: case_id });
        Ok(())
    }

    /// Closes a case, in words that say how it ended; whatever is entered afterwards opens it again.
    pub fn close_case(&self, case_id: CaseId, how: String) -> Result<(), MooringError> {
        self.opened(|device, now| device.close_case(case_id, &how, now))?;
        self.listeners().tell(Changed::Case { case: case_id });
        Ok(())
    }
}
