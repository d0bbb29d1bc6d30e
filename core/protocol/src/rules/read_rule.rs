//! Reads the rules one by one: levels, alerts, guidance and the facts of the first strip.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json};

use crate::fault::FaultKind;
use crate::level::{Domain, Level};
use crate::read::place::Place;
use crate::rules::read_when::Reader;
use crate::rules::{AlertRule, GuidanceRule, Rule};
use crate::strip::StripField;

impl Reader<'_> {
    pub(super) fn levels(&mut self, file: &Map<String, Json>) -> Vec<Rule> {
        let mut ids = BTreeSet::new();
        let list = self.notes.objects(file, "rules", &Place::root());
        list.into_iter()
            .filter_map(|(object, place)| self.rule(object, &place, &mut ids))
            .collect()
    }

    fn rule(
        &mut self,
        object: &Map<String, Json>,
        place: &Place,
        ids: &mut BTreeSet<String>,
    ) -> Option<Rule> {
        self.notes.only(
            object,
            &[
                "id", "domain", "level", "when", "reason", "source", "policy",
            ],
            place,
        );
        let id = self.id(object, place, ids);
        let (domain, level) = (self.domain(object, place), self.level(object, place));
        let when = self.when(object, "when", place);
        let (reason, source) = (
            self.words(object, "reason", place),
            self.notes.text(object, "source", place),
        );
        let policy = self.policy(object, place);
        if level == Some(Level::Imminent) && !policy {
            let message = "imminent is policy and no published triage: expected true";
            self.notes
                .fault(&place.member("policy"), FaultKind::NotAllowed, message);
        }
        Some(Rule {
            id: id?,
            domain: domain?,
            level: level?,
            when: when?,
            reason: reason?,
            source: source?,
            policy,
        })
    }

    pub(super) fn policy(&mut self, object: &Map<String, Json>, place: &Place) -> bool {
        if !object.contains_key("policy") {
            self.notes.fault(
                &place.member("policy"),
                FaultKind::Missing,
                "expected true (policy) or false (published)",
            );
        }
        self.notes.boolean(object, "policy", place)
    }

    pub(super) fn id(
        &mut self,
        object: &Map<String, Json>,
        place: &Place,
        ids: &mut BTreeSet<String>,
    ) -> Option<String> {
        let id = self.notes.text(object, "id", place)?;
        if !ids.insert(id.clone()) {
            self.notes.fault(
                &place.member("id"),
                FaultKind::Duplicate,
                format!("the id '{id}' stands twice"),
            );
        }
        Some(id)
    }

    fn domain(&mut self, object: &Map<String, Json>, place: &Place) -> Option<Domain> {
        let domain = object
            .get("domain")
            .and_then(Json::as_str)
            .and_then(Domain::parse);
        if domain.is_none() {
            let message = format!(
                "expected one of {}",
                Domain::ALL.map(Domain::token).join(", ")
            );
            self.notes
                .fault(&place.member("domain"), FaultKind::NotAllowed, message);
        }
        domain
    }

    /// No rule can endorse nothing.
    fn level(&mut self, object: &Map<String, Json>, place: &Place) -> Option<Level> {
        let level = object
            .get("level")
            .and_then(|level| serde_json::from_value(level.clone()).ok());
        let level = level.filter(|level| *level != Level::NothingEndorsed);
        if level.is_none() {
            self.notes.fault(
                &place.member("level"),
                FaultKind::NotAllowed,
                "expected low, moderate, high or imminent",
            );
        }
        level
    }

    pub(super) fn alerts(&mut self, file: &Map<String, Json>) -> Vec<AlertRule> {
        let mut ids = BTreeSet::new();
        let mut alerts = Vec::new();
        for (object, place) in self.notes.objects(file, "alerts", &Place::root()) {
            self.notes
                .only(object, &["id", "when", "text", "source", "policy"], &place);
            let (id, when) = (
                self.id(object, &place, &mut ids),
                self.when(object, "when", &place),
            );
            let (text, source) = (
                self.words(object, "text", &place),
                self.notes.text(object, "source", &place),
            );
            let policy = self.policy(object, &place);
            if let (Some(id), Some(when), Some(text), Some(source)) = (id, when, text, source) {
                alerts.push(AlertRule {
                    id,
                    when,
                    text,
                    source,
                    policy,
                });
            }
        }
        alerts
    }

    pub(super) fn guidance(&mut self, file: &Map<String, Json>) -> Vec<GuidanceRule> {
        let mut guidance = Vec::new();
        for (object, place) in self.notes.objects(file, "guidance", &Place::root()) {
            self.notes.only(
                object,
                &["domain", "level", "text", "source", "policy"],
                &place,
            );
            let (domain, level) = (self.domain(object, &place), self.level(object, &place));
            let (text, source) = (
                self.words(object, "text", &place),
                self.notes.text(object, "source", &place),
            );
            let policy = self.policy(object, &place);
            if let (Some(domain), Some(level), Some(text), Some(source)) =
                (domain, level, text, source)
            {
                guidance.push(GuidanceRule {
                    domain,
                    level,
                    text,
                    source,
                    policy,
                });
            }
        }
        guidance
    }

    pub(super) fn strip(&mut self, file: &Map<String, Json>) -> Vec<(StripField, Vec<usize>)> {
        let mut strip = Vec::new();
        for (object, place) in self.notes.objects(file, "strip", &Place::root()) {
            self.notes.only(object, &["field", "links"], &place);
            let field = object
                .get("field")
                .and_then(|field| serde_json::from_value(field.clone()).ok());
            if field.is_none() {
                self.notes.fault(
                    &place.member("field"),
                    FaultKind::NotAllowed,
                    "expected a field of the first strip",
                );
            }
            let nodes = self.links(object, &place);
            strip.extend(field.map(|field: StripField| (field, nodes)));
        }
        strip
    }
}
