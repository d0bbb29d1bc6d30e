//! What arrives for one case: merged as far as it goes, the rest kept, and new advice marked as delivered.

use super::exchanged::Tally;
use crate::case::{OpenCase, deliveries, from_edit, row, store};
use crate::device::Open;
use crate::error::{Error, Result};
use crate::seams::Seams;
use crate::vault::Halt;
use crate::vault::sql::actors::{self, Hand};
use crate::vault::sql::cases::{self, CaseRow};
use crate::vault::sql::unsent;
use crate::vault::sql::waiting;
use mooring_casefile::{
    Attribution, CaseFile, CaseId, Change, Edit, Half, Mark, Merge, Now, RecordId, Run,
};
use mooring_exchange::Access;
use rusqlite::Transaction;

/// A case after an arrival: in memory only, until [`Arrived::store`] has put it on disk.
pub(crate) struct Arrived {
    case: CaseId,
    source: Source,
    /// None where the case can't be read here: what came for it is kept beside it.
    open_case: Option<OpenCase>,
    row: Option<CaseRow>,
    merged_runs: u64,
    merged: Vec<(Change, Attribution)>,
    delivered: Vec<Change>,
    /// This phone, writing "delivered".
    me: Attribution,
    keep: Vec<Pending>,
    done: Vec<i64>,
    new_advice: Vec<RecordId>,
}

/// Who brought it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// HQ, which has it.
    Hq,
    /// A partner's phone: HQ may not have it.
    Partner,
}

/// A run that is not merged yet.
struct Pending {
    run: Run,
    who: Attribution,
    /// Its row, if it waited before.
    position: Option<i64>,
    held: bool,
}

/// How this phone holds the case that something arrives for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Holds {
    pub(crate) access: Access,
    /// It was not held in full before.
    pub(crate) given_now: bool,
}

/// Merges what came, and what waited for it. Advice counts as delivered only where its case is held in full: in standby nobody can
/// read it.
pub(crate) fn arrive(
    open: &mut Open,
    case: CaseId,
    runs: Vec<(Run, Attribution)>,
    (source, holds): (Source, Holds),
    seams: &mut Seams,
    now: Now,
) -> Result<Arrived> {
    let mut arrived = Arrived::empty(case, source, open.me.attribution);
    arrived.keep = runs
        .into_iter()
        .map(|(run, who)| Pending {
            run,
            who,
            position: None,
            held: false,
        })
        .collect();
    let known = if open.knows(case)? {
        open.take(case)
    } else {
        Ok(OpenCase::new(CaseFile::new(case)))
    };
    let mut open_case = match known {
        Ok(open_case) => open_case,
        Err(Error::CaseDamaged(_) | Error::UpdateApp) => return Ok(arrived),
        Err(other) => return Err(other),
    };
    let waited = open
        .vault
        .look(|connection| Ok(waiting::of_case(connection, case)?))?;
    arrived
        .keep
        .extend(waited.into_iter().map(|waiting| Pending {
            run: waiting.run,
            who: waiting.who,
            position: Some(waiting.position),
            held: waiting.held,
        }));
    arrived.merge(&mut open_case.file);
    if !arrived.merged.is_empty() {
        open_case.changing();
    }
    let readable = holds.access == Access::Open || open.is_broken(case, now);
    if readable && (holds.given_now || !arrived.merged.is_empty()) {
        arrived.deliver(&mut open_case, open, seams, now)?;
    }
    if !arrived.merged.is_empty() || !arrived.delivered.is_empty() {
        arrived.row = Some(row(open_case.view(&open.shelf), now));
    }
    arrived.open_case = Some(open_case);
    Ok(arrived)
}

impl Arrived {
    const fn empty(case: CaseId, source: Source, me: Attribution) -> Self {
        Self {
            case,
            source,
            open_case: None,
            row: None,
            merged_runs: 0,
            merged: Vec::new(),
            delivered: Vec::new(),
            me,
            keep: Vec::new(),
            done: Vec::new(),
            new_advice: Vec::new(),
        }
    }

