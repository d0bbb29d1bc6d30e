//! Bytes as lower-case hexadecimal.

use std::fmt::Write;

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// Thirty-two bytes from 64 lower-case digits; nothing from anything else.
pub(crate) fn parse_hash(text: &str) -> Option<[u8; 32]> {
    let digits: Option<Vec<u8>> = text
        .bytes()
        .map(|digit| match digit {
            b'0'..=b'9' => Some(digit - b'0'),
            b'a'..=b'f' => Some(digit - b'a' + 10),
            _ => None,
        })
        .collect();
    let bytes: Option<Vec<u8>> = digits?
        .chunks(2)
        .map(|pair| match pair {
            [high, low] => Some(high << 4 | low),
            _ => None,
        })
        .collect();
    bytes?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_comes_back_and_nothing_else_passes_for_one() {
        let hash = [0x9e; 32];
        assert_eq!(parse_hash(&hex(&hash)), Some(hash));
        assert_eq!(parse_hash(&hex(&hash[1..])), None);
        assert_eq!(parse_hash(&hex(&hash).to_uppercase()), None);
        assert_eq!(parse_hash(&format!("{}0", hex(&hash))), None);
    }
}
