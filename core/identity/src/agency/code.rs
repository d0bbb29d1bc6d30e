//! The enrolment code: typed or scanned, one use, a few minutes. It says where HQ is, which root is the right one, and proves who may enrol.

use std::fmt;

use ring::hmac;

use crate::derive::sha256;
use crate::random::fresh;
use crate::{
    AgencyId, IdentityError, Purpose, Random, Reader, RootStatement, Secret, Signed, Writer,
    derive_secret,
};

const PREFIX: &str = "MOOR1-";
/// Crockford's alphabet: no I, L, O or U, so that what is read aloud is typed right.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LONGEST_ADDRESS: usize = 255;
const LONGEST_TEXT: usize = 1024;
const TICKET_ID: Purpose = Purpose::new("mooring.enrol.ticket-id");
const TICKET_KEY: Purpose = Purpose::new("mooring.enrol.ticket-key");

/// A one-time code. Its Debug is blank: whoever reads it may enrol.
#[derive(Clone, PartialEq, Eq)]
pub struct EnrolmentCode {
    address: String,
    /// The first half of the agency's id: 128 bits, out of reach of a second root with the same.
    fingerprint: [u8; 16],
    secret: [u8; 16],
}

impl EnrolmentCode {
    /// A fresh code for the HQ at `address` (`host:port` or an https URL). `TooLarge` for an address that nobody could type.
    pub fn make(
        address: &str,
        agency: AgencyId,
        random: &mut dyn Random,
    ) -> Result<Self, IdentityError> {
        if address.len() > LONGEST_ADDRESS {
            return Err(IdentityError::TooLarge);
        }
        Ok(Self {
            address: address.to_owned(),
            fingerprint: first_half(agency),
            secret: fresh(random),
        })
    }

    /// Reads what was typed: case, spaces and hyphens do not matter, and O, I and L are read as the digits they look like.
    pub fn parse(text: &str) -> Result<Self, IdentityError> {
        if text.len() > LONGEST_TEXT {
            return Err(IdentityError::TooLarge);
        }
        let typed = text.trim().to_ascii_uppercase();
        let Some(digits) = typed.strip_prefix(PREFIX) else {
            return Err(later_version(&typed));
        };
        let bytes = from_base32(digits)?;
        let (body, check) = bytes
            .split_last_chunk::<4>()
            .ok_or(IdentityError::Malformed)?;
        if checksum(body) != *check {
            return Err(IdentityError::Malformed);
        }
        let mut reader = Reader::new(body);
        let (fingerprint, secret) = (reader.array()?, reader.array()?);
        let address = reader.text(LONGEST_ADDRESS)?.to_owned();
        reader.finish()?;
        Ok(Self {
            address,
            fingerprint,
            secret,
        })
    }

    /// Where HQ is.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Whether this is the root that the code names. Only after this may its certificate authority be pinned.
    pub fn check_root(&self, root: &Signed<RootStatement>) -> Result<(), IdentityError> {
        if first_half(root.statement().agency()) == self.fingerprint {
            Ok(())
        } else {
            Err(IdentityError::Forged)
        }
    }

    /// What HQ keeps of the code, and what the phone proves it with; the secret itself is never sent.
    pub fn derive_ticket(&self) -> EnrolmentTicket {
        let mut id = [0; 16];
        let long = derive_secret(&self.fingerprint, &self.secret, TICKET_ID, &[]);
        for (to, from) in id.iter_mut().zip(long.expose()) {
            *to = *from;
        }
        EnrolmentTicket {
            id,
            key: derive_secret(&self.fingerprint, &self.secret, TICKET_KEY, &[]),
        }
    }
}

impl fmt::Display for EnrolmentCode {
    /// The text form, `MOOR1-` and groups of five.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = Writer::new();
        out.fixed(&self.fingerprint)
            .fixed(&self.secret)
            .text(&self.address);
        let mut bytes = out.finish();
        bytes.extend(checksum(&bytes));
        f.write_str(PREFIX)?;
        for (at, digit) in to_base32(&bytes).into_iter().enumerate() {
            if at > 0 && at % 5 == 0 {
                f.write_str("-")?;
            }
            write!(f, "{digit}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for EnrolmentCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EnrolmentCode(..)")
    }
}

/// One code's proof key, under an id that may be looked up.
#[derive(Debug)]
pub struct EnrolmentTicket {
    /// Names the code without giving it away.
    pub id: [u8; 16],
    key: Secret,
}

impl EnrolmentTicket {
    /// From HQ's store.
    pub fn new(id: [u8; 16], key: Secret) -> Self {
        Self { id, key }
    }

    /// For HQ's store.
    pub fn key(&self) -> &Secret {
        &self.key
    }

    pub(super) fn prove(&self, transcript: &[u8]) -> [u8; 32] {
        let tag = hmac::sign(&self.mac(), transcript);
        let mut out = [0; 32];
        out.copy_from_slice(tag.as_ref());
        out
    }

