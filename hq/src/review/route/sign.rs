//! Signing what the page shows; or, when something arrived meanwhile, the older version as such.

use axum::http::StatusCode;

use crate::review::act::{Act, Became, Overlay};
use crate::review::done::Done;
use crate::review::page::changes::Changes;
use crate::review::page::notice::Notice;
use crate::review::page::review_form::Older;
use crate::review::present;
use crate::review::typed::Typed;
use crate::{Refused, ReviewForm, ShownId, Sign, Signing};

/// The typed fields that a signature uses up.
const SERVED: [&str; 4] = ["impression", "medication", "plan", "feedback"];

pub(super) fn sign(act: &Act<'_>) -> Result<Became, Refused> {
    let Act {
        asked,
        by,
        case,
        typed,
    } = act;
    let form = form(typed);
    if form.impression.is_empty() && form.plan.is_empty() {
        return Ok(Became::not(
            "Not signed yet.",
            "A review says at least an impression or a plan.",
        ));
    }
    let older = typed.get("which") == "older";
    let shown = ShownId::parse(typed.get(if older { "older" } else { "shown" }))
        .map_err(|_| Refused::NotFound)?;
    let sign = Sign { shown, older, form };
    Ok(match asked.hq.sign(by, *case, &sign, asked.now)? {
        Signing::Signed { .. } if older => Became::done(Done::SignedOlder, &SERVED),
        Signing::Signed { .. } => Became::done(Done::Signed, &SERVED),
        Signing::Changed {
            difference,
            level_rose,
            ..
        } => Became::Not(Box::new(Overlay {
            status: StatusCode::CONFLICT,
            notices: vec![why(level_rose, older)],
            stale: Some(Changes {
                title: "Changed since the page that you were signing".to_owned(),
                body: "The page below shows the case with it.".to_owned(),
                lines: present::changes::lines(&difference),
            }),
            older: Some(Older {
                stamp: shown.words(),
                shown: shown.to_string(),
                level_rose,
            }),
            pressed: String::new(),
        })),
    })
}

fn form(typed: &Typed) -> ReviewForm {
    let [impression, medication, plan, feedback] =
        SERVED.map(|name| typed.trimmed(name).to_owned());
    ReviewForm {
        impression,
        medication,
        plan,
        feedback,
    }
}

fn why(level_rose: bool, older: bool) -> Notice {
    let title = match (level_rose, older) {
        (true, true) => {
            "Not signed: the level rose, so the older version can't be signed any more."
        }
        (true, false) => "Not signed yet: something arrived, and the level rose.",
        (false, _) => "Not signed yet: something arrived while you were writing.",
    };
    Notice::not_done(title, "Read what changed; what you typed is still here.")
}
