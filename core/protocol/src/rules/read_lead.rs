//! Reads what leads through a visit: ages, stages, checks to come back to, ratings before and after.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json};

use crate::fault::FaultKind;
use crate::guide::Ages;
use crate::item::ItemKind;
use crate::read::place::Place;
use crate::rules::read_when::Reader;
use crate::rules::stages::EFFECTS;
use crate::rules::{MoveRule, PairRule, RecheckRule, StageRule};
use crate::value::Value;

impl Reader<'_> {
    pub(super) fn ages(&mut self, file: &Map<String, Json>) -> Option<Ages> {
        let json = file.get("ages")?;
        let place = Place::root().member("ages");
        let Some(object) = json.as_object() else {
            self.notes.wrong(&place, "an object", json);
            return None;
        };
        self.notes.only(object, &["from", "to", "text"], &place);
        let years = |reader: &mut Self, name: &str| {
            let years = reader.notes.count(object, name, &place);
            years.and_then(|years| u32::try_from(years).ok())
        };
        Some(Ages {
            from: years(self, "from"),
            to: years(self, "to"),
            text: self.words(object, "text", &place)?,
        })
    }

    /// Everything below the repeating groups that the file lists.
    pub(super) fn may_be_absent(&mut self, file: &Map<String, Json>) -> BTreeSet<usize> {
        let links = self.notes.texts(file, "may_be_absent", &Place::root());
        let place = Place::root().member("may_be_absent");
        let mut nodes = BTreeSet::new();
        for (n, link) in links.iter().enumerate() {
            let group = self.plan.index(link).filter(|node| {
                let item = self.plan.item(self.items, *node);
                item.is_some_and(|item| item.kind == ItemKind::Group && item.repeats)
            });
            match group {
                Some(group) => nodes.extend(self.plan.below(group)),
                None => self.notes.fault(
                    &place.element(n),
                    FaultKind::NoSuchTarget,
                    format!("the Questionnaire has no repeating group with linkId '{link}'"),
                ),
            }
        }
        nodes
    }

    pub(super) fn stages(&mut self, file: &Map<String, Json>) -> Vec<StageRule> {
        let mut ids = BTreeSet::new();
        let mut stages = Vec::new();
        for (object, place) in self.notes.objects(file, "stages", &Place::root()) {
            self.notes.only(object, &["id", "title", "moves"], &place);
            let id = self.id(object, &place, &mut ids);
            let title = self.words(object, "title", &place);
            let moves = self.moves(object, &place);
            if let (Some(id), Some(title)) = (id, title) {
                stages.push(StageRule { id, title, moves });
            }
        }
        stages
    }

    fn moves(&mut self, stage: &Map<String, Json>, place: &Place) -> Vec<MoveRule> {
        let mut moves = Vec::new();
        for (object, place) in self.notes.objects(stage, "moves", place) {
            self.notes
                .only(object, &["link", "tried", "effect"], &place);
            let node = self.item_of(object, &place);
            let tried = self.part(object, "tried", &place, ItemKind::Boolean);
            let effect = self.part(object, "effect", &place, ItemKind::Choice);
            if let Some(effect) = effect {
                self.offers_effects(effect, &place.member("effect"));
            }
            moves.extend(node.map(|node| MoveRule {
                node,
                tried,
                effect,
            }));
        }
        moves
    }

    /// Any item, a heading or a text to read among them.
    fn item_of(&mut self, object: &Map<String, Json>, place: &Place) -> Option<usize> {
        let link = object.get("link").and_then(Json::as_str);
        let node = link.and_then(|link| self.plan.index(link));
        if node.is_none() {
            self.notes.fault(
                &place.member("link"),
                FaultKind::NoSuchTarget,
                "expected the linkId of an item",
            );
        }
        node
    }

    /// A question of this type outside every repeat, if the member is there.
    fn part(
        &mut self,
        object: &Map<String, Json>,
        name: &str,
        place: &Place,
        wanted: ItemKind,
    ) -> Option<usize> {
        let link = object.get(name)?;
        let place = place.member(name);
        let (node, kind) = self.question(Some(link), &place)?;
        if kind == wanted && !self.plan.is_repeated(node) {
            return Some(node);
        }
        let message = format!(
            "expected a question of type {} outside every repeat",
            wanted.code()
        );
        self.notes.fault(&place, FaultKind::WrongType, message);
        None
    }

    fn offers_effects(&mut self, node: usize, place: &Place) {
        let options = self
            .plan
            .item(self.items, node)
            .map_or(&[][..], |item| item.options.as_slice());
        let offers = |wanted: &str| {
            let codes = options.iter().filter_map(|option| match &option.value {
                Value::Coding(coding) => Some(coding.code.as_str()),
                Value::Boolean(_)
                | Value::Integer(_)
                | Value::Decimal(_)
                | Value::String(_)
                | Value::Uri(_)
                | Value::Date(_)
                | Value::DateTime(_)
                | Value::Time(_)
                | Value::Quantity(_) => None,
            });
            codes.into_iter().any(|code| code == wanted)
        };
        for (code, _) in EFFECTS.iter().filter(|(code, _)| !offers(code)) {
            let message = format!("expected an option with the code '{code}'");
            self.notes.fault(place, FaultKind::NoSuchTarget, message);
        }
    }

    pub(super) fn rechecks(&mut self, file: &Map<String, Json>) -> Vec<RecheckRule> {
        let mut ids = BTreeSet::new();
        let list = self.notes.objects(file, "rechecks", &Place::root());
        list.into_iter()
            .filter_map(|(object, place)| self.recheck(object, &place, &mut ids))
            .collect()
    }

    fn recheck(
        &mut self,
        object: &Map<String, Json>,
        place: &Place,
        ids: &mut BTreeSet<String>,
    ) -> Option<RecheckRule> {
        self.notes.only(
            object,
            &[
                "id",
                "from",
                "when",
                "newest",
                "after_minutes",
                "done",
                "text",
                "source",
                "policy",
            ],
            place,
        );
        let id = self.id(object, place, ids);
        let from = self.links_in(object, "from", place);
        let when = if object.contains_key("when") {
            Some(self.when(object, "when", place)?)
        } else {
            None
        };
        let newest = match object.get("newest") {
            Some(json) => Some(self.newest(json, &from, &place.member("newest"))?),
            None => None,
        };
        let done = if object.contains_key("done") {
            self.links_in(object, "done", place)
        } else {
            Vec::new()
        };
        let text = self.words(object, "text", place);
        let source = self.notes.text(object, "source", place);
        let policy = self.policy(object, place);
        let after_minutes = self.minutes(object, place);
        Some(RecheckRule {
            id: id?,
            from,
            when,
            newest,
            after_minutes: after_minutes?,
            done,
            text: text?,
            source: source?,
            policy,
        })
    }

    fn minutes(&mut self, object: &Map<String, Json>, place: &Place) -> Option<u32> {
        let minutes = self.notes.count(object, "after_minutes", place);
        let minutes = minutes
            .and_then(|minutes| u32::try_from(minutes).ok())
            .filter(|minutes| *minutes > 0);
        if minutes.is_none() {
            self.notes.fault(
                &place.member("after_minutes"),
                FaultKind::Missing,
                "expected how many minutes, at least 1",
            );
        }
        minutes
    }

    /// What the newest answer must say; the questions are all of one type.
    fn newest(
        &mut self,
        json: &Json,
        from: &[usize],
        place: &Place,
    ) -> Option<(crate::item::Operator, Value)> {
        let Some(object) = json.as_object() else {
            self.notes.wrong(place, "an object", json);
            return None;
        };
        self.notes.only(object, &["op", "value"], place);
        let operator = self.operator(object, place);
        let kinds: BTreeSet<ItemKind> = from
            .iter()
            .filter_map(|node| Some(self.plan.item(self.items, *node)?.kind))
            .collect();
        let mut kinds = kinds.into_iter();
        let (Some(kind), None) = (kinds.next(), kinds.next()) else {
            self.notes.fault(
                place,
                FaultKind::WrongType,
                "expected questions of one type in 'from'",
            );
            return None;
        };
        let value = self.value(object, kind, place);
        Some((operator?, value?))
    }

    pub(super) fn pairs(&mut self, file: &Map<String, Json>) -> Vec<PairRule> {
        let mut ids = BTreeSet::new();
        let list = self.notes.objects(file, "pairs", &Place::root());
        list.into_iter()
            .filter_map(|(object, place)| self.pair(object, &place, &mut ids))
            .collect()
    }

    fn pair(
        &mut self,
        object: &Map<String, Json>,
        place: &Place,
        ids: &mut BTreeSet<String>,
    ) -> Option<PairRule> {
        self.notes
            .only(object, &["id", "title", "before", "after", "calm"], place);
        let id = self.id(object, place, ids);
        let title = self.words(object, "title", place);
        let before = self.rated(object, "before", place);
        let after = self.rated(object, "after", place);
        let calm = object.get("calm").and_then(Json::as_i64);
        if calm.is_none() {
            self.notes.fault(
                &place.member("calm"),
                FaultKind::Missing,
                "expected the whole number that means calm and awake",
            );
        }
        Some(PairRule {
            id: id?,
            title: title?,
            before: before?,
            after: after?,
            calm: calm?,
        })
    }

    fn rated(&mut self, object: &Map<String, Json>, name: &str, place: &Place) -> Option<usize> {
        let place = place.member(name);
        let (node, kind) = self.question(object.get(name), &place)?;
        if kind != ItemKind::Integer {
            let message = format!("expected a question of type integer, found {}", kind.code());
            self.notes.fault(&place, FaultKind::WrongType, message);
            return None;
        }
        Some(node)
    }
}
