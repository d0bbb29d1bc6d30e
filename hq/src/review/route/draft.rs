//! Keeping what was typed, by a button or by the page's script.

use axum::Form;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use mooring_casefile::CaseId;

use crate::Refused;
use crate::review::act::{Act, Became, act};
use crate::review::cookie;
use crate::review::desk::Desk;
use crate::review::done::Done;
use crate::review::typed::Typed;

pub(super) async fn draft(
    State(desk): State<Desk>,
    Path(case): Path<String>,
    headers: HeaderMap,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let typed = Typed::from(fields);
    if !typed.get("quiet").is_empty() {
        return quietly(desk, &case, &headers, typed).await;
    }
    // Every act keeps what was typed before anything else, so this one has nothing more to do.
    act(desk, headers, case, typed, |_: &Act<'_>| {
        Ok(Became::done(Done::Kept, &[]))
    })
    .await
}

async fn quietly(desk: Desk, case: &str, headers: &HeaderMap, typed: Typed) -> Response {
    let token = cookie::read(headers, cookie::SIGN_IN).to_owned();
    let case = CaseId::parse(case);
    let kept = desk.ask(move |asked| {
        let by = asked.hq.session(&token, asked.now)?;
        let case = case.map_err(|_| Refused::NotFound)?;
        if !by.csrf_matches(typed.get("csrf")) {
            return Err(Refused::SignedOut);
        }
        asked.hq.save_draft(&by, case, &typed.kept(), asked.now)?;
        Ok(format!(
            "Kept at headquarters {}",
            asked.hours.at(asked.now.wall_ms)
        ))
    });
    match kept.await {
        Ok(words) => words.into_response(),
        Err(why) => (super::status(&why), why.words()).into_response(),
    }
}
