//! Giving a case to somebody, or ending it.

use axum::Form;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use mooring_casefile::PersonId;

use crate::Refused;
use crate::review::act::{Act, Became, act};
use crate::review::desk::Desk;
use crate::review::done::Done;
use crate::review::present::holders::chosen;

pub(super) async fn assign(
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
    let person = PersonId::parse(typed.get("assign_person")).map_err(|_| Refused::NotFound)?;
    let access = chosen(typed.get("assign_access")).ok_or(Refused::NotFound)?;
    asked.hq.assign_case(by, *case, person, access, asked.now)?;
    Ok(Became::done(Done::Assigned, &[]))
}
