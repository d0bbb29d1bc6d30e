//! Broken glasses: the list, and a supervisor's word about one.

use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use mooring_casefile::{CaseId, RecordId};

use super::{refused, status};
use crate::Refused;
use crate::review::cookie;
use crate::review::desk::{Asked, Desk};
use crate::review::done::Done;
use crate::review::page::notice::Notice;
use crate::review::present::glass::glass_page;
use crate::review::typed::Typed;

/// Where the list is.
const PATH: &str = "/glass";

/// What the address can say besides.
#[derive(serde::Deserialize)]
pub(super) struct Said {
    /// What was just done here.
    #[serde(default)]
    done: String,
}

pub(super) async fn list(
    State(desk): State<Desk>,
    Query(said): Query<Said>,
    headers: HeaderMap,
) -> Response {
    let token = cookie::read(&headers, cookie::SIGN_IN).to_owned();
    let page = desk.ask(move |asked| {
        let notices = Done::notice(&said.done).into_iter().collect();
        draw(asked, &token, notices, ("", ""))
    });
    match page.await {
        Ok(page) => page.into_response(),
        Err(why) => refused(&why, PATH),
    }
}

pub(super) async fn review(
    State(desk): State<Desk>,
    Path((case, glass)): Path<(String, String)>,
    headers: HeaderMap,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let typed = Typed::from(fields);
    let token = cookie::read(&headers, cookie::SIGN_IN).to_owned();
    let done = desk.ask(move |asked| {
        let why = match carry_out(asked, &token, &case, &glass, &typed) {
            Ok(()) => return Ok(None),
            Err(Refused::SignedOut) => return Err(Refused::SignedOut),
            Err(why) => why,
        };
        // What was typed stands there again, with what to do about it.
        let notice = Notice::not_done("Not reviewed yet.", &why.words());
        let page = draw(asked, &token, vec![notice], (&glass, typed.get("word")))?;
        Ok(Some((status(&why), page)))
    });
    match done.await {
        Ok(None) => {
            Redirect::to(&format!("{PATH}?done={}", Done::GlassReviewed.token())).into_response()
        }
        Ok(Some((status, page))) => (status, page).into_response(),
        Err(why) => refused(&why, PATH),
    }
}

fn carry_out(
    asked: &Asked<'_>,
    token: &str,
    case: &str,
    glass: &str,
    typed: &Typed,
) -> Result<(), Refused> {
    let by = asked.hq.session(token, asked.now)?;
    if !by.csrf_matches(typed.get("csrf")) {
        return Err(Refused::invalid(
            "You signed in again since this page was made. Press the button once more.",
        ));
    }
    let case = CaseId::parse(case).map_err(|_| Refused::NotFound)?;
    let glass = RecordId::parse(glass).map_err(|_| Refused::NotFound)?;
    asked
        .hq
        .review_glass(&by, case, glass, typed.trimmed("word"), asked.now)
}

fn draw(
    asked: &Asked<'_>,
    token: &str,
    notices: Vec<Notice>,
    typed: (&str, &str),
) -> Result<maud::Markup, Refused> {
    let by = asked.hq.session(token, asked.now)?;
    let glasses = asked.hq.glasses(&by, asked.now)?;
    Ok(glass_page(asked.hours, &by, &glasses, notices, typed).render())
}
