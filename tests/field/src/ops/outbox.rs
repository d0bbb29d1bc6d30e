//! What lies sealed for HQ: sent while the vault is locked, set aside or gone.

use super::ok;
use super::vault::seams;
use crate::fault::Fault;
use crate::link::Link;
use crate::phone::Phone;
use mooring_device::Outbox;
use serde_json::{Value, json};
use std::path::PathBuf;

pub(super) fn only_here(phone: &mut Phone, dir: Option<PathBuf>) -> Result<Value, Fault> {
    let outbox = Outbox::open(&phone.folder(dir)?)?;
    Ok(ok(json!({ "only_here": outbox.only_here() })))
}

/// Sends as long as HQ says that it holds more.
pub(super) fn send(phone: &mut Phone, dir: Option<PathBuf>) -> Result<Value, Fault> {
    let dir = phone.folder(dir)?;
    let mut outbox = Outbox::open(&dir)?;
    let (mut taken, mut wiped) = (0, false);
    while let Some(body) = outbox.upload()? {
        let (address, authority) = outbox.hq()?;
        let reply = Link::pinned(&address, &authority).post("/v0/outbox", &body)?;
        let answered = outbox.take_answer(&reply, &mut seams(&dir)?)?;
        taken += answered.named;
        wiped |= answered.wiped;
        if answered.named == 0 {
            break;
        }
    }
    Ok(ok(
        json!({ "taken": taken, "wiped": wiped, "only_here": outbox.only_here() }),
    ))
}
