//! Writing: one edit, one change, carried out on a copy so that a failure leaves the case file as it was.

use automerge::{ActorId, ObjId, ObjType, ROOT, transaction::Transactable};

use super::{
    CaseFile, HalfFile,
    plan::{Plan, Put, encode_minor},
};
use crate::{
    edit::{Edit, EditError, NewCase},
    guard::{MAX_CHANGE_BYTES, MAX_TEXT_BYTES, document, read_change},
    history::{DEEPEST_PATH, History, LONGEST_KEY, OpId, Parsed, encode_text},
    ids::{CaseId, ChangeId, DeviceId},
    layout::{Section, assessment_keys, case_keys},
    moment::{Moment, Now},
    people::Writer,
    run::{Change, Half},
};

impl CaseFile {
    /// Begins a case. Only a device can: the first change of a field half is its creator's.
    ///
    /// # Errors
    /// [`EditError::WrongHalf`] at headquarters, [`EditError::TooLong`] for a title without end.
    pub fn create(new: &NewCase, by: &Writer, now: Now) -> Result<(Self, Change), EditError> {
        if by.who.device == DeviceId::HQ {
            return Err(EditError::WrongHalf);
        }
        let mut file = Self::new(new.case);
        let mut puts = vec![Put::Case(case_keys::TITLE, encode_text(&new.title))];
        puts.extend(
            new.minor
                .map(|minor| Put::Case(case_keys::MINOR, encode_minor(minor))),
        );
        let change = file.carry_out(
            &Plan {
                half: Half::Field,
                puts,
            },
            by,
            now,
        )?;
        Ok((file, change))
    }

    /// Writes one edit as one change. On an error the case file is as it was.
    ///
    /// # Errors
    /// Every [`EditError`]; [`EditError::NothingNew`] where the same value stands there already.
    pub fn apply(&mut self, edit: &Edit, by: &Writer, now: Now) -> Result<Change, EditError> {
        let plan = self.plan(edit, by)?;
        if plan.half == Half::Field && self.is_empty() {
            return Err(EditError::NotFound);
        }
        self.carry_out(&plan, by, now)
    }

    fn carry_out(&mut self, plan: &Plan, by: &Writer, now: Now) -> Result<Change, EditError> {
        let half = plan.half;
        if plan.puts.is_empty() {
            return Err(EditError::NothingNew);
        }
        if !self.is_free_for(half, by.actor, &by.who) {
            return Err(EditError::ActorTaken);
        }
        if plan.puts.iter().any(is_too_long) {
            return Err(EditError::TooLong);
        }
        let case = self.case;
        let file = self.half_mut(half);
        let mut doc = file.doc.clone();
        doc.set_actor(ActorId::from(by.actor.bytes()));
        let page = Page {
            tx: doc.transaction(),
            history: &file.history,
            sections: Vec::new(),
        };
        let id = page.fill(case, half, &plan.puts, Moment::of(now))?;
        let bytes = document::bytes_of(&doc, id).ok_or(EditError::Internal)?;
        if bytes.len() > MAX_CHANGE_BYTES {
            return Err(EditError::TooLong);
        }
        let parsed = file.admit_own(case, half, &bytes)?;
        file.doc = doc;
        self.attribute(half, by.actor, by.who);
        Ok(Change {
            id: parsed.id,
            case: self.case,
            half,
            actor: by.actor,
            seq: parsed.seq,
            bytes,
        })
    }
}

impl HalfFile {
    /// What we write passes the same checks as what we receive, so that nobody else has to hold it.
    fn admit_own(&mut self, case: CaseId, half: Half, bytes: &[u8]) -> Result<Parsed, EditError> {
        let (_, parsed) = read_change(bytes).map_err(|_| EditError::Internal)?;
        if self.history.admit(&parsed).is_err() {
            // A refused change leaves the history half-changed; the document does not hold it yet.
            self.history = Self::history_of(&self.doc, case, half).ok_or(EditError::Internal)?;
            return Err(EditError::Internal);
        }
        Ok(parsed)
    }
}

