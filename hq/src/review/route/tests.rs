//! The review listener with a real headquarters behind it, spoken to as any client would: what is closed to whoever is not signed in.

mod walk;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;

use mooring_casefile::{Now, Role, Roles};
use mooring_identity::{KdfParams, os_random};

use crate::review::{Cookie, Options, Zone, router};
use crate::{Headquarters, NewStaff, Setup};

const CASE: &str = "/case/01900000-0000-7000-8000-000000000001";
const NOW: Now = Now {
    wall_ms: 1_795_402_260_000,
    uptime_ms: 1_000,
    boot_id: [7; 16],
};

/// A review listener; it lives as long as this value.
struct Listener {
    at: SocketAddr,
    _data: tempfile::TempDir,
    _runtime: tokio::runtime::Runtime,
}

fn listener() -> Listener {
    let data = tempfile::tempdir().unwrap();
    let setup = Setup {
        password_cost: KdfParams::trying_out(),
        ..Setup::default()
    };
    let hq = Headquarters::open_as(data.path(), setup, NOW, Box::new(os_random())).unwrap();
    let roles = Roles::NONE.with(Role::Psychiatrist);
    let reyes = NewStaff {
        name: "Dr. A. Reyes".to_owned(),
        roles,
        password: Some("a long password".to_owned()),
    };
    hq.add_staff(&reyes, NOW).unwrap();
    let options = Options {
        zone: Zone::Utc,
        cookie: Cookie::Plain,
        clock: Arc::new(|| NOW),
    };
    let pages = router(Arc::new(hq), options);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let socket = runtime
        .block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))
        .unwrap();
    let at = socket.local_addr().unwrap();
    runtime.spawn(async move { axum::serve(socket, pages).await });
    Listener {
        at,
        _data: data,
        _runtime: runtime,
    }
}

impl Listener {
    fn ask(&self, request: &str) -> String {
        let mut socket = TcpStream::connect(self.at).unwrap();
        socket.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        socket.read_to_string(&mut answer).unwrap();
        answer
    }

    fn get(&self, path: &str) -> String {
        self.ask(&format!(
            "GET {path} HTTP/1.1\r\nHost: hq\r\nConnection: close\r\n\r\n"
        ))
    }

    fn post(&self, path: &str, headers: &str, body: &str) -> String {
        let length = body.len();
        self.ask(&format!(
            "POST {path} HTTP/1.1\r\nHost: hq\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {length}\r\n{headers}\r\n{body}"
        ))
    }

    /// Signs in as a browser would, with a plan typed under an earlier sign-in; gives the answer.
    fn enter(&self) -> String {
        let form = self.get("/sign-in");
        let token = form
            .split("mooring-form=")
            .nth(1)
            .unwrap()
            .split(';')
            .next()
            .unwrap();
        let body = format!(
            "form_token={token}&name=Dr.+A.+Reyes&password=a+long+password&next={CASE}&kept.plan=Not+alone"
        );
        self.post(
            "/sign-in",
            &format!("Cookie: mooring-form={token}\r\n"),
            &body,
        )
    }

    /// The same; gives the cookie.
    fn sign_in(&self) -> String {
        let answer = self.enter();
        let cookie = answer
            .split("set-cookie: mooring=")
            .nth(1)
            .unwrap()
            .split(';')
            .next()
            .unwrap();
        format!("Cookie: mooring={cookie}\r\n")
    }
}

#[test]
fn typed_text_that_can_not_be_kept_after_signing_in_is_shown_and_the_sign_in_stands() {
    let answer = listener().enter();
    assert!(
        answer.starts_with("HTTP/1.1 200") && answer.contains("set-cookie: mooring="),
        "{answer}"
    );
    assert!(answer.contains("Not alone</textarea>"), "{answer}");
}

