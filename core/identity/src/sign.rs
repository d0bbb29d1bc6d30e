//! Ed25519, always over a domain, a version and canonical binary.

use std::fmt;

use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};

use crate::{IdentityError, Random, Secret, Writer};

/// The version that every signature of this release names.
const VERSION: u8 = 0;

/// What a signature is for: a signature under one domain holds under no other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Domain {
    /// The agency's root, about itself and its certificate authority.
    Root,
    /// The root, about HQ's online keys.
    KeySet,
    /// A phone that asks to be enrolled.
    EnrolRequest,
    /// HQ's answer to that.
    EnrolReply,
    /// HQ, about one device and its person.
    Certificate,
    /// HQ, about all staff and devices.
    Directory,
    /// A device's request.
    Request,
    /// HQ's reply.
    Reply,
    /// HQ's clock, for a phone whose own is wrong.
    Challenge,
    /// A device's push.
    Push,
    /// HQ, about what it holds durably.
    Receipt,
    /// HQ, for the psychiatrist who signed what was displayed.
    Review,
    /// HQ, about who holds which case.
    Assignment,
    /// HQ, about a run that it wrote itself.
    HqRun,
    /// HQ: revoke, wipe, purge.
    Order,
    /// HQ, about how long a device may read.
    Lease,
    /// A record that was sealed to HQ outside the vault.
    Outbox,
    /// HQ, about sealed records that it holds durably.
    OutboxReceipt,
    /// HQ, about its audit chain.
    AuditCheckpoint,
    /// The root, about the keys that phones seal to.
    SealingKeys,
    /// HQ, about the files of a pack.
    Pack,
    /// A phone that waits for a partner's bundle.
    PartnerToken,
    /// A phone, about a bundle that it made for a partner.
    PartnerBundle,
    /// A device, about one run of its own.
    Run,
    /// HQ, about the runs of one page.
    PageRoot,
    /// A phone, about having come back from a backup.
    Restored,
}

impl Domain {
    /// The name that is signed.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Root => "mooring.root",
            Self::KeySet => "mooring.key-set",
            Self::EnrolRequest => "mooring.enrol.request",
            Self::EnrolReply => "mooring.enrol.reply",
            Self::Certificate => "mooring.certificate",
            Self::Directory => "mooring.directory",
            Self::Request => "mooring.request",
            Self::Reply => "mooring.reply",
            Self::Challenge => "mooring.challenge",
            Self::Push => "mooring.push",
            Self::Receipt => "mooring.receipt",
            Self::Review => "mooring.review",
            Self::Assignment => "mooring.assignment",
            Self::HqRun => "mooring.hq-run",
            Self::Order => "mooring.order",
            Self::Lease => "mooring.lease",
            Self::Outbox => "mooring.outbox",
            Self::OutboxReceipt => "mooring.outbox-receipt",
            Self::AuditCheckpoint => "mooring.audit-checkpoint",
            Self::SealingKeys => "mooring.sealing-keys",
            Self::Pack => "mooring.pack",
            Self::PartnerToken => "mooring.partner-token",
            Self::PartnerBundle => "mooring.partner-bundle",
            Self::Run => "mooring.run",
            Self::PageRoot => "mooring.page-root",
            Self::Restored => "mooring.restored",
        }
    }

    fn message(self, body: &[u8]) -> Vec<u8> {
        let mut out = Writer::new();
        out.text(self.name()).u8(VERSION).fixed(body);
        out.finish()
    }
}

/// An Ed25519 signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signature(pub [u8; 64]);

/// A private key. It keeps its seed alone, so that dropping it leaves nothing to find.
pub struct SigningKey {
    seed: Secret,
    public: VerifyKey,
}

impl SigningKey {
    /// A fresh key.
    pub fn make(random: &mut dyn Random) -> Self {
        Self::from_seed(Secret::make(random))
    }

    /// The key of this seed.
    pub fn from_seed(seed: Secret) -> Self {
        let mut public = [0; 32];
        public.copy_from_slice(pair(&seed).public_key().as_ref());
        Self {
            seed,
            public: VerifyKey(public),
        }
    }

    /// Its seed, to be stored where the vault or HQ's sealed key file keeps it.
    pub fn seed(&self) -> &Secret {
        &self.seed
    }

    /// The public half.
    pub fn verify_key(&self) -> VerifyKey {
        self.public
    }

