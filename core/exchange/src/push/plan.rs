//! A backlog becomes pushes that are small enough to be made, sent and taken one at a time.

use mooring_casefile::{ChangeId, Run};

use crate::run::chunk_id;

/// What a push should come to before another is begun, in bytes of raw changes: some 50 KB on the wire per MiB.
const PUSH_TARGET: usize = 8 << 20;
const RUNS_TARGET: usize = 5_000;
const CHANGES_TARGET: usize = 50_000;

/// Divides runs over pushes, in their order. A run that is larger than a push should be is itself divided between two changes.
pub fn plan_pushes(runs: Vec<Run>) -> Vec<Vec<Run>> {
    let (mut pushes, mut push) = (Vec::new(), Vec::new());
    let mut room = Room::default();
    for run in runs.into_iter().flat_map(divide) {
        if !room.takes(&run) {
            pushes.push(std::mem::take(&mut push));
            room = Room::default();
        }
        room.add(&run);
        push.push(run);
    }
    if !push.is_empty() {
        pushes.push(push);
    }
    pushes
}

#[derive(Default)]
struct Room {
    bytes: usize,
    runs: usize,
    changes: usize,
}

impl Room {
    /// An empty push takes anything: [`divide`] has seen to the rest.
    fn takes(&self, run: &Run) -> bool {
        self.runs == 0
            || (self.bytes + size(run) <= PUSH_TARGET
                && self.runs < RUNS_TARGET
                && self.changes + run.changes.len() <= CHANGES_TARGET)
    }

    fn add(&mut self, run: &Run) {
        self.bytes += size(run);
        self.runs += 1;
        self.changes += run.changes.len();
    }
}

fn size(run: &Run) -> usize {
    run.changes.iter().map(Vec::len).sum()
}

fn divide(run: Run) -> Vec<Run> {
    if size(&run) <= PUSH_TARGET && run.changes.len() <= CHANGES_TARGET {
        return vec![run];
    }
    let Some(parts) = cut(&run) else {
        return vec![run];
    };
    parts
}

/// Only a run whose changes all have hashes can be cut; any other travels whole, and HQ says what is wrong with it.
fn cut(run: &Run) -> Option<Vec<Run>> {
    let (mut parts, mut part, mut bytes) = (Vec::new(), Vec::new(), 0);
    let mut seq = run.first_seq;
    for change in &run.changes {
        if !part.is_empty() && (bytes + change.len() > PUSH_TARGET || part.len() >= CHANGES_TARGET)
        {
            parts.push(of_changes(run, &mut seq, std::mem::take(&mut part))?);
            bytes = 0;
        }
        bytes += change.len();
        part.push(change.clone());
    }
    parts.push(of_changes(run, &mut seq, part)?);
    Some(parts)
}

fn of_changes(run: &Run, seq: &mut u64, changes: Vec<Vec<u8>>) -> Option<Run> {
    let last: ChangeId = chunk_id(changes.last()?)?;
    let first_seq = *seq;
    *seq = seq.checked_add(changes.len() as u64)?;
    Some(Run {
        case: run.case,
        half: run.half,
        actor: run.actor,
        first_seq,
        last_seq: *seq - 1,
        last,
        changes,
    })
}
