//! What lies outside the vault and is no secret: where HQ is, whose word counts, and whom this phone seals to while it is locked.
//!
//! A key that the platform's keystore wraps vouches for the file, so that nobody who only writes files can put their own keys into it.

use crate::error::{Error, Forbidden, Refused, Result};
use crate::vault::{self, from_io, from_keystore, replace};
use mooring_casefile::DeviceId;
use mooring_identity::{
    AgencyId, IdentityError, KeyLock, KeyProvider, KeySet, MacKey, Purpose, Random, Reader,
    Recipient, SealingKeys, Secret, Signed, VerifyKey, Writer,
};
use std::fs;
use std::io;
use std::path::Path;

const FILE: &str = "outside";
const VERSION: u8 = 0;
const PURPOSE: Purpose = Purpose::new("mooring.outside");
const LARGEST_WRAPPED: usize = 4096;
const LARGEST_ADDRESS: usize = 255;
const LARGEST_CERTIFICATE: usize = 8192;
const LARGEST_STATEMENT: usize = 64 << 10;

/// What can be known without the PIN.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Outside {
    pub(crate) vault_id: [u8; 16],
    /// What is captured while the vault is locked is sealed to it.
    pub(crate) vault: Recipient,
    pub(crate) agency: AgencyId,
    pub(crate) device: DeviceId,
    pub(crate) address: String,
    pub(crate) tls_ca_der: Vec<u8>,
    pub(crate) root: VerifyKey,
    /// The signed key set, and the signed keys to seal to, if HQ has sent them.
    pub(crate) key_set: Vec<u8>,
    pub(crate) sealing_keys: Vec<u8>,
}

impl Outside {
    /// HQ's online keys.
    pub(crate) fn hq(&self) -> Result<KeySet> {
        let signed = Signed::<KeySet>::open(&self.key_set, &self.root);
        Ok(signed.map_err(|_| NOT_OURS)?.into_statement())
    }

    /// The same, or the set that came along where that is newer and the root signed it.
    pub(crate) fn hq_now(&self, came: &[u8]) -> Result<KeySet> {
        let known = self.hq()?;
        let came = Signed::<KeySet>::open(came, &self.root).map(Signed::into_statement);
        let newer = came
            .ok()
            .filter(|came| came.agency == self.agency && came.serial > known.serial);
        Ok(newer.unwrap_or(known))
    }

    /// Whom this phone seals to.
    pub(crate) fn sealing_keys(&self) -> Option<SealingKeys> {
        let signed = Signed::<SealingKeys>::open(&self.sealing_keys, &self.root).ok()?;
        Some(signed.into_statement())
    }

    /// Writes it durably, with a fresh key of the keystore's, unless it is there already.
    pub(crate) fn keep(
        &self,
        dir: &Path,
        provider: &mut dyn KeyProvider,
        random: &mut dyn Random,
    ) -> Result<()> {
        if peek(dir).ok().as_ref() == Some(self) {
            return Ok(());
        }
        let secret = Secret::make(random);
        let wrapped = provider
            .wrap_secret(KeyLock::Device, &secret, random)
            .map_err(from_keystore)?;
        let bytes = self.encode(&wrapped, &MacKey::new(secret, PURPOSE));
        replace(&dir.join(FILE), &bytes).map_err(|error| from_io(&error))
    }

    fn encode(&self, wrapped: &[u8], key: &MacKey) -> Vec<u8> {
        let mut out = Writer::new();
        out.u8(VERSION)
            .bytes(wrapped)
            .fixed(&self.vault_id)
            .fixed(&self.vault.0)
            .fixed(&self.agency.0)
            .fixed(&self.device.bytes())
            .text(&self.address)
            .bytes(&self.tls_ca_der)
            .fixed(&self.root.0)
            .bytes(&self.key_set)
            .bytes(&self.sealing_keys);
        let mut bytes = out.finish();
        let tag = key.tag(&bytes);
        bytes.extend(tag);
        bytes
    }

    fn parse(bytes: &[u8]) -> Result<Read<'_>, IdentityError> {
        let (covered, tag) = bytes
            .split_last_chunk::<32>()
            .ok_or(IdentityError::Malformed)?;
        let mut reader = Reader::new(covered);
        reader.version(VERSION)?;
        let wrapped = reader.bytes(LARGEST_WRAPPED)?;
        let outside = Self {
            vault_id: reader.array()?,
            vault: Recipient(reader.array()?),
            agency: AgencyId(reader.array()?),
            device: DeviceId::new(reader.array()?),
            address: reader.text(LARGEST_ADDRESS)?.to_owned(),
            tls_ca_der: reader.bytes(LARGEST_CERTIFICATE)?.to_vec(),
            root: VerifyKey(reader.array()?),
            key_set: reader.bytes(LARGEST_STATEMENT)?.to_vec(),
            sealing_keys: reader.bytes(LARGEST_STATEMENT)?.to_vec(),
        };
        reader.finish()?;
        Ok(Read {
            outside,
            wrapped,
            covered,
            tag,
        })
    }
}

