//! Who uses this phone: a person certified by HQ, or, before enrolment, only this device's own key.

use crate::error::{Error, Result};
use crate::vault::Vault;
use crate::vault::sql::facts::{self, Fact};
use mooring_casefile::{Attribution, DeviceId, PersonId, Roles};
use mooring_identity::{
    AgencyId, DeviceCertificate, Directory, KeySet, Reader, RootStatement, Signed, SigningKey,
    VerifyKey, Writer, sha256,
};
use rusqlite::Transaction;

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
        Ok((parts, (get(Fact::Address)?, get(Fact::FormerKeySets)?)))
    })?;
    let (parts, (address, former)) = stored;
    let ((Some(root), Some(key_set), Some(certificate), Some(directory)), Some(address)) =
        (parts, address)
    else {
        return Ok(None);
    };
    let open = || {
        let root = RootStatement::open(&root).ok()?.into_statement();
        let key_set = Signed::<KeySet>::open(&key_set, &root.root)
            .ok()?
            .into_statement();
        let ever = keys_ever(&key_set, former.as_deref(), &root.root)?;
        let certificate = Signed::<DeviceCertificate>::open(&certificate, &ever)
            .ok()?
            .into_statement();
        let directory = Signed::<Directory>::open(&directory, &ever)
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

const VERSION: u8 = 0;
const MOST_SETS: usize = 1_000;
const LARGEST_SET: usize = 64 << 10;

/// Stores HQ's new keys and keeps those of before: this phone's own certificate may be signed with a key that HQ has left out since.
pub(crate) fn put_key_set(tx: &Transaction<'_>, bytes: &[u8]) -> rusqlite::Result<()> {
    let stored = facts::get(tx, Fact::KeySet)?.filter(|stored| stored != bytes);
    if let Some(stored) = stored {
        let former = facts::get(tx, Fact::FormerKeySets)?;
        let mut sets = former.as_deref().and_then(read_sets).unwrap_or_default();
        sets.push(stored);
        let mut out = Writer::new();
        out.u8(VERSION).varint(sets.len() as u64);
        for set in &sets {
            out.bytes(set);
        }
        facts::put(tx, Fact::FormerKeySets, &out.finish())?;
    }
    facts::put(tx, Fact::KeySet, bytes)
}

/// HQ's keys now and before, for what lies in this vault. Nothing that arrives is believed by a former key.
fn keys_ever(now: &KeySet, former: Option<&[u8]>, root: &VerifyKey) -> Option<KeySet> {
    let mut ever = now.clone();
    for set in former.map_or(Some(Vec::new()), read_sets)? {
        let set = Signed::<KeySet>::open(&set, root).ok()?.into_statement();
        ever.keys.extend(set.keys);
    }
    Some(ever)
}

fn read_sets(bytes: &[u8]) -> Option<Vec<Vec<u8>>> {
    let mut reader = Reader::new(bytes);
    reader.version(VERSION).ok()?;
    let count = reader.count(MOST_SETS, 1).ok()?;
    let sets = (0..count).map(|_| Some(reader.bytes(LARGEST_SET).ok()?.to_vec()));
    let sets = sets.collect::<Option<Vec<_>>>()?;
    reader.finish().ok()?;
    Some(sets)
}
