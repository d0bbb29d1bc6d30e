//! A case from phone to phone: tokens and bundles in hexadecimal, and a bundle's parts as the QR codes would carry them.

use super::cases::id;
use super::ok;
use crate::fault::Fault;
use crate::phone::Phone;
use mooring_casefile::CaseId;
use mooring_device::{PartsHeld, cut_for_qr};
use serde_json::{Value, json};
use std::fmt::Write as _;

pub(super) fn token(phone: &mut Phone) -> Result<Value, Fault> {
    let (device, now) = phone.device()?;
    Ok(ok(json!({ "token": hex(&device.partner_token(now)?) })))
}

pub(super) fn whose(phone: &mut Phone, token: &str) -> Result<Value, Fault> {
    let token = bytes("token", token)?;
    let (device, _) = phone.device()?;
    let who = device.partner_of(&token)?;
    Ok(ok(json!({
        "device": who.device, "person": who.person, "name": who.name, "roles": who.roles.words(),
    })))
}

pub(super) fn give(phone: &mut Phone, case: &str, token: &str) -> Result<Value, Fault> {
    let (case, token) = (id("case", case, CaseId::parse)?, bytes("token", token)?);
    let (device, now) = phone.device()?;
    let given = device.bundle_for(case, &token, now)?;
    Ok(ok(json!({
        "bundle": hex(&given.bytes),
        // More than anybody would hold up travels as a file.
        "parts": cut_for_qr(&given.bytes).unwrap_or_default(),
        "runs": given.runs, "left_out": given.left_out,
    })))
}

pub(super) fn take(
    phone: &mut Phone,
    bundle: Option<&str>,
    parts: &[String],
) -> Result<Value, Fault> {
    let bundle = match bundle {
        Some(bundle) => bytes("bundle", bundle)?,
        None => together(parts)?,
    };
    let (device, now) = phone.device()?;
    let taken = device.take_bundle(&bundle, now)?;
    Ok(ok(json!({
        "case": taken.case, "from": taken.from, "person": taken.person, "name": taken.name,
        "merged_runs": taken.merged_runs, "waiting_runs": taken.waiting_runs, "held_runs": taken.held_runs,
        "left_out": taken.left_out, "advice": taken.new_advice,
    })))
}

fn together(parts: &[String]) -> Result<Vec<u8>, Fault> {
    let mut held = PartsHeld::default();
    let mut whole = None;
    for part in parts {
        let taken = held
            .take(part)
            .map_err(|_| Fault::Malformed("\"parts\" holds what is no part".to_owned()))?;
        whole = taken.or(whole);
    }
    whole.ok_or_else(|| Fault::Malformed("\"parts\" is not whole".to_owned()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn bytes(field: &str, text: &str) -> Result<Vec<u8>, Fault> {
    let wrong = || Fault::Malformed(format!("\"{field}\" is not in hexadecimal"));
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        return Err(wrong());
    }
    let digit = |byte: u8| char::from(byte).to_digit(16);
    pairs
        .iter()
        .map(|[high, low]| {
            let value = digit(*high)? * 16 + digit(*low)?;
            u8::try_from(value).ok()
        })
        .collect::<Option<_>>()
        .ok_or_else(wrong)
}
