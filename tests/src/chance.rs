//! Chance that repeats: the same seed gives the same bytes, so that a failing run can be run again.

use mooring_identity::{Random, sha256};

/// A generator for tests: SHA-256 over a seed and a counter.
#[derive(Debug, Clone)]
pub struct Seeded {
    seed: u64,
    count: u64,
}

impl Seeded {
    /// From a seed.
    pub fn new(seed: u64) -> Self {
        Self { seed, count: 0 }
    }

    /// A number below `bound`.
    pub fn below(&mut self, bound: usize) -> usize {
        let mut eight = [0; 8];
        self.fill(&mut eight);
        let bound = u64::try_from(bound.max(1)).unwrap();
        usize::try_from(u64::from_le_bytes(eight) % bound).unwrap()
    }
}

impl Random for Seeded {
    fn fill(&mut self, out: &mut [u8]) {
        for chunk in out.chunks_mut(32) {
            self.count += 1;
            let mut input = self.seed.to_le_bytes().to_vec();
            input.extend(self.count.to_le_bytes());
            let block = sha256(&input);
            for (to, from) in chunk.iter_mut().zip(block) {
                *to = from;
            }
        }
    }
}
