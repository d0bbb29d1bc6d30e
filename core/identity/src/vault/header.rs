//! The header's bytes. A damaged header is told from a wrong PIN by its checksum; a later version is left alone.
//!
//! Version 1 remembers when the last try was made. One of version 0 is read as it is and stays so until its PIN changes.

use crate::derive::sha256;
use crate::{IdentityError, KdfParams, Reader, Writer};

use super::UnlockError;
use super::tries::{TriedAt, Tries};

const MAGIC: &[u8; 8] = b"MOORVLT\0";
pub(super) const VERSION: u8 = 1;
const WITHOUT_TIMES: u8 = 0;
const SLOTS: usize = 3;
const LARGEST_WRAPPED: usize = 4096;
const LARGEST_SLOT: usize = 4096 + 256;

/// Whether a key slot is in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SlotState {
    /// It can open the vault.
    Filled,
    /// It was never filled, or was emptied.
    Empty,
}

/// What lies outside the encrypted database. Nothing in it is secret without both the keystore and the PIN.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VaultHeader {
    pub(super) fixed: Fixed,
    /// 0: PIN and keystore. 1: biometric and keystore. 2: recovery by the agency's two custodians.
    pub(super) slots: [Vec<u8>; SLOTS],
    /// Outside what the slots are bound to: it changes at each try.
    pub(super) tries: Tries,
}

/// What the PIN's slot is bound to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fixed {
    pub(super) version: u8,
    pub(super) vault_id: [u8; 16],
    pub(super) kdf: KdfParams,
    pub(super) salt: [u8; 16],
    pub(super) wrapped: Vec<u8>,
}

impl Fixed {
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut out = Writer::new();
        out.fixed(MAGIC).u8(self.version).fixed(&self.vault_id);
        self.kdf.write(&mut out);
        out.fixed(&self.salt).bytes(&self.wrapped);
        out.finish()
    }

    /// The associated data of the PIN's slot: all of the header but the slots and the counter, and which slot it is.
    pub(super) fn context(&self, slot: u8) -> Vec<u8> {
        let mut out = self.encode();
        out.push(slot);
        out
    }

    /// That of a slot which has nothing to do with the PIN, so that changing the PIN leaves it as it is. `own` is what it alone rests on.
    pub(super) fn context_without_pin(vault_id: [u8; 16], slot: u8, own: &[u8]) -> Vec<u8> {
        let mut out = Writer::new();
        out.fixed(MAGIC).u8(VERSION).fixed(&vault_id).u8(slot);
        out.bytes(own);
        out.finish()
    }
}

impl VaultHeader {
    pub(super) fn new(fixed: Fixed, pin_slot: Vec<u8>) -> Self {
        Self {
            fixed,
            slots: [pin_slot, Vec::new(), Vec::new()],
            tries: Tries::default(),
        }
    }

    /// The vault's id: random, public, and no other vault's.
    pub fn vault_id(&self) -> [u8; 16] {
        self.fixed.vault_id
    }

    /// What one guess of the PIN costs.
    pub fn kdf(&self) -> KdfParams {
        self.fixed.kdf
    }

    /// The state of slots 0 (PIN), 1 (biometric) and 2 (recovery).
    pub fn slots(&self) -> [SlotState; SLOTS] {
        self.slots.each_ref().map(|slot| {
            if slot.is_empty() {
                SlotState::Empty
            } else {
                SlotState::Filled
            }
        })
    }

    /// The header's bytes. Replace the file whole: write beside it, sync, rename.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Writer::new();
        out.fixed(&self.fixed.encode());
        for slot in &self.slots {
            out.bytes(slot);
        }
        let mut bytes = out.finish();
        let checksum = check(&bytes);
        bytes.extend(checksum);
        let tries = self.encode_tries();
        bytes.extend(&tries);
        bytes.extend(check(&tries));
        bytes
    }

    /// How many of its last bytes change with each try, and nothing else does.
    pub fn counter_len(&self) -> usize {
        self.encode_tries().len() + check(&[]).len()
    }

    fn encode_tries(&self) -> Vec<u8> {
        let mut out = Writer::new();
        out.u32(self.tries.count);
        if self.fixed.version != WITHOUT_TIMES {
            out.fixed(&self.tries.last.boot_id)
                .u64(self.tries.last.uptime_ms);
        }
        out.finish()
    }

    /// Reads a header: `Corrupt` where its checksum does not hold, `TooNew` where a later version wrote it.
    pub fn parse(bytes: &[u8]) -> Result<Self, UnlockError> {
        // The version comes first: a later one may well keep its checksum elsewhere.
        let mut start = Reader::new(bytes);
        if start.array::<8>().ok().as_ref() != Some(MAGIC) {
            return Err(UnlockError::Corrupt);
        }
        let version = start.version(VERSION).map_err(|error| match error {
            IdentityError::TooNew => UnlockError::TooNew,
            IdentityError::Malformed
            | IdentityError::TooLarge
            | IdentityError::Forged
            | IdentityError::WrongAddressee
            | IdentityError::Sealed => UnlockError::Corrupt,
        })?;
        Self::parse_known(version, bytes, start).map_err(|_| UnlockError::Corrupt)
    }

    fn parse_known(
        version: u8,
        bytes: &[u8],
        mut reader: Reader<'_>,
    ) -> Result<Self, IdentityError> {
        let vault_id = reader.array()?;
        let kdf = KdfParams::read(&mut reader)?;
        let salt = reader.array()?;
        let wrapped = reader.bytes(LARGEST_WRAPPED)?.to_vec();
        let mut slots = [const { Vec::new() }; SLOTS];
        for slot in &mut slots {
            *slot = reader.bytes(LARGEST_SLOT)?.to_vec();
        }
        let covered = bytes.len().saturating_sub(reader.rest().len());
        let covered = bytes
            .split_at_checked(covered)
            .ok_or(IdentityError::Malformed)?
            .0;
        let checksum: [u8; 8] = reader.array()?;
        let fixed = Fixed {
            version,
            vault_id,
            kdf,
            salt,
            wrapped,
        };
        let header = Self {
            fixed,
            slots,
            tries: read_tries(version, &mut reader)?,
        };
        let tries_checksum: [u8; 8] = reader.array()?;
        reader.finish()?;
        if checksum != check(covered) || tries_checksum != check(&header.encode_tries()) {
            return Err(IdentityError::Malformed);
        }
        Ok(header)
    }
}

fn read_tries(version: u8, reader: &mut Reader<'_>) -> Result<Tries, IdentityError> {
    let count = reader.u32()?;
    let last = if version == WITHOUT_TIMES {
        TriedAt::default()
    } else {
        TriedAt {
            boot_id: reader.array()?,
            uptime_ms: reader.u64()?,
        }
    };
    Ok(Tries { count, last })
}

/// Against damage, not against an attacker: the slots' associated data is for that.
fn check(bytes: &[u8]) -> [u8; 8] {
    let mut out = [0; 8];
    for (to, from) in out.iter_mut().zip(sha256(bytes)) {
        *to = from;
    }
    out
}
