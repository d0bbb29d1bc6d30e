//! A whole case: its assessments, what is known of the person, and which assessments others took the place of.

use std::collections::{BTreeMap, BTreeSet};

use mooring_protocol::{Answer, Person, Value};

use super::{
    assessment::AssessmentReading,
    slot::{SlotReading, Standing},
};
use crate::{
    file::CaseFile,
    history::{Stored, Write},
    ids::{AssessmentId, Digest, RecordId},
    record::{Accepted, Place, Seen},
    run::Half,
    shelf::Shelf,
};

/// A case, read once for all that is derived from it.
pub(crate) struct Reading<'a> {
    pub(crate) file: &'a CaseFile,
    pub(crate) shelf: &'a dyn Shelf,
    pub(crate) minor: SlotReading<'a>,
    /// By id, so in the order in which they were begun, as far as clocks were right.
    pub(crate) assessments: Vec<AssessmentReading<'a>>,
    /// The person as what stands has it.
    pub(crate) person_now: Person,
    /// The person as what governs has it.
    pub(crate) person_all: Person,
    /// Assessments that a later one took the place of, by an acceptance that counts (rule 7).
    pub(crate) replaced: BTreeMap<AssessmentId, AssessmentId>,
}

impl CaseFile {
    /// Reads the case. Settlements that lower a level without the role for it are found and set aside, then it is read again:
    /// each round sets aside at least one more, so this ends.
    pub(crate) fn read<'a>(&'a self, shelf: &'a dyn Shelf) -> Reading<'a> {
        let mut set_aside = BTreeSet::new();
        loop {
            let reading = self.read_without(shelf, &set_aside);
            let lowering = reading.lowering_settlements();
            if lowering.is_subset(&set_aside) {
                return reading;
            }
            set_aside.extend(lowering);
        }
    }

    fn read_without<'a>(
        &'a self,
        shelf: &'a dyn Shelf,
        set_aside: &BTreeSet<RecordId>,
    ) -> Reading<'a> {
        let all = self.history(Half::Field).assessments();
        let read =
            all.filter_map(|(id, starts)| self.read_assessment(*id, starts, shelf, set_aside));
        let mut reading = Reading {
            file: self,
            shelf,
            minor: self.read_slot(&Place::Minor, set_aside),
            assessments: read.collect(),
            person_now: Person::default(),
            person_all: Person::default(),
            replaced: BTreeMap::new(),
        };
        reading.person_now =
            reading.person(reading.minor.standing(), |one| one.says_minor(&one.now));
        reading.person_all =
            reading.person(reading.minor.governing(), |one| one.says_minor(&one.all));
        reading.replaced = reading.work_out_replaced();
        reading
    }
}

impl<'a> Reading<'a> {
    pub(crate) fn find(&self, id: AssessmentId) -> Option<&AssessmentReading<'a>> {
        self.assessments.iter().find(|one| one.id == id)
    }

    /// Assessments that count: no other took their place.
    pub(crate) fn counting(&self) -> impl Iterator<Item = &AssessmentReading<'a>> {
        self.assessments
            .iter()
            .filter(|one| !self.replaced.contains_key(&one.id))
    }

    /// A minor if anything says so, since a minor's refusal counts as more.
    fn person<'w>(
        &self,
        writes: impl Iterator<Item = &'w Write>,
        says: impl Fn(&AssessmentReading<'a>) -> Option<bool>,
    ) -> Person {
        let stated = writes.filter_map(|write| is_minor(&write.value));
        let answered = self.assessments.iter().filter_map(says);
        Person {
            minor: stated.chain(answered).max(),
        }
    }

    fn lowering_settlements(&self) -> BTreeSet<RecordId> {
        let mut lowering: BTreeSet<_> = self
            .assessments
            .iter()
            .flat_map(|one| one.lowering_settlements(self.person_all))
            .collect();
        for (write, standing) in &self.minor.values {
            if let (Standing::HeldByAuthor(by), Some(true)) = (standing, is_minor(&write.value)) {
                lowering.insert(*by);
            }
        }
        lowering
    }

    pub(crate) fn digest(&self, id: AssessmentId) -> Option<Digest> {
        self.find(id).map(|one| one.digest)
    }

    /// Whether an assessment is still as a person saw it.
    pub(crate) fn is_as_seen(&self, seen: &Seen) -> bool {
        self.digest(seen.assessment) == Some(seen.digest)
    }

    /// Each assessment that another took the place of, with the one that governs in the end. Acceptances that lead in a
    /// circle replace nothing.
    fn work_out_replaced(&self) -> BTreeMap<AssessmentId, AssessmentId> {
        let mut later_of: BTreeMap<AssessmentId, BTreeSet<AssessmentId>> = BTreeMap::new();
        let counting = self
            .file
            .acceptances()
            .filter(|said| self.file.may_accept(said.what, &said.stamp.who));
        for said in counting {
            if let Accepted::Assessment { later, earlier } = &said.what.accepted {
                for earlier in earlier
                    .iter()
                    .filter(|earlier| self.may_replace(later, earlier))
                {
                    later_of
                        .entry(earlier.assessment)
                        .or_default()
                        .insert(later.assessment);
                }
            }
        }
        later_of
            .keys()
            .filter_map(|id| Some((*id, governing_in_the_end(*id, &later_of)?)))
            .collect()
    }

    fn may_replace(&self, later: &Seen, earlier: &Seen) -> bool {
        let (Some(one), Some(two)) = (self.find(later.assessment), self.find(earlier.assessment))
        else {
            return false;
        };
        // What can't be worked out here can't take the place of what can.
        let comparable = one.id != two.id && one.key == two.key && one.knows_all_protocols();
        comparable && self.is_as_seen(later) && self.is_as_seen(earlier)
    }
}

/// What a stored value says about the person's age.
pub(crate) fn is_minor(value: &Stored) -> Option<bool> {
    match value.answer() {
        Some(Answer::Value(Value::Boolean(minor))) => Some(*minor),
        Some(_) | None => None,
    }
}

fn governing_in_the_end(
    from: AssessmentId,
    later_of: &BTreeMap<AssessmentId, BTreeSet<AssessmentId>>,
) -> Option<AssessmentId> {
    let mut reached = BTreeSet::new();
    let mut open = vec![from];
    while let Some(next) = open.pop() {
        match later_of.get(&next) {
            Some(later) if reached.insert(next) => open.extend(later),
            Some(_) => {}
            None => return Some(next),
        }
    }
    None
}
