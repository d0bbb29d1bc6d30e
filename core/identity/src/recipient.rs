//! Sealed to somebody's public key (HPKE, RFC 9180, base mode): whoever seals cannot open again.
//!
//! DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20-Poly1305. It says nothing about who sealed: what must have a writer is signed
//! inside.

use std::convert::Infallible;
use std::fmt;

use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::rand_core::{TryCryptoRng, TryRng};
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable};
use zeroize::Zeroizing;

use crate::{IdentityError, Purpose, Random, Reader, Secret, Writer};

const VERSION: u8 = 0;
/// What sealing adds to the plain bytes: the version, the fresh public key and the tag.
pub const SEALED_OVERHEAD: usize = 1 + 32 + 16;

/// A public key that bytes are sealed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Recipient(pub [u8; 32]);

impl Recipient {
    /// Seals `plain` for one purpose. `context` is not stored: whoever opens must know it. `Malformed` for a public key that is none.
    pub fn seal(
        &self,
        purpose: Purpose,
        context: &[u8],
        plain: &[u8],
        random: &mut dyn Random,
    ) -> Result<Vec<u8>, IdentityError> {
        let (fresh, sealed) = self.seal_raw(&label(purpose), context, plain, random)?;
        let mut out = Writer::new();
        out.u8(VERSION).fixed(&fresh).fixed(&sealed);
        Ok(out.finish())
    }

    fn seal_raw(
        &self,
        label: &[u8],
        context: &[u8],
        plain: &[u8],
        random: &mut dyn Random,
    ) -> Result<([u8; 32], Vec<u8>), IdentityError> {
        let to = <X25519HkdfSha256 as Kem>::PublicKey::from_bytes(&self.0)
            .map_err(|_| IdentityError::Malformed)?;
        let (fresh, sealed) =
            hpke::single_shot_seal_with_rng::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
                &OpModeS::Base,
                &to,
                label,
                plain,
                context,
                &mut Chance(random),
            )
            .map_err(|_| IdentityError::Malformed)?;
        Ok((fresh.to_bytes().into(), sealed))
    }
}

/// The private half. It keeps its 32 bytes alone, so that dropping it leaves nothing to find.
pub struct RecipientKey {
    seed: Secret,
    public: Recipient,
}

impl RecipientKey {
    /// A fresh one.
    pub fn make(random: &mut dyn Random) -> Self {
        Self::from_seed(Secret::make(random))
    }

    /// The key whose X25519 scalar these bytes are.
    pub fn from_seed(seed: Secret) -> Self {
        let public = X25519HkdfSha256::sk_to_pk(&private(&seed));
        Self {
            seed,
            public: Recipient(public.to_bytes().into()),
        }
    }

    /// Its bytes, for whoever keeps them.
    pub fn seed(&self) -> &Secret {
        &self.seed
    }

    /// The public half.
    pub const fn recipient(&self) -> Recipient {
        self.public
    }

    /// Opens what [`Recipient::seal`] made for this key, purpose and context.
    pub fn open(
        &self,
        purpose: Purpose,
        context: &[u8],
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, IdentityError> {
        let mut reader = Reader::new(sealed);
        reader.version(VERSION)?;
        let fresh = reader.array()?;
        self.open_raw(&label(purpose), context, &fresh, reader.rest())
    }

    fn open_raw(
        &self,
        label: &[u8],
        context: &[u8],
        fresh: &[u8; 32],
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, IdentityError> {
        let fresh = <X25519HkdfSha256 as Kem>::EncappedKey::from_bytes(fresh)
            .map_err(|_| IdentityError::Malformed)?;
        hpke::single_shot_open::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
            &OpModeR::Base,
            &private(&self.seed),
            &fresh,
            label,
            sealed,
            context,
        )
        .map(Zeroizing::new)
        .map_err(|_| IdentityError::Sealed)
    }
}

impl fmt::Debug for RecipientKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecipientKey(..)")
    }
}

fn private(seed: &Secret) -> <X25519HkdfSha256 as Kem>::PrivateKey {
    <X25519HkdfSha256 as Kem>::PrivateKey::from_bytes(seed.expose()).expect("it has 32 bytes")
}

