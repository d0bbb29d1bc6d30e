//! The event stream: which case changed, and nothing about it. The page then fetches what its reader may see.

use std::convert::Infallible;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

use crate::review::cookie;
use crate::review::desk::Desk;
use crate::{Live, Refused};

/// A stream of one reader.
struct Reading {
    desk: Desk,
    token: String,
    changes: Receiver<Live>,
    ended: bool,
}

pub(super) async fn live(State(desk): State<Desk>, headers: HeaderMap) -> Response {
    let token = cookie::read(&headers, cookie::SIGN_IN).to_owned();
    let changes = desk.headquarters().live();
    let reading = Reading {
        desk,
        token,
        changes,
        ended: false,
    };
    if !reading.is_signed_in().await {
        return super::status(&Refused::SignedOut).into_response();
    }
    let events = stream::unfold(reading, next);
    Sse::new(events)
        .keep_alive(KeepAlive::default())
        .into_response()
}

async fn next(mut reading: Reading) -> Option<(Result<Event, Infallible>, Reading)> {
    if reading.ended {
        return None;
    }
    let event = match reading.changes.recv().await {
        Ok(live) => Event::default().event("case").data(live.case.to_string()),
        // Too much at once: the page asks for everything again.
        Err(RecvError::Lagged(_)) => Event::default().event("case").data(""),
        Err(RecvError::Closed) => return None,
    };
    if reading.is_signed_in().await {
        return Some((Ok(event), reading));
    }
    reading.ended = true;
    Some((Ok(Event::default().event("signed-out").data("")), reading))
}

impl Reading {
    // Listening is not reading: it does not keep a sign-in alive.
    async fn is_signed_in(&self) -> bool {
        let token = self.token.clone();
        self.desk
            .ask(move |asked| asked.hq.peek_session(&token, asked.now).map(|_| ()))
            .await
            .is_ok()
    }
}
