//! Argon2id: what makes a PIN or a password slow to guess.

use argon2::{Algorithm, Argon2, Params, Version};

use crate::{IdentityError, Reader, Secret, Writer};

/// How costly one guess is. They lie beside what they protect, so that they can be raised later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KdfParams {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

impl KdfParams {
    /// The floor for real vaults: 64 MiB, three passes, one lane.
    pub const fn floor() -> Self {
        Self {
            memory_kib: 64 * 1024,
            passes: 3,
            lanes: 1,
        }
    }

    /// Cheap enough for tests and demonstrations, and for nothing else.
    pub const fn trying_out() -> Self {
        Self {
            memory_kib: 64,
            passes: 1,
            lanes: 1,
        }
    }

    /// Parameters from outside. Refuses what Argon2 would, and what would let a forged header ask for all memory or for hours.
    pub fn parse(memory_kib: u32, passes: u32, lanes: u32) -> Result<Self, IdentityError> {
        let bounded = memory_kib <= 1024 * 1024 && passes <= 64 && lanes <= 16;
        let params = Params::new(memory_kib, passes, lanes, Some(32));
        if bounded && params.is_ok() {
            Ok(Self {
                memory_kib,
                passes,
                lanes,
            })
        } else {
            Err(IdentityError::Malformed)
        }
    }

    /// Memory in KiB, passes and lanes.
    pub const fn parts(self) -> (u32, u32, u32) {
        (self.memory_kib, self.passes, self.lanes)
    }

    /// True where each cost is at least as high as in `other`.
    pub const fn at_least(self, other: Self) -> bool {
        self.memory_kib >= other.memory_kib
            && self.passes >= other.passes
            && self.lanes >= other.lanes
    }

    /// The 32 bytes of this password and salt.
    pub(crate) fn derive(self, password: &[u8], salt: &[u8; 16]) -> Secret {
        let mut out = Secret::empty();
        Params::new(self.memory_kib, self.passes, self.lanes, Some(32))
            .map(|params| Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
            .and_then(|argon2| argon2.hash_password_into(password, salt, out.bytes_mut()))
            .expect(
                "the parameters were tried when they were parsed, and no password reaches 4 GiB",
            );
        out
    }

    pub(crate) fn write(self, out: &mut Writer) {
        out.u32(self.memory_kib).u32(self.passes).u32(self.lanes);
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self, IdentityError> {
        Self::parse(reader.u32()?, reader.u32()?, reader.u32()?)
    }
}

impl Default for KdfParams {
    fn default() -> Self {
        Self::floor()
    }
}

#[cfg(test)]
mod tests {
    use argon2::{AssociatedData, ParamsBuilder};

    use super::*;
    use crate::hex::bytes;

    #[test]
    fn rfc_9106_argon2id_vector() {
        let params = ParamsBuilder::new()
            .m_cost(32)
            .t_cost(3)
            .p_cost(4)
            .data(AssociatedData::new(&[4; 12]).unwrap())
            .build()
            .unwrap();
        let argon2 =
            Argon2::new_with_secret(&[3; 8], Algorithm::Argon2id, Version::V0x13, params).unwrap();
        let mut tag = [0; 32];
        argon2
            .hash_password_into(&[1; 32], &[2; 16], &mut tag)
            .unwrap();
        assert_eq!(
            tag.as_slice(),
            bytes("0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659")
        );
    }

    #[test]
    fn another_pin_salt_or_cost_is_another_key() {
        let base = KdfParams::trying_out();
        let costlier = KdfParams::parse(64, 2, 1).unwrap();
        let one = base.derive(b"1234", &[1; 16]);
        for other in [
            base.derive(b"1235", &[1; 16]),
            base.derive(b"1234", &[2; 16]),
            costlier.derive(b"1234", &[1; 16]),
        ] {
            assert_ne!(one.expose(), other.expose());
        }
    }

    #[test]
    fn a_forged_header_cannot_ask_for_all_memory() {
        assert!(KdfParams::parse(u32::MAX, 3, 1).is_err());
        assert!(KdfParams::parse(64, u32::MAX, 1).is_err());
        assert!(KdfParams::parse(0, 0, 0).is_err());
        assert!(KdfParams::parse(64 * 1024, 3, 1).is_ok());
    }
}
