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

/// How long an unlock may make a responder wait, on the phone that it was measured on.
const CALIBRATE_TO_MS: u64 = 600;
/// A clock that says "no time at all" must not ask for hours.
const MOST_CALIBRATED: u32 = 32;

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

    /// What one guess should cost on a phone that took `took_ms` for one with these: as many passes as fit into 600 ms, never below
    /// the floor, and never less than now. Whoever measured brings the time.
    #[must_use]
    pub fn calibrated(self, took_ms: u64) -> Self {
        let floor = Self::floor();
        // A pass costs what its memory costs; whatever else took time is counted as if it were passes, so that it errs to the quick side.
        let per_floor_pass = took_ms.max(1).saturating_mul(u64::from(floor.memory_kib))
            / u64::from(self.memory_kib.max(1))
            / u64::from(self.passes.max(1));
        let fit = CALIBRATE_TO_MS / per_floor_pass.max(1);
        let passes = u32::try_from(fit).unwrap_or(u32::MAX).min(MOST_CALIBRATED);
        Self {
            memory_kib: self.memory_kib.max(floor.memory_kib),
            passes: self.passes.max(floor.passes).max(passes),
            lanes: self.lanes.max(floor.lanes),
        }
    }

    /// Makes one guess and forgets what came of it, for whoever measures how long it takes.
    pub fn try_out(self) {
        drop(self.derive(b"measuring", &[0; 16]));
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

    #[track_caller]
    fn check_calibrated(from: KdfParams, took_ms: u64, passes: u32) {
        let to = from.calibrated(took_ms);
        assert_eq!(to.parts(), (64 * 1024, passes, 1));
        assert!(to.at_least(from) && to.at_least(KdfParams::floor()));
    }

    #[test]
    fn as_many_passes_as_fit_into_600_ms_and_never_fewer_than_three() {
        check_calibrated(KdfParams::floor(), 150, 12);
        check_calibrated(KdfParams::floor(), 600, 3);
        check_calibrated(KdfParams::floor(), 60_000, 3);
        check_calibrated(KdfParams::floor(), 0, MOST_CALIBRATED);
        check_calibrated(KdfParams::parse(64 * 1024, 12, 1).unwrap(), 4_000, 12);
    }

    #[test]
    fn a_forged_header_cannot_ask_for_all_memory() {
        assert!(KdfParams::parse(u32::MAX, 3, 1).is_err());
        assert!(KdfParams::parse(64, u32::MAX, 1).is_err());
        assert!(KdfParams::parse(0, 0, 0).is_err());
        assert!(KdfParams::parse(64 * 1024, 3, 1).is_ok());
    }
}
