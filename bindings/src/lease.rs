//! The lease: what may be read while HQ has not been heard of for too long, and the glass that a person can break.

use crate::error::MooringError;
use crate::listen::Changed;
use crate::phone::BlockingPhone;
use mooring_casefile::CaseId;
use mooring_device::Standing;

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
}
