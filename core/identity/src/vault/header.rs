//! The header's bytes. A damaged header is told from a wrong PIN by its checksum; a later version is left alone.

use crate::derive::sha256;
use crate::{IdentityError, KdfParams, Reader, Writer};

use super::UnlockError;

const MAGIC: &[u8; 8] = b"MOORVLT\0";
const VERSION: u8 = 0;
const SLOTS: usize = 3;
const LARGEST_WRAPPED: usize = 4096;
const LARGEST_SLOT: usize = 1024;

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
    /// 0: PIN and keystore. 1 (biometric and keystore) and 2 (recovery at HQ) are reserved.
    pub(super) slots: [Vec<u8>; SLOTS],
    /// Outside what the slots are bound to: it changes at each try.
    attempts: u32,
}

/// What every slot is bound to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fixed {
    pub(super) vault_id: [u8; 16],
    pub(super) kdf: KdfParams,
    pub(super) salt: [u8; 16],
    pub(super) wrapped: Vec<u8>,
}

impl Fixed {
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut out = Writer::new();
        out.fixed(MAGIC).u8(VERSION).fixed(&self.vault_id);
        self.kdf.write(&mut out);
        out.fixed(&self.salt).bytes(&self.wrapped);
        out.finish()
    }

    /// The associated data of one slot: all of the header but the slots and the counter, and which slot it is.
    pub(super) fn context(&self, slot: u8) -> Vec<u8> {
        let mut out = self.encode();
        out.push(slot);
        out
    }
}

impl VaultHeader {
    pub(super) fn new(fixed: Fixed, pin_slot: Vec<u8>) -> Self {
        Self {
            fixed,
            slots: [pin_slot, Vec::new(), Vec::new()],
            attempts: 0,
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

    /// Tries since the last right one.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// Counts a try. Write and sync the header after this and before [`VaultHeader::unlock`], or a kill gives a free guess.
    pub fn count_attempt(&mut self) {
        self.attempts = self.attempts.saturating_add(1);
    }

    /// After a right PIN.
    pub fn clear_attempts(&mut self) {
        self.attempts = 0;
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
        let attempts = self.attempts.to_be_bytes();
        bytes.extend(attempts);
        bytes.extend(check(&attempts));
        bytes
    }

    /// Reads a header: `Corrupt` where its checksum does not hold, `TooNew` where a later version wrote it.
    pub fn parse(bytes: &[u8]) -> Result<Self, UnlockError> {
        // The version comes first: a later one may well keep its checksum elsewhere.
        let mut start = Reader::new(bytes);
        if start.array::<8>().ok().as_ref() != Some(MAGIC) {
            return Err(UnlockError::Corrupt);
        }
        start.version(VERSION).map_err(|error| match error {
            IdentityError::TooNew => UnlockError::TooNew,
            IdentityError::Malformed
            | IdentityError::TooLarge
            | IdentityError::Forged
            | IdentityError::WrongAddressee
            | IdentityError::Sealed => UnlockError::Corrupt,
        })?;
        Self::parse_version_0(bytes, start).map_err(|_| UnlockError::Corrupt)
    }

    fn parse_version_0(bytes: &[u8], mut reader: Reader<'_>) -> Result<Self, IdentityError> {
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
        let attempts: [u8; 4] = reader.array()?;
        let attempts_checksum: [u8; 8] = reader.array()?;
        reader.finish()?;
        if checksum != check(covered) || attempts_checksum != check(&attempts) {
            return Err(IdentityError::Malformed);
        }
        let fixed = Fixed {
            vault_id,
            kdf,
            salt,
            wrapped,
        };
        Ok(Self {
            fixed,
            slots,
            attempts: u32::from_be_bytes(attempts),
        })
    }
}

/// Against damage, not against an attacker: the slots' associated data is for that.
fn check(bytes: &[u8]) -> [u8; 8] {
    let mut out = [0; 8];
    for (to, from) in out.iter_mut().zip(sha256(bytes)) {
        *to = from;
    }
    out
}
