//! The review queue, and all cases.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};

use super::refused;
use crate::review::cookie;
use crate::review::desk::Desk;
use crate::review::page::queue::List;
use crate::review::present;

pub(super) async fn waiting(State(desk): State<Desk>, headers: HeaderMap) -> Response {
    list(desk, headers, List::Queue, "/").await
}

pub(super) async fn all(State(desk): State<Desk>, headers: HeaderMap) -> Response {
    list(desk, headers, List::All, "/cases").await
}

async fn list(desk: Desk, headers: HeaderMap, list: List, path: &'static str) -> Response {
    let token = cookie::read(&headers, cookie::SIGN_IN).to_owned();
    let page = desk.ask(move |asked| {
        let by = asked.hq.session(&token, asked.now)?;
        let queue = match list {
            List::Queue => asked.hq.queue(&by, asked.now)?,
            List::All => asked.hq.all_cases(&by, asked.now)?,
        };
        Ok(present::queue::queue_page(asked.hours, &by, &queue, list))
    });
    match page.await {
        Ok(page) => page.render().into_response(),
        Err(why) => refused(&why, path),
    }
}
