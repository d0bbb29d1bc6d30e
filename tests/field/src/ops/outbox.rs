//! Sending what is sealed for HQ: needs no PIN, and works while the vault is locked or gone.

use super::ok;
use super::vault::seams;
use crate::fault::Fault;
use crate::link::Link;
use mooring_device::Outbox;
use serde_json::{Value, json};
use std::path::Path;

pub(super) fn send(dir: &Path) -> Result<Value, Fault> {
    let mut outbox = Outbox::open(dir)?;
    let (mut named, mut wiped) = (0, false);
    let mut before = None;
    while let Some(upload) = outbox.upload()? {
        // HQ keeps what it can't open and does not receipt it: the same again would bring nothing on.
        if before.as_ref() == Some(&upload) {
            break;
        }
        let (address, ca) = outbox.hq()?;
        let answer = Link::pinned(&address, &ca).post("/v0/outbox", &upload)?;
        let answered = outbox.take_answer(&answer, &mut seams(dir)?)?;
        named += answered.named;
        wiped |= answered.wiped;
        before = Some(upload);
    }
    Ok(ok(
        json!({ "named": named, "wiped": wiped, "on_this_phone_only": outbox.only_here() }),
    ))
}
