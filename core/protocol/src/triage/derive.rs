//! Works out the levels: the maximum over all combinations of the values that may be true.

use std::collections::{BTreeMap, BTreeSet};

use crate::enable::{self, Enabled, View};
use crate::form::Form;
use crate::item::Item;
use crate::level::{Domain, Level};
use crate::path::AnswerPath;
use crate::plan::Plan;
use crate::rules::Rules;
use crate::rules::when::Facts;
use crate::triage::combinations::Combinations;
use crate::triage::{Advice, DomainLevel, Reason, Triage};

/// What the rules hang on, worked out once for a protocol.
#[derive(Debug, Clone, Default)]
pub(crate) struct Relevant {
    /// The questions of each domain.
    domains: BTreeMap<Domain, Vec<usize>>,
    /// Everything that must be worked out for them.
    needed: Vec<bool>,
}

impl Relevant {
    pub(crate) fn new(plan: &Plan, rules: &Rules) -> Self {
        let nodes = |domain: Domain| {
            let mut nodes = Vec::new();
            let of_domain = rules.levels.iter().filter(|rule| rule.domain == domain);
            of_domain.for_each(|rule| rule.when.nodes(&rules.scores, &mut nodes));
            with_inputs(plan, nodes)
        };
        let domains: BTreeMap<Domain, Vec<usize>> = rules
            .domains()
            .map(|domain| (domain, nodes(domain)))
            .collect();
        let needed = plan.closure(domains.values().flatten().copied());
        Self { domains, needed }
    }
}

/// Derives the levels of a form.
pub(crate) fn derive(
    plan: &Plan,
    items: &[Item],
    rules: &Rules,
    relevant: &Relevant,
    form: &Form,
) -> Triage {
    let order = enable::order(plan, form, &relevant.needed);
    let mut found = Found::new(rules);
    let combinations = Combinations::of(form, &relevant.needed, order.len());
    combinations.each(&mut |picks| {
        let view = View {
            plan,
            items,
            form,
            picks,
        };
        let enabled = enable::enabled(view, &order);
        found.take_in(view, &enabled, relevant);
    });
    if !combinations.are_exact() {
        found.open_contested(plan, form, &relevant.domains);
    }
    found.finish(plan, form)
}

/// Derives the levels of a form in which nothing is contested, and everything is worked out already.
pub(crate) fn derive_from(
    view: View,
    enabled: &Enabled,
    rules: &Rules,
    relevant: &Relevant,
) -> Triage {
    let mut found = Found::new(rules);
    found.take_in(view, enabled, relevant);
    found.finish(view.plan, view.form)
}

/// These questions, and for those that are worked out, the questions on which they hang.
fn with_inputs(plan: &Plan, mut nodes: Vec<usize>) -> Vec<usize> {
    let mut at = 0;
    let mut seen: BTreeSet<usize> = nodes.iter().copied().collect();
    while let Some(node) = nodes.get(at).copied() {
        let inputs = plan.inputs(node).iter();
        nodes.extend(inputs.copied().filter(|input| seen.insert(*input)));
        at += 1;
    }
    nodes.sort_unstable();
    nodes.dedup();
    nodes
}

/// What was found over all combinations.
struct Found<'r> {
    rules: &'r Rules,
    /// The worst level of each domain.
    levels: BTreeMap<Domain, Level>,
    /// The answers behind each rule that holds.
    held: BTreeMap<usize, BTreeSet<AnswerPath>>,
    /// The entries that still wait for an answer, by number: in the order of the file, whatever the order of the answers was.
    missing: BTreeMap<Domain, BTreeSet<usize>>,
}

impl<'r> Found<'r> {
    fn new(rules: &'r Rules) -> Self {
        let levels = rules
            .domains()
            .map(|domain| (domain, Level::NothingEndorsed))
            .collect();
        Self {
            rules,
            levels,
            held: BTreeMap::new(),
            missing: BTreeMap::new(),
        }
    }

    fn take_in(&mut self, view: View, enabled: &Enabled, relevant: &Relevant) {
        let facts = Facts {
            view,
            enabled,
            totals: &self.rules.scores,
            items: view.items,
        };
        self.take(facts, &relevant.domains);
    }

    /// Adds one combination: each domain keeps the worst level, everything missing and every rule that holds.
    fn take(&mut self, facts: Facts, relevant: &BTreeMap<Domain, Vec<usize>>) {
        for (number, rule) in self.rules.levels.iter().enumerate() {
            if !rule.when.truth(facts).can_be_true() {
                continue;
            }
            let level = self.levels.entry(rule.domain).or_insert(rule.level);
            *level = (*level).max(rule.level);
            rule.when
                .evidence(facts, self.held.entry(number).or_default());
        }
        for (domain, nodes) in relevant {
            let missing = self.missing.entry(*domain).or_default();
            for node in nodes {
                let may_be_absent = self.rules.may_be_absent.contains(node);
                let waiting = waiting(facts.view, facts.enabled, *node);
                missing.extend(waiting.into_iter().filter(|number| {
                    let entry = facts.view.form.entries.get(*number);
                    !(may_be_absent && entry.is_some_and(|entry| entry.not_yet_begun))
                }));
            }
        }
    }

