//! A level by judgment.

use mooring_protocol::Domain;

use crate::review::act::{Act, Became};
use crate::review::done::Done;
use crate::review::present::judgment::level;
use crate::{Override, Refused};

pub(super) fn judge(act: &Act<'_>) -> Result<Became, Refused> {
    let Act {
        asked,
        by,
        case,
        typed,
    } = act;
    let reason = typed.trimmed("judge_reason");
    if reason.is_empty() {
        return Ok(Became::not(
            "Not judged yet.",
            "Say why: the reason stands beside the level, for everyone.",
        ));
    }
    let judgment = Override {
        domain: Domain::parse(typed.get("judge_domain")).ok_or(Refused::NotFound)?,
        level: level(typed.get("judge_level")).ok_or(Refused::NotFound)?,
        reason: reason.to_owned(),
    };
    asked.hq.override_level(by, *case, &judgment, asked.now)?;
    Ok(Became::done(
        Done::Judged,
        &["judge_domain", "judge_level", "judge_reason"],
    ))
}