    /// Merges what fits, in whatever order it came; the rest is kept.
    fn merge(&mut self, file: &mut CaseFile) {
        let (held, tried): (Vec<_>, Vec<_>) = std::mem::take(&mut self.keep)
            .into_iter()
            .partition(|pending| pending.held);
        self.keep = held;
        let runs: Vec<_> = tried
            .iter()
            .map(|pending| (&pending.run, pending.who))
            .collect();
        let merged = file.merge_all(&runs);
        let mut tried: Vec<_> = tried.into_iter().map(Some).collect();
        for (number, merge) in merged {
            let Some(pending) = tried.get_mut(number).and_then(Option::take) else {
                continue;
            };
            match merge {
                Merge::Merged(new) => {
                    self.merged.extend(new_changes(&pending, &new));
                    self.done.extend(pending.position);
                    self.merged_runs += 1;
                }
                Merge::Known => self.done.extend(pending.position),
                Merge::Waiting { .. } => self.keep.push(pending),
                Merge::Held(_) => self.keep.push(Pending {
                    held: true,
                    ..pending
                }),
            }
        }
    }

    fn deliver(
        &mut self,
        case: &mut OpenCase,
        open: &Open,
        seams: &mut Seams,
        now: Now,
    ) -> Result<()> {
        for advice in deliveries(case.view(&open.shelf), self.me.device) {
            let edit = Edit::AdviceMark {
                id: seams.record_id(now),
                advice,
                mark: Mark::Delivered,
            };
            let change = case
                .changing()
                .apply(&edit, &open.writer(), now)
                .map_err(from_edit)?;
            self.delivered.push(change);
            self.new_advice.push(advice);
        }
        Ok(())
    }

    pub(crate) fn store(&self, tx: &Transaction<'_>, now: Now) -> Result<(), Halt> {
        if let (Some(case), Some(row)) = (&self.open_case, &self.row) {
            let new: Vec<_> = self
                .merged
                .iter()
                .map(|(change, _)| change)
                .chain(&self.delivered)
                .collect();
            store(tx, &case.file, row, &new)?;
            for (change, who) in &self.merged {
                actors::put(tx, change.case, change.half, change.actor, Hand::Of(*who))?;
                // Its own changes come back from a partner to a phone that lost them: HQ may lack them too, and they are its own to send.
                if self.source == Source::Partner && who.device == self.me.device {
                    unsent::recall(tx, &unsent::Mark::of(change))?;
                }
            }
            for change in &self.delivered {
                actors::put(
                    tx,
                    change.case,
                    change.half,
                    change.actor,
                    Hand::Of(self.me),
                )?;
                unsent::put(tx, &unsent::Mark::of(change))?;
            }
            cases::recount_unsent(tx, self.case)?;
        }
        for position in &self.done {
            waiting::forget(tx, *position)?;
        }
        for pending in &self.keep {
            waiting::put(tx, &pending.run, &pending.who, pending.held, now.wall_ms)?;
        }
        Ok(())
    }

    /// Whether the guard did not let the end of this run in.
    pub(crate) fn holds_back(&self, run: &Run) -> bool {
        let held = |pending: &Pending| pending.held && pending.run.last == run.last;
        self.keep.iter().any(held)
    }

    pub(crate) fn count(&self, tally: &mut Tally) {
        tally.merged_runs += self.merged_runs;
        tally.held_runs += self
            .keep
            .iter()
            .filter(|pending| pending.held && pending.position.is_none())
            .count() as u64;
        tally.waiting_runs += self.keep.iter().filter(|pending| !pending.held).count() as u64;
        tally.damaged_cases += u64::from(self.open_case.is_none());
        tally
            .new_advice
            .extend(self.new_advice.iter().map(|advice| (self.case, *advice)));
    }

    pub(crate) fn put_back(self, open: &mut Open) {
        let begun = |case: &OpenCase| {
            Half::BOTH
                .iter()
                .any(|half| !case.file.version().heads(*half).is_empty())
        };
        // A case of which nothing could be merged is not a case of this phone yet.
        if let Some(case) = self.open_case.filter(begun) {
            open.put_back(case);
        }
    }
}

/// The changes of a run that were new: always its last ones.
fn new_changes(
    pending: &Pending,
    new: &[mooring_casefile::ChangeId],
) -> Vec<(Change, Attribution)> {
    let run = &pending.run;
    let known = run.changes.len().saturating_sub(new.len());
    let fresh = run.changes.iter().zip(run.first_seq..).skip(known).zip(new);
    let change = |((bytes, seq), id): ((&Vec<u8>, u64), &mooring_casefile::ChangeId)| Change {
        id: *id,
        case: run.case,
        half: run.half,
        actor: run.actor,
        seq,
        bytes: bytes.clone(),
    };
    fresh
        .map(change)
        .map(|change| (change, pending.who))
        .collect()
}