/// A file that was read and not yet believed.
struct Read<'a> {
    outside: Outside,
    wrapped: &'a [u8],
    covered: &'a [u8],
    tag: &'a [u8; 32],
}

const NOT_OURS: Error = Error::Refused(Refused::Signature);

/// A phone has it once it has joined an agency.
fn read(dir: &Path) -> Result<Vec<u8>> {
    fs::read(dir.join(FILE)).map_err(|error| {
        if error.kind() == io::ErrorKind::NotFound && dir.join(vault::FOLDER).is_dir() {
            Error::Forbidden(Forbidden::NotEnrolled)
        } else {
            from_io(&error)
        }
    })
}

/// What the file says, for what does no harm if it lies: sending what is sealed already.
pub(crate) fn peek(dir: &Path) -> Result<Outside> {
    let bytes = read(dir)?;
    Ok(Outside::parse(&bytes).map_err(fault)?.outside)
}

/// What the file says, and this phone's keystore vouches for.
pub(crate) fn believe(dir: &Path, provider: &mut dyn KeyProvider) -> Result<Outside> {
    let bytes = read(dir)?;
    let read = Outside::parse(&bytes).map_err(fault)?;
    let secret = provider
        .unwrap_secret(KeyLock::Device, read.wrapped)
        .map_err(from_keystore)?;
    if MacKey::new(secret, PURPOSE).holds(read.covered, read.tag) {
        Ok(read.outside)
    } else {
        Err(NOT_OURS)
    }
}

const fn fault(error: IdentityError) -> Error {
    match error {
        IdentityError::TooNew => Error::UpdateApp,
        IdentityError::Malformed
        | IdentityError::TooLarge
        | IdentityError::Forged
        | IdentityError::WrongAddressee
        | IdentityError::Sealed => NOT_OURS,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mooring_identity::{SoftwareKeyProvider, os_random};
    use tempfile::TempDir;

    fn outside() -> Outside {
        Outside {
            vault_id: [1; 16],
            vault: Recipient([2; 32]),
            agency: AgencyId([3; 32]),
            device: DeviceId::new([4; 16]),
            address: "hq.example:8443".to_owned(),
            tls_ca_der: vec![5],
            root: VerifyKey([6; 32]),
            key_set: vec![7],
            sealing_keys: Vec::new(),
        }
    }

    fn key() -> MacKey {
        MacKey::new(Secret::take(&mut [8; 32]), PURPOSE)
    }

    #[test]
    fn the_file_of_version_0_is_still_read_and_written_the_same_way() {
        let golden = include_bytes!("vault/tests/golden/outside.v0.bin");
        let read = Outside::parse(golden).unwrap();
        assert_eq!(read.outside, outside());
        assert!(key().holds(read.covered, read.tag));
        assert_eq!(outside().encode(&[9, 9], &key()), golden);
        let mut later = golden.to_vec();
        later[0] = 1;
        assert_eq!(Outside::parse(&later).err(), Some(IdentityError::TooNew));
    }

    #[test]
    fn a_file_that_somebody_else_wrote_is_not_believed() {
        let dir = TempDir::new().unwrap();
        let mut mine = SoftwareKeyProvider::make(&mut os_random());
        outside()
            .keep(dir.path(), &mut mine, &mut os_random())
            .unwrap();
        assert_eq!(believe(dir.path(), &mut mine), Ok(outside()));
        let path = dir.path().join(FILE);
        let bytes = fs::read(&path).unwrap();
        for at in 0..bytes.len() {
            let mut bad = bytes.clone();
            bad[at] ^= 1;
            fs::write(&path, bad).unwrap();
            assert!(believe(dir.path(), &mut mine).is_err(), "byte {at}");
        }
        let mut other = SoftwareKeyProvider::make(&mut os_random());
        fs::remove_file(&path).unwrap();
        outside()
            .keep(dir.path(), &mut other, &mut os_random())
            .unwrap();
        assert!(believe(dir.path(), &mut mine).is_err());
    }
}
