//! The device listener's routes: fetch the root, enrol, exchange. Headers carry no authority here; the bodies are signed.

use std::sync::Arc;
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
use crate::intake::Outcome;

/// An enrolment request is a few hundred bytes.
const LARGEST_ENROLMENT: usize = 16 << 10;
/// An envelope is capped at 4 MiB inside; this leaves room for what is around its body.
const LARGEST_EXCHANGE: usize = (4 << 20) + (64 << 10);
/// A body that takes longer is given up; the phone begins again where HQ says it stopped.
const BODY_WITHIN: Duration = Duration::from_mins(1);
/// Bodies that are held in memory at once.
const AT_ONCE: usize = 32;

#[derive(Clone)]
struct Door {
    hq: Arc<Headquarters>,
    clock: Clock,
    room: Arc<Semaphore>,
}

/// The routes of the device listener.
pub fn device_router(hq: Arc<Headquarters>, clock: Clock) -> Router {
    let door = Door {
        hq,
        clock,
        room: Arc::new(Semaphore::new(AT_ONCE)),
    };
    Router::new()
        .route("/v0/root", get(root))
        .route("/v0/enrol", post(enrol))
        .route("/v0/exchange", post(exchange))
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