/// A transaction with what it needs to find its places.
struct Page<'doc, 'history> {
    tx: automerge::transaction::Transaction<'doc>,
    history: &'history History,
    /// Sections made in this very transaction.
    sections: Vec<(Section, ObjId)>,
}

impl Page<'_, '_> {
    fn fill(
        mut self,
        case: CaseId,
        half: Half,
        puts: &[Put],
        at: Moment,
    ) -> Result<ChangeId, EditError> {
        if self.history.is_empty() {
            self.begin(case, half)?;
        }
        puts.iter().try_for_each(|put| self.put(put))?;
        let hash = self
            .tx
            .commit_with(document::stamp(at))
            .0
            .ok_or(EditError::NothingNew)?;
        Ok(ChangeId::new(hash.0))
    }

    fn begin(&mut self, case: CaseId, half: Half) -> Result<(), EditError> {
        for section in Section::of(half) {
            let object = self
                .tx
                .put_object(ROOT, section.name(), ObjType::Map)
                .map_err(internal)?;
            self.sections.push((*section, object));
        }
        self.put_case(case_keys::ID, &encode_text(&case.to_string()))
    }

    fn put(&mut self, put: &Put) -> Result<(), EditError> {
        match put {
            Put::Case(key, text) => self.put_case(key, text),
            Put::Start { id, protocol, key } => {
                let all = self.section(Section::Assessments)?;
                let assessment = self
                    .tx
                    .put_object(&all, id.to_string(), ObjType::Map)
                    .map_err(internal)?;
                let mut put = |key, text: &str| {
                    self.tx
                        .put(&assessment, key, encode_text(text))
                        .map_err(internal)
                };
                put(assessment_keys::PROTOCOL, protocol)?;
                put(assessment_keys::KEY, key)?;
                self.tx
                    .put_object(&assessment, assessment_keys::ANSWERS, ObjType::Map)
                    .map_err(internal)?;
                Ok(())
            }
            Put::Value {
                assessment,
                path,
                text,
            } => {
                let start = self
                    .history
                    .starts_of(assessment)
                    .first()
                    .ok_or(EditError::NotFound)?;
                let answers = object_id(start.answers);
                self.tx
                    .put(&answers, path.as_str(), text.as_str())
                    .map_err(internal)
            }
            Put::Record { section, id, text } => {
                let section = self.section(*section)?;
                self.tx
                    .put(&section, id.to_string(), text.as_str())
                    .map_err(internal)
            }
        }
    }

    fn put_case(&mut self, key: &str, text: &str) -> Result<(), EditError> {
        let case = self.section(Section::Case)?;
        self.tx.put(&case, key, text).map_err(internal)
    }

    fn section(&self, section: Section) -> Result<ObjId, EditError> {
        let made = self
            .sections
            .iter()
            .find(|(made, _)| *made == section)
            .map(|(_, object)| object.clone());
        made.or_else(|| self.history.section(section).map(object_id))
            .ok_or(EditError::Internal)
    }
}

fn object_id(id: OpId) -> ObjId {
    // The last number is a hint for a cache of Automerge's, and is checked there.
    ObjId::Id(id.counter, ActorId::from(id.actor.bytes()), 0)
}

// Texts from below stay below: they can quote what was written.
fn internal(_: automerge::AutomergeError) -> EditError {
    EditError::Internal
}

/// The limits of the guard, seen before anything is written.
fn is_too_long(put: &Put) -> bool {
    match put {
        Put::Case(_, text) | Put::Record { text, .. } => text.len() > MAX_TEXT_BYTES,
        Put::Value { path, text, .. } => {
            let is_deep = path.matches('/').count() > DEEPEST_PATH;
            text.len() > MAX_TEXT_BYTES || path.len() > LONGEST_KEY || is_deep
        }
        Put::Start { key, .. } => key.len() > LONGEST_KEY,
    }
}
