//! Who holds a case: adding a colleague, reading what standby shows, closing.

use super::cases::{done, id};
use super::ok;
use crate::fault::Fault;
use crate::phone::Phone;
use mooring_casefile::{CaseId, PersonId};
use serde_json::{Value, json};

pub(super) fn add_to_team(phone: &mut Phone, case: &str, person: &str) -> Result<Value, Fault> {
    let case = id("case", case, CaseId::parse)?;
    let (device, now) = phone.device()?;
    let named = device
        .names()?
        .into_iter()
        .find(|(_, name)| name == person)
        .map(|(person, _)| person);
    let person = match named {
        Some(person) => person,
        None => id("person", person, PersonId::parse)?,
    };
    let saved = device.add_to_team(case, person, now)?;
    done(phone, &saved)
}

pub(super) fn standby(phone: &mut Phone, case: &str) -> Result<Value, Fault> {
    let case = id("case", case, CaseId::parse)?;
    let (device, now) = phone.device()?;
    let card = device.standby_card(case, now)?;
    Ok(ok(json!({ "title": card.title, "hazards": card.hazards })))
}

pub(super) fn close(phone: &mut Phone, case: &str, how: &str) -> Result<Value, Fault> {
    let case = id("case", case, CaseId::parse)?;
    let (device, now) = phone.device()?;
    let saved = device.close_case(case, how, now)?;
    done(phone, &saved)
}
