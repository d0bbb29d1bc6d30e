//! One protocol: a Questionnaire with its rules, read, checked and ready to be asked.

use std::sync::Arc;

use serde_json::Value as Json;
use uuid::Uuid;

use crate::accept::AnswerFault;
use crate::answer::Answer;
use crate::enable::{self, View};
use crate::fault::{Fault, Faults};
use crate::flow::{Flow, is_draft};
use crate::form::Form;
use crate::guide::{Ages, Pair, Recheck, Stage};
use crate::hash::ProtocolHash;
use crate::item::{Item, Words};
use crate::language::{self, Untranslated};
use crate::path::{AnswerPath, Leaf};
use crate::plan::Plan;
use crate::read;
use crate::rules::when::{Facts, When};
use crate::rules::{Rules, Total};
use crate::score::{self, Score};
use crate::sheet::Sheet;
use crate::sitting::{Ground, Sitting};
use crate::steps;
use crate::strip::{StripFact, StripField};
use crate::taking::Taking;
use crate::total;
use crate::triage::derive::{self, Relevant};
use crate::triage::{Person, Triage};
use crate::value::Value;
use crate::worked;

/// Why an expression gave nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotWorkedOut {
    /// It is not one that is worked out here.
    #[error("{0}")]
    Refused(String),
    /// It needs what is not here, its parts do not fit together, or it takes too long.
    #[error("it can't be worked out on these answers")]
    Unknown,
}

/// A protocol, ready to be asked.
#[derive(Debug, Clone)]
pub struct Protocol {
    questionnaire: Vec<u8>,
    rules_file: Option<Vec<u8>>,
    hash: ProtocolHash,
    key: String,
    title: Words,
    language: Option<String>,
    version: String,
    pub(crate) items: Vec<Item>,
    pub(crate) plan: Plan,
    pub(crate) rules: Rules,
    relevant: Relevant,
    warnings: Vec<Fault>,
}

impl Protocol {
    /// Reads a protocol. A malformed one is refused with every fault listed.
    pub fn parse(questionnaire: &[u8], rules: Option<&[u8]>) -> Result<Self, Faults> {
        let mut read = read::questionnaire(questionnaire)?;
        let mut plan = Plan::new(&read.items, &read.expressions, &mut read.warnings);
        let totals = total::find(&plan, &read.items);
        if plan.looks_at_file() {
            plan.questionnaire = Some(Arc::new(read.json));
        }
        let own_rules = match rules {
            Some(bytes) => {
                crate::rules::read::rules(bytes, &mut plan, &read.items, &totals).map_err(Faults)?
            }
            None => Rules {
                scores: totals,
                ..Rules::default()
            },
        };
        let relevant = Relevant::new(&plan, &own_rules);
        let hash = ProtocolHash::derive(questionnaire, rules);
        let short: String = hash.to_string().chars().take(12).collect();
        let key = [&read.id, &read.name, &short]
            .into_iter()
            .find(|name| !name.is_empty())
            .cloned();
        let title = match [&read.name, &read.id].into_iter().find(|n| !n.is_empty()) {
            _ if !read.title.is_empty() => read.title,
            Some(name) => Words::from(name.as_str()),
            None => Words::from("Questionnaire without a title"),
        };
        Ok(Self {
            questionnaire: questionnaire.to_vec(),
            rules_file: rules.map(<[u8]>::to_vec),
            hash,
            title,
            language: read.language,
            key: key.unwrap_or_default(),
            version: read.version,
            warnings: read.warnings.into_iter().chain(plan.loops()).collect(),
            items: read.items,
            plan,
            rules: own_rules,
            relevant,
        })
    }

    /// The hash of both files.
    pub const fn hash(&self) -> ProtocolHash {
        self.hash
    }

    /// A short name: the Questionnaire's id, else its name, else the first digits of the hash.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The title for people.
    pub fn title(&self) -> &str {
        &self.title.plain
    }

    /// The title for people, with its translations.
    pub const fn title_words(&self) -> &Words {
        &self.title
    }

