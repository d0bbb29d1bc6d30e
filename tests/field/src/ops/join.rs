//! Enrolment: fetch the root with nothing to lose, check it against the code, pin, and only then ask.

use super::ok;
use crate::fault::Fault;
use crate::link::Link;
use crate::phone::Phone;
use serde_json::{Value, json};

pub(super) fn enrol(phone: &mut Phone, code: &str) -> Result<Value, Fault> {
    let address = mooring_device::read_address(code)?;
    let root = Link::unverified(&address).get("/v0/root")?;
    let (device, now) = phone.device()?;
    let step = device.begin_enrolment(code, &root, now)?;
    let reply = Link::pinned(&step.address, &step.tls_ca_der).post("/v0/enrol", &step.request)?;
    device.finish_enrolment(&reply, now)?;
    let me = device.me()?;
    Ok(ok(json!({
        "address": step.address, "device": me.device, "person": me.person, "name": me.name, "roles": me.roles.words(),
    })))
}
