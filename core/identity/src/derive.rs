//! Keys from keys (HKDF-SHA256, RFC 5869) and SHA-256.

use ring::hkdf::{HKDF_SHA256, Salt};
use sha2::{Digest, Sha256};

use crate::{Purpose, Secret};

/// One key for one purpose, from `input` key material. The purpose and the context both separate it from every other.
pub fn derive_secret(salt: &[u8], input: &[u8], purpose: Purpose, context: &[u8]) -> Secret {
    let name = purpose.name().as_bytes();
    let length = u8::try_from(name.len()).unwrap_or(u8::MAX);
    expand(salt, input, &[&[length], name, context])
}

/// SHA-256.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// SHA-256 over parts whose boundaries the caller has made unambiguous.
pub(crate) fn sha256_of(parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    hash.finalize().into()
}

fn expand(salt: &[u8], input: &[u8], label: &[&[u8]]) -> Secret {
    let mut out = Secret::empty();
    Salt::new(HKDF_SHA256, salt)
        .extract(input)
        .expand(label, HKDF_SHA256)
        .and_then(|okm| okm.fill(out.bytes_mut()))
        .expect("one block of HKDF-SHA256 is never too long");
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hex::bytes;

    /// The first 32 bytes of each published output: HKDF gives a prefix for a shorter length.
    #[track_caller]
    fn check(input: &str, salt: &str, label: &str, okm: &str) {
        let out = expand(&bytes(salt), &bytes(input), &[&bytes(label)]);
        assert_eq!(out.expose().as_slice(), bytes(okm).as_slice());
    }

    #[test]
    fn rfc_5869_case_1() {
        check(
            "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b",
            "000102030405060708090a0b0c",
            "f0f1f2f3f4f5f6f7f8f9",
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf",
        );
    }

    #[test]
    fn rfc_5869_case_3_without_salt_and_label() {
        check(
            "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b",
            "",
            "",
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d",
        );
    }

    #[test]
    fn another_purpose_or_context_is_another_key() {
        let a = derive_secret(b"s", b"k", Purpose::new("a"), b"x");
        let b = derive_secret(b"s", b"k", Purpose::new("b"), b"x");
        let c = derive_secret(b"s", b"k", Purpose::new("a"), b"y");
        let shifted = derive_secret(b"s", b"k", Purpose::new("ax"), b"");
        assert_ne!(a.expose(), b.expose());
        assert_ne!(a.expose(), c.expose());
        assert_ne!(a.expose(), shifted.expose());
    }
}
