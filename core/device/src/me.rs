//! Who uses this phone: a person certified by HQ, or, before enrolment, only this device's own key.

use crate::error::{Error, Result};
use crate::vault::Vault;
use crate::vault::sql::facts::{self, Fact};
use mooring_casefile::{Attribution, DeviceId, PersonId, Roles};
use mooring_identity::{
    AgencyId, DeviceCertificate, Directory, KeySet, RootStatement, Signed, SigningKey, VerifyKey,
    sha256,
};

/// Who writes here.
pub(crate) struct Me {
    pub(crate) attribution: Attribution,
    pub(crate) enrolment: Option<Enrolment>,
}

/// What HQ certified, each part checked again at every opening.
pub(crate) struct Enrolment {
    pub(crate) agency: AgencyId,
    /// Certifies HQ's keys.
    pub(crate) root: VerifyKey,
    pub(crate) address: String,
    pub(crate) tls_ca_der: Vec<u8>,
    pub(crate) key_set: KeySet,
    pub(crate) certificate: DeviceCertificate,
    pub(crate) directory: Directory,
}

impl Me {
    pub(crate) fn load(vault: &mut Vault, key: &SigningKey) -> Result<Self> {
        let enrolment = load_enrolment(vault)?;
        let attribution = match &enrolment {
            Some(enrolment) => certified(&enrolment.certificate),
            None => unknown(&key.verify_key()),
        };
        Ok(Self {
            attribution,
            enrolment,
        })
    }
}

/// The device and person of a certificate.
pub(crate) fn certified(certificate: &DeviceCertificate) -> Attribution {
    Attribution {
        device: DeviceId::new(certificate.device),
        person: PersonId::new(certificate.person),
        roles: Roles::from_bits(certificate.roles),
    }
}

/// Before enrolment a phone is its key, and has no role.
fn unknown(key: &VerifyKey) -> Attribution {
    let mut device = [0; 16];
    for (to, from) in device.iter_mut().zip(sha256(&key.0)) {
        *to = from;
    }
    Attribution {
        device: DeviceId::new(device),
        person: PersonId::new(device),
        roles: Roles::NONE,
    }
}

fn load_enrolment(vault: &mut Vault) -> Result<Option<Enrolment>> {
    let stored = vault.look(|connection| {
        let get = |fact| facts::get(connection, fact);
        let parts = (
            get(Fact::Root)?,
            get(Fact::KeySet)?,
            get(Fact::Certificate)?,
            get(Fact::Directory)?,
        );
        Ok((parts, get(Fact::Address)?))
    })?;
    let ((Some(root), Some(key_set), Some(certificate), Some(directory)), Some(address)) = stored
    else {
        return Ok(None);
    };
    let open = || {
        let root = RootStatement::open(&root).ok()?.into_statement();
        let key_set = Signed::<KeySet>::open(&key_set, &root.root)
            .ok()?
            .into_statement();
        let certificate = Signed::<DeviceCertificate>::open(&certificate, &key_set)
            .ok()?
            .into_statement();
        let directory = Signed::<Directory>::open(&directory, &key_set)
            .ok()?
            .into_statement();
        let (agency, root, tls_ca_der) = (root.agency(), root.root, root.tls_ca_der);
        Some(Enrolment {
            agency,
            root,
            address: String::from_utf8(address).ok()?,
            tls_ca_der,
            key_set,
            certificate,
            directory,
        })
    };
    // They were checked when they came, and the database authenticates its pages.
    open().map(Some).ok_or(Error::Internal("enrolment"))
}
