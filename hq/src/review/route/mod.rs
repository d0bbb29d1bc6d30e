//! One file a route. A route takes the request apart, asks headquarters, and answers with a page.

mod accept;
mod account;
mod advice;
mod assign;
mod case;
mod draft;
mod files;
mod glass;
mod judge;
mod live;
mod queue;
mod settle;
mod sign;
pub(crate) mod sign_in;
mod sign_out;
mod signed;
mod since;
mod withdraw;

#[cfg(test)]
mod tests;

use std::pin::Pin;

use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Form, Router};

use super::act::{Verb, act};
use super::desk::Desk;
use super::guard::guard;
use super::page::frame::{Here, frame};
use crate::Refused;

/// More than all fields of a page can hold, so that no honest text is ever cut off.
const MOST_TYPED: usize = 4 * 1024 * 1024;

type Fields = Form<Vec<(String, String)>>;
type Answering = Pin<Box<dyn Future<Output = Response> + Send>>;

/// Every route.
pub(crate) fn routes(desk: Desk) -> Router {
    Router::new()
        .route("/", get(queue::waiting))
        .route("/cases", get(queue::all))
        .route("/glass", get(glass::list))
        .route("/glass/{case}/{glass}", post(glass::review))
        .route("/sign-in", get(sign_in::show).post(sign_in::sign_in))
        .route("/sign-in/code", post(sign_in::code))
        .route("/account", get(account::show))
        .route("/account/second-factor", post(account::begin))
        .route("/account/second-factor/confirm", post(account::confirm))
        .route("/account/password", post(account::password))
        .route("/sign-out", post(sign_out::sign_out))
        .route("/live", get(live::live))
        .route("/case/{case}", get(case::case))
        .route("/case/{case}/since", get(since::since))
        .route("/case/{case}/review/{review}", get(signed::signed))
        .route("/case/{case}/draft", post(draft::draft))
        .route("/case/{case}/sign", post(doing(sign::sign)))
        .route("/case/{case}/settle", post(doing(settle::settle)))
        .route("/case/{case}/accept", post(doing(accept::accept)))
        .route("/case/{case}/judge", post(doing(judge::judge)))
        .route("/case/{case}/assign", post(doing(assign::assign)))
        .route("/case/{case}/advice", post(doing(advice::advice)))
        .route("/case/{case}/withdraw", post(doing(withdraw::withdraw)))
        .route("/assets/{file}", get(files::file))
        .fallback(|| async { refused(&Refused::NotFound, "/") })
        .layer(DefaultBodyLimit::max(MOST_TYPED))
        .layer(axum::middleware::from_fn(guard))
        .with_state(desk)
}

/// Answers a form on a case page by the one thing that it does.
fn doing(verb: Verb) -> impl Fn(State<Desk>, Path<String>, HeaderMap, Fields) -> Answering + Clone {
    move |State(desk), Path(case), headers, Form(fields)| {
        Box::pin(act(desk, headers, case, fields.into(), verb))
    }
}

/// The status that goes with a refusal.
pub(crate) fn status(refused: &Refused) -> StatusCode {
    match refused {
        Refused::SignedOut | Refused::WrongPassword | Refused::WrongCode => {
            StatusCode::UNAUTHORIZED
        }
        Refused::TooManyTries { .. } => StatusCode::TOO_MANY_REQUESTS,
        Refused::Forbidden { .. } | Refused::SecondFactorFirst => StatusCode::FORBIDDEN,
        Refused::NotFound => StatusCode::NOT_FOUND,
        Refused::Shredded { .. } => StatusCode::GONE,
        Refused::Invalid { .. } => StatusCode::UNPROCESSABLE_ENTITY,
        Refused::TryLater => StatusCode::SERVICE_UNAVAILABLE,
        Refused::Internal { .. } => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// A page for what could not be shown. Who is signed out signs in and comes back to `again`.
pub(crate) fn refused(refused: &Refused, again: &str) -> Response {
    if matches!(refused, Refused::SignedOut) {
        return Redirect::to(&format!("/sign-in?next={again}")).into_response();
    }
    if matches!(refused, Refused::SecondFactorFirst) {
        return Redirect::to("/account").into_response();
    }
    let title = match refused {
        Refused::NotFound => "This is not here",
        Refused::Shredded { .. } => "This case is gone",
        Refused::Forbidden { .. } | Refused::SecondFactorFirst => "This is not for your role",
        Refused::TryLater | Refused::TooManyTries { .. } => "Not just now",
        Refused::Internal { .. } => "Something went wrong here",
        Refused::Invalid { .. }
        | Refused::WrongPassword
        | Refused::WrongCode
        | Refused::SignedOut => "That could not be read",
    };
    let main = maud::html! {
        div class="narrow" {
            h1 { (title) }
            p { (refused.words()) }
            p class="small" { "Nothing that was received or signed is lost. Code for the help desk: " (refused.code()) }
            p { a href="/" { "Back to the review queue" } }
        }
    };
    (status(refused), frame(title, Here::Elsewhere, None, &main)).into_response()
}
