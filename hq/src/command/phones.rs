//! `mooring-hq admin`: what concerns phones and the keys that they know.

use std::path::PathBuf;

use clap::Subcommand;
use mooring_casefile::{DeviceId, Now};
use mooring_hq::ledger::Fate;
use mooring_hq::{EnrolledPhone, FormerKey, LostPhone, Office};

use super::{Failure, output, serve};

#[derive(Subcommand)]
pub(super) enum PhoneVerb {
    /// Makes keys that phones seal to: HQ's, and two custodians' who only together open a phone whose own keys are lost.
    SealKeys {
        /// The root's private key, brought back for this.
        #[arg(long, value_name = "FILE")]
        root_key: PathBuf,
    },
    /// Makes a new online key and signs with it from then on.
    RotateOnlineKey {
        /// The root's private key, brought back for this.
        #[arg(long, value_name = "FILE")]
        root_key: PathBuf,
        /// Leaves the key of until now out, because somebody else may have it.
        #[arg(long)]
        drop_old: bool,
    },
    /// Revokes a phone for good: what it sends from then on is kept for a person, and neither merged nor dropped.
    Revoke {
        /// The phone's id, from `list`.
        device: String,
        /// Its last push that counts; by default all that HQ has.
        #[arg(long, value_name = "N")]
        last_seq: Option<u64>,
    },
    /// Orders a phone to destroy its vault. What it has sealed for HQ stays on it and can still be sent.
    Wipe {
        /// The phone's id, from `list`.
        device: String,
    },
    /// Says what a lost phone held, and what had not arrived as far as HQ can know.
    Lost {
        /// The phone's id, from `list`.
        device: String,
    },
}

pub(super) fn phone(office: &Office, verb: PhoneVerb, now: Now) -> Result<(), Failure> {
    match verb {
        PhoneVerb::SealKeys { root_key } => {
            let made = office.make_sealing_keys(&root_key, now)?;
            output::complain(&serve::custodians(&made.custodians));
            output::say(&format!("sealing-keys serial={}", made.serial));
        }
        PhoneVerb::RotateOnlineKey { root_key, drop_old } => {
            let former = if drop_old {
                FormerKey::Goes
            } else {
                FormerKey::Stays
            };
            let serial = office.rotate_online_key(&root_key, former, now)?;
            output::say(&format!("key-set serial={serial}"));
        }
        PhoneVerb::Revoke { device, last_seq } => {
            let device = read(&device)?;
            let last_seq = office.revoke(device, last_seq, now)?;
            output::say(&format!("revoked device={device} last-seq={last_seq}"));
        }
        PhoneVerb::Wipe { device } => {
            let device = read(&device)?;
            office.order_wipe(device, now)?;
            output::say(&format!("wipe-ordered device={device}"));
        }
        PhoneVerb::Lost { device } => say_lost(&office.lost_phone(read(&device)?, now)?),
    }
    Ok(())
}

fn read(device: &str) -> Result<DeviceId, Failure> {
    DeviceId::parse(device)
        .map_err(|_| Failure::Usage(format!("{device} is no phone's id; `list` says them")))
}

/// Every phone, and what came sealed and is in no case.
pub(super) fn list(office: &Office) -> Result<(), Failure> {
    for phone in office.phones()? {
        output::say(&line(&phone));
        if let Some(warning) = phone.warning() {
            output::say(&format!("warning device={} {warning}", phone.device));
        }
    }
    for record in office.sealed_aside()? {
        output::say(&format!(
            "sealed id={} device={} code={} opened={} bytes={} received-ms={}",
            record.id, record.device, record.code, record.opened, record.bytes, record.received_ms
        ));
    }
    Ok(())
}

fn line(phone: &EnrolledPhone) -> String {
    let time = |ms: Option<i64>| ms.map_or("never".to_owned(), |ms| ms.to_string());
    let revoked = phone
        .revoked_at_seq
        .map_or("no".to_owned(), |seq| format!("after-{seq}"));
    format!(
        "device id={} person={} heard-ms={} lease-until-ms={} revoked={revoked} wipe-ordered={} held={} name={}",
        phone.device,
        phone.person,
        time(phone.heard_ms),
        time(phone.lease_until_ms),
        phone.wipe_ordered,
        phone.held,
        phone.name
    )
}

fn say_lost(lost: &LostPhone) {
    output::say(&line(&lost.phone));
    for (case, changes) in &lost.held {
        output::say(&format!("held case={case} changes={changes}"));
    }
    for tally in &lost.written {
        let fate = match &tally.fate {
            Fate::Received => "received".to_owned(),
            Fate::Merged => "in-the-case".to_owned(),
            Fate::Waiting => "waiting".to_owned(),
            Fate::Held(code) => format!("held:{code}"),
        };
        output::say(&format!(
            "written case={} changes={} fate={fate}",
            tally.case, tally.changes
        ));
    }
    if lost.cut_off > 0 {
        output::say(&format!("cut-off bytes={}", lost.cut_off));
    }
    output::complain(
        "What was written on the phone after HQ last heard of it is not known here, unless it comes sealed.",
    );
}
