//! The page of one case. Showing it to a psychiatrist is what "opened" means, and headquarters writes that down.

use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use mooring_casefile::CaseId;

use super::refused;
use crate::Refused;
use crate::review::act::Overlay;
use crate::review::cookie;
use crate::review::desk::Desk;
use crate::review::done::Done;
use crate::review::present;

/// What the address can say besides the case.
#[derive(serde::Deserialize)]
pub(super) struct Said {
    /// What was just done here.
    #[serde(default)]
    done: String,
}

pub(super) async fn case(
    State(desk): State<Desk>,
    Path(case): Path<String>,
    Query(said): Query<Said>,
    headers: HeaderMap,
) -> Response {
    let Ok(case) = CaseId::parse(&case) else {
        return refused(&Refused::NotFound, "/");
    };
    let token = cookie::read(&headers, cookie::SIGN_IN).to_owned();
    let page = desk.ask(move |asked| {
        let by = asked.hq.session(&token, asked.now)?;
        let page = asked.hq.case(&by, case, asked.now)?;
        let overlay = Overlay {
            notices: Done::notice(&said.done).into_iter().collect(),
            ..Overlay::default()
        };
        Ok(present::case::case_page(
            asked.hours,
            &by,
            &page,
            &page.draft.fields,
            overlay,
        ))
    });
    match page.await {
        Ok(page) => page.render().into_response(),
        Err(why) => refused(&why, &present::case_path(case)),
    }
}
