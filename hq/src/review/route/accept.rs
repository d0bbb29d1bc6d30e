//! Accepting a later assessment, or a judgment that lowers a level.

use mooring_casefile::{AssessmentId, RecordId};

use crate::review::act::{Act, Became};
use crate::review::done::Done;
use crate::{Accept, Accepting, Refused, ShownId};

pub(super) fn accept(act: &Act<'_>) -> Result<Became, Refused> {
    let Act {
        asked,
        by,
        case,
        typed,
    } = act;
    let key = typed.get("accepts");
    let field = format!("accept|{key}");
    let reason = typed.trimmed(&field);
    if reason.is_empty() {
        return Ok(Became::not(
            "Not accepted yet.",
            "Say why: whoever reads this later asks first.",
        ));
    }
    let accept = Accept {
        shown: ShownId::parse(typed.get("shown")).map_err(|_| Refused::NotFound)?,
        what: what(key).ok_or(Refused::NotFound)?,
        reason: reason.to_owned(),
    };
    asked.hq.accept(by, *case, &accept, asked.now)?;
    Ok(Became::done(Done::Accepted, &[&field]))
}

fn what(key: &str) -> Option<Accepting> {
    match key.split_once('/')? {
        ("assessment", id) => AssessmentId::parse(id).ok().map(Accepting::Assessment),
        ("override", id) => RecordId::parse(id).ok().map(Accepting::Override),
        _ => None,
    }
}
