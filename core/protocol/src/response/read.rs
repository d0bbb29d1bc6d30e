//! From a `QuestionnaireResponse` to answers: every real one, however odd, and nothing of it lost.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json};
use uuid::Uuid;

use super::about::About;
use super::calculated::Worked;
use super::import::{CARRIED, Header, Import, Stray};
use super::links::{self, Found, Repeats};
use super::standing::Laid;
use super::stored::{self, Stored};
use super::{header, occurs};
use crate::accept::Wrong;
use crate::fault::{FaultKind, Faults};
use crate::form::Chain;
use crate::item::{Item, ItemKind};
use crate::path::AnswerPath;
use crate::protocol::Protocol;
use crate::read::place::{Notes, Place};
use crate::sheet::Sheet;

impl Protocol {
    /// Reads a response to this protocol. Only what is no response at all is refused; everything else is read, and each fault is listed.
    ///
    /// `now` is the moment at which it is read, as [`Sheet::read_at`] takes it. `fresh` makes the ids of repeats; ids that the response
    /// has itself are kept.
    pub fn read_response(
        &self,
        bytes: &[u8],
        now: Option<&str>,
        fresh: &mut dyn FnMut() -> Uuid,
    ) -> Result<Import, Faults> {
        let json = crate::read::json::parse(bytes).map_err(Faults)?;
        let mut notes = Notes::default();
        let root = Place::root();
        let Some(file) = json.as_object() else {
            notes.wrong(&root, "a QuestionnaireResponse", &json);
            return Err(Faults(notes.faults));
        };
        let about = About::of(self);
        let status = header::read(&mut notes, file, &about);
        if !notes.faults.is_empty() {
            return Err(Faults(notes.faults));
        }
        let mut reading = Reading {
            protocol: self,
            about: &about,
            worked: worked(self, &Sheet::new())
                .into_keys()
                .map(|path| path.link_id().to_owned())
                .collect(),
            notes,
            fresh,
            repeats: Repeats::default(),
            ids: BTreeSet::new(),
            once: BTreeSet::new(),
            sheet: now.map_or_else(Sheet::new, Sheet::at),
            strays: Vec::new(),
            stored: Vec::new(),
        };
        reading.beside(file);
        reading.items(file, &root, &Chain::new(), None);
        let worked = worked(self, &reading.sheet);
        reading.keep_what_is_not_worked_out(&worked);
        let Reading {
            mut notes,
            sheet,
            strays,
            stored,
            ..
        } = reading;
        occurs::check(&mut notes, self, &sheet, status);
        let carried = file.iter().filter(|(name, _)| {
            CARRIED.contains(&name.as_str()) || (about.url.is_empty() && *name == "questionnaire")
        });
        let carried = carried.map(|(name, value)| (name.clone(), value.clone()));
        Ok(Import {
            header: Header(carried.collect()),
            disagreements: stored::disagreements(stored, &worked),
            sheet,
            status,
            faults: notes.faults,
            warnings: notes.warnings,
            strays,
        })
    }
}

/// What is worked out, by the item's place.
fn worked(protocol: &Protocol, sheet: &Sheet) -> BTreeMap<AnswerPath, Worked> {
    let entries = Laid::new(protocol, sheet).entries.into_iter();
    entries
        .filter_map(|standing| Some((standing.path, standing.worked?)))
        .collect()
}

/// A response being read.
pub(super) struct Reading<'a> {
    pub(super) protocol: &'a Protocol,
    pub(super) about: &'a About,
    /// The linkIds of what is worked out here.
    pub(super) worked: BTreeSet<String>,
    pub(super) notes: Notes,
    pub(super) fresh: &'a mut dyn FnMut() -> Uuid,
    pub(super) repeats: Repeats,
    /// Ids that repeats have already.
    pub(super) ids: BTreeSet<Uuid>,
    /// Items that do not repeat and were met already.
    pub(super) once: BTreeSet<(Chain, usize)>,
    pub(super) sheet: Sheet,
    pub(super) strays: Vec<Stray>,
    pub(super) stored: Vec<Stored>,
}

