//! A response's answers to one question, each put in its place, beside it, or among the strays.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use super::absent;
use super::calculated::Worked;
use super::import::Stray;
use super::read::Reading;
use super::stored::Stored;
use super::take::{self, Taken};
use crate::accept::Wrong;
use crate::answer::Answer;
use crate::fault::FaultKind;
use crate::form::Chain;
use crate::item::{Item, option_key};
use crate::path::AnswerPath;
use crate::plan::Plan;
use crate::read::place::Place;
use crate::value::Value;

impl Reading<'_> {
    pub(super) fn question(
        &mut self,
        object: &Map<String, Json>,
        place: &Place,
        item: &Item,
        node: usize,
        above: &Chain,
    ) {
        let base = AnswerPath::within(above.clone(), &item.link_id);
        let answers = self.notes.objects(object, "answer", place);
        if answers.is_empty()
            && let Some(code) = absent::of(object)
        {
            self.said(place, code, &base);
        }
        for (answer, place) in answers {
            let mut chain = above.clone();
            let mut own = base.clone();
            if item.is_list() {
                let id = self.own_id(answer);
                self.repeats.met(above, &item.link_id, id);
                chain.push((item.link_id.clone(), id));
                own = base.clone().instance(id);
            }
            self.answer(answer, &place, item, own);
            self.items(answer, &place, &chain, Some(node));
        }
        self.items(object, place, above, Some(node));
    }

    fn answer(&mut self, object: &Map<String, Json>, place: &Place, item: &Item, own: AnswerPath) {
        if object.contains_key("modifierExtension") {
            let message = "it changes the meaning in a way not known here; kept apart";
            self.notes.fault(place, FaultKind::NotReadable, message);
            return self.stray(object, place, stray_path(&self.protocol.plan, &own));
        }
        if let Some(code) = said_instead(object) {
            return self.said(place, code, &own);
        }
        let value = value_of(object);
        if value.is_empty() {
            if !object.contains_key("item") {
                self.notes
                    .warn(place, FaultKind::Missing, "an answer without a value");
            }
            return;
        }
        match Answer::from_json(&Json::Object(value)) {
            Err(wrong) => self.wrong(object, place, item, &own, &wrong),
            Ok(answer) => self.value(object, place, item, own, answer),
        }
    }

    fn value(
        &mut self,
        object: &Map<String, Json>,
        place: &Place,
        item: &Item,
        own: AnswerPath,
        answer: Answer,
    ) {
        if let (true, Some(value)) = (self.worked.contains(&item.link_id), answer.value()) {
            self.stored.push(Stored {
                path: own,
                at: place.at.clone(),
                value: value.clone(),
            });
            return;
        }
        if item.is_calculated() {
            let message =
                "a calculated value that can't be worked out here; kept as the response states it";
            self.notes.warn(place, FaultKind::NotSupported, message);
        }
        match take::take(item, answer) {
            Taken::Fits(answer) => self.put(place, item, own, answer),
            Taken::ByWords(answer) => {
                let message =
                    "its code is none of the options'; read as the one option with the same words";
                self.notes.warn(place, FaultKind::NotAllowed, message);
                self.put(place, item, own, answer);
            }
            Taken::Outside(answer, wrong) => {
                self.notes
                    .fault(place, take::kind(&wrong), wrong.to_string());
                self.put(place, item, own, answer);
            }
            Taken::Stray(wrong) => self.wrong(object, place, item, &own, &wrong),
            Taken::NotSupported(wrong) => {
                self.notes
                    .warn(place, take::kind(&wrong), wrong.to_string());
                self.keep(object, place);
            }
        }
    }

    /// A calculated value that these answers leave without any result is all there is: it stays as the response states it.
    pub(super) fn keep_what_is_not_worked_out(&mut self, worked: &BTreeMap<AnswerPath, Worked>) {
        let stored = std::mem::take(&mut self.stored);
        let (known, unknown) = stored
            .into_iter()
            .partition(|stored| worked.contains_key(&stored.path.base()));
        self.stored = known;
        for stored in unknown {
            let place = Place {
                at: stored.at,
                link_id: Some(stored.path.link_id().to_owned()),
            };
            let message = "a calculated value that can't be worked out from these answers; kept as the response states it";
            self.notes.warn(&place, FaultKind::NotSupported, message);
            let item = self.protocol.find(stored.path.link_id());
            let taken = item.map(|item| take::take(item, Answer::Value(stored.value.clone())));
            match taken {
                Some(Taken::Fits(answer) | Taken::ByWords(answer) | Taken::Outside(answer, _)) => {
                    self.sheet.add(stored.path, answer);
                }
                Some(Taken::Stray(_) | Taken::NotSupported(_)) | None => {
                    let path = stray_path(&self.protocol.plan, &stored.path);
                    self.sheet.add(path, Answer::Value(stored.value));
                }
            }
        }
    }

    /// Puts an answer in its place. A second one where only one can be leaves both standing, so that the worse of them governs.
    fn put(&mut self, place: &Place, item: &Item, own: AnswerPath, answer: Answer) {
        if let (true, Some(value)) = (item.is_multi_select(), answer.value()) {
            let path = own.base().option(&option_key(value));
            self.sheet.add(path, Answer::Value(Value::Boolean(true)));
            return;
        }
        if !self.sheet.get(&own).is_empty() {
            let message =
                "a second answer where only one can stand; both are kept, and neither is settled";
            self.notes.fault(place, FaultKind::TooMuch, message);
        }
        self.sheet.add(own, answer);
    }

    fn said(&mut self, place: &Place, code: &str, own: &AnswerPath) {
        match absent::parse(code) {
            Some(said) => self.sheet.add(own.clone(), said),
            None => self.notes.warn(
                place,
                FaultKind::NotSupported,
                "its reason for having no value is none that is kept here; the question stays open",
            ),
        }
    }

    fn wrong(
        &mut self,
        object: &Map<String, Json>,
        place: &Place,
        item: &Item,
        own: &AnswerPath,
        wrong: &Wrong,
    ) {
        if item.kind.is_supported() {
            self.notes
                .fault(place, take::kind(wrong), wrong.to_string());
            let path = stray_path(&self.protocol.plan, own);
            self.stray(object, place, path);
        } else {
            // A file or a link to a record: the response is right, and it is this software that has no place for it.
            let wrong = Wrong::NotSupported(item.kind);
            self.notes
                .warn(place, take::kind(&wrong), wrong.to_string());
            self.keep(object, place);
        }
    }

    /// Keeps an answer that fits nowhere, in the sheet too: no level is complete beside it.
    pub(super) fn stray(&mut self, object: &Map<String, Json>, place: &Place, path: AnswerPath) {
        let read = Answer::from_json(&Json::Object(value_of(object)));
        self.sheet.add(path, read.unwrap_or(Answer::NotNow));
        self.keep(object, place);
    }

    pub(super) fn keep(&mut self, object: &Map<String, Json>, place: &Place) {
        self.strays.push(Stray {
            at: place.at.clone(),
            link_id: place.link_id.clone().unwrap_or_default(),
            answer: Json::Object(object.clone()),
        });
    }
}

/// A path of no question, named after the one that the answer stood at, so that it is kept and shown and answers nothing.
pub(super) fn stray_path(plan: &Plan, own: &AnswerPath) -> AnswerPath {
    let mut name = format!("{} (does not fit)", own.link_id());
    while plan.index(&name).is_some() {
        name.push('*');
    }
    AnswerPath::within(own.ancestors().to_vec(), &name)
}

/// The members that make up the value.
fn value_of(object: &Map<String, Json>) -> Map<String, Json> {
    let values = object.iter().filter(|(name, _)| name.starts_with("value"));
    values
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

/// Why there is no value: said at the answer, or at the value that is not there.
fn said_instead(object: &Map<String, Json>) -> Option<&str> {
    let values = object
        .iter()
        .filter(|(name, _)| name.starts_with("_value") || name.starts_with("value"));
    let mut of_values = values.filter_map(|(_, value)| absent::of(value.as_object()?));
    absent::of(object).or_else(|| of_values.next())
}