#[test]
fn whoever_is_not_signed_in_is_led_to_the_sign_in_from_everywhere() {
    let pages = listener();
    for path in [
        "/",
        "/cases",
        CASE,
        &format!("{CASE}/review/01900000-0000-7000-8000-000000000002"),
    ] {
        let answer = pages.get(path);
        assert!(
            answer.starts_with("HTTP/1.1 303") && answer.contains("location: /sign-in?next=/"),
            "{path}: {answer}"
        );
    }
    for path in [
        "/live".to_owned(),
        format!("{CASE}/since?shown={}", "0".repeat(64)),
    ] {
        assert!(pages.get(&path).starts_with("HTTP/1.1 401"), "{path}");
    }
}

#[test]
fn a_form_without_a_sign_in_does_nothing_and_carries_what_was_typed() {
    let pages = listener();
    for verb in [
        "draft", "sign", "settle", "accept", "judge", "advice", "withdraw",
    ] {
        let answer = pages.post(
            &format!("{CASE}/{verb}"),
            "",
            "csrf=x&impression=High+%26+fluid",
        );
        assert!(answer.starts_with("HTTP/1.1 401"), "{verb}: {answer}");
        assert!(
            answer.contains("name=\"kept.impression\" value=\"High &amp; fluid\""),
            "{verb}"
        );
        assert!(
            answer.contains(&format!("name=\"next\" value=\"{CASE}\"")),
            "{verb}"
        );
    }
}

#[test]
fn a_form_from_elsewhere_is_refused_before_anything_else() {
    let answer = listener().post(
        &format!("{CASE}/sign"),
        "Sec-Fetch-Site: cross-site\r\n",
        "impression=planted",
    );
    assert!(answer.starts_with("HTTP/1.1 403"));
    assert!(!answer.contains("planted"));
}

#[test]
fn a_sign_in_needs_the_token_of_its_own_form() {
    let pages = listener();
    let body = "form_token=guess&name=Dr.+A.+Reyes&password=a+long+password&kept.plan=Not+alone";
    for cookie in [
        "",
        "Cookie: mooring-form=other\r\n",
        "Cookie: mooring-form=\r\n",
    ] {
        let answer = pages.post("/sign-in", cookie, body);
        assert!(answer.starts_with("HTTP/1.1 403"), "{answer}");
        assert!(!answer.contains("set-cookie: mooring="));
        assert!(
            answer.contains("name=\"kept.plan\" value=\"Not alone\""),
            "what was typed still rides along"
        );
    }
}

#[test]
fn every_answer_carries_the_policy_and_stays_in_no_cache() {
    let pages = listener();
    for path in ["/", "/sign-in", "/nowhere", "/assets/nothing", CASE] {
        let answer = pages.get(path);
        assert!(
            answer.contains("content-security-policy: default-src 'none'"),
            "{path}"
        );
        assert!(answer.contains("cache-control: no-store"), "{path}");
        assert!(answer.contains("x-content-type-options: nosniff"), "{path}");
    }
    assert!(
        pages
            .get("/assets/review.css")
            .contains("content-type: text/css")
    );
}

#[test]
fn what_is_not_there_says_so_and_a_failed_act_shows_what_was_typed() {
    let pages = listener();
    let cookie = pages.sign_in();
    let get = |path: &str| {
        pages.ask(&format!(
            "GET {path} HTTP/1.1\r\nHost: hq\r\nConnection: close\r\n{cookie}\r\n"
        ))
    };
    assert!(get("/").contains("No case waits for you"));
    assert!(get(CASE).starts_with("HTTP/1.1 404"));
    assert!(get("/case/not-an-id").starts_with("HTTP/1.1 404"));
    let answer = pages.post(
        &format!("{CASE}/sign"),
        &cookie,
        "csrf=stale&impression=High+and+fluid",
    );
    assert!(answer.starts_with("HTTP/1.1 404"), "{answer}");
    assert!(answer.contains("High and fluid</textarea>"), "{answer}");
}
