//! What became of runs, for a phone that asks or compares.

use mooring_casefile::{ChangeId, HeldReason};
use mooring_exchange::{Have, MarkState, RunKey, RunMark};

use crate::ledger::{Fate, LedgerError, Mark, SHREDDED};
use crate::office::Office;

/// The number that a held run's reason travels as. They are part of the wire format: only ever add.
const HELD: [(HeldReason, u16); 11] = [
    (HeldReason::Oversized, 1),
    (HeldReason::NotAChange, 2),
    (HeldReason::NotAsAnnounced, 3),
    (HeldReason::OtherCase, 4),
    (HeldReason::ForeignHalf, 5),
    (HeldReason::ActorTaken, 6),
    (HeldReason::Fork, 7),
    (HeldReason::Time, 8),
    (HeldReason::Layout, 9),
    (HeldReason::SecondBeginning, 10),
    (HeldReason::Unloadable, 11),
];

/// The same for what HQ holds for reasons of its own.
const HELD_BY_HQ: [(&str, u16); 3] = [(Fate::REVOKED, 12), (Fate::UNSIGNED, 13), (SHREDDED, 14)];

/// For what is none of these.
const HELD_OTHERWISE: u16 = 0;

impl Office {
    pub(super) fn find_fates(
        &self,
        ask: &[RunKey],
        check: &[Have],
    ) -> Result<Vec<RunMark>, LedgerError> {
        let mut fates = Vec::new();
        for key in ask {
            fates.extend(self.fates_of(key)?);
        }
        for have in check {
            let key = &have.key;
            match self
                .ledger
                .run_ending(key.case, key.half, &key.actor, have.last_seq)?
            {
                Some(mark) => fates.push(run_mark(key, &mark)),
                None => fates.extend(self.fates_of(key)?),
            }
        }
        Ok(fates)
    }

    fn fates_of(&self, key: &RunKey) -> Result<Vec<RunMark>, LedgerError> {
        let marks = self.ledger.marks(key.case, key.half, &key.actor)?;
        if marks.is_empty() {
            let last = ChangeId::new([0; 32]);
            return Ok(vec![RunMark {
                key: *key,
                last_seq: 0,
                last,
                state: MarkState::Unknown,
            }]);
        }
        Ok(marks.iter().map(|mark| run_mark(key, mark)).collect())
    }
}

fn run_mark(key: &RunKey, mark: &Mark) -> RunMark {
    let state = match &mark.fate {
        Fate::Received => MarkState::Received,
        Fate::Merged => MarkState::Merged,
        Fate::Waiting => MarkState::Waiting,
        Fate::Held(code) => MarkState::Held(held_number(code)),
    };
    RunMark {
        key: *key,
        last_seq: mark.last_seq,
        last: mark.last_change,
        state,
    }
}

fn held_number(code: &str) -> u16 {
    let of_guard = HELD.iter().map(|(reason, number)| (reason.code(), *number));
    of_guard
        .chain(HELD_BY_HQ)
        .find(|(reason, _)| *reason == code)
        .map_or(HELD_OTHERWISE, |(_, number)| number)
}
