//! The vault's keys: another PIN, a finger, a wipe, the agency's custodians, a call that does not lock.

use super::ok;
use super::vault::seams;
use crate::fault::Fault;
use crate::phone::Phone;
use crate::request::Pin;
use mooring_device::{BadInput, Device, Error, begin_recovery};
use mooring_identity::KdfParams;
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};

pub(super) fn change_pin(phone: &mut Phone, old: &Pin, new: &Pin) -> Result<Value, Fault> {
    let (device, now) = phone.device()?;
    device.change_pin(&old.0, &new.0, now)?;
    Ok(ok(()))
}

pub(super) fn allow_biometric(phone: &mut Phone, pin: &Pin) -> Result<Value, Fault> {
    let (device, now) = phone.device()?;
    device.allow_biometric(&pin.0, now)?;
    Ok(ok(()))
}

pub(super) fn forbid_biometric(phone: &mut Phone) -> Result<Value, Fault> {
    let (device, now) = phone.device()?;
    device.forbid_biometric(now)?;
    Ok(ok(()))
}

pub(super) fn wipe(phone: &mut Phone, pin: &Pin) -> Result<Value, Fault> {
    let (device, now) = phone.device()?;
    let only_here = device.wipe(&pin.0, now)?;
    Ok(ok(json!({ "only_here": only_here })))
}

pub(super) fn begin_call(phone: &mut Phone) -> Result<Value, Fault> {
    let (device, now) = phone.device()?;
    device.begin_call(now);
    Ok(ok(()))
}

pub(super) fn end_call(phone: &mut Phone) -> Result<Value, Fault> {
    let (device, now) = phone.device()?;
    device.end_call(now);
    Ok(ok(()))
}

/// Writes the question into a file, and says its digits. What opens the answer stays in this process.
pub(super) fn recover(
    phone: &mut Phone,
    dir: Option<PathBuf>,
    question: &Path,
) -> Result<Value, Fault> {
    let dir = phone.folder(dir)?;
    let asked = begin_recovery(&dir, &mut seams(&dir)?)?;
    fs::write(question, &asked.request).map_err(|_| Fault::File)?;
    let reply = ok(json!({ "words": asked.words }));
    phone.asked = Some((dir, asked));
    Ok(reply)
}

pub(super) fn finish_recovery(phone: &mut Phone, answer: &Path, pin: &Pin) -> Result<Value, Fault> {
    let answer = fs::read(answer).map_err(|_| Fault::File)?;
    let now = phone.clock.now();
    let nothing_asked = Error::BadInput(BadInput::Order);
    let (dir, asked) = phone.asked.as_ref().ok_or(nothing_asked)?;
    let pin = (pin.0.as_slice(), KdfParams::floor());
    let device = Device::finish_recovery(dir, asked, &answer, pin, seams(dir)?, now)?;
    phone.device = Some(device);
    phone.asked = None;
    Ok(ok(()))
}
