//! Walks over every route there is, as the source lists them: a new one is held to the same from its first day.

use super::{CASE, Listener, listener};

/// Path and verbs of each route in the router's own source.
fn routes() -> Vec<(String, bool, bool)> {
    let source = include_str!("../mod.rs");
    let body = source.split("Router::new()").nth(1).unwrap();
    let body = body.split(".fallback(").next().unwrap();
    let routes: Vec<_> = body
        .split(".route(")
        .skip(1)
        .map(|route| {
            let path = route.split('"').nth(1).unwrap();
            let case = CASE.strip_prefix("/case/").unwrap();
            let path = path
                .replace("{case}", case)
                .replace("{review}", case)
                .replace("{glass}", case)
                .replace("{file}", "review.css");
            assert!(!path.contains('{'), "say here what stands in {path}");
            (path, route.contains("get("), route.contains("post("))
        })
        .collect();
    assert!(routes.len() >= 20);
    routes
}

fn get(pages: &Listener, path: &str, headers: &str) -> String {
    pages.ask(&format!(
        "GET {path} HTTP/1.1\r\nHost: hq\r\nConnection: close\r\n{headers}\r\n"
    ))
}

/// The status, and the headers in lower case.
fn head(answer: &str) -> (u16, String) {
    let head = answer.split("\r\n\r\n").next().unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, head.to_lowercase())
}

#[track_caller]
fn check_headers(answer: &str, what: &str) {
    let (_, head) = head(answer);
    for expected in [
        "content-security-policy: default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
         form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
        "x-content-type-options: nosniff",
        "x-frame-options: deny",
        "referrer-policy: no-referrer",
        "cross-origin-opener-policy: same-origin",
        "cross-origin-resource-policy: same-origin",
    ] {
        assert!(head.contains(expected), "{what} lacks {expected}\n{head}");
    }
    let cache = if what.contains("/assets/") {
        "cache-control: no-cache"
    } else {
        "cache-control: no-store"
    };
    assert!(head.contains(cache), "{what} lacks {cache}\n{head}");
    for cookie in head.lines().filter(|line| line.starts_with("set-cookie:")) {
        assert!(
            cookie.contains("httponly") && cookie.contains("samesite=strict"),
            "{what}: {cookie}"
        );
    }
}

#[test]
fn every_answer_of_every_route_carries_every_header_whoever_asks() {
    let pages = listener();
    let cookie = pages.sign_in();
    for (path, gets, posts) in routes() {
        for who in ["", cookie.as_str()] {
            // The stream of events does not end.
            if gets && path != "/live" {
                check_headers(&get(&pages, &path, who), &format!("GET {path}"));
            }
            if posts && path != "/sign-out" {
                check_headers(&pages.post(&path, who, "csrf=x"), &format!("POST {path}"));
            }
        }
    }
    check_headers(&get(&pages, "/live", ""), "GET /live, signed out");
    check_headers(&get(&pages, "/nowhere", ""), "GET /nowhere");
}

/// The token in the first form of a page.
fn token_in(page: &str) -> String {
    let value = page.split("name=\"csrf\" value=\"").nth(1).unwrap();
    value.split('"').next().unwrap().to_owned()
}

#[track_caller]
fn check_nothing_done(answer: &str, what: &str) {
    let (status, _) = head(answer);
    assert!(status >= 400, "{what}: {status}");
}

#[test]
fn no_form_does_anything_without_its_own_token_or_from_elsewhere() {
    let pages = listener();
    let (cookie, other) = (pages.sign_in(), pages.sign_in());
    let own = token_in(&get(&pages, "/account", &cookie));
    let others = token_in(&get(&pages, "/account", &other));
    assert_ne!(own, others);
    let mut walked = 0;
    for (path, _, posts) in routes() {
        if !posts {
            continue;
        }
        walked += 1;
        let fields = "name=Dr.+A.+Reyes&password=a+long+password&current=a+long+password&new=nine+otters+under+glass&code=1";
        let post = |headers: &str, token: &str| {
            let body = format!("{fields}{token}");
            pages.post(&path, &format!("{cookie}{headers}"), &body)
        };
        check_nothing_done(&post("", ""), &format!("{path} without a token"));
        let theirs = format!("&csrf={others}&form_token={others}");
        check_nothing_done(&post("", &theirs), &format!("{path} with another's token"));
        let mine = format!("&csrf={own}&form_token={own}");
        for from in [
            "Origin: https://elsewhere.example\r\n",
            "Origin: null\r\n",
            "Sec-Fetch-Site: cross-site\r\n",
            "Sec-Fetch-Site: same-site\r\n",
        ] {
            let (status, _) = head(&post(from, &mine));
            assert_eq!(status, 403, "{path} from {from}");
        }
        let (status, _) = head(&get(&pages, "/account", &cookie));
        assert_eq!(
            status, 200,
            "{path}: the sign-in and the password are as they were"
        );
    }
    assert!(walked >= 12, "{walked}");
    let begun = pages.post("/account/second-factor", &cookie, &format!("csrf={own}"));
    assert_eq!(
        head(&begun).0,
        200,
        "with the right token it does what it is asked"
    );
}
