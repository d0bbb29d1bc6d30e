//! Looking: the shelf, the list, one case, one assessment's steps.

use super::cases::id;
use super::ok;
use crate::fault::Fault;
use crate::phone::Phone;
use crate::render;
use mooring_casefile::{AssessmentId, CaseId};
use mooring_device::{Error, Missing, Origin, ShelvedProtocol};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

/// No Questionnaire is larger.
const LARGEST_FILE: u64 = 8 << 20;

pub(super) fn protocols(phone: &mut Phone) -> Result<Value, Fault> {
    let (device, now) = phone.device()?;
    let all = device.protocols(now)?;
    Ok(ok(
        json!({ "protocols": all.iter().map(protocol).collect::<Vec<_>>() }),
    ))
}

pub(super) fn add_protocol(
    phone: &mut Phone,
    file: &Path,
    rules: Option<&Path>,
) -> Result<Value, Fault> {
    let questionnaire = read(file)?;
    let rules = rules.map(read).transpose()?;
    let (device, now) = phone.device()?;
    let added = device.add_protocol(&questionnaire, rules.as_deref(), now)?;
    Ok(ok(json!({ "protocol": protocol(&added) })))
}

pub(super) fn list(phone: &mut Phone) -> Result<Value, Fault> {
    let (device, now) = phone.device()?;
    let rows = device.list(now)?;
    let row = |row: &mooring_device::CaseRow| {
        json!({
            "case": row.case, "title": row.title, "level": row.level, "token": row.level_token,
            "contested": row.contested, "unsent": row.unsent,
            "created_ms": row.created_ms, "updated_ms": row.updated_ms,
        })
    };
    Ok(ok(
        json!({ "cases": rows.iter().map(row).collect::<Vec<_>>() }),
    ))
}

pub(super) fn show(phone: &mut Phone, case: &str) -> Result<Value, Fault> {
    let case = id("case", case, CaseId::parse)?;
    let (device, now) = phone.device()?;
    let shown = device.show(case, now)?;
    Ok(ok(render::case(&shown)))
}

pub(super) fn step(phone: &mut Phone, case: &str, assessment: &str) -> Result<Value, Fault> {
    let case = id("case", case, CaseId::parse)?;
    let assessment = id("assessment", assessment, AssessmentId::parse)?;
    let (device, now) = phone.device()?;
    let shown = device.show(case, now)?;
    let view = shown
        .view
        .assessment(assessment)
        .ok_or(Error::NotFound(Missing::Assessment))?;
    let flow = view
        .flow
        .as_ref()
        .ok_or(Error::NotFound(Missing::Protocol))?;
    Ok(ok(render::flow(flow)))
}

fn protocol(one: &ShelvedProtocol) -> Value {
    let origin = match one.origin {
        Origin::Starter => "starter",
        Origin::File => "file",
        Origin::Hq => "hq",
    };
    json!({
        "key": one.key, "hash": one.hash.to_string(), "title": one.title, "version": one.version,
        "not_validated": one.not_validated, "origin": origin, "warnings": one.warnings,
    })
}

fn read(path: &Path) -> Result<Vec<u8>, Fault> {
    let size = fs::metadata(path).map_err(|_| Fault::File)?.len();
    if size > LARGEST_FILE {
        return Err(Fault::File);
    }
    fs::read(path).map_err(|_| Fault::File)
}
