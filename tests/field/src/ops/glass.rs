//! Breaking the glass: one case of before, read although the lease is over.

use super::cases::id;
use super::ok;
use crate::fault::Fault;
use crate::phone::Phone;
use mooring_casefile::CaseId;
use serde_json::Value;

pub(super) fn break_glass(phone: &mut Phone, case: &str, reason: &str) -> Result<Value, Fault> {
    let case = id("case", case, CaseId::parse)?;
    let (device, now) = phone.device()?;
    device.break_glass(case, reason, now)?;
    Ok(ok(()))
}
