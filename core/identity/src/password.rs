//! Staff passwords at HQ: Argon2id in the usual text form, so that the cost can be read and raised.

use base64ct::{Base64Unpadded, Encoding};
use ring::hmac;

use crate::random::fresh;
use crate::{IdentityError, KdfParams, Random};

/// What a password came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordCheck {
    /// It is the one.
    Right,
    /// It is the one, and was hashed at a lower cost than is asked for now: hash it again.
    RightButWeak,
    /// It is not.
    Wrong,
}

/// `$argon2id$v=19$m=…,t=…,p=…$salt$hash`
pub fn hash_password(password: &[u8], params: KdfParams, random: &mut dyn Random) -> String {
    let salt: [u8; 16] = fresh(random);
    let hash = params.derive(password, &salt);
    let (memory, passes, lanes) = params.parts();
    let salt = Base64Unpadded::encode_string(&salt);
    let hash = Base64Unpadded::encode_string(hash.expose());
    format!("$argon2id$v=19$m={memory},t={passes},p={lanes}${salt}${hash}")
}

/// Compares in constant time. `Malformed` means that the stored text is damaged, which is not a wrong password.
pub fn check_password(
    password: &[u8],
    stored: &str,
    wanted: KdfParams,
) -> Result<PasswordCheck, IdentityError> {
    let (params, salt, hash) = parse(stored).ok_or(IdentityError::Malformed)?;
    let made = params.derive(password, &salt);
    if !same(made.expose(), &hash) {
        return Ok(PasswordCheck::Wrong);
    }
    Ok(if params.at_least(wanted) {
        PasswordCheck::Right
    } else {
        PasswordCheck::RightButWeak
    })
}

/// Compares the tags that both make as keys: ring promises constant time for tags and for nothing else.
fn same(made: &[u8; 32], stored: &[u8; 32]) -> bool {
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, stored), &[]);
    hmac::verify(&hmac::Key::new(hmac::HMAC_SHA256, made), &[], tag.as_ref()).is_ok()
}

fn parse(stored: &str) -> Option<(KdfParams, [u8; 16], [u8; 32])> {
    let mut parts = stored.strip_prefix("$argon2id$v=19$")?.split('$');
    let (costs, salt, hash) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let mut costs = costs.split(',');
    let memory = costs.next()?.strip_prefix("m=")?.parse().ok()?;
    let passes = costs.next()?.strip_prefix("t=")?.parse().ok()?;
    let lanes = costs.next()?.strip_prefix("p=")?.parse().ok()?;
    let params = KdfParams::parse(memory, passes, lanes).ok()?;
    let salt = Base64Unpadded::decode_vec(salt).ok()?.try_into().ok()?;
    let hash = Base64Unpadded::decode_vec(hash).ok()?.try_into().ok()?;
    Some((params, salt, hash))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::os_random;

    const CHEAP: KdfParams = KdfParams::trying_out();

    #[test]
    fn the_right_password_is_right_and_another_wrong() {
        let stored = hash_password(b"harbor lights", CHEAP, &mut os_random());
        assert_eq!(
            check_password(b"harbor lights", &stored, CHEAP),
            Ok(PasswordCheck::Right)
        );
        assert_eq!(
            check_password(b"harbor light", &stored, CHEAP),
            Ok(PasswordCheck::Wrong)
        );
    }

    #[test]
    fn a_cheap_hash_asks_to_be_made_again() {
        let stored = hash_password(b"x", CHEAP, &mut os_random());
        assert_eq!(
            check_password(b"x", &stored, KdfParams::floor()),
            Ok(PasswordCheck::RightButWeak)
        );
    }

    #[test]
    fn the_same_password_never_looks_the_same_twice() {
        let random = &mut os_random();
        assert_ne!(
            hash_password(b"x", CHEAP, random),
            hash_password(b"x", CHEAP, random)
        );
    }

    #[test]
    fn damaged_text_is_not_a_wrong_password() {
        for bad in [
            "",
            "$argon2id$v=19$m=64,t=1,p=1$",
            "$argon2id$v=19$m=4294967295,t=1,p=1$AAAA$AAAA",
        ] {
            assert_eq!(
                check_password(b"x", bad, CHEAP),
                Err(IdentityError::Malformed)
            );
        }
    }
}
