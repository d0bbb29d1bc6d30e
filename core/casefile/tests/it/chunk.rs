//! Change chunks by hand: with a valid checksum, whatever stands in them.

use mooring_casefile::{ChangeId, Run};
use sha2::{Digest as _, Sha256};

use crate::world::id_of;

/// The content of a chunk, without magic, checksum, kind and length.
pub(crate) fn content(chunk: &[u8]) -> Vec<u8> {
    let length_bytes = chunk[9..].iter().position(|byte| byte & 0x80 == 0).unwrap() + 1;
    chunk[9 + length_bytes..].to_vec()
}

/// A chunk of this kind with the right checksum.
pub(crate) fn chunk(kind: u8, content: &[u8]) -> Vec<u8> {
    let mut hashed = vec![kind];
    hashed.extend(leb128(content.len()));
    hashed.extend(content);
    let checksum = Sha256::digest(&hashed);
    let mut chunk = vec![0x85, 0x6f, 0x4a, 0x83];
    chunk.extend(&checksum[..4]);
    chunk.extend(hashed);
    chunk
}

fn leb128(mut number: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let byte = u8::try_from(number & 0x7f).unwrap();
        number >>= 7;
        if number == 0 {
            bytes.push(byte);
            return bytes;
        }
        bytes.push(byte | 0x80);
    }
}

/// The run with another last change, announced as it is.
pub(crate) fn with_last(run: &Run, bytes: Vec<u8>) -> Run {
    let mut run = run.clone();
    run.last = if bytes.len() > 8 {
        id_of(&bytes)
    } else {
        ChangeId::new([0; 32])
    };
    *run.changes.last_mut().unwrap() = bytes;
    run
}