impl Reading<'_> {
    pub(super) fn items(
        &mut self,
        holder: &Map<String, Json>,
        place: &Place,
        chain: &Chain,
        parent: Option<usize>,
    ) {
        let list = self.notes.objects(holder, "item", place);
        for (object, place) in list {
            self.item(object, place, chain, parent);
        }
    }

    fn item(
        &mut self,
        object: &Map<String, Json>,
        mut place: Place,
        chain: &Chain,
        parent: Option<usize>,
    ) {
        let link_id = object
            .get("linkId")
            .and_then(Json::as_str)
            .unwrap_or_default();
        place.link_id = Some(link_id.to_owned());
        let found = links::find(&self.protocol.plan, link_id);
        if let Some(Found::ButForASlash(node)) = found {
            let own = self.protocol.plan.nodes.get(node);
            let own = own.map_or("", |node| node.link_id.as_str());
            let message = format!("read as '{own}', which differs by a slash");
            self.notes.warn(&place, FaultKind::NoSuchTarget, message);
        }
        let Some(Found::Exactly(node) | Found::ButForASlash(node)) = found else {
            return self.unknown(object, &place, chain, parent, link_id);
        };
        let protocol = self.protocol;
        let Some(item) = protocol.plan.item(&protocol.items, node) else {
            return;
        };
        if protocol.plan.nodes.get(node).and_then(|node| node.parent) != parent {
            let message = "stands elsewhere in the Questionnaire; read by its linkId";
            self.notes.warn(&place, FaultKind::NotAllowed, message);
        }
        let above = self
            .repeats
            .above(&protocol.plan, node, chain, &mut *self.fresh);
        if item.kind.is_question() {
            self.question(object, &place, item, node, &above);
        } else {
            self.group(object, &place, item, node, &above);
        }
    }

    /// A linkId that the Questionnaire does not have. What stands below it may be known all the same.
    fn unknown(
        &mut self,
        object: &Map<String, Json>,
        place: &Place,
        chain: &Chain,
        parent: Option<usize>,
        link_id: &str,
    ) {
        let answers = self.notes.objects(object, "answer", place);
        if !self.about.is_text(link_id) || !answers.is_empty() {
            let wrong = Wrong::NoSuchQuestion.to_string();
            let message = if link_id.is_empty() {
                "an item without a linkId".to_owned()
            } else {
                wrong
            };
            self.notes.fault(place, FaultKind::NoSuchTarget, message);
        }
        let named = if link_id.is_empty() {
            "(no linkId)"
        } else {
            link_id
        };
        for (answer, place) in answers {
            self.stray(answer, &place, AnswerPath::within(chain.clone(), named));
            self.items(answer, &place, chain, parent);
        }
        self.items(object, place, chain, parent);
    }

    fn group(
        &mut self,
        object: &Map<String, Json>,
        place: &Place,
        item: &Item,
        node: usize,
        above: &Chain,
    ) {
        for (answer, place) in self.notes.objects(object, "answer", place) {
            let message = Wrong::NotAQuestion(item.kind).to_string();
            self.notes.fault(&place, FaultKind::NotAllowed, message);
            let path = AnswerPath::within(above.clone(), &item.link_id);
            self.stray(answer, &place, path);
        }
        let mut chain = above.clone();
        if item.repeats_below() {
            let id = self.own_id(object);
            self.repeats.met(above, &item.link_id, id);
            chain.push((item.link_id.clone(), id));
        } else if !self.once.insert((above.clone(), node)) && item.kind == ItemKind::Group {
            let message = "stands twice and does not repeat; read together";
            self.notes.fault(place, FaultKind::Duplicate, message);
        }
        self.items(object, place, &chain, Some(node));
    }

    /// The id that a repeat has of its own, once; else a fresh one.
    pub(super) fn own_id(&mut self, object: &Map<String, Json>) -> Uuid {
        let own = object.get("id").and_then(Json::as_str);
        let own = own.and_then(|id| Uuid::parse_str(id).ok());
        let mut id = own.unwrap_or_else(|| (self.fresh)());
        while !self.ids.insert(id) {
            id = (self.fresh)();
        }
        id
    }
}
