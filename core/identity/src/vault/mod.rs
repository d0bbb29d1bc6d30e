//! The vault's header: what lies outside the encrypted database, and the keys that it leads to.
//!
//! ```text
//! KEK = HKDF(vault id, S || Argon2id(PIN))     S: wrapped by the platform's keystore
//! VMK = 32 random bytes, sealed in slots       0 PIN + keystore; 1 biometric + keystore; 2 two custodians of the agency
//!  ├─ database key, and whatever else the vault needs, each derived for its purpose
//!  └─ X25519 key, whose public half lies outside: what is captured while the vault is locked is sealed to it
//! ```

mod biometric;
mod create;
mod header;
mod recovery;
#[cfg(test)]
mod testing;
mod tries;
mod unlock;

pub use header::{SlotState, VaultHeader};
pub use recovery::{Recovering, RecoveryRequest};
pub use tries::{TRIES, TriedAt, generation_after_biometric, next_generation, right_pins};
pub use unlock::UnlockError;

use crate::{Purpose, RecipientKey, Secret, derive_secret};

const DATABASE: Purpose = Purpose::new("mooring.vault.database");
const RECIPIENT: Purpose = Purpose::new("mooring.vault.recipient");
const DATABASE_SALT: Purpose = Purpose::new("mooring.vault.database-salt");

/// The vault's master key, as long as the vault is open.
#[derive(Debug)]
pub struct VaultKey {
    secret: Secret,
    vault_id: [u8; 16],
}

impl VaultKey {
    /// The raw 32-byte key for the database.
    pub fn derive_database_key(&self) -> Secret {
        self.derive(DATABASE, &[])
    }

    /// The 16-byte salt that goes with it, so that the database's file gives away nothing that is not random.
    pub fn derive_database_salt(&self) -> [u8; 16] {
        let mut out = [0; 16];
        for (to, from) in out.iter_mut().zip(self.derive(DATABASE_SALT, &[]).expose()) {
            *to = *from;
        }
        out
    }

    /// The vault's X25519 key: what was sealed to its public half while the vault was locked opens with it.
    pub fn derive_recipient(&self) -> RecipientKey {
        RecipientKey::from_seed(self.derive(RECIPIENT, &[]))
    }

    /// The vault's id.
    pub const fn vault_id(&self) -> [u8; 16] {
        self.vault_id
    }

    /// A key for another purpose.
    pub fn derive(&self, purpose: Purpose, context: &[u8]) -> Secret {
        derive_secret(&self.vault_id, self.secret.expose(), purpose, context)
    }
}
