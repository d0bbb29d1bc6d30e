//! Sealed bytes: ChaCha20-Poly1305 with the purpose in the associated data, so that what was sealed for one use opens for no other.

use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey};
use zeroize::Zeroizing;

use crate::random::fresh;
use crate::{IdentityError, Random, Reader, Secret, Writer};

const VERSION: u8 = 0;

/// What a key or sealed bytes are for. Make each a constant, once, and never reuse its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Purpose(&'static str);

impl Purpose {
    /// Names a purpose, such as `mooring.ledger.run`.
    pub const fn new(name: &'static str) -> Self {
        Self(name)
    }

    /// Its name.
    pub const fn name(self) -> &'static str {
        self.0
    }
}

/// A key that seals bytes for one purpose.
#[derive(Debug)]
pub struct SealKey {
    secret: Secret,
    purpose: Purpose,
}

impl SealKey {
    /// Binds `secret` to `purpose`.
    pub fn new(secret: Secret, purpose: Purpose) -> Self {
        Self { secret, purpose }
    }

    /// Seals `plain`. `context` (a row's id, a header) is not stored: whoever opens must know it.
    pub fn seal(&self, context: &[u8], plain: &[u8], random: &mut dyn Random) -> Vec<u8> {
        let nonce: [u8; 12] = fresh(random);
        let mut body = Zeroizing::new(plain.to_vec());
        let tag = self
            .cipher()
            .seal_in_place_separate_tag(
                Nonce::assume_unique_for_key(nonce),
                self.associated(context),
                &mut body,
            )
            .expect("nothing of ours comes near the cipher's limit of 256 GiB");
        let mut out = Writer::new();
        out.u8(VERSION)
            .fixed(&nonce)
            .fixed(&body)
            .fixed(tag.as_ref());
        out.finish()
    }

    /// Opens what [`SealKey::seal`] made with the same key, purpose and context.
    pub fn open(&self, context: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, IdentityError> {
        let mut reader = Reader::new(sealed);
        reader.version(VERSION)?;
        let nonce = reader.array::<12>()?;
        let mut body = Zeroizing::new(reader.rest().to_vec());
        let length = self
            .cipher()
            .open_in_place(
                Nonce::assume_unique_for_key(nonce),
                self.associated(context),
                &mut body,
            )
            .map_err(|_| IdentityError::Sealed)?
            .len();
        body.truncate(length);
        Ok(body)
    }

    fn cipher(&self) -> LessSafeKey {
        let key = UnboundKey::new(&CHACHA20_POLY1305, self.secret.expose())
            .expect("the key has the cipher's length");
        LessSafeKey::new(key)
    }

    fn associated(&self, context: &[u8]) -> Aad<Vec<u8>> {
        let mut out = Writer::new();
        out.text(self.purpose.name()).u8(VERSION).fixed(context);
        Aad::from(out.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::os_random;

    const ONE: Purpose = Purpose::new("mooring.test.one");
    const TWO: Purpose = Purpose::new("mooring.test.two");

    fn key(purpose: Purpose) -> SealKey {
        SealKey::new(Secret::take(&mut [7; 32]), purpose)
    }

    #[test]
    fn what_was_sealed_opens() {
        let sealed = key(ONE).seal(b"row 1", b"words", &mut os_random());
        assert_eq!(
            key(ONE).open(b"row 1", &sealed).unwrap().as_slice(),
            b"words"
        );
    }

    #[test]
    fn it_opens_for_no_other_purpose_and_in_no_other_place() {
        let sealed = key(ONE).seal(b"row 1", b"words", &mut os_random());
        assert_eq!(key(TWO).open(b"row 1", &sealed), Err(IdentityError::Sealed));
        assert_eq!(key(ONE).open(b"row 2", &sealed), Err(IdentityError::Sealed));
    }

    #[test]
    fn any_flipped_bit_is_noticed() {
        let sealed = key(ONE).seal(b"", b"words", &mut os_random());
        for at in 0..sealed.len() {
            let mut bad = sealed.clone();
            bad[at] ^= 1;
            assert!(key(ONE).open(b"", &bad).is_err(), "byte {at}");
        }
    }
}