    /// The language of the file's own texts, where it says so.
    pub fn language(&self) -> Option<&str> {
        self.language.as_deref()
    }

    /// The languages in which some of its texts can be shown: its own first, then those of the translations. A screen may
    /// change between them at any time, because every text carries all of its translations: [`Words::in_language`].
    pub fn languages(&self) -> Vec<String> {
        language::languages(self.language(), &self.title, &self.items)
    }

    /// Every text that has no words in this language and is shown in the file's own.
    pub fn untranslated(&self, language: &str) -> Vec<Untranslated> {
        language::untranslated(self.language(), language, &self.title, &self.items)
    }

    /// The Questionnaire's own version; empty if it has none.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Whether "not a validated instrument" must stand wherever this protocol does.
    pub const fn not_validated(&self) -> bool {
        self.rules.not_validated
    }

    /// Whether the wording in this language was drafted by a machine and no clinician has reviewed it: "draft wording" then stands on
    /// every screen.
    pub fn is_draft(&self, language: &str) -> bool {
        is_draft(&self.rules.drafts, language)
    }

    /// Whom it is for, as the rules say; nothing where they don't.
    pub const fn ages(&self) -> Option<&Ages> {
        self.rules.ages.as_ref()
    }

    /// Its sources and reservations, for people.
    pub fn notes(&self) -> &[String] {
        &self.rules.notes
    }

    /// The files as they came.
    pub fn source(&self) -> (&[u8], Option<&[u8]>) {
        (&self.questionnaire, self.rules_file.as_deref())
    }

    /// What loaded but is missing something or can't be worked out; that is unknown then, never zero or false.
    pub fn warnings(&self) -> &[Fault] {
        &self.warnings
    }

    /// The items, as a tree.
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// The item with this linkId.
    pub fn find(&self, link_id: &str) -> Option<&Item> {
        self.plan.item(&self.items, self.plan.index(link_id)?)
    }

    /// Parses and checks an answer, and says what changes: several edits for a multi-select or a list of answers.
    ///
    /// `raw` is one FHIR value, an array of them, or `{"declined":true}`, `{"unsure":true}`, `{"notNow":true}`. `instance` names the repeats
    /// above the question, and its own for one of several answers; one that is not named is the only one there is, or a fresh one.
    /// An answer to a question that is not enabled is taken too (any question in any order); it counts once it is not ruled out.
    pub fn accept(
        &self,
        link_id: &str,
        instance: &[(String, Uuid)],
        raw: &Json,
        fresh: &mut dyn FnMut() -> Uuid,
        current: &Sheet,
    ) -> Result<Vec<(AnswerPath, Answer)>, AnswerFault> {
        Taking {
            plan: &self.plan,
            items: &self.items,
            instance,
            fresh,
            current,
        }
        .take(link_id, raw)
    }

    /// What to ask: every step in order, which are open, and what became of each.
    pub fn flow(&self, sheet: &Sheet) -> Flow {
        steps::flow(
            &self.plan,
            &self.items,
            &self.rules,
            &self.form(sheet, Person::default()),
            sheet,
        )
    }

    /// The totals, as ranges: the lowest and the highest that are still possible. One without an end, as the sum of amounts that
    /// nothing limits, is not among them while a part is missing; its step says what is known of it.
    pub fn score(&self, sheet: &Sheet) -> Vec<Score> {
        let form = self.form(sheet, Person::default());
        let view = View {
            plan: &self.plan,
            items: &self.items,
            form: &form,
            picks: &[],
        };
        let nodes = self.rules.scores.iter().flat_map(Total::sources);
        let enabled = enable::enabled(
            view,
            &enable::order(&self.plan, &form, &self.plan.closure(nodes)),
        );
        score::scores(view, &enabled, &self.rules.scores)
    }

