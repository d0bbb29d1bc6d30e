//! Who is of the team, and whether the case is closed: read from the field half, as everything else.

use std::collections::BTreeSet;

use super::Said;
use crate::{
    file::CaseFile,
    ids::{ChangeId, PersonId},
    moment::Stamp,
    record::{Event, Record},
    run::Half,
    view::Entry,
};

impl CaseFile {
    /// The team: who began the case, and whom they and those they added have added. `others` count as members too: those to whom
    /// headquarters gave the case in full. Whoever is none of these adds nobody, so that a person who broke the glass can't
    /// make a case of four hours their own.
    pub fn team(&self, others: &BTreeSet<PersonId>) -> BTreeSet<PersonId> {
        let creator = self.created().map(|stamp| stamp.who.person);
        let mut team: BTreeSet<PersonId> = creator.into_iter().collect();
        let mut added: Vec<_> = self
            .events()
            .filter(|said| said.what.kind == Event::ADDED_TO_TEAM)
            .filter_map(|said| Some((said.stamp.who.person, said.what.person?)))
            .collect();
        loop {
            let before = added.len();
            added.retain(|(by, whom)| {
                let counts = team.contains(by) || others.contains(by);
                if counts {
                    team.insert(*whom);
                }
                !counts
            });
            if added.len() == before {
                return team;
            }
        }
    }

    /// The glasses that were broken for this case, each with its reason, oldest first.
    pub fn broken_glasses(&self) -> Vec<Entry<Event>> {
        let broken = self
            .events()
            .filter(|said| said.what.kind == Event::BROKEN_GLASS && said.half == Half::Field);
        let entry = |said: Said<'_, Event>| Entry {
            id: said.id,
            stamp: said.stamp,
            half: said.half,
            what: said.what.clone(),
        };
        let mut all: Vec<_> = broken.map(entry).collect();
        all.sort_by_key(|one| (one.stamp.at.wall_ms, one.stamp.change));
        all
    }

    /// Who closed the case, and when; nothing while it is open. Whatever is entered by somebody who did not know of the closing opens it
    /// again, and so does whatever comes after it: but for how far advice came, and a glass that was broken to read.
    pub fn closed(&self) -> Option<Stamp> {
        let closings = self
            .events()
            .filter(|said| said.what.kind == Event::CLOSED)
            .map(|said| said.stamp);
        let mut closings: Vec<_> = closings.collect();
        closings.sort_by_key(|stamp| (stamp.at.wall_ms, stamp.change));
        let entered = self.entered();
        let history = self.history(Half::Field);
        let last = |closing: &Stamp| {
            let known = |change: &ChangeId| history.knew(&closing.change, change);
            entered.iter().all(known)
        };
        closings.into_iter().rev().find(last)
    }

    /// The changes of the field half that say something about the person or the visit.
    fn entered(&self) -> BTreeSet<ChangeId> {
        let history = self.history(Half::Field);
        let values = history.slots().flat_map(|(_, writes)| writes);
        let mut entered: BTreeSet<_> = values.map(|write| write.change).collect();
        let starts = history.assessments().flat_map(|(_, starts)| starts);
        entered.extend(starts.map(|start| start.change));
        let says = |record: &Record| match record {
            Record::Mark(_) => false,
            Record::Event(event) => {
                event.kind != Event::BROKEN_GLASS && event.kind != Event::CLOSED
            }
            Record::Confirmation(_)
            | Record::Settlement(_)
            | Record::Acceptance(_)
            | Record::Override(_)
            | Record::Ask(_)
            | Record::Review(_)
            | Record::Advice(_)
            | Record::Withdrawal(_)
            | Record::Opening(_)
            | Record::TooNew => true,
        };
        let records = history.records().filter(|one| says(&one.record));
        entered.extend(records.map(|one| one.change));
        entered
    }
}
