//! What a power cut leaves: everything that was synced, and of the rest any part, in any order, down to single sectors.

use std::collections::BTreeMap;

use crate::chance::Dice;
use crate::disk::{self, Files, Op};

/// What a disk writes whole or not at all.
const SECTOR: usize = 512;

/// Which part of what was not synced has reached the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// A beginning of each file's writes.
    Prefix,
    /// Any of the writes: a disk that reorders.
    Subset,
    /// Any of the sectors: a disk that was cut in the middle of a write.
    Torn,
}

impl Cut {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Prefix, Self::Subset, Self::Torn];
}

/// Walks through a log, and at each step knows what is safe and what is not.
pub struct Cuts<'l> {
    log: &'l [Op],
    next: usize,
    safe: Files,
    pending: BTreeMap<&'l str, Vec<&'l Op>>,
}

impl<'l> Cuts<'l> {
    /// From the files as they were when the log began.
    pub fn new(before: Files, log: &'l [Op]) -> Self {
        Self {
            log,
            next: 0,
            safe: before,
            pending: BTreeMap::new(),
        }
    }

    /// One step on; how many steps were taken, or none at the end.
    pub fn step(&mut self) -> Option<usize> {
        let op = self.log.get(self.next)?;
        self.next += 1;
        if let Op::Sync { file } = op {
            for done in self.pending.remove(file.as_str()).into_iter().flatten() {
                done.apply(&mut self.safe);
            }
        } else {
            self.pending.entry(op.file()).or_default().push(op);
        }
        Some(self.next)
    }

    /// What a cut here could leave.
    pub fn state(&self, cut: Cut, dice: &mut Dice) -> Files {
        let mut files = self.safe.clone();
        for ops in self.pending.values() {
            let kept = dice.below(ops.len() + 1);
            for (index, op) in ops.iter().enumerate() {
                match cut {
                    Cut::Prefix if index < kept => op.apply(&mut files),
                    Cut::Subset if dice.coin() => op.apply(&mut files),
                    Cut::Torn => tear(op, &mut files, dice),
                    Cut::Prefix | Cut::Subset => {}
                }
            }
        }
        files
    }
}

fn tear(op: &Op, files: &mut Files, dice: &mut Dice) {
    let Op::Write { file, at, bytes } = op else {
        if dice.coin() {
            op.apply(files);
        }
        return;
    };
    for (number, sector) in bytes.chunks(SECTOR).enumerate() {
        if dice.coin() {
            disk::write(files, file, at + number * SECTOR, sector);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(at: usize, byte: u8) -> Op {
        Op::Write {
            file: "f".to_owned(),
            at,
            bytes: vec![byte; SECTOR],
        }
    }

    fn sync() -> Op {
        Op::Sync {
            file: "f".to_owned(),
        }
    }

    #[test]
    fn what_was_synced_is_in_every_state() {
        let log = [write(0, 1), sync(), write(0, 2), write(SECTOR, 3)];
        let mut cuts = Cuts::new(Files::new(), &log);
        while cuts.step().is_some() {}
        let mut dice = Dice::new(1);
        let mut seen = std::collections::BTreeSet::new();
        for cut in Cut::ALL.into_iter().cycle().take(60) {
            let state = cuts.state(cut, &mut dice);
            let file = &state["f"];
            assert!([1, 2].contains(&file[0]));
            seen.insert((file[0], file.get(SECTOR).copied()));
        }
        assert!(seen.contains(&(1, None)), "nothing of the rest");
        assert!(seen.contains(&(2, Some(3))), "all of the rest");
        assert!(
            seen.contains(&(1, Some(3))),
            "the later without the earlier"
        );
    }

    #[test]
    fn a_write_is_torn_at_sectors() {
        let log = [Op::Write {
            file: "f".to_owned(),
            at: 0,
            bytes: vec![9; 3 * SECTOR],
        }];
        let mut cuts = Cuts::new(Files::new(), &log);
        cuts.step();
        let mut dice = Dice::new(2);
        let torn = (0..40).any(|_| {
            let state = cuts.state(Cut::Torn, &mut dice);
            state
                .get("f")
                .is_some_and(|file| file.len() == 3 * SECTOR && file[0] == 9 && file[SECTOR] == 0)
        });
        assert!(torn);
    }
}
