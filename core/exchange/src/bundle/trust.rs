//! Whom a phone believes without HQ: what the pinned root certified, less what its directory takes back.

use mooring_identity::{AgencyId, DeviceCertificate, Directory, KeySet, Signed, VerifyKey};

use super::BundleFault;

/// What a phone has pinned and pulled.
#[derive(Debug, Clone, Copy)]
pub struct Trust<'a> {
    /// The agency.
    pub agency: AgencyId,
    /// Its root.
    pub root: VerifyKey,
    /// HQ's online keys, as last pulled.
    pub keys: &'a KeySet,
    /// Everybody, as last pulled.
    pub directory: &'a Directory,
}

impl Trust<'_> {
    /// HQ's keys: ours, or those that come along if the root certified them later than ours.
    pub fn newest_keys(&self, offered: &[u8]) -> KeySet {
        Signed::<KeySet>::open(offered, &self.root)
            .ok()
            .map(Signed::into_statement)
            .filter(|keys| keys.agency == self.agency && keys.serial > self.keys.serial)
            .unwrap_or_else(|| self.keys.clone())
    }

    /// The phone of a certificate, if HQ vouches for it as far as anybody knows here.
    pub fn device(
        &self,
        certificate: &[u8],
        keys: &KeySet,
    ) -> Result<DeviceCertificate, BundleFault> {
        let said = Signed::<DeviceCertificate>::open(certificate, keys)?.into_statement();
        if said.agency != self.agency {
            return Err(mooring_identity::IdentityError::WrongAddressee.into());
        }
        let stands = match self.directory.device(&said.device) {
            Some(entry) => {
                entry.revoked_at_seq.is_none()
                    && entry.person == said.person
                    && entry.key == said.key
                    && entry.epoch <= said.epoch
            }
            // A phone that enrolled after our last pull. One that is older and not in the list was taken out of it.
            None => said.issued_ms >= self.directory.made_ms,
        };
        if stands {
            Ok(said)
        } else {
            Err(BundleFault::Revoked)
        }
    }
}