    /// Where there were more combinations than are tried, every contested answer that a domain hangs on counts as unanswered as well.
    fn open_contested(
        &mut self,
        plan: &Plan,
        form: &Form,
        relevant: &BTreeMap<Domain, Vec<usize>>,
    ) {
        for (domain, nodes) in relevant {
            let needed = plan.closure(nodes.iter().copied());
            let contested = form.entries.iter().enumerate().filter(|(_, entry)| {
                let is_needed = needed.get(entry.node).copied().unwrap_or(false);
                is_needed
                    && form
                        .slots_of(entry)
                        .iter()
                        .any(|slot| slot.candidates.len() > 1)
            });
            self.missing
                .entry(*domain)
                .or_default()
                .extend(contested.map(|(number, _)| number));
        }
    }

    fn finish(self, plan: &Plan, form: &Form) -> Triage {
        let level = |(domain, level): (&Domain, &Level)| {
            let missing = self.missing.get(domain).into_iter().flatten().copied();
            let missing: Vec<AnswerPath> = to_answer(plan, form, missing.collect())
                .into_iter()
                .filter_map(|number| path(plan, form, number))
                .collect();
            // Answers that fit nowhere may matter: no level is complete beside them.
            let at_least = !missing.is_empty() || !form.unplaced.is_empty();
            DomainLevel {
                domain: *domain,
                level: *level,
                at_least,
                reasons: self.reasons(*domain),
                missing,
            }
        };
        let mut domains: Vec<DomainLevel> = self.levels.iter().map(level).collect();
        domains.sort_by_key(|domain| (domain.shown().queue_rank(), domain.domain));
        let guidance = guidance(self.rules, &domains);
        Triage { domains, guidance }
    }

    fn reasons(&self, domain: Domain) -> Vec<Reason> {
        let held = self
            .held
            .iter()
            .filter_map(|(number, paths)| Some((self.rules.levels.get(*number)?, paths)));
        let mut reasons: Vec<Reason> = held
            .filter(|(rule, _)| rule.domain == domain)
            .map(|(rule, paths)| Reason {
                rule: rule.id.clone(),
                level: rule.level,
                text: rule.reason.plain.clone(),
                translations: rule.reason.translations.clone(),
                paths: paths.iter().cloned().collect(),
                source: rule.source.clone(),
                policy: rule.policy,
            })
            .collect();
        reasons.sort_by_key(|reason| std::cmp::Reverse(reason.level));
        reasons
    }
}

/// What people can answer; a value that is worked out is named only where nothing that it hangs on is missing.
fn to_answer(plan: &Plan, form: &Form, missing: Vec<usize>) -> Vec<usize> {
    let is_worked_out = |number: &usize| {
        let node = form
            .entries
            .get(*number)
            .and_then(|entry| plan.nodes.get(entry.node));
        node.is_some_and(|node| node.formulas.calculated.is_some())
    };
    let asked: Vec<usize> = missing
        .iter()
        .copied()
        .filter(|number| !is_worked_out(number))
        .collect();
    if asked.is_empty() { missing } else { asked }
}

fn path(plan: &Plan, form: &Form, number: usize) -> Option<AnswerPath> {
    let entry = form.entries.get(number)?;
    Some(AnswerPath::within(
        entry.chain.clone(),
        &plan.nodes.get(entry.node)?.link_id,
    ))
}

/// Every repeat of a question that matters, may count and still waits for an answer.
fn waiting(view: View, enabled: &Enabled, node: usize) -> Vec<usize> {
    let waiting = view.form.entries_of(node).filter(|(number, entry)| {
        let waits = match enabled.derived(*number) {
            Some(derived) => !derived.sure,
            None => view.waits(entry).can_be_true(),
        };
        enabled.counts(*number).not_ruled_out() && waits
    });
    waiting.map(|(number, _)| number).collect()
}

/// What to do at these levels, most urgent first; at equal urgency medical first.
fn guidance(rules: &Rules, domains: &[DomainLevel]) -> Vec<Advice> {
    let holds = |domain: Domain, level: Level| {
        domains
            .iter()
            .any(|found| found.domain == domain && found.level >= level)
    };
    let mut guidance: Vec<Advice> = rules
        .guidance
        .iter()
        .filter(|rule| holds(rule.domain, rule.level))
        .map(|rule| Advice {
            level: rule.level,
            domain: rule.domain,
            text: rule.text.plain.clone(),
            translations: rule.text.translations.clone(),
            source: rule.source.clone(),
            policy: rule.policy,
        })
        .collect();
    guidance.sort_by_key(|advice| (std::cmp::Reverse(advice.level), advice.domain));
    guidance
}
