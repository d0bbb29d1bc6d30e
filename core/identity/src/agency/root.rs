//! The agency's root key, what it says, and the online keys that it vouches for.

use std::fmt;

use crate::derive::sha256;
use crate::{
    Domain, IdentityError, Reader, Signature, Signed, Statement, Verifies, VerifyKey, Writer,
};

use super::{LONGEST_NAME, read_ids, write_ids};

const LONGEST_CERTIFICATE: usize = 8192;
const MOST_KEYS: usize = 16;

/// SHA-256 of the root's public key: the agency's name among machines, and the fingerprint that an enrolment code carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct AgencyId(pub [u8; 32]);

impl AgencyId {
    /// The agency of this root key.
    pub fn of(root: &VerifyKey) -> Self {
        Self(sha256(&root.0))
    }
}

impl fmt::Display for AgencyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// The root, about itself: public, and fetched before anything is trusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RootStatement {
    /// What people call the agency.
    pub name: String,
    /// The root's public key.
    pub root: VerifyKey,
    /// The certificate authority (DER) that phones pin for TLS.
    pub tls_ca_der: Vec<u8>,
    /// When it was made.
    pub made_ms: i64,
}

impl RootStatement {
    /// The agency's id.
    pub fn agency(&self) -> AgencyId {
        AgencyId::of(&self.root)
    }

    /// Reads and checks a self-signed root statement. It proves only that the root key's holder said so: **whose** root it is comes from
    /// the fingerprint in the enrolment code, see [`super::EnrolmentCode::check_root`].
    pub fn open(bytes: &[u8]) -> Result<Signed<Self>, IdentityError> {
        Signed::open_self_signed(bytes, |statement: &Self| statement.root)
    }
}

impl Statement for RootStatement {
    const DOMAIN: Domain = Domain::Root;

    fn write(&self, out: &mut Writer) {
        out.text(&self.name)
            .fixed(&self.root.0)
            .bytes(&self.tls_ca_der)
            .i64(self.made_ms);
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, IdentityError> {
        Ok(Self {
            name: reader.text(LONGEST_NAME)?.to_owned(),
            root: VerifyKey(reader.array()?),
            tls_ca_der: reader.bytes(LONGEST_CERTIFICATE)?.to_vec(),
            made_ms: reader.i64()?,
        })
    }
}

/// HQ's online keys, certified by the root. A later serial replaces an earlier one (rotation comes with the issue on keys).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeySet {
    /// The agency.
    pub agency: AgencyId,
    /// Grows with each rotation.
    pub serial: u64,
    /// When it was made.
    pub made_ms: i64,
    /// The keys that may sign for HQ.
    pub keys: Vec<VerifyKey>,
}

impl Statement for KeySet {
    const DOMAIN: Domain = Domain::KeySet;

    fn write(&self, out: &mut Writer) {
        out.fixed(&self.agency.0).u64(self.serial).i64(self.made_ms);
        let keys: Vec<_> = self.keys.iter().map(|key| key.0).collect();
        write_ids(&keys, out);
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, IdentityError> {
        Ok(Self {
            agency: AgencyId(reader.array()?),
            serial: reader.u64()?,
            made_ms: reader.i64()?,
            keys: read_ids(reader, MOST_KEYS)?
                .into_iter()
                .map(VerifyKey)
                .collect(),
        })
    }
}

impl Verifies for KeySet {
    fn verify(
        &self,
        domain: Domain,
        body: &[u8],
        signature: &Signature,
    ) -> Result<(), IdentityError> {
        let holds = self
            .keys
            .iter()
            .any(|key| key.verify(domain, body, signature).is_ok());
        if holds {
            Ok(())
        } else {
            Err(IdentityError::Forged)
        }
    }
}
