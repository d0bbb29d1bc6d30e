//! Settling a contested answer: which values were seen, which one stands, and why.

use mooring_casefile::ChangeId;

use crate::review::act::{Act, Became};
use crate::review::done::Done;
use crate::review::present::contest::place_of;
use crate::{Refused, Settle};

pub(super) fn settle(act: &Act<'_>) -> Result<Became, Refused> {
    let Act {
        asked,
        by,
        case,
        typed,
    } = act;
    let key = typed.get("question");
    let (choice, reason) = (format!("choice|{key}"), format!("reason|{key}"));
    if typed.get(&choice).is_empty() {
        return Ok(Became::not(
            "Not settled yet.",
            "Choose which answer stands.",
        ));
    }
    if typed.trimmed(&reason).is_empty() {
        return Ok(Became::not(
            "Not settled yet.",
            "Say why: both who answered read the reason.",
        ));
    }
    let settle = Settle {
        place: place_of(key).ok_or(Refused::NotFound)?,
        seen: changes(typed.get(&format!("seen|{key}")))?,
        choice: ChangeId::parse(typed.get(&choice)).map_err(|_| Refused::NotFound)?,
        reason: typed.trimmed(&reason).to_owned(),
    };
    asked.hq.settle(by, *case, &settle, asked.now)?;
    Ok(Became::done(Done::Settled, &[&choice, &reason]))
}

fn changes(text: &str) -> Result<Vec<ChangeId>, Refused> {
    text.split_whitespace()
        .map(|id| ChangeId::parse(id).map_err(|_| Refused::NotFound))
        .collect()
}
