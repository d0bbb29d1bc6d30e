//! What changed since a page was shown, as parts of a page: the script puts them in place. What the reader signs stays as it is.

use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use mooring_casefile::CaseId;

use crate::review::act::Overlay;
use crate::review::cookie;
use crate::review::desk::Desk;
use crate::review::present;
use crate::{Refused, ShownId};

/// Which page the reader has before them.
#[derive(serde::Deserialize)]
pub(super) struct Before {
    shown: String,
}

pub(super) async fn since(
    State(desk): State<Desk>,
    Path(case): Path<String>,
    Query(before): Query<Before>,
    headers: HeaderMap,
) -> Response {
    let token = cookie::read(&headers, cookie::SIGN_IN).to_owned();
    let parts = desk.ask(move |asked| {
        let by = asked.hq.peek_session(&token, asked.now)?;
        let case = CaseId::parse(&case).map_err(|_| Refused::NotFound)?;
        let shown = ShownId::parse(&before.shown).map_err(|_| Refused::NotFound)?;
        let then = asked.hq.shown_file(&by, case, shown, asked.now)?;
        let now = asked.hq.look_case(&by, case, asked.now)?;
        let changes = now.file.difference(&then, now.shelf.as_ref());
        let lines = present::changes::lines(&changes.lines);
        let page = present::case::case_page(
            asked.hours,
            &by,
            &now,
            &now.draft.fields,
            Overlay::default(),
        );
        Ok(page.parts(&lines))
    });
    match parts.await {
        Ok(parts) => parts.into_response(),
        Err(why) => (super::status(&why), why.words()).into_response(),
    }
}
