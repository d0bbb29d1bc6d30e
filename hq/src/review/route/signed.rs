//! One signed review with the very text that was signed.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use mooring_casefile::{CaseId, RecordId};

use super::refused;
use crate::Refused;
use crate::review::cookie;
use crate::review::desk::Desk;
use crate::review::present;

pub(super) async fn signed(
    State(desk): State<Desk>,
    Path((case, review)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let token = cookie::read(&headers, cookie::SIGN_IN).to_owned();
    let page = desk.ask(move |asked| {
        let by = asked.hq.session(&token, asked.now)?;
        let case = CaseId::parse(&case).map_err(|_| Refused::NotFound)?;
        let review = RecordId::parse(&review).map_err(|_| Refused::NotFound)?;
        let text = asked.hq.signed_text(&by, case, review, asked.now)?;
        let page = asked.hq.look_case(&by, case, asked.now)?;
        present::reviews::signed_page(asked.hours, &by, &page, review, &text)
            .ok_or(Refused::NotFound)
    });
    match page.await {
        Ok(page) => page.render().into_response(),
        Err(why) => refused(&why, "/"),
    }
}
