//! `cargo xtask advise`: the psychiatrist's hands for players of the conformance list, which are phones: signs in at the real
//! review pages, opens a case, sends advice.

use super::desk::Desk;
use anyhow::{Context, Result, bail};

/// Who says what about which case, and where.
#[derive(Default)]
pub(crate) struct Advice {
    pub(crate) review: String,
    pub(crate) name: String,
    pub(crate) password: String,
    pub(crate) case: String,
    pub(crate) text: String,
}

pub(crate) fn run(advice: &Advice) -> Result<()> {
    let mut desk = Desk::new(advice.review.trim_end_matches('/'));
    let mut form = desk.open("/")?.form(&["name", "password"])?;
    form.fill("name", &advice.name)?;
    form.fill("password", &advice.password)?;
    let queue = desk.submit(&form.press("Sign in")?)?;
    if queue.status != 200 {
        bail!("HQ does not let {} in: {}", advice.name, queue.status);
    }
    let page = desk.open(&format!("/case/{}", advice.case))?;
    let mut form = page.form(&["advice_text"])?;
    form.fill("advice_text", &advice.text)?;
    let sent = desk.submit(&form.press("Send to the team")?)?;
    sent.words()
        .contains(&advice.text)
        .then_some(())
        .with_context(|| format!("HQ's page does not show the advice: {}", sent.words()))
}
