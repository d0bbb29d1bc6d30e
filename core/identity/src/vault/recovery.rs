//! Slot 2: the agency opens a vault whose phone can't, and only two of its people together.
//!
//! The master key is sealed to the second custodian and that to the first, so the one who opens the outer layer sees nothing, and no
//! key that opens everything ever exists. What they find is sealed again, to a key that the phone made for this one question.

use std::fmt;

use crate::{
    IdentityError, Purpose, Random, Reader, Recipient, RecipientKey, Secret, Writer, sha256,
};

use super::header::Fixed;
use super::{VaultHeader, VaultKey};

const RECOVERY_SLOT: u8 = 2;
const OUTER: Purpose = Purpose::new("mooring.vault.recovery.outer");
const INNER: Purpose = Purpose::new("mooring.vault.recovery.inner");
const ANSWER: Purpose = Purpose::new("mooring.vault.recovery.answer");
const VERSION: u8 = 0;
const LARGEST: usize = 1024;

impl VaultHeader {
    /// The same header with slot 2 filled: sealed to the first custodian around the second.
    pub fn add_recovery(
        &self,
        key: &VaultKey,
        custodians: [Recipient; 2],
        random: &mut dyn Random,
    ) -> Result<Self, IdentityError> {
        let [first, second] = custodians;
        let context = context(key.vault_id);
        let inner = second.seal(INNER, &context, key.secret.expose(), random)?;
        let outer = first.seal(OUTER, &context, &inner, random)?;
        let mut header = self.clone();
        let [_, _, recovery] = &mut header.slots;
        *recovery = outer;
        Ok(header)
    }

    /// The phone's question, if the agency can answer one. Needs neither PIN nor keystore.
    pub fn ask_recovery(&self, random: &mut dyn Random) -> Option<(RecoveryRequest, Recovering)> {
        let [_, _, slot] = &self.slots;
        if slot.is_empty() {
            return None;
        }
        let key = RecipientKey::make(random);
        let request = RecoveryRequest {
            vault_id: self.fixed.vault_id,
            answer_to: key.recipient(),
            sealed: slot.clone(),
        };
        let vault_id = self.fixed.vault_id;
        Some((request, Recovering { key, vault_id }))
    }
}

/// What a phone asks, and, with one layer opened, what the first custodian hands to the second.
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryRequest {
    vault_id: [u8; 16],
    answer_to: Recipient,
    sealed: Vec<u8>,
}

impl RecoveryRequest {
    /// To be carried to the custodians.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Writer::new();
        out.u8(VERSION)
            .fixed(&self.vault_id)
            .fixed(&self.answer_to.0)
            .bytes(&self.sealed);
        out.finish()
    }

    /// Reads one. **Whose** phone asks, only its person can say: compare [`RecoveryRequest::words`] by voice.
    pub fn parse(bytes: &[u8]) -> Result<Self, IdentityError> {
        let mut reader = Reader::new(bytes);
        reader.version(VERSION)?;
        let request = Self {
            vault_id: reader.array()?,
            answer_to: Recipient(reader.array()?),
            sealed: reader.bytes(LARGEST)?.to_vec(),
        };
        reader.finish()?;
        Ok(request)
    }

    /// Twenty digits that the phone shows and a custodian reads: whoever swaps the question for their own changes them.
    pub fn words(&self) -> String {
        let mut named = Writer::new();
        named.fixed(&self.vault_id).fixed(&self.answer_to.0);
        let digest = sha256(&named.finish());
        let (pairs, _) = digest.as_chunks::<2>();
        let groups = pairs.iter().take(5);
        let groups = groups.map(|pair| format!("{:04}", u16::from_be_bytes(*pair) % 10_000));
        groups.collect::<Vec<_>>().join(" ")
    }

    /// The first custodian's part: the outer layer goes, and what is left is for the second alone.
    pub fn open_outer(&self, first: &RecipientKey) -> Result<Self, IdentityError> {
        let inner = first.open(OUTER, &context(self.vault_id), &self.sealed)?;
        Ok(Self {
            sealed: inner.to_vec(),
            ..self.clone()
        })
    }

    /// The second custodian's part: the vault's key, sealed to the phone that asked.
    pub fn answer(
        &self,
        second: &RecipientKey,
        random: &mut dyn Random,
    ) -> Result<Vec<u8>, IdentityError> {
        let secret = second.open(INNER, &context(self.vault_id), &self.sealed)?;
        self.answer_to
            .seal(ANSWER, &context(self.vault_id), &secret, random)
    }
}

