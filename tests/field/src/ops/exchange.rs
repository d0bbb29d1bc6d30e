//! One exchange with HQ, chunk by chunk, until nothing is left or the link breaks.

use super::ok;
use crate::fault::Fault;
use crate::link::Link;
use crate::phone::Phone;
use mooring_device::{Exchanged, Next};
use serde_json::{Value, json};

pub(super) fn exchange(phone: &mut Phone) -> Result<Value, Fault> {
    let (device, now) = phone.device()?;
    let link = {
        let (address, ca) = device.hq()?;
        Link::pinned(address, ca)
    };
    let mut next = device.begin_exchange(now)?;
    loop {
        let (device, now) = phone.device()?;
        match next {
            Next::Done(done) => return report(&done),
            Next::Send(bytes) => match link.post("/v0/exchange", &bytes) {
                Ok(reply) => next = device.exchange_reply(reply, now)?,
                Err(fault) => {
                    device.exchange_cut(now)?;
                    return Err(fault);
                }
            },
        }
    }
}

fn report(done: &Exchanged) -> Result<Value, Fault> {
    if let Some(fault) = done.fault() {
        return Err(fault.into());
    }
    let summary = &done.summary;
    let advice = done
        .new_advice
        .iter()
        .map(|(case, advice)| json!({ "case": case, "advice": advice }));
    Ok(ok(json!({
        "sent": { "requests": summary.requests, "bytes": summary.sent, "changes": done.sent_changes },
        "received": {
            "bytes": summary.received, "entries": summary.entries, "merged_runs": done.merged_runs,
            "waiting_runs": done.waiting_runs, "held_runs": done.held_runs, "advice": advice.collect::<Vec<_>>(),
        },
        "refused": { "runs": summary.refused_runs, "pushes": summary.refused_pushes, "codes": done.refused_codes },
        "receipts": summary.receipts,
        "damaged_cases": done.damaged_cases,
    })))
}