    /// An assessment that is kept up to date as answers come, at a fraction of what everything anew costs.
    pub fn sitting(&self, sheet: Sheet, person: Person) -> Sitting<'_> {
        let ground = Ground {
            plan: &self.plan,
            items: &self.items,
            rules: &self.rules,
            relevant: &self.relevant,
        };
        Sitting::new(ground, sheet, person)
    }

    /// The level of each domain that the rules speak of: the maximum over all combinations of the values that may be true.
    pub fn triage(&self, sheet: &Sheet, person: Person) -> Triage {
        derive::derive(
            &self.plan,
            &self.items,
            &self.rules,
            &self.relevant,
            &self.form(sheet, person),
        )
    }

    /// What an expression of an author's own gives at an item, or over the whole form: for trying one out.
    ///
    /// The first is what FHIR makes of the answers so far, as JSON; the second, whether nothing still to come can change it.
    pub fn evaluate(
        &self,
        expression: &str,
        link_id: Option<&str>,
        sheet: &Sheet,
    ) -> Result<(Vec<Json>, bool), NotWorkedOut> {
        let declared = self.plan.declared();
        let expr = crate::fhirpath::parse(expression, &declared)
            .map_err(|refused| NotWorkedOut::Refused(refused.to_string()))?;
        let node = link_id.and_then(|link| self.plan.index(link));
        let tried = self.with_facts(sheet, |facts| {
            let entry = node.and_then(|node| facts.view.form.entries_of(node).next());
            worked::tried(
                facts.view,
                facts.enabled,
                entry.map(|(number, _)| number),
                &expr,
            )
        });
        tried.ok_or(NotWorkedOut::Unknown)
    }

    /// The facts of the first strip that this protocol asks for; a field without facts was not asked.
    pub fn strip(&self, sheet: &Sheet) -> Vec<(StripField, Vec<StripFact>)> {
        let form = self.form(sheet, Person::default());
        let view = View {
            plan: &self.plan,
            items: &self.items,
            form: &form,
            picks: &[],
        };
        let nodes = self
            .rules
            .strip
            .iter()
            .flat_map(|(_, nodes)| nodes.iter().copied());
        let enabled = enable::enabled(
            view,
            &enable::order(&self.plan, &form, &self.plan.closure(nodes)),
        );
        let facts = |nodes: &[usize]| {
            let entries = nodes.iter().flat_map(|node| form.entries_of(*node));
            let counting = entries.filter(|(number, _)| enabled.counts(*number).not_ruled_out());
            counting
                .filter_map(|(_, entry)| self.fact(entry.node, &entry.chain, sheet))
                .collect()
        };
        self.rules
            .strip
            .iter()
            .map(|(field, nodes)| (*field, facts(nodes)))
            .collect()
    }

    fn fact(&self, node: usize, chain: &[(String, Uuid)], sheet: &Sheet) -> Option<StripFact> {
        let item = self.plan.item(&self.items, node)?;
        let path = AnswerPath::within(chain.to_vec(), &item.link_id);
        let mut answers = Vec::new();
        for (path, candidates) in sheet.under(&path) {
            answers.extend(
                candidates
                    .iter()
                    .filter_map(|answer| self.answer_words(path, answer)),
            );
        }
        let chosen = answers.iter().any(|(is_option, _)| *is_option);
        // What was said instead of a value does not count beside a chosen option.
        let answers: Vec<String> = answers
            .into_iter()
            .filter(|(is_option, _)| *is_option || !chosen)
            .map(|(_, words)| words)
            .collect();
        (!answers.is_empty()).then(|| StripFact {
            path,
            question: item.text.plain.clone(),
            answers,
        })
    }

    /// Whether the answers say that the person is under age; nothing if they don't say. Where they are contested, under age.
    pub fn says_minor(&self, sheet: &Sheet) -> Option<bool> {
        let (minor, adult) = self.rules.minor.as_ref()?;
        let (minor, adult) = self.with_facts(sheet, |facts| {
            let may_be = |when: &When| when.truth(facts).can_be_true();
            (may_be(minor), may_be(adult))
        });
        match (minor, adult) {
            (true, _) => Some(true),
            (false, true) => Some(false),
            (false, false) => None,
        }
    }

    /// The stages of the guide, with what was tried and whether it helped.
    pub fn stages(&self, sheet: &Sheet) -> Vec<Stage> {
        let stages = self.rules.stages.iter();
        stages
            .map(|stage| stage.stage(&self.plan, &self.items, sheet))
            .collect()
    }

    /// Whether the rules say when to look again.
    pub fn sets_times(&self) -> bool {
        !self.rules.rechecks.is_empty()
    }

    /// What the answers call to be looked at again; [`Recheck::due_ms`] says when.
    pub fn rechecks(&self, sheet: &Sheet) -> Vec<Recheck> {
        if self.rules.rechecks.is_empty() {
            return Vec::new();
        }
        self.with_facts(sheet, |facts| {
            let rules = self.rules.rechecks.iter();
            rules.filter_map(|rule| rule.called_for(facts)).collect()
        })
    }

    /// Ratings before and after.
    pub fn pairs(&self, sheet: &Sheet) -> Vec<Pair> {
        if self.rules.pairs.is_empty() {
            return Vec::new();
        }
        self.with_facts(sheet, |facts| {
            let rules = self.rules.pairs.iter();
            rules.map(|rule| rule.pair(facts)).collect()
        })
    }

    /// All values that may be true are looked at at once.
    fn with_facts<T>(&self, sheet: &Sheet, call: impl FnOnce(Facts) -> T) -> T {
        let form = self.form(sheet, Person::default());
        let view = View {
            plan: &self.plan,
            items: &self.items,
            form: &form,
            picks: &[],
        };
        let everything = vec![true; self.plan.nodes.len()];
        let enabled = enable::enabled(view, &enable::order(&self.plan, &form, &everything));
        call(Facts {
            view,
            enabled: &enabled,
            totals: &self.rules.scores,
            items: &self.items,
        })
    }

    /// A question and its answer in words, as "Intention to act on these thoughts: yes".
    pub fn words_for(&self, path: &AnswerPath, answer: &Answer) -> String {
        let question = self
            .find(path.link_id())
            .map_or(path.link_id(), |item| item.text.plain.as_str());
        let question = question.trim().trim_end_matches([':', '?']);
        match self.answer_words(path, answer) {
            Some((_, words)) => format!("{question}: {words}"),
            None => format!("{question}: not chosen"),
        }
    }

    /// The answer's words, and whether it is a chosen option; nothing for an option that is not chosen.
    fn answer_words(&self, path: &AnswerPath, answer: &Answer) -> Option<(bool, String)> {
        let item = self.find(path.link_id());
        match (path.leaf(), answer) {
            (Leaf::Option(key), Answer::Value(Value::Boolean(true))) => {
                let option =
                    item.and_then(|item| item.options.iter().find(|option| option.key() == *key));
                let own = || {
                    crate::item::value_of_key(key)
                        .map_or_else(|| key.clone(), |value| value.words())
                };
                Some((
                    true,
                    option.map_or_else(own, |option| option.words.plain.clone()),
                ))
            }
            (Leaf::Option(_), _) => None,
            (Leaf::Whole | Leaf::Instance(_), Answer::Value(value)) => {
                let option = item.and_then(|item| item.option(value));
                Some((
                    false,
                    option.map_or_else(|| value.words(), |option| option.words.plain.clone()),
                ))
            }
            (Leaf::Whole | Leaf::Instance(_), said) => Some((false, said.words())),
        }
    }

    fn form(&self, sheet: &Sheet, person: Person) -> Form {
        Form::new(&self.plan, &self.items, sheet, person)
    }
}

/// Every linkId that the rules name, for tests that each of them is asked.
#[cfg(test)]
pub(crate) fn linked(protocol: &Protocol) -> std::collections::BTreeSet<String> {
    let mut nodes = Vec::new();
    for rule in &protocol.rules.levels {
        rule.when.nodes(&protocol.rules.scores, &mut nodes);
    }
    nodes
        .into_iter()
        .filter_map(|node| Some(protocol.plan.nodes.get(node)?.link_id.clone()))
        .collect()
}
