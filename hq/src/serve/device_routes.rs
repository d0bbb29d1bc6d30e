//! The device listener's routes: fetch the root, enrol, exchange, send what is sealed. Headers carry no authority here; the bodies are signed.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use mooring_identity::EnrolRefusal;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use crate::clock::Clock;
use crate::headquarters::Headquarters;
use crate::intake::{OutboxRefusal, Outcome};

/// An enrolment request is a few hundred bytes.
const LARGEST_ENROLMENT: usize = 16 << 10;
/// An envelope is capped at 4 MiB inside; this leaves room for what is around its body.
const LARGEST_EXCHANGE: usize = (4 << 20) + (64 << 10);
/// An upload ends with its first record beyond 1 MiB, and a record is capped at 9 MiB.
const LARGEST_UPLOAD: usize = 10 << 20;
/// Uploads in one spell of time, of all phones together: an upload proves nothing before it is read, so reading is what is counted.
const UPLOADS: u32 = 240;
const SPELL_MS: u64 = 60_000;
/// A body that takes longer is given up; the phone begins again where HQ says it stopped.
const BODY_WITHIN: Duration = Duration::from_mins(1);
/// Bodies that are held in memory at once.
const AT_ONCE: usize = 32;

#[derive(Clone)]
struct Door {
    hq: Arc<Headquarters>,
    clock: Clock,
    room: Arc<Semaphore>,
    uploads: Arc<Mutex<Spell>>,
}

/// How many uploads came in this spell.
#[derive(Default)]
struct Spell {
    began_ms: u64,
    came: u32,
}

impl Spell {
    /// Whether one more may come.
    fn admits(&mut self, uptime_ms: u64) -> bool {
        if uptime_ms.saturating_sub(self.began_ms) >= SPELL_MS {
            *self = Self {
                began_ms: uptime_ms,
                came: 0,
            };
        }
        self.came = self.came.saturating_add(1);
        self.came <= UPLOADS
    }
}

/// The routes of the device listener.
pub fn device_router(hq: Arc<Headquarters>, clock: Clock) -> Router {
    let door = Door {
        hq,
        clock,
        room: Arc::new(Semaphore::new(AT_ONCE)),
        uploads: Arc::default(),
    };
    Router::new()
        .route("/v0/root", get(root))
        .route("/v0/enrol", post(enrol))
        .route("/v0/exchange", post(exchange))
        .route("/v0/outbox", post(outbox))
        .with_state(door)
}

async fn root(State(door): State<Door>) -> Response {
    bytes(StatusCode::OK, door.hq.root().to_vec())
}

async fn enrol(State(door): State<Door>, body: Body) -> Response {
    let read = match read(&door, body, LARGEST_ENROLMENT).await {
        Ok(read) => read,
        Err(status) => return status.into_response(),
    };
    let now = (door.clock)();
    match spawn_blocking(move || door.hq.enrol(&read, now)).await {
        Ok(Ok(reply)) => bytes(StatusCode::OK, reply),
        Ok(Err(refusal)) => (enrol_status(refusal), refusal.code()).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn enrol_status(refusal: EnrolRefusal) -> StatusCode {
    match refusal {
        EnrolRefusal::CodeNotValid => StatusCode::FORBIDDEN,
        EnrolRefusal::Malformed => StatusCode::BAD_REQUEST,
        EnrolRefusal::TooNew => StatusCode::UNPROCESSABLE_ENTITY,
        EnrolRefusal::TryLater => StatusCode::SERVICE_UNAVAILABLE,
    }
}

async fn exchange(State(door): State<Door>, body: Body) -> Response {
    let read = match read(&door, body, LARGEST_EXCHANGE).await {
        Ok(read) => read,
        Err(status) => return status.into_response(),
    };
    let now = (door.clock)();
    match spawn_blocking(move || door.hq.exchange(&read, now)).await {
        Ok(answer) => bytes(exchange_status(answer.outcome), answer.bytes),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// Only what was answered is 200: then all that the reply says is on disk. A refusal is signed as well, in the same envelope.
fn exchange_status(outcome: Outcome) -> StatusCode {
    match outcome {
        Outcome::Answered => StatusCode::OK,
        Outcome::Refused => StatusCode::BAD_REQUEST,
        Outcome::TryLater => StatusCode::SERVICE_UNAVAILABLE,
    }
}

async fn outbox(State(door): State<Door>, body: Body) -> Response {
    let now = (door.clock)();
    let admitted = door
        .uploads
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .admits(now.uptime_ms);
    if !admitted {
        tracing::warn!(code = "outbox.too_many", "refused");
        return (StatusCode::TOO_MANY_REQUESTS, "outbox.too_many").into_response();
    }
    let read = match read(&door, body, LARGEST_UPLOAD).await {
        Ok(read) => read,
        Err(status) => return status.into_response(),
    };
    match spawn_blocking(move || door.hq.take_outbox(&read, now)).await {
        Ok(Ok(answer)) => bytes(StatusCode::OK, answer),
        Ok(Err(refusal)) => (outbox_status(refusal), refusal.code()).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn outbox_status(refusal: OutboxRefusal) -> StatusCode {
    match refusal {
        OutboxRefusal::Malformed => StatusCode::BAD_REQUEST,
        OutboxRefusal::TooNew => StatusCode::UNPROCESSABLE_ENTITY,
        OutboxRefusal::Full => StatusCode::INSUFFICIENT_STORAGE,
        OutboxRefusal::TryLater => StatusCode::SERVICE_UNAVAILABLE,
    }
}

async fn read(door: &Door, body: Body, largest: usize) -> Result<Vec<u8>, StatusCode> {
    let _room = door
        .room
        .acquire()
        .await
        .map_err(|_| StatusCode::SERVICE_UNAVAILABLE)?;
    match timeout(BODY_WITHIN, to_bytes(body, largest)).await {
        Ok(Ok(read)) => Ok(read.into()),
        Ok(Err(_)) => {
            tracing::warn!(code = "body.too_large", "refused");
            Err(StatusCode::PAYLOAD_TOO_LARGE)
        }
        Err(_) => Err(StatusCode::REQUEST_TIMEOUT),
    }
}

fn bytes(status: StatusCode, body: Vec<u8>) -> Response {
    (
        status,
        [(header::CONTENT_TYPE, "application/octet-stream")],
        body,
    )
        .into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_uploads_and_no_more_until_the_spell_is_over() {
        let mut spell = Spell::default();
        for _ in 0..UPLOADS {
            assert!(spell.admits(1));
        }
        assert!(!spell.admits(SPELL_MS - 1));
        assert!(spell.admits(SPELL_MS));
    }
}
