//! Signing out.

use axum::Form;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Redirect, Response};

use super::refused;
use crate::Refused;
use crate::review::cookie;
use crate::review::desk::Desk;
use crate::review::typed::Typed;

pub(super) async fn sign_out(
    State(desk): State<Desk>,
    headers: HeaderMap,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let typed = Typed::from(fields);
    let token = cookie::read(&headers, cookie::SIGN_IN).to_owned();
    let left = desk.ask(move |asked| {
        let by = asked.hq.session(&token, asked.now)?;
        if by.csrf_matches(typed.get("csrf")) {
            asked.hq.sign_out(&token, asked.now)
        } else {
            Err(Refused::TryLater)
        }
    });
    match left.await {
        Ok(()) | Err(Refused::SignedOut) => {
            let gone = cookie::clear(cookie::SIGN_IN, desk.cookie());
            ([(SET_COOKIE, gone)], Redirect::to("/sign-in")).into_response()
        }
        Err(why) => refused(&why, "/"),
    }
}
