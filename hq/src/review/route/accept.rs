//! Accepting a later assessment, or a judgment that lowers a level.

use axum::Form;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use mooring_casefile::{AssessmentId, RecordId};

use crate::review::act::{Act, Became, Done, act};
use crate::review::desk::Desk;
use crate::{Accept, Refused};

pub(super) async fn accept(
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
    let key = typed.get("accepts");
    let field = format!("accept|{key}");
    let reason = typed.trimmed(&field);
    if reason.is_empty() {
        return Ok(Became::not(
            "Not accepted yet.",
            "Say why: whoever reads this later asks first.",
        ));
    }
    let accept = read(key, reason).ok_or(Refused::NotFound)?;
    asked.hq.accept(by, *case, &accept, asked.now)?;
    Ok(Became::done(Done::Accepted, &[&field]))
}

fn read(key: &str, reason: &str) -> Option<Accept> {
    let reason = reason.to_owned();
    match key.split_once('/')? {
        ("assessment", id) => Some(Accept::Assessment {
            later: AssessmentId::parse(id).ok()?,
            reason,
        }),
        ("override", id) => Some(Accept::Override {
            id: RecordId::parse(id).ok()?,
            reason,
        }),
        _ => None,
    }
}
