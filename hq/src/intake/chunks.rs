//! The byte ranges of a push that comes in pieces: each on disk before the phone is told how far it got.

use mooring_casefile::{DeviceId, Now};
use mooring_exchange::{Chunk, ChunkState};

use crate::ledger::{LedgerError, Part};
use crate::office::Office;

impl Office {
    pub(super) fn hold_chunk(
        &self,
        device: DeviceId,
        chunk: &Chunk,
        now: Now,
    ) -> Result<ChunkState, LedgerError> {
        if let Some(known) = self
            .ledger
            .push(&chunk.push_id)?
            .filter(|row| row.device == device)
        {
            return Ok(ChunkState::Receipted(known.receipt));
        }
        let mut whole = self.held(device, chunk)?;
        // A range that does not begin where what is held ends is not taken: the phone is told where to go on.
        if u32::try_from(whole.len()) == Ok(chunk.offset) {
            if whole.is_empty() {
                // One push at a time: what was held of another is never asked for again.
                self.ledger.forget_parts(device, None)?;
            }
            self.ledger.keep_part(&part(device, chunk), now.wall_ms)?;
            whole.extend_from_slice(&chunk.bytes);
        }
        let held = u32::try_from(whole.len()).unwrap_or(u32::MAX);
        Ok(if held == chunk.total {
            ChunkState::Whole(whole)
        } else {
            ChunkState::Held(held)
        })
    }

    /// What is held of this push from its beginning on, without a gap.
    fn held(&self, device: DeviceId, chunk: &Chunk) -> Result<Vec<u8>, LedgerError> {
        let mut whole = Vec::new();
        for part in self.ledger.parts(device, &chunk.push_id)? {
            if part.total != u64::from(chunk.total) || part.start != whole.len() as u64 {
                break;
            }
            whole.extend(part.bytes);
        }
        Ok(whole)
    }
}

fn part(device: DeviceId, chunk: &Chunk) -> Part {
    Part {
        device,
        push: chunk.push_id,
        start: chunk.offset.into(),
        total: chunk.total.into(),
        bytes: chunk.bytes.clone(),
    }
}
