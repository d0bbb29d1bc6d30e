//! From the unsent marks to the next push: made once, signed once, and stored whole before its first byte leaves.

use super::exchanged::Tally;
use super::progress::Progress;
use crate::device::Open;
use crate::error::{Error, Forbidden, Result};
use crate::seams::Seams;
use crate::vault::sql::push::{self, PushRow};
use crate::vault::sql::unsent::{self, Mark};
use mooring_casefile::{Actor, CaseFile, CaseId, Half, Now, Run};
use mooring_exchange::{PushDraft, SealedPush, in_turn, plan_pushes};
use std::collections::BTreeMap;

/// Raw bytes gathered before the rest is left to the push after.
const ENOUGH: usize = 8 << 20;

/// The push to send: the one that was stored, or else a new one of what HQ lacks, the worst case first.
pub(super) fn next_push(
    open: &mut Open,
    tally: &mut Tally,
    seams: &mut Seams,
    now: Now,
) -> Result<Option<SealedPush>> {
    if let Some(stored) = open.vault.look(|connection| Ok(push::get(connection)?))? {
        if let Some(whole) = read_back(stored) {
            return Ok(Some(whole));
        }
        // It was made of changes that are all still here, and unsent: they are packed again.
        open.vault.write(now, |tx| Ok(push::drop_any(tx)?))?;
    }
    let runs = gather(open, tally)?;
    let Some(runs) = plan_pushes(runs).into_iter().next() else {
        return Ok(None);
    };
    let made = make(open, &runs, seams, now)?;
    let row = PushRow {
        id: made.id(),
        dev_seq: made.header().dev_seq,
        bytes: made.bytes().to_vec(),
    };
    open.vault.write(now, |tx| {
        push::put(tx, &row)?;
        for run in &runs {
            unsent::pack_through(tx, run.case, run.half, run.actor, run.last_seq)?;
        }
        Ok(())
    })?;
    Ok(Some(made))
}

/// The stored push, if it is what was stored.
fn read_back(stored: PushRow) -> Option<SealedPush> {
    let push = SealedPush::parse(stored.bytes).ok()?;
    (push.id() == stored.id).then_some(push)
}

fn make(open: &mut Open, runs: &[Run], seams: &mut Seams, now: Now) -> Result<SealedPush> {
    let progress = Progress::load(&mut open.vault)?;
    let enrolment = open
        .me
        .enrolment
        .as_ref()
        .ok_or(Error::Forbidden(Forbidden::NotEnrolled))?;
    let draft = PushDraft {
        agency: enrolment.agency,
        device: open.me.attribution.device,
        epoch: enrolment.certificate.epoch,
        dev_seq: progress.dev_seq + 1,
        prev: progress.prev,
        created_ms: now.wall_ms,
    };
    SealedPush::make(&draft, runs, &open.key, seams.random.as_mut())
        .map_err(|_| Error::Internal("pack"))
}

fn gather(open: &mut Open, tally: &mut Tally) -> Result<Vec<Run>> {
    let marks = open.vault.look(|connection| Ok(unsent::all(connection)?))?;
    let (mut runs, mut bytes) = (Vec::new(), 0);
    for (case, marks) in by_case(&marks) {
        if bytes >= ENOUGH {
            break;
        }
        // A case that can't be read keeps its marks and holds up none of the others.
        match open.peek(case, |file| of_case(file, &marks)) {
            Ok(found) => {
                bytes += found
                    .iter()
                    .flat_map(|run| &run.changes)
                    .map(Vec::len)
                    .sum::<usize>();
                runs.extend(found);
            }
            Err(Error::CaseDamaged(_) | Error::UpdateApp) => tally.damaged_cases += 1,
            Err(other) => return Err(other),
        }
    }
    Ok(runs)
}

/// In the order of the marks, which is the order of urgency.
pub(crate) fn by_case(marks: &[Mark]) -> Vec<(CaseId, Vec<Mark>)> {
    let mut cases: Vec<(CaseId, Vec<Mark>)> = Vec::new();
    for mark in marks {
        match cases.last_mut() {
            Some((case, own)) if *case == mark.case => own.push(*mark),
            Some(_) | None => cases.push((mark.case, vec![*mark])),
        }
    }
    cases
}

/// The unsent changes of a case as runs: from each own actor's first unsent number on.
pub(crate) fn of_case(file: &CaseFile, marks: &[Mark]) -> Vec<Run> {
    Half::BOTH
        .iter()
        .flat_map(|half| {
            let mut first: BTreeMap<Actor, u64> = BTreeMap::new();
            for mark in marks.iter().filter(|mark| mark.half == *half) {
                first.entry(mark.actor).or_insert(mark.seq);
            }
            let known = first
                .iter()
                .map(|(actor, seq)| (*actor, seq.saturating_sub(1)))
                .collect();
            let runs = file.runs_since(*half, &known);
            runs.into_iter()
                .filter(move |run| first.contains_key(&run.actor))
                .flat_map(in_turn)
        })
        .collect()
}
