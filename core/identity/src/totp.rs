//! One-time codes that go by the clock (TOTP, RFC 6238): six digits, thirty seconds, SHA-1, as every authenticator app reckons them.

use std::fmt::Write as _;

use ring::hmac;

use crate::{Random, Secret};

/// How long one code is good.
pub const STEP_MS: i64 = 30_000;
/// A clock may be one step off, to either side.
const DRIFT: i64 = 1;
const DIGITS: usize = 6;
/// As RFC 4226 recommends; and the most that some apps take.
const SECRET_BYTES: usize = 20;

/// The secret that a person's authenticator and HQ share.
pub struct TotpSecret(Secret);

impl TotpSecret {
    /// A new one.
    pub fn make(random: &mut dyn Random) -> Self {
        Self(Secret::make(random))
    }

    /// From the bytes that it was kept as.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        Secret::parse(bytes).map(Self)
    }

    /// What is kept, sealed.
    pub fn expose(&self) -> &[u8; 32] {
        self.0.expose()
    }

    /// The step that this code belongs to, if it is one of the three that count now and comes after `last_step`: a code works once.
    pub fn check(&self, code: &str, now_ms: i64, last_step: i64) -> Option<i64> {
        let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        let now = now_ms.div_euclid(STEP_MS);
        // Every step is reckoned whatever was found, so that the time taken tells nothing.
        let mut found = None;
        for step in now - DRIFT..=now + DRIFT {
            let fits = same(&self.code(step), &digits);
            if fits && step > last_step {
                found = Some(step);
            }
        }
        found
    }

    /// The code of one step.
    pub fn code(&self, step: i64) -> String {
        let counter = u64::try_from(step).unwrap_or(0);
        hotp(self.shared(), counter, DIGITS)
    }

    /// As a person types it into an app: base32, in fours.
    pub fn text(&self) -> String {
        let all = base32(self.shared());
        let fours: Vec<String> = all
            .as_bytes()
            .chunks(4)
            .map(|four| four.iter().map(|byte| char::from(*byte)).collect())
            .collect();
        fours.join(" ")
    }

    /// As apps read it from a link or a picture.
    pub fn uri(&self, agency: &str, name: &str) -> String {
        let (agency, name) = (percent(agency), percent(name));
        let secret = base32(self.shared());
        format!(
            "otpauth://totp/{agency}:{name}?secret={secret}&issuer={agency}&algorithm=SHA1&digits={DIGITS}&period=30"
        )
    }

    fn shared(&self) -> &[u8] {
        self.0.expose().split_at(SECRET_BYTES).0
    }
}

fn hotp(secret: &[u8], counter: u64, digits: usize) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let tag = hmac::sign(&key, &counter.to_be_bytes());
    let tag = tag.as_ref();
    let offset = usize::from(tag.last().copied().unwrap_or(0) & 0x0f);
    let four = tag.iter().skip(offset).take(4);
    let number = four.fold(0_u32, |number, byte| number << 8 | u32::from(*byte)) & 0x7fff_ffff;
    let text = format!("{number:010}");
    text.chars().skip(text.len() - digits).collect()
}

/// Compares the tags of both, which ring does in constant time.
fn same(code: &str, typed: &str) -> bool {
    let key = hmac::Key::new(hmac::HMAC_SHA256, b"mooring.totp.compare");
    let tag = hmac::sign(&key, code.as_bytes());
    hmac::verify(&key, typed.as_bytes(), tag.as_ref()).is_ok()
}

fn base32(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let (mut text, mut held, mut bits) = (String::new(), 0_u32, 0);
    for byte in bytes {
        held = (held << 8 | u32::from(*byte)) & 0xffff;
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            let digit = usize::try_from(held >> bits & 31).unwrap_or(0);
            text.extend(ALPHABET.get(digit).map(|byte| char::from(*byte)));
        }
    }
    text
}

fn percent(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const PUBLISHED: &[u8] = b"12345678901234567890";

    fn secret() -> TotpSecret {
        let mut bytes = [0; 32];
        bytes[..20].copy_from_slice(PUBLISHED);
        TotpSecret::parse(&bytes).unwrap()
    }

    #[track_caller]
    fn check(seconds: i64, eight: &str) {
        let step = u64::try_from(seconds * 1_000 / STEP_MS).unwrap();
        assert_eq!(hotp(PUBLISHED, step, 8), eight);
        assert_eq!(
            secret().code(seconds * 1_000 / STEP_MS),
            eight.split_at(2).1
        );
    }

    #[test]
    fn rfc_6238_appendix_b() {
        check(59, "94287082");
        check(1_111_111_109, "07081804");
        check(1_111_111_111, "14050471");
        check(1_234_567_890, "89005924");
        check(2_000_000_000, "69279037");
        check(20_000_000_000, "65353130");
    }

    #[test]
    fn a_code_is_good_one_step_early_and_late_and_no_further() {
        let now = 1_234_567_890_000;
        let step = now / STEP_MS;
        for (off, good) in [(-2, false), (-1, true), (0, true), (1, true), (2, false)] {
            let code = secret().code(step + off);
            assert_eq!(secret().check(&code, now, 0).is_some(), good, "{off}");
        }
        assert_eq!(secret().check(" 005 924 ", now, 0), Some(step));
        assert_eq!(secret().check("005923", now, 0), None);
        assert_eq!(secret().check("", now, 0), None);
    }

    #[test]
    fn a_code_works_once_and_none_before_it_afterwards() {
        let now = 1_234_567_890_000;
        let step = now / STEP_MS;
        assert_eq!(secret().check(&secret().code(step), now, step), None);
        assert_eq!(secret().check(&secret().code(step - 1), now, step), None);
        let next = secret().code(step + 1);
        assert_eq!(secret().check(&next, now, step), Some(step + 1));
    }

    #[test]
    fn an_app_reads_the_secret_that_hq_has() {
        assert_eq!(secret().text(), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
        assert_eq!(
            secret().uri("Harbor County", "Dr. A. Reyes"),
            "otpauth://totp/Harbor%20County:Dr.%20A.%20Reyes?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Harbor%20County\
             &algorithm=SHA1&digits=6&period=30"
        );
    }
}
