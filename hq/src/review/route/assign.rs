//! Giving a case to somebody, or ending it.

use mooring_casefile::PersonId;

use crate::Refused;
use crate::review::act::{Act, Became};
use crate::review::done::Done;
use crate::review::present::holders::chosen;

pub(super) fn assign(act: &Act<'_>) -> Result<Became, Refused> {
    let Act {
        asked,
        by,
        case,
        typed,
    } = act;
    let person = PersonId::parse(typed.get("assign_person")).map_err(|_| Refused::NotFound)?;
    let access = chosen(typed.get("assign_access")).ok_or(Refused::NotFound)?;
    asked.hq.assign_case(by, *case, person, access, asked.now)?;
    Ok(Became::done(Done::Assigned, &[]))
}
