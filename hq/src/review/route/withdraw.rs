//! Withdrawing an advice.

use mooring_casefile::RecordId;

use crate::Refused;
use crate::review::act::{Act, Became};
use crate::review::done::Done;

pub(super) fn withdraw(act: &Act<'_>) -> Result<Became, Refused> {
    let advice = RecordId::parse(act.typed.get("withdraws")).map_err(|_| Refused::NotFound)?;
    let reason = act.typed.trimmed("withdraw_reason");
    if reason.is_empty() {
        return Ok(Became::not(
            "Not withdrawn yet.",
            "Say why: the team reads the reason.",
        ));
    }
    let Act {
        asked, by, case, ..
    } = act;
    asked
        .hq
        .withdraw_advice(by, *case, advice, reason, asked.now)?;
    Ok(Became::done(Done::Withdrawn, &["withdraw_reason"]))
}
