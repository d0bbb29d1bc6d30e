//! Exact versions, and what has happened since.

use std::collections::BTreeMap;

use super::{CaseFile, HalfFile};
use crate::{
    guard::{MAX_RUN_BYTES, MAX_RUN_CHANGES, document, read_change},
    ids::{Actor, ChangeId},
    run::{Half, Run, Version},
};

/// The case file does not hold every head of that version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("that version of the case is not known here")]
pub struct UnknownVersion;

impl CaseFile {
    /// The exact state that this case file holds.
    pub fn version(&self) -> Version {
        Version {
            field: self.field.history.heads(),
            hq: self.hq.history.heads(),
        }
    }

    /// The case file as it was at a version. Who is behind an actor is as known today.
    ///
    /// # Errors
    /// [`UnknownVersion`] if a head is not known here.
    pub fn at(&self, version: &Version) -> Result<Self, UnknownVersion> {
        let mut then = Self::new(self.case);
        for half in Half::BOTH {
            *then.half_mut(half) = self
                .half_at(half, version.heads(half))
                .ok_or(UnknownVersion)?;
        }
        let wrote = |half: Half, actor: &Actor| !then.history(half).changes_of(actor).is_empty();
        let who = self
            .who
            .iter()
            .filter(|((half, actor), _)| wrote(*half, actor));
        then.who = who.map(|(actor, who)| (*actor, *who)).collect();
        Ok(then)
    }

    fn half_at(&self, half: Half, heads: &[ChangeId]) -> Option<HalfFile> {
        let now = self.half(half);
        let mut wanted: Vec<_> = now.history.leading_to(heads)?.into_iter().collect();
        // A change starts behind everything that it depends on, so this puts dependencies first.
        wanted.sort_by_key(|change| {
            now.history
                .entry(change)
                .map(|entry| (entry.max_op, entry.actor))
        });
        let mut then = HalfFile::new(self.case, half);
        let mut changes = Vec::new();
        for change in wanted {
            let (change, parsed) = read_change(&document::bytes_of(&now.doc, change)?).ok()?;
            then.history.admit(&parsed).ok()?;
            changes.push(change);
        }
        let exact = then.history.heads() == sorted(heads);
        then.doc = document::replay(&then.doc, &changes, &then.history.heads())?;
        exact.then_some(then)
    }

    /// For each actor the last change known of it: what the other side must be told to send only what is new.
    pub fn marks(&self, half: Half) -> BTreeMap<Actor, (u64, ChangeId)> {
        let actors = self.history(half).actors();
        actors
            .filter_map(|(actor, changes)| Some((*actor, (count(changes), *changes.last()?))))
            .collect()
    }

    /// The runs that somebody with these marks lacks, each within what one run may hold.
    pub fn runs_since(&self, half: Half, marks: &BTreeMap<Actor, u64>) -> Vec<Run> {
        let mut runs = Vec::new();
        for (actor, changes) in self.history(half).actors() {
            let known =
                usize::try_from(marks.get(actor).copied().unwrap_or(0)).unwrap_or(usize::MAX);
            self.add_runs(half, *actor, changes, known, &mut runs);
        }
        runs
    }

    fn add_runs(
        &self,
        half: Half,
        actor: Actor,
        changes: &[ChangeId],
        known: usize,
        runs: &mut Vec<Run>,
    ) {
        let mut room = 0;
        for (seq, id) in (1..).zip(changes).skip(known) {
            let Some(bytes) = document::bytes_of(&self.half(half).doc, *id) else {
                return;
            };
            match runs.last_mut() {
                Some(run) if room >= bytes.len() && run.changes.len() < MAX_RUN_CHANGES => {
                    room -= bytes.len();
                    (run.last_seq, run.last) = (seq, *id);
                    run.changes.push(bytes);
                }
                Some(_) | None => {
                    room = MAX_RUN_BYTES.saturating_sub(bytes.len());
                    let changes = vec![bytes];
                    runs.push(Run {
                        case: self.case,
                        half,
                        actor,
                        first_seq: seq,
                        last_seq: seq,
                        last: *id,
                        changes,
                    });
                }
            }
        }
    }
}

fn count(changes: &[ChangeId]) -> u64 {
    u64::try_from(changes.len()).unwrap_or(u64::MAX)
}

fn sorted(heads: &[ChangeId]) -> Vec<ChangeId> {
    let mut heads = heads.to_vec();
    heads.sort_unstable();
    heads.dedup();
    heads
}
