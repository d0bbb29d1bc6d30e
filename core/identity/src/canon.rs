//! Canonical binary: one way to write each value, so that what is signed can be rebuilt and bytes from outside cannot panic.
//!
//! Fixed-width integers are big-endian; counts and lengths are LEB128 in their shortest form, and a longer form is refused.

use crate::IdentityError;

/// Writes canonical binary.
#[derive(Debug, Default)]
pub struct Writer(Vec<u8>);

impl Writer {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    /// One byte.
    pub fn u8(&mut self, value: u8) -> &mut Self {
        self.fixed(&[value])
    }

    /// Two bytes.
    pub fn u16(&mut self, value: u16) -> &mut Self {
        self.fixed(&value.to_be_bytes())
    }

    /// Four bytes.
    pub fn u32(&mut self, value: u32) -> &mut Self {
        self.fixed(&value.to_be_bytes())
    }

    /// Eight bytes.
    pub fn u64(&mut self, value: u64) -> &mut Self {
        self.fixed(&value.to_be_bytes())
    }

    /// Eight bytes, signed.
    pub fn i64(&mut self, value: i64) -> &mut Self {
        self.fixed(&value.to_be_bytes())
    }

    /// A count or length in as few bytes as it takes.
    pub fn varint(&mut self, mut value: u64) -> &mut Self {
        loop {
            let low = u8::try_from(value & 0x7f).unwrap_or(0);
            value >>= 7;
            if value == 0 {
                return self.u8(low);
            }
            self.u8(low | 0x80);
        }
    }

    /// Bytes whose length the reader knows.
    pub fn fixed(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.extend_from_slice(bytes);
        self
    }

    /// A length, then the bytes.
    pub fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.varint(bytes.len() as u64).fixed(bytes)
    }

    /// A length, then UTF-8.
    pub fn text(&mut self, text: &str) -> &mut Self {
        self.bytes(text.as_bytes())
    }

    /// What was written.
    pub fn finish(self) -> Vec<u8> {
        self.0
    }
}

/// Reads canonical binary. Every length is checked against its cap and against what is left before anything is allocated.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// Reads from the first byte.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// The next byte must be a version of at most `known`; a higher one is `TooNew`.
    pub fn version(&mut self, known: u8) -> Result<u8, IdentityError> {
        let version = self.u8()?;
        if version > known {
            Err(IdentityError::TooNew)
        } else {
            Ok(version)
        }
    }

    /// One byte.
    pub fn u8(&mut self) -> Result<u8, IdentityError> {
        Ok(u8::from_be_bytes(self.array()?))
    }

    /// Two bytes.
    pub fn u16(&mut self) -> Result<u16, IdentityError> {
        Ok(u16::from_be_bytes(self.array()?))
    }

    /// Four bytes.
    pub fn u32(&mut self) -> Result<u32, IdentityError> {
        Ok(u32::from_be_bytes(self.array()?))
    }

    /// Eight bytes.
    pub fn u64(&mut self) -> Result<u64, IdentityError> {
        Ok(u64::from_be_bytes(self.array()?))
    }

    /// Eight bytes, signed.
    pub fn i64(&mut self) -> Result<i64, IdentityError> {
        Ok(i64::from_be_bytes(self.array()?))
    }

    /// A fixed number of bytes.
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], IdentityError> {
        let (head, rest) = self
            .0
            .split_first_chunk::<N>()
            .ok_or(IdentityError::Malformed)?;
        self.0 = rest;
        Ok(*head)
    }

    /// A count or length in its shortest form.
    pub fn varint(&mut self) -> Result<u64, IdentityError> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.u8()?;
            let low = u64::from(byte & 0x7f);
            if shift == 63 && low > 1 {
                return Err(IdentityError::Malformed);
            }
            value |= low << shift;
            if byte & 0x80 == 0 {
                let shortest = byte != 0 || shift == 0;
                return if shortest {
                    Ok(value)
                } else {
                    Err(IdentityError::Malformed)
                };
            }
        }
        Err(IdentityError::Malformed)
    }

    /// How many follow: at most `cap`, and no more than could fit in what is left at `least` bytes each.
    pub fn count(&mut self, cap: usize, least: usize) -> Result<usize, IdentityError> {
        let count = usize::try_from(self.varint()?).map_err(|_| IdentityError::TooLarge)?;
        if count > cap {
            return Err(IdentityError::TooLarge);
        }
        if count.saturating_mul(least) > self.0.len() {
            return Err(IdentityError::Malformed);
        }
        Ok(count)
    }

    /// Exactly `len` bytes.
    pub fn fixed(&mut self, len: usize) -> Result<&'a [u8], IdentityError> {
        let (head, rest) = self
            .0
            .split_at_checked(len)
            .ok_or(IdentityError::Malformed)?;
        self.0 = rest;
        Ok(head)
    }

    /// A length of at most `cap`, then that many bytes.
    pub fn bytes(&mut self, cap: usize) -> Result<&'a [u8], IdentityError> {
        let len = self.count(cap, 1)?;
        self.fixed(len)
    }

    /// A length of at most `cap`, then UTF-8.
    pub fn text(&mut self, cap: usize) -> Result<&'a str, IdentityError> {
        std::str::from_utf8(self.bytes(cap)?).map_err(|_| IdentityError::Malformed)
    }

    /// What is left, unread.
    pub fn rest(&self) -> &'a [u8] {
        self.0
    }

    /// Nothing may be left.
    pub fn finish(self) -> Result<(), IdentityError> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(IdentityError::Malformed)
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_number_in_a_longer_form_than_needed_is_refused() {
        assert_eq!(
            Reader::new(&[0x80, 0x00]).varint(),
            Err(IdentityError::Malformed)
        );
        assert_eq!(Reader::new(&[0x00]).varint(), Ok(0));
    }

    #[test]
    fn a_length_beyond_its_cap_is_refused_before_the_bytes_are_looked_at() {
        assert_eq!(
            Reader::new(&[0xff, 0xff, 0x7f]).bytes(10),
            Err(IdentityError::TooLarge)
        );
        assert_eq!(
            Reader::new(&[5, 1]).bytes(10),
            Err(IdentityError::Malformed)
        );
    }

    #[test]
    fn a_higher_version_is_too_new() {
        assert_eq!(Reader::new(&[1]).version(0), Err(IdentityError::TooNew));
    }

    proptest! {
        #[test]
        fn every_number_comes_back(value: u64) {
            let mut writer = Writer::new();
            writer.varint(value);
            let bytes = writer.finish();
            prop_assert_eq!(Reader::new(&bytes).varint(), Ok(value));
        }

        #[test]
        fn whatever_number_is_read_is_written_the_same_way(bytes: Vec<u8>) {
            let mut reader = Reader::new(&bytes);
            if let Ok(value) = reader.varint() {
                let mut writer = Writer::new();
                writer.varint(value);
                let used = bytes.len() - reader.rest().len();
                prop_assert_eq!(&writer.finish(), &bytes[..used]);
            }
        }
    }
}
