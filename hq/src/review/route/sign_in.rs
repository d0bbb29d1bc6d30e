//! Signing in. What was typed under a sign-in that has ended comes along and becomes a draft of whoever signs in now.

use std::collections::BTreeMap;

use axum::Form;
use axum::extract::{Query, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use mooring_casefile::CaseId;

use crate::Refused;
use crate::review::cookie;
use crate::review::desk::{Asked, Desk};
use crate::review::page::notice::Notice;
use crate::review::page::rescue::RescuePage;
use crate::review::page::sign_in::SignInPage;
use crate::review::present;
use crate::review::typed::Typed;

/// Where the reader was going.
#[derive(serde::Deserialize)]
pub(super) struct Going {
    #[serde(default)]
    next: String,
}

pub(super) async fn show(State(desk): State<Desk>, Query(going): Query<Going>) -> Response {
    let page = SignInPage {
        next: going.next,
        ..SignInPage::default()
    };
    form(&desk, StatusCode::OK, page)
}

/// The sign-in page in answer to a form that came without a valid sign-in.
pub(crate) fn signed_out(desk: &Desk, next: &str, carried: BTreeMap<String, String>) -> Response {
    let page = SignInPage {
        notices: vec![Notice::not_done(
            "You were signed out.",
            "Nothing was done yet. What you typed is kept: sign in, and it is there again.",
        )],
        next: next.to_owned(),
        carried: carried.into_iter().collect(),
        ..SignInPage::default()
    };
    form(desk, StatusCode::UNAUTHORIZED, page)
}

pub(super) async fn sign_in(
    State(desk): State<Desk>,
    headers: HeaderMap,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let typed = Typed::from(fields);
    let form_token = cookie::read(&headers, cookie::FORM).to_owned();
    if form_token.is_empty() || form_token != typed.get("form_token") {
        let why = Notice::not_done(
            "This page had been open for long.",
            "Please sign in once more.",
        );
        return again(&desk, StatusCode::FORBIDDEN, why, &typed);
    }
    let trying = typed.clone();
    match desk.ask(move |asked| enter(asked, &trying)).await {
        Ok(entered) => {
            let set = cookie::set(cookie::SIGN_IN, &entered.token, desk.cookie());
            let unset = cookie::clear(cookie::FORM, desk.cookie());
            let cookies = AppendHeaders([(SET_COOKIE, set), (SET_COOKIE, unset)]);
            match entered.unkept {
                None => (cookies, Redirect::to(&entered.next)).into_response(),
                Some(page) => (cookies, page.render()).into_response(),
            }
        }
        Err(why) => again(
            &desk,
            super::status(&why),
            Notice::not_done("Not signed in.", &why.words()),
            &typed,
        ),
    }
}

/// Signed in, and on the way to where the reader was going.
struct Entered {
    token: String,
    next: String,
    /// What was typed and could not be kept, on a page of its own.
    unkept: Option<RescuePage>,
}

fn enter(asked: &Asked<'_>, typed: &Typed) -> Result<Entered, Refused> {
    let signed_in = asked
        .hq
        .sign_in(typed.trimmed("name"), typed.get("password"), asked.now)?;
    let next = own_path(typed.get("next"));
    let riding = typed.riding();
    let kept = match case_of(typed.get("next")) {
        Some(case) if !riding.is_empty() => {
            asked
                .hq
                .save_draft(&signed_in.session, case, &riding, asked.now)
        }
        Some(_) | None => Ok(()),
    };
    let unkept = kept.err().map(|why| RescuePage {
        notice: Notice::not_done(
            "You are signed in, but what you typed could not be kept.",
            &why.words(),
        ),
        action: format!("{next}/draft"),
        csrf: signed_in.session.csrf().to_owned(),
        typed: riding.into_iter().collect(),
    });
    Ok(Entered {
        token: signed_in.token,
        next,
        unkept,
    })
}

fn again(desk: &Desk, status: StatusCode, why: Notice, typed: &Typed) -> Response {
    let page = SignInPage {
        notices: vec![why],
        name: typed.get("name").to_owned(),
        next: typed.get("next").to_owned(),
        carried: typed.riding().into_iter().collect(),
        ..SignInPage::default()
    };
    form(desk, status, page)
}

fn form(desk: &Desk, status: StatusCode, mut page: SignInPage) -> Response {
    page.form_token = desk.headquarters().make_token();
    let set = cookie::set(cookie::FORM, &page.form_token, desk.cookie());
    (status, [(SET_COOKIE, set)], page.render()).into_response()
}

fn case_of(next: &str) -> Option<CaseId> {
    CaseId::parse(next.strip_prefix("/case/")?).ok()
}

// Only paths that we know: an address that leads elsewhere never comes out of a sign-in.
fn own_path(next: &str) -> String {
    match (next, case_of(next)) {
        (_, Some(case)) => present::case_path(case),
        ("/cases", None) => "/cases".to_owned(),
        (_, None) => "/".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_in_leads_only_to_pages_of_ours() {
        let case = "/case/01900000-0000-7000-8000-000000000001";
        assert_eq!(own_path(case), case);
        assert_eq!(own_path("/cases"), "/cases");
        for elsewhere in [
            "//evil.example",
            "https://evil.example",
            "/case/../x",
            "",
            "/case/1?done=signed",
        ] {
            assert_eq!(own_path(elsewhere), "/", "{elsewhere}");
        }
    }
}
