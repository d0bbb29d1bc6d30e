//! A visit without unlocking.

use super::cases::new_answer;
use super::ok;
use super::vault::seams;
use crate::fault::Fault;
use crate::phone::Phone;
use crate::render;
use crate::request::{At, Told};
use mooring_casefile::Now;
use mooring_device::{Error, LockedVisit, Missing};
use serde_json::{Value, json};
use std::path::PathBuf;

pub(super) fn begin(
    phone: &mut Phone,
    dir: Option<PathBuf>,
    title: &str,
    minor: Option<bool>,
) -> Result<Value, Fault> {
    let now = phone.clock.now();
    let dir = phone.folder(dir)?;
    let visit = LockedVisit::begin(&dir, title, minor, seams(&dir)?, now)?;
    let case = visit.case();
    phone.visit = Some(visit);
    Ok(ok(json!({ "case": case })))
}

pub(super) fn start(phone: &mut Phone, protocol: &str) -> Result<Value, Fault> {
    let (visit, now) = visit(phone)?;
    let assessment = visit.start(protocol, now)?;
    Ok(ok(json!({ "assessment": assessment })))
}

pub(super) fn answer(
    phone: &mut Phone,
    at: At,
    value: Value,
    how: Option<Told>,
) -> Result<Value, Fault> {
    let new = new_answer(at, value, how)?;
    let (visit, now) = visit(phone)?;
    visit.record_answer(&new, now)?;
    let shown = visit.show();
    Ok(ok(json!({
        "unsent": shown.sync.unsent, "risk": render::risk(&shown.view.risk, &shown.names),
    })))
}

pub(super) fn show(phone: &mut Phone) -> Result<Value, Fault> {
    let (visit, _) = visit(phone)?;
    Ok(ok(render::case(&visit.show())))
}

fn visit(phone: &mut Phone) -> Result<(&mut LockedVisit, Now), Fault> {
    let now = phone.clock.now();
    let none = Fault::Device(Error::NotFound(Missing::Case));
    Ok((phone.visit.as_mut().ok_or(none)?, now))
}
