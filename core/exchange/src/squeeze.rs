//! zstd, with caps: a small input may not come out large, nor ask for a large window.

use std::io::Read;

use mooring_identity::IdentityError;

/// How much time packing may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effort {
    /// A push is packed once and carried over a bad link: `benches/push_bytes.rs` has 200 visits at 5 % above the least JSON under
    /// level 19, in a fifth of that level's time.
    Once,
    /// A page is packed again for each of its chunks.
    Often,
}

/// 8 MiB: what the highest level asks for.
const LARGEST_WINDOW_LOG: u32 = 23;

pub(crate) fn squeeze(raw: &[u8], effort: Effort) -> Vec<u8> {
    let level = match effort {
        Effort::Once => 15,
        Effort::Often => 9,
    };
    zstd::bulk::compress(raw, level).expect("compressing from memory to memory cannot fail")
}

/// Unpacks exactly `length` bytes, at most `cap`; memory grows with what really comes out.
pub(crate) fn unsqueeze(packed: &[u8], length: u64, cap: usize) -> Result<Vec<u8>, IdentityError> {
    let length = usize::try_from(length).map_err(|_| IdentityError::TooLarge)?;
    if length > cap {
        return Err(IdentityError::TooLarge);
    }
    let mut decoder =
        zstd::stream::read::Decoder::with_buffer(packed).map_err(|_| IdentityError::Malformed)?;
    decoder
        .window_log_max(LARGEST_WINDOW_LOG)
        .map_err(|_| IdentityError::Malformed)?;
    let mut out = Vec::new();
    let limit = length as u64 + 1;
    decoder
        .single_frame()
        .take(limit)
        .read_to_end(&mut out)
        .map_err(|_| IdentityError::Malformed)?;
    if out.len() == length {
        Ok(out)
    } else {
        Err(IdentityError::Malformed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_packed_comes_out() {
        let raw = b"calm, tearful, calm, tearful".repeat(100);
        assert_eq!(
            unsqueeze(&squeeze(&raw, Effort::Once), raw.len() as u64, 10_000),
            Ok(raw)
        );
    }

    #[test]
    fn a_bomb_is_stopped_at_what_it_announced_and_never_above_the_cap() {
        let bomb = squeeze(&vec![0; 50 << 20], Effort::Often);
        assert!(bomb.len() < 10_000);
        assert_eq!(unsqueeze(&bomb, 1000, 2000), Err(IdentityError::Malformed));
        assert_eq!(
            unsqueeze(&bomb, 50 << 20, 2000),
            Err(IdentityError::TooLarge)
        );
        assert_eq!(
            unsqueeze(&bomb, u64::MAX, 2000),
            Err(IdentityError::TooLarge)
        );
    }
}