    /// Signs `body`, canonical binary, under `domain`.
    pub fn sign(&self, domain: Domain, body: &[u8]) -> Signature {
        self.sign_raw(&domain.message(body))
    }

    fn sign_raw(&self, message: &[u8]) -> Signature {
        let mut out = [0; 64];
        out.copy_from_slice(pair(&self.seed).sign(message).as_ref());
        Signature(out)
    }
}

fn pair(seed: &Secret) -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(seed.expose()).expect("a seed has 32 bytes")
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(..)")
    }
}

/// A public key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct VerifyKey(pub [u8; 32]);

/// Whatever can say whether a signature holds: one key, or a set of keys.
pub trait Verifies {
    /// `Forged` unless the signature is over exactly this domain and body.
    fn verify(
        &self,
        domain: Domain,
        body: &[u8],
        signature: &Signature,
    ) -> Result<(), IdentityError>;
}

impl Verifies for VerifyKey {
    fn verify(
        &self,
        domain: Domain,
        body: &[u8],
        signature: &Signature,
    ) -> Result<(), IdentityError> {
        self.verify_raw(&domain.message(body), signature)
    }
}

impl VerifyKey {
    fn verify_raw(&self, message: &[u8], signature: &Signature) -> Result<(), IdentityError> {
        UnparsedPublicKey::new(&ED25519, self.0)
            .verify(message, &signature.0)
            .map_err(|_| IdentityError::Forged)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hex::bytes;
    use crate::os_random;

    /// The published vectors are over bare messages; ours only ever sign [`Domain::message`].
    #[track_caller]
    fn check(seed: &str, public: &str, message: &str, signature: &str) {
        let key = SigningKey::from_seed(Secret::parse(&bytes(seed)).unwrap());
        assert_eq!(key.verify_key().0.as_slice(), bytes(public));
        let made = key.sign_raw(&bytes(message));
        assert_eq!(made.0.as_slice(), bytes(signature));
        assert_eq!(key.verify_key().verify_raw(&bytes(message), &made), Ok(()));
    }

    #[test]
    fn rfc_8032_vector_1_the_empty_message() {
        check(
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        );
    }

    #[test]
    fn rfc_8032_vector_2_one_byte() {
        check(
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        );
    }

    #[test]
    fn rfc_8032_vector_3_two_bytes() {
        check(
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
        );
    }

    #[test]
    fn a_signature_holds_for_its_own_domain_and_body_only() {
        let key = SigningKey::make(&mut os_random());
        let signature = key.sign(Domain::Receipt, b"body");
        assert_eq!(
            key.verify_key()
                .verify(Domain::Receipt, b"body", &signature),
            Ok(())
        );
        assert_eq!(
            key.verify_key().verify(Domain::Push, b"body", &signature),
            Err(IdentityError::Forged)
        );
        assert_eq!(
            key.verify_key()
                .verify(Domain::Receipt, b"bodY", &signature),
            Err(IdentityError::Forged)
        );
    }

    #[test]
    fn no_two_domains_share_a_name() {
        use Domain::{
            Assignment, AuditCheckpoint, Certificate, Challenge, Directory, EnrolReply,
            EnrolRequest, HqRun, KeySet, Lease, Order, Outbox, OutboxReceipt, Pack, PageRoot,
            PartnerBundle, PartnerToken, Push, Receipt, Reply, Request, Restored, Review, Root,
            Run, SealingKeys,
        };
        let all = [
            Root,
            KeySet,
            EnrolRequest,
            EnrolReply,
            Certificate,
            Directory,
            Request,
            Reply,
            Challenge,
            Push,
            Receipt,
            Review,
            Assignment,
            HqRun,
            Order,
            Lease,
            Outbox,
            OutboxReceipt,
            AuditCheckpoint,
            SealingKeys,
            Pack,
            PartnerToken,
            PartnerBundle,
            Run,
            PageRoot,
            Restored,
        ];
        let names: std::collections::BTreeSet<_> = all.iter().map(|domain| domain.name()).collect();
        assert_eq!(names.len(), all.len());
    }

    #[test]
    fn a_key_is_never_printed() {
        let key = SigningKey::from_seed(Secret::take(&mut [0x5a; 32]));
        assert_eq!(
            format!("{key:?} {:?}", key.seed()),
            "SigningKey(..) Secret(..)"
        );
    }
}
