//! The keys that may change while HQ lives: what it signs with, what opens what was sealed to it, and what the root says of both.
//!
//! Nothing is ever deleted here: a former key still opens what was sealed to it, and still signs for phones that know no newer one.

use mooring_identity::{
    Domain, IdentityError, KeySet, Recipient, RecipientKey, SealingKeys, Signature, Signed,
    SigningKey, Verifies, VerifyKey,
};

/// The keys as they are at one moment.
pub(crate) struct Ring {
    /// The root's statement about the online keys, the newest first.
    pub(crate) key_set: Signed<KeySet>,
    /// The root's statement about whom phones seal to; none in a data folder from before there were such keys.
    pub(crate) sealing_keys: Option<Signed<SealingKeys>>,
    /// Every online key that HQ ever had.
    pub(super) online: Vec<SigningKey>,
    /// Every key that opens what was sealed to HQ.
    pub(super) opening: Vec<RecipientKey>,
}

impl Ring {
    /// The keys of a folder, if they belong together: HQ must have the newest that the root names. Otherwise says what is missing.
    pub(super) fn new(
        key_set: Signed<KeySet>,
        sealing_keys: Option<Signed<SealingKeys>>,
        online: Vec<SigningKey>,
        opening: Vec<RecipientKey>,
    ) -> Result<Self, Missing> {
        let mut online = online;
        let newest = key_set.statement().keys.first().copied();
        let at = online
            .iter()
            .position(|key| Some(key.verify_key()) == newest)
            .ok_or(Missing::Online)?;
        // The one that HQ signs with stands first.
        online.swap(0, at);
        let hq = sealing_keys.as_ref().map(|keys| keys.statement().hq);
        let opens = hq.is_none_or(|hq| opening.iter().any(|key| key.recipient() == hq));
        if !opens {
            return Err(Missing::Opening);
        }
        Ok(Self {
            key_set,
            sealing_keys,
            online,
            opening,
        })
    }

    /// What HQ signs with.
    #[expect(
        clippy::indexing_slicing,
        reason = "`new` found the key that stands first"
    )]
    pub(crate) fn online(&self) -> &SigningKey {
        &self.online[0]
    }

    /// What HQ signs with for a phone that knows these keys: the newest of them, so that the phone believes it.
    pub(crate) fn online_of(&self, known: &KeySet) -> &SigningKey {
        let held = known.keys.iter().find_map(|key| self.held(key));
        held.unwrap_or_else(|| self.online())
    }

    fn held(&self, key: &VerifyKey) -> Option<&SigningKey> {
        self.online.iter().find(|held| held.verify_key() == *key)
    }

    /// Every key that HQ ever signed with: for what lies in its own ledger, and for nothing that arrives.
    pub(crate) fn ever(&self) -> Ever<'_> {
        Ever(&self.online)
    }

    /// What opens what was sealed to HQ, the newest first.
    pub(crate) fn opening(&self) -> impl Iterator<Item = &RecipientKey> {
        let newest = self.sealing_keys.as_ref().map(|keys| keys.statement().hq);
        let is_newest = move |key: &&RecipientKey| Some(key.recipient()) == newest;
        let newest_first = self.opening.iter().filter(is_newest);
        newest_first.chain(self.opening.iter().filter(move |key| !is_newest(key)))
    }
}

/// What a folder lacks of what the root says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Missing {
    /// The newest online key.
    Online,
    /// The key that opens what is sealed to HQ.
    Opening,
}

/// Every key that HQ ever signed with.
pub(crate) struct Ever<'a>(&'a [SigningKey]);

impl Verifies for Ever<'_> {
    fn verify(
        &self,
        domain: Domain,
        body: &[u8],
        signature: &Signature,
    ) -> Result<(), IdentityError> {
        let holds = |key: &SigningKey| key.verify_key().verify(domain, body, signature).is_ok();
        if self.0.iter().any(holds) {
            Ok(())
        } else {
            Err(IdentityError::Forged)
        }
    }
}

/// The part of a key's file name that tells it from the others.
pub(super) fn name_of(public: &[u8; 32]) -> String {
    crate::hex::hex(public.get(..8).unwrap_or_default())
}

pub(super) fn online_file(key: &VerifyKey) -> String {
    format!("online-{}.key", name_of(&key.0))
}

pub(super) fn opening_file(key: &Recipient) -> String {
    format!("sealing-{}.key", name_of(&key.0))
}
