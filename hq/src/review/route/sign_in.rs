//! Signing in. What was typed under a sign-in that has ended comes along and becomes a draft of whoever signs in now.

use std::collections::BTreeMap;

use axum::Form;
use axum::extract::{Query, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use mooring_casefile::CaseId;

use crate::review::cookie;
use crate::review::desk::{Asked, Desk};
use crate::review::page::code::CodePage;
use crate::review::page::notice::Notice;
use crate::review::page::rescue::RescuePage;
use crate::review::page::sign_in::SignInPage;
use crate::review::present;
use crate::review::typed::Typed;
use crate::{Entered, Refused, SignedIn};

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
    if !is_of_this_form(&headers, &typed) {
        return again(&desk, StatusCode::FORBIDDEN, too_old(), &typed);
    }
    let trying = typed.clone();
    match desk.ask(move |asked| enter(asked, &trying)).await {
        Ok(Came::In(arrived)) => arrive(&desk, arrived),
        Ok(Came::Half(token)) => {
            let half = cookie::set(cookie::HALF, &token, desk.cookie());
            let page = code_form(&desk, StatusCode::OK, Vec::new(), &typed);
            (AppendHeaders([(SET_COOKIE, half)]), page).into_response()
        }
        Err(why) => again(
            &desk,
            super::status(&why),
            Notice::not_done("Not signed in.", &why.words()),
            &typed,
        ),
    }
}

/// The code after the password.
pub(super) async fn code(
    State(desk): State<Desk>,
    headers: HeaderMap,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let typed = Typed::from(fields);
    if !is_of_this_form(&headers, &typed) {
        return again(&desk, StatusCode::FORBIDDEN, too_old(), &typed);
    }
    let half = cookie::read(&headers, cookie::HALF).to_owned();
    let trying = typed.clone();
    let came = desk.ask(move |asked| {
        let signed_in = asked
            .hq
            .enter_code(&half, trying.trimmed("code"), asked.now)?;
        Ok(come_in(asked, signed_in, &trying))
    });
    match came.await {
        Ok(arrived) => arrive(&desk, arrived),
        Err(Refused::SignedOut) => {
            let why = Notice::not_done(
                "That took too long.",
                "The code has to follow the password within five minutes. Please sign in once more.",
            );
            again(&desk, StatusCode::UNAUTHORIZED, why, &typed)
        }
        Err(why) => {
            let notice = Notice::not_done("Not signed in yet.", &why.words());
            code_form(&desk, super::status(&why), vec![notice], &typed)
        }
    }
}

/// What came of name and password.
enum Came {
    In(Arrived),
    Half(String),
}

/// Signed in, and on the way to where the reader was going.
struct Arrived {
    token: String,
    next: String,
    /// What was typed and could not be kept, on a page of its own.
    unkept: Option<RescuePage>,
}

fn enter(asked: &Asked<'_>, typed: &Typed) -> Result<Came, Refused> {
    let entered = asked
        .hq
        .enter(typed.trimmed("name"), typed.get("password"), asked.now)?;
    Ok(match entered {
        Entered::SignedIn(signed_in) => Came::In(come_in(asked, signed_in, typed)),
        Entered::AsksForCode { token } => Came::Half(token),
    })
}

fn come_in(asked: &Asked<'_>, signed_in: SignedIn, typed: &Typed) -> Arrived {
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
    Arrived {
        token: signed_in.token,
        next,
        unkept,
    }
}

fn arrive(desk: &Desk, arrived: Arrived) -> Response {
    let set = cookie::set(cookie::SIGN_IN, &arrived.token, desk.cookie());
    let [form, half] = [cookie::FORM, cookie::HALF].map(|name| cookie::clear(name, desk.cookie()));
    let cookies = AppendHeaders([(SET_COOKIE, set), (SET_COOKIE, form), (SET_COOKIE, half)]);
    match arrived.unkept {
        None => (cookies, Redirect::to(&arrived.next)).into_response(),
        Some(page) => (cookies, page.render()).into_response(),
    }
}

fn is_of_this_form(headers: &HeaderMap, typed: &Typed) -> bool {
    let form_token = cookie::read(headers, cookie::FORM);
    !form_token.is_empty() && form_token == typed.get("form_token")
}

fn too_old() -> Notice {
    Notice::not_done(
        "This page had been open for long.",
        "Please sign in once more.",
    )
}

fn code_form(desk: &Desk, status: StatusCode, notices: Vec<Notice>, typed: &Typed) -> Response {
    let page = CodePage {
        notices,
        form_token: desk.headquarters().make_token(),
        next: typed.get("next").to_owned(),
        carried: typed.riding().into_iter().collect(),
    };
    let set = cookie::set(cookie::FORM, &page.form_token, desk.cookie());
    (status, AppendHeaders([(SET_COOKIE, set)]), page.render()).into_response()
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
        ("/account", None) => "/account".to_owned(),
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
