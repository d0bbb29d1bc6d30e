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

/// Derives the levels of a form.
pub(crate) fn derive(plan: &Plan, items: &[Item], rules: &Rules, form: &Form) -> Triage {
    let nodes = |domain: Option<Domain>| {
        let mut nodes = Vec::new();
        let of_domain = rules
            .rules
            .iter()
            .filter(|rule| domain.is_none_or(|domain| rule.domain == domain));
        of_domain.for_each(|rule| rule.when.nodes(&rules.scores, &mut nodes));
        nodes.sort_unstable();
        nodes.dedup();
        nodes
    };
    let needed = plan.closure(nodes(None));
    let order = enable::order(plan, form, &needed);
    let relevant: BTreeMap<Domain, Vec<usize>> = rules
        .domains()
        .map(|domain| (domain, nodes(Some(domain))))
        .collect();
    let mut found = Found::new(rules, form);
    let combinations = Combinations::of(form, &needed, order.len());
    combinations.each(&mut |picks| {
        let view = View { plan, form, picks };
        let enabled = enable::enabled(view, &order);
        found.take(
            Facts {
                view,
                enabled: &enabled,
                totals: &rules.scores,
                items,
            },
            &relevant,
        );
    });
    found.finish(!combinations.are_exact())
}

/// What was found over all combinations.
struct Found<'r> {
    rules: &'r Rules,
    domains: BTreeMap<Domain, DomainLevel>,
    /// The answers behind each rule that holds.
    held: BTreeMap<usize, BTreeSet<AnswerPath>>,
    /// What is in `missing` of some domain already.
    seen: BTreeSet<(Domain, AnswerPath)>,
    /// Answers that fit nowhere may matter: no level is complete beside them.
    unplaced: bool,
}

impl<'r> Found<'r> {
    fn new(rules: &'r Rules, form: &Form) -> Self {
        let nothing = |domain| DomainLevel {
            domain,
            level: Level::NothingEndorsed,
            at_least: false,
            reasons: Vec::new(),
            missing: Vec::new(),
        };
        let domains = rules
            .domains()
            .map(|domain| (domain, nothing(domain)))
            .collect();
        Self {
            rules,
            domains,
            held: BTreeMap::new(),
            seen: BTreeSet::new(),
            unplaced: !form.unplaced.is_empty(),
        }
    }

    /// Adds one combination: each domain keeps the worst level, everything missing and every rule that holds.
    fn take(&mut self, facts: Facts, relevant: &BTreeMap<Domain, Vec<usize>>) {
        for (number, rule) in self.rules.rules.iter().enumerate() {
            if !rule.when.truth(facts).can_be_true() {
                continue;
            }
            if let Some(domain) = self.domains.get_mut(&rule.domain) {
                domain.level = domain.level.max(rule.level);
            }
            let paths = self.held.entry(number).or_default();
            rule.when.evidence(facts, paths);
        }
        for (domain, nodes) in relevant {
            let Some(found) = self.domains.get_mut(domain) else {
                continue;
            };
            for path in nodes
                .iter()
                .flat_map(|node| missing(facts.view, facts.enabled, *node))
            {
                if self.seen.insert((*domain, path.clone())) {
                    found.missing.push(path);
                }
            }
        }
    }

    /// `open` where there were more combinations than are tried: then every contested answer counts as unanswered as well.
    fn finish(mut self, open: bool) -> Triage {
        for (number, paths) in self.held {
            let Some(rule) = self.rules.rules.get(number) else {
                continue;
            };
            let Some(domain) = self.domains.get_mut(&rule.domain) else {
                continue;
            };
            domain.reasons.push(Reason {
                rule: rule.id.clone(),
                level: rule.level,
                text: rule.reason.clone(),
                paths: paths.into_iter().collect(),
                source: rule.source.clone(),
                policy: rule.policy,
            });
        }
        let mut domains: Vec<DomainLevel> = self.domains.into_values().collect();
        for domain in &mut domains {
            domain.at_least = open || self.unplaced || !domain.missing.is_empty();
            domain
                .reasons
                .sort_by_key(|reason| std::cmp::Reverse(reason.level));
        }
        domains.sort_by_key(|domain| (domain.shown().queue_rank(), domain.domain));
        let guidance = guidance(self.rules, &domains);
        Triage { domains, guidance }
    }
}

/// Every repeat of a question that matters, may count and still waits for an answer.
fn missing(view: View, enabled: &Enabled, node: usize) -> Vec<AnswerPath> {
    let link_id = view
        .plan
        .nodes
        .get(node)
        .map(|node| node.link_id.clone())
        .unwrap_or_default();
    let waiting = view.form.entries_of(node).filter(|(number, entry)| {
        enabled.counts(*number).not_ruled_out() && view.waits(entry).can_be_true()
    });
    waiting
        .map(|(_, entry)| AnswerPath::within(entry.chain.clone(), &link_id))
        .collect()
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
            text: rule.text.clone(),
            source: rule.source.clone(),
            policy: rule.policy,
        })
        .collect();
    guidance.sort_by_key(|advice| (std::cmp::Reverse(advice.level), advice.domain));
    guidance
}
