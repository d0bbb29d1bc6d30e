//! A browser without script at the psychiatrist's desk: the same pages, the same forms, the same cookie.

use super::form::{Form, forms, words};
use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use ureq::{Agent, Body, http::Response};

/// One page as it was served.
pub(crate) struct Page {
    pub(crate) path: String,
    pub(crate) status: u16,
    pub(crate) html: String,
}

impl Page {
    pub(crate) fn words(&self) -> String {
        words(&self.html)
    }

    /// What the row of a table says that links to `mark`.
    pub(crate) fn row(&self, mark: &str) -> String {
        let mut rows = self.html.split("<tr");
        let row = rows.find(|row| row.contains(mark)).unwrap_or_default();
        let (_, row) = row.split_once('>').unwrap_or_default();
        words(row)
    }

    /// The lines of every difference that the page shows.
    pub(crate) fn differences(&self) -> Vec<String> {
        let lists = self.html.split("class=\"diff\"").skip(1);
        let inside = lists.filter_map(|list| list.split("</ul>").next());
        let lines = inside.flat_map(|list| list.split("<li>").skip(1));
        lines.map(words).collect()
    }

    /// The one form that has all these fields.
    pub(crate) fn form(&self, fields: &[&str]) -> Result<Form> {
        let fits = |form: &Form| fields.iter().all(|field| form.has(field));
        let form = forms(&self.html).into_iter().find(fits);
        form.with_context(|| {
            let seen = self.words();
            format!(
                "{}: no form with {}; the page says: {seen}",
                self.path,
                fields.join(", ")
            )
        })
    }
}

/// Somebody's browser.
pub(crate) struct Desk {
    agent: Agent,
    origin: String,
    cookies: BTreeMap<String, String>,
}

impl Desk {
    pub(crate) fn new(origin: &str) -> Self {
        let config = Agent::config_builder()
            .max_redirects(0)
            .http_status_as_error(false)
            .proxy(None)
            .build();
        Self {
            agent: config.into(),
            origin: origin.to_owned(),
            cookies: BTreeMap::new(),
        }
    }

    pub(crate) fn open(&mut self, path: &str) -> Result<Page> {
        let mut path = path.to_owned();
        for _ in 0..5 {
            let request = self
                .agent
                .get(format!("{}{path}", self.origin))
                .header("cookie", self.cookie());
            let response = request.call()?;
            match self.take(&path, response)? {
                Came::Page(page) => return Ok(page),
                Came::Elsewhere(next) => path = next,
            }
        }
        bail!("{path}: sent from page to page without end")
    }

    pub(crate) fn submit(&mut self, form: &Form) -> Result<Page> {
        let request = self
            .agent
            .post(format!("{}{}", self.origin, form.action))
            .header("cookie", self.cookie())
            .header("origin", &self.origin);
        let fields = form.fields.iter().map(|(name, value)| (name, value));
        let response = request.send_form(fields)?;
        match self.take(&form.action, response)? {
            Came::Page(page) => Ok(page),
            Came::Elsewhere(next) => self.open(&next),
        }
    }

    fn cookie(&self) -> String {
        let all: Vec<_> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        all.join("; ")
    }

    fn take(&mut self, path: &str, mut response: Response<Body>) -> Result<Came> {
        for cookie in response.headers().get_all("set-cookie") {
            let pair = cookie.to_str()?.split(';').next().unwrap_or_default();
            if let Some((name, value)) = pair.split_once('=') {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let status = response.status();
        if status.is_redirection() {
            let to = response.headers().get("location");
            let to = to.context("a redirect to nowhere")?.to_str()?;
            return Ok(Came::Elsewhere(
                to.trim_start_matches(&self.origin).to_owned(),
            ));
        }
        Ok(Came::Page(Page {
            path: path.to_owned(),
            status: status.as_u16(),
            html: response.body_mut().read_to_string()?,
        }))
    }
}

enum Came {
    Page(Page),
    Elsewhere(String),
}