    pub(super) fn check(&self, transcript: &[u8], proof: &[u8; 32]) -> Result<(), IdentityError> {
        hmac::verify(&self.mac(), transcript, proof).map_err(|_| IdentityError::Forged)
    }

    fn mac(&self) -> hmac::Key {
        hmac::Key::new(hmac::HMAC_SHA256, self.key.expose())
    }
}

fn first_half(agency: AgencyId) -> [u8; 16] {
    let mut out = [0; 16];
    for (to, from) in out.iter_mut().zip(agency.0) {
        *to = from;
    }
    out
}

fn checksum(body: &[u8]) -> [u8; 4] {
    let mut out = [0; 4];
    for (to, from) in out.iter_mut().zip(sha256(body)) {
        *to = from;
    }
    out
}

fn later_version(typed: &str) -> IdentityError {
    let number = typed
        .strip_prefix("MOOR")
        .and_then(|rest| rest.split('-').next())
        .and_then(|n| n.parse::<u32>().ok());
    if number.is_some_and(|number| number > 1) {
        IdentityError::TooNew
    } else {
        IdentityError::Malformed
    }
}

fn to_base32(bytes: &[u8]) -> Vec<char> {
    let (mut held, mut bits, mut out) = (0_u32, 0_u32, Vec::new());
    for byte in bytes {
        held = (held << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            out.push(digit(held >> bits));
        }
        held &= (1 << bits) - 1;
    }
    if bits > 0 {
        out.push(digit(held << (5 - bits)));
    }
    out
}

fn digit(value: u32) -> char {
    ALPHABET
        .get((value & 31) as usize)
        .map_or('0', |digit| char::from(*digit))
}

fn from_base32(text: &str) -> Result<Vec<u8>, IdentityError> {
    let (mut held, mut bits, mut out) = (0_u32, 0_u32, Vec::new());
    for typed in text.bytes().filter(|byte| !matches!(byte, b'-' | b' ')) {
        let read = match typed {
            b'O' => b'0',
            b'I' | b'L' => b'1',
            other => other,
        };
        let value = ALPHABET
            .iter()
            .position(|digit| *digit == read)
            .ok_or(IdentityError::Malformed)?;
        held = (held << 5) | u32::try_from(value).map_err(|_| IdentityError::Malformed)?;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            out.push(u8::try_from(held >> bits).map_err(|_| IdentityError::Malformed)?);
            held &= (1 << bits) - 1;
        }
    }
    if bits >= 5 || held != 0 {
        Err(IdentityError::Malformed)
    } else {
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::os_random;

    fn code() -> EnrolmentCode {
        EnrolmentCode::make(
            "https://127.0.0.1:8443",
            AgencyId([7; 32]),
            &mut os_random(),
        )
        .unwrap()
    }

    #[test]
    fn what_is_printed_can_be_typed_carelessly() {
        let code = code();
        let text = code.to_string();
        assert!(text.starts_with("MOOR1-"));
        let careless = text
            .to_lowercase()
            .replacen("moor1-", "MOOR1-", 1)
            .replace('0', "o")
            .replace('1', "l");
        let careless = careless
            .replacen("MOORl-", "moor1-", 1)
            .replace('-', " ")
            .replacen("moor1 ", "moor1-", 1);
        assert!(EnrolmentCode::parse(&careless).unwrap() == code);
    }

    #[test]
    fn one_wrong_letter_is_noticed() {
        let text = code().to_string();
        for (at, right) in text
            .char_indices()
            .skip(PREFIX.len())
            .filter(|(_, letter)| *letter != '-')
        {
            let wrong = if right == '7' { "8" } else { "7" };
            let mut typed = text.clone();
            typed.replace_range(at..=at, wrong);
            assert!(
                EnrolmentCode::parse(&typed) == Err(IdentityError::Malformed),
                "letter {at}"
            );
        }
    }

    #[test]
    fn a_later_code_says_update() {
        assert!(EnrolmentCode::parse("MOOR2-ABCDE") == Err(IdentityError::TooNew));
        assert!(EnrolmentCode::parse("HELLO") == Err(IdentityError::Malformed));
    }

    #[test]
    fn both_ends_derive_the_same_ticket_and_it_does_not_hold_the_secret() {
        let code = code();
        let (phone, hq) = (
            code.derive_ticket(),
            EnrolmentCode::parse(&code.to_string())
                .unwrap()
                .derive_ticket(),
        );
        assert_eq!(phone.id, hq.id);
        assert_eq!(hq.check(b"transcript", &phone.prove(b"transcript")), Ok(()));
        assert_eq!(
            hq.check(b"transcripT", &phone.prove(b"transcript")),
            Err(IdentityError::Forged)
        );
        assert_ne!(phone.id, code.secret);
    }

    #[test]
    fn a_code_is_never_printed_by_accident() {
        assert_eq!(format!("{:?}", code()), "EnrolmentCode(..)");
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC*") {
            let _ = EnrolmentCode::parse(&text);
            let _ = EnrolmentCode::parse(&format!("MOOR1-{text}"));
        }
    }
}