impl fmt::Debug for RecoveryRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryRequest(..)")
    }
}

/// The phone's side between question and answer.
#[derive(Debug)]
pub struct Recovering {
    key: RecipientKey,
    vault_id: [u8; 16],
}

impl Recovering {
    /// Opens the custodians' answer. Only opening the database proves that it is this vault's key.
    pub fn finish(&self, answer: &[u8]) -> Result<VaultKey, IdentityError> {
        let plain = self.key.open(ANSWER, &context(self.vault_id), answer)?;
        Ok(VaultKey {
            secret: Secret::parse(&plain).ok_or(IdentityError::Malformed)?,
            vault_id: self.vault_id,
        })
    }
}

fn context(vault_id: [u8; 16]) -> Vec<u8> {
    Fixed::context_without_pin(vault_id, RECOVERY_SLOT, &[])
}

#[cfg(test)]
mod tests {
    use super::super::testing::{same, vault};
    use super::*;
    use crate::os_random;

    fn custodians() -> [RecipientKey; 2] {
        [
            RecipientKey::make(&mut os_random()),
            RecipientKey::make(&mut os_random()),
        ]
    }

    fn with_slot(keys: &[RecipientKey; 2]) -> (VaultHeader, VaultKey) {
        let (header, key, _) = vault(b"271828");
        let header = header
            .add_recovery(
                &key,
                keys.each_ref().map(RecipientKey::recipient),
                &mut os_random(),
            )
            .unwrap();
        (VaultHeader::parse(&header.encode()).unwrap(), key)
    }

    #[test]
    fn two_custodians_together_open_the_vault_for_the_phone_that_asked() {
        let keys = custodians();
        let (header, key) = with_slot(&keys);
        let (request, asked) = header.ask_recovery(&mut os_random()).unwrap();
        let carried = RecoveryRequest::parse(&request.encode()).unwrap();
        assert_eq!(carried.words(), request.words());
        let half = carried.open_outer(&keys[0]).unwrap();
        let half = RecoveryRequest::parse(&half.encode()).unwrap();
        let answer = half.answer(&keys[1], &mut os_random()).unwrap();
        same(&asked.finish(&answer).unwrap(), &key);
    }

    #[test]
    fn one_alone_opens_nothing_in_either_order() {
        let keys = custodians();
        let (header, _) = with_slot(&keys);
        let (request, _) = header.ask_recovery(&mut os_random()).unwrap();
        let sealed = IdentityError::Sealed;
        assert_eq!(request.open_outer(&keys[1]), Err(sealed));
        assert_eq!(request.answer(&keys[0], &mut os_random()), Err(sealed));
        assert_eq!(request.answer(&keys[1], &mut os_random()), Err(sealed));
        let half = request.open_outer(&keys[0]).unwrap();
        assert_eq!(half.answer(&keys[0], &mut os_random()), Err(sealed));
    }

    #[test]
    fn an_answer_opens_for_the_phone_that_asked_and_no_other() {
        let keys = custodians();
        let (header, _) = with_slot(&keys);
        let (request, _) = header.ask_recovery(&mut os_random()).unwrap();
        let (other, other_asked) = header.ask_recovery(&mut os_random()).unwrap();
        assert_ne!(request.words(), other.words());
        let half = request.open_outer(&keys[0]).unwrap();
        let answer = half.answer(&keys[1], &mut os_random()).unwrap();
        assert_eq!(
            other_asked.finish(&answer).unwrap_err(),
            IdentityError::Sealed
        );
    }

    #[test]
    fn a_vault_without_the_slot_has_nothing_to_ask() {
        let (header, _, _) = vault(b"271828");
        assert!(header.ask_recovery(&mut os_random()).is_none());
    }
}
