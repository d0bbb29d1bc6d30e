//! Runs that can be taken in turn. Two phones that exchanged with each other build on each other's changes: as one run each, either would
//! wait for the other for ever.

use mooring_casefile::Run;

use super::chunk;

/// Divides a run before every change that builds on somebody else's. One whose changes can't be read stays whole.
pub fn in_turn(run: Run) -> Vec<Run> {
    let Some(pieces) = divide(&run) else {
        return vec![run];
    };
    pieces
}

fn divide(run: &Run) -> Option<Vec<Run>> {
    let mut pieces: Vec<Run> = Vec::new();
    for (change, seq) in run.changes.iter().zip(run.first_seq..) {
        let (parts, id) = chunk::parse(change)?;
        let (deps, _) = parts.deps.as_chunks::<32>();
        match pieces.last_mut() {
            Some(piece) if deps.iter().all(|dep| *dep == piece.last.bytes()) => {
                (piece.last_seq, piece.last) = (seq, id);
                piece.changes.push(change.clone());
            }
            Some(_) | None => pieces.push(Run {
                first_seq: seq,
                last_seq: seq,
                last: id,
                changes: vec![change.clone()],
                ..*run
            }),
        }
    }
    (!pieces.is_empty()).then_some(pieces)
}
