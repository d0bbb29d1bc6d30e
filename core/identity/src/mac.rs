//! A tag that only who holds the key can make (HMAC-SHA256), for files that lie outside the vault.

use ring::hmac;

use crate::{Purpose, Secret, Writer};

/// A key that tags bytes for one purpose.
#[derive(Debug)]
pub struct MacKey {
    secret: Secret,
    purpose: Purpose,
}

impl MacKey {
    /// Binds `secret` to `purpose`.
    pub fn new(secret: Secret, purpose: Purpose) -> Self {
        Self { secret, purpose }
    }

    /// The tag of these bytes.
    pub fn tag(&self, bytes: &[u8]) -> [u8; 32] {
        let mut out = [0; 32];
        out.copy_from_slice(hmac::sign(&self.key(), &self.message(bytes)).as_ref());
        out
    }

    /// Whether this is their tag, compared in constant time.
    pub fn holds(&self, bytes: &[u8], tag: &[u8; 32]) -> bool {
        hmac::verify(&self.key(), &self.message(bytes), tag).is_ok()
    }

    fn key(&self) -> hmac::Key {
        hmac::Key::new(hmac::HMAC_SHA256, self.secret.expose())
    }

    fn message(&self, bytes: &[u8]) -> Vec<u8> {
        let mut out = Writer::new();
        out.text(self.purpose.name()).fixed(bytes);
        out.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_holds_for_its_key_purpose_and_bytes_only() {
        let key = |byte, name| MacKey::new(Secret::take(&mut [byte; 32]), Purpose::new(name));
        let mine = key(1, "mooring.test.one");
        let tag = mine.tag(b"words");
        assert!(mine.holds(b"words", &tag));
        assert!(!mine.holds(b"wordz", &tag));
        assert!(!key(2, "mooring.test.one").holds(b"words", &tag));
        assert!(!key(1, "mooring.test.two").holds(b"words", &tag));
    }
}
