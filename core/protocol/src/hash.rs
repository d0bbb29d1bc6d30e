//! The name of one exact protocol: the hash of its two files.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};

/// SHA-256 over the Questionnaire's bytes and the rules' bytes, each with its length before it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProtocolHash(pub [u8; 32]);

/// The text is not a protocol's hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a protocol's hash: 64 hexadecimal digits expected")]
pub struct HashError;

impl ProtocolHash {
    /// The hash of these two files. No rules at all is another protocol than empty rules.
    pub fn derive(questionnaire: &[u8], rules: Option<&[u8]>) -> Self {
        let mut hash = Sha256::new();
        feed(&mut hash, questionnaire);
        if let Some(rules) = rules {
            feed(&mut hash, rules);
        }
        Self(hash.finalize().into())
    }
}

fn feed(hash: &mut Sha256, bytes: &[u8]) {
    hash.update(u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes());
    hash.update(bytes);
}

impl fmt::Display for ProtocolHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for ProtocolHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ProtocolHash({self})")
    }
}

impl FromStr for ProtocolHash {
    type Err = HashError;

    fn from_str(text: &str) -> Result<Self, HashError> {
        if text.len() != 64 {
            return Err(HashError);
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            *byte = hex(pair).ok_or(HashError)?;
        }
        Ok(Self(bytes))
    }
}

fn hex(pair: &[u8]) -> Option<u8> {
    pair.iter().try_fold(0_u8, |sum, digit| {
        let value = match digit {
            b'0'..=b'9' => digit - b'0',
            b'a'..=b'f' => digit - b'a' + 10,
            _ => return None,
        };
        Some(sum * 16 + value)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_border_between_the_files_is_part_of_the_hash() {
        let whole = ProtocolHash::derive(b"ab", None);
        assert_ne!(whole, ProtocolHash::derive(b"a", Some(b"b")));
        assert_ne!(whole, ProtocolHash::derive(b"ab", Some(b"")));
        assert_eq!(whole, ProtocolHash::derive(b"ab", None));
    }

    #[test]
    fn a_hash_has_one_text_form_and_comes_back() {
        let hash = ProtocolHash::derive(b"ab", None);
        assert_eq!(hash.to_string().parse(), Ok(hash));
        assert!(
            hash.to_string()
                .to_uppercase()
                .parse::<ProtocolHash>()
                .is_err()
        );
        assert!("".parse::<ProtocolHash>().is_err());
    }
}
