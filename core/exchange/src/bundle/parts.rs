//! A bundle as a row of QR codes: numbered parts in the letters that a QR code holds best, put together in any order, with doubles.

use std::collections::BTreeMap;

use mooring_identity::{IdentityError, Reader, Writer, sha256};

const VERSION: u8 = 0;
/// Bytes of the bundle in one part: with its head some 950 letters, a code that a phone's camera reads off another phone's screen.
const PART: usize = 560;
/// A bundle that takes more codes travels otherwise.
const MOST_PARTS: u16 = 400;
/// How a text begins that is a part and no other code.
const MARK: &str = "MRG";
const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// Cuts bytes into texts, each for one QR code in its alphanumeric mode. `TooLarge` for more codes than anybody would hold up.
pub fn cut_for_qr(bytes: &[u8]) -> Result<Vec<String>, IdentityError> {
    let count = u16::try_from(bytes.len().div_ceil(PART)).map_err(|_| IdentityError::TooLarge)?;
    if count > MOST_PARTS {
        return Err(IdentityError::TooLarge);
    }
    let hash = sha256(bytes);
    let part = |(number, part): (u16, &[u8])| {
        let mut out = Writer::new();
        out.u8(VERSION)
            .fixed(&hash)
            .u16(number)
            .u16(count)
            .bytes(part);
        let mut text = MARK.to_owned();
        write_letters(&out.finish(), &mut text);
        text
    };
    Ok((0..).zip(bytes.chunks(PART)).map(part).collect())
}

/// Parts that were read so far.
#[derive(Debug, Clone, Default)]
pub struct PartsHeld {
    /// Of which whole, and how many parts it has.
    whole: Option<([u8; 32], u16)>,
    parts: BTreeMap<u16, Vec<u8>>,
}

impl PartsHeld {
    /// Takes one part; the whole, once all are here. A part that was here before changes nothing; `Malformed` for what is no part or
    /// not the same again, `WrongAddressee` for one of another whole: what is held stays.
    pub fn take(&mut self, text: &str) -> Result<Option<Vec<u8>>, IdentityError> {
        let (hash, number, count, bytes) = read_part(text)?;
        if self.whole.is_some_and(|whole| whole != (hash, count)) {
            return Err(IdentityError::WrongAddressee);
        }
        if self.parts.get(&number).is_some_and(|held| *held != bytes) {
            return Err(IdentityError::Malformed);
        }
        self.whole = Some((hash, count));
        self.parts.insert(number, bytes);
        if self.parts.len() < usize::from(count) {
            return Ok(None);
        }
        let whole: Vec<u8> = self.parts.values().flatten().copied().collect();
        if sha256(&whole) == hash {
            Ok(Some(whole))
        } else {
            // One of them was read wrongly, and nobody knows which: they are read again.
            self.parts.clear();
            Err(IdentityError::Malformed)
        }
    }

    /// How many parts are here, and of how many.
    pub fn progress(&self) -> (usize, usize) {
        let count = self.whole.map_or(0, |(_, count)| usize::from(count));
        (self.parts.len(), count)
    }
}

fn read_part(text: &str) -> Result<([u8; 32], u16, u16, Vec<u8>), IdentityError> {
    let letters = text.strip_prefix(MARK).ok_or(IdentityError::Malformed)?;
    let bytes = read_letters(letters).ok_or(IdentityError::Malformed)?;
    let mut reader = Reader::new(&bytes);
    reader.version(VERSION)?;
    let hash = reader.array()?;
    let (number, count) = (reader.u16()?, reader.u16()?);
    let part = reader.bytes(PART)?.to_vec();
    reader.finish()?;
    if number < count && count <= MOST_PARTS {
        Ok((hash, number, count, part))
    } else {
        Err(IdentityError::Malformed)
    }
}

/// Five bits a letter.
fn write_letters(bytes: &[u8], out: &mut String) {
    let (mut held, mut bits) = (0_u32, 0);
    for byte in bytes {
        held = (held << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            push_letter(held >> bits, out);
        }
    }
    if bits > 0 {
        push_letter(held << (5 - bits), out);
    }
}

fn push_letter(value: u32, out: &mut String) {
    let at = usize::try_from(value & 31).unwrap_or(0);
    out.extend(LETTERS.get(at).map(|letter| char::from(*letter)));
}

fn read_letters(text: &str) -> Option<Vec<u8>> {
    if text.len() > PART * 2 {
        return None;
    }
    let (mut held, mut bits, mut bytes) = (0_u32, 0, Vec::new());
    for letter in text.bytes() {
        let value = LETTERS.iter().position(|known| *known == letter)?;
        held = ((held << 5) | u32::try_from(value).ok()?) & 0xffff;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from((held >> bits) & 0xff).ok()?);
        }
    }
    // What is left over is filled with zeros, and is less than a letter.
    (bits < 5 && held & ((1 << bits) - 1) == 0).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bundle(length: usize) -> Vec<u8> {
        (0..length)
            .map(|at| u8::try_from(at * 7 % 251).unwrap())
            .collect()
    }

    #[test]
    fn parts_come_together_in_any_order_and_with_doubles() {
        for length in [1, PART - 1, PART, PART + 1, 5 * PART + 3] {
            let whole = bundle(length);
            let mut parts = cut_for_qr(&whole).unwrap();
            parts.reverse();
            let mut held = PartsHeld::default();
            let last = parts.pop().unwrap();
            for part in parts.iter().chain(&parts) {
                assert_eq!(held.take(part), Ok(None));
            }
            assert_eq!(held.take(&last), Ok(Some(whole)), "{length} bytes");
        }
    }

    #[test]
    fn a_part_fits_a_code_that_a_camera_reads_and_has_its_letters_only() {
        for part in cut_for_qr(&bundle(3 * PART)).unwrap() {
            // Version 22 with medium correction holds 1,003 letters.
            assert!(part.len() < 1_003, "{}", part.len());
            assert!(
                part.bytes()
                    .all(|letter| letter.is_ascii_uppercase() || letter.is_ascii_digit())
            );
        }
    }

    #[test]
    fn a_part_of_another_bundle_or_one_that_is_damaged_costs_nothing_that_is_held() {
        let (ours, other) = (
            cut_for_qr(&bundle(2 * PART)).unwrap(),
            cut_for_qr(&bundle(3 * PART)).unwrap(),
        );
        let mut held = PartsHeld::default();
        assert_eq!(held.take(&ours[0]), Ok(None));
        assert_eq!(held.take(&other[1]), Err(IdentityError::WrongAddressee));
        for bad in ["", "MRG", "MRGA1", "mrgaaaa"] {
            assert_eq!(held.take(bad), Err(IdentityError::Malformed), "{bad}");
        }
        let cut: String = ours[1].chars().take(40).collect();
        assert_eq!(held.take(&cut), Err(IdentityError::Malformed));
        assert_eq!(held.progress(), (1, 2));
        assert_eq!(held.take(&ours[1]), Ok(Some(bundle(2 * PART))));
    }

    #[test]
    fn a_part_of_a_later_version_is_too_new() {
        let mut text = MARK.to_owned();
        write_letters(&[1, 0, 0], &mut text);
        assert_eq!(PartsHeld::default().take(&text), Err(IdentityError::TooNew));
    }

    #[test]
    fn nobody_holds_up_a_thousand_codes() {
        let large = vec![0; PART * usize::from(MOST_PARTS) + 1];
        assert_eq!(cut_for_qr(&large), Err(IdentityError::TooLarge));
    }
}
