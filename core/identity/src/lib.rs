//! Who says so: keys, signatures, certificates, enrolment, sealed bytes and the vault's header.
//!
//! The only crate that names ring, HPKE and Argon2. It knows none of our other crates, opens no file and asks no clock; chance comes
//! in as [`Random`]. Every signature is over a domain, a version and canonical binary; nothing here signs JSON.

#![allow(
    clippy::missing_errors_doc,
    reason = "IdentityError says on each variant when it is given; repeating it forty times would hide what is special"
)]

mod agency;
mod canon;
mod checkpoint;
mod derive;
mod envelope;
mod error;
#[cfg(test)]
mod hex;
mod kdf;
mod keystore;
mod mac;
mod merkle;
mod pack;
mod password;
mod random;
mod recipient;
mod review;
mod seal;
mod secret;
mod sign;
mod statement;
mod totp;
mod vault;

pub use agency::{
    AgencyId, DeviceCertificate, DeviceEntry, Directory, EnrolRefusal, EnrolReply, EnrolRequest,
    Enrolled, Enrolling, EnrolmentCode, EnrolmentTicket, KeySet, Lease, Order, Ordered,
    RootStatement, SealingKeys, StaffEntry,
};
pub use canon::{Reader, Writer};
pub use checkpoint::AuditCheckpoint;
pub use derive::{derive_secret, sha256};
pub use envelope::{Challenge, Direction, Envelope, FRESH_WITHIN_MS, Freshness, OpenEnvelope};
pub use error::IdentityError;
pub use kdf::KdfParams;
pub use keystore::{KeyLock, KeyProvider, KeyProviderError, NOTICE, SoftwareKeyProvider};
pub use mac::MacKey;
pub use merkle::{MerkleProof, MerkleTree, derive_salt, leaf_hash};
pub use pack::{PackEntry, PackStatement};
pub use password::{PasswordCheck, check_password, hash_password};
pub use random::{OsRandom, Random, os_random};
pub use recipient::{Recipient, RecipientKey, SEALED_OVERHEAD};
pub use review::ReviewStatement;
pub use seal::{Purpose, SealKey};
pub use secret::Secret;
pub use sign::{Domain, Signature, SigningKey, Verifies, VerifyKey};
pub use statement::{Signed, Statement};
pub use totp::{STEP_MS as TOTP_STEP_MS, TotpSecret};
pub use vault::{
    Recovering, RecoveryRequest, SlotState, TRIES, TriedAt, UnlockError, VaultHeader, VaultKey,
    generation_after_biometric, next_generation, right_pins,
};
