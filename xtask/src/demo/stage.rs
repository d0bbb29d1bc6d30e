//! The stage of the demo: HQ, the network in between, two responders with their phones, one psychiatrist.

use super::headquarters::Headquarters;
use super::phone::{Phone, Pocket};
use super::signal::Signal;
use super::tell::Teller;
use anyhow::{Context, Result, bail};
use serde_json::json;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

pub(crate) const ANA: &str = "Ana Ruiz";
pub(crate) const BEN: &str = "Ben Osei";
pub(crate) const REYES: &str = "Dr. A. Reyes";

/// Everything that runs. Dropped, it all ends.
pub(crate) struct Stage {
    pub(crate) ana: Phone,
    pub(crate) ben: Phone,
    pub(crate) signal: Signal,
    pub(crate) hq: Headquarters,
    /// The psychiatrist's password.
    pub(crate) password: String,
}

impl Stage {
    /// Starts HQ, adds the staff and enrolls both phones over the relay.
    pub(crate) fn set(
        tell: &Teller,
        built: &BTreeMap<String, PathBuf>,
        data: &Path,
    ) -> Result<Self> {
        let program = |name: &str| {
            built
                .get(name)
                .with_context(|| format!("{name} is not built"))
        };
        tell.act("HQ opens");
        let hq = Headquarters::start(tell, program("mooring-hq")?, &data.join("hq"))?;
        for said in &hq.said {
            tell.line("HQ", said);
        }
        let signal = Signal::open(hq.device)?;
        hq.add_staff(ANA, &["responder"])?;
        hq.add_staff(BEN, &["peer"])?;
        let password = hq.add_staff(REYES, &["psychiatrist"])?;
        tell.line("HQ", "knows two responders and a psychiatrist");

        tell.act("Two phones are enrolled");
        let field = program("mooring-field")?;
        let enroll = |owner: &str, folder: &str, pin: &str| -> Result<Phone> {
            let pocket = Pocket {
                program: field.clone(),
                dir: data.join(folder),
                owner: owner.to_owned(),
                pin: pin.to_owned(),
            };
            let code = hq.enrolment_code(owner, signal.address)?;
            enrolled(tell, pocket, &code)
        };
        let ana = enroll(ANA, "ana-phone", "271828")?;
        let ben = enroll(BEN, "ben-phone", "314159")?;
        Ok(Self {
            ana,
            ben,
            signal,
            hq,
            password,
        })
    }
}

fn enrolled(tell: &Teller, pocket: Pocket, code: &str) -> Result<Phone> {
    let mut phone = Phone::start(pocket)?;
    phone.create(tell)?;
    phone.ask(tell, &json!({ "op": "enrol", "code": code }))?;
    let what = "made its vault, checked HQ's fingerprint against its code, and pinned it";
    tell.line(&phone.first_name(), what);
    Ok(phone)
}

/// The folder of this run: the caller's, or a new one beside other temporary things.
pub(crate) fn folder(named: Option<&Path>) -> Result<PathBuf> {
    let folder = match named {
        Some(named) => named.to_owned(),
        None => std::env::temp_dir().join(format!("mooring-demo-{}", std::process::id())),
    };
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    if fs::read_dir(&folder)?.next().is_some() {
        bail!(
            "{} is not empty: the demo begins with a new agency",
            folder.display()
        );
    }
    Ok(folder)
}
