//! The vault: make, open, lock, set aside; and the phone's clock.

use super::ok;
use crate::fault::Fault;
use crate::keystore::FileKeystore;
use crate::phone::Phone;
use crate::request::{Pin, UnlockBy};
use mooring_device::{By, Device, Error, Older, Seams, Standing, State, VaultFault};
use mooring_identity::{KdfParams, os_random};
use serde_json::{Value, json};
use std::path::Path;

pub(super) fn create(phone: &mut Phone, dir: &Path, pin: &Pin) -> Result<Value, Fault> {
    let now = phone.clock.now();
    phone.device = None;
    phone.device = Some(Device::create(
        dir,
        &pin.0,
        KdfParams::floor(),
        seams(dir)?,
        now,
    )?);
    Ok(ok(()))
}

pub(super) fn unlock(
    phone: &mut Phone,
    dir: Option<&Path>,
    pin: Option<&Pin>,
    by: UnlockBy,
    older: bool,
) -> Result<Value, Fault> {
    let now = phone.clock.now();
    let by = match (by, pin) {
        (UnlockBy::Pin, Some(pin)) => By::Pin(&pin.0),
        (UnlockBy::Biometric, None) => By::Biometric,
        (UnlockBy::Pin, None) | (UnlockBy::Biometric, Some(_)) => {
            let either = "either \"pin\" or \"by\":\"biometric\" is needed";
            return Err(Fault::Malformed(either.to_owned()));
        }
    };
    let older = if older { Older::GoOn } else { Older::Refuse };
    match (&mut phone.device, dir) {
        // The vault that this process locked: the same actor goes on writing.
        (Some(device), None) => device.unlock_by(by, older, now)?,
        (Some(device), Some(dir)) if device.folder() == dir => device.unlock_by(by, older, now)?,
        (_, Some(dir)) => {
            phone.device = None;
            if !dir.is_dir() {
                return Err(Fault::Device(Error::Vault(VaultFault::Absent)));
            }
            phone.device = Some(Device::open_by(dir, by, older, seams(dir)?, now)?);
        }
        (None, None) => return Err(Fault::Malformed("\"dir\" is needed".to_owned())),
    }
    Ok(ok(()))
}

pub(super) fn lock(phone: &mut Phone) -> Result<Value, Fault> {
    phone.device()?.0.lock();
    Ok(ok(()))
}

/// What there is to know of a phone at a glance, locked or not.
pub(super) fn state(phone: &mut Phone) -> Result<Value, Fault> {
    let now = phone.clock.now();
    let Some(device) = &mut phone.device else {
        return Ok(ok(json!({ "state": "locked" })));
    };
    let state = match device.state() {
        State::Locked => return Ok(ok(json!({ "state": "locked" }))),
        State::OpenNotEnrolled => "open_not_enrolled",
        State::Open => "open",
    };
    let standing = match device.standing(now)? {
        Standing::Reads => "reads",
        Standing::LeaseOver => "lease_over",
        Standing::ClockInDoubt => "clock_in_doubt",
    };
    Ok(ok(json!({
        "state": state, "standing": standing, "restored": device.restored()?,
        "biometric": device.allows_biometric()?, "only_here": device.only_here(now)?,
    })))
}

pub(super) fn set_aside(phone: &mut Phone, dir: &Path) -> Result<Value, Fault> {
    let now = phone.clock.now();
    if phone
        .device
        .as_ref()
        .is_some_and(|device| device.folder() == dir)
    {
        phone.device = None;
    }
    let aside = mooring_device::set_aside(dir, now)?;
    Ok(ok(json!({ "dir": aside })))
}

pub(super) fn tick(phone: &mut Phone, ms: i64) -> Result<Value, Fault> {
    phone.clock.pass(ms);
    let (device, now) = phone.device()?;
    let due = device.tick(now)?;
    let again = due.again.iter().map(|again| {
        json!({
            "case": again.case, "assessment": again.assessment, "rule": again.rule,
            "text": again.text, "due_ms": again.due_ms,
        })
    });
    Ok(ok(
        json!({ "locked": due.locked, "wiped": due.wiped, "again": again.collect::<Vec<_>>() }),
    ))
}

pub(super) fn clock(phone: &mut Phone, ahead_ms: i64) -> Value {
    phone.clock.set_ahead(ahead_ms);
    ok(json!({ "wall_ms": phone.clock.now().wall_ms }))
}

pub(super) fn seams(dir: &Path) -> Result<Seams, Fault> {
    let provider = FileKeystore::of(dir).map_err(|_| Fault::File)?;
    Ok(Seams {
        provider: Box::new(provider),
        random: Box::new(os_random()),
    })
}