fn label(purpose: Purpose) -> Vec<u8> {
    let mut out = Writer::new();
    out.text(purpose.name()).u8(VERSION);
    out.finish()
}

/// Our chance, as the library asks for it.
struct Chance<'a>(&'a mut dyn Random);

impl TryRng for Chance<'_> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut out = [0; 4];
        self.0.fill(&mut out);
        Ok(u32::from_le_bytes(out))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut out = [0; 8];
        self.0.fill(&mut out);
        Ok(u64::from_le_bytes(out))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        self.0.fill(out);
        Ok(())
    }
}

impl TryCryptoRng for Chance<'_> {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hex::bytes;
    use crate::os_random;

    const ONE: Purpose = Purpose::new("mooring.test.one");
    const TWO: Purpose = Purpose::new("mooring.test.two");

    /// Chance that is known beforehand: the published seed of the fresh key.
    struct Given(Vec<u8>);

    impl Random for Given {
        fn fill(&mut self, out: &mut [u8]) {
            out.copy_from_slice(&self.0);
        }
    }

    fn array(hex: &str) -> [u8; 32] {
        bytes(hex).try_into().unwrap()
    }

    #[test]
    fn rfc_9180_a_2_1_base_mode_x25519_chacha20poly1305() {
        let key = RecipientKey::from_seed(Secret::take(&mut array(
            "8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb",
        )));
        assert_eq!(
            key.recipient().0,
            array("4310ee97d88cc1f088a5576c77ab0cf5c3ac797f3d95139c6c84b5429c59662a")
        );
        let info = bytes("4f6465206f6e2061204772656369616e2055726e");
        let plain = bytes("4265617574792069732074727574682c20747275746820626561757479");
        let context = bytes("436f756e742d30");
        let mut given = Given(bytes(
            "909a9b35d3dc4713a5e72a4da274b55d3d3821a37e5d099e74a647db583a904b",
        ));
        let (fresh, sealed) = key
            .recipient()
            .seal_raw(&info, &context, &plain, &mut given)
            .unwrap();
        assert_eq!(
            fresh,
            array("1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a")
        );
        assert_eq!(
            sealed,
            bytes(
                "1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db21993c62ce81883d2dd1b51a28"
            )
        );
        let opened = key.open_raw(&info, &context, &fresh, &sealed).unwrap();
        assert_eq!(opened.as_slice(), plain);
    }

    #[test]
    fn it_opens_for_its_own_key_purpose_and_place_only() {
        let (key, other) = (
            RecipientKey::make(&mut os_random()),
            RecipientKey::make(&mut os_random()),
        );
        let sealed = key
            .recipient()
            .seal(ONE, b"row 1", b"words", &mut os_random())
            .unwrap();
        assert_eq!(sealed.len(), b"words".len() + SEALED_OVERHEAD);
        assert_eq!(
            key.open(ONE, b"row 1", &sealed).unwrap().as_slice(),
            b"words"
        );
        for refused in [
            key.open(TWO, b"row 1", &sealed),
            key.open(ONE, b"row 2", &sealed),
            other.open(ONE, b"row 1", &sealed),
        ] {
            assert_eq!(refused.unwrap_err(), IdentityError::Sealed);
        }
    }

    #[test]
    fn any_flipped_bit_is_noticed_and_any_cut_is_no_panic() {
        let key = RecipientKey::make(&mut os_random());
        let sealed = key
            .recipient()
            .seal(ONE, b"", b"words", &mut os_random())
            .unwrap();
        for at in 0..sealed.len() {
            let mut bad = sealed.clone();
            bad[at] ^= 1;
            assert!(key.open(ONE, b"", &bad).is_err(), "byte {at}");
            assert!(key.open(ONE, b"", &sealed[..at]).is_err(), "cut at {at}");
        }
    }

    #[test]
    fn a_public_key_of_low_order_is_refused() {
        assert_eq!(
            Recipient([0; 32]).seal(ONE, b"", b"words", &mut os_random()),
            Err(IdentityError::Malformed)
        );
    }
}
