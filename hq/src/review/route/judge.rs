//! A level by judgment.

use axum::Form;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use mooring_protocol::Domain;

use crate::review::act::{Act, Became, act};
use crate::review::desk::Desk;
use crate::review::done::Done;
use crate::review::present::judgment::level;
use crate::{Override, Refused};

pub(super) async fn judge(
    State(desk): State<Desk>,
    Path(case): Path<String>,
    headers: HeaderMap,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    act(desk, headers, case, fields.into(), carry_out).await
}

fn carry_out(act: &Act<'_>) -> Result<Became, Refused> {
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
