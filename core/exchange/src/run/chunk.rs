//! Automerge's change chunk, as far as a run's codec must know it: the head is taken apart, the operations are left alone.
//!
//! ```text
//! 85 6f 4a 83 | first 4 bytes of the hash | 01 | length | dependencies | actor | seq | start | time | message | the rest
//! hash = SHA-256 over everything from the 01 on
//! ```

use mooring_casefile::ChangeId;
use mooring_identity::{Reader, Writer, sha256};

use crate::limits::LARGEST_CHANGE;

const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
const CHANGE: u8 = 1;
const MOST_DEPENDENCIES: usize = 100_000;

/// A change chunk's head, and the rest as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Parts<'a> {
    /// The dependencies' hashes, one after the other.
    pub(super) deps: &'a [u8],
    pub(super) actor: [u8; 16],
    pub(super) seq: u64,
    pub(super) start: u64,
    pub(super) time: i64,
    /// The message's bytes; a case file keeps the clock's milliseconds there.
    pub(super) message: &'a [u8],
    /// Other actors, columns.
    pub(super) rest: &'a [u8],
}

/// Takes a chunk apart; none if it is no uncompressed change of a 16-byte actor with the right checksum.
pub(super) fn parse(raw: &[u8]) -> Option<(Parts<'_>, ChangeId)> {
    let (magic, after) = raw.split_first_chunk::<4>()?;
    let (checksum, hashed) = after.split_first_chunk::<4>()?;
    let hash = sha256(hashed);
    if *magic != MAGIC || !hash.starts_with(checksum) {
        return None;
    }
    let mut reader = Reader::new(hashed);
    if reader.u8().ok()? != CHANGE || reader.varint().ok()? != reader.rest().len() as u64 {
        return None;
    }
    let deps = reader.count(MOST_DEPENDENCIES, 32).ok()?;
    let deps = reader.fixed(deps.checked_mul(32)?).ok()?;
    if reader.varint().ok()? != 16 {
        return None;
    }
    let actor = reader.array().ok()?;
    let (seq, start) = (reader.varint().ok()?, reader.varint().ok()?);
    let time = read_signed(&mut reader)?;
    let message = reader.bytes(LARGEST_CHANGE).ok()?;
    Some((
        Parts {
            deps,
            actor,
            seq,
            start,
            time,
            message,
            rest: reader.rest(),
        },
        ChangeId::new(hash),
    ))
}

/// Puts a chunk together again, with its hash.
pub(super) fn build(parts: &Parts<'_>) -> (Vec<u8>, ChangeId) {
    let mut body = Writer::new();
    body.varint((parts.deps.len() / 32) as u64)
        .fixed(parts.deps)
        .bytes(&parts.actor);
    body.varint(parts.seq).varint(parts.start);
    write_signed(parts.time, &mut body);
    body.bytes(parts.message).fixed(parts.rest);
    let mut hashed = Writer::new();
    hashed.u8(CHANGE).bytes(&body.finish());
    let hashed = hashed.finish();
    let hash = sha256(&hashed);
    let mut out = Writer::new();
    out.fixed(&MAGIC);
    for byte in hash.iter().take(4) {
        out.u8(*byte);
    }
    out.fixed(&hashed);
    (out.finish(), ChangeId::new(hash))
}

/// Signed LEB128. A longer form than needed is read all the same; the run then fails to come out as it went in, and travels raw.
fn read_signed(reader: &mut Reader<'_>) -> Option<i64> {
    let mut value = 0_i64;
    for shift in (0..64).step_by(7) {
        let byte = reader.u8().ok()?;
        value |= i64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            let extend = byte & 0x40 != 0 && shift + 7 < 64;
            return Some(if extend {
                value | (-1 << (shift + 7))
            } else {
                value
            });
        }
    }
    None
}

fn write_signed(mut value: i64, out: &mut Writer) {
    loop {
        let low = u8::try_from(value & 0x7f).unwrap_or(0);
        value >>= 7;
        let done = (value == 0 && low & 0x40 == 0) || (value == -1 && low & 0x40 != 0);
        if done {
            out.u8(low);
            return;
        }
        out.u8(low | 0x80);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parts(time: i64) -> Parts<'static> {
        Parts {
            deps: &[3; 64],
            actor: [1; 16],
            seq: 5,
            start: 300,
            time,
            message: b"0921",
            rest: &[0, 0, 9],
        }
    }

    #[test]
    fn a_chunk_with_a_wrong_checksum_magic_or_length_is_none() {
        let (chunk, _) = build(&parts(7));
        assert!(parse(&chunk).is_some());
        for at in 0..chunk.len() {
            let mut bad = chunk.clone();
            bad[at] ^= 1;
            assert!(parse(&bad).is_none(), "byte {at}");
        }
        assert!(parse(&chunk[..chunk.len() - 1]).is_none());
    }

    proptest! {
        #[test]
        fn what_is_built_is_taken_apart_again(time: i64) {
            let (chunk, id) = build(&parts(time));
            prop_assert_eq!(parse(&chunk), Some((parts(time), id)));
        }

        #[test]
        fn no_bytes_panic(bytes: Vec<u8>) {
            let _ = parse(&bytes);
            let mut hashed = vec![CHANGE, u8::try_from(bytes.len() & 0x7f).unwrap()];
            hashed.extend(&bytes);
            let mut chunk = MAGIC.to_vec();
            chunk.extend(&sha256(&hashed)[..4]);
            chunk.extend(hashed);
            let _ = parse(&chunk);
        }
    }
}
