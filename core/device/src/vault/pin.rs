//! Trying a PIN: counted on disk and in the keystore before the key is derived, so that a kill in between costs a try and never
//! gives one.

use crate::error::{Error, Result, VaultFault};
use crate::seams::Seams;
use crate::vault::header_file::{self, from_unlock};
use mooring_casefile::Now;
use mooring_identity::{
    KeyProviderError, TRIES, TriedAt, UnlockError, VaultHeader, VaultKey, next_generation,
};
use std::path::Path;

/// Tries `pin` on the header of this path.
pub(super) fn try_pin(
    path: &Path,
    header: &mut VaultHeader,
    pin: &[u8],
    seams: &mut Seams,
    now: Now,
) -> Result<VaultKey> {
    let provider = seams.provider.as_mut();
    // Before anything is counted: a keystore that fails may not use up a person's tries.
    let hardware = header.unwrap_hardware(provider).map_err(by_pin)?;
    let generation = provider.generation().map_err(from_keystore)?;
    if header.attempts(generation) >= TRIES {
        return block(path, header);
    }
    let at = TriedAt {
        boot_id: now.boot_id,
        uptime_ms: now.uptime_ms,
    };
    let wait_ms = header.wait_ms(generation, at);
    if wait_ms > 0 {
        return Err(Error::Wait { wait_ms });
    }
    let counted = header.count_attempt(generation, at);
    provider.raise_generation(counted).map_err(from_keystore)?;
    header_file::write_count(path, header)?;
    let opened = header.unlock(pin, &hardware);
    if opened.is_err() && header.attempts(counted) >= TRIES {
        // What does not reach the disk now does so at the next try, which is refused by the count.
        let _ = block(path, header);
    }
    opened.map_err(by_pin)
}

/// Ten wrong PINs in a row: the PIN and the finger open this vault no longer; recovery does, and nothing is deleted.
fn block(path: &Path, header: &mut VaultHeader) -> Result<VaultKey> {
    header.drop_slots();
    header_file::write(path, header)?;
    Err(Error::Vault(VaultFault::PinBlocked))
}

/// After a right PIN: every try is given back, in the keystore first. Should a write not arrive, the next start has fewer tries, and no
/// guesser one more.
pub(super) fn give_back(path: &Path, header: &mut VaultHeader, generation: u64, seams: &mut Seams) {
    header.clear_attempts();
    if seams
        .provider
        .raise_generation(next_generation(generation))
        .is_ok()
    {
        let _ = header_file::write_count(path, header);
    }
}

fn by_pin(error: UnlockError) -> Error {
    match error {
        UnlockError::NoSlot => Error::Vault(VaultFault::PinBlocked),
        other @ (UnlockError::WrongPin { .. }
        | UnlockError::Canceled
        | UnlockError::KeyMissing
        | UnlockError::KeyInvalidated
        | UnlockError::TryAgain
        | UnlockError::Corrupt
        | UnlockError::TooNew) => from_unlock(other),
    }
}

/// What the keystore says by itself, as an app hears it.
pub(crate) fn from_keystore(error: KeyProviderError) -> Error {
    from_unlock(error.into())
}
