//! Reads the rules beside a Questionnaire, or lists every fault in them.

use serde_json::{Map, Value as Json};

use crate::fault::{Fault, FaultKind};
use crate::item::{Item, ItemKind};
use crate::plan::Plan;
use crate::read::place::{Notes, Place};
use crate::read_answer::fits;
use crate::rules::read_when::Reader;
use crate::rules::{Rules, Total};
use crate::value::Value;

/// The version of the rules' format.
const VERSION: u64 = 0;
/// The language of a file that names none.
const DEFAULT_LANGUAGE: &str = "en";
const MEMBERS: [&str; 20] = [
    "version",
    "protocol",
    "language",
    "draft_languages",
    "not_validated",
    "ages",
    "notes",
    "unsure_counts_as",
    "minor_refusal_counts_as",
    "may_be_absent",
    "rules",
    "alerts",
    "guidance",
    "scores",
    "strip",
    "minor",
    "adult",
    "stages",
    "rechecks",
    "pairs",
];

/// Reads the file, and notes in the plan what "not sure" and a minor's refusal count as.
pub(crate) fn rules(
    bytes: &[u8],
    plan: &mut Plan,
    items: &[Item],
    totals: &[Total],
) -> Result<Rules, Vec<Fault>> {
    let json = crate::read::json::parse(bytes)
        .map_err(|faults| faults.into_iter().map(in_rules).collect::<Vec<_>>())?;
    let mut notes = Notes::default();
    let rules = match json.as_object() {
        Some(file) => file_object(&mut notes, file, plan, items, totals),
        None => {
            notes.wrong(&Place::root(), "an object with rules", &json);
            None
        }
    };
    match rules {
        Some(rules) if notes.faults.is_empty() => Ok(rules),
        Some(_) | None => Err(notes.faults.into_iter().map(in_rules).collect()),
    }
}

/// Two files are read: the place says in which.
fn in_rules(fault: Fault) -> Fault {
    Fault {
        at: format!("rules: {}", fault.at),
        ..fault
    }
}

fn file_object(
    notes: &mut Notes,
    file: &Map<String, Json>,
    plan: &mut Plan,
    items: &[Item],
    totals: &[Total],
) -> Option<Rules> {
    let root = Place::root();
    notes.version(file, VERSION)?;
    notes.only(file, &MEMBERS, &root);
    let language = notes.string(file, "language", &root);
    let language = language.as_deref().unwrap_or(DEFAULT_LANGUAGE);
    let mut reader = Reader {
        notes,
        plan,
        items,
        totals,
        language,
    };
    let unsure = reader.counts_as(file, "unsure_counts_as");
    let refusal = reader.counts_as(file, "minor_refusal_counts_as");
    let own = reader.totals(file);
    // The rules' own totals stand before those that the Questionnaire itself has.
    let totals: Vec<Total> = own.into_iter().chain(totals.iter().cloned()).collect();
    let mut reader = Reader {
        notes,
        plan,
        items,
        totals: &totals,
        language,
    };
    let rules = Rules {
        not_validated: reader.notes.boolean(file, "not_validated", &root),
        drafts: reader
            .notes
            .texts(file, "draft_languages", &root)
            .into_iter()
            .collect(),
        ages: reader.ages(file),
        notes: reader.notes.texts(file, "notes", &root),
        levels: reader.levels(file),
        alerts: reader.alerts(file),
        guidance: reader.guidance(file),
        strip: reader.strip(file),
        minor: match (file.contains_key("minor"), file.contains_key("adult")) {
            (false, false) => None,
            (true, _) | (_, true) => Some((
                reader.when(file, "minor", &root)?,
                reader.when(file, "adult", &root)?,
            )),
        },
        may_be_absent: reader.may_be_absent(file),
        stages: reader.stages(file),
        rechecks: reader.rechecks(file),
        pairs: reader.pairs(file),
        scores: totals.clone(),
    };
    for (node, value) in unsure {
        if let Some(node) = plan.nodes.get_mut(node) {
            node.unsure_as = Some(value);
        }
    }
    for (node, value) in refusal {
        if let Some(node) = plan.nodes.get_mut(node) {
            node.refusal_as = Some(value);
        }
    }
    Some(rules)
}

impl Reader<'_> {
    /// `[{"link": …}]` for booleans, which count as yes; with `"value"` for the others.
    fn counts_as(&mut self, file: &Map<String, Json>, name: &str) -> Vec<(usize, Value)> {
        let mut found = Vec::new();
        for (object, place) in self.notes.objects(file, name, &Place::root()) {
            self.notes.only(object, &["link", "value"], &place);
            let Some((node, kind)) = self.question(object.get("link"), &place.member("link"))
            else {
                continue;
            };
            let value = match (kind, object.contains_key("value")) {
                (ItemKind::Boolean, false) => Some(Value::Boolean(true)),
                _ => self.value(object, kind, &place),
            };
            found.extend(
                value
                    .filter(|value| fits(kind, value))
                    .map(|value| (node, value)),
            );
        }
        found
    }

    fn totals(&mut self, file: &Map<String, Json>) -> Vec<Total> {
        let mut totals = Vec::new();
        for (object, place) in self.notes.objects(file, "scores", &Place::root()) {
            self.notes.only(object, &["name", "title", "links"], &place);
            let (name, title) = (
                self.notes.text(object, "name", &place),
                self.words(object, "title", &place),
            );
            let nodes = self.links(object, &place);
            if let (Some(name), Some(title)) = (name, title) {
                totals.push(Total {
                    name,
                    title,
                    shown_at: None,
                    nodes,
                    by_expression: false,
                });
            }
        }
        totals
    }

    pub(super) fn links(&mut self, object: &Map<String, Json>, place: &Place) -> Vec<usize> {
        self.links_in(object, "links", place)
    }

    /// The questions that a list of linkIds names.
    pub(super) fn links_in(
        &mut self,
        object: &Map<String, Json>,
        name: &str,
        place: &Place,
    ) -> Vec<usize> {
        let place = place.member(name);
        let Some(links) = object
            .get(name)
            .and_then(Json::as_array)
            .filter(|links| !links.is_empty())
        else {
            self.notes.fault(
                &place,
                FaultKind::Missing,
                "expected a list of linkIds, not empty",
            );
            return Vec::new();
        };
        links
            .iter()
            .enumerate()
            .filter_map(|(n, link)| Some(self.question(Some(link), &place.element(n))?.0))
            .collect()
    }
}
