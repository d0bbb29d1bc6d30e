//! Sending advice, perhaps in the place of an earlier one.

use mooring_casefile::RecordId;

use crate::review::act::{Act, Became};
use crate::review::done::Done;
use crate::review::typed::Typed;
use crate::{NewAdvice, Refused, ShownId};

pub(super) fn advice(act: &Act<'_>) -> Result<Became, Refused> {
    let Act {
        asked,
        by,
        case,
        typed,
    } = act;
    let text = typed.trimmed("advice_text");
    if text.is_empty() {
        return Ok(Became::not(
            "Nothing to send yet.",
            "Write what the team should do now.",
        ));
    }
    let new = NewAdvice {
        shown: ShownId::parse(typed.get("shown")).map_err(|_| Refused::NotFound)?,
        text: text.to_owned(),
        expires_ms: expires_ms(typed, asked.now.wall_ms),
        replaces: replaces(typed)?,
    };
    asked.hq.send_advice(by, *case, &new, asked.now)?;
    Ok(Became::done(
        Done::Sent,
        &["advice_text", "advice_minutes", "advice_replaces"],
    ))
}

fn expires_ms(typed: &Typed, now_ms: i64) -> Option<i64> {
    let minutes: i64 = typed.get("advice_minutes").parse().ok()?;
    (1..=1_440)
        .contains(&minutes)
        .then(|| now_ms.saturating_add(minutes * 60_000))
}

fn replaces(typed: &Typed) -> Result<Option<RecordId>, Refused> {
    match typed.get("advice_replaces") {
        "" => Ok(None),
        id => RecordId::parse(id).map(Some).map_err(|_| Refused::NotFound),
    }
}
